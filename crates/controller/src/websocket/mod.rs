//! WebSockets (RFC 6455) as messages, whatever these are about; the chat's socket stands on it.

mod breach;
mod gauge;
mod pieces;
mod wire;

pub use pieces::Whole;
pub use wire::{End, Wire};
