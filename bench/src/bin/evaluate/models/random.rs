//! Anything.

use std::collections::{HashMap, HashSet};

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

use super::Model;
use crate::data::Item;

/// Draws evenly among what the user has not hearted.
pub(crate) struct Random {
    items: u32,
    hearted: HashMap<u32, HashSet<u32>>,
    rng: Xoshiro256PlusPlus,
}

impl Default for Random {
    fn default() -> Self {
        Self {
            items: 0,
            hearted: HashMap::new(),
            rng: Xoshiro256PlusPlus::seed_from_u64(1),
        }
    }
}

impl Model for Random {
    fn name(&self) -> String {
        "random".to_owned()
    }

    fn put(&mut self, _item: u32, _facts: &Item, _at: i64) {
        self.items += 1;
    }

    fn heart(&mut self, user: u32, item: u32, _at: i64) {
        self.hearted.entry(user).or_default().insert(item);
    }

    fn list(&mut self, user: u32, length: usize, _now: i64) -> Vec<u32> {
        let hearted = self.hearted.entry(user).or_default();
        let mut list = Vec::new();
        // Where nearly everything is hearted, the list stays short.
        for _ in 0..100 * length {
            let item = self.rng.random_range(0..self.items.max(1));
            if list.len() < length && !hearted.contains(&item) && !list.contains(&item) {
                list.push(item);
            }
        }
        list
    }
}
