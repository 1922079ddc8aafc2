//! The languages messages are written in.

/// A language that messages exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn choose<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }

    /// Its language tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.choose("en", "ko")
    }
}
