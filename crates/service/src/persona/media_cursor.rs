//! Cursors of lists of pictures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::persona::MediaKey;

/// The opaque text for a place after this picture.
pub(crate) fn write(at: DateTime<Utc>, key: &MediaKey) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {key}", at.timestamp_micros()))
}

/// The place. It needs no signature: one that is made up only begins elsewhere in one's own list.
pub(crate) fn read(text: &str) -> Option<(DateTime<Utc>, MediaKey)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (at, key) = text.split_once(' ')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at, MediaKey::parse(key)?))
}
