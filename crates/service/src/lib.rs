//! The use-cases of Ensemble: who may do what, in which order things take effect, and what is
//! one transaction. A trait and one implementation for each group of use-cases.

pub mod chat;
pub mod figures;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod health;
mod hex;
pub mod maintenance;
pub mod notification;
pub mod once;
pub mod outfit;
pub mod persona;
pub mod product;
pub mod remembered;
pub mod requests;
mod retry;
pub mod sealing;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod user;
