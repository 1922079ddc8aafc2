//! Cursors of feeds: which feed, and how far.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::outfit::FeedId;
use domain::user::PersonId;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A position in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedCursor {
    pub(crate) feed: FeedId,
    pub(crate) position: u32,
    /// Tells whose feed it is, to whoever knows the person.
    owner: u32,
}

impl FeedCursor {
    /// A position in a feed of this person.
    pub(crate) fn new(feed: FeedId, position: u32, person: PersonId) -> Self {
        Self {
            feed,
            position,
            owner: owner(feed, person),
        }
    }

    /// Whether it was given to this person.
    pub(crate) fn is_of(self, person: PersonId) -> bool {
        self.owner == owner(self.feed, person)
    }

    /// The opaque text clients pass back.
    pub(crate) fn write(self) -> String {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.feed.get().to_be_bytes());
        bytes[8..12].copy_from_slice(&self.position.to_be_bytes());
        bytes[12..].copy_from_slice(&self.owner.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`FeedCursor::write`] wrote. It needs no signature: whoever makes one up only
    /// opens a feed of their own at another place.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let number = |at: usize| Some(u32::from_be_bytes(bytes[at..at + 4].try_into().ok()?));
        let feed = i64::from_be_bytes(bytes[..8].try_into().ok()?);
        (feed > 0).then_some(Self {
            feed: feed.into(),
            position: number(8)?,
            owner: number(12)?,
        })
    }
}

/// The same in every process; other people's are equal by chance alone.
fn owner(feed: FeedId, person: PersonId) -> u32 {
    let hash = xxh3_64_with_seed(&feed.get().to_be_bytes(), person.get().cast_unsigned());
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let cursor = FeedCursor::new(7_211_849_320_960_032_768.into(), 70, 3.into());
        assert!(cursor.is_of(3.into()) && !cursor.is_of(4.into()));
        assert_eq!(FeedCursor::read(&cursor.write()), Some(cursor));
        for bad in ["", "abc", "한글", &cursor.write()[1..], &"A".repeat(22)] {
            assert_eq!(FeedCursor::read(bad), None, "{bad}");
        }
    }
}
