//! Finding outfits by their labels.

use domain::RepositoryError;
use domain::outfit::{LabelId, OutfitQuery};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
};

use super::carried_entity as carried;
use super::entity::{Column, Entity};
use crate::error::translate;
use crate::executor::Line;

/// How far the outfits of a set of labels are counted when the smallest is looked for.
const PROBE: u64 = 1_000;

/// The ids that a query finds, the highest first.
pub(super) async fn list(
    connection: &Line<'_>,
    query: &OutfitQuery,
) -> Result<Vec<i64>, RepositoryError> {
    if query.limit == 0 || query.labels.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let sets = smallest_first(connection, &query.labels).await?;
    candidates(query, &sets)
        .limit(query.limit)
        .into_tuple()
        .all(connection)
        .await
        .map_err(translate)
}

/// The sets of labels, the one that fewest outfits have first: it leads, the others only decide.
async fn smallest_first<'a>(
    connection: &Line<'_>,
    sets: &'a [Vec<LabelId>],
) -> Result<Vec<&'a [LabelId]>, RepositoryError> {
    let mut sized = Vec::with_capacity(sets.len());
    for set in sets {
        let size = if sets.len() < 2 {
            0
        } else {
            carried::Entity::find()
                .select_only()
                .column(carried::Column::OutfitId)
                .filter(carried::Column::LabelId.is_in(numbers(set)))
                .limit(PROBE)
                .count(connection)
                .await
                .map_err(translate)?
        };
        sized.push((size, set.as_slice()));
    }
    sized.sort_by_key(|(size, _)| *size);
    Ok(sized.into_iter().map(|(_, set)| set).collect())
}

fn numbers(set: &[LabelId]) -> impl Iterator<Item = i64> {
    set.iter().map(|id| id.get())
}

fn candidates(query: &OutfitQuery, sets: &[&[LabelId]]) -> Select<Entity> {
    let mut select = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Hidden.eq(query.hidden));
    if let Some(gender) = query.gender {
        select = select.filter(Column::Gender.eq(gender.as_str()));
    }
    let others = match sets {
        // The outfits of one label lie in the order of their ids: walking them needs no sort.
        [[label], others @ ..] => {
            select = select
                .join(JoinType::InnerJoin, carried::Relation::Outfit.def().rev())
                .filter(carried::Column::LabelId.eq(label.get()))
                .order_by(carried::Column::OutfitId, Order::Desc);
            if let Some(before) = query.before {
                select = select.filter(carried::Column::OutfitId.lt(before.get()));
            }
            others
        }
        _ => {
            select = select.order_by(Column::Id, Order::Desc);
            if let Some(before) = query.before {
                select = select.filter(Column::Id.lt(before.get()));
            }
            sets
        }
    };
    for (number, set) in others.iter().enumerate() {
        let also = format!("also{number}");
        let label = Expr::col((also.clone(), carried::Column::LabelId));
        let outfit = Expr::col((also.clone(), carried::Column::OutfitId));
        let mut carrying = Query::select();
        carrying
            .from_as(carried::Entity, also.clone())
            .and_where(label.is_in(numbers(set)));
        // Where no label leads, the outfits of the smallest set are gathered first.
        select = if number == 0 && others.len() == sets.len() {
            carrying.expr(outfit);
            select.filter(Column::Id.in_subquery(carrying))
        } else {
            carrying
                .expr(Expr::val(1))
                .and_where(outfit.equals((Entity, Column::Id)));
            select.filter(Expr::exists(carrying))
        };
    }
    select
}
