//! The table of accounts that were asked for.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::RepositoryError;
use domain::user::{Email, LinkHash, Name, SignUpRequest};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_up_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub email_key: String,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub hash: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&SignUpRequest> for ActiveModel {
    fn from(request: &SignUpRequest) -> Self {
        Self {
            email_key: Set(request.email.key()),
            email: Set(request.email.as_str().to_owned()),
            name: Set(request.name.as_str().to_owned()),
            password_hash: Set(request.password_hash.clone()),
            hash: Set(request.hash.as_str().to_owned()),
            created_at: Set(to_micros(request.created_at)),
            expires_at: Set(to_micros(request.expires_at)),
        }
    }
}

/// The request of a row that was found by `hash`.
pub(super) fn request(row: Model, hash: &LinkHash) -> Result<SignUpRequest, RepositoryError> {
    let broken = |_| RepositoryError::storage("a stored sign-up is not valid");
    Ok(SignUpRequest {
        email: Email::parse(&row.email).map_err(broken)?,
        name: Name::parse(&row.name).map_err(broken)?,
        password_hash: row.password_hash,
        hash: hash.clone(),
        created_at: from_micros(row.created_at)?,
        expires_at: from_micros(row.expires_at)?,
    })
}
