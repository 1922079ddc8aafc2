//! Storing products and finding them again.

use std::sync::Arc;

use domain::RepositoryError;
use domain::product::{MAX_AMOUNT, Product, ProductDraft, ProductQuery, ProductRepository};
use domain::user::UserRepository;
use test_database::on_every_engine;

use crate::builders::{day, description, draft, full_draft, id, noon, product, product_name, won};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_stored_product_is_found_as_it_was_stored,
    a_product_with_empty_fields_keeps_them_empty,
    another_owners_product_looks_absent,
    a_product_that_was_never_stored_is_absent,
    an_id_is_stored_once,
    a_product_needs_an_owner,
    extreme_values_survive,
    times_survive_to_the_microsecond,
    text_of_every_script_survives,
}

impl World {
    async fn found(&self, stored: &Product) -> Option<Product> {
        let found = self.products.find_owned(stored.owner_id, stored.id);
        found.await.expect("a look")
    }
}

async fn a_stored_product_is_found_as_it_was_stored(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, full_draft())).await;
    assert_eq!(world.found(&stored).await.as_ref(), Some(&stored));
    let listed = world.page(&owner, &ProductQuery::newest(10)).await;
    assert_eq!(listed, [stored]);
}

async fn a_product_with_empty_fields_keeps_them_empty(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    assert_eq!(world.found(&stored).await, Some(stored));
    let blank = ProductDraft {
        description: Some(description("")),
        ..draft("라떼")
    };
    let stored = world.store_product(product(&owner, blank)).await;
    assert_eq!(world.found(&stored).await, Some(stored));
}

async fn another_owners_product_looks_absent(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let found = world.products.find_owned(other.id, stored.id).await;
    assert_eq!(found.expect("a look"), None);
    let listed = world.page(&other, &ProductQuery::newest(10)).await;
    assert_eq!(listed, []);
}

async fn a_product_that_was_never_stored_is_absent(world: Arc<World>) {
    let owner = world.user().await;
    world.store_product(product(&owner, draft("라떼"))).await;
    let found = world.products.find_owned(owner.id, id()).await;
    assert_eq!(found.expect("a look"), None);
}

async fn an_id_is_stored_once(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let again = Product {
        draft: draft("모카"),
        ..stored.clone()
    };
    let refused = world.products.insert(&again).await;
    assert!(matches!(refused, Err(RepositoryError::Conflict)));
    assert_eq!(world.found(&stored).await.as_ref(), Some(&stored));
    world.assert_indexed([&stored]).await;
}

async fn a_product_needs_an_owner(world: Arc<World>) {
    let orphan = Product {
        owner_id: id(),
        ..product(&world.user().await, draft("라떼"))
    };
    let refused = world.products.insert(&orphan).await;
    assert!(matches!(refused, Err(RepositoryError::Storage(_))));
    world.assert_indexed([]).await;
}

async fn extreme_values_survive(world: Arc<World>) {
    let owner = world.user().await;
    for (amount, date) in [
        (MAX_AMOUNT, "9999-12-31"),
        (0, "1970-01-01"),
        (1, "2028-02-29"),
    ] {
        let extreme = ProductDraft {
            price: won(amount),
            cost: won(MAX_AMOUNT - amount),
            expiration_date: Some(day(date)),
            name: product_name(&"뷁".repeat(120)),
            description: Some(description(&"🍰".repeat(2_000))),
            ..draft("라떼")
        };
        let stored = world.store_product(product(&owner, extreme)).await;
        assert_eq!(world.found(&stored).await, Some(stored));
    }
    let largest = Product {
        id: i64::MAX.into(),
        ..product(&owner, draft("라떼"))
    };
    let largest = world.store_product(largest).await;
    assert_eq!(world.found(&largest).await.as_ref(), Some(&largest));

    let mut dear = ProductQuery::newest(10);
    dear.price_min = Some(won(MAX_AMOUNT));
    let listed = world.page(&owner, &dear).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].draft.price, won(MAX_AMOUNT));
}

async fn times_survive_to_the_microsecond(world: Arc<World>) {
    let owner = world.user().await;
    let stored = Product {
        created_at: "2000-02-29T23:59:59.999999Z".parse().expect("a time"),
        updated_at: "2105-12-31T23:59:59.000001Z".parse().expect("a time"),
        ..product(&owner, draft("라떼"))
    };
    let stored = world.store_product(stored).await;
    assert_eq!(world.found(&stored).await, Some(stored));

    let found = world.users.find(owner.id).await.expect("a look");
    assert_eq!(found.map(|found| found.created_at), Some(noon()));
}

async fn text_of_every_script_survives(world: Arc<World>) {
    let owner = world.user().await;
    for text in [
        "👩🏽‍🍳🇰🇷🍰",
        "𠮷野家 \u{10ffff}",
        "Crème brûlée ﷽ ½",
        "'; DROP TABLE products; --",
        "\\ % _ \" ` $1 ? :a",
        "ㅅㅋㄹ ㄳ",
        "a\u{301}",
    ] {
        let stored = ProductDraft {
            description: Some(description(text)),
            ..draft(text)
        };
        let stored = world.store_product(product(&owner, stored)).await;
        assert_eq!(world.found(&stored).await, Some(stored), "{text}");
    }

    // Conjoining jamo come back as the syllables they make.
    let latte = "\u{1105}\u{1161}\u{1104}\u{1166}";
    let stored = world.store_product(product(&owner, draft(latte))).await;
    let found = world.found(&stored).await.expect("a product");
    assert_eq!(found.draft.name.as_str(), "라떼");
}
