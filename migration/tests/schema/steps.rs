//! Taking steps and taking them back.

use test_database::on_every_engine;
use tokio::sync::Barrier;

use crate::snapshot::{connect, notes, progress, schema};

on_every_engine! {
    test_database::run;
    any_number_of_steps_back_and_forth_leave_the_same_schema,
    steps_that_were_taken_are_not_taken_again,
    nodes_that_find_no_database_make_one_together,
    two_nodes_that_start_at_once_both_succeed,
    asking_which_steps_were_taken_takes_none_and_leaves_nothing,
}

async fn any_number_of_steps_back_and_forth_leave_the_same_schema(url: String) {
    let database = connect(&url).await;
    migration::up(&database.write()).await.expect("up");
    let (taken, all) = progress(&database).await;
    assert_eq!(taken, all);
    let complete = schema(&database).await;
    assert!(complete.len() > all, "a snapshot: {complete:#?}");

    for steps in 1..=all {
        let number = u32::try_from(steps).expect("a few steps");
        migration::down(&database.write(), number)
            .await
            .expect("down");
        assert_eq!(progress(&database).await, (all - steps, all));
        if steps == all {
            let left = schema(&database).await;
            let ours = |line: &&String| !line.contains("seaql_migrations");
            assert_eq!(left.iter().find(ours), None, "all of it is gone");
        }
        migration::up(&database.write()).await.expect("up again");
        assert_eq!(schema(&database).await, complete, "after {steps} steps");
    }
    database.close().await.expect("closes");
}

async fn steps_that_were_taken_are_not_taken_again(url: String) {
    let database = connect(&url).await;
    migration::up(&database.write()).await.expect("up");
    let complete = schema(&database).await;
    migration::up(&database.write())
        .await
        .expect("nothing to do");
    assert_eq!(schema(&database).await, complete);
    database.close().await.expect("closes");
}

async fn nodes_that_find_no_database_make_one_together(url: String) {
    let url: std::sync::Arc<str> = url.into();
    let mut nodes = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        nodes.spawn(async move { connect(&url).await });
    }
    for database in nodes.join_all().await {
        database.close().await.expect("closes");
    }
}

async fn two_nodes_that_start_at_once_both_succeed(url: String) {
    let start = Barrier::new(2);
    let node = async || {
        let database = connect(&url).await;
        start.wait().await;
        let outcome = migration::up(&database.write()).await;
        (database, outcome)
    };
    let ((first, one), (second, other)) = tokio::join!(node(), node());
    one.expect("the first node migrates or waits");
    other.expect("the second node migrates or waits");
    let (taken, all) = progress(&first).await;
    assert_eq!(taken, all);
    assert_eq!(notes(&second).await, all, "each step was taken once");
    first.close().await.expect("closes");
    second.close().await.expect("closes");
}

async fn asking_which_steps_were_taken_takes_none_and_leaves_nothing(url: String) {
    let database = connect(&url).await;
    let (taken, all) = progress(&database).await;
    assert!(taken == 0 && all > 0);
    assert_eq!(schema(&database).await, Vec::<String>::new());
    database.close().await.expect("closes");
}
