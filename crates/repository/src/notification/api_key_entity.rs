//! The table of API keys.

use domain::RepositoryError;
use domain::notification::{AccessKey, ApiKey, KeyMemo, OutgoingSecret, Scope};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub owner_id: i64,
    pub access_key: String,
    pub secret: String,
    pub outgoing_secret: Option<String>,
    pub outgoing_until: Option<i64>,
    pub memo: Option<String>,
    pub scopes: i16,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn bit(scope: Scope) -> i16 {
    match scope {
        Scope::Email => 1,
        Scope::Kakao => 2,
    }
}

/// The stored number of a set of scopes: a bit for each.
pub(super) fn scopes_number(scopes: &[Scope]) -> i16 {
    scopes.iter().fold(0, |number, scope| number | bit(*scope))
}

impl From<&ApiKey> for ActiveModel {
    fn from(key: &ApiKey) -> Self {
        let outgoing = key.outgoing.as_ref();
        Self {
            id: Set(key.id.get()),
            owner_id: Set(key.owner.get()),
            access_key: Set(key.access.as_str().to_owned()),
            secret: Set(key.secret.clone()),
            outgoing_secret: Set(outgoing.map(|secret| secret.sealed.clone())),
            outgoing_until: Set(outgoing.map(|secret| to_micros(secret.until))),
            memo: Set(key.memo.as_ref().map(|memo| memo.as_str().to_owned())),
            scopes: Set(scopes_number(&key.scopes)),
            created_at: Set(to_micros(key.created_at)),
            expires_at: Set(key.expires_at.map(to_micros)),
            last_used_at: Set(key.last_used_at.map(to_micros)),
        }
    }
}

impl TryFrom<Model> for ApiKey {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let broken = || RepositoryError::storage("a stored API key is not valid");
        let outgoing = match (row.outgoing_secret, row.outgoing_until) {
            (Some(sealed), Some(until)) => Some(OutgoingSecret {
                sealed,
                until: from_micros(until)?,
            }),
            _ => None,
        };
        let memo = row.memo.as_deref().map(KeyMemo::parse).transpose();
        Ok(Self {
            id: row.id.into(),
            owner: row.owner_id.into(),
            access: AccessKey::parse(&row.access_key).ok_or_else(broken)?,
            secret: row.secret,
            outgoing,
            memo: memo.map_err(|_| broken())?,
            scopes: Scope::ALL
                .into_iter()
                .filter(|scope| row.scopes & bit(*scope) != 0)
                .collect(),
            created_at: from_micros(row.created_at)?,
            expires_at: row.expires_at.map(from_micros).transpose()?,
            last_used_at: row.last_used_at.map(from_micros).transpose()?,
        })
    }
}
