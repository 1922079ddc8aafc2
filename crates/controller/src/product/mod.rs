//! Products on the wire.

mod dto;
mod problem;
mod query;
mod routes;
mod transfer;
mod upload;

pub(crate) use routes::{
    OfProduct, create, delete_by_path, delete_by_query, find, list, restore, update_by_body,
    update_by_path,
};
pub(crate) use transfer::{export, import};
pub(crate) use upload::{ImportLimit, Report, Upload};
