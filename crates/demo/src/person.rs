//! People, and how their taste drifts from week to week.

use crate::calendar::DAY;
use crate::cluster::Cluster;
use crate::outfit::Gender;
use crate::random::Random;

/// How much somebody likes each style, in parts of [`TASTE_TOTAL`]; by the number of the style.
pub type Taste = [u16; Cluster::COUNT];

/// What the parts of a taste add up to.
pub const TASTE_TOTAL: u16 = 1_000;

/// A part of a taste that nobody goes without: anybody likes anything now and then.
const FLOOR: u16 = 5;

/// Somebody who gives hearts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// From 1.
    pub number: u32,
    /// Whose outfits they look for; `None` for everybody's.
    pub prefers: Option<Gender>,
    /// How much more often than others they are here; 1 to 100.
    pub activity: u32,
    /// Their taste in each week of the span in which hearts are given, the oldest first.
    pub tastes: Vec<Taste>,
    /// A number of their own; what else they like follows from it.
    pub(crate) whim: u64,
}

impl DemoPerson {
    /// The taste in a week, counted from the first; the last one from then on.
    #[must_use]
    pub fn taste(&self, week: usize) -> Taste {
        self.tastes
            .get(week)
            .or(self.tastes.last())
            .copied()
            .unwrap_or([0; Cluster::COUNT])
    }

    /// Whether an outfit for somebody of this gender is what they look for.
    #[must_use]
    pub fn looks_for(&self, gender: Option<Gender>) -> bool {
        match (self.prefers, gender) {
            (Some(wanted), Some(offered)) => wanted == offered,
            _ => true,
        }
    }
}

/// Makes the people of a seed.
pub(crate) fn people(count: u32, seed: u64) -> Vec<DemoPerson> {
    (1..=count).map(|number| person(number, seed)).collect()
}

fn person(number: u32, seed: u64) -> DemoPerson {
    let mut chance = Random::new(seed, 0x9E_0000_0000 + u64::from(number));
    let prefers = match chance.below(100) {
        0..=51 => Some(Gender::F),
        52..=87 => Some(Gender::M),
        _ => None,
    };
    // Few are here all the time, most now and then: 100 / (1 + 0..=15), so 6 to 100.
    let activity = 100 / (1 + chance.below(16) as u32);
    // Every other one is fickle.
    let restless = if chance.percent(50) { 40 } else { 12 };
    let mut taste = first_taste(&mut chance);
    let weeks = crate::heart::WEEKS;
    let mut tastes = Vec::with_capacity(weeks);
    for _ in 0..weeks {
        tastes.push(taste);
        if chance.percent(restless) {
            drift(&mut taste, &mut chance);
        }
    }
    DemoPerson {
        number,
        prefers,
        activity,
        tastes,
        whim: chance.next(),
    }
}

/// One favourite, one or two more, and the floor for the rest.
fn first_taste(chance: &mut Random) -> Taste {
    let mut taste = [FLOOR; Cluster::COUNT];
    let favourite = Cluster::ALL[chance.index(Cluster::COUNT)];
    let second = favourite.neighbours()[chance.index(3)];
    let third = Cluster::ALL[chance.index(Cluster::COUNT)];
    let free = TASTE_TOTAL - FLOOR * Cluster::COUNT as u16;
    let (most, more) = (
        free / 100 * chance.between(54, 70) as u16,
        free / 100 * chance.between(16, 26) as u16,
    );
    taste[favourite as usize] += most;
    taste[second as usize] += more;
    taste[third as usize] += free - most - more;
    taste
}

/// A step of the walk: a part of what is liked goes over to a related style, or to any.
fn drift(taste: &mut Taste, chance: &mut Random) {
    let weights = taste.map(u32::from);
    let from = chance.weighted(&weights);
    let to = if chance.percent(75) {
        Cluster::ALL[from].neighbours()[chance.index(3)] as usize
    } else {
        chance.index(Cluster::COUNT)
    };
    let part = taste[from].saturating_sub(FLOOR) / 100 * chance.between(50, 85) as u16;
    taste[from] -= part;
    taste[to] += part;
}

/// The week of an instant, counted from `start`.
pub(crate) fn week(start: i64, at: i64) -> usize {
    usize::try_from((at - start) / (7 * DAY)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tastes_always_add_up_and_some_wander_far() {
        let people = people(300, 5);
        let mut wandered = 0;
        for person in &people {
            for taste in &person.tastes {
                assert_eq!(taste.iter().sum::<u16>(), TASTE_TOTAL);
                assert!(taste.iter().all(|&part| part >= FLOOR));
            }
            let (first, last) = (person.taste(0), person.taste(usize::MAX));
            let moved: u32 = first
                .iter()
                .zip(last)
                .map(|(&before, after)| u32::from(before.abs_diff(after)))
                .sum();
            wandered += u32::from(moved > 800);
        }
        assert!((40..260).contains(&wandered), "{wandered}");
    }
}
