//! What the use-cases' errors look like on the wire.

use actix_web::http::StatusCode;
use domain::RepositoryError;
use domain::user::SocialError;
use service::user::{AccountError, IdentityError, SignInError, SocialLoginError};

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
            AccountError::PictureClosed => {
                Self::invalid(vec![FieldError::new("/profile_img", "signed_address")])
            }
            AccountError::EmailTaken => Self::new(Code::UserAlreadyExists),
            AccountError::LinkNotFound => Self::new(Code::LinkNotFound),
            AccountError::EmailMissing => Self::new(Code::EmailMissing),
            AccountError::EmailAlreadyVerified => Self::new(Code::EmailAlreadyVerified),
            AccountError::ConfirmationRequired => Self::new(Code::ConfirmationRequired),
            AccountError::TooManyTries(wait) => Self::throttled(&wait),
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
            SignInError::TooManyTries(wait) => Self::throttled(&wait),
            SignInError::Busy => busy(),
            SignInError::Repository(error) => error.into(),
        }
    }
}

impl From<SocialError> for Problem {
    fn from(error: SocialError) -> Self {
        match error {
            SocialError::Token(_) => Self::new(Code::OauthToken),
            // Both are told the operator where they happen.
            SocialError::UserInfo(_) => Self::new(Code::OauthUserinfo),
            SocialError::Http(_) => Self::new(Code::UpstreamFailed),
            SocialError::Unsupported => {
                Self::invalid(vec![FieldError::new("", "unsupported_proof")])
            }
        }
    }
}

impl From<SocialLoginError> for Problem {
    fn from(error: SocialLoginError) -> Self {
        match error {
            SocialLoginError::NotConfigured => Self::new(Code::ProviderNotConfigured),
            SocialLoginError::State => Self::new(Code::OauthState),
            SocialLoginError::Provider(error) => error.into(),
            SocialLoginError::Blocked => Self::new(Code::Forbidden),
            SocialLoginError::Link(error) => (*error).into(),
            SocialLoginError::TooManyTries(wait) => Self::throttled(&wait),
            SocialLoginError::Repository(error) => error.into(),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NotConfigured => Self::new(Code::ProviderNotConfigured),
            // Who asks is signed in: 401 would say that they are not.
            IdentityError::Provider(SocialError::Token(_)) => {
                Self::new(Code::OauthToken).with_status(StatusCode::BAD_REQUEST)
            }
            IdentityError::Provider(error) => error.into(),
            IdentityError::Taken => Self::new(Code::IdentityTaken),
            IdentityError::AlreadyLinked => Self::new(Code::ProviderAlreadyLinked),
            IdentityError::NotFound => Self::new(Code::IdentityNotFound),
            IdentityError::LastWayIn => Self::new(Code::LastWayIn),
            IdentityError::Account(error) => error.into(),
            IdentityError::Repository(error) => error.into(),
        }
    }
}

fn busy() -> Problem {
    Problem::new(Code::Overloaded).retry_after(std::time::Duration::from_secs(5))
}
