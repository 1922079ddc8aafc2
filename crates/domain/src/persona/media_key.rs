//! The names of stored pictures.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use super::MediaKind;
use crate::user::PersonId;

/// Bytes of the hash that a name keeps: 160 bits, so that no two pictures share one and none can
/// be guessed.
const HASH_BYTES: usize = 20;
/// What the address of a picture begins with.
const PATH: &str = "/media/";

/// The name of a stored picture: a hash of its content, and what kind of file it is. Anybody's
/// copy of a public picture has the same name; a private one's name also depends on its owner.
///
/// `3f0c…9a.png`, 40 hexadecimal digits; a private one has a `p` in front.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaKey(String);

impl MediaKey {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 1 + 2 * HASH_BYTES + 1 + 4;

    /// The name of a picture that everybody may see.
    #[must_use]
    pub fn public(content: &[u8], kind: MediaKind) -> Self {
        Self::named("", &Sha256::digest(content), kind)
    }

    /// The name of a picture that its owner shows to whom they like.
    #[must_use]
    pub fn private(owner: PersonId, content: &[u8], kind: MediaKind) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"private");
        hash.update(owner.get().to_be_bytes());
        hash.update(content);
        Self::named("p", &hash.finalize(), kind)
    }

    fn named(mark: &str, hash: &[u8], kind: MediaKind) -> Self {
        let mut name = mark.to_owned();
        for byte in hash.iter().take(HASH_BYTES) {
            // Writing to a text cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push('.');
        name.push_str(kind.extension());
        Self(name)
    }

    /// Reads a name; `None` where it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, extension) = text.split_once('.')?;
        MediaKind::of_extension(extension)?;
        let digits = name.strip_prefix('p').unwrap_or(name);
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 2 * HASH_BYTES && digits.bytes().all(is_digit))
            .then(|| Self(text.to_owned()))
    }

    /// The picture that an address names: `/media/…`, whatever stands before and whatever query
    /// follows; `None` where it names something else. The server is not looked at: a name says
    /// which picture it is, wherever it is.
    #[must_use]
    pub fn of_address(address: &str) -> Option<Self> {
        let (_, name) = address.rsplit_once(PATH)?;
        Self::parse(name.split(['?', '#']).next().unwrap_or(name))
    }

    /// The address of the picture on this server.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PATH}{}", self.0)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of file it is.
    #[must_use]
    pub fn kind(&self) -> MediaKind {
        let extension = self.0.rsplit('.').next().unwrap_or_default();
        MediaKind::of_extension(extension).unwrap_or(MediaKind::Png)
    }

    /// Whether only who has a signed address may see it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.0.starts_with('p')
    }
}

impl fmt::Display for MediaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_has_the_same_name_and_other_content_another() {
        let key = |content: &[u8]| MediaKey::public(content, MediaKind::Png);
        assert_eq!(key(b"a"), key(b"a"));
        assert_ne!(key(b"a"), key(b"b"));
        assert_eq!(key(b"a").as_str().len(), 44);
        assert!(key(b"a").as_str().ends_with(".png"));
    }

    #[test]
    fn a_private_name_is_its_owners_own() {
        let key = |owner: i64| MediaKey::private(owner.into(), b"a", MediaKind::Jpeg);
        assert_ne!(key(1), key(2));
        assert!(key(1).is_private());
        assert!(!MediaKey::public(b"a", MediaKind::Jpeg).is_private());
        assert!(key(1).as_str().len() <= MediaKey::MAX_CHARS);
    }

    #[test]
    fn names_are_read_back_and_nothing_else_is_one() {
        for key in [
            MediaKey::public(b"a", MediaKind::Webp),
            MediaKey::private(7.into(), b"a", MediaKind::Gif),
        ] {
            assert_eq!(MediaKey::parse(key.as_str()), Some(key.clone()));
            assert_eq!(MediaKey::of_address(&key.path()), Some(key.clone()));
            let signed = format!("{}?expires=1", key.path());
            assert_eq!(MediaKey::of_address(&signed), Some(key.clone()));
            let whole = format!("https://shop.example{signed}");
            assert_eq!(MediaKey::of_address(&whole), Some(key));
        }
        let digits = "0".repeat(40);
        for text in [
            "",
            "x.png",
            "../../etc/passwd",
            &digits,
            &format!("{digits}.svg"),
            &format!("{digits}.png/.."),
            &format!("{digits}0.png"),
            &format!("{}F.png", "0".repeat(39)),
            &format!("x{digits}.png"),
        ] {
            assert_eq!(MediaKey::parse(text), None, "{text}");
        }
        assert_eq!(
            MediaKey::of_address("https://elsewhere.example/a.png"),
            None
        );
    }
}
