//! Hearts: who liked what and when.

use std::collections::HashSet;

use crate::calendar::DAY;
use crate::outfit::DemoOutfit;
use crate::person::{DemoPerson, week};
use crate::random::{Random, mix};
use crate::shelf::Shelves;

/// The days before `until` in which hearts are given.
pub(crate) const DAYS: i64 = 120;
/// The weeks of that time, the last one short.
pub(crate) const WEEKS: usize = 18;

/// How often somebody looks for something they have not liked yet before they take what there is.
const ATTEMPTS: u32 = 32;

/// Somebody liked something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DemoHeart {
    /// Who: [`DemoPerson::number`].
    pub person: u32,
    /// What: [`DemoOutfit::number`].
    pub outfit: u32,
    /// When, in µs since 1970.
    pub at: i64,
}

/// When hearts are given, by the hour in Korea: little at night, most between nine and midnight.
const HOURS: [u32; 24] = [
    34, 18, 9, 4, 3, 4, 8, 18, 28, 26, 24, 26, 40, 38, 28, 26, 26, 30, 36, 40, 48, 60, 66, 54,
];

/// Makes the hearts of a seed, in time order. There are fewer than `count` only where people and
/// outfits do not suffice: nobody likes a thing twice.
pub(crate) fn hearts(
    count: u32,
    seed: u64,
    until: i64,
    people: &[DemoPerson],
    outfits: &[DemoOutfit],
) -> Vec<DemoHeart> {
    if people.is_empty() || outfits.is_empty() {
        return vec![];
    }
    let start = until - DAYS * DAY;
    let shelves = Shelves::new(outfits, seed);
    let mut given: HashSet<u64> = HashSet::with_capacity(count as usize);
    let mut hearts = Vec::with_capacity(count as usize);
    let mut chance = Random::new(seed, 0xEA);
    for (at, index) in moments(count, seed, until, people) {
        let person = &people[index];
        let taste = person.taste(week(start, at)).map(u32::from);
        let mut style = None;
        let wanted = (0..ATTEMPTS).find_map(|attempt| {
            // Whoever has liked most of a style looks on there for a while before they turn to
            // another, and in the end to anything.
            if attempt % 8 == 0 {
                let whimsical = chance.below(16) == 0 || attempt == ATTEMPTS - 8;
                style = (!whimsical).then(|| chance.weighted(&taste));
            }
            shelves
                .liked(person, style, at, &mut chance)
                .filter(|&outfit| !given.contains(&pair(person.number, outfit)))
        });
        let wanted = wanted.or_else(|| {
            let known = shelves.known(at);
            let first = chance.index(known);
            (0..known)
                .map(|step| outfits[(first + step) % known].number)
                .find(|&outfit| !given.contains(&pair(person.number, outfit)))
        });
        if let Some(outfit) = wanted {
            given.insert(pair(person.number, outfit));
            hearts.push(DemoHeart {
                person: person.number,
                outfit,
                at,
            });
        }
    }
    hearts
}

/// Person and outfit in one number, which sorts by person.
pub(crate) const fn pair(person: u32, outfit: u32) -> u64 {
    (person as u64) << 32 | outfit as u64
}

/// The moments at which hearts are given, with the index of who gives them, in time order.
/// People come for a sitting and like a few things in it.
fn moments(count: u32, seed: u64, until: i64, people: &[DemoPerson]) -> Vec<(i64, usize)> {
    let mut chance = Random::new(seed, 0xE0);
    // Sums of activity, to find somebody in proportion to it.
    let mut sums = Vec::with_capacity(people.len());
    let mut sum = 0;
    for person in people {
        sum += u64::from(person.activity);
        sums.push(sum);
    }
    let mut moments = Vec::with_capacity(count as usize);
    while moments.len() < count as usize {
        let target = chance.below(sum);
        let person = sums.partition_point(|&upper| upper <= target);
        let mut at = sitting(&mut chance, until);
        for _ in 0..=chance.below(8) {
            if moments.len() < count as usize {
                moments.push((at, person));
            }
            at = (at + chance.between(4_000_000, 95_000_000)).min(until);
        }
    }
    moments.sort_unstable();
    moments
}

/// When a sitting begins: the service grows a little, and evenings are busiest.
fn sitting(chance: &mut Random, until: i64) -> i64 {
    const HOUR: i64 = DAY / 24;
    const KOREA: i64 = 9 * HOUR;
    let start = until - DAYS * DAY;
    // The later of two days in every third case: about a third more at the end than in the middle.
    let mut day = chance.between(0, DAYS - 1);
    if chance.below(3) == 0 {
        day = day.max(chance.between(0, DAYS - 1));
    }
    let midnight = (start + day * DAY + KOREA).div_euclid(DAY) * DAY - KOREA;
    let hour = chance.weighted(&HOURS) as i64;
    let at = midnight + hour * HOUR + chance.between(0, HOUR - 1);
    // The first and the last day are cut by the hour of `until`.
    if at < start {
        at + DAY
    } else if at > until - HOUR {
        at - DAY
    } else {
        at
    }
}

/// How well an outfit meets somebody's whims beyond its style, 0 to 15 for each of its tags: one
/// tag in five or so is a favourite, and it stays one.
pub(crate) fn affinity(person: &DemoPerson, outfit: &DemoOutfit) -> u32 {
    let fond = |tag: u64| u32::from(mix(person.whim ^ (tag << 8)).is_multiple_of(5));
    let tags: u32 = outfit
        .tags
        .iter()
        .skip(1)
        .map(|tag| fond(u64::from(tag.number())))
        .sum();
    let palette = outfit.cluster as u64 * 4 + u64::from(outfit.palette);
    tags * 2 + fond(0x1_0000 + palette) * 3
}
