//! What is known of stored pictures.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::persona::{
    Disowned, Holder, MediaKey, MediaQuota, MediaRepository, NewMedia, OwnedMedia, Registered,
};
use domain::user::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::media_doom::{self as doom, Sweep};
use super::media_entity::{Column, DOOMED, Entity, PENDING, STORED, hold, key as stored_key};
use super::media_reference_entity as reference;
use super::{media_list, media_owner_entity as owner, media_owners};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, Transaction};
use crate::time::to_micros;

/// [`MediaRepository`] on the database.
pub struct SeaMedia(pub(crate) Executor);

impl SeaMedia {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// Whether the holder may show the picture, which is held from now on.
async fn may_show(
    transaction: &Transaction,
    holder: Holder,
    key: &MediaKey,
) -> Result<bool, RepositoryError> {
    let row = hold(transaction, key.as_str()).await?;
    if row.is_none_or(|row| row.state == DOOMED) {
        return Ok(false);
    }
    if !key.is_private() {
        return Ok(true);
    }
    let id = (holder.member().get(), key.as_str().to_owned());
    let owned = owner::Entity::find_by_id(id).one(transaction).await;
    Ok(owned.map_err(translate)?.is_some())
}

async fn show(
    transaction: &Transaction,
    holder: Holder,
    key: Option<&MediaKey>,
    now: i64,
) -> Result<bool, RepositoryError> {
    if let Some(key) = key
        && !may_show(transaction, holder, key).await?
    {
        return Ok(false);
    }
    let id = (holder.kind(), holder.id());
    let before = reference::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await
        .map_err(translate)?;
    let before = before.map(|row| row.media_key);
    let wanted = key.map(MediaKey::as_str);
    if before.as_deref() == wanted {
        return Ok(true);
    }
    reference::Entity::delete_by_id(id)
        .exec(transaction)
        .await
        .map_err(translate)?;
    if let Some(key) = wanted {
        let row = reference::ActiveModel {
            kind: Set(holder.kind()),
            holder_id: Set(holder.id()),
            member_id: Set(holder.member().get()),
            media_key: Set(key.to_owned()),
        };
        let inserted = reference::Entity::insert(row).exec_without_returning(transaction);
        match inserted.await.map_err(translate) {
            Ok(_) => {}
            // The same holder was given another picture at this moment.
            Err(RepositoryError::Conflict) => return Err(RepositoryError::Contention),
            Err(error) => return Err(error),
        }
    }
    if let Some(before) = before {
        media_owners::keep(transaction, &before, now).await?;
    }
    Ok(true)
}

#[async_trait]
impl MediaRepository for SeaMedia {
    async fn register(
        &self,
        new: &NewMedia,
        quota: MediaQuota,
    ) -> Result<Registered, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let outcome = media_owners::register(scope.transaction(), new, quota).await?;
                // What is over the quota is rolled back.
                if outcome != Registered::OverQuota {
                    scope.finish().await?;
                }
                Ok(outcome)
            })
            .await
    }

    async fn stored(&self, key: &MediaKey) -> Result<bool, RepositoryError> {
        let update = Entity::update_many()
            .filter(Column::MediaKey.eq(key.as_str()))
            .filter(Column::State.eq(PENDING))
            .col_expr(Column::State, Expr::value(STORED));
        let noting = self.0.retrying(|| async {
            let update = update.clone();
            update.exec(&self.0.write()).await.map_err(translate)
        });
        if noting.await?.rows_affected > 0 {
            return Ok(true);
        }
        // Somebody else has written the same file and noted it, or there is nothing to note it at.
        let found = Entity::find_by_id(key.as_str().to_owned())
            .filter(Column::State.eq(STORED))
            .one(&self.0.write())
            .await
            .map_err(translate)?;
        Ok(found.is_some())
    }

    async fn find_owned(
        &self,
        owner: PersonId,
        key: &MediaKey,
    ) -> Result<Option<OwnedMedia>, RepositoryError> {
        media_list::find(&self.0, owner.get(), key).await
    }

    async fn list<'a>(
        &self,
        owner: PersonId,
        after: Option<(DateTime<Utc>, &'a MediaKey)>,
        limit: u64,
    ) -> Result<Vec<OwnedMedia>, RepositoryError> {
        media_list::list(&self.0, owner.get(), after, limit).await
    }

    async fn disown(
        &self,
        owner: PersonId,
        key: &MediaKey,
        now: DateTime<Utc>,
    ) -> Result<Disowned, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let outcome =
                    doom::disown(scope.transaction(), owner.get(), key, to_micros(now)).await?;
                scope.finish().await?;
                Ok(outcome)
            })
            .await
    }

    async fn hold<'a>(
        &self,
        holder: Holder,
        key: Option<&'a MediaKey>,
        now: DateTime<Utc>,
    ) -> Result<bool, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let shown = show(scope.transaction(), holder, key, to_micros(now)).await?;
                scope.finish().await?;
                Ok(shown)
            })
            .await
    }

    async fn doom(
        &self,
        unused_since: DateTime<Utc>,
        begun_before: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<MediaKey>, RepositoryError> {
        let sweep = Sweep {
            unused_since: to_micros(unused_since),
            begun_before: to_micros(begun_before),
            now: to_micros(now),
        };
        let mut doomed = Vec::new();
        for key in doom::candidates(&self.0, sweep, limit).await? {
            let dooming = self.0.retrying(|| async {
                let scope = self.0.scope().await?;
                let outcome = doom::doom(scope.transaction(), &key, sweep).await?;
                scope.finish().await?;
                Ok(outcome)
            });
            if dooming.await? {
                doomed.push(stored_key(&key)?);
            }
        }
        Ok(doomed)
    }

    async fn forget(&self, key: &MediaKey) -> Result<(), RepositoryError> {
        let delete = Entity::delete_many()
            .filter(Column::MediaKey.eq(key.as_str()))
            .filter(Column::State.eq(DOOMED));
        let forgetting = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        forgetting.await.map(|_| ())
    }

    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<(), RepositoryError> {
        if guest == member {
            return Ok(());
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                media_owners::merge(scope.transaction(), guest, member).await?;
                scope.finish().await
            })
            .await
    }

    async fn remove_all(&self, person: PersonId) -> Result<(), RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                media_owners::remove_all(scope.transaction(), person.get()).await?;
                scope.finish().await
            })
            .await
    }
}
