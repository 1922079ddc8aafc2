//! The outfit itself.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Age, Gender, Label, LabelKind, LabelName, Link};
use crate::id::define_id;
use crate::product::Version;

define_id! {
    /// Identifies an outfit.
    OutfitId
}

/// What an editor says of an outfit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutfitDraft {
    /// The picture.
    pub img_url: Link,
    /// Whom it is worn by.
    pub gender: Option<Gender>,
    /// How old they are.
    pub age: Option<Age>,
    /// Where the picture comes from.
    pub origin_url: Option<Link>,
    /// The day of the picture.
    pub date: Option<NaiveDate>,
    /// The labels, in the editor's order; at most one of each kind but tags and brands.
    pub labels: Vec<(LabelKind, LabelName)>,
}

impl OutfitDraft {
    /// The most labels of an outfit.
    pub const MAX_LABELS: usize = 100;

    /// The labels of a kind, in order.
    pub fn of(&self, kind: LabelKind) -> impl Iterator<Item = &LabelName> {
        let labels = self.labels.iter();
        labels.filter_map(move |(of, name)| (*of == kind).then_some(name))
    }

    /// The label of a kind that has at most one.
    #[must_use]
    pub fn one(&self, kind: LabelKind) -> Option<&LabelName> {
        self.of(kind).next()
    }

    /// Replaces the labels of a kind, where the first of them stood; one that stands there twice
    /// is kept once.
    pub fn set(&mut self, kind: LabelKind, names: impl IntoIterator<Item = LabelName>) {
        let here = self.labels.iter().position(|(of, _)| *of == kind);
        self.labels.retain(|(of, _)| *of != kind);
        let mut keys = std::collections::HashSet::new();
        let new = names.into_iter().filter(|name| keys.insert(name.key()));
        let here = here.unwrap_or(self.labels.len());
        self.labels.splice(here..here, new.map(|name| (kind, name)));
    }
}

/// An outfit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outfit {
    /// Its id: made here, or brought along by an import.
    pub id: OutfitId,
    /// The picture.
    pub img_url: Link,
    /// Whom it is worn by.
    pub gender: Option<Gender>,
    /// How old they are.
    pub age: Option<Age>,
    /// Where the picture comes from.
    pub origin_url: Option<Link>,
    /// The day of the picture.
    pub date: Option<NaiveDate>,
    /// The labels, in the editor's order.
    pub labels: Vec<Label>,
    /// How many people heart it now.
    pub hearts: i64,
    /// Whether it is shown to nobody.
    pub hidden: bool,
    /// How often it has been changed.
    pub version: Version,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed (hearts are no change).
    pub updated_at: DateTime<Utc>,
}

impl Outfit {
    /// The labels of a kind, in order.
    pub fn of(&self, kind: LabelKind) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(move |label| label.kind == kind)
    }

    /// The label of a kind that has at most one.
    #[must_use]
    pub fn one(&self, kind: LabelKind) -> Option<&Label> {
        self.of(kind).next()
    }

    /// What an editor said of it.
    #[must_use]
    pub fn draft(&self) -> OutfitDraft {
        let labels = self.labels.iter();
        OutfitDraft {
            img_url: self.img_url.clone(),
            gender: self.gender,
            age: self.age,
            origin_url: self.origin_url.clone(),
            date: self.date,
            labels: labels.map(|l| (l.kind, l.name.clone())).collect(),
        }
    }
}

/// What is to change about an outfit; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct OutfitChange {
    /// The picture.
    pub img_url: Option<Link>,
    /// Whom it is worn by.
    pub gender: Option<Option<Gender>>,
    /// How old they are.
    pub age: Option<Option<Age>>,
    /// Where the picture comes from.
    pub origin_url: Option<Option<Link>>,
    /// The day of the picture.
    pub date: Option<Option<NaiveDate>>,
    /// All labels of these kinds.
    pub labels: Vec<(LabelKind, Vec<LabelName>)>,
    /// Whether it is shown to nobody.
    pub hidden: Option<bool>,
}

impl OutfitChange {
    /// The draft as it is after the change.
    #[must_use]
    pub fn apply(&self, mut draft: OutfitDraft) -> OutfitDraft {
        draft.img_url = self.img_url.clone().unwrap_or(draft.img_url);
        draft.gender = self.gender.unwrap_or(draft.gender);
        draft.age = self.age.unwrap_or(draft.age);
        draft.origin_url = self.origin_url.clone().unwrap_or(draft.origin_url);
        draft.date = self.date.unwrap_or(draft.date);
        for (kind, names) in &self.labels {
            draft.set(*kind, names.iter().cloned());
        }
        draft
    }
}
