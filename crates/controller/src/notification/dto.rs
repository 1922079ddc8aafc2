//! API keys on the wire.

use chrono::{DateTime, Utc};
use domain::notification::{Allowed, ApiKey, ApiKeyChange, KeyMemo, Scope};
use domain::{Clock, SystemClock};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service::notification::NewApiKey;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::http::{IdText, not_null, nullable};
use crate::rules;

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyDto {
    id: IdText,
    #[schema(example = "ek3f0c9a1b2d4e5f60718293a4")]
    access_key: String,
    /// What its owner calls it.
    user_memo: Option<String>,
    /// What it may be used for: `email`, `kakao`.
    scopes: Vec<&'static str>,
    created_at: DateTime<Utc>,
    /// When it stops working, if ever.
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    /// Until when the secret before the last change is good as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<DateTime<Utc>>,
}

impl From<&ApiKey> for ApiKeyDto {
    fn from(key: &ApiKey) -> Self {
        let now = SystemClock.now();
        let outgoing = key.outgoing.as_ref().map(|secret| secret.until);
        Self {
            id: IdText(key.id.get()),
            access_key: key.access.as_str().to_owned(),
            user_memo: key.memo.as_ref().map(|memo| memo.as_str().to_owned()),
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            old_secret_until: outgoing.filter(|until| now < *until),
        }
    }
}

/// A key with its new secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyWithSecret {
    #[serde(flatten)]
    key: ApiKeyDto,
    /// Keep it: nobody can show it again.
    secret_key: String,
}

impl ApiKeyWithSecret {
    pub(super) fn new(key: &ApiKey, secret: &SecretString) -> Self {
        Self {
            key: key.into(),
            secret_key: secret.expose_secret().to_owned(),
        }
    }
}

/// A key to be made; all of it may be left out.
#[derive(Default, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"user_memo": "newsletter", "scopes": ["email"]}))]
pub(crate) struct CreateApiKey {
    /// What its owner calls it.
    #[validate(custom(function = "rules::key_memo"))]
    user_memo: Option<String>,
    /// What it may be used for: all there is, where this is absent.
    #[validate(custom(function = "are_scopes"))]
    scopes: Option<Vec<String>>,
    /// When it stops working.
    #[validate(custom(function = "is_ahead"))]
    expires_at: Option<DateTime<Utc>>,
}

impl CreateApiKey {
    /// The validated key.
    pub(super) fn into_new(self) -> NewApiKey {
        NewApiKey {
            memo: self.user_memo.and_then(|text| KeyMemo::parse(&text).ok()),
            scopes: self
                .scopes
                .map_or_else(|| Scope::ALL.to_vec(), |names| scopes(&names)),
            expires_at: self.expires_at,
        }
    }
}

/// What changes of a key; what is absent stays.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"user_memo": "shop"}))]
pub(crate) struct ChangeApiKey {
    /// `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::key_memo"))]
    #[schema(value_type = Option<String>)]
    user_memo: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "are_scopes"))]
    scopes: Option<Vec<String>>,
    /// `null`: it never stops working.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "is_ahead"))]
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Option<DateTime<Utc>>>,
}

impl ChangeApiKey {
    /// The validated change.
    pub(super) fn into_change(self) -> ApiKeyChange {
        let memo = self.user_memo;
        ApiKeyChange {
            memo: memo.map(|text| text.and_then(|text| KeyMemo::parse(&text).ok())),
            scopes: self.scopes.map(|names| scopes(&names)),
            expires_at: self.expires_at,
        }
    }
}

/// The known ones, each once.
fn scopes(names: &[String]) -> Vec<Scope> {
    let named = |scope: &Scope| names.iter().any(|name| name == scope.as_str());
    Scope::ALL.into_iter().filter(named).collect()
}

#[expect(clippy::ptr_arg, reason = "validator hands over the field as it is")]
fn are_scopes(names: &Vec<String>) -> Result<(), ValidationError> {
    let known = names.iter().all(|name| Scope::parse(name).is_some());
    known
        .then_some(())
        .ok_or_else(|| ValidationError::new("choice"))
}

fn is_ahead(at: &DateTime<Utc>) -> Result<(), ValidationError> {
    (*at > SystemClock.now())
        .then_some(())
        .ok_or_else(|| ValidationError::new("past"))
}

/// Which key is meant, so that no slip of the id removes another.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveQuery {
    /// The key's `access_key`.
    #[validate(required)]
    #[param(required, nullable = false)]
    pub(super) access_key: Option<String>,
}

/// An address from which a key may be used.
#[derive(Serialize, ToSchema)]
#[schema(as = Whitelist)]
pub(crate) struct AllowedDto {
    id: IdText,
    /// An address, or a network in CIDR form.
    #[schema(example = "203.0.113.0/24")]
    ip_addr: String,
    created_at: DateTime<Utc>,
}

impl From<&Allowed> for AllowedDto {
    fn from(entry: &Allowed) -> Self {
        Self {
            id: IdText(entry.id.get()),
            ip_addr: entry.network.to_string(),
            created_at: entry.created_at,
        }
    }
}

/// An address to be allowed.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct AllowBody {
    /// An IPv4 or IPv6 address, or a network in CIDR form.
    #[validate(required)]
    #[schema(required = true, value_type = String, example = "203.0.113.7")]
    pub(super) ip_addr: Option<String>,
}

/// It is done.
#[derive(Serialize, ToSchema)]
#[schema(as = DoneMessage)]
pub(crate) struct Done {
    message: &'static str,
}

impl Done {
    pub(super) const OK: Self = Self { message: "OK" };
}
