//! A list that grows without ever moving what it holds.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

const CHUNK: usize = 1 << 12;
const CHUNKS: usize = 1 << 12;

/// Up to 16.7 million values in chunks of 4,096. Readers never wait: not for each other, not for a writer, not for
/// growth. Values come into being with their default and are filled through atomics.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    chunks: Box<[OnceLock<Box<[T]>>]>,
    len: AtomicU32,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
            len: AtomicU32::new(0),
        }
    }
}

impl<T: Default> Slab<T> {
    /// Makes room for one more and answers where it is, or `None` when the slab is full. One writer at a time.
    pub(crate) fn push(&self) -> Option<u32> {
        let at = self.len.load(Ordering::Relaxed);
        let chunk = self.chunks.get(at as usize / CHUNK)?;
        chunk.get_or_init(|| (0..CHUNK).map(|_| T::default()).collect());
        self.len.store(at + 1, Ordering::Release);
        Some(at)
    }

    pub(crate) fn get(&self, at: u32) -> Option<&T> {
        self.chunks
            .get(at as usize / CHUNK)?
            .get()?
            .get(at as usize % CHUNK)
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire) as usize
    }

    /// Every value and where it is.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let values = self
            .chunks
            .iter()
            .filter_map(OnceLock::get)
            .flat_map(|chunk| chunk.iter());
        (0..).zip(values).take(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::AtomicF32;

    #[test]
    fn what_is_held_stays_where_it_is_while_the_slab_grows() {
        let slab = Slab::<AtomicF32>::default();
        let first = slab.push().and_then(|at| slab.get(at)).expect("room");
        first.set(7.0);
        for _ in 0..2 * CHUNK {
            assert!(slab.push().is_some());
        }
        assert!(std::ptr::eq(first, slab.get(0).expect("still there")));
        assert_eq!(slab.iter().count(), 2 * CHUNK + 1);
        assert!(slab.get(u32::MAX).is_none());
    }
}
