//! HTTP: what the routes read and answer. No route knows storage or the outside world.

mod app;
pub mod http;
mod identity;
mod product;
mod rules;
mod system;
mod user;

pub use app::{Finished, Services, collect, finish};
pub use identity::{SignedIn, SignedInWith};
