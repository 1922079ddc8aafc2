//! A seller's own products.

mod barcode;
mod change;
mod entity;
mod query;
mod repository;
mod values;

pub use barcode::Barcode;
pub use change::ProductChange;
pub use entity::{Product, ProductDraft, ProductId, Version};
pub use query::{Position, ProductQuery, Sort};
#[cfg(feature = "mock")]
pub use repository::MockProductRepository;
pub use repository::{ImportId, ProductOutcome, ProductRepository};
pub use values::{Category, Description, MAX_AMOUNT, ProductName, Size, Won, expiration_date};
