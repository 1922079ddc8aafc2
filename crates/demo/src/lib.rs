//! The demonstration data of Ensemble: outfits with drawings, people whose taste drifts, and the
//! hearts they give.
//!
//! Everything follows from one seed, to the byte, on every machine: `ensemble seed` fills a
//! database with it, the evaluation measures the recommender against it, and the benches run on
//! it. There is no I/O here, no clock, and no arithmetic whose result depends on the platform.
//!
//! ```
//! let sizes = demo::Sizes { outfits: 24, people: 5, hearts: 50 };
//! let demo = demo::Demo::generate(&sizes, 1, 1_767_225_600_000_000);
//! assert_eq!(demo.hearts.len(), 50);
//! assert!(demo::draw(&demo.outfits[0]).starts_with("<svg"));
//! ```

mod brand;
mod calendar;
mod cluster;
mod compose;
mod demo;
mod draw;
mod garment;
mod heart;
mod names;
mod outfit;
mod palette;
mod person;
mod random;
mod shelf;
mod tag;
mod view;

pub use brand::Brand;
pub use cluster::Cluster;
pub use demo::{Demo, Sizes};
pub use draw::draw;
pub use heart::DemoHeart;
pub use outfit::{DemoOutfit, Gender, Season};
pub use person::{DemoPerson, TASTE_TOTAL, Taste};
pub use tag::Tag;
pub use view::DemoView;
