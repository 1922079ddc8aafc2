//! The use-cases of Ensemble: who may do what, in which order things take effect, and what is
//! one transaction. A trait and one implementation for each group of use-cases.

pub mod maintenance;
pub mod outfit;
pub mod product;
pub mod remembered;
mod retry;
#[cfg(test)]
mod testing;
pub mod throttle;
pub mod user;
