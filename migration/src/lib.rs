//! The database schema of Ensemble, as steps that can be taken and taken back.
//!
//! One migration makes one table: MySQL commits every DDL statement by itself, so a step that
//! was cut off half-way must be repeatable, and small steps are.

pub mod erd;
mod lock;
mod portable;
mod steps;

pub use sea_orm_migration::MigrationStatus;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        steps::all()
    }
}

/// Takes every step not yet taken. Nodes that start at once take turns, so each step is taken
/// once.
///
/// # Errors
/// Whatever the engine says.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    let lock = lock::acquire(db).await?;
    let outcome = Migrator::up(db, None).await;
    lock.release().await?;
    outcome
}

/// Takes back the latest `steps` steps.
///
/// # Errors
/// Whatever the engine says.
pub async fn down(db: &DatabaseConnection, steps: u32) -> Result<(), DbErr> {
    let lock = lock::acquire(db).await?;
    let outcome = Migrator::down(db, Some(steps)).await;
    lock.release().await?;
    outcome
}

/// Each step's name and whether it has been taken. Only looks: a database without any step stays
/// as it is.
///
/// # Errors
/// Whatever the engine says.
pub async fn status(db: &DatabaseConnection) -> Result<Vec<(String, MigrationStatus)>, DbErr> {
    let steps = Migrator::get_migration_with_status_read_only(db).await?;
    Ok(steps
        .iter()
        .map(|step| (step.name().to_owned(), step.status()))
        .collect())
}

/// The names of all steps that this program knows, oldest first.
#[must_use]
pub fn names() -> Vec<String> {
    let steps = Migrator::migrations();
    steps.iter().map(|step| step.name().to_owned()).collect()
}

/// The names of the steps that have been taken, oldest first; also of those that this program does
/// not know. Only looks.
///
/// # Errors
/// Whatever the engine says, also where no step was ever taken.
pub async fn taken<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
