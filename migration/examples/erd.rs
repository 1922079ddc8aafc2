//! Prints the schema in the DOT language: `cargo run -p migration --example erd > docs/erd.dot`.

use sea_orm_migration::prelude::DbErr;
use sea_orm_migration::sea_orm::Database;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), DbErr> {
    // One connection, and with it one database in memory.
    let database = Database::connect("sqlite::memory:").await?;
    migration::up(&database).await?;
    print!("{}", migration::erd::dot(&database).await?);
    Ok(())
}
