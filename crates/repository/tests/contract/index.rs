//! What the search index has to hold.

use std::collections::BTreeSet;

use domain::hangul::SearchText;
use domain::product::Product;
use sea_orm::{ConnectionTrait, Statement};

use crate::world::World;

impl World {
    /// Asserts that the index holds the pieces of these products' names and nothing else.
    pub(crate) async fn assert_indexed<'a>(&self, products: impl IntoIterator<Item = &'a Product>) {
        let expected: BTreeSet<(i64, i64)> = products.into_iter().flat_map(entries).collect();
        assert_eq!(self.indexed().await, expected);
    }

    /// Everything in the index: pieces, and the products whose names hold them.
    async fn indexed(&self) -> BTreeSet<(i64, i64)> {
        let database = self.database.write();
        let sql = "SELECT gram, product_id FROM product_grams";
        let rows = database
            .query_all_raw(Statement::from_string(database.get_database_backend(), sql))
            .await
            .expect("the index");
        rows.iter()
            .map(|row| row.try_get_many("", &["gram".into(), "product_id".into()]))
            .collect::<Result<_, _>>()
            .expect("pairs of numbers")
    }
}

fn entries(product: &Product) -> Vec<(i64, i64)> {
    let grams = SearchText::new(product.draft.name.as_str()).grams();
    grams
        .iter()
        .map(|gram| (gram.key(product.owner_id.get()), product.id.get()))
        .collect()
}
