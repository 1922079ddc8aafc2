//! Hearts.
//!
//! Whoever changes a heart holds its outfit first, and several outfits in the order of their ids.
//! The state of a heart and the outfit's count therefore never part, and nobody can wait in a
//! circle.

use async_trait::async_trait;
use domain::RepositoryError;
use domain::outfit::{Heart, HeartOutcome, HeartRepository, OutfitEvent, OutfitId};
use domain::user::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Statement, UpdateMany,
};

use super::heart_entity::{ActiveModel, Column, Entity, Relation};
use super::{entity as outfit, event_entity as event, merge};
use crate::batch::write_all;
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// Outfits named in a statement: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// [`HeartRepository`] on the database.
pub struct SeaHearts(pub(crate) Executor);

impl SeaHearts {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// Holds outfits until the transaction ends; `ids` are in order.
pub(super) async fn hold(
    transaction: &DatabaseTransaction,
    ids: &[i64],
) -> Result<(), RepositoryError> {
    outfit::Entity::find()
        .select_only()
        .column(outfit::Column::Id)
        .filter(outfit::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(outfit::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .all(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

/// Adds to the counts of outfits that are held.
pub(super) async fn add(
    connection: &impl ConnectionTrait,
    ids: &[i64],
    number: i64,
) -> Result<(), RepositoryError> {
    if ids.is_empty() {
        return Ok(());
    }
    let update = added(ids, number).exec(connection).await;
    update.map(|_| ()).map_err(translate)
}

fn added(ids: &[i64], number: i64) -> UpdateMany<outfit::Entity> {
    let hearts = Expr::col(outfit::Column::Hearts).add(number);
    outfit::Entity::update_many()
        .filter(outfit::Column::Id.is_in(ids.iter().copied()))
        .col_expr(outfit::Column::Hearts, hearts)
}

/// Holds an outfit; whether it is hidden, and whether the person's heart on it is taken back, if
/// there is one.
///
/// One statement does on SQLite, where nobody else writes, and on MySQL, where a locking read sees
/// what is committed. PostgreSQL would see the heart as it was before the wait for the outfit.
async fn state(
    transaction: &DatabaseTransaction,
    person: i64,
    outfit: i64,
) -> Result<Option<(bool, Option<bool>)>, RepositoryError> {
    let held = outfit::Entity::find_by_id(outfit)
        .select_only()
        .column(outfit::Column::Hidden)
        .lock_exclusive();
    let theirs = Column::PersonId.eq(person);
    if transaction.get_database_backend() != DbBackend::Postgres {
        let mine = Relation::Outfit.def().rev();
        let mine = mine.on_condition(move |_, _| theirs.clone().into_condition());
        return held
            .column(Column::IsDeleted)
            .join(JoinType::LeftJoin, mine)
            .into_tuple()
            .one(transaction)
            .await
            .map_err(translate);
    }
    let hidden: Option<bool> = held
        .into_tuple()
        .one(transaction)
        .await
        .map_err(translate)?;
    let Some(hidden) = hidden else {
        return Ok(None);
    };
    let deleted = Entity::find()
        .select_only()
        .column(Column::IsDeleted)
        .filter(theirs)
        .filter(Column::OutfitId.eq(outfit))
        .into_tuple()
        .one(transaction)
        .await
        .map_err(translate)?;
    Ok(Some((hidden, deleted)))
}

/// Sets the state of one heart.
async fn set(
    transaction: &DatabaseTransaction,
    event: &OutfitEvent,
    wanted: bool,
) -> Result<HeartOutcome, RepositoryError> {
    let (person, outfit) = (event.person.get(), event.outfit.get());
    let (hidden, deleted) = match state(transaction, person, outfit).await? {
        None => return Ok(HeartOutcome::Absent),
        Some((true, _)) if wanted => return Ok(HeartOutcome::Absent),
        Some(state) => state,
    };
    let backend = transaction.get_database_backend();
    let heart = match (deleted, wanted) {
        // Who never hearted it is not told that it is there.
        (None, false) if hidden => return Ok(HeartOutcome::Absent),
        (None | Some(true), false) | (Some(false), true) => return Ok(HeartOutcome::Unchanged),
        (None, true) => first(event, backend),
        (Some(_), _) => turned(event, wanted, backend),
    };
    let count = added(&[outfit], if wanted { 1 } else { -1 }).build(backend);
    let event = event::Entity::insert(event::ActiveModel::from(event)).build(backend);
    write_all(transaction, vec![heart, count, event]).await?;
    Ok(HeartOutcome::Changed)
}

/// Stores a person's first heart on an outfit.
fn first(event: &OutfitEvent, backend: DbBackend) -> Statement {
    let at = to_micros(event.at);
    let row = ActiveModel {
        person_id: Set(event.person.get()),
        outfit_id: Set(event.outfit.get()),
        hearted_at: Set(at),
        is_deleted: Set(false),
        changed_at: Set(at),
    };
    Entity::insert(row).build(backend)
}

/// Brings a heart that is stored to the other state.
fn turned(event: &OutfitEvent, wanted: bool, backend: DbBackend) -> Statement {
    let at = to_micros(event.at);
    let mut update = Entity::update_many()
        .filter(Column::PersonId.eq(event.person.get()))
        .filter(Column::OutfitId.eq(event.outfit.get()))
        .col_expr(Column::IsDeleted, Expr::value(!wanted))
        .col_expr(Column::ChangedAt, Expr::value(at));
    if wanted {
        update = update.col_expr(Column::HeartedAt, Expr::value(at));
    }
    update.build(backend)
}

#[async_trait]
impl HeartRepository for SeaHearts {
    async fn set(
        &self,
        event: &OutfitEvent,
        wanted: bool,
    ) -> Result<HeartOutcome, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let outcome = set(scope.transaction(), event, wanted).await?;
                scope.finish().await?;
                Ok(outcome)
            })
            .await
    }

    async fn list(
        &self,
        person: PersonId,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Heart>, RepositoryError> {
        let rows: Vec<(i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::OutfitId, Column::HeartedAt])
            .join(JoinType::InnerJoin, Relation::Outfit.def())
            .filter(Column::PersonId.eq(person.get()))
            .filter(Column::IsDeleted.eq(false))
            .filter(outfit::Column::Hidden.eq(false))
            .order_by_desc(Column::HeartedAt)
            .order_by_desc(Column::OutfitId)
            .offset(offset)
            .limit(limit)
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let heart = |(outfit, at): (i64, i64)| {
            Ok(Heart {
                outfit: outfit.into(),
                at: from_micros(at)?,
            })
        };
        rows.into_iter().map(heart).collect()
    }

    async fn outfits(&self, person: PersonId) -> Result<Vec<OutfitId>, RepositoryError> {
        let ids: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::OutfitId)
            .filter(Column::PersonId.eq(person.get()))
            .filter(Column::IsDeleted.eq(false))
            .into_tuple()
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        Ok(ids.into_iter().map(OutfitId::from).collect())
    }

    async fn among(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<Vec<OutfitId>, RepositoryError> {
        let mut hearted = Vec::new();
        for chunk in outfits.chunks(ROWS) {
            let ids: Vec<i64> = Entity::find()
                .select_only()
                .column(Column::OutfitId)
                .filter(Column::PersonId.eq(person.get()))
                .filter(Column::OutfitId.is_in(chunk.iter().map(|id| id.get())))
                .filter(Column::IsDeleted.eq(false))
                .into_tuple()
                .all(&self.0.read())
                .await
                .map_err(translate)?;
            hearted.extend(ids.into_iter().map(OutfitId::from));
        }
        Ok(hearted)
    }

    async fn merge(&self, guest: PersonId, member: PersonId) -> Result<u64, RepositoryError> {
        if guest == member {
            return Ok(0);
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let gained = merge::merge(scope.transaction(), guest.get(), member.get()).await?;
                scope.finish().await?;
                Ok(gained)
            })
            .await
    }

    /// Outside a unit of work each batch is a transaction.
    async fn remove_all(&self, person: PersonId) -> Result<u64, RepositoryError> {
        let mut removed = 0;
        loop {
            let batch = self.0.retrying(|| async {
                let scope = self.0.scope().await?;
                let batch = merge::remove_batch(scope.transaction(), person.get()).await?;
                scope.finish().await?;
                Ok(batch)
            });
            match batch.await? {
                None => return Ok(removed),
                Some(living) => removed += living,
            }
        }
    }
}
