//! Most hearted, the same for everybody.

use std::collections::HashMap;

use super::{Model, best};
use crate::data::Item;

/// By hearts of all times.
#[derive(Default)]
pub(crate) struct Popular {
    users: HashMap<u32, Vec<u32>>,
    counts: Vec<f32>,
}

impl Model for Popular {
    fn name(&self) -> String {
        "popular".to_owned()
    }

    fn put(&mut self, _item: u32, _facts: &Item, _at: i64) {
        self.counts.push(0.0);
    }

    fn heart(&mut self, user: u32, item: u32, _at: i64) {
        self.users.entry(user).or_default().push(item);
        self.counts[item as usize] += 1.0;
    }

    fn list(&mut self, user: u32, length: usize, _now: i64) -> Vec<u32> {
        best(
            &self.counts,
            self.users.get(&user).map_or(&[], Vec::as_slice),
            length,
        )
    }

    fn list_after(&mut self, _user: u32, hearts: &[u32], length: usize, _now: i64) -> Vec<u32> {
        best(&self.counts, hearts, length)
    }
}
