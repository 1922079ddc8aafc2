//! Requests that a program signs with an API key.

use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{AccessKey, ApiKey, ApiKeyId, ApiKeyRepository, Scope};
use domain::once::OnceRepository;
use domain::user::{User, UserRepository, UserStatus};
use domain::{Clock, RepositoryError};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tracing::warn;

use super::api_keys::context;
use crate::hex::hexadecimal;
use crate::sealing::Sealer;

/// How old a timestamp may be.
const WINDOW: TimeDelta = TimeDelta::seconds(10);
/// By how much clients are ahead that send Korean time.
const KOREA: TimeDelta = TimeDelta::hours(9);
/// How exactly it is noted when a key was last used.
const USED: TimeDelta = TimeDelta::minutes(1);

/// Why a signed request is refused.
#[derive(Debug, Error)]
pub enum SignatureError {
    /// Something that a signed request has is absent, or cannot be read.
    #[error("a part of the signature is missing")]
    Missing,
    /// There is no such key, or not any more.
    #[error("no such key")]
    KeyUnknown,
    /// The signature is not what the key makes of this request.
    #[error("the signature does not match")]
    Invalid,
    /// It was signed too long ago, or later than now.
    #[error("the timestamp is outside the window")]
    OutOfWindow,
    /// The key may not be used from this address.
    #[error("not from this address")]
    AddressNotAllowed,
    /// The same request came before.
    #[error("the request came before")]
    Replayed,
    /// The key may not be used for this.
    #[error("the key lacks a scope")]
    ScopeMissing,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// The query string as it was sent.
    QueryOnly,
    /// Everything: see [`SignedCall::canonical`].
    Whole {
        /// What makes the request differ from others of the same second.
        nonce: &'a str,
    },
}

/// A signed request as it came.
#[derive(Clone, Copy, Debug)]
pub struct SignedCall<'a> {
    /// What is signed.
    pub form: Form<'a>,
    /// The key's name.
    pub key: &'a str,
    /// When it says it was signed, in seconds since 1970.
    pub timestamp: &'a str,
    /// The signature, in Base64.
    pub signature: &'a str,
    /// `GET`, `POST` …
    pub method: &'a str,
    /// The path as it was sent.
    pub path: &'a str,
    /// The query string as it was sent, without `?`.
    pub query: &'a str,
    /// The body as it was sent.
    pub body: &'a [u8],
    /// Where it comes from.
    pub from: IpAddr,
}

impl SignedCall<'_> {
    /// What the key signs. Of the whole form seven lines, joined by line feeds: `v2`, the method,
    /// the path, the query string, the SHA-256 of the body in lower-case hexadecimal digits, the
    /// timestamp and the nonce.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self.form {
            Form::QueryOnly => self.query.to_owned(),
            Form::Whole { nonce } => [
                "v2",
                self.method,
                self.path,
                self.query,
                &hexadecimal(&Sha256::digest(self.body)),
                self.timestamp,
                nonce,
            ]
            .join("\n"),
        }
    }

    /// What two requests have in common that are the same.
    pub(crate) fn identity(&self, key: ApiKeyId) -> String {
        let mut hash = Sha256::new();
        let parts = [self.method, self.path, self.signature, self.query];
        hash.update(key.get().to_be_bytes());
        for part in parts.map(str::as_bytes).into_iter().chain([self.body]) {
            // Each with its length: no two requests run together to the same bytes.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hexadecimal(&hash.finalize())
    }
}

/// Who signed a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// With which key.
    pub key: ApiKey,
    /// On whose behalf.
    pub user: User,
}

impl Caller {
    /// Whether the key may be used for this.
    ///
    /// # Errors
    /// [`SignatureError::ScopeMissing`].
    pub fn needs(&self, scope: Scope) -> Result<(), SignatureError> {
        let has = self.key.scopes.contains(&scope);
        has.then_some(()).ok_or(SignatureError::ScopeMissing)
    }
}

/// Verifies signed requests.
pub struct SignedCalls {
    /// Keys.
    pub keys: Arc<dyn ApiKeyRepository>,
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// What came before.
    pub once: Arc<dyn OnceRepository>,
    /// Opens secrets.
    pub sealer: Arc<Sealer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl SignedCalls {
    /// Who signed a request. A request that is let in is remembered: the same does not come again.
    ///
    /// # Errors
    /// Whatever is wrong with it, the first of: a part is missing, the key is not known, the
    /// signature does not match, the time, the address, that it came before.
    pub async fn verify(&self, call: &SignedCall<'_>) -> Result<Caller, SignatureError> {
        let now = self.clock.now();
        let timestamp: i64 = call
            .timestamp
            .parse()
            .map_err(|_| SignatureError::Missing)?;
        let signature = STANDARD
            .decode(call.signature)
            .map_err(|_| SignatureError::Missing)?;
        let (key, user) = self.find(call.key, now).await?;
        if !self.is_signed(&key, call, &signature, now) {
            return Err(SignatureError::Invalid);
        }
        let signed_at = signed_at(timestamp, now).ok_or(SignatureError::OutOfWindow)?;
        let allowed = self.keys.allowed(key.id).await?;
        if !allowed.is_empty() && !allowed.iter().any(|one| one.network.contains(call.from)) {
            return Err(SignatureError::AddressNotAllowed);
        }
        // For as long as its timestamp would be good, and a little longer for clocks that differ.
        let until = signed_at + WINDOW * 6;
        if !self.once.spend(&call.identity(key.id), until).await? {
            return Err(SignatureError::Replayed);
        }
        if key.last_used_at.is_none_or(|last| now - last >= USED) {
            self.keys.used(key.id, now).await?;
        }
        Ok(Caller { key, user })
    }

    async fn find(&self, key: &str, now: DateTime<Utc>) -> Result<(ApiKey, User), SignatureError> {
        let access = AccessKey::parse(key).ok_or(SignatureError::KeyUnknown)?;
        let key = self.keys.find_by_access(&access).await?;
        let key = key.filter(|key| key.is_active(now));
        let key = key.ok_or(SignatureError::KeyUnknown)?;
        let user = self.users.find(key.owner).await?;
        let user = user.filter(|user| user.status == UserStatus::Active);
        Ok((key, user.ok_or(SignatureError::KeyUnknown)?))
    }

    /// Whether one of the key's living secrets makes this signature. It is compared in constant
    /// time.
    fn is_signed(
        &self,
        key: &ApiKey,
        call: &SignedCall<'_>,
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> bool {
        let outgoing = key.outgoing.as_ref().filter(|secret| now < secret.until);
        let sealed = [Some(&key.secret), outgoing.map(|secret| &secret.sealed)];
        let canonical = call.canonical();
        sealed.into_iter().flatten().any(|sealed| {
            let secret = self.open(key.id, sealed);
            secret.is_some_and(|secret| {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret());
                hmac::verify(&key, canonical.as_bytes(), signature).is_ok()
            })
        })
    }

    fn open(&self, id: ApiKeyId, sealed: &str) -> Option<SecretSlice<u8>> {
        let opened = self.sealer.open(&context(id), sealed);
        opened
            .inspect_err(|error| warn!(%error, key_id = %id, "the secret of a key does not open"))
            .ok()
    }
}

/// When a request was signed, if that is within the window: not later than now, and at most ten
/// seconds ago. What is so in Korean time is read as that.
fn signed_at(timestamp: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp(timestamp, 0)?;
    let korean = at.checked_sub_signed(KOREA);
    [Some(at), korean].into_iter().flatten().find(|at| {
        // Whole seconds: one that has just begun is not later than now.
        let age = now.timestamp() - at.timestamp();
        (0..=WINDOW.num_seconds()).contains(&age)
    })
}

#[cfg(test)]
mod tests;
