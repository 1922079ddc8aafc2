//! The table of pictures.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::RepositoryError;
use domain::persona::{Media, MediaKey};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use crate::error::translate;
use crate::executor::Transaction;
use crate::time::from_micros;

/// Its file is being written.
pub(super) const PENDING: i16 = 0;
/// Its file is there.
pub(super) const STORED: i16 = 1;
/// Its file is being removed.
pub(super) const DOOMED: i16 = 2;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub media_key: String,
    pub bytes: i64,
    pub width: i64,
    pub height: i64,
    pub state: i16,
    pub created_at: i64,
    pub kept_at: i64,
    pub changed_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A stored number that was never negative.
pub(super) fn count(number: i64) -> Result<u64, RepositoryError> {
    u64::try_from(number).map_err(RepositoryError::storage)
}

/// A stored name.
pub(super) fn key(text: &str) -> Result<MediaKey, RepositoryError> {
    MediaKey::parse(text).ok_or_else(|| RepositoryError::storage("a stored name is not one"))
}

/// The picture of a row.
pub(super) fn media(row: &Model) -> Result<Media, RepositoryError> {
    let side = |pixels: i64| u32::try_from(pixels).map_err(RepositoryError::storage);
    Ok(Media {
        key: key(&row.media_key)?,
        bytes: count(row.bytes)?,
        width: side(row.width)?,
        height: side(row.height)?,
        created_at: from_micros(row.created_at)?,
    })
}

/// Holds a picture until the transaction ends. Whoever changes what has a picture holds it first.
pub(super) async fn hold(
    transaction: &Transaction,
    key: &str,
) -> Result<Option<Model>, RepositoryError> {
    Entity::find_by_id(key.to_owned())
        .lock_exclusive()
        .one(transaction)
        .await
        .map_err(translate)
}
