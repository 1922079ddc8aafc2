//! What the use-cases' errors look like on the wire.

use service::notification::{ApiKeyError, SendError, SignatureError, SubscriptionError};

use crate::http::{Code, FieldError, Problem};

impl From<ApiKeyError> for Problem {
    fn from(error: ApiKeyError) -> Self {
        match error {
            ApiKeyError::NotFound => Self::new(Code::ApiKeyNotFound),
            ApiKeyError::EntryNotFound => Self::new(Code::WhitelistNotFound),
            ApiKeyError::TooMany => Self::new(Code::MaxKeyCount),
            ApiKeyError::TooManyEntries => Self::new(Code::MaxWhitelistCount),
            // Its owner was signed in a moment ago: the account is gone, the token with it.
            ApiKeyError::Gone => Self::new(Code::InvalidToken),
            ApiKeyError::Seal(error) => Self::internal(error),
            ApiKeyError::Repository(error) => error.into(),
        }
    }
}

impl From<SignatureError> for Problem {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Missing => Self::new(Code::SignatureMissing),
            SignatureError::KeyUnknown => Self::new(Code::KeyUnknown),
            SignatureError::Invalid => Self::new(Code::SignatureInvalid),
            SignatureError::OutOfWindow => Self::new(Code::TimestampOutOfWindow),
            SignatureError::AddressNotAllowed => Self::new(Code::AddressNotAllowed),
            SignatureError::Replayed => Self::new(Code::Replayed),
            SignatureError::ScopeMissing => Self::new(Code::ScopeMissing),
            SignatureError::Repository(error) => error.into(),
        }
    }
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Variable(name) => {
                let pointer = format!("/variables/{name}");
                Self::invalid(vec![FieldError::new(pointer, "no_value")])
            }
            SendError::KakaoNotLinked => Self::new(Code::KakaoNotLinked),
            SendError::KakaoMissing => Self::new(Code::ProviderNotConfigured),
            SendError::KeyReused => Self::new(Code::IdempotencyKeyReused),
            SendError::NotFound => Self::new(Code::MessageNotFound),
            SendError::TooLate => Self::new(Code::MessageSettled),
            SendError::TooMany(wait) => Self::throttled(&wait),
            // Its key was good a moment ago.
            SendError::Gone => Self::new(Code::KeyUnknown),
            SendError::Seal(error) => Self::internal(error),
            SendError::Repository(error) => error.into(),
        }
    }
}

impl From<SubscriptionError> for Problem {
    fn from(error: SubscriptionError) -> Self {
        match error {
            SubscriptionError::Unknown => Self::new(Code::LinkNotFound),
            SubscriptionError::Repository(error) => error.into(),
        }
    }
}
