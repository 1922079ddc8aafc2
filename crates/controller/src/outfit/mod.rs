//! Outfits over HTTP: the old flat routes as clients know them, and the plain ones under `/api/v1`.

mod activity;
mod dto;
mod editor;
mod editor_dto;
mod feed;
mod flat;
mod flat_account;
mod hearts;
mod labels;
mod looks;
mod problem;
mod query;

pub(crate) use activity::*;
pub(crate) use editor::*;
pub(crate) use feed::*;
pub(crate) use flat::*;
pub(crate) use flat_account::*;
pub(crate) use hearts::*;
pub(crate) use labels::*;
pub(crate) use looks::*;
