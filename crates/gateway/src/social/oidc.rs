//! ID tokens (OpenID Connect Core 1.0, 3.1.3.7) and the documents that tell how they are checked.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::user::SocialError;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use parking_lot::RwLock;
use serde::Deserialize;
use serde_json::Value;

use super::http::{Failure, ProviderHttp, json};

/// How ID tokens may be signed. Neither `none` nor a shared secret is among them.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::RS256, Algorithm::ES256];
/// Documents are read anew after this long.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// Where they cannot be, the old ones are good for this long.
const STALE: TimeDelta = TimeDelta::days(1);
/// A key that we do not know makes us look for it, but no more often than this.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(10);
/// Clocks differ: a token may seem to come from the future by this much.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Where a provider does what.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Endpoints {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
}

#[derive(Deserialize)]
struct Keys {
    /// One by one: a key of a kind we do not know makes the others no worse.
    keys: Vec<Value>,
}

/// What an ID token says.
#[derive(Deserialize)]
pub(super) struct IdClaims {
    pub(super) sub: String,
    aud: Value,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    nonce: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub(super) rest: Value,
}

struct Kept<T> {
    value: T,
    at: DateTime<Utc>,
}

/// A provider's documents, and the checks of its tokens.
pub(super) struct Oidc {
    http: ProviderHttp,
    clock: Arc<dyn Clock>,
    discovery: String,
    /// For a provider that has no discovery document.
    usual: Endpoints,
    /// Our client ids.
    audiences: Vec<String>,
    endpoints: RwLock<Option<Kept<Endpoints>>>,
    keys: RwLock<Option<Kept<Arc<Vec<Jwk>>>>>,
}

impl Oidc {
    pub(super) fn new(
        http: ProviderHttp,
        clock: Arc<dyn Clock>,
        base: &str,
        usual: Endpoints,
        audiences: Vec<String>,
    ) -> Self {
        Self {
            http,
            clock,
            discovery: format!("{base}/.well-known/openid-configuration"),
            usual,
            audiences,
            endpoints: RwLock::new(None),
            keys: RwLock::new(None),
        }
    }

    /// Where the provider does what, by its own word.
    pub(super) async fn endpoints(&self) -> Result<Endpoints, SocialError> {
        let now = self.clock.now();
        let kept = kept(&self.endpoints, now, STALE);
        if let Some((known, at)) = &kept
            && now - *at < FRESH
        {
            return Ok(known.clone());
        }
        let found = match json::<Endpoints>(self.http.get(&self.discovery)).await {
            Ok(found) if found.issuer == self.usual.issuer => found,
            // Whoever stands in for the provider would name keys of their own.
            Ok(_) => return Err(SocialError::Token("the document is another issuer's")),
            Err(Failure::Refused(..)) => self.usual.clone(),
            Err(failure) => return kept.map(|(known, _)| known).ok_or_else(|| failure.token()),
        };
        *self.endpoints.write() = Some(Kept {
            value: found.clone(),
            at: now,
        });
        Ok(found)
    }

    /// What a good token says: signed by the provider, for us, not expired, and with the nonce that
    /// was asked for.
    pub(super) async fn check(
        &self,
        token: &str,
        nonce: Option<&str>,
    ) -> Result<IdClaims, SocialError> {
        let refused = |what: &'static str| SocialError::Token(what);
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| refused("the ID token is none"))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(refused("the ID token's algorithm is not trusted"));
        }
        let endpoints = self.endpoints().await?;
        let key = self.key(&endpoints, header.kid.as_deref()).await?;
        let is_meant = key
            .common
            .key_algorithm
            .is_none_or(|algorithm| algorithm.to_string() == format!("{:?}", header.alg));
        if !is_meant {
            return Err(refused("the ID token's key is for another algorithm"));
        }
        let key = DecodingKey::from_jwk(&key).map_err(|_| refused("the key cannot be used"))?;
        let mut rules = Validation::new(header.alg);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.set_audience(&self.audiences);
        // Google's tokens name it with or without its scheme.
        let bare = endpoints.issuer.trim_start_matches("https://");
        rules.set_issuer(&[endpoints.issuer.as_str(), bare]);
        // Against our own clock.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<IdClaims>(token, &key, &rules)
            .map_err(|_| refused("the ID token is forged, or not for us"))?
            .claims;
        self.check_claims(&claims, nonce)?;
        Ok(claims)
    }

    fn check_claims(&self, claims: &IdClaims, nonce: Option<&str>) -> Result<(), SocialError> {
        let (now, skew) = (self.clock.now().timestamp(), SKEW.num_seconds());
        let begins = claims.iat.max(claims.nbf);
        let is_ours = match &claims.aud {
            Value::Array(several) => several.iter().all(|one| self.is_audience(one)),
            one => self.is_audience(one),
        };
        let wrong = if claims.exp <= now {
            "the ID token has expired"
        } else if begins.is_some_and(|begins| begins > now + skew) {
            "the ID token is of the future"
        } else if !is_ours {
            "the ID token is for others, too"
        } else if nonce.is_some() && claims.nonce.as_deref() != nonce {
            "the ID token was made for another sign-in"
        } else {
            return Ok(());
        };
        Err(SocialError::Token(wrong))
    }

    fn is_audience(&self, one: &Value) -> bool {
        let one = one.as_str();
        one.is_some_and(|one| self.audiences.iter().any(|ours| ours == one))
    }

    /// The key of this name. One that we do not know may be new: the provider is asked again.
    async fn key(&self, endpoints: &Endpoints, name: Option<&str>) -> Result<Jwk, SocialError> {
        let now = self.clock.now();
        let kept = kept(&self.keys, now, STALE);
        let found = kept.as_ref().and_then(|(keys, _)| named(keys, name));
        let age = kept.as_ref().map(|(_, at)| now - *at);
        let is_settled = match age {
            Some(age) if found.is_some() => age < FRESH,
            Some(age) => age < LOOK_AGAIN,
            None => false,
        };
        let unknown = || SocialError::Token("the ID token's key is not known");
        if is_settled {
            return found.ok_or_else(unknown);
        }
        let read = json::<Keys>(self.http.get(&endpoints.jwks_uri)).await;
        let keys = match read {
            Ok(read) => read.keys,
            Err(failure) => return found.ok_or_else(|| failure.token()),
        };
        let keys = keys
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok());
        let keys: Arc<Vec<Jwk>> = Arc::new(keys.filter(signs).collect());
        *self.keys.write() = Some(Kept {
            value: keys.clone(),
            at: now,
        });
        named(&keys, name).ok_or_else(unknown)
    }
}

/// What is kept, if it is not too old, and since when.
fn kept<T: Clone>(
    of: &RwLock<Option<Kept<T>>>,
    now: DateTime<Utc>,
    limit: TimeDelta,
) -> Option<(T, DateTime<Utc>)> {
    let kept = of.read();
    let kept = kept.as_ref().filter(|kept| now - kept.at < limit)?;
    Some((kept.value.clone(), kept.at))
}

fn signs(key: &Jwk) -> bool {
    let purpose = key.common.public_key_use.as_ref();
    purpose.is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
}

/// The key of this name; a token that names none means the only one.
fn named(keys: &[Jwk], name: Option<&str>) -> Option<Jwk> {
    match name {
        Some(name) => keys
            .iter()
            .find(|key| key.common.key_id.as_deref() == Some(name))
            .cloned(),
        None if keys.len() == 1 => keys.first().cloned(),
        None => None,
    }
}
