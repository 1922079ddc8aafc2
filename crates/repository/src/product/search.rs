//! Search by name: the posting lists offer candidates, the pattern decides.

use std::collections::HashMap;

use domain::RepositoryError;
use domain::hangul::{Pattern, SearchText};
use domain::product::ProductQuery;
use domain::user::UserId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, IdenStatic, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
};

use super::entity::{Column, Entity, Model};
use super::gram_entity as gram;
use super::list::{Walk, filtered, page};
use crate::error::translate;
use crate::executor::Line;

/// The entries from which on a posting list counts as long.
const PROBE: u64 = 256;
/// The most posting lists that are intersected; the pattern sees to the rest.
const LISTS: usize = 4;
/// The most candidates fetched at a time.
const MAX_BATCH: u64 = 1_024;

/// A page of the owner's products whose names match.
pub(super) async fn matching(
    connection: &Line<'_>,
    owner: UserId,
    query: &ProductQuery,
    pattern: &Pattern,
) -> Result<Vec<Model>, RepositoryError> {
    // What lies in the bin is not indexed.
    let lists = if query.deleted {
        Vec::new()
    } else {
        choose(connection, owner, pattern).await?
    };
    let mut found = Vec::new();
    for walk in Walk::of(query) {
        let mut walk = walk;
        let mut batch = std::cmp::min(query.limit as u64, MAX_BATCH);
        loop {
            let select = candidates(owner, query, &lists, &walk).limit(batch);
            let rows = select.all(connection).await.map_err(translate)?;
            let exhausted = (rows.len() as u64) < batch;
            for row in rows {
                walk = walk.behind(&row);
                if pattern.matches(&SearchText::new(&row.name)) {
                    found.push(row);
                }
                if found.len() == query.limit {
                    return Ok(found);
                }
            }
            if exhausted {
                break;
            }
            batch = std::cmp::min(batch * 4, MAX_BATCH);
        }
    }
    Ok(found)
}

/// The posting lists to intersect, the sparsest first. A short list is walked alone: looking its
/// few candidates over is cheaper than intersecting.
///
/// Of long lists the sparsest is the one whose newest entries reach back furthest: walking it
/// offers the fewest candidates among as many products, however many there are.
async fn choose(
    connection: &Line<'_>,
    owner: UserId,
    pattern: &Pattern,
) -> Result<Vec<i64>, RepositoryError> {
    let grams = pattern.required_grams();
    let keys: Vec<i64> = grams.iter().map(|gram| gram.key(owner.get())).collect();
    if keys.len() < 2 {
        return Ok(keys);
    }
    let reached = reach(connection, &keys).await?;
    let mut long = Vec::with_capacity(keys.len());
    for key in keys {
        match reached.get(&key) {
            Some(oldest) => long.push((*oldest, key)),
            None => return Ok(vec![key]),
        }
    }
    long.sort_by_key(|(oldest, _)| *oldest);
    // Two pieces of the same word: their lists say the same.
    long.dedup_by_key(|(oldest, _)| *oldest);
    Ok(long.into_iter().take(LISTS).map(|(_, key)| key).collect())
}

/// How far back the newest [`PROBE`] entries of each of these posting lists reach: the id of the
/// last of them. Of lists that have fewer there is nothing.
async fn reach(connection: &Line<'_>, keys: &[i64]) -> Result<HashMap<i64, i64>, RepositoryError> {
    let columns = [gram::Column::Gram, gram::Column::ProductId];
    let mut arms = keys.iter().map(|key| {
        let mut last = Query::select();
        last.columns(columns)
            .from(gram::Entity)
            .and_where(Expr::col(gram::Column::Gram).eq(*key))
            .order_by(gram::Column::ProductId, Order::Desc)
            .limit(1)
            .offset(PROBE - 1);
        let mut arm = Query::select();
        arm.columns(columns).from_subquery(last, "last");
        arm
    });
    // One statement for all: each way to the database costs more than the looking up.
    let Some(mut statement) = arms.next() else {
        return Ok(HashMap::new());
    };
    statement.unions(arms.map(|arm| (UnionType::All, arm)));
    let rows = connection.query_all(&statement).await.map_err(translate)?;
    rows.iter()
        .map(|row| {
            let [gram, id] = columns.map(|column| row.try_get("", column.as_str()));
            Ok((gram.map_err(translate)?, id.map_err(translate)?))
        })
        .collect()
}

fn candidates(owner: UserId, query: &ProductQuery, lists: &[i64], walk: &Walk) -> Select<Entity> {
    let mut select = filtered(owner, query);
    let Some((first, others)) = lists.split_first() else {
        return walk.apply(select);
    };
    select = select
        .join(JoinType::InnerJoin, gram::Relation::Product.def().rev())
        .filter(gram::Column::Gram.eq(*first));
    for (number, key) in others.iter().enumerate() {
        let also = Alias::new(format!("also{number}"));
        let mut list = Query::select();
        list.expr(Expr::val(1))
            .from_as(gram::Entity, also.clone())
            .and_where(Expr::col((also.clone(), gram::Column::Gram)).eq(*key))
            .and_where(Expr::col((also, gram::Column::ProductId)).equals((Entity, Column::Id)));
        select = select.filter(Expr::exists(list));
    }
    match walk {
        // A posting list is in the order of ids: walking it needs no sort.
        Walk::Newest(after) => {
            if let Some(id) = after {
                select = select.filter(gram::Column::ProductId.lt(*id));
            }
            select.order_by(gram::Column::ProductId, Order::Desc)
        }
        other => other.apply(select),
    }
}

/// A page, searched or not.
pub(super) async fn list(
    connection: &Line<'_>,
    owner: UserId,
    query: &ProductQuery,
) -> Result<Vec<Model>, RepositoryError> {
    match &query.search {
        Some(pattern) => matching(connection, owner, query, pattern).await,
        None => page(connection, owner, query).await,
    }
}
