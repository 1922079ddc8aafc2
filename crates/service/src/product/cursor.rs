//! Cursors: a place in a list, as a text that means nothing to its holder.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike, NaiveDate};
use domain::product::{Position, Won};
use sha2::{Digest, Sha256};

/// Changes when the layout does, so that an old cursor is refused and not misread.
const VERSION: u8 = 1;
const CHECK_BYTES: usize = 6;
/// The day that stands for "never expires": later than any there is.
const NEVER: i32 = i32::MAX;

/// Writes a place in the list that `list` describes.
pub(crate) fn encode(position: &Position, list: &str) -> String {
    let mut bytes = vec![VERSION];
    match position {
        Position::Newest(id) => {
            bytes.push(0);
            bytes.extend(id.get().to_be_bytes());
        }
        Position::Name(key, id) => {
            bytes.push(1);
            bytes.extend(id.get().to_be_bytes());
            bytes.extend(key.as_bytes());
        }
        Position::Price(price, id) => {
            bytes.push(2);
            bytes.extend(id.get().to_be_bytes());
            bytes.extend(price.get().to_be_bytes());
        }
        Position::Expiry(date, id) => {
            bytes.push(3);
            bytes.extend(id.get().to_be_bytes());
            bytes.extend(
                date.map_or(NEVER, |date| date.num_days_from_ce())
                    .to_be_bytes(),
            );
        }
    }
    bytes.extend(check(&bytes, list));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a place back; `None` where it is not ours or of another list.
pub(crate) fn decode(cursor: &str, list: &str) -> Option<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(CHECK_BYTES)?)?;
    let (&[version, kind], rest) = body.split_first_chunk()?;
    if version != VERSION || check(body, list) != sum {
        return None;
    }
    let (id, key) = rest.split_first_chunk()?;
    let id = i64::from_be_bytes(*id).into();
    Some(match kind {
        0 if key.is_empty() => Position::Newest(id),
        1 => Position::Name(String::from_utf8(key.to_vec()).ok()?, id),
        2 => Position::Price(
            Won::parse(i64::from_be_bytes(key.try_into().ok()?)).ok()?,
            id,
        ),
        3 => {
            let date = match i32::from_be_bytes(key.try_into().ok()?) {
                NEVER => None,
                days => Some(NaiveDate::from_num_days_from_ce_opt(days)?),
            };
            Position::Expiry(date, id)
        }
        _ => return None,
    })
}

/// Ties a cursor to its list: following one list with another's cursor would skip silently.
fn check(body: &[u8], list: &str) -> [u8; CHECK_BYTES] {
    let digest = Sha256::new()
        .chain_update(body)
        .chain_update(list)
        .finalize();
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&digest[..CHECK_BYTES]);
    check
}

#[cfg(test)]
mod tests {
    use domain::product::MAX_AMOUNT;
    use proptest::prelude::*;

    use super::*;

    fn positions() -> Vec<Position> {
        let won = Won::parse(4_500).expect("a price");
        let date = NaiveDate::from_ymd_opt(2026, 11, 21);
        vec![
            Position::Newest(7.into()),
            Position::Name("슈크림 라떼".into(), 7.into()),
            Position::Price(won, 7.into()),
            Position::Expiry(date, 7.into()),
            Position::Expiry(None, 7.into()),
        ]
    }

    #[test]
    fn a_cursor_reads_back_as_the_place_it_was_written_from() {
        for position in positions() {
            assert_eq!(decode(&encode(&position, "list"), "list"), Some(position));
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_changed_by_a_bit_is_refused() {
        for position in positions() {
            let cursor = encode(&position, "list");
            assert_eq!(decode(&cursor, "other"), None);
            let bytes = URL_SAFE_NO_PAD.decode(&cursor).expect("base64");
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                assert_eq!(decode(&URL_SAFE_NO_PAD.encode(changed), "list"), None);
            }
        }
    }

    #[test]
    fn any_other_text_is_refused() {
        for text in [
            "",
            "a",
            "AAAA",
            "not base64!",
            "eyJpZCI6MX0",
            &"A".repeat(5_000),
        ] {
            assert_eq!(decode(text, "list"), None, "{text}");
        }
    }

    fn any_position() -> impl Strategy<Value = Position> {
        let dates = (-3_000_000..3_000_000).prop_map(NaiveDate::from_num_days_from_ce_opt);
        prop_oneof![
            any::<i64>().prop_map(|id| Position::Newest(id.into())),
            (".*", any::<i64>()).prop_map(|(key, id)| Position::Name(key, id.into())),
            (0..=MAX_AMOUNT, any::<i64>()).prop_map(|(amount, id)| {
                Position::Price(Won::parse(amount).expect("a price"), id.into())
            }),
            (dates, any::<i64>()).prop_map(|(date, id)| Position::Expiry(date, id.into())),
        ]
    }

    proptest! {
        #[test]
        fn any_place_reads_back_in_its_own_list_only(
            position in any_position(),
            list in ".*",
            other in ".*",
        ) {
            let cursor = encode(&position, &list);
            prop_assert_eq!(decode(&cursor, &other).is_some(), list == other);
            prop_assert_eq!(decode(&cursor, &list), Some(position));
        }

        #[test]
        fn reading_nonsense_never_panics(bytes: Vec<u8>, list in ".*") {
            prop_assert_eq!(decode(&URL_SAFE_NO_PAD.encode(bytes), &list), None);
        }
    }
}
