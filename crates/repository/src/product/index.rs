//! Keeping the search index in step with the names.

use std::collections::BTreeSet;

use domain::RepositoryError;
use domain::hangul::{Gram, SearchText};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::gram_entity::{ActiveModel, Column, Entity};
use crate::error::translate;

/// Rows a statement: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// The keys of the posting lists that a name stands in.
fn keys(owner: i64, name: &str) -> BTreeSet<i64> {
    SearchText::new(name)
        .grams()
        .iter()
        .map(|gram| Gram::key(gram, owner))
        .collect()
}

/// Makes products findable; each is its owner, its id and its name.
pub(super) async fn add<'a>(
    connection: &impl ConnectionTrait,
    products: impl IntoIterator<Item = (i64, i64, &'a str)>,
) -> Result<(), RepositoryError> {
    let mut rows: Vec<(i64, i64)> = Vec::new();
    for (owner, id, name) in products {
        rows.extend(keys(owner, name).into_iter().map(|gram| (gram, id)));
    }
    // In key order: neighbours land on one page, and two writers cannot deadlock.
    rows.sort_unstable();
    for chunk in rows.chunks(ROWS) {
        let rows = chunk.iter().map(|(gram, id)| ActiveModel {
            gram: Set(*gram),
            product_id: Set(*id),
        });
        Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await
            .map_err(translate)?;
    }
    Ok(())
}

/// Makes a product unfindable under its name.
pub(super) async fn remove(
    connection: &impl ConnectionTrait,
    owner: i64,
    id: i64,
    name: &str,
) -> Result<(), RepositoryError> {
    remove_keys(connection, id, keys(owner, name)).await
}

/// Makes a product findable under its new name and no longer under the old one.
pub(super) async fn rename(
    connection: &impl ConnectionTrait,
    owner: i64,
    id: i64,
    old: &str,
    new: &str,
) -> Result<(), RepositoryError> {
    let (old, new) = (keys(owner, old), keys(owner, new));
    remove_keys(connection, id, old.difference(&new).copied()).await?;
    let added: Vec<_> = new
        .difference(&old)
        .map(|gram| ActiveModel {
            gram: Set(*gram),
            product_id: Set(id),
        })
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let insert = Entity::insert_many(added)
        .exec_without_returning(connection)
        .await;
    insert.map(|_| ()).map_err(translate)
}

async fn remove_keys(
    connection: &impl ConnectionTrait,
    id: i64,
    keys: impl IntoIterator<Item = i64>,
) -> Result<(), RepositoryError> {
    let delete = Entity::delete_many()
        .filter(Column::Gram.is_in(keys))
        .filter(Column::ProductId.eq(id));
    delete.exec(connection).await.map(|_| ()).map_err(translate)
}
