//! What is kept of one person.

use super::{KeyMap, Seen};
use crate::PersonKey;

/// Everybody the engine remembers.
pub(crate) type Persons = KeyMap<PersonKey, Box<Person>>;

/// What a person did with an outfit, as bits.
pub(crate) mod kinds {
    pub(crate) const CLICKED: u8 = 1;
    pub(crate) const HEARTED: u8 = 2;
    pub(crate) const SHARED: u8 = 4;
    /// The heart was taken back: kept so that a merge does not bring it back.
    pub(crate) const TAKEN_BACK: u8 = 8;
}

/// Taste is kept for this many labels, the faintest goes first.
const MOST_TASTES: usize = 48;
/// Clicks without a heart that are kept, and hearts taken back.
const MOST_FAINT: usize = 100;
/// Days after which what was liked counts half.
const TASTE_HALF_LIFE: f64 = 30.0 * 86_400.0 * 1e6;
/// How many of the last hearts make a pair with the next.
const PAIRED: usize = 50;
/// What counts less than this beside the newest is left out of a history.
const FAINT: f32 = 1e-3;
/// What each further heart between leaves of a pair.
const DISTANCE: f32 = 0.95;

/// One outfit a person did something with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) outfit: u32,
    pub(crate) kinds: u8,
    /// When it was hearted, or else the last time, in microseconds since 1970.
    pub(crate) at: i64,
}

impl Mark {
    /// What it counts, in hearts.
    pub(crate) fn strength(self) -> f32 {
        match self.kinds {
            kinds if kinds & kinds::SHARED != 0 => 1.5,
            kinds if kinds & kinds::HEARTED != 0 => 1.0,
            kinds if kinds & kinds::CLICKED != 0 => 0.3,
            _ => 0.0,
        }
    }

    pub(crate) fn is_hearted(self) -> bool {
        self.kinds & kinds::HEARTED != 0
    }

    fn is_faint(self) -> bool {
        self.kinds & (kinds::HEARTED | kinds::SHARED) == 0
    }
}

/// What a person has shown of a label beyond the prior: alpha and beta of a Beta distribution, never below 0, so that
/// with the prior added they are never below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Taste {
    pub(crate) label: u32,
    pub(crate) liked: f32,
    pub(crate) passed: f32,
}

/// What a person does not want to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dislikes {
    pub(crate) outfits: Vec<u32>,
    pub(crate) labels: Vec<u32>,
}

/// One person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Person {
    /// Oldest first.
    pub(crate) marks: Vec<Mark>,
    pub(crate) tastes: Vec<Taste>,
    /// When the tastes were of the size they are stored in.
    pub(crate) tastes_at: i64,
    pub(crate) dislikes: Option<Box<Dislikes>>,
    pub(crate) seen: Option<Box<Seen>>,
    /// Grows when the person's feed has to be ranked anew.
    pub(crate) version: u64,
}

impl Person {
    /// Adds what the person did. Answers by how much it strengthened the mark: 0 when nothing new was said.
    pub(crate) fn strengthen(&mut self, outfit: u32, kind: u8, at: i64) -> f32 {
        let place = self.marks.iter().rposition(|mark| mark.outfit == outfit);
        let before = place.map(|place| self.marks[place]);
        let known = before.map_or(0, |mark| mark.kinds);
        let after = Mark {
            outfit,
            kinds: (known & !kinds::TAKEN_BACK) | kind,
            at,
        };
        let gained = after.strength() - before.map_or(0.0, Mark::strength);
        let newly_hearted = after.is_hearted() && known & kinds::HEARTED == 0;
        if gained <= 0.0 && !newly_hearted {
            return 0.0;
        }
        if let Some(place) = place {
            self.marks.remove(place);
        }
        self.marks.push(after);
        if kind == kinds::CLICKED && self.marks.len() > MOST_FAINT {
            self.trim();
        }
        gained.max(0.0)
    }

    /// Takes a heart back, and remembers when. Answers whether there was one.
    pub(crate) fn take_back(&mut self, outfit: u32, at: i64) -> bool {
        let place = self.marks.iter().rposition(|mark| mark.outfit == outfit);
        let was = place.is_some_and(|place| self.marks.remove(place).is_hearted());
        self.marks.push(Mark {
            outfit,
            kinds: kinds::TAKEN_BACK,
            at,
        });
        if self.marks.len() > MOST_FAINT {
            self.trim();
        }
        was
    }

    fn trim(&mut self) {
        let mut surplus = self
            .marks
            .iter()
            .filter(|mark| mark.is_faint())
            .count()
            .saturating_sub(MOST_FAINT);
        self.marks.retain(|mark| {
            let goes = surplus > 0 && mark.is_faint();
            surplus -= usize::from(goes);
            !goes
        });
    }

    /// The last outfits that count, newest first, each with what `recency` leaves of its strength. A click takes up
    /// less of the way back than a heart.
    pub(crate) fn history(&self, most: usize, recency: f32) -> impl Iterator<Item = (u32, f32)> {
        let counting = self
            .marks
            .iter()
            .rev()
            .filter(|mark| mark.strength() > 0.0)
            .take(most);
        counting.scan(0.0_f32, move |distance, mark| {
            let strength = mark.strength().min(1.0);
            let weight = strength * recency.powf(*distance);
            *distance += strength;
            (weight > FAINT * strength).then_some((mark.outfit, weight))
        })
    }

    /// The outfits the newest mark makes a pair with, and what the distance leaves of each pair.
    pub(crate) fn partners(&self, of: u32) -> impl Iterator<Item = (u32, f32)> {
        self.history(PAIRED + 1, DISTANCE)
            .filter(move |&(outfit, _)| outfit != of)
            .map(|(outfit, weight)| (outfit, weight / DISTANCE))
    }

    /// What is left of a taste by now.
    pub(crate) fn faded(&self, now: i64) -> f32 {
        (-(now.saturating_sub(self.tastes_at).max(0)) as f64 / TASTE_HALF_LIFE).exp2() as f32
    }

    /// Adds to what the person has shown of some labels; less than nothing takes away.
    pub(crate) fn taste(&mut self, labels: &[u32], liked: f32, passed: f32, now: i64) {
        let faded = self.faded(now);
        if faded < 1.0 {
            for taste in &mut self.tastes {
                taste.liked *= faded;
                taste.passed *= faded;
            }
        }
        self.tastes_at = self.tastes_at.max(now);
        for &label in labels {
            match self.tastes.iter_mut().find(|taste| taste.label == label) {
                Some(taste) => {
                    taste.liked = (taste.liked + liked).max(0.0);
                    taste.passed = (taste.passed + passed).max(0.0);
                }
                // A view says something only of labels the person has a taste in: without this, every tag there is
                // would be kept for everybody.
                None if liked > 0.0 => {
                    if self.tastes.len() >= MOST_TASTES {
                        let faintest = self
                            .tastes
                            .iter()
                            .enumerate()
                            .min_by(|a, b| a.1.liked.total_cmp(&b.1.liked));
                        if let Some((place, _)) = faintest {
                            self.tastes.swap_remove(place);
                        }
                    }
                    self.tastes.push(Taste {
                        label,
                        liked,
                        passed: passed.max(0.0),
                    });
                }
                None => {}
            }
        }
    }

    pub(crate) fn has_hearted(&self, outfit: u32) -> bool {
        self.marks
            .iter()
            .any(|mark| mark.outfit == outfit && mark.is_hearted())
    }

    pub(crate) fn bytes(&self) -> usize {
        let dislikes = self.dislikes.as_ref().map_or(0, |dislikes| {
            4 * (dislikes.outfits.len() + dislikes.labels.len()) + 48
        });
        size_of::<Self>()
            + 24
            + self.marks.capacity() * size_of::<Mark>()
            + self.tastes.capacity() * size_of::<Taste>()
            + dislikes
            + self.seen.as_ref().map_or(0, |seen| seen.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_counts_by_the_strongest_thing_done() {
        let mut person = Person::default();
        assert_eq!(person.strengthen(1, kinds::CLICKED, 1), 0.3);
        assert_eq!(person.strengthen(1, kinds::HEARTED, 2), 0.7);
        assert_eq!(person.strengthen(1, kinds::HEARTED, 3), 0.0);
        assert_eq!(person.strengthen(1, kinds::SHARED, 4), 0.5);
        assert!(person.take_back(1, 5));
        assert!(!person.take_back(1, 6));
        assert_eq!(person.history(10, 0.9).count(), 0);
    }

    #[test]
    fn a_taste_fades_and_never_falls_below_the_prior() {
        let mut person = Person::default();
        person.taste(&[1], 1.0, 0.0, 0);
        assert_eq!(person.faded(30 * 86_400 * 1_000_000), 0.5);
        person.taste(&[1], -5.0, -5.0, 30 * 86_400 * 1_000_000);
        assert_eq!(
            person.tastes,
            [Taste {
                label: 1,
                liked: 0.0,
                passed: 0.0
            }]
        );
    }

    #[test]
    fn what_is_kept_of_a_person_is_bounded() {
        let mut person = Person::default();
        for outfit in 0..1_000 {
            person.strengthen(outfit, kinds::CLICKED, outfit.into());
            person.taste(&[outfit], 0.3, 0.0, outfit.into());
        }
        assert!(person.marks.len() <= MOST_FAINT + 1 && person.tastes.len() <= MOST_TASTES);
    }
}
