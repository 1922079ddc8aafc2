//! From the caller's keys to what the engine keeps under them.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
};

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

const SHARDS: usize = 256;

/// Mixes the 64 bits of an id. Ids are made by the server, so nobody can choose them to collide.
#[derive(Debug, Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the result.
        let mut mixed = (self.0 ^ value).wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        self.0 = mixed ^ (mixed >> 31);
    }
}

/// A hash table of ids.
pub(crate) type Keyed<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// A table in 256 shards, so that a reader waits at most for one change in its own shard, and growth moves 1/256.
#[derive(Debug)]
pub(crate) struct KeyMap<K, V> {
    shards: Box<[RwLock<Keyed<K, V>>]>,
}

impl<K, V> Default for KeyMap<K, V> {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
        }
    }
}

impl<K: Hash + Eq + Copy, V> KeyMap<K, V> {
    fn shard(&self, key: &K) -> &RwLock<Keyed<K, V>> {
        let mut hasher = IdHasher::default();
        key.hash(&mut hasher);
        // The table takes its seven marker bits from the top and its place from the bottom: these are from between.
        &self.shards[(hasher.finish() >> 40) as usize % SHARDS]
    }

    pub(crate) fn read(&self, key: &K) -> RwLockReadGuard<'_, Keyed<K, V>> {
        self.shard(key).read()
    }

    pub(crate) fn write(&self, key: &K) -> RwLockWriteGuard<'_, Keyed<K, V>> {
        self.shard(key).write()
    }

    pub(crate) fn get(&self, key: &K) -> Option<V>
    where
        V: Copy,
    {
        self.read(key).get(key).copied()
    }

    pub(crate) fn insert(&self, key: K, value: V) {
        self.write(&key).insert(key, value);
    }

    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().len()).sum()
    }

    /// Each shard in turn, to be gone through.
    pub(crate) fn shards(&self) -> impl Iterator<Item = &RwLock<Keyed<K, V>>> {
        self.shards.iter()
    }
}
