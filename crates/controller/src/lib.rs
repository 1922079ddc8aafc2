//! HTTP: what the routes read and answer. No route knows storage or the outside world.

mod account_page;
mod app;
pub mod build;
mod built_in_page;
mod chat;
mod chat_page;
mod cors;
pub mod demo;
mod done;
mod feed_page;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
mod identity;
mod limited;
mod notification;
mod once;
mod outfit;
mod persona;
mod product;
mod routes;
mod rules;
mod services;
mod system;
mod user;
pub mod websocket;

pub use app::{Finished, collect, finish};
pub use chat::ChatSettings;
pub use identity::{CookieSettings, SameSite};
pub use services::Services;
