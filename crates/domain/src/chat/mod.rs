//! Friends, and what they write to each other.

mod conversation;
mod friendship;
mod log;
mod message;

#[cfg(feature = "mock")]
pub use conversation::MockConversationRepository;
pub use conversation::{Conversation, ConversationRepository, Place};
#[cfg(feature = "mock")]
pub use friendship::MockFriendshipRepository;
pub use friendship::{Bond, DmFrom, FriendshipRepository, Pair, Privacy, Tie};
#[cfg(feature = "mock")]
pub use log::MockChatLogRepository;
pub use log::{ChatLogRepository, Entry, FriendEvent, Held, Logged, Seq, Span};
#[cfg(feature = "mock")]
pub use message::MockMessageRepository;
pub use message::{Content, Message, MessageId, MessageRepository, Nonce};
