//! The table of links to accounts.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::RepositoryError;
use domain::user::{AccountLink, Email, LinkHash, LinkPurpose};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: i16,
    pub email: String,
    pub hash: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored number of a purpose.
pub(super) fn purpose_number(purpose: LinkPurpose) -> i16 {
    match purpose {
        LinkPurpose::Email => 0,
        LinkPurpose::Password => 1,
    }
}

impl From<&AccountLink> for ActiveModel {
    fn from(link: &AccountLink) -> Self {
        Self {
            user_id: Set(link.user_id.get()),
            purpose: Set(purpose_number(link.purpose)),
            email: Set(link.email.as_str().to_owned()),
            hash: Set(link.hash.as_str().to_owned()),
            created_at: Set(to_micros(link.created_at)),
            expires_at: Set(to_micros(link.expires_at)),
        }
    }
}

/// The link of a row that was found by `hash` and `purpose`.
pub(super) fn link(
    row: &Model,
    hash: &LinkHash,
    purpose: LinkPurpose,
) -> Result<AccountLink, RepositoryError> {
    let broken = |_| RepositoryError::storage("a stored link is not valid");
    Ok(AccountLink {
        user_id: row.user_id.into(),
        purpose,
        email: Email::parse(&row.email).map_err(broken)?,
        hash: hash.clone(),
        created_at: from_micros(row.created_at)?,
        expires_at: from_micros(row.expires_at)?,
    })
}
