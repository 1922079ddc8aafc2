//! What Ensemble is about, without any I/O: entities, validated values, and the ports
//! through which use-cases reach storage and the outside world.
//!
//! Nothing here knows a database, a web framework or a runtime. A value that exists is valid:
//! constructors named `parse` are the only way in, so no other layer checks again.

pub mod chat;
pub mod clock;
pub mod error;
pub mod event;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod hangul;
pub mod id;
pub mod limit;
pub mod notification;
pub mod once;
pub mod outfit;
pub mod persona;
pub mod product;
pub mod text;
pub mod unit_of_work;
pub mod user;

pub use clock::{Clock, SystemClock};
pub use error::{RepositoryError, ValueError};
pub use id::IdGenerator;
