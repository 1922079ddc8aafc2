//! What outfits look like on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use domain::outfit::{Label, LabelKind, Outfit};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use service::outfit::{FeedItem, Reason};
use utoipa::ToSchema;

use crate::http::IdText;

/// The names of an outfit's labels of one kind, written without being copied.
pub(crate) struct Names<'a>(&'a Outfit, LabelKind);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names = serializer.serialize_seq(None)?;
        for label in self.0.of(self.1) {
            names.serialize_element(label.name.as_str())?;
        }
        names.end()
    }
}

/// An outfit, as one person sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Outfit)]
pub(crate) struct OutfitDto<'a> {
    outfit_id: IdText,
    img_url: &'a str,
    /// `F`, `M` or null.
    gender: Option<&'static str>,
    /// Years.
    age: Option<u8>,
    origin_url: Option<&'a str>,
    reporter: Option<&'a str>,
    #[schema(value_type = Vec<String>)]
    tags: Names<'a>,
    #[schema(value_type = Vec<String>)]
    brands: Names<'a>,
    region: Option<&'a str>,
    occupation: Option<&'a str>,
    style: Option<&'a str>,
    season: Option<&'a str>,
    date: Option<NaiveDate>,
    /// Whether the person who asks hearts it.
    is_liked: bool,
}

impl<'a> OutfitDto<'a> {
    pub(crate) fn new(outfit: &'a Outfit, is_liked: bool) -> Self {
        let one = |kind| outfit.one(kind).map(|label: &Label| label.name.as_str());
        Self {
            outfit_id: IdText(outfit.id.get()),
            img_url: outfit.img_url.as_str(),
            gender: outfit.gender.map(domain::outfit::Gender::as_str),
            age: outfit.age.map(domain::outfit::Age::get),
            origin_url: outfit.origin_url.as_ref().map(domain::outfit::Link::as_str),
            reporter: one(LabelKind::Reporter),
            tags: Names(outfit, LabelKind::Tag),
            brands: Names(outfit, LabelKind::Brand),
            region: one(LabelKind::Region),
            occupation: one(LabelKind::Occupation),
            style: one(LabelKind::Style),
            season: one(LabelKind::Season),
            date: outfit.date,
            is_liked,
        }
    }
}

/// An outfit and what is known of it beside.
#[derive(Serialize, ToSchema)]
#[schema(as = OutfitDetails)]
pub(crate) struct OutfitDetailsDto<'a> {
    #[serde(flatten)]
    outfit: OutfitDto<'a>,
    /// How many people heart it.
    hearts: i64,
    /// Whether it is shown to nobody.
    hidden: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> OutfitDetailsDto<'a> {
    pub(crate) fn new(outfit: &'a Outfit, is_liked: bool) -> Self {
        Self {
            outfit: OutfitDto::new(outfit, is_liked),
            hearts: outfit.hearts,
            hidden: outfit.hidden,
            created_at: outfit.created_at,
            updated_at: outfit.updated_at,
        }
    }
}

/// A page of outfits.
#[derive(Serialize, ToSchema)]
#[schema(as = Outfits)]
pub(crate) struct OutfitsDto<'a> {
    pub(crate) items: Vec<OutfitDto<'a>>,
    /// Pass it on as `cursor`; `null` on the last page.
    pub(crate) next_cursor: Option<String>,
}

/// Why an outfit is in a feed.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Reason)]
pub(crate) enum ReasonDto<'a> {
    /// People who heart this outfit, as you do, heart it too.
    SimilarTo {
        /// The outfit you heart.
        outfit_id: IdText,
    },
    /// You like this tag.
    Tag {
        /// The tag.
        tag: &'a str,
    },
    /// Many people heart it.
    Popular,
    /// Few people know it yet.
    Explore,
}

impl<'a> From<&'a Reason> for ReasonDto<'a> {
    fn from(reason: &'a Reason) -> Self {
        match reason {
            Reason::SimilarTo(outfit) => Self::SimilarTo {
                outfit_id: IdText(outfit.get()),
            },
            Reason::Tag(name) => Self::Tag { tag: name.as_str() },
            Reason::Popular => Self::Popular,
            Reason::Explore => Self::Explore,
        }
    }
}

/// An outfit of a feed.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedItem)]
pub(crate) struct FeedItemDto<'a> {
    #[serde(flatten)]
    outfit: OutfitDto<'a>,
    reason: ReasonDto<'a>,
    /// Its position in the feed, counted from 0; say it with `feed_id` when reporting events.
    position: usize,
}

impl<'a> From<&'a FeedItem> for FeedItemDto<'a> {
    fn from(item: &'a FeedItem) -> Self {
        Self {
            outfit: OutfitDto::new(&item.outfit, item.is_liked),
            reason: (&item.reason).into(),
            position: item.position,
        }
    }
}

/// A page of a feed.
#[derive(Serialize, ToSchema)]
#[schema(as = Feed)]
pub(crate) struct FeedDto<'a> {
    pub(crate) feed_id: IdText,
    pub(crate) items: Vec<FeedItemDto<'a>>,
    /// Pass it on as `cursor`; `null` on the last page.
    pub(crate) next_cursor: Option<String>,
}
