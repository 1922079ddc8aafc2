//! A number that one thread changes while others read it.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// An `f32` in an atomic cell. Only one thread may write it (the learner): `add` is a load and a store.
#[derive(Debug, Default)]
pub(crate) struct AtomicF32(AtomicU32);

impl AtomicF32 {
    pub(crate) fn get(&self) -> f32 {
        f32::from_bits(self.0.load(Relaxed))
    }

    pub(crate) fn set(&self, value: f32) {
        self.0.store(value.to_bits(), Relaxed);
    }

    pub(crate) fn add(&self, amount: f32) {
        self.set(self.get() + amount);
    }
}
