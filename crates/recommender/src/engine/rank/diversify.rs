//! Step 4: an order in which what is next to each other differs.

use std::sync::Arc;

use crate::store::{Facts, Signature};

/// In how many outfits following each other a brand or reporter is counted.
const WINDOW: usize = 10;

/// One of the outfits to be ordered, from when it is first looked at.
struct Looked {
    facts: Option<Arc<Facts>>,
    /// To the most alike of those picked, as far as they were compared.
    likeness: f32,
    compared: usize,
    picked: bool,
}

impl Looked {
    fn signature(&self) -> Signature {
        let facts = self.facts.as_ref();
        facts.map_or_else(Signature::default, |facts| facts.signature)
    }

    /// Its brands and its reporter.
    fn capped(&self) -> &[u32] {
        self.facts.as_ref().map_or(&[], |facts| &facts.capped)
    }
}

/// The places of the `wanted` of those with these `scores` (which come best first) to be shown, in that order. `facts`
/// tells what there is at a place; it is asked only about those that come into question.
///
/// Maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998): picked next is what is greatest in `relevance` x score
/// (as part of the best) - (1 - `relevance`) x likeness to the most alike of those picked. It is done for `depth` outfits
/// at a time, each time anew: after 60 outfits everything is like something. An outfit with a brand or reporter that
/// `most` of the last nine have waits, unless all do.
///
/// Likeness only takes away: once one is found that is worth more than the score of the next, nothing behind it can win.
/// So of hundreds only a few are looked at for each pick, and the answer is that of looking at all.
pub(crate) fn order(
    scores: &[f32],
    facts: impl Fn(usize) -> Option<Arc<Facts>>,
    wanted: usize,
    relevance: f32,
    depth: usize,
    most: usize,
) -> Vec<usize> {
    let best = scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let wanted = wanted.min(scores.len());
    let mut order = Vec::with_capacity(scores.len());
    let mut signatures: Vec<Signature> = Vec::with_capacity(wanted);
    let mut looked: Vec<Looked> = Vec::new();
    let (mut since, mut first) = (0, 0);
    let mut window = Window::new(most);
    while order.len() < wanted {
        if order.len().is_multiple_of(depth.max(1)) {
            since = order.len();
            for one in &mut looked {
                (one.likeness, one.compared) = (0.0, since);
            }
        }
        let mut picked: Option<(bool, f32, usize)> = None;
        for (place, score) in scores.iter().enumerate().skip(first) {
            let relevant = relevance * score / best;
            // Of equals the first, which has the better score.
            if picked.is_some_and(|(free, worth, _)| free && relevant <= worth) {
                break;
            }
            if place == looked.len() {
                looked.push(Looked {
                    facts: facts(place),
                    likeness: 0.0,
                    compared: since,
                    picked: false,
                });
            }
            let one = &mut looked[place];
            if one.picked {
                first += usize::from(first == place);
                continue;
            }
            let own = one.signature();
            for other in &signatures[one.compared..] {
                one.likeness = one.likeness.max(other.likeness(&own));
            }
            one.compared = signatures.len();
            let judged = (
                !window.is_full_of(one.capped()),
                relevant - (1.0 - relevance) * one.likeness,
            );
            if picked.is_none_or(|(free, worth, _)| judged > (free, worth)) {
                picked = Some((judged.0, judged.1, place));
            }
        }
        let Some((.., place)) = picked else { break };
        looked[place].picked = true;
        let gone = order.len().checked_sub(WINDOW - 1).map(|at| order[at]);
        let gone: &[u32] = gone.map_or(&[], |gone: usize| looked[gone].capped());
        window.shift(gone, looked[place].capped());
        signatures.push(looked[place].signature());
        order.push(place);
    }
    order
}

/// How often the brands and reporters of the last nine occur.
struct Window {
    counts: Vec<(u32, usize)>,
    /// Those there is enough of.
    full: Vec<u32>,
    most: usize,
}

impl Window {
    fn new(most: usize) -> Self {
        Self {
            counts: Vec::new(),
            full: Vec::new(),
            most,
        }
    }

    fn add(&mut self, labels: &[u32]) {
        for &label in labels {
            match self.counts.iter_mut().find(|(known, _)| *known == label) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((label, 1)),
            }
        }
    }

    fn remove(&mut self, labels: &[u32]) {
        for &label in labels {
            if let Some((_, count)) = self.counts.iter_mut().find(|(known, _)| *known == label) {
                *count -= 1;
            }
        }
        self.counts.retain(|(_, count)| *count > 0);
    }

    /// One comes in, and the one from before the last nine goes.
    fn shift(&mut self, gone: &[u32], come: &[u32]) {
        self.remove(gone);
        self.add(come);
        self.full.clear();
        let full = self.counts.iter().filter(|(_, count)| *count >= self.most);
        self.full.extend(full.map(|(label, _)| label));
    }

    /// Whether there is enough of one of these.
    fn is_full_of(&self, labels: &[u32]) -> bool {
        self.full.iter().any(|label| labels.contains(label))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Item = (f32, Option<Arc<Facts>>);

    fn item(score: f32, labels: &[u32], capped: &[u32]) -> Item {
        let mut signature = Signature::default();
        labels.iter().for_each(|&label| signature.insert(label));
        let facts = Facts {
            capped: capped.into(),
            signature,
            ..Facts::default()
        };
        (score, Some(Arc::new(facts)))
    }

    fn order_of(
        items: &[Item],
        wanted: usize,
        relevance: f32,
        depth: usize,
        most: usize,
    ) -> Vec<usize> {
        let scores: Vec<_> = items.iter().map(|item| item.0).collect();
        let facts = |place: usize| items[place].1.clone();
        order(&scores, facts, wanted, relevance, depth, most)
    }

    /// The same by looking at everything for each pick.
    fn thorough(items: &[Item], relevance: f32, depth: usize, most: usize) -> Vec<usize> {
        let best = items
            .iter()
            .map(|item| item.0)
            .fold(f32::MIN_POSITIVE, f32::max);
        let facts = |place: usize| items[place].1.as_ref().expect("facts");
        let mut order: Vec<usize> = Vec::new();
        while order.len() < items.len() {
            let since = order.len() / depth * depth;
            let last = &order[order.len().saturating_sub(WINDOW - 1)..];
            let judge = |place: usize| {
                let alike = order[since..]
                    .iter()
                    .map(|&other| facts(other).signature.likeness(&facts(place).signature));
                let often = |label| {
                    let has = |other: &&usize| facts(**other).capped.contains(label);
                    last.iter().filter(has).count()
                };
                let waits = facts(place).capped.iter().any(|label| often(label) >= most);
                let relevant = relevance * items[place].0 / best;
                (
                    !waits,
                    relevant - (1.0 - relevance) * alike.fold(0.0, f32::max),
                )
            };
            let left = (0..items.len()).filter(|place| !order.contains(place));
            let picked = left.reduce(|a, b| if judge(b) > judge(a) { b } else { a });
            order.push(picked.expect("one is left"));
        }
        order
    }

    fn items(most: usize) -> impl Strategy<Value = Vec<Item>> {
        let labels = prop::collection::vec(0..20_u32, 0..5);
        let specs = prop::collection::vec((0..40_u16, labels, 0..4_u32), 0..most);
        specs.prop_map(|mut specs| {
            // Best first, as they come; some scores are the same.
            specs.sort_by_key(|spec| std::cmp::Reverse(spec.0));
            specs
                .into_iter()
                .map(|(score, labels, brand)| item(f32::from(score) / 40.0, &labels, &[brand]))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_is_a_permutation(items in items(120), relevance in 0.0..=1.0_f32, depth in 1..80_usize) {
            let mut order = order_of(&items, items.len(), relevance, depth, 2);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..items.len()));
        }

        #[test]
        fn looking_no_further_than_needed_is_looking_at_all(items in items(40), relevance in 0.0..=1.0_f32, depth in 1..20_usize) {
            let order = order_of(&items, items.len(), relevance, depth, 2);
            prop_assert_eq!(order, thorough(&items, relevance, depth, 2));
        }
    }

    #[test]
    fn what_differs_comes_before_more_of_the_same() {
        let items = [
            item(1.0, &[1, 2], &[]),
            item(0.9, &[1, 2], &[]),
            item(0.8, &[3, 4], &[]),
        ];
        assert_eq!(order_of(&items, items.len(), 0.8, 60, 2), [0, 2, 1]);
        assert_eq!(order_of(&items, items.len(), 1.0, 60, 2), [0, 1, 2]);
    }

    #[test]
    fn at_most_two_of_a_brand_stand_in_ten_while_there_are_others() {
        // Ten of one brand lead, thirty of six others follow.
        let brand = |n: u16| if n < 10 { 0 } else { u32::from(n % 6) + 1 };
        let items: Vec<_> = (0..40)
            .map(|n| item(1.0 - f32::from(n) / 40.0, &[], &[brand(n)]))
            .collect();
        let order = order_of(&items, items.len(), 0.8, 60, 2);
        let brand_of = |place: usize| brand(u16::try_from(place).expect("small"));
        for ten in order[..30].windows(10) {
            assert!(
                (0..=6).all(|brand| ten
                    .iter()
                    .filter(|&&place| brand_of(place) == brand)
                    .count()
                    <= 2),
                "{order:?}"
            );
        }
    }
}
