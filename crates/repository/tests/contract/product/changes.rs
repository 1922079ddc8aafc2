//! Changing products, one at a time and all at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::product::{Product, ProductChange, ProductOutcome, ProductRepository, Size, Version};
use test_database::on_every_engine;

use crate::builders::{
    barcode, category, day, description, draft, full_draft, id, minutes, noon, product, renamed,
    repriced, won,
};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_change_changes_what_it_names_and_no_more,
    an_explicit_null_clears_a_field,
    a_change_that_changes_nothing_is_no_new_version,
    a_change_of_an_outdated_version_is_stale,
    another_owners_product_cannot_be_changed,
    of_many_changes_of_one_version_one_is_made,
    changes_of_different_fields_at_once_are_all_made,
    renames_at_once_leave_the_index_in_step,
}

impl World {
    pub(super) async fn change(
        &self,
        product: &Product,
        expected: Option<Version>,
        change: ProductChange,
    ) -> ProductOutcome {
        let (owner, id) = (product.owner_id, product.id);
        let outcome = self
            .products
            .update(owner, id, expected, &change, minutes(1));
        outcome.await.expect("an outcome")
    }
}

/// One change of each field.
fn one_of_each() -> Vec<ProductChange> {
    let none = ProductChange::default;
    vec![
        ProductChange {
            category: Some(category("커피")),
            ..none()
        },
        renamed("바닐라 라떼"),
        ProductChange {
            description: Some(Some(description("달다"))),
            ..none()
        },
        repriced(7_777),
        ProductChange {
            cost: Some(won(1)),
            ..none()
        },
        ProductChange {
            barcode: Some(Some(barcode("A-1"))),
            ..none()
        },
        ProductChange {
            expiration_date: Some(Some(day("2027-01-31"))),
            ..none()
        },
        ProductChange {
            size: Some(Size::Large),
            ..none()
        },
    ]
}

async fn a_change_changes_what_it_names_and_no_more(world: Arc<World>) {
    let owner = world.user().await;
    let bystander = world.store_product(product(&owner, draft("라떼"))).await;
    let mut expected = world.store_product(product(&owner, draft("라떼"))).await;
    for change in one_of_each() {
        expected = change.apply(&expected, minutes(1));
        let outcome = world.change(&expected, None, change).await;
        assert_eq!(outcome, ProductOutcome::Done(Box::new(expected.clone())));
        assert_eq!(world.current(&owner, expected.id).await, expected);
    }
    assert_eq!(expected.version, Version::from(9));
    assert_eq!(world.current(&owner, bystander.id).await, bystander);
    world.assert_indexed([&bystander, &expected]).await;
}

async fn an_explicit_null_clears_a_field(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, full_draft())).await;
    let clear = ProductChange {
        description: Some(None),
        barcode: Some(None),
        expiration_date: Some(None),
        ..ProductChange::default()
    };
    world.change(&stored, None, clear).await;
    let found = world.current(&owner, stored.id).await.draft;
    assert_eq!(found.description, None);
    assert_eq!(found.barcode, None);
    assert_eq!(found.expiration_date, None);
    assert_eq!(found.name, stored.draft.name);
}

async fn a_change_that_changes_nothing_is_no_new_version(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let same = renamed("라떼");
    for expected in [None, Some(Version::FIRST)] {
        let outcome = world.change(&stored, expected, same.clone()).await;
        assert_eq!(outcome, ProductOutcome::Done(Box::new(stored.clone())));
    }
    assert_eq!(world.current(&owner, stored.id).await, stored);
}

async fn a_change_of_an_outdated_version_is_stale(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let first = Some(Version::FIRST);
    let outcome = world.change(&stored, first, repriced(1)).await;
    assert!(matches!(outcome, ProductOutcome::Done(_)));
    let changed = world.current(&owner, stored.id).await;
    for outdated in [first, Some(Version::from(3))] {
        let outcome = world.change(&stored, outdated, renamed("모카")).await;
        assert_eq!(outcome, ProductOutcome::Stale);
        let thrown = world.products.delete(owner.id, stored.id, outdated, noon());
        assert_eq!(thrown.await.expect("an outcome"), ProductOutcome::Stale);
    }
    assert_eq!(world.current(&owner, stored.id).await, changed);
    world.assert_indexed([&changed]).await;
}

async fn another_owners_product_cannot_be_changed(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let theirs = Product {
        owner_id: other.id,
        ..stored.clone()
    };
    let absent = Product {
        id: id(),
        ..stored.clone()
    };
    for unreachable in [theirs, absent] {
        let outcome = world.change(&unreachable, None, repriced(1)).await;
        assert_eq!(outcome, ProductOutcome::Absent);
        let (owner, id) = (unreachable.owner_id, unreachable.id);
        let thrown = world.products.delete(owner, id, None, noon()).await;
        assert_eq!(thrown.expect("an outcome"), ProductOutcome::Absent);
        let restored = world.products.restore(owner, id, noon()).await;
        assert_eq!(restored.expect("an outcome"), ProductOutcome::Absent);
    }
    assert_eq!(world.current(&owner, stored.id).await, stored);
}

async fn of_many_changes_of_one_version_one_is_made(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let outcomes = race(|number| {
        let (world, stored) = (world.clone(), stored.clone());
        let change = renamed(&format!("라떼 {number}"));
        async move { world.change(&stored, Some(Version::FIRST), change).await }
    });
    let outcomes = outcomes.await;
    let done = count(&outcomes, |o| matches!(o, ProductOutcome::Done(_)));
    let stale = count(&outcomes, |o| *o == ProductOutcome::Stale);
    assert_eq!((done, stale), (1, RUNNERS - 1));
    let current = world.current(&owner, stored.id).await;
    assert_eq!(current.version, Version::from(2));
    world.assert_indexed([&current]).await;
}

async fn changes_of_different_fields_at_once_are_all_made(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    // Each field but the price is changed by one runner, the price by all the others.
    let mut changes = one_of_each();
    let prices: BTreeSet<i64> = (1..).take(RUNNERS - changes.len()).collect();
    changes.extend(prices.iter().map(|price| repriced(*price)));
    let outcomes = race(|number| {
        let (world, stored) = (world.clone(), stored.clone());
        let change = changes[number].clone();
        async move { world.change(&stored, None, change).await }
    });
    let outcomes = outcomes.await;
    let done = count(&outcomes, |o| matches!(o, ProductOutcome::Done(_)));
    assert_eq!(done, RUNNERS);

    let current = world.current(&owner, stored.id).await;
    assert_eq!(current.version, Version::from(21));
    let mut expected = one_of_each()
        .iter()
        .fold(stored, |product, change| change.apply(&product, noon()))
        .draft;
    let price = current.draft.price;
    assert!(prices.contains(&price.get()) || price == expected.price);
    expected.price = price;
    assert_eq!(current.draft, expected);
    world.assert_indexed([&current]).await;
}

async fn renames_at_once_leave_the_index_in_step(world: Arc<World>) {
    let owner = world.user().await;
    let mut stored = Vec::new();
    for _ in 0..4 {
        stored.push(world.store_product(product(&owner, draft("라떼"))).await);
    }
    let outcomes = race(|number| {
        let (world, stored) = (world.clone(), stored[number % stored.len()].clone());
        let names = [
            "슈크림 라떼",
            "바닐라 라떼",
            "카페 모카",
            "달걀 샌드위치",
            "닭가슴살",
        ];
        let change = renamed(names[number / 4]);
        async move { world.change(&stored, None, change).await }
    });
    let outcomes = outcomes.await;
    let done = count(&outcomes, |o| matches!(o, ProductOutcome::Done(_)));
    assert_eq!(done, RUNNERS);
    let mut current = Vec::new();
    for product in &stored {
        current.push(world.current(&owner, product.id).await);
    }
    world.assert_indexed(&current).await;
}
