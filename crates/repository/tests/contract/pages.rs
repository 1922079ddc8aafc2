//! Walking a list page by page, and what it has to come to.

use domain::product::{Position, Product, ProductId, ProductQuery, ProductRepository, Sort};
use domain::user::User;

use crate::world::World;

pub(crate) const SORTS: [Sort; 4] = [Sort::Newest, Sort::Name, Sort::Price, Sort::Expiry];

/// The position behind a product.
pub(crate) fn behind(sort: Sort, product: &Product) -> Position {
    let (draft, id) = (&product.draft, product.id);
    match sort {
        Sort::Newest => Position::Newest(id),
        Sort::Name => Position::Name(draft.name.sort_key(), id),
        Sort::Price => Position::Price(draft.price, id),
        Sort::Expiry => Position::Expiry(draft.expiration_date, id),
    }
}

/// The ids of products in the order of a list.
pub(crate) fn sorted<'a>(
    products: impl IntoIterator<Item = &'a Product>,
    sort: Sort,
) -> Vec<ProductId> {
    let mut products: Vec<&Product> = products.into_iter().collect();
    products.sort_by_key(|product| product.id);
    match sort {
        Sort::Newest => products.reverse(),
        Sort::Name => products.sort_by_key(|product| product.draft.name.sort_key()),
        Sort::Price => products.sort_by_key(|product| product.draft.price),
        Sort::Expiry => products.sort_by_key(|product| {
            let date = product.draft.expiration_date;
            (date.is_none(), date)
        }),
    }
    products.into_iter().map(|product| product.id).collect()
}

impl World {
    /// One page.
    pub(crate) async fn page(&self, owner: &User, query: &ProductQuery) -> Vec<Product> {
        let page = self.products.list(owner.id, query).await;
        page.expect("a page")
    }

    /// All pages one after the other.
    pub(crate) async fn walk(&self, owner: &User, mut query: ProductQuery) -> Vec<ProductId> {
        let mut seen = Vec::new();
        loop {
            let page = self.page(owner, &query).await;
            assert!(page.len() <= query.limit, "a page within its limit");
            seen.extend(page.iter().map(|product| product.id));
            match page.last() {
                Some(last) if page.len() == query.limit => {
                    query.after = Some(behind(query.sort, last));
                }
                _ => return seen,
            }
        }
    }
}
