//! The routes over mocked services: what they read, what they answer, what they refuse.

mod accounts;
mod authentication;
mod errors;
mod guests;
mod headers;
mod kept_by_pages;
mod limits;
mod listing;
mod mail;
mod media;
mod outfits;
mod personas;
mod products;
mod schema_names;
mod sessions;
mod social;
mod system;
mod transfer;
mod world;
