//! What is told of the pools of connections.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::TransactionTrait;
use test_database::on_every_engine;

use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_connection_in_use_is_not_idle,
}

async fn a_connection_in_use_is_not_idle(world: Arc<World>) {
    let names = || world.database.pools().into_iter().map(|pool| pool.name);
    match world.database.engine() {
        repository::Engine::Sqlite => assert!(names().eq(["read", "write"])),
        _ => assert!(names().eq(["shared"])),
    }
    let last = || world.database.pools().pop().expect("a pool");
    let held = world.database.write().begin().await;
    let held = held.expect("a transaction");
    // A connection that was given back a moment ago may be counted a moment later.
    let counted = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        while last().idle == last().open {
            rounds.tick().await;
        }
    };
    let counted = tokio::time::timeout(Duration::from_secs(20), counted).await;
    counted.expect("the one that is held is not idle");
    let pool = last();
    assert!(pool.open >= 1 && pool.open <= pool.most, "{pool:?}");
    held.rollback().await.expect("rolled back");
    if world.database.engine() == repository::Engine::Sqlite {
        assert_eq!(pool.most, 1);
    }
}
