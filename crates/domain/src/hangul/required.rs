//! What every text that matches a pattern must contain: the questions to ask the index.

use super::{gram::Gram, jamo, pattern::Unit};

/// More posting lists than this narrow the candidates no further, and each one costs.
const MOST: usize = 8;

/// A gram, and where in the pattern it begins.
type Placed = (usize, Gram);

/// The grams every match has, most selective first, at most eight spread over the pattern, none
/// implied by another.
pub(super) fn grams(units: &[Unit]) -> Vec<Gram> {
    let mut placed = Vec::with_capacity(2 * units.len());
    let mut start = 0;
    // Readings of a closed syllable differ in length, so nothing is known about what stands next to
    // it on the right.
    for segment in units.split_inclusive(|unit| matches!(unit, Unit::Closed(_))) {
        collect(segment, start, &mut placed);
        start += segment.len();
    }
    placed.sort_unstable_by_key(|(at, gram)| (*gram, *at));
    placed.dedup_by_key(|(_, gram)| *gram);

    let mut chosen = spread(placed, units.len());
    chosen.sort_unstable_by_key(|gram| (std::cmp::Reverse(gram.weight()), *gram));
    let implied = |gram: &Gram| {
        chosen
            .iter()
            .any(|other| other != gram && other.implies(gram))
    };
    chosen
        .iter()
        .copied()
        .filter(|gram| !implied(gram))
        .collect()
}

/// The longest grams of each level in a stretch of pattern whose matches are as long as itself.
fn collect(segment: &[Unit], start: usize, placed: &mut Vec<Placed>) {
    let longest = segment.len().min(3);
    for (at, window) in segment.windows(longest).enumerate() {
        placed.push((start + at, Gram::new(window.iter().map(Unit::initial))));
    }
    // Only exact units are known as characters; without a syllable among them they are initial
    // grams already.
    let exact = |at: usize| match segment.get(at) {
        Some(Unit::Exact(character)) => Some(*character),
        _ => None,
    };
    let pair = |at: usize| {
        let pair = exact(at).zip(exact(at + 1));
        pair.filter(|(first, second)| jamo::is_syllable(*first) || jamo::is_syllable(*second))
    };
    for at in 0..segment.len() {
        if let Some((first, second)) = pair(at) {
            placed.push((start + at, Gram::new([first, second])));
        } else if let Some(alone) = exact(at).filter(|c| jamo::is_syllable(*c)) {
            placed.push((start + at, Gram::new([alone])));
        }
    }
}

/// The best gram of each eighth of the pattern, then the second best of each, until there are
/// enough.
fn spread(mut placed: Vec<Placed>, length: usize) -> Vec<Gram> {
    let stretch = |at: usize| at * MOST / length.max(1);
    placed.sort_unstable_by_key(|(at, gram)| (stretch(*at), std::cmp::Reverse(gram.weight()), *at));
    let ranked = placed.chunk_by(|(a, _), (b, _)| stretch(*a) == stretch(*b));
    let mut ranked: Vec<(usize, Gram)> = ranked
        .flat_map(|stretch| stretch.iter().map(|(_, gram)| *gram).enumerate())
        .collect();
    ranked.sort_by_key(|(rank, gram)| (*rank, std::cmp::Reverse(gram.weight())));
    ranked
        .into_iter()
        .take(MOST)
        .map(|(_, gram)| gram)
        .collect()
}
