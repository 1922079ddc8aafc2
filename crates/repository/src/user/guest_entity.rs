//! The table of guests.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::RepositoryError;
use domain::user::{Guest, GuestIdHash};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub hash: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub merged_into: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Guest> for ActiveModel {
    fn from(guest: &Guest) -> Self {
        Self {
            id: Set(guest.id.get()),
            hash: Set(guest.hash.as_str().to_owned()),
            created_at: Set(to_micros(guest.created_at)),
            expires_at: Set(to_micros(guest.expires_at)),
            merged_into: Set(guest.merged_into.map(|member| member.get())),
        }
    }
}

/// The guest of a row that was found by `hash`.
pub(super) fn guest(row: &Model, hash: &GuestIdHash) -> Result<Guest, RepositoryError> {
    Ok(Guest {
        id: row.id.into(),
        hash: hash.clone(),
        created_at: from_micros(row.created_at)?,
        expires_at: from_micros(row.expires_at)?,
        merged_into: row.merged_into.map(Into::into),
    })
}
