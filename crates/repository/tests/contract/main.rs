//! What every engine has to do alike: one suite for the repository ports, run against SQLite
//! always and against the servers that `TEST_POSTGRES_URL` and `TEST_MYSQL_URL` name.
//!
//! Each behaviour is one async function over a [`world::World`] of its own.

mod api_keys;
mod builders;
mod chat;
mod conversations;
mod index;
mod notification;
mod once;
mod outbox_status;
mod outfit;
mod pages;
mod persona;
mod pools;
mod product;
mod race;
mod random;
mod unit_of_work;
mod user;
mod world;
