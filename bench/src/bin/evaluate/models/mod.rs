//! What is compared.

mod bandit;
mod engine;
mod item_knn;
mod popular;
mod random;

pub(crate) use bandit::Bandit;
pub(crate) use engine::Engine;
pub(crate) use item_knn::ItemKnn;
pub(crate) use popular::Popular;
pub(crate) use random::Random;

use crate::data::Item;

/// Something that recommends items, all numbered from 0. Times are microseconds since 1970.
pub(crate) trait Model {
    fn name(&self) -> String;

    /// There is an item.
    fn put(&mut self, item: u32, facts: &Item, at: i64);

    /// A user hearted an item.
    fn heart(&mut self, user: u32, item: u32, at: i64);

    /// A user was shown items.
    fn shown(&mut self, _user: u32, _items: &[u32], _at: i64) {}

    /// Everything has been told: what does not learn at once learns now.
    fn fit(&mut self) {}

    /// The best items for a user, without those hearted.
    fn list(&mut self, user: u32, length: usize, now: i64) -> Vec<u32>;

    /// The same for somebody new who has just hearted these; what was told of the user before means nothing.
    fn list_after(&mut self, user: u32, hearts: &[u32], length: usize, now: i64) -> Vec<u32> {
        for (step, &item) in (0..).zip(hearts) {
            self.heart(user, item, now + step);
        }
        self.list(user, length, now + 1_000_000)
    }
}

/// The numbers of the greatest scores, greatest first, without those left out.
pub(crate) fn best(scores: &[f32], left_out: &[u32], length: usize) -> Vec<u32> {
    let mut items: Vec<u32> = (0..)
        .zip(scores)
        .map(|(item, _)| item)
        .filter(|item| !left_out.contains(item))
        .collect();
    let order = |a: &u32, b: &u32| {
        scores[*b as usize]
            .total_cmp(&scores[*a as usize])
            .then(a.cmp(b))
    };
    if items.len() > length {
        items.select_nth_unstable_by(length, order);
        items.truncate(length);
    }
    items.sort_unstable_by(order);
    items
}
