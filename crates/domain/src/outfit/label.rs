//! Words outfits are found and compared by.

use std::sync::Arc;

use crate::ValueError;
use crate::hangul::fold;
use crate::id::define_id;
use crate::text::single_line;

define_id! {
    /// Identifies a label.
    LabelId
}

/// What a label says of an outfit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelKind {
    /// What is seen in the picture: 오버핏, 카고팬츠, …
    Tag,
    /// Who made a piece of it.
    Brand,
    /// The manner: 미니멀, 스트릿, …
    Style,
    /// When it is worn.
    Season,
    /// Where the picture was taken.
    Region,
    /// What the person does.
    Occupation,
    /// Who took the picture.
    Reporter,
}

impl LabelKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Tag,
        Self::Brand,
        Self::Style,
        Self::Season,
        Self::Region,
        Self::Occupation,
        Self::Reporter,
    ];

    /// The stored number.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Tag => 0,
            Self::Brand => 1,
            Self::Style => 2,
            Self::Season => 3,
            Self::Region => 4,
            Self::Occupation => 5,
            Self::Reporter => 6,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// The text of a label, 1 to 64 characters. Cheap to clone: a hundred thousand outfits share a
/// few hundred of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelName(Arc<str>);

impl LabelName {
    /// Reads the text; a leading `#` goes.
    ///
    /// # Errors
    /// `length` or `control_character`.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let text = single_line(text.strip_prefix('#').unwrap_or(text), 1, 64)?;
        Ok(Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one label have in common.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0).chars().take(191).collect()
    }
}

/// A label. One kind never has two of the same [`LabelName::key`]: the first spelling stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its id.
    pub id: LabelId,
    /// What it says.
    pub kind: LabelKind,
    /// Its text.
    pub name: LabelName,
}
