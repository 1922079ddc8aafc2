//! Load on a running server, and what the server spends on it.
//!
//! Absolute rates depend on the machine and on what else it does; the processor time a request
//! costs the server, beside that of a constant answered by actix, hardly does. So both are given.

use std::error::Error;

pub mod client;
pub mod data;
pub mod database;
pub mod friends;
pub mod load;
pub mod outfits;
pub mod paced;
pub mod process;
pub mod settings;
pub mod socket;
pub mod talk;

/// Whatever goes wrong ends the bench.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;
