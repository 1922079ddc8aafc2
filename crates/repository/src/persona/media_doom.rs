//! Pictures on their way out.
//!
//! A picture is doomed in a transaction that holds it, then its files are removed, then its row.
//! While it is doomed nobody can hand it in or show it, so no file that is wanted again is removed.

use domain::RepositoryError;
use domain::persona::{Disowned, MediaKey};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::media_entity::{self as media, Column, DOOMED, Entity};
use super::media_owners as owners;
use crate::error::translate;
use crate::executor::{Executor, Transaction};

/// When a picture is swept away.
#[derive(Clone, Copy)]
pub(super) struct Sweep {
    pub(super) unused_since: i64,
    pub(super) begun_before: i64,
    pub(super) now: i64,
}

impl Sweep {
    fn may_go(self, row: &media::Model, shown: u64) -> bool {
        if row.state == DOOMED {
            return row.changed_at < self.begun_before;
        }
        row.kept_at < self.unused_since && shown == 0
    }
}

/// The names of pictures that look as if they may go: unused ones, and ones whose removal was left
/// unfinished.
pub(super) async fn candidates(
    executor: &Executor,
    sweep: Sweep,
    limit: u64,
) -> Result<Vec<String>, RepositoryError> {
    let unused = Condition::all()
        .add(Column::State.ne(DOOMED))
        .add(Column::KeptAt.lt(sweep.unused_since))
        .add(Expr::exists(owners::references()).not());
    let unfinished = Condition::all()
        .add(Column::State.eq(DOOMED))
        .add(Column::ChangedAt.lt(sweep.begun_before));
    Entity::find()
        .select_only()
        .column(Column::MediaKey)
        .filter(Condition::any().add(unused).add(unfinished))
        .order_by_asc(Column::KeptAt)
        .limit(limit)
        .into_tuple()
        .all(&executor.read())
        .await
        .map_err(translate)
}

/// Dooms one of the candidates, unless it is wanted again or somebody else was faster.
pub(super) async fn doom(
    transaction: &Transaction,
    key: &str,
    sweep: Sweep,
) -> Result<bool, RepositoryError> {
    let Some(row) = media::hold(transaction, key).await? else {
        return Ok(false);
    };
    let shown = owners::shown(transaction, key, None).await?;
    if !sweep.may_go(&row, shown) {
        return Ok(false);
    }
    let owners = owners::of(transaction, key).await?;
    owners::remove(transaction, &owners, &row).await?;
    mark(transaction, key, sweep.now).await?;
    Ok(true)
}

async fn mark(transaction: &Transaction, key: &str, now: i64) -> Result<(), RepositoryError> {
    let update = Entity::update_many()
        .filter(Column::MediaKey.eq(key))
        .col_expr(Column::State, Expr::value(DOOMED))
        .col_expr(Column::ChangedAt, Expr::value(now));
    update
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

/// Takes a picture from one owner, and dooms it where nobody else has it.
pub(super) async fn disown(
    transaction: &Transaction,
    owner: i64,
    key: &MediaKey,
    now: i64,
) -> Result<Disowned, RepositoryError> {
    let key = key.as_str();
    let Some(row) = media::hold(transaction, key).await? else {
        return Ok(Disowned::Absent);
    };
    let others = owners::of(transaction, key).await?;
    if !others.contains(&owner) {
        return Ok(Disowned::Absent);
    }
    if owners::shown(transaction, key, Some(owner)).await? > 0 {
        return Ok(Disowned::InUse);
    }
    owners::remove(transaction, &[owner], &row).await?;
    if others.len() > 1 || owners::shown(transaction, key, None).await? > 0 {
        return Ok(Disowned::Kept);
    }
    mark(transaction, key, now).await?;
    Ok(Disowned::Doomed)
}
