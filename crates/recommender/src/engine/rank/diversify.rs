//! Step 4: an order in which what is next to each other differs.

use crate::store::Signature;

/// One of the outfits to be ordered.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) slot: u32,
    pub(crate) score: f32,
    pub(crate) signature: Signature,
    /// Its brands and its reporter.
    pub(crate) capped: Box<[u32]>,
}

/// In how many outfits following each other a brand or reporter is counted.
const WINDOW: usize = 10;

/// The places of the `wanted` of `items` (which come best first) to be shown, in that order.
///
/// Maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998): picked next is what is greatest in `relevance` x score
/// (as part of the best) - (1 - `relevance`) x likeness to the most alike of those picked. It is done for `depth` outfits
/// at a time, each time anew: after 60 outfits everything is like something. An outfit with a brand or reporter that
/// `most` of the last nine have waits, unless all do.
pub(crate) fn order(
    items: &[Item],
    wanted: usize,
    relevance: f32,
    depth: usize,
    most: usize,
) -> Vec<usize> {
    let best = items
        .iter()
        .map(|item| item.score)
        .fold(f32::MIN_POSITIVE, f32::max);
    let mut order = Vec::with_capacity(items.len());
    let mut left: Vec<(usize, f32)> = (0..items.len()).map(|place| (place, 0.0)).collect();
    while order.len() < wanted.min(items.len()) {
        if order.len().is_multiple_of(depth.max(1)) {
            left.iter_mut().for_each(|(_, likeness)| *likeness = 0.0);
        }
        let full = full(items, &order, most);
        let waits = |place: usize| items[place].capped.iter().any(|label| full.contains(label));
        let worth = |&(place, likeness): &(usize, f32)| {
            relevance * items[place].score / best - (1.0 - relevance) * likeness
        };
        let judged = left
            .iter()
            .enumerate()
            .map(|(at, candidate)| (at, !waits(candidate.0), worth(candidate)));
        // Of equals the first, which has the better score.
        let picked = judged.reduce(|a, b| if (b.1, b.2) > (a.1, a.2) { b } else { a });
        let Some((at, ..)) = picked else { break };
        let (place, _) = left.remove(at);
        order.push(place);
        for (other, likeness) in &mut left {
            *likeness = likeness.max(items[place].signature.likeness(&items[*other].signature));
        }
    }
    order
}

/// The brands and reporters that the last nine have enough of.
fn full(items: &[Item], order: &[usize], most: usize) -> Vec<u32> {
    let last = &order[order.len().saturating_sub(WINDOW - 1)..];
    let labels = || {
        last.iter()
            .flat_map(|&place| items[place].capped.iter().copied())
    };
    let mut full: Vec<_> = labels()
        .filter(|label| labels().filter(|other| other == label).count() >= most)
        .collect();
    full.dedup();
    full
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(score: f32, labels: &[u32], capped: &[u32]) -> Item {
        let mut signature = Signature::default();
        labels.iter().for_each(|&label| signature.insert(label));
        Item {
            slot: 0,
            score,
            signature,
            capped: capped.into(),
        }
    }

    proptest! {
        #[test]
        fn the_order_is_a_permutation(
            specs in prop::collection::vec((0.0..1.0_f32, prop::collection::vec(0..20_u32, 0..5), 0..4_u32), 0..120),
            relevance in 0.0..=1.0_f32,
            depth in 1..80_usize,
        ) {
            let items: Vec<_> = specs.iter().map(|(score, labels, brand)| item(*score, labels, &[*brand])).collect();
            let mut order = order(&items, items.len(), relevance, depth, 2);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..items.len()));
        }
    }

    #[test]
    fn what_differs_comes_before_more_of_the_same() {
        let items = [
            item(1.0, &[1, 2], &[]),
            item(0.9, &[1, 2], &[]),
            item(0.8, &[3, 4], &[]),
        ];
        assert_eq!(order(&items, items.len(), 0.8, 60, 2), [0, 2, 1]);
        assert_eq!(order(&items, items.len(), 1.0, 60, 2), [0, 1, 2]);
    }

    #[test]
    fn at_most_two_of_a_brand_stand_in_ten_while_there_are_others() {
        // Ten of one brand lead, thirty of six others follow.
        let brand = |n: u16| if n < 10 { 0 } else { u32::from(n % 6) + 1 };
        let items: Vec<_> = (0..40)
            .map(|n| item(1.0 - f32::from(n) / 40.0, &[], &[brand(n)]))
            .collect();
        let order = order(&items, items.len(), 0.8, 60, 2);
        for ten in order[..30].windows(10) {
            assert!(
                (0..=6).all(|brand| ten
                    .iter()
                    .filter(|&&place| items[place].capped[0] == brand)
                    .count()
                    <= 2),
                "{order:?}"
            );
        }
    }
}
