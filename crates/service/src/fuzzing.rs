//! What holds whatever a stranger sends. It is stated here once, and tried twice: by property
//! tests with input that is made for it, and by the targets of `fuzz/` with libFuzzer's.
//!
//! Each function panics where its promise is broken.

use std::net::{IpAddr, Ipv4Addr};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use domain::product::{Position, Won};

use crate::hex::hexadecimal;
use crate::notification::{Form, SignedCall};
use crate::outfit::cursor::FeedCursor;
use crate::persona::media_cursor;
use crate::product::cursor;

/// A cursor of products: nothing is read but what was written for this very list, and every place
/// is read back.
pub fn product_cursor(text: &str, list: &str) {
    if let Some(position) = cursor::decode(text, list) {
        assert_eq!(
            cursor::encode(&position, list),
            text,
            "only what we wrote is read"
        );
    }
    let number = number(text);
    let places = [
        Some(Position::Newest(number.into())),
        Some(Position::Name(text.to_owned(), number.into())),
        Won::parse(number)
            .ok()
            .map(|price| Position::Price(price, number.into())),
        i32::try_from(number >> 32)
            .ok()
            .map(NaiveDate::from_num_days_from_ce_opt)
            .map(|date| Position::Expiry(date, number.into())),
    ];
    for place in places.into_iter().flatten() {
        let written = cursor::encode(&place, list);
        assert_eq!(
            cursor::decode(&written, &format!("{list}.")),
            None,
            "another list's"
        );
        assert_eq!(
            cursor::decode(&written, list),
            Some(place),
            "a place is read back"
        );
    }
}

/// A cursor of a feed: one text a place, one place a text.
pub fn feed_cursor(text: &str) {
    if let Some(place) = FeedCursor::read(text) {
        assert_eq!(place.write(), text, "only what we wrote is read");
    }
    let number = number(text);
    let feed = number.checked_abs().unwrap_or(i64::MAX).max(1);
    let place = FeedCursor::new(feed.into(), number as u32, number.into());
    assert_eq!(
        FeedCursor::read(&place.write()),
        Some(place),
        "a place is read back"
    );
}

/// A cursor of pictures: what it is read as, is read again from what that is written as.
pub fn media_cursor(text: &str) {
    if let Some((at, key)) = media_cursor::read(text) {
        let written = media_cursor::write(at, &key);
        assert_eq!(
            media_cursor::read(&written),
            Some((at, key)),
            "a place is read back"
        );
    }
}

/// The text that a key signs says every part of the request apart from the others, as HTTP has
/// them: none holds a line feed. And no two requests that differ are the same to the guard against
/// repeating.
pub fn signed_form(parts: [&str; 5], body: &[u8]) {
    let [method, path, query, timestamp, nonce] = parts.map(|part| part.replace('\n', ""));
    let call = SignedCall {
        form: Form::Whole { nonce: &nonce },
        key: "",
        timestamp: &timestamp,
        signature: &nonce,
        method: &method,
        path: &path,
        query: &query,
        body,
        from: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let hash = hexadecimal(digest(&SHA256, body).as_ref());
    let lines = ["v2", &method, &path, &query, &hash, &timestamp, &nonce];
    let canonical = call.canonical();
    assert!(canonical.split('\n').eq(lines), "each part has its line");

    let older = SignedCall {
        form: Form::QueryOnly,
        ..call
    };
    assert_eq!(
        older.canonical(),
        query,
        "the older form signs the query as it is"
    );

    let identity = call.identity(1.into());
    assert_eq!(identity, call.identity(1.into()));
    assert_ne!(identity, call.identity(2.into()), "another key's request");
    // The same bytes, divided otherwise.
    if let Some(last) = path.chars().last() {
        let (shorter, longer) = (
            &path[..path.len() - last.len_utf8()],
            format!("{last}{query}"),
        );
        let moved = SignedCall {
            path: shorter,
            query: &longer,
            ..call
        };
        assert_ne!(
            identity,
            moved.identity(1.into()),
            "another division of the same bytes"
        );
        assert_ne!(canonical, moved.canonical());
    }
}

/// A number out of the first bytes of a text, or out of the digits that it is.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| {
        let bytes = text.bytes().chain(std::iter::repeat(0)).take(8);
        bytes.fold(0, |number, byte| number << 8 | i64::from(byte))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// Base64 that is more often a cursor than not.
    fn cursor() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[A-Za-z0-9_-]{16}",
            "[A-Za-z0-9_-]{0,80}",
            "-?[0-9]{1,19}"
        ]
    }

    proptest! {
        #[test]
        fn cursors_of_products_are_read_as_they_were_written(text in cursor(), list in ".{0,12}") {
            super::product_cursor(&text, &list);
        }

        #[test]
        fn cursors_of_feeds_and_pictures_are_read_as_they_were_written(text in cursor()) {
            super::feed_cursor(&text);
            super::media_cursor(&text);
        }

        #[test]
        fn what_is_signed_says_every_part_apart(
            parts: [String; 5],
            body in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            super::signed_form(parts.each_ref().map(String::as_str), &body);
        }
    }
}
