//! Search by name: the posting lists offer candidates, the pattern decides.

use domain::RepositoryError;
use domain::hangul::{Pattern, SearchText};
use domain::product::ProductQuery;
use domain::user::UserId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, DatabaseExecutor, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};

use super::entity::{Column, Entity, Model};
use super::gram_entity as gram;
use super::list::{Walk, filtered, page};
use crate::error::translate;

/// How far a posting list is measured before it counts as long.
const PROBE: u64 = 256;
/// The most posting lists that are intersected; the pattern sees to the rest.
const LISTS: usize = 4;
/// The most candidates fetched at a time.
const MAX_BATCH: u64 = 1_024;

/// A page of the owner's products whose names match.
pub(super) async fn matching(
    connection: &DatabaseExecutor<'_>,
    owner: UserId,
    query: &ProductQuery,
    pattern: &Pattern,
) -> Result<Vec<Model>, RepositoryError> {
    // What lies in the bin is not indexed.
    let lists = if query.deleted {
        Vec::new()
    } else {
        match choose(connection, owner, pattern).await? {
            Some(lists) => lists,
            None => return Ok(Vec::new()),
        }
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

/// The posting lists to intersect, the shortest first; `None` where one is empty, so that
/// nothing can match. A short list is walked alone: looking its few candidates over is cheaper
/// than intersecting.
async fn choose(
    connection: &DatabaseExecutor<'_>,
    owner: UserId,
    pattern: &Pattern,
) -> Result<Option<Vec<i64>>, RepositoryError> {
    let mut keys: Vec<i64> = pattern
        .required_grams()
        .iter()
        .map(|piece| piece.key(owner.get()))
        .collect();
    if keys.len() > 1 {
        for key in &keys {
            match length(connection, *key).await? {
                0 => return Ok(None),
                short if short < PROBE => return Ok(Some(vec![*key])),
                _ => {}
            }
        }
    }
    keys.truncate(LISTS);
    Ok(Some(keys))
}

/// How many entries a posting list has, counted up to [`PROBE`].
async fn length(connection: &DatabaseExecutor<'_>, key: i64) -> Result<u64, RepositoryError> {
    gram::Entity::find()
        .select_only()
        .column(gram::Column::ProductId)
        .filter(gram::Column::Gram.eq(key))
        .limit(PROBE)
        .count(connection)
        .await
        .map_err(translate)
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
    connection: &DatabaseExecutor<'_>,
    owner: UserId,
    query: &ProductQuery,
) -> Result<Vec<Model>, RepositoryError> {
    match &query.search {
        Some(pattern) => matching(connection, owner, query, pattern).await,
        None => page(connection, owner, query).await,
    }
}
