//! Sessions and the refresh tokens that prolong them.

use std::fmt;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Role, UserId, UserStatus};
use crate::id::define_id;

define_id! {
    /// Identifies a session.
    SessionId
}

/// Where somebody signed in from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// The client's own description (`User-Agent`), cut to 200 characters.
    pub user_agent: Option<String>,
    /// The client's address.
    pub ip: Option<IpAddr>,
}

impl Device {
    /// A device; an over-long description is cut and loses its control characters.
    #[must_use]
    pub fn new(user_agent: Option<&str>, ip: Option<IpAddr>) -> Self {
        let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect();
        Self {
            user_agent: user_agent.map(clean),
            ip,
        }
    }
}

/// One sign-in on one device. Access token, refresh token and cookie all stand on it: when it
/// ends, they are all worthless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id, which the access token carries as `sid`.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Where it was opened.
    pub device: Device,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends unless it is prolonged.
    pub expires_at: DateTime<Utc>,
}

/// A living session and what its owner may do: everything a request needs to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOwner {
    /// The session.
    pub session: Session,
    /// What the owner may do.
    pub role: Role,
    /// Whether the owner may do anything.
    pub status: UserStatus,
}

/// SHA-256 of a refresh token: all that is stored of it. The token has 256 random bits, so a
/// fast hash is as good as a slow one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RefreshTokenHash(String);

impl RefreshTokenHash {
    /// Hashes a token as a client presents it.
    #[must_use]
    pub fn of(token: &str) -> Self {
        use base64::Engine as _;
        let digest = Sha256::digest(token.as_bytes());
        Self(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest))
    }

    /// The hash, 43 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshTokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokenHash(…)")
    }
}

/// A refresh token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its hash.
    pub hash: RefreshTokenHash,
    /// The session it prolongs.
    pub session_id: SessionId,
    /// When it was handed out.
    pub issued_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}
