//! Throwing products away and taking them out of the bin again.

use std::sync::Arc;

use domain::hangul::Pattern;
use domain::product::{Product, ProductOutcome, ProductQuery, ProductRepository, Version};
use test_database::on_every_engine;

use crate::builders::{draft, full_draft, minutes, noon, product, renamed};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_product_in_the_bin_is_seen_in_the_bin_only,
    a_product_in_the_bin_cannot_be_changed_or_thrown_away_again,
    a_product_comes_out_of_the_bin_as_it_went_in,
    restoring_twice_is_restoring_once,
    restoring_what_was_never_thrown_away_leaves_it_as_it_is,
    of_many_who_throw_a_product_away_one_does,
    throwing_away_and_restoring_at_once_leaves_the_index_in_step,
}

impl World {
    async fn throw_away(&self, product: &Product) -> ProductOutcome {
        let (owner, id) = (product.owner_id, product.id);
        let outcome = self.products.delete(owner, id, None, minutes(1)).await;
        outcome.expect("an outcome")
    }

    async fn restore(&self, product: &Product) -> ProductOutcome {
        let (owner, id) = (product.owner_id, product.id);
        let outcome = self.products.restore(owner, id, minutes(2)).await;
        outcome.expect("an outcome")
    }
}

fn bin() -> ProductQuery {
    ProductQuery {
        deleted: true,
        ..ProductQuery::newest(10)
    }
}

fn search(text: &str, query: ProductQuery) -> ProductQuery {
    ProductQuery {
        search: Pattern::parse(text),
        ..query
    }
}

async fn a_product_in_the_bin_is_seen_in_the_bin_only(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let kept = world.store_product(product(&owner, draft("라떼"))).await;
    let thrown = world.store_product(product(&owner, draft("라떼"))).await;
    let expected = Product {
        version: Version::from(2),
        updated_at: minutes(1),
        deleted_at: Some(minutes(1)),
        ..thrown.clone()
    };
    let outcome = world.throw_away(&thrown).await;
    assert_eq!(outcome, ProductOutcome::Done(Box::new(expected.clone())));

    let found = world.products.find_owned(owner.id, thrown.id).await;
    assert_eq!(found.expect("a look"), None);
    let (kept, expected) = ([kept], [expected]);
    let shelf = ProductQuery::newest(10);
    assert_eq!(world.page(&owner, &shelf).await, kept);
    let found = search("ㄹㄸ", shelf);
    assert_eq!(world.page(&owner, &found).await, kept);
    world.assert_indexed(&kept).await;

    assert_eq!(world.page(&owner, &bin()).await, expected);
    let found = search("ㄹㄸ", bin());
    assert_eq!(world.page(&owner, &found).await, expected);
    assert_eq!(world.page(&owner, &search("모카", bin())).await, []);
    assert_eq!(world.page(&other, &bin()).await, []);
}

async fn a_product_in_the_bin_cannot_be_changed_or_thrown_away_again(world: Arc<World>) {
    let owner = world.user().await;
    let thrown = world.store_product(product(&owner, draft("라떼"))).await;
    world.throw_away(&thrown).await;
    let outcome = world.change(&thrown, None, renamed("모카")).await;
    assert_eq!(outcome, ProductOutcome::Absent);
    assert_eq!(world.throw_away(&thrown).await, ProductOutcome::Absent);
    assert_eq!(world.page(&owner, &bin()).await[0].draft, thrown.draft);
}

async fn a_product_comes_out_of_the_bin_as_it_went_in(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let stored = world.store_product(product(&owner, full_draft())).await;
    world.throw_away(&stored).await;
    let theirs = world.products.restore(other.id, stored.id, noon()).await;
    assert_eq!(theirs.expect("an outcome"), ProductOutcome::Absent);

    let expected = Product {
        version: Version::from(3),
        updated_at: minutes(2),
        ..stored.clone()
    };
    let outcome = world.restore(&stored).await;
    assert_eq!(outcome, ProductOutcome::Done(Box::new(expected.clone())));
    assert_eq!(world.current(&owner, stored.id).await, expected);
    assert_eq!(world.page(&owner, &bin()).await, []);
    let found = search("슈ㅋㄹ", ProductQuery::newest(10));
    assert_eq!(world.page(&owner, &found).await, [expected]);
    world.assert_indexed([&stored]).await;
}

async fn restoring_twice_is_restoring_once(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    world.throw_away(&stored).await;
    let once = world.restore(&stored).await;
    assert_eq!(world.restore(&stored).await, once);
    world.assert_indexed([&stored]).await;
}

async fn restoring_what_was_never_thrown_away_leaves_it_as_it_is(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let outcome = world.restore(&stored).await;
    assert_eq!(outcome, ProductOutcome::Done(Box::new(stored.clone())));
    assert_eq!(world.current(&owner, stored.id).await, stored);
}

async fn of_many_who_throw_a_product_away_one_does(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_product(product(&owner, draft("라떼"))).await;
    let outcomes = race(|_| {
        let (world, stored) = (world.clone(), stored.clone());
        async move { world.throw_away(&stored).await }
    });
    let outcomes = outcomes.await;
    let done = count(&outcomes, |o| matches!(o, ProductOutcome::Done(_)));
    let absent = count(&outcomes, |o| *o == ProductOutcome::Absent);
    assert_eq!((done, absent), (1, RUNNERS - 1));
    world.assert_indexed([]).await;
}

async fn throwing_away_and_restoring_at_once_leaves_the_index_in_step(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world
        .store_product(product(&owner, draft("슈크림 라떼")))
        .await;
    let moves = race(|number| {
        let (world, stored) = (world.clone(), stored.clone());
        async move {
            if number % 2 == 0 {
                world.throw_away(&stored).await
            } else {
                world.restore(&stored).await
            }
        }
    });
    moves.await;
    let shelf = world.page(&owner, &ProductQuery::newest(10)).await;
    assert_eq!(shelf.len() + world.page(&owner, &bin()).await.len(), 1);
    world.assert_indexed(&shelf).await;
}
