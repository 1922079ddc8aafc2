//! What the use-cases' errors look like on the wire.

use service::chat::ChatError;

use crate::http::{Code, Problem};

impl From<ChatError> for Problem {
    fn from(error: ChatError) -> Self {
        match error {
            ChatError::NoSuchPerson => Self::new(Code::UserNotFound),
            ChatError::NoSuchMessage => Self::new(Code::MessageNotFound),
            ChatError::NothingBetween | ChatError::Oneself | ChatError::TooMany => {
                Self::new(Code::Conflict)
            }
            ChatError::TooManyPending => Self::new(Code::MaxPendingRequests),
            ChatError::Repository(error) => error.into(),
        }
    }
}
