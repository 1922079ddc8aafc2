//! The table of identities.

use domain::RepositoryError;
use domain::user::{Email, Identity, Provider, SealedTokens, Subject};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub user_id: i64,
    pub provider: i16,
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub access_token: Option<String>,
    pub access_expires_at: Option<i64>,
    pub refresh_token: Option<String>,
    pub refresh_expires_at: Option<i64>,
    pub scopes: Option<String>,
    pub created_at: i64,
    pub last_used_at: i64,
    pub unlinked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored number of a provider: that of the door of the accounts made with it.
pub(crate) fn provider_number(provider: Provider) -> i16 {
    match provider {
        Provider::Kakao => 3,
        Provider::Google => 4,
        Provider::Naver => 5,
    }
}

fn provider(number: i16) -> Option<Provider> {
    let mut all = Provider::ALL.into_iter();
    all.find(|provider| provider_number(*provider) == number)
}

impl From<&Identity> for ActiveModel {
    fn from(identity: &Identity) -> Self {
        Self {
            id: Set(identity.id.get()),
            user_id: Set(identity.user_id.get()),
            provider: Set(provider_number(identity.provider)),
            subject: Set(identity.subject.as_str().to_owned()),
            email: Set(identity.email.as_ref().map(|e| e.as_str().to_owned())),
            email_verified: Set(identity.email_verified),
            access_token: Set(None),
            access_expires_at: Set(None),
            refresh_token: Set(None),
            refresh_expires_at: Set(None),
            scopes: Set(None),
            created_at: Set(to_micros(identity.created_at)),
            last_used_at: Set(to_micros(identity.last_used_at)),
            unlinked_at: Set(identity.unlinked_at.map(to_micros)),
        }
    }
}

impl TryFrom<Model> for Identity {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let broken = || RepositoryError::storage("a stored identity is not valid");
        let email = row.email.as_deref().map(Email::parse).transpose();
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            provider: provider(row.provider).ok_or_else(broken)?,
            subject: Subject::parse(&row.subject).map_err(|_| broken())?,
            email: email.map_err(|_| broken())?,
            email_verified: row.email_verified,
            created_at: from_micros(row.created_at)?,
            last_used_at: from_micros(row.last_used_at)?,
            unlinked_at: row.unlinked_at.map(from_micros).transpose()?,
        })
    }
}

impl Model {
    /// The tokens in this row.
    pub(super) fn into_tokens(self) -> Result<Option<SealedTokens>, RepositoryError> {
        let Some(access_token) = self.access_token else {
            return Ok(None);
        };
        Ok(Some(SealedTokens {
            access_token,
            expires_at: self.access_expires_at.map(from_micros).transpose()?,
            refresh_token: self.refresh_token,
            refresh_expires_at: self.refresh_expires_at.map(from_micros).transpose()?,
            scopes: self.scopes.unwrap_or_default(),
        }))
    }
}
