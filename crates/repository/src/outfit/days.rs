//! Daily counts of events, and the end of the views they were made of.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::RepositoryError;
use domain::outfit::{Action, OutfitId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::counted_entity::{self as counted, ROW};
use super::event_entity::{Column, Entity};
use super::{day_entity as day, events, runs};
use crate::error::translate;
use crate::executor::{Executor, Transaction};
use crate::insert::insert_absent;
use crate::time::{from_micros, to_micros};

/// Rows read at a time.
const PAGE: u64 = 10_000;
/// Rows a statement adds to: at ten values each, below every engine's limit on bound values.
const ROWS: usize = 1_000;
/// Sums that are kept until they are added.
const KEPT: usize = 200_000;

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
    transaction: &Transaction,
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
async fn hold(transaction: &Transaction) -> Result<NaiveDate, RepositoryError> {
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
    transaction: &Transaction,
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
    count_further(transaction, today, tomorrow).await?;
    Ok(done.rows_affected())
}

/// Adds the views that stand behind the first of a row.
async fn count_further(
    transaction: &Transaction,
    today: NaiveDate,
    tomorrow: NaiveDate,
) -> Result<(), RepositoryError> {
    let mut views = BTreeMap::<(i64, i16), i64>::new();
    let mut last = (start(today), i64::MIN);
    loop {
        let behind = Column::At.eq(last.0).and(Column::Id.gt(last.1));
        let rows: Vec<(i64, i64, i16, Vec<u8>)> = Entity::find()
            .select_only()
            .columns([Column::At, Column::Id, Column::Bucket, Column::More])
            .filter(Column::Action.eq(Action::View.number()))
            .filter(Column::At.gte(last.0))
            .filter(Column::At.lt(start(tomorrow)))
            .filter(Column::At.gt(last.0).or(behind))
            .filter(Column::More.is_not_null())
            .order_by_asc(Column::At)
            .order_by_asc(Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(transaction)
            .await
            .map_err(translate)?;
        for (.., bucket, more) in &rows {
            for (outfit, _) in runs::further(more)? {
                *views.entry((outfit.get(), *bucket)).or_default() += 1;
            }
        }
        let Some(&(at, id, ..)) = rows.last() else {
            return add_views(transaction, today, views).await;
        };
        last = (at, id);
        if views.len() > KEPT {
            add_views(transaction, today, std::mem::take(&mut views)).await?;
        }
    }
}

/// Adds to the views of a day.
async fn add_views(
    transaction: &Transaction,
    today: NaiveDate,
    views: BTreeMap<(i64, i16), i64>,
) -> Result<(), RepositoryError> {
    let sum = match transaction.get_database_backend() {
        DbBackend::MySql => Expr::cust("views + VALUES(views)"),
        _ => Expr::cust("outfit_days.views + excluded.views"),
    };
    let views: Vec<_> = views.into_iter().collect();
    for chunk in views.chunks(ROWS) {
        let rows = chunk
            .iter()
            .map(|&((outfit, bucket), views)| day::ActiveModel {
                day: Set(today),
                outfit_id: Set(outfit),
                bucket: Set(bucket),
                views: Set(views),
                seen: Set(0),
                clicks: Set(0),
                hearts: Set(0),
                unhearts: Set(0),
                shares: Set(0),
                similar_clicks: Set(0),
            });
        let key = [day::Column::Day, day::Column::OutfitId, day::Column::Bucket];
        let add = OnConflict::columns(key)
            .value(day::Column::Views, sum.clone())
            .to_owned();
        let insert = day::Entity::insert_many(rows).on_conflict(add);
        let insert = insert.exec_without_returning(transaction).await;
        insert.map_err(translate)?;
    }
    Ok(())
}

/// The first day with events, or `end` if there are none before.
async fn first_day(
    transaction: &Transaction,
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
