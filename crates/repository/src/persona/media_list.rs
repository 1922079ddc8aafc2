//! Pictures as their owners see them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::persona::{MediaKey, OwnedMedia};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::media_entity::{self as media, DOOMED, media as picture};
use super::media_owner_entity::{Column, Entity, Model};
use super::media_reference_entity as reference;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// Those of the owner's pictures that `select` picks, the latest handed in first.
async fn fetch(
    executor: &Executor,
    select: Select<Entity>,
) -> Result<Vec<OwnedMedia>, RepositoryError> {
    let rows: Vec<(Model, Option<media::Model>)> = select
        .find_also_related(media::Entity)
        .filter(media::Column::State.ne(DOOMED))
        .order_by_desc(Column::OwnedAt)
        .order_by_desc(Column::MediaKey)
        .all(&executor.read())
        .await
        .map_err(translate)?;
    let keys = rows.iter().map(|(owned, _)| owned.media_key.clone());
    let shown: HashSet<String> = reference::Entity::find()
        .select_only()
        .column(reference::Column::MediaKey)
        .filter(reference::Column::MediaKey.is_in(keys))
        .into_tuple::<String>()
        .all(&executor.read())
        .await
        .map_err(translate)?
        .into_iter()
        .collect();
    let found = rows
        .into_iter()
        .filter_map(|(owned, row)| Some((owned, row?)));
    let owned = |(owned, row): (Model, media::Model)| {
        Ok(OwnedMedia {
            media: picture(&row)?,
            owned_at: from_micros(owned.owned_at)?,
            is_held: shown.contains(&row.media_key),
            kept_at: from_micros(row.kept_at)?,
        })
    };
    found.map(owned).collect()
}

/// One of the owner's pictures.
pub(super) async fn find(
    executor: &Executor,
    owner: i64,
    key: &MediaKey,
) -> Result<Option<OwnedMedia>, RepositoryError> {
    let select = Entity::find()
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::MediaKey.eq(key.as_str()));
    Ok(fetch(executor, select).await?.pop())
}

/// A page of the owner's pictures.
pub(super) async fn list(
    executor: &Executor,
    owner: i64,
    after: Option<(DateTime<Utc>, &MediaKey)>,
    limit: u64,
) -> Result<Vec<OwnedMedia>, RepositoryError> {
    let mut select = Entity::find()
        .filter(Column::OwnerId.eq(owner))
        .limit(limit);
    if let Some((at, key)) = after {
        let at = to_micros(at);
        let same = Condition::all()
            .add(Column::OwnedAt.eq(at))
            .add(Column::MediaKey.lt(key.as_str()));
        select = select.filter(Condition::any().add(Column::OwnedAt.lt(at)).add(same));
    }
    fetch(executor, select).await
}
