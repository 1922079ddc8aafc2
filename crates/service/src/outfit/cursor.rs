//! Cursors of feeds: which feed, and how far.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::outfit::FeedId;

/// A position in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedCursor {
    pub(crate) feed: FeedId,
    pub(crate) position: u32,
}

impl FeedCursor {
    /// The opaque text clients pass back.
    pub(crate) fn write(self) -> String {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&self.feed.get().to_be_bytes());
        bytes[8..].copy_from_slice(&self.position.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what [`FeedCursor::write`] wrote. It needs no signature: whoever makes one up only
    /// opens a feed of their own at another place.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 12] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (feed, position) = bytes.split_at(8);
        let feed = i64::from_be_bytes(feed.try_into().ok()?);
        let position = u32::from_be_bytes(position.try_into().ok()?);
        (feed > 0).then_some(Self {
            feed: feed.into(),
            position,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let cursor = FeedCursor {
            feed: 7_211_849_320_960_032_768.into(),
            position: 70,
        };
        assert_eq!(FeedCursor::read(&cursor.write()), Some(cursor));
        for bad in ["", "abc", "한글", &cursor.write()[1..], "AAAAAAAAAAAAAAAA"] {
            assert_eq!(FeedCursor::read(bad), None, "{bad}");
        }
    }
}
