//! NDCG, recall, coverage and duplicates of lists.

use std::collections::HashSet;

use crate::{data::Data, models::Model};

/// How long the lists are.
const LENGTH: usize = 20;

/// What came out for one model.
pub(crate) struct Measured {
    /// Normalised discounted cumulative gain of the first ten (Järvelin, Kekäläinen 2002), on average over users.
    pub(crate) ndcg: f64,
    /// Found among twenty, of what could be found.
    pub(crate) recall: f64,
    /// Share of all items that are in any list.
    pub(crate) coverage: f64,
    /// Items that are twice in a list, or that the user had already.
    pub(crate) duplicates: usize,
}

/// Asks for a list for every user who has something held out.
pub(crate) fn measure(model: &mut dyn Model, data: &Data) -> Measured {
    let mut had: Vec<HashSet<u32>> = vec![HashSet::new(); data.users()];
    for &(user, item) in &data.learned {
        had[user as usize].insert(item);
    }
    let (mut ndcg_sum, mut recall_sum, mut asked, mut duplicates) = (0.0, 0.0, 0_u32, 0);
    let mut listed = HashSet::new();
    for (user, held_out) in (0..).zip(&data.test) {
        if held_out.is_empty() {
            continue;
        }
        let list = model.list(user, LENGTH, data.end());
        let mut met = HashSet::new();
        duplicates += list
            .iter()
            .filter(|&&item| !met.insert(item) || had[user as usize].contains(&item))
            .count();
        ndcg_sum += ndcg(&list, held_out, 10);
        recall_sum += list.iter().filter(|item| held_out.contains(item)).count() as f64
            / held_out.len().min(LENGTH) as f64;
        asked += 1;
        listed.extend(list);
    }
    let asked = f64::from(asked.max(1));
    Measured {
        ndcg: ndcg_sum / asked,
        recall: recall_sum / asked,
        coverage: listed.len() as f64 / data.items().max(1) as f64,
        duplicates,
    }
}

/// NDCG of the first `length` of a list, where every held-out item is worth the same.
pub(crate) fn ndcg(list: &[u32], held_out: &HashSet<u32>, length: usize) -> f64 {
    let discount = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let gained: f64 = list
        .iter()
        .take(length)
        .enumerate()
        .filter(|(_, item)| held_out.contains(item))
        .map(|(place, _)| discount(place))
        .sum();
    let best: f64 = (0..held_out.len().min(length)).map(discount).sum();
    if best > 0.0 { gained / best } else { 0.0 }
}
