//! Daily counts of events, and the end of the views they were made of.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::RepositoryError;
use domain::outfit::{Action, OutfitId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait,
};

use super::counted_entity::{self as counted, ROW};
use super::event_entity::{Column, Entity};
use super::{day_entity as day, events};
use crate::error::translate;
use crate::executor::Executor;
use crate::insert::insert_absent;
use crate::time::{from_micros, to_micros};

/// What is counted, and where.
fn counts() -> [(day::Column, Action); 7] {
    [
        (day::Column::Views, Action::View),
        (day::Column::Seen, Action::Seen),
        (day::Column::Clicks, Action::Click),
        (day::Column::Hearts, Action::Heart),
        (day::Column::Unhearts, Action::Unheart),
        (day::Column::Shares, Action::Share),
        (
            day::Column::SimilarClicks,
            Action::SimilarClick(OutfitId::from(0)),
        ),
    ]
}

/// Counts the days before `before` that are not counted yet, each in a transaction of its own
/// unless in a unit of work, and removes counted views older than `views_before`; how many.
pub(super) async fn condense(
    executor: &Executor,
    before: DateTime<Utc>,
    views_before: DateTime<Utc>,
) -> Result<u64, RepositoryError> {
    let end = before.date_naive();
    let until = loop {
        let step = executor.retrying(|| async {
            let scope = executor.scope().await?;
            let until = count_next(scope.transaction(), end).await?;
            scope.finish().await?;
            Ok(until)
        });
        let until = step.await?;
        if until >= end {
            break until;
        }
    };
    let views_before = std::cmp::min(to_micros(views_before), start(until));
    let mut removed = 0;
    // One after the other: each is a range of the index.
    for action in [Action::View, Action::Seen] {
        let which = Condition::all()
            .add(Column::Action.eq(action.number()))
            .add(Column::At.lt(views_before));
        removed += events::remove(executor, &which).await?;
    }
    Ok(removed)
}

/// The first microsecond of a day.
fn start(day: NaiveDate) -> i64 {
    to_micros(day.and_time(NaiveTime::MIN).and_utc())
}

/// Counts the first day that is not counted yet, or passes over days without events; the day up to
/// which everything is counted now. Of several nodes one counts, the others wait for it and see
/// that the day is done.
async fn count_next(
    transaction: &DatabaseTransaction,
    end: NaiveDate,
) -> Result<NaiveDate, RepositoryError> {
    let until = hold(transaction).await?;
    if until >= end {
        return Ok(until);
    }
    let tomorrow = until + Days::new(1);
    let next = if count(transaction, until, tomorrow).await? > 0 {
        tomorrow
    } else {
        first_day(transaction, until, end).await?
    };
    counted::Entity::update_many()
        .filter(counted::Column::Id.eq(ROW))
        .col_expr(counted::Column::UntilDay, Expr::value(next))
        .exec(transaction)
        .await
        .map_err(translate)?;
    Ok(next)
}

/// Holds the row that says up to which day all is counted; which day that is.
async fn hold(transaction: &DatabaseTransaction) -> Result<NaiveDate, RepositoryError> {
    let held = || {
        counted::Entity::find_by_id(ROW)
            .lock_exclusive()
            .one(transaction)
    };
    if let Some(row) = held().await.map_err(translate)? {
        return Ok(row.until_day);
    }
    let row = counted::ActiveModel {
        id: Set(ROW),
        until_day: Set(NaiveDate::default()),
    };
    insert_absent(transaction, counted::Entity::insert(row).into_query()).await?;
    let row = held().await.map_err(translate)?;
    row.map(|row| row.until_day)
        .ok_or_else(|| RepositoryError::storage("the mark of counted days is gone"))
}

/// Events of the time from one day up to another.
fn between(from: NaiveDate, end: NaiveDate) -> Condition {
    let actions = counts().map(|(_, action)| action.number());
    Condition::all()
        .add(Column::Action.is_in(actions))
        .add(Column::At.gte(start(from)))
        .add(Column::At.lt(start(end)))
}

/// Adds a day to the counts; how many rows it came to. The events stay in the engine.
async fn count(
    transaction: &DatabaseTransaction,
    today: NaiveDate,
    tomorrow: NaiveDate,
) -> Result<u64, RepositoryError> {
    let mut sums = Query::select();
    sums.expr(Expr::value(today))
        .column(Column::OutfitId)
        .column(Column::Bucket)
        .from(Entity)
        .cond_where(between(today, tomorrow))
        .group_by_columns([Column::OutfitId, Column::Bucket]);
    let mut columns = vec![day::Column::Day, day::Column::OutfitId, day::Column::Bucket];
    for (column, action) in counts() {
        columns.push(column);
        let such = Expr::col(Column::Action).eq(action.number());
        sums.expr(Func::sum(Expr::case(such, 1).finally(0)));
    }
    let mut insert = Query::insert();
    insert.into_table(day::Entity).columns(columns);
    insert.select_from(sums).map_err(RepositoryError::storage)?;
    let done = transaction.execute(&insert).await.map_err(translate)?;
    Ok(done.rows_affected())
}

/// The first day with events, or `end` if there are none before.
async fn first_day(
    transaction: &DatabaseTransaction,
    from: NaiveDate,
    end: NaiveDate,
) -> Result<NaiveDate, RepositoryError> {
    let first: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(Column::At.min(), "at")
        .filter(between(from, end))
        .into_tuple()
        .one(transaction)
        .await
        .map_err(translate)?;
    match first.flatten() {
        Some(at) => Ok(from_micros(at)?.date_naive()),
        None => Ok(end),
    }
}
