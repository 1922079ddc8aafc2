//! What is asked of those who vouch for people.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use thiserror::Error;

use super::{Birthday, Email, Gender, Locale, Nickname, PhoneNumber, Subject};
use crate::ValueError;

/// What a provider says of somebody.
#[derive(Clone, Debug)]
pub struct SocialProfile {
    /// Who it is there.
    pub subject: Subject,
    /// What they are called.
    pub nickname: Option<Nickname>,
    /// Address of their picture.
    pub image: Option<String>,
    /// Their e-mail address.
    pub email: Option<Email>,
    /// Whether the provider proved that the address is theirs.
    pub email_verified: bool,
    /// When they were born.
    pub birthday: Option<Birthday>,
    /// Man or woman.
    pub gender: Option<Gender>,
    /// Their mobile number.
    pub phone_number: Option<PhoneNumber>,
    /// Their language.
    pub locale: Option<Locale>,
}

impl SocialProfile {
    /// Somebody of whom nothing else is known.
    #[must_use]
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            nickname: None,
            image: None,
            email: None,
            email_verified: false,
            birthday: None,
            gender: None,
            phone_number: None,
            locale: None,
        }
    }

    /// The address, if the provider proved it.
    #[must_use]
    pub fn proved_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }
}

/// Tokens to ask a provider with on somebody's behalf.
#[derive(Clone, Debug)]
pub struct ProviderTokens {
    /// Asks.
    pub access_token: SecretString,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
    /// Gets the next access token.
    pub refresh_token: Option<SecretString>,
    /// When it stops working.
    pub refresh_expires_at: Option<DateTime<Utc>>,
    /// What the person allowed.
    pub scopes: Vec<String>,
}

/// Somebody a provider vouched for.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// Who it is.
    pub profile: SocialProfile,
    /// Tokens worth keeping.
    pub tokens: Option<ProviderTokens>,
    /// Whether it is known that the provider vouched to *us*. Where it cannot be told, only a subject
    /// we know already may come in: the provider gives every app subjects of its own.
    pub to_us: bool,
}

/// How a browser is sent to a provider.
#[derive(Clone, Debug)]
pub struct Outset {
    /// Comes back with the browser.
    pub state: String,
    /// Comes back within the ID token, where there is one.
    pub nonce: String,
    /// The PKCE challenge (RFC 7636, S256).
    pub challenge: String,
}

/// What a provider gave to a browser or an app.
#[derive(Clone, Debug)]
pub enum SocialProof {
    /// A code, to be exchanged.
    Code {
        /// The code.
        code: SecretString,
        /// Where the provider sent it to; `None`: to our own callback.
        redirect_uri: Option<String>,
        /// The PKCE verifier.
        verifier: Option<SecretString>,
        /// What came back with it; Naver wants it again.
        state: Option<String>,
        /// What the ID token has to say.
        nonce: Option<String>,
    },
    /// An ID token.
    IdToken {
        /// The token.
        token: SecretString,
        /// What it has to say.
        nonce: Option<String>,
    },
    /// An access token.
    AccessToken(SecretString),
    /// A refresh token.
    RefreshToken(SecretString),
}

/// Why a provider vouched for nobody.
#[derive(Debug, Error)]
pub enum SocialError {
    /// It refused what was shown, or what it gave for it is not good. Says what was wrong.
    #[error("the provider gave no good token: {0}")]
    Token(&'static str),
    /// It does not say who it is.
    #[error("the provider gave no good profile: {0}")]
    UserInfo(&'static str),
    /// It cannot be reached, takes too long, or is broken.
    #[error("the provider does not answer")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is not asked in this way.
    #[error("this provider takes no such proof")]
    Unsupported,
}

/// A provider that we are registered with.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SocialProvider: Send + Sync {
    /// Where to send the browser.
    async fn authorization_url(&self, outset: &Outset) -> Result<String, SocialError>;

    /// Who shows this proof.
    async fn vouch(&self, proof: &SocialProof) -> Result<Vouched, SocialError>;
}

/// Ends what a person has with us at the provider.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SocialUnlinker: Send + Sync {
    /// Ends it; that there is nothing to end (any more) is no error.
    async fn unlink(&self, subject: &Subject) -> Result<(), SocialError>;
}

/// A path of the front end, up to 512 characters, that a browser cannot take for another site's
/// address: `/mypage?tab=1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontEndPath(String);

impl FrontEndPath {
    /// Reads a path.
    ///
    /// # Errors
    /// `path`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        // `//host` is another host, and browsers read `\` as `/` and leave out tabs and line breaks.
        let is_path = text.starts_with('/') && !text.starts_with("//") && text.len() <= 512;
        let is_plain =
            |c: char| c.is_ascii_graphic() && c != '\\' || !c.is_ascii() && c.is_alphanumeric();
        if is_path && text.chars().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("path"))
        }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_at_the_front_end() {
        for text in ["/", "/mypage", "/a/b?c=d&e=%2F#f", "/내정보"] {
            assert!(FrontEndPath::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "mypage",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /",
            "/a b",
            "/a\r\nSet-Cookie: x",
            &format!("/{}", "x".repeat(512)),
        ] {
            assert!(FrontEndPath::parse(text).is_err(), "{text:?}");
        }
    }
}
