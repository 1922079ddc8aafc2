//! Pictures and portraits over HTTP.

mod media;
mod media_dto;
mod media_file;
mod media_upload;
mod portrait;
mod portrait_dto;
mod problem;

pub(crate) use media::{delete_media, list_media, upload_media};
pub(crate) use media_file::show_media;
pub(crate) use media_upload::UploadPlaces;
pub(crate) use portrait::draw_portrait;

mod dto;
mod flat;
mod instagram;
mod instagram_dto;
mod persona_problem;
mod routes;

pub(crate) use flat::{flat_create, flat_delete, flat_list, flat_update};
pub(crate) use instagram::{FrontEndAddress, accounts, callback, link, mapping, start, unlink};
pub(crate) use routes::{create, delete, find, list, update};
