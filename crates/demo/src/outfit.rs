//! An outfit as data: what a row of the catalogue holds, and what the drawing is made from.

use crate::brand::Brand;
use crate::calendar;
use crate::cluster::Cluster;
use crate::tag::Tag;

/// One outfit. What it looks like follows from it alone: see [`draw`](crate::draw).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoOutfit {
    /// From 1, in the order in which the outfits came in.
    pub number: u32,
    /// The style it was made from.
    pub cluster: Cluster,
    /// `None` where it is said for nobody in particular.
    pub gender: Option<Gender>,
    /// The wearer's age in years, 17 to 49, where it is known.
    pub age: Option<u8>,
    /// Whoever photographed it.
    pub reporter: &'static str,
    /// The style first, then every piece that can be seen, then cut, tone and mood. No tag twice.
    pub tags: Vec<Tag>,
    /// The brands of one to three of the pieces, each once.
    pub brands: Vec<Brand>,
    /// A neighbourhood of Seoul, or a city.
    pub region: &'static str,
    /// What the wearer does for a living.
    pub occupation: &'static str,
    /// The style in words: [`Cluster::name`].
    pub style: &'static str,
    /// The season it was worn in; [`day`](Self::day) lies within it.
    pub season: Season,
    /// The day it was photographed, in days since 1970-01-01 (UTC).
    pub day: i32,
    /// When it came into the catalogue, in µs since 1970. Grows with [`number`](Self::number).
    pub created_at: i64,
    /// Which of the style's four palettes it is drawn in.
    pub(crate) palette: u8,
    /// Decides figure, pose and everything else about the drawing that no tag does.
    pub(crate) look: u64,
}

impl DemoOutfit {
    /// The day it was photographed, as `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> String {
        let (year, month, day) = calendar::civil(self.day);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Where it is said to come from; a reserved name, so nobody is there.
    #[must_use]
    pub fn origin_url(&self) -> String {
        format!(
            "https://{}.example.com/snaps/{:06}",
            self.cluster.slug(),
            self.number
        )
    }

    /// Whose figure it is drawn on.
    pub(crate) fn wearer(&self) -> Gender {
        self.gender.unwrap_or(Self::anybody(self.look))
    }

    /// Whose figure, where it is for nobody in particular.
    pub(crate) const fn anybody(look: u64) -> Gender {
        if look & 1 == 0 { Gender::F } else { Gender::M }
    }
}

/// Whom an outfit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// Women's.
    F,
    /// Men's.
    M,
}

impl Gender {
    /// `F` or `M`, as the contract writes it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::M => "M",
        }
    }

    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A season of the northern year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Fall,
    /// December to February.
    Winter,
}

impl Season {
    /// All four, in the order of the year.
    pub const ALL: [Self; 4] = [Self::Spring, Self::Summer, Self::Fall, Self::Winter];

    /// The English word in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spring => "spring",
            Self::Summer => "summer",
            Self::Fall => "fall",
            Self::Winter => "winter",
        }
    }

    /// The season of a month, 1 to 12.
    pub(crate) const fn of_month(month: u32) -> Self {
        match month {
            3..=5 => Self::Spring,
            6..=8 => Self::Summer,
            9..=11 => Self::Fall,
            _ => Self::Winter,
        }
    }

    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}
