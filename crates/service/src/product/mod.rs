//! A seller's products: keeping, finding, bringing in and taking out.

mod columns;
pub(crate) mod cursor;
mod error;
mod export;
mod formula;
mod import;
mod lines;
pub(crate) use lines::Lines;
mod remembered;
mod service;

pub use columns::ImportOptions;
pub use error::{ImportError, ProductError};
pub use export::CsvStream;
pub use import::{ImportReport, ImportSource, Progress, RowProblem};
pub use remembered::RememberedProducts;
#[cfg(feature = "mock")]
pub use service::MockProductService;
pub use service::{DefaultProductService, ListProducts, Page, ProductService};
