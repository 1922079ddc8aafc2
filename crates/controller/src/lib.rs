//! HTTP: what the routes read and answer. No route knows storage or the outside world.

mod app;
mod cors;
pub mod demo;
mod feed_page;
pub mod http;
mod identity;
mod outfit;
mod product;
mod rules;
mod system;
mod user;

pub use app::{Finished, Services, collect, finish};
pub use identity::{CookieSettings, SameSite};
