//! Reading what providers say of people. What is not valid here is as good as not said.

use chrono::{DateTime, Utc};
use domain::user::Birthday;
use serde_json::Value;

/// The longest address of a picture that is kept.
const MAX_IMAGE: usize = 2_048;

/// A text that is there and not empty.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// A text or a number as a text: ids come as either.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

/// The address of a picture that browsers can show.
pub(crate) fn image(value: &Value) -> Option<String> {
    let address = text(value)?.trim();
    let url = url::Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    (is_web && address.len() <= MAX_IMAGE).then(|| address.to_owned())
}

/// A day of birth from its parts.
pub(super) fn birthday(year: u64, month: u64, day: u64, now: DateTime<Utc>) -> Option<Birthday> {
    Birthday::parse(&format!("{year:04}-{month:02}-{day:02}"), now).ok()
}

/// A day of birth from a year and a day, as `1999` and `0131` or `01-31`.
pub(super) fn birthday_of(year: &Value, day: &Value, now: DateTime<Utc>) -> Option<Birthday> {
    let year: u64 = text(year)?.trim().parse().ok()?;
    let digits: String = text(day)?.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 4 {
        return None;
    }
    birthday(
        year,
        digits[..2].parse().ok()?,
        digits[2..].parse().ok()?,
        now,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_birthday_is_put_together_from_its_parts() {
        let now = DateTime::from_timestamp(1_795_262_400, 0).expect("a time");
        let read = |year, day| birthday_of(&json!(year), &json!(day), now);
        let shown = |read: Option<Birthday>| read.map(|day| day.day().to_string());
        assert_eq!(shown(read("1999", "0131")).as_deref(), Some("1999-01-31"));
        assert_eq!(shown(read("1999", "01-31")).as_deref(), Some("1999-01-31"));
        for (year, day) in [
            ("", "0131"),
            ("1999", "0231"),
            ("1999", "131"),
            ("2999", "0131"),
        ] {
            assert_eq!(read(year, day), None, "{year} {day}");
        }
    }

    #[test]
    fn a_picture_is_on_the_web() {
        assert!(image(&json!("https://k.example/1.jpg")).is_some());
        for text in [
            "",
            "javascript:alert(1)",
            "data:image/png;base64,AA",
            "/1.jpg",
        ] {
            assert!(image(&json!(text)).is_none(), "{text}");
        }
    }
}
