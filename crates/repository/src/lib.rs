//! The repository ports of the domain on SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! One struct per port, over an [`executor::Executor`] that is either the pools or an open
//! transaction, so that the same queries serve both. Three rules keep the engines alike: ids and
//! times are made by the application, nothing is read and then written without a lock or a
//! condition, and a statement that failed ends its transaction (docs/adr/0002-portable-schema.md).

mod batch;
pub mod chat;
pub mod connection;
mod error;
mod executor;
mod insert;
mod line;
pub mod notification;
pub mod once;
pub mod outfit;
pub mod persona;
pub mod product;
mod time;
mod unit_of_work;
pub mod user;

pub use connection::{Database, DatabaseOptions, Engine, Line, PoolFigures, Synchronous};
pub use unit_of_work::SeaUnitOfWorkFactory;
