//! The whole data set.

use crate::brand::Brand;
use crate::compose;
use crate::heart::{self, DemoHeart};
use crate::outfit::DemoOutfit;
use crate::person::{self, DemoPerson};
use crate::tag::Tag;
use crate::view::{DemoView, Views};

/// How much of everything to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Outfits; from about 1,000 on every tag and brand is in use.
    pub outfits: u32,
    /// People.
    pub people: u32,
    /// Hearts. At most a quarter of `outfits` times `people` is sensible: tastes are narrow.
    pub hearts: u32,
}

impl Default for Sizes {
    /// What `ensemble seed` shows: 2,000 outfits, 500 people, 30,000 hearts.
    fn default() -> Self {
        Self {
            outfits: 2_000,
            people: 500,
            hearts: 30_000,
        }
    }
}

/// The demonstration data of one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Every tag there is; [`Tag::number`] is its place here.
    pub tags: Vec<Tag>,
    /// Every brand there is; [`Brand::number`] is its place here.
    pub brands: Vec<Brand>,
    /// By number, which is the order of time too.
    pub outfits: Vec<DemoOutfit>,
    /// By number.
    pub people: Vec<DemoPerson>,
    /// In time order; nobody likes the same outfit twice, or one that did not exist yet.
    pub hearts: Vec<DemoHeart>,
    pub(crate) seed: u64,
    pub(crate) until: i64,
}

impl Demo {
    /// Makes the data. `until`, in µs since 1970, is the instant up to which things happened:
    /// outfits came in during the two years before it, hearts during the last 120 days.
    ///
    /// The same arguments give the same data on every machine.
    #[must_use]
    pub fn generate(sizes: &Sizes, seed: u64, until: i64) -> Self {
        let outfits = compose::outfits(sizes.outfits, seed, until);
        let people = person::people(sizes.people, seed);
        let hearts = heart::hearts(sizes.hearts, seed, until, &people, &outfits);
        Self {
            tags: Tag::all().collect(),
            brands: Brand::all().collect(),
            outfits,
            people,
            hearts,
            seed,
            until,
        }
    }

    /// What people were shown and did not like, about ten for each heart, in time order. Made as
    /// it is asked for: a million hearts have ten million of them.
    pub fn views(&self) -> impl Iterator<Item = DemoView> + '_ {
        Views::new(self)
    }
}
