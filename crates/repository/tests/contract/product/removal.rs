//! Removing everything somebody has.

use std::sync::Arc;

use domain::product::{ProductQuery, ProductRepository};
use test_database::on_every_engine;

use crate::builders::{draft, id, noon, product, renamed};
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    removing_everything_leaves_no_row_and_nobody_elses,
    removing_more_than_a_batch_removes_all,
    removing_everything_while_things_are_renamed_leaves_no_trace,
}

async fn removing_everything_leaves_no_row_and_nobody_elses(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let mine: Vec<_> = ["라떼", "모카", "빵"]
        .map(|n| product(&owner, draft(n)))
        .into();
    let theirs: Vec<_> = ["라떼", "모카"].map(|n| product(&other, draft(n))).into();
    world.store_products(&mine).await;
    world.store_products(&theirs).await;
    let thrown = world.products.delete(owner.id, mine[0].id, None, noon());
    thrown.await.expect("a removal");
    let staged = [product(&owner, draft("staged"))];
    world.products.stage(id(), &staged).await.expect("a batch");

    let removed = world.products.delete_all(owner.id).await;
    assert_eq!(removed.expect("a number"), 4);
    let of_owner = format!("products WHERE owner_id = {}", owner.id);
    assert_eq!(world.count(&of_owner).await, 0);
    assert_eq!(world.count("products").await, 2);
    world.assert_indexed(&theirs).await;
    let again = world.products.delete_all(owner.id).await;
    assert_eq!(again.expect("a number"), 0);
}

async fn removing_more_than_a_batch_removes_all(world: Arc<World>) {
    let owner = world.user().await;
    let many: Vec<_> = (0..1_001).map(|_| product(&owner, draft("가"))).collect();
    let import = id();
    world.products.stage(import, &many).await.expect("a batch");
    world.products.publish(import).await.expect("a number");
    let removed = world.products.delete_all(owner.id).await;
    assert_eq!(removed.expect("a number"), 1_001);
    assert_eq!(world.count("products").await, 0);
    world.assert_indexed([]).await;
}

async fn removing_everything_while_things_are_renamed_leaves_no_trace(world: Arc<World>) {
    let owner = world.user().await;
    let shelf: Vec<_> = (0..10).map(|_| product(&owner, draft("라떼"))).collect();
    world.store_products(&shelf).await;
    race(|number| {
        let (world, owner) = (world.clone(), owner.id);
        let product = shelf[number % shelf.len()].clone();
        async move {
            match number {
                7 => {
                    let removed = world.products.delete_all(owner).await;
                    removed.expect("a number");
                }
                0..=13 => {
                    let change = renamed(&format!("모카 {number}"));
                    world.change(&product, None, change).await;
                }
                _ => {
                    let done = world.products.delete(owner, product.id, None, noon());
                    done.await.expect("an outcome");
                }
            }
        }
    })
    .await;
    assert_eq!(world.page(&owner, &ProductQuery::newest(10)).await, []);
    assert_eq!(world.count("products").await, 0);
    world.assert_indexed([]).await;
}
