//! The routes over mocked services: what they read, what they answer, what they refuse.

mod accounts;
mod authentication;
mod errors;
mod guests;
mod listing;
mod outfits;
mod products;
mod sessions;
mod system;
mod transfer;
mod world;
