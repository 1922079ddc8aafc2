//! A database's schema as text, to be compared with itself.

use migration::MigrationStatus;
use repository::{Database, DatabaseOptions, Engine};
use sea_orm_migration::sea_orm::{ConnectionTrait, QueryResult, Statement};

const SQLITE: &str = "SELECT type || ' ' || name || ': ' || coalesce(sql, tbl_name) AS line \
    FROM sqlite_master ORDER BY 1";

/// PostgreSQL does not give a column's number again: here it is its place among those there are.
const POSTGRES: &str = "\
    SELECT concat_ws(' ', table_name, \
        rank() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, \
        character_maximum_length, collation_name, is_nullable, column_default) AS line \
    FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1";

const MYSQL: &str = "\
    SELECT concat_ws(' ', table_name, ordinal_position, column_name, column_type, \
        collation_name, is_nullable, column_default) AS line \
    FROM information_schema.columns WHERE table_schema = database() \
    UNION ALL SELECT concat_ws(' ', table_name, index_name, seq_in_index, column_name, non_unique) \
    FROM information_schema.statistics WHERE table_schema = database() \
    UNION ALL SELECT concat_ws(' ', table_name, constraint_name, referenced_table_name, \
        delete_rule) \
    FROM information_schema.referential_constraints WHERE constraint_schema = database() \
    ORDER BY 1";

/// Connects as a node does.
pub(crate) async fn connect(url: &str) -> Database {
    let database = Database::connect(&DatabaseOptions::new(url)).await;
    database.expect("the database is there")
}

/// Every column, index and constraint, a line each.
pub(crate) async fn schema(database: &Database) -> Vec<String> {
    let sql = match database.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
        Engine::MySql => MYSQL,
    };
    let rows = query(database, sql).await;
    rows.iter()
        .map(|row| row.try_get("", "line"))
        .collect::<Result<_, _>>()
        .expect("lines")
}

/// How many steps have been taken, and how many there are.
pub(crate) async fn progress(database: &Database) -> (usize, usize) {
    let steps = migration::status(&database.write())
        .await
        .expect("a status");
    let taken = |status: &MigrationStatus| matches!(status, MigrationStatus::Applied);
    let taken = steps.iter().filter(|(_, status)| taken(status)).count();
    (taken, steps.len())
}

/// How many steps are noted as taken.
pub(crate) async fn notes(database: &Database) -> usize {
    query(database, "SELECT version FROM seaql_migrations")
        .await
        .len()
}

/// What the database answers.
pub(crate) async fn query(database: &Database, sql: &str) -> Vec<QueryResult> {
    let write = database.write();
    let statement = Statement::from_string(write.get_database_backend(), sql);
    write.query_all_raw(statement).await.expect("an answer")
}

/// Changes something.
pub(crate) async fn run(database: &Database, sql: &str) {
    let write = database.write();
    write.execute_unprepared(sql).await.expect("a change");
}
