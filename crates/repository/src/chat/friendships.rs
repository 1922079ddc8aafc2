//! Friendships.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::chat::{Bond, FriendshipRepository, Pair, Tie};
use domain::user::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::friendship_entity::{ActiveModel, Column, Entity, Model};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::{from_micros, to_micros};

/// [`FriendshipRepository`] on the database.
pub struct SeaFriendships(pub(crate) Executor);

impl SeaFriendships {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }
}

/// Stored numbers of bonds: who asked or blocked, if one of them did.
const LOW_ASKED: i16 = 1;
const HIGH_ASKED: i16 = 2;
const FRIENDS: i16 = 3;
pub(super) const LOW_BLOCKED: i16 = 4;
pub(super) const HIGH_BLOCKED: i16 = 5;
pub(super) const BOTH_BLOCKED: i16 = 6;

fn number(pair: Pair, bond: Bond) -> i16 {
    match bond {
        Bond::Asked(who) if who == pair.low() => LOW_ASKED,
        Bond::Asked(_) => HIGH_ASKED,
        Bond::Friends => FRIENDS,
        Bond::Blocked(who) if who == pair.low() => LOW_BLOCKED,
        Bond::Blocked(_) => HIGH_BLOCKED,
        Bond::BlockedBoth => BOTH_BLOCKED,
    }
}

fn bond(row: &Model) -> Result<Bond, RepositoryError> {
    match row.bond {
        LOW_ASKED => Ok(Bond::Asked(row.low_id.into())),
        HIGH_ASKED => Ok(Bond::Asked(row.high_id.into())),
        FRIENDS => Ok(Bond::Friends),
        LOW_BLOCKED => Ok(Bond::Blocked(row.low_id.into())),
        HIGH_BLOCKED => Ok(Bond::Blocked(row.high_id.into())),
        BOTH_BLOCKED => Ok(Bond::BlockedBoth),
        _ => Err(RepositoryError::storage("a stored bond is not valid")),
    }
}

fn key(pair: Pair) -> (i64, i64) {
    (pair.low().get(), pair.high().get())
}

fn of(person: UserId) -> Condition {
    Condition::any()
        .add(Column::LowId.eq(person.get()))
        .add(Column::HighId.eq(person.get()))
}

/// What a person knows of: not that somebody blocked them.
fn known_to(person: UserId) -> Condition {
    side(
        person,
        Column::Bond.ne(HIGH_BLOCKED),
        Column::Bond.ne(LOW_BLOCKED),
    )
}

/// A person's ties that are so where theirs is the lower id, and so where it is the higher.
fn side(person: UserId, low: impl IntoCondition, high: impl IntoCondition) -> Condition {
    let low = Condition::all()
        .add(Column::LowId.eq(person.get()))
        .add(low.into_condition());
    let high = Condition::all()
        .add(Column::HighId.eq(person.get()))
        .add(high.into_condition());
    Condition::any().add(low).add(high)
}

#[async_trait]
impl FriendshipRepository for SeaFriendships {
    async fn find(&self, pair: Pair) -> Result<Option<Bond>, RepositoryError> {
        let row = Entity::find_by_id(key(pair)).one(&self.0.read()).await;
        row.map_err(translate)?.as_ref().map(bond).transpose()
    }

    async fn find_all(&self, pairs: &[Pair]) -> Result<Vec<(Pair, Bond)>, RepositoryError> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let any = pairs.iter().fold(Condition::any(), |any, pair| {
            let (low, high) = key(*pair);
            let one = Condition::all()
                .add(Column::LowId.eq(low))
                .add(Column::HighId.eq(high));
            any.add(one)
        });
        let rows = Entity::find().filter(any).all(&self.0.read()).await;
        let rows = rows.map_err(translate)?;
        let known = |row: &Model| Pair::of(row.low_id.into(), row.high_id.into());
        let found = rows
            .iter()
            .filter_map(|row| known(row).map(|pair| Ok((pair, bond(row)?))));
        found.collect()
    }

    async fn set(
        &self,
        pair: Pair,
        bond: Option<Bond>,
        at: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        let Some(bond) = bond else {
            let gone = Entity::delete_by_id(key(pair)).exec(&self.0.write()).await;
            return gone.map(|_| ()).map_err(translate);
        };
        let (low, high) = key(pair);
        let updated = Entity::update_many()
            .filter(Column::LowId.eq(low))
            .filter(Column::HighId.eq(high))
            .col_expr(Column::Bond, Expr::value(number(pair, bond)))
            .col_expr(Column::Since, Expr::value(to_micros(at)))
            .exec(&self.0.write())
            .await
            .map_err(translate)?;
        if updated.rows_affected > 0 {
            return Ok(());
        }
        let row = ActiveModel {
            low_id: Set(low),
            high_id: Set(high),
            bond: Set(number(pair, bond)),
            since: Set(to_micros(at)),
        };
        let insert = Entity::insert(row)
            .exec_without_returning(&self.0.write())
            .await;
        insert.map(|_| ()).map_err(translate)
    }

    async fn ties(&self, person: UserId, limit: u64) -> Result<Vec<Tie>, RepositoryError> {
        let rows = Entity::find()
            .filter(known_to(person))
            .order_by_asc(Column::Since)
            .order_by_asc(Column::LowId)
            .order_by_asc(Column::HighId)
            .limit(limit)
            .all(&self.0.read())
            .await
            .map_err(translate)?;
        let tie = |row: &Model| {
            let (low, high) = (row.low_id.into(), row.high_id.into());
            Ok(Tie {
                other: if person == low { high } else { low },
                bond: bond(row)?,
                since: from_micros(row.since)?,
            })
        };
        rows.iter().map(tie).collect()
    }

    async fn count(&self, person: UserId) -> Result<u64, RepositoryError> {
        let count = Entity::find()
            .filter(known_to(person))
            .count(&self.0.read())
            .await;
        count.map_err(translate)
    }

    async fn asked(&self, person: UserId) -> Result<u64, RepositoryError> {
        let asked = side(
            person,
            Column::Bond.eq(LOW_ASKED),
            Column::Bond.eq(HIGH_ASKED),
        );
        let count = Entity::find().filter(asked).count(&self.0.read()).await;
        count.map_err(translate)
    }

    async fn remove_all(&self, person: UserId) -> Result<Vec<UserId>, RepositoryError> {
        let ties = self.ties(person, u64::from(u32::MAX)).await?;
        Entity::delete_many()
            .filter(of(person))
            .exec(&self.0.write())
            .await
            .map_err(translate)?;
        Ok(ties.into_iter().map(|tie| tie.other).collect())
    }
}
