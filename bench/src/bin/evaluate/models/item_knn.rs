//! Item neighbours by cosine: users who hearted both, over the root of the product of both counts. Fitted once.

use std::collections::HashMap;

use super::{Model, best};
use crate::data::Item;

/// ItemKNN (Sarwar, Karypis, Konstan, Riedl 2001), all neighbours, no shrinkage.
#[derive(Default)]
pub(crate) struct ItemKnn {
    users: HashMap<u32, Vec<u32>>,
    counts: Vec<f32>,
    neighbours: Vec<HashMap<u32, f32>>,
}

impl ItemKnn {
    fn rank(&self, hearts: &[u32], length: usize) -> Vec<u32> {
        let mut scores = vec![0.0; self.counts.len()];
        for &item in hearts {
            for (&neighbour, both) in &self.neighbours[item as usize] {
                scores[neighbour as usize] +=
                    both / (self.counts[item as usize] * self.counts[neighbour as usize]).sqrt();
            }
        }
        best(&scores, hearts, length)
    }
}

impl Model for ItemKnn {
    fn name(&self) -> String {
        "ItemKNN cosine".to_owned()
    }

    fn put(&mut self, _item: u32, _facts: &Item, _at: i64) {
        self.counts.push(0.0);
        self.neighbours.push(HashMap::new());
    }

    fn heart(&mut self, user: u32, item: u32, _at: i64) {
        self.users.entry(user).or_default().push(item);
        self.counts[item as usize] += 1.0;
    }

    fn fit(&mut self) {
        for hearts in self.users.values() {
            for &item in hearts {
                for &other in hearts.iter().filter(|&&other| other != item) {
                    *self.neighbours[item as usize].entry(other).or_default() += 1.0;
                }
            }
        }
    }

    fn list(&mut self, user: u32, length: usize, _now: i64) -> Vec<u32> {
        self.rank(self.users.get(&user).map_or(&[], Vec::as_slice), length)
    }

    fn list_after(&mut self, _user: u32, hearts: &[u32], length: usize, _now: i64) -> Vec<u32> {
        self.rank(hearts, length)
    }
}
