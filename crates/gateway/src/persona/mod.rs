//! Pictures: where they are kept, how they are checked, and who draws portraits.

mod breaker;
mod decode;
mod drawing;
mod files;
mod gathered;
pub(crate) mod portrait_ai;
mod strip;
mod thumbnail;
mod workshop;

pub use files::{ObjectFiles, S3Access};
pub use portrait_ai::{HttpPortraitAi, PortraitAiSettings};
pub use workshop::{Workshop, WorkshopSettings};
