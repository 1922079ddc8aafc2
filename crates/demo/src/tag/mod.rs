//! Tags: what an outfit is said to be, and what each of them means to the drawing.

mod accessories;
mod bottoms;
mod dresses;
mod outers;
mod shoes;
mod tops;
mod words;

use crate::cluster::Cluster;
use crate::garment::{
    Bag, Bottom, Cloth, Dress, Eyes, Fit, Hat, Legs, Neck, Outer, Shoes, Tone, Top,
};
use crate::outfit::{Gender, Season};

/// One of the tags of the demo: a Korean word or two, as people type them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u16);

impl Tag {
    /// Every tag there is, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..)
            .map(Self)
            .take(TABLES.iter().map(|table| table.len()).sum())
    }

    /// The word itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Its number, from 0 without gaps.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Whether it names a piece to wear or carry, which then can be seen in the drawing.
    #[must_use]
    pub fn is_piece(self) -> bool {
        !matches!(
            self.spec().meaning,
            Meaning::Style | Meaning::Mood | Meaning::Fit(_) | Meaning::Tone(_) | Meaning::Print(_)
        )
    }

    pub(crate) fn meaning(self) -> Meaning {
        self.spec().meaning
    }

    /// Whether somebody of this style would wear it then.
    pub(crate) fn suits(self, cluster: Cluster, season: Season, wearer: Gender) -> bool {
        let spec = self.spec();
        spec.clusters & cluster.bit() != 0
            && spec.seasons & season.bit() != 0
            && spec.wearers & wearer.bit() != 0
    }

    fn spec(self) -> &'static Spec {
        let mut index = usize::from(self.0);
        for table in TABLES {
            match table.get(index) {
                Some(spec) => return spec,
                None => index -= table.len(),
            }
        }
        &words::FALLBACK
    }
}

/// What a tag means to whoever draws the outfit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Style,
    Mood,
    Fit(Fit),
    Tone(Tone),
    Print(Cloth),
    Top(Top, Cloth),
    Dress(Dress, Cloth),
    Bottom(Bottom, Cloth),
    Outer(Outer, Cloth),
    Shoes(Shoes),
    Bag(Bag),
    Hat(Hat),
    Neck(Neck),
    Eyes(Eyes),
    Legs(Legs),
}

/// A row of the tables.
struct Spec {
    name: &'static str,
    /// A bit for each [`Cluster`] it belongs to.
    clusters: u16,
    /// A bit for each [`Season`] it is worn in.
    seasons: u8,
    /// A bit for each [`Gender`] of figure that it is drawn on.
    wearers: u8,
    meaning: Meaning,
}

static TABLES: [&[Spec]; 7] = [
    &words::WORDS,
    &tops::TOPS,
    &bottoms::BOTTOMS,
    &dresses::DRESSES,
    &outers::OUTERS,
    &shoes::SHOES,
    &accessories::ACCESSORIES,
];

// Seasons of the tables.
const SPRING: u8 = Season::Spring.bit();
const SUMMER: u8 = Season::Summer.bit();
const FALL: u8 = Season::Fall.bit();
const WINTER: u8 = Season::Winter.bit();
const MILD: u8 = SPRING | FALL;
const WARM: u8 = SPRING | SUMMER;
const COLD: u8 = FALL | WINTER;
const COOL: u8 = SPRING | FALL | WINTER;
const NOT_COLD: u8 = SPRING | SUMMER | FALL;
const ALWAYS: u8 = SPRING | SUMMER | FALL | WINTER;

// Figures of the tables.
const HER: u8 = Gender::F.bit();
const ANY: u8 = HER | Gender::M.bit();

const fn row(
    name: &'static str,
    clusters: &[Cluster],
    seasons: u8,
    wearers: u8,
    meaning: Meaning,
) -> Spec {
    let mut mask = 0;
    let mut index = 0;
    while index < clusters.len() {
        mask |= clusters[index].bit();
        index += 1;
    }
    Spec {
        name,
        clusters: mask,
        seasons,
        wearers,
        meaning,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_about_two_hundred_and_no_name_twice() {
        let names: BTreeSet<_> = Tag::all().map(Tag::name).collect();
        assert_eq!(names.len(), Tag::all().count());
        assert!((190..=230).contains(&names.len()), "{}", names.len());
    }

    #[test]
    fn every_cluster_can_dress_anybody_in_every_season() {
        for cluster in Cluster::ALL {
            for season in Season::ALL {
                for wearer in [Gender::F, Gender::M] {
                    let has = |wanted: fn(Meaning) -> bool| {
                        Tag::all()
                            .any(|tag| tag.suits(cluster, season, wearer) && wanted(tag.meaning()))
                    };
                    let place = (cluster, season, wearer);
                    assert!(has(|it| matches!(it, Meaning::Style)), "{place:?}");
                    assert!(has(|it| matches!(it, Meaning::Mood)), "{place:?}");
                    assert!(has(|it| matches!(it, Meaning::Top(..))), "{place:?}");
                    assert!(has(|it| matches!(it, Meaning::Bottom(..))), "{place:?}");
                    assert!(has(|it| matches!(it, Meaning::Shoes(_))), "{place:?}");
                    assert!(has(|it| matches!(it, Meaning::Bag(_))), "{place:?}");
                    if season == Season::Winter {
                        assert!(has(|it| matches!(it, Meaning::Outer(..))), "{place:?}");
                    }
                }
            }
        }
    }
}
