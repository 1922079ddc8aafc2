//! The feed that was there before: a bandit over tags.

use std::collections::{HashMap, HashSet};

use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

use super::Model;
use crate::data::Item;

/// How many tags it knows: the most frequent.
const TAGS: usize = 200;

/// Each user has a Beta distribution for each of 200 tags: a heart of an outfit adds to alpha of its tags, and showing it
/// adds to beta. For each slot a tag is drawn by a softmax over the means, and then one of its outfits.
pub(crate) struct Bandit {
    tags: Vec<Vec<u32>>,
    by_tag: HashMap<u32, Vec<u32>>,
    known: Vec<u32>,
    beliefs: HashMap<u32, Vec<(f64, f64)>>,
    hearted: HashMap<u32, HashSet<u32>>,
    rng: Xoshiro256PlusPlus,
}

impl Default for Bandit {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            by_tag: HashMap::new(),
            known: Vec::new(),
            beliefs: HashMap::new(),
            hearted: HashMap::new(),
            rng: Xoshiro256PlusPlus::seed_from_u64(1),
        }
    }
}

impl Bandit {
    fn believe(&mut self, user: u32, item: u32, liked: f64, passed: f64) {
        if self.known.is_empty() {
            self.fix_tags();
        }
        let beliefs = self
            .beliefs
            .entry(user)
            .or_insert_with(|| vec![(1.0, 1.0); TAGS]);
        for (tag, belief) in self.known.iter().zip(beliefs) {
            if self.tags[item as usize].contains(tag) {
                belief.0 += liked;
                belief.1 += passed;
            }
        }
    }

    fn fix_tags(&mut self) {
        let mut tags: Vec<_> = self
            .by_tag
            .iter()
            .map(|(&tag, items)| (items.len(), tag))
            .collect();
        tags.sort_unstable_by(|a, b| b.cmp(a));
        self.known = tags.into_iter().take(TAGS).map(|(_, tag)| tag).collect();
    }
}

impl Model for Bandit {
    fn name(&self) -> String {
        "tag bandit (before)".to_owned()
    }

    fn put(&mut self, item: u32, facts: &Item, _at: i64) {
        for &tag in &facts.tags {
            self.by_tag.entry(tag).or_default().push(item);
        }
        self.tags.push(facts.tags.clone());
    }

    fn heart(&mut self, user: u32, item: u32, _at: i64) {
        self.believe(user, item, 1.0, 0.0);
        self.hearted.entry(user).or_default().insert(item);
    }

    fn shown(&mut self, user: u32, items: &[u32], _at: i64) {
        items
            .iter()
            .for_each(|&item| self.believe(user, item, 0.0, 1.0));
    }

    fn list(&mut self, user: u32, length: usize, _now: i64) -> Vec<u32> {
        if self.known.is_empty() {
            self.fix_tags();
        }
        let weights: Vec<f64> = match self.beliefs.get(&user) {
            Some(beliefs) => beliefs
                .iter()
                .map(|(alpha, beta)| (alpha / (alpha + beta)).exp())
                .take(self.known.len())
                .collect(),
            None => vec![1.0; self.known.len()],
        };
        let total: f64 = weights.iter().sum();
        let hearted = self.hearted.entry(user).or_default();
        let mut list = Vec::new();
        for _ in 0..100 * length {
            let mut point = self.rng.random::<f64>() * total;
            let drawn = weights.iter().position(|weight| {
                point -= weight;
                point < 0.0
            });
            let Some(items) = drawn.and_then(|place| self.by_tag.get(&self.known[place])) else {
                continue;
            };
            let item = items[self.rng.random_range(0..items.len())];
            if list.len() < length && !hearted.contains(&item) && !list.contains(&item) {
                list.push(item);
            }
        }
        list
    }
}
