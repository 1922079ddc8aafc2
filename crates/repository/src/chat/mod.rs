//! Friendships, messages, and what happened to each person.

mod conversation_entity;
mod conversations;
mod friendship_entity;
mod friendships;
mod log;
mod log_entity;
mod message_entity;
mod messages;
mod person_entity;

pub use conversations::SeaConversations;
pub use friendships::SeaFriendships;
pub use log::SeaChatLog;
pub use messages::SeaMessages;
