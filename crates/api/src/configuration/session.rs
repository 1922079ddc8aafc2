//! Sections `session`, `crypto` and `frontend`: cookies, the key of encrypted columns, and the site that uses us.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT};
use secrecy::{SecretSlice, SecretString};

use super::address::BaseUrl;
use super::reader::Reader;

/// Session cookies.
#[derive(Clone, Debug)]
pub struct Session {
    /// What cookies are signed and encrypted with, of any length from 32 bytes (fewer only in development, with a
    /// warning): derive keys from it.
    pub secret: SecretString,
    /// The name without a prefix: see [`Session::cookie_name`].
    pub name: String,
    /// When browsers send the cookie along.
    pub same_site: SameSite,
    /// Why cookies may travel without TLS in production.
    pub insecure_cookies_reason: Option<String>,
}

/// When browsers send a cookie along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// From our own site, and on links from others.
    Lax,
    /// From our own site only.
    Strict,
    /// From any site, for a front end on another one. Browsers want TLS for this.
    None,
}

/// Encryption at rest.
#[derive(Clone, Debug)]
pub struct Crypto {
    /// The key: exactly 32 bytes.
    pub key: SecretSlice<u8>,
    /// Keys of before: what they sealed can still be read.
    pub previous_keys: Vec<SecretSlice<u8>>,
}

/// The web front end.
#[derive(Clone, Debug)]
pub struct Frontend {
    /// Where it is, if not under the public URL: see [`super::Configuration::frontend_url`].
    pub url: Option<BaseUrl>,
    /// Whether CORS admits the front end only.
    pub strict_cors: bool,
}

impl Session {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let name = reader.required("session.cookie_name");
        // RFC 6265: a token.
        let is_token = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter));
        if !is_token {
            reader.fault(
                "session.cookie_name",
                "may hold letters, digits and !#$%&'*+-.^_`|~ only",
            );
        }
        if name.starts_with("__Host-") || name.starts_with("__Secure-") {
            reader.fault(
                "session.cookie_name",
                "must come without a prefix: __Host- is added where there is TLS",
            );
        }
        Self {
            secret: reader.secret("session.secret").unwrap_or_default(),
            name,
            same_site: reader.choice(
                "session.cookie_samesite",
                &[
                    ("lax", SameSite::Lax),
                    ("strict", SameSite::Strict),
                    ("none", SameSite::None),
                ],
                SameSite::Lax,
            ),
            insecure_cookies_reason: reader.text("session.insecure_cookies_reason"),
        }
    }

    /// The cookie's full name: `__Host-<name>` for a `Secure` cookie, which keeps neighbouring hosts from setting it.
    pub fn cookie_name(&self, secure: bool) -> String {
        match secure {
            true => format!("__Host-{}", self.name),
            false => self.name.clone(),
        }
    }
}

impl Crypto {
    pub(super) fn read(reader: &mut Reader) -> Self {
        use secrecy::ExposeSecret;
        const NO_KEY: &str = "must be 32 bytes in base64 (`openssl rand -base64 32` makes one)";
        let text = reader.secret("crypto.key");
        let key = text.and_then(|text| {
            let key = decode_key(text.expose_secret());
            if key.is_none() {
                reader.fault("crypto.key", NO_KEY);
            }
            key
        });
        let texts = reader.secrets("crypto.previous_keys");
        let previous: Vec<_> = texts
            .iter()
            .filter_map(|text| decode_key(text.expose_secret()))
            .collect();
        if previous.len() < texts.len() {
            reader.fault("crypto.previous_keys", NO_KEY);
        }
        Self {
            key: key.unwrap_or_default(),
            previous_keys: previous,
        }
    }
}

impl Frontend {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            url: reader.parsed("frontend.url"),
            strict_cors: reader.boolean("frontend.strict_cors"),
        }
    }
}

/// Reads a key from base64 of either alphabet, padded or not.
pub(super) fn decode_key(text: &str) -> Option<SecretSlice<u8>> {
    let text = text.trim();
    let bytes = STANDARD_PAD_INDIFFERENT
        .decode(text)
        .or_else(|_| URL_SAFE_PAD_INDIFFERENT.decode(text))
        .ok()
        .filter(|bytes| bytes.len() == 32);
    bytes.map(SecretSlice::from)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn a_key_is_32_bytes_of_base64_in_any_spelling() {
        for text in [
            "-_-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",
            "+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE",
        ] {
            let key = loaded(&[("ENSEMBLE__CRYPTO__KEY", text)]).crypto.key;
            assert_eq!(
                (key.expose_secret().len(), key.expose_secret()[0]),
                (32, 0xfb)
            );
        }
        for text in ["hunter2", "AAAA", "0123456789abcdef0123456789abcdef"] {
            let found = faults(&[("ENSEMBLE__CRYPTO__KEY", text)]);
            assert_eq!(found.len(), 1);
            assert!(!found[0].to_string().contains(text));
        }
    }

    #[test]
    fn cookies_are_lax_and_called_sid() {
        let session = loaded(&[]).session;
        assert_eq!(session.same_site, SameSite::Lax);
        assert_eq!(
            (session.cookie_name(false), session.cookie_name(true)),
            ("sid".into(), "__Host-sid".into())
        );
        let session = loaded(&[
            ("SESSION_COOKIE_NAME", "shop"),
            ("SESSION_COOKIE_SAMESITE", "None"),
        ])
        .session;
        assert_eq!(
            (session.name.as_str(), session.same_site),
            ("shop", SameSite::None)
        );
    }

    #[test]
    fn a_cookie_name_is_a_token_without_a_prefix() {
        for name in ["my sid", "s;id", "__Host-sid"] {
            assert_eq!(faults(&[("SESSION_COOKIE_NAME", name)]).len(), 1, "{name}");
        }
    }

    #[test]
    fn the_front_end_is_under_the_public_url_unless_it_is_elsewhere() {
        assert_eq!(loaded(&[]).frontend_url().as_str(), "http://127.0.0.1:8000");
        let elsewhere = loaded(&[
            ("FRONTEND_URL", "http://localhost:3000/"),
            ("STRICT_CORS", "1"),
        ]);
        assert_eq!(elsewhere.frontend_url().as_str(), "http://localhost:3000");
        assert!(elsewhere.frontend.strict_cors);
    }
}
