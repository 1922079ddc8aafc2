//! What the use-cases' errors look like on the wire.

use domain::RepositoryError;
use service::user::{AccountError, SignInError};

use crate::http::{Code, FieldError, Problem};

impl From<RepositoryError> for Problem {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict => Self::new(Code::Conflict),
            RepositoryError::Contention | RepositoryError::Unavailable(_) => {
                Self::new(Code::Unavailable)
                    .caused_by(error)
                    .retry_after(std::time::Duration::from_secs(1))
            }
            RepositoryError::Storage(_) => Self::internal(error),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::UserAlreadyExists => Self::new(Code::UserAlreadyExists),
            AccountError::NameTaken => Self::new(Code::NameTaken),
            AccountError::NoIdentifier => Self::invalid(vec![FieldError::new(
                "/phone_number",
                "identifier_required",
            )]),
            AccountError::Password(error) => {
                Self::invalid(vec![FieldError::of_value("/password", &error)])
            }
            AccountError::ConfirmationRequired => Self::new(Code::ConfirmationRequired),
            AccountError::TooManyTries(wait) => Self::new(Code::TooManyRequests).retry_after(wait),
            AccountError::Busy => busy(),
            // Its owner was signed in a moment ago: the account is gone, the token with it.
            AccountError::Gone => Self::new(Code::InvalidToken),
            AccountError::Repository(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => Self::new(Code::InvalidCredentials),
            SignInError::Blocked => Self::new(Code::Forbidden),
            SignInError::InvalidRefreshToken => Self::new(Code::InvalidToken),
            SignInError::TooManyTries(wait) => Self::new(Code::TooManyRequests).retry_after(wait),
            SignInError::Busy => busy(),
            SignInError::Repository(error) => error.into(),
        }
    }
}

fn busy() -> Problem {
    Problem::new(Code::Overloaded).retry_after(std::time::Duration::from_secs(5))
}
