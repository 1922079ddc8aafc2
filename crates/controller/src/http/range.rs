//! Parts of a file (RFC 9110, section 14).

use actix_web::http::header::{HeaderMap, IF_RANGE, RANGE};

use super::conditional::EntityTag;

/// What of a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// From one byte to another, both included.
    Bytes(u64, u64),
    /// Nothing that there is.
    Outside,
}

/// The part that these headers ask for of a file with that tag and length. Several parts at once,
/// other units and what cannot be read are answered with the whole, as the RFC allows.
pub(crate) fn part(headers: &HeaderMap, tag: &EntityTag, length: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(wanted) = text(RANGE) else {
        return Part::Whole;
    };
    if let Some(seen) = text(IF_RANGE)
        && tag.header().1 != seen
    {
        return Part::Whole;
    }
    match read(wanted, length) {
        None => Part::Whole,
        Some((first, last)) if first < length && first <= last => {
            Part::Bytes(first, last.min(length - 1))
        }
        Some(_) => Part::Outside,
    }
}

/// The first and the last byte; `None` where it cannot be read.
fn read(text: &str, length: u64) -> Option<(u64, u64)> {
    let (unit, set) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let number = |text: &str| -> Option<u64> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // What does not fit lies behind every file.
        is_number.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (first.is_empty(), last.is_empty()) {
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some((first, last))
        }
        (false, true) => Some((number(first)?, u64::MAX)),
        (true, false) => match number(last)? {
            // The last no bytes: there is no such part.
            0 => Some((u64::MAX, u64::MAX)),
            count => Some((length.saturating_sub(count), u64::MAX)),
        },
        (true, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn asked(range: &'static str) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(range));
        part(&headers, &EntityTag::new("a"), 100)
    }

    #[test]
    fn parts_are_read() {
        for (range, expected) in [
            ("bytes=0-9", Part::Bytes(0, 9)),
            ("bytes=90-", Part::Bytes(90, 99)),
            ("bytes=-10", Part::Bytes(90, 99)),
            ("bytes=-1000", Part::Bytes(0, 99)),
            ("bytes=50-1000", Part::Bytes(50, 99)),
            ("bytes=100-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=99999999999999999999-", Part::Outside),
            ("bytes=9-0", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("pages=1-2", Part::Whole),
            ("nonsense", Part::Whole),
        ] {
            assert_eq!(asked(range), expected, "{range}");
        }
    }

    #[test]
    fn a_part_of_what_changed_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static("bytes=0-9"));
        headers.insert(IF_RANGE, HeaderValue::from_static("\"a\""));
        let tagged = |tag| part(&headers, &EntityTag::new(tag), 100);
        assert_eq!(tagged("a"), Part::Bytes(0, 9));
        assert_eq!(tagged("b"), Part::Whole);
    }
}
