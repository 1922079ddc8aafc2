//! The schema: its steps can be taken and taken back on every engine, by any number of nodes at
//! once, they carry over what there was, and `docs/erd.dot` shows what they come to.

mod drawing;
mod filling;
mod rolling;
mod snapshot;
mod steps;
