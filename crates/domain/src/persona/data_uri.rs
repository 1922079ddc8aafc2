//! Files written as `data:` addresses (RFC 2397).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Forgiving about the padding, which some leave out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The file in a `data:` address, in base64 or percent-encoded; `None` where it is none. The type
/// that it says it has is not believed, and so not read.
#[must_use]
pub fn decode_data_uri(text: &str) -> Option<Vec<u8>> {
    let rest = text.trim().strip_prefix("data:")?;
    let (kind, content) = rest.split_once(',')?;
    if kind.ends_with(";base64") {
        return BASE64.decode(content).ok();
    }
    let mut file = Vec::with_capacity(content.len());
    let mut bytes = content.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            file.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        file.push(u8::try_from(value).ok()?);
    }
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_are_read() {
        for text in [
            "data:image/png;base64,aGVsbG8=",
            "data:image/png;base64,aGVsbG8",
            "data:text/plain;charset=utf-8;base64,aGVsbG8=",
            "data:,hello",
            "data:image/svg+xml,%68ello",
        ] {
            assert_eq!(
                decode_data_uri(text).as_deref(),
                Some(&b"hello"[..]),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "hello",
            "data:image/png",
            "data:;base64,!!",
            "data:,%6",
            "data:,%zz",
        ] {
            assert_eq!(decode_data_uri(text), None, "{text}");
        }
    }
}
