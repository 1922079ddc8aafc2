//! Pages of products: each order is walked along its own index.

use domain::RepositoryError;
use domain::product::{Position, ProductQuery, Sort};
use domain::user::UserId;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::entity::{Column, Entity, Model, Status};
use crate::error::translate;
use crate::executor::Line;

/// One walk along one index. Sorting by expiry is two of them, since engines disagree about
/// where nulls come.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Walk {
    /// From the newest, or from below this id.
    Newest(Option<i64>),
    /// By name, or from behind this name and id.
    Name(Option<(String, i64)>),
    /// By price.
    Price(Option<(i64, i64)>),
    /// By date, those that have one.
    Dated(Option<(chrono::NaiveDate, i64)>),
    /// By id, those that have no date.
    Undated(Option<i64>),
}

impl Walk {
    /// The walks that answer a query, in order.
    pub(super) fn of(query: &ProductQuery) -> Vec<Self> {
        match (query.sort, query.after.clone()) {
            (_, Some(Position::Newest(id))) => vec![Self::Newest(Some(id.get()))],
            (_, Some(Position::Name(key, id))) => vec![Self::Name(Some((key, id.get())))],
            (_, Some(Position::Price(price, id))) => {
                vec![Self::Price(Some((price.get(), id.get())))]
            }
            (_, Some(Position::Expiry(Some(date), id))) => {
                vec![Self::Dated(Some((date, id.get()))), Self::Undated(None)]
            }
            (_, Some(Position::Expiry(None, id))) => vec![Self::Undated(Some(id.get()))],
            (Sort::Newest, None) => vec![Self::Newest(None)],
            (Sort::Name, None) => vec![Self::Name(None)],
            (Sort::Price, None) => vec![Self::Price(None)],
            (Sort::Expiry, None) => vec![Self::Dated(None), Self::Undated(None)],
        }
    }

    /// The same walk from behind a row.
    pub(super) fn behind(&self, row: &Model) -> Self {
        match self {
            Self::Newest(_) => Self::Newest(Some(row.id)),
            Self::Name(_) => Self::Name(Some((row.name_key.clone(), row.id))),
            Self::Price(_) => Self::Price(Some((row.price, row.id))),
            Self::Dated(_) => Self::Dated(row.expiration_date.map(|date| (date, row.id))),
            Self::Undated(_) => Self::Undated(Some(row.id)),
        }
    }

    /// Narrows a query to what lies ahead, in order.
    pub(super) fn apply(&self, select: Select<Entity>) -> Select<Entity> {
        match self {
            Self::Newest(after) => {
                let select = match after {
                    Some(id) => select.filter(Column::Id.lt(*id)),
                    None => select,
                };
                select.order_by(Column::Id, Order::Desc)
            }
            Self::Name(after) => {
                let select = match after {
                    Some((key, id)) => select.filter(behind(Column::NameKey, key.as_str(), *id)),
                    None => select,
                };
                select
                    .order_by_asc(Column::NameKey)
                    .order_by_asc(Column::Id)
            }
            Self::Price(after) => {
                let select = match after {
                    Some((price, id)) => select.filter(behind(Column::Price, *price, *id)),
                    None => select,
                };
                select.order_by_asc(Column::Price).order_by_asc(Column::Id)
            }
            Self::Dated(after) => {
                let select = match after {
                    Some((date, id)) => select.filter(behind(Column::ExpirationDate, *date, *id)),
                    None => select.filter(Column::ExpirationDate.is_not_null()),
                };
                select
                    .order_by_asc(Column::ExpirationDate)
                    .order_by_asc(Column::Id)
            }
            Self::Undated(after) => {
                let select = match after {
                    Some(id) => select.filter(Column::Id.gt(*id)),
                    None => select,
                };
                select
                    .filter(Column::ExpirationDate.is_null())
                    .order_by_asc(Column::Id)
            }
        }
    }
}

/// Behind `(value, id)` in the order of (column, id). The first condition looks redundant; it is
/// what lets every engine start at the right place of the index.
fn behind<V: Into<sea_orm::Value> + Clone>(column: Column, value: V, id: i64) -> Condition {
    Condition::all().add(column.gte(value.clone())).add(
        Condition::any().add(column.gt(value.clone())).add(
            Condition::all()
                .add(column.eq(value))
                .add(Column::Id.gt(id)),
        ),
    )
}

/// The owner's products that pass the filters, whatever their names.
pub(super) fn filtered(owner: UserId, query: &ProductQuery) -> Select<Entity> {
    let status = if query.deleted {
        Status::Bin
    } else {
        Status::Shelf
    };
    let mut select = Entity::find()
        .filter(Column::OwnerId.eq(owner.get()))
        .filter(Column::Status.eq(status.number()));
    if let Some(category) = &query.category {
        select = select.filter(Column::Category.eq(category.as_str()));
    }
    if let Some(size) = query.size {
        select = select.filter(Column::Size.eq(size.as_str()));
    }
    if let Some(price) = query.price_min {
        select = select.filter(Column::Price.gte(price.get()));
    }
    if let Some(price) = query.price_max {
        select = select.filter(Column::Price.lte(price.get()));
    }
    if let Some(date) = query.expiring_before {
        select = select.filter(Column::ExpirationDate.lt(date));
    }
    if let Some(barcode) = &query.barcode {
        select = select.filter(Column::Barcode.eq(barcode.as_str()));
    }
    select
}

/// A page without a search.
pub(super) async fn page(
    connection: &Line<'_>,
    owner: UserId,
    query: &ProductQuery,
) -> Result<Vec<Model>, RepositoryError> {
    let mut rows = Vec::new();
    for walk in Walk::of(query) {
        let missing = query.limit.saturating_sub(rows.len());
        if missing == 0 {
            break;
        }
        let select = walk.apply(filtered(owner, query)).limit(missing as u64);
        rows.extend(select.all(connection).await.map_err(translate)?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use domain::product::{ProductId, Won};

    use super::*;

    #[test]
    fn a_position_resumes_the_walk_it_was_taken_on() {
        let mut query = ProductQuery::newest(10);
        query.sort = Sort::Expiry;
        assert_eq!(Walk::of(&query), [Walk::Dated(None), Walk::Undated(None)]);
        query.after = Some(Position::Expiry(None, ProductId::from(5)));
        assert_eq!(Walk::of(&query), [Walk::Undated(Some(5))]);
        query.sort = Sort::Price;
        let price = Won::parse(7).expect("a price");
        query.after = Some(Position::Price(price, ProductId::from(5)));
        assert_eq!(Walk::of(&query), [Walk::Price(Some((7, 5)))]);
    }
}
