//! Keys by which another program speaks for an account.

use std::fmt;
use std::net::IpAddr;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ipnet::IpNet;

use crate::id::define_id;
use crate::text::single_line;
use crate::user::UserId;
use crate::{RepositoryError, ValueError};

define_id! {
    /// Identifies an API key.
    ApiKeyId
}

define_id! {
    /// Identifies an entry of a key's allow-list.
    AllowedId
}

/// What a key is called by in requests: public, 26 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessKey(String);

impl AccessKey {
    /// What every one begins with.
    const PREFIX: &'static str = "ek";
    /// Characters that follow it.
    const LENGTH: usize = 24;

    /// Makes one of random bytes.
    #[must_use]
    pub fn new(random: [u8; 12]) -> Self {
        use fmt::Write as _;
        let mut text = Self::PREFIX.to_owned();
        for byte in random {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// Reads one; `None` where it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(Self::PREFIX)?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == Self::LENGTH && digits.bytes().all(is_digit))
            .then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What its owner calls a key: 1 to 100 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMemo(String);

impl KeyMemo {
    /// Reads a memo.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        single_line(text, 1, 100).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Sending mails.
    Email,
    /// Sending Kakao messages.
    Kakao,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 2] = [Self::Email, Self::Kakao];

    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Kakao => "kakao",
        }
    }

    /// Reads what clients know it by.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// A secret, sealed for its key, and until when it is good.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingSecret {
    /// Sealed.
    pub sealed: String,
    /// When it stops being good.
    pub until: DateTime<Utc>,
}

/// A key. Its secrets are sealed: the signature of a request is made with the secret itself, so a
/// hash of it would not do.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub owner: UserId,
    /// What it is called by.
    pub access: AccessKey,
    /// Its secret, sealed.
    pub secret: String,
    /// The secret before, while it is still good.
    pub outgoing: Option<OutgoingSecret>,
    /// What its owner calls it.
    pub memo: Option<KeyMemo>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working, if ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// Whether it works at `now`.
    #[must_use]
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Hides the secrets, sealed as they are.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.id)
    }
}

/// A network from which a key may be used; a single address is the smallest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Reads an address or a network in CIDR form, IPv4 or IPv6. An IPv4 address written as an
    /// IPv6 one is the IPv4 address; what stands behind the prefix is dropped.
    ///
    /// # Errors
    /// `ip_address`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let single = text.parse::<IpAddr>().map(|one| one.to_canonical().into());
        let network = single.or_else(|_| text.parse::<IpNet>());
        let network = network.map_err(|_| ValueError::new("ip_address"))?;
        Ok(Self(network.trunc()))
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// A single address is written without its length.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            self.0.addr().fmt(f)
        } else {
            self.0.fmt(f)
        }
    }
}

/// An entry of a key's allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Its id.
    pub id: AllowedId,
    /// The key.
    pub key: ApiKeyId,
    /// From where it may be used.
    pub network: Network,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What an owner changes of a key; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiKeyChange {
    /// The memo, or none.
    pub memo: Option<Option<KeyMemo>>,
    /// What it may be used for.
    pub scopes: Option<Vec<Scope>>,
    /// When it stops working, or never.
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// API keys and their allow-lists.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    /// Stores a new key.
    async fn insert(&self, key: &ApiKey) -> Result<(), RepositoryError>;

    /// A person's keys, the oldest first.
    async fn list(&self, owner: UserId) -> Result<Vec<ApiKey>, RepositoryError>;

    /// A person's key.
    async fn find(&self, owner: UserId, id: ApiKeyId) -> Result<Option<ApiKey>, RepositoryError>;

    /// The key that is called so, whosever it is.
    async fn find_by_access(&self, access: &AccessKey) -> Result<Option<ApiKey>, RepositoryError>;

    /// Changes a person's key; whether there is such a key.
    async fn change(
        &self,
        owner: UserId,
        id: ApiKeyId,
        change: &ApiKeyChange,
    ) -> Result<bool, RepositoryError>;

    /// Puts a new secret in the place of `old`, which goes on being good as `outgoing`; whether
    /// `old` was still there.
    async fn replace_secret(
        &self,
        id: ApiKeyId,
        old: &str,
        secret: &str,
        outgoing: &OutgoingSecret,
    ) -> Result<bool, RepositoryError>;

    /// Notes that a key was used.
    async fn used(&self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), RepositoryError>;

    /// Removes a person's key that is called so, with its allow-list; whether it was there.
    async fn remove(
        &self,
        owner: UserId,
        id: ApiKeyId,
        access: &AccessKey,
    ) -> Result<bool, RepositoryError>;

    /// A key's allow-list, the oldest entry first.
    async fn allowed(&self, key: ApiKeyId) -> Result<Vec<Allowed>, RepositoryError>;

    /// Adds an entry to a key's allow-list.
    async fn allow(&self, entry: &Allowed) -> Result<(), RepositoryError>;

    /// Removes an entry of a key's allow-list; whether it was there.
    async fn disallow(&self, key: ApiKeyId, id: AllowedId) -> Result<bool, RepositoryError>;

    /// Removes all of a person's keys.
    async fn remove_all(&self, owner: UserId) -> Result<(), RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_is_read_as_it_was_made() {
        let key = AccessKey::new([0xab; 12]);
        assert_eq!(AccessKey::parse(key.as_str()), Some(key));
        for text in [
            "",
            "ek",
            "ekABABABABABABABABABABABAB",
            "xx0123456789ab0123456789ab",
        ] {
            assert_eq!(AccessKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn networks_are_read_in_every_form() {
        for (text, shown) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7/32 ", "203.0.113.7"),
            ("203.0.113.7/24", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8::1/48", "2001:db8::/48"),
        ] {
            let network = Network::parse(text).map(|one| one.to_string());
            assert_eq!(network.as_deref(), Ok(shown));
        }
        for text in [
            "",
            "203.0.113",
            "203.0.113.7/33",
            "localhost",
            "203.0.113.07",
        ] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_lies_in_its_networks_however_it_is_written() {
        let network = Network::parse("203.0.113.0/24").expect("a network");
        let mapped: IpAddr = "::ffff:203.0.113.9".parse().expect("an address");
        assert!(network.contains(mapped));
        assert!(!network.contains("203.0.114.9".parse().expect("an address")));
        assert!(!network.contains("2001:db8::1".parse().expect("an address")));
    }
}
