//! Friends and direct messages: who may write to whom, and how every device hears of it.

mod conversations;
mod error;
mod friends;
mod hub;
mod messages;
mod moments;
mod outcome;
mod personal;
mod post_office;

#[cfg(feature = "mock")]
pub use conversations::MockConversationService;
pub use conversations::{ConversationService, DefaultConversationService, Talk};
pub use error::ChatError;
#[cfg(feature = "mock")]
pub use friends::MockFriendService;
pub use friends::{Card, DefaultFriendService, FriendService, Friends};
pub use hub::{Attendance, Connection, Hub, Ticket, Wake};
#[cfg(feature = "mock")]
pub use messages::MockMessageService;
pub use messages::{DefaultMessageService, MessageService, Sending, Stored};
#[cfg(feature = "mock")]
pub use moments::MockMomentService;
pub use moments::{CaughtUp, DefaultMomentService, Moment, MomentService, What};
pub use personal::{ChatChores, ChatPersonalData};
pub use post_office::PostOffice;
