//! The picture of a persona.

use super::MediaKey;
use crate::ValueError;
use crate::text::single_line;

/// Characters of an address.
const ADDRESS: u64 = 2_000;
/// Kinds of picture that may be given as data. No SVG: that can hold scripts.
const KINDS: [&str; 4] = ["png", "jpeg", "webp", "gif"];

/// Where the picture is: `/media/…` on this server, an `http` or `https` address, or the picture
/// itself as a small `data:` URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonaImage(String);

impl PersonaImage {
    /// Characters of a picture given as data: some 45 KB of PNG.
    pub const MAX_DATA: u64 = 60_000;

    /// Reads an address or a picture.
    ///
    /// # Errors
    /// `length`, `control_character`, `url`, or `data_uri` for data that is no picture.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if Self::is_data(text) {
            return Self::data(text);
        }
        let text = single_line(text, 1, ADDRESS)?;
        let scheme = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
        let is_web = ["https://", "http://"].iter().any(|known| {
            // Something has to follow.
            scheme.starts_with(known) && text.len() > known.len()
        });
        let is_ours = text
            .strip_prefix("/media/")
            .is_some_and(|rest| !rest.is_empty() && !rest.contains("..") && !rest.contains('\\'));
        if (is_web || is_ours) && !text.contains(char::is_whitespace) {
            Ok(Self(text))
        } else {
            Err(ValueError::new("url"))
        }
    }

    /// A stored picture, by its address on this server.
    #[must_use]
    pub fn of_media(key: &MediaKey) -> Self {
        Self(key.path())
    }

    /// Whether a text is a picture rather than an address of one.
    #[must_use]
    pub fn is_data(text: &str) -> bool {
        let scheme = text.trim_start().get(..5);
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
    }

    fn data(text: &str) -> Result<Self, ValueError> {
        if text.len() as u64 > Self::MAX_DATA {
            return Err(ValueError::length(1, Self::MAX_DATA));
        }
        let is_base64 =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let is_picture = KINDS.iter().any(|kind| {
            let data = text.strip_prefix(&format!("data:image/{kind};base64,"));
            data.is_some_and(|data| !data.is_empty() && data.bytes().all(is_base64))
        });
        if is_picture {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new("data_uri"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, ValueError> {
        PersonaImage::parse(text).map(|image| image.0)
    }

    #[test]
    fn a_picture_is_ours_or_on_the_web_or_given_as_data() {
        for text in [
            "/media/3f.png",
            "/media/3f.png?w=128",
            "https://cdn.example/1.jpg",
            "HTTP://cdn.example/1.jpg",
            "data:image/png;base64,iVBORw0KGgo=",
        ] {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
        assert_eq!(read(" /media/1.png ").as_deref(), Ok("/media/1.png"));
    }

    #[test]
    fn nothing_else_is_a_picture() {
        for text in [
            "/media/",
            "/media/../etc/passwd",
            "/media/a b",
            "/static/1.png",
            "//evil.example/1.png",
            "https://",
            "javascript:alert(1)",
            "media/1.png",
            "data",
        ] {
            assert_eq!(read(text), Err(ValueError::new("url")), "{text}");
        }
        for text in [
            "data:",
            "data:image/svg+xml;base64,AAAA",
            "data:text/html;base64,AAAA",
            "data:image/png;base64,",
            "data:image/png;base64,<script>",
            "data:image/png,AAAA",
        ] {
            assert_eq!(read(text), Err(ValueError::new("data_uri")), "{text}");
        }
        assert_eq!(read("  "), Err(ValueError::length(1, ADDRESS)));
        let long = format!("https://a.example/{}", "a".repeat(2_000));
        assert_eq!(read(&long), Err(ValueError::length(1, ADDRESS)));
        assert_eq!(
            read("/media/a\u{0}.png"),
            Err(ValueError::new("control_character"))
        );
    }

    #[test]
    fn data_has_a_bound() {
        let head = "data:image/webp;base64,";
        let room = usize::try_from(PersonaImage::MAX_DATA).expect("a length") - head.len();
        assert!(read(&format!("{head}{}", "A".repeat(room))).is_ok());
        let long = read(&format!("{head}{}", "A".repeat(room + 1)));
        assert_eq!(long, Err(ValueError::length(1, PersonaImage::MAX_DATA)));
    }
}
