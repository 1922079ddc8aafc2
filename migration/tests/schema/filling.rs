//! Steps that carry over what there was.

use repository::Database;
use test_database::on_every_engine;

use crate::snapshot::{connect, query, run};

on_every_engine! {
    test_database::run;
    what_was_written_before_there_were_conversations_is_in_one_and_counts_as_read,
}

const CONVERSATIONS: &str = "m20261121_000045_create_conversations";

/// `(low, high, last message, its time, read by the one, read by the other)`, in order.
async fn conversations(database: &Database) -> Vec<[i64; 6]> {
    let columns = [
        "low_id",
        "high_id",
        "last_id",
        "last_at",
        "low_read_at",
        "high_read_at",
    ];
    let sql = format!(
        "SELECT {} FROM conversations ORDER BY low_id, high_id",
        columns.join(", ")
    );
    let rows = query(database, &sql).await;
    let one = |row: &sea_orm_migration::sea_orm::QueryResult| {
        columns.map(|column| row.try_get("", column).expect("a number"))
    };
    rows.iter().map(one).collect()
}

async fn what_was_written_before_there_were_conversations_is_in_one_and_counts_as_read(
    url: String,
) {
    let database = connect(&url).await;
    migration::up(&database.write()).await.expect("up");
    let names = migration::names();
    let place = names.iter().position(|name| name == CONVERSATIONS);
    let since = names.len() - place.expect("such a step");
    let since = u32::try_from(since).expect("a few steps");
    migration::down(&database.write(), since)
        .await
        .expect("down");

    // Two pairs; the later message of the first has the lower id, as that of a node whose clock is behind.
    for (id, low, high, at) in [(11, 1, 2, 200), (10, 1, 2, 300), (12, 1, 3, 250)] {
        let sql = format!(
            "INSERT INTO messages (id, low_id, high_id, author_id, content, created_at) \
             VALUES ({id}, {low}, {high}, {low}, '안녕', {at})"
        );
        run(&database, &sql).await;
    }
    migration::up(&database.write()).await.expect("up again");
    let expected = [[1, 2, 10, 300, 300, 300], [1, 3, 12, 250, 250, 250]];
    assert_eq!(conversations(&database).await, expected);

    // Cut off before it was noted, the step is taken again; what was said since stays as it is.
    run(
        &database,
        "UPDATE conversations SET last_id = 13, last_at = 400 WHERE high_id = 3",
    )
    .await;
    let unnoted = format!("DELETE FROM seaql_migrations WHERE version = '{CONVERSATIONS}'");
    run(&database, &unnoted).await;
    migration::up(&database.write())
        .await
        .expect("up once more");
    let expected = [[1, 2, 10, 300, 300, 300], [1, 3, 13, 400, 250, 250]];
    assert_eq!(conversations(&database).await, expected);
    database.close().await.expect("closes");
}
