//! Times as the chat contract writes them: local, with microseconds and without a zone.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};

/// A time on the clocks of the service's zone.
pub(super) fn written(at: DateTime<Utc>, zone: FixedOffset) -> String {
    let local = at.with_timezone(&zone);
    local.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// Reads the Base64 of a time as [`written`], with up to six digits of a second's fraction or none.
pub(super) fn read(text: &str, zone: FixedOffset) -> Option<DateTime<Utc>> {
    let text = text.trim_end_matches('=');
    let bytes = STANDARD_NO_PAD.decode(text);
    let bytes = bytes.or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let local = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    let at = zone.from_local_datetime(&local).single()?;
    // Storage counts microseconds.
    DateTime::from_timestamp_micros(at.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn seoul() -> FixedOffset {
        FixedOffset::east_opt(9 * 3_600).expect("an offset")
    }

    #[test]
    fn a_time_is_read_as_it_was_written() {
        let at = DateTime::from_timestamp_micros(1_795_251_600_000_042).expect("a time");
        let text = written(at, seoul());
        assert_eq!(text, "2026-11-21 18:00:00.000042");
        assert_eq!(read(&STANDARD.encode(&text), seoul()), Some(at));
    }

    #[test]
    fn fractions_may_be_shorter_and_other_texts_are_refused() {
        for (text, micros) in [
            ("2026-11-21 18:00:00", 0),
            ("2026-11-21 18:00:00.5", 500_000),
        ] {
            let at = read(&STANDARD.encode(text), seoul()).expect("a time");
            assert_eq!(at.timestamp_subsec_micros(), micros);
        }
        for text in ["", "2026-11-21", "now", "2026-13-01 00:00:00"] {
            assert_eq!(read(&STANDARD.encode(text), seoul()), None, "{text}");
        }
        assert_eq!(read("no base64!", seoul()), None);
    }
}
