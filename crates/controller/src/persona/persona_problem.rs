//! What the use-cases' errors look like on the wire.

use serde_json::Value;
use service::persona::{InstagramError, PersonaError};

use crate::http::{Code, Dialect, FieldError, Problem, Told};

/// The Instagram routes repeat the code as `detail`, in every language.
#[derive(Debug)]
pub(super) struct CodeAsDetail;

impl Dialect for CodeAsDetail {
    fn members(&self, told: &Told<'_>) -> Vec<(&'static str, Value)> {
        vec![("detail", told.code.as_str().into())]
    }
}

impl From<PersonaError> for Problem {
    fn from(error: PersonaError) -> Self {
        match error {
            PersonaError::NotFound => Self::new(Code::PersonaNotFound),
            PersonaError::LimitReached => Self::new(Code::PersonaLimitReached),
            PersonaError::PictureClosed => {
                Self::invalid(vec![FieldError::new("/persona_img", "signed_address")])
            }
            PersonaError::Parameters(error) => {
                Self::invalid(vec![FieldError::of_value("/persona_parameters", &error)])
            }
            // Its owner was signed in a moment ago: the account is gone, the token with it.
            PersonaError::Gone => Self::new(Code::InvalidToken),
            PersonaError::Repository(error) => error.into(),
        }
    }
}

impl From<InstagramError> for Problem {
    fn from(error: InstagramError) -> Self {
        match error {
            InstagramError::PersonaUnnamed => Self::new(Code::PersonaNumRequired),
            InstagramError::PersonaRequired => Self::new(Code::PersonaRequired),
            InstagramError::PersonaNotFound => Self::new(Code::PersonaNotFound),
            InstagramError::StateInvalid => Self::new(Code::StateInvalid),
            InstagramError::CodeMissing => Self::new(Code::CodeMissing),
            InstagramError::NotConnected => Self::new(Code::PersonaOauthRequired),
            InstagramError::SharedTokenMissing => Self::new(Code::ServerTokenMissing),
            InstagramError::NotConfigured => Self::new(Code::ProviderNotConfigured),
            InstagramError::TimedOut => Self::new(Code::UpstreamTimeout).caused_by(error),
            InstagramError::Upstream(cause) => Self::new(Code::UpstreamFailed).caused_by(cause),
            InstagramError::Seal(error) => Self::internal(error),
            InstagramError::Repository(error) => error.into(),
        }
    }
}
