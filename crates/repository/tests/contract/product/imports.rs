//! Imports: products that nobody sees until all of them are there.

use std::sync::Arc;

use domain::hangul::Pattern;
use domain::product::{ImportId, Product, ProductOutcome, ProductQuery, ProductRepository};
use domain::user::User;
use test_database::on_every_engine;

use crate::builders::{draft, full_draft, id, noon, product, renamed};
use crate::pages::{SORTS, sorted};
use crate::race::{RUNNERS, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    staged_products_are_invisible_until_they_are_published,
    staged_products_cannot_be_touched,
    an_import_of_several_batches_is_published_at_once,
    a_large_batch_is_staged,
    a_batch_is_staged_wholly_or_not_at_all,
    nothing_is_staged_from_nothing,
    a_discarded_import_leaves_nothing,
    a_published_import_cannot_be_discarded,
    only_older_imports_are_swept_away,
    an_import_that_is_published_and_discarded_at_once_is_one_or_the_other,
}

impl World {
    async fn stage(&self, import: ImportId, products: &[Product]) {
        let staged = self.products.stage(import, products).await;
        staged.expect("stages a batch");
    }

    async fn assert_shelf(&self, owner: &User, expected: &[Product]) {
        for sort in SORTS {
            for search in [None, Pattern::parse("ㄹㄸ")] {
                let query = ProductQuery {
                    search,
                    sort,
                    ..ProductQuery::newest(3)
                };
                let walked = self.walk(owner, query).await;
                assert_eq!(walked, sorted(expected, sort), "{sort:?}");
            }
        }
        let bin = ProductQuery {
            deleted: true,
            ..ProductQuery::newest(10)
        };
        assert_eq!(self.page(owner, &bin).await, []);
    }
}

fn lattes(owner: &User, count: usize) -> Vec<Product> {
    let latte = |number| product(owner, draft(&format!("라떼 {number}")));
    (0..count).map(latte).collect()
}

async fn staged_products_are_invisible_until_they_are_published(world: Arc<World>) {
    let owner = world.user().await;
    let mut shelf = lattes(&owner, 2);
    world.store_products(&shelf).await;
    let mut staged = lattes(&owner, 5);
    staged.push(product(&owner, full_draft()));
    let import = id();
    world.stage(import, &staged).await;

    world.assert_shelf(&owner, &shelf).await;
    for product in &staged {
        let found = world.products.find_owned(owner.id, product.id).await;
        assert_eq!(found.expect("a look"), None);
    }

    assert_eq!(world.products.publish(import).await.expect("a number"), 6);
    for product in &staged {
        assert_eq!(world.current(&owner, product.id).await, *product);
    }
    world.assert_indexed(shelf.iter().chain(&staged)).await;
    shelf.extend(staged);
    world.assert_shelf(&owner, &shelf).await;
    let again = world.products.publish(import).await;
    assert_eq!(again.expect("a number"), 0);
}

async fn staged_products_cannot_be_touched(world: Arc<World>) {
    let owner = world.user().await;
    let (import, staged) = (id(), lattes(&owner, 1));
    world.stage(import, &staged).await;
    let outcome = world.change(&staged[0], None, renamed("모카")).await;
    assert_eq!(outcome, ProductOutcome::Absent);
    let (owner, id) = (owner.id, staged[0].id);
    let outcome = world.products.delete(owner, id, None, noon()).await;
    assert_eq!(outcome.expect("an outcome"), ProductOutcome::Absent);
    let outcome = world.products.restore(owner, id, noon()).await;
    assert_eq!(outcome.expect("an outcome"), ProductOutcome::Absent);
    assert_eq!(world.products.publish(import).await.expect("a number"), 1);
}

async fn an_import_of_several_batches_is_published_at_once(world: Arc<World>) {
    let owner = world.user().await;
    let (import, other) = (id(), id());
    let shelf = lattes(&owner, 6);
    let (first, second) = shelf.split_at(4);
    world.stage(import, first).await;
    world.stage(import, second).await;
    world.stage(other, &lattes(&owner, 2)).await;
    assert_eq!(world.products.publish(import).await.expect("a number"), 6);
    world.assert_shelf(&owner, &shelf).await;
}

async fn a_large_batch_is_staged(world: Arc<World>) {
    let owner = world.user().await;
    // More values than any engine binds to one statement.
    let batch: Vec<_> = (0..4_000).map(|_| product(&owner, draft("가"))).collect();
    let import = id();
    world.stage(import, &batch).await;
    let published = world.products.publish(import).await;
    assert_eq!(published.expect("a number"), 4_000);
    world.assert_indexed(&batch).await;
}

async fn a_batch_is_staged_wholly_or_not_at_all(world: Arc<World>) {
    let owner = world.user().await;
    let shelf = lattes(&owner, 1);
    world.store_products(&shelf).await;
    let mut batch = lattes(&owner, 3);
    batch.extend(shelf.clone());
    assert!(world.products.stage(id(), &batch).await.is_err());
    assert_eq!(world.count("products").await, 1);
    world.assert_indexed(&shelf).await;
}

async fn nothing_is_staged_from_nothing(world: Arc<World>) {
    let import = id();
    world.stage(import, &[]).await;
    assert_eq!(world.products.publish(import).await.expect("a number"), 0);
    assert_eq!(world.products.discard(import).await.expect("a number"), 0);
}

async fn a_discarded_import_leaves_nothing(world: Arc<World>) {
    let owner = world.user().await;
    let shelf = lattes(&owner, 2);
    world.store_products(&shelf).await;
    let (discarded, kept) = (id(), id());
    let staged = lattes(&owner, 2);
    world.stage(discarded, &lattes(&owner, 5)).await;
    world.stage(kept, &staged).await;

    let number = world.products.discard(discarded).await;
    assert_eq!(number.expect("a number"), 5);
    assert_eq!(world.count("products").await, 4);
    world.assert_indexed(shelf.iter().chain(&staged)).await;
    let number = world.products.publish(discarded).await;
    assert_eq!(number.expect("a number"), 0);
}

async fn a_published_import_cannot_be_discarded(world: Arc<World>) {
    let owner = world.user().await;
    let (import, staged) = (id(), lattes(&owner, 3));
    world.stage(import, &staged).await;
    world.products.publish(import).await.expect("a number");
    assert_eq!(world.products.discard(import).await.expect("a number"), 0);
    let swept = world.products.discard_staged(id()).await;
    assert_eq!(swept.expect("a number"), 0);
    world.assert_shelf(&owner, &staged).await;
}

async fn only_older_imports_are_swept_away(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let shelf = lattes(&owner, 1);
    world.store_products(&shelf).await;
    let (oldest, old, current): (ImportId, ImportId, ImportId) = (id(), id(), id());
    let under_way = lattes(&owner, 4);
    world.stage(oldest, &lattes(&owner, 2)).await;
    world.stage(old, &lattes(&other, 3)).await;
    world.stage(current, &under_way).await;

    let swept = world.products.discard_staged(current).await;
    assert_eq!(swept.expect("a number"), 5);
    world.assert_indexed(shelf.iter().chain(&under_way)).await;
    assert_eq!(world.products.publish(current).await.expect("a number"), 4);
}

async fn an_import_that_is_published_and_discarded_at_once_is_one_or_the_other(world: Arc<World>) {
    let owner = world.user().await;
    let (import, staged) = (id(), lattes(&owner, 8));
    world.stage(import, &staged).await;
    let counts = race(|number| {
        let world = world.clone();
        async move {
            let done = if number % 2 == 0 {
                world.products.publish(import).await
            } else {
                world.products.discard(import).await
            };
            (number % 2 == 0, done.expect("a number"))
        }
    });
    let done: Vec<_> = counts.await.into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(done.len(), 1, "of {RUNNERS} one does something: {done:?}");
    let (published, number) = done[0];
    assert_eq!(number, 8);
    let shelf = if published { staged } else { Vec::new() };
    world.assert_shelf(&owner, &shelf).await;
    world.assert_indexed(&shelf).await;
}
