//! Products on the wire.

mod dto;
mod problem;
mod query;
mod routes;
mod transfer;

pub(crate) use routes::{
    create, delete_by_path, delete_by_query, find, list, restore, update_by_body, update_by_path,
};
pub(crate) use transfer::{ImportLimit, export, import};
