//! Dislikes.

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{Dislike, DislikeRepository, Disliked};
use domain::user::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::dislike_entity::{ActiveModel, Column, Entity, Model, row, target};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;

/// Rows a statement inserts: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// [`DislikeRepository`] on the database.
pub struct SeaDislikes(pub(crate) Executor);

impl SeaDislikes {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// Behind `(person, what)` in the order of the primary key.
fn behind(person: PersonId, what: Disliked) -> Condition {
    let (kind, target) = target(what);
    let later_target = Condition::all()
        .add(Column::Kind.eq(kind))
        .add(Column::TargetId.gt(target));
    let theirs = Condition::all().add(Column::PersonId.eq(person.get())).add(
        Condition::any()
            .add(Column::Kind.gt(kind))
            .add(later_target),
    );
    // The first condition looks redundant; it lets every engine start at the right place.
    Condition::all()
        .add(Column::PersonId.gte(person.get()))
        .add(
            Condition::any()
                .add(Column::PersonId.gt(person.get()))
                .add(theirs),
        )
}

#[async_trait]
impl DislikeRepository for SeaDislikes {
    async fn add(&self, person: PersonId, dislike: Dislike) -> Result<bool, RepositoryError> {
        let insert = Entity::insert(row(person, &dislike)).into_query();
        let add = self
            .0
            .retrying(|| async { insert_absent(&self.0.write(), insert.clone()).await });
        Ok(add.await? == 1)
    }

    async fn remove(&self, person: PersonId, what: Disliked) -> Result<bool, RepositoryError> {
        let (kind, target) = target(what);
        let delete = Entity::delete_by_id((person.get(), kind, target));
        let remove = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        Ok(remove.await?.rows_affected == 1)
    }

    async fn list(&self, person: PersonId) -> Result<Vec<Dislike>, RepositoryError> {
        let rows = Entity::find()
            .filter(Column::PersonId.eq(person.get()))
            .order_by_desc(Column::At)
            .order_by_asc(Column::Kind)
            .order_by_desc(Column::TargetId)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        rows.into_iter().map(Dislike::try_from).collect()
    }

    async fn after(
        &self,
        after: Option<(PersonId, Disliked)>,
        limit: u64,
    ) -> Result<Vec<(PersonId, Dislike)>, RepositoryError> {
        let mut select = Entity::find();
        if let Some((person, what)) = after {
            select = select.filter(behind(person, what));
        }
        let rows = select
            .order_by_asc(Column::PersonId)
            .order_by_asc(Column::Kind)
            .order_by_asc(Column::TargetId)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let theirs = |row: Model| Ok((row.person_id.into(), row.try_into()?));
        rows.into_iter().map(theirs).collect()
    }

    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<(), RepositoryError> {
        if guest == member {
            return Ok(());
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let rows = Entity::find()
                    .filter(Column::PersonId.eq(guest.get()))
                    .order_by_asc(Column::Kind)
                    .order_by_asc(Column::TargetId)
                    .lock_exclusive()
                    .all(scope.transaction())
                    .await
                    .map_err(translate)?;
                for chunk in rows.chunks(ROWS) {
                    let theirs = chunk.iter().map(|row| ActiveModel {
                        person_id: Set(member.get()),
                        kind: Set(row.kind),
                        target_id: Set(row.target_id),
                        at: Set(row.at),
                    });
                    let insert = Entity::insert_many(theirs).into_query();
                    insert_absent(scope.transaction(), insert).await?;
                }
                if !rows.is_empty() {
                    Entity::delete_many()
                        .filter(Column::PersonId.eq(guest.get()))
                        .exec(scope.transaction())
                        .await
                        .map_err(translate)?;
                }
                scope.finish().await
            })
            .await
    }

    async fn remove_all(&self, person: PersonId) -> Result<(), RepositoryError> {
        let delete = Entity::delete_many().filter(Column::PersonId.eq(person.get()));
        let remove = self.0.retrying(|| async {
            let delete = delete.clone();
            delete.exec(&self.0.write()).await.map_err(translate)
        });
        remove.await.map(|_| ())
    }
}
