//! Encryption of what is stored and must be read again: tokens of linked accounts, secrets of API
//! keys, mails that wait.

use std::fmt::Write as _;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// What every sealed text begins with: the form it has.
const FORM: &str = "v1";
/// Bytes of a key.
const KEY_LEN: usize = 32;

/// Why something was not sealed, or not opened.
#[derive(Debug, Error)]
pub enum SealError {
    /// A key is not 32 bytes long.
    #[error("a key to seal with has to have 32 bytes")]
    Key,
    /// No random numbers are to be had.
    #[error("no random numbers are to be had")]
    Random,
    /// It was sealed with a key that is not here (any more).
    #[error("it was sealed with another key")]
    UnknownKey,
    /// It was changed, or belongs elsewhere.
    #[error("it is not what was sealed here")]
    Forged,
}

/// Seals with AES-256-GCM (NIST SP 800-38D): the newest key seals, every known key opens, so that
/// keys change without a pause.
///
/// What is sealed names its key and is bound to a context, as `identity 42 refresh_token`: taken to
/// another row, it does not open. The nonce is random; one key may seal 2^32 texts.
pub struct Sealer {
    keys: Vec<(String, LessSafeKey)>,
}

impl Sealer {
    /// Seals with the first key, opens with any of them.
    ///
    /// # Errors
    /// [`SealError::Key`] where there is none, or one has not 32 bytes.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k SecretSlice<u8>>) -> Result<Self, SealError> {
        let keys: Result<Vec<_>, SealError> = keys.into_iter().map(key).collect();
        let keys = keys?;
        if keys.is_empty() {
            return Err(SealError::Key);
        }
        Ok(Self { keys })
    }

    /// Seals a secret for its context.
    ///
    /// # Errors
    /// [`SealError::Random`].
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String, SealError> {
        let (id, key) = &self.keys[0];
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::Random)?;
        let mut sealed = plain.to_vec();
        let associated = Aad::from(associated(id, context));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), associated, &mut sealed)
            .map_err(|_| SealError::Random)?;
        let mut bytes = nonce.to_vec();
        bytes.append(&mut sealed);
        Ok(format!("{FORM}.{id}.{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what was sealed for the context.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] or [`SealError::Forged`].
    pub fn open(&self, context: &str, sealed: &str) -> Result<SecretSlice<u8>, SealError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(FORM), Some(id), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SealError::Forged);
        };
        let known = self.keys.iter().find(|(known, _)| known == id);
        let (id, key) = known.ok_or(SealError::UnknownKey)?;
        let mut bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| SealError::Forged)?;
        if bytes.len() < NONCE_LEN {
            return Err(SealError::Forged);
        }
        let mut rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| SealError::Forged)?;
        let plain = key
            .open_in_place(nonce, Aad::from(associated(id, context)), &mut rest)
            .map_err(|_| SealError::Forged)?;
        Ok(plain.to_vec().into())
    }

    /// What everything that is sealed now begins with; what begins otherwise was sealed with an
    /// older key.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{FORM}.{}.", self.keys[0].0)
    }

    /// Whether it was sealed with an older key: seal it again when it is written next.
    #[must_use]
    pub fn is_outdated(&self, sealed: &str) -> bool {
        sealed.split('.').nth(1) != Some(self.keys[0].0.as_str())
    }
}

fn key(bytes: &SecretSlice<u8>) -> Result<(String, LessSafeKey), SealError> {
    let bytes = bytes.expose_secret();
    if bytes.len() != KEY_LEN {
        return Err(SealError::Key);
    }
    let unbound = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::Key)?;
    // A name for the key that says nothing of it.
    let digest = Sha256::digest([b"ensemble key id ".as_slice(), bytes].concat());
    let mut id = String::new();
    for byte in &digest[..4] {
        // Writing to a text cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    Ok((id, LessSafeKey::new(unbound)))
}

/// What is authenticated beside the secret: where it belongs, and the form and key it claims.
fn associated(id: &str, context: &str) -> String {
    format!("{FORM}.{id} {context}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(byte: u8) -> SecretSlice<u8> {
        vec![byte; KEY_LEN].into()
    }

    fn sealer(keys: &[u8]) -> Sealer {
        let keys: Vec<_> = keys.iter().copied().map(bytes).collect();
        Sealer::new(&keys).expect("keys")
    }

    fn opened(sealer: &Sealer, context: &str, sealed: &str) -> Result<String, SealError> {
        let plain = sealer.open(context, sealed)?;
        Ok(String::from_utf8_lossy(plain.expose_secret()).into_owned())
    }

    #[test]
    fn what_was_sealed_opens_in_its_context_only() {
        let sealer = sealer(&[1]);
        let sealed = sealer.seal("row 1", "비밀".as_bytes()).expect("sealed");
        assert!(!sealed.contains("비밀"));
        assert_eq!(opened(&sealer, "row 1", &sealed).expect("opened"), "비밀");
        let elsewhere = opened(&sealer, "row 2", &sealed);
        assert!(matches!(elsewhere, Err(SealError::Forged)));
    }

    #[test]
    fn the_same_secret_is_never_sealed_to_the_same_text() {
        let sealer = sealer(&[1]);
        let (one, other) = (sealer.seal("c", b"s"), sealer.seal("c", b"s"));
        assert_ne!(one.expect("sealed"), other.expect("sealed"));
    }

    #[test]
    fn an_older_key_opens_and_no_longer_seals() {
        let sealed = sealer(&[1]).seal("c", b"secret").expect("sealed");
        let rotated = sealer(&[2, 1]);
        assert_eq!(opened(&rotated, "c", &sealed).expect("opened"), "secret");
        assert!(rotated.is_outdated(&sealed));
        let again = rotated.seal("c", b"secret").expect("sealed");
        assert!(!rotated.is_outdated(&again));
        assert!(again.starts_with(&rotated.mark()) && !sealed.starts_with(&rotated.mark()));
        let dropped = opened(&sealer(&[2]), "c", &sealed);
        assert!(matches!(dropped, Err(SealError::UnknownKey)));
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let sealer = sealer(&[1]);
        let sealed = sealer.seal("c", b"secret").expect("sealed");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(sealer.open("c", &changed).is_err(), "at {at}");
        }
        for text in ["", "v1", "v1.", "v1..", "v2.00.AA", &sealed[..20]] {
            assert!(sealer.open("c", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_has_32_bytes() {
        assert!(Sealer::new(&[vec![1; 31].into()]).is_err());
        assert!(Sealer::new(&[]).is_err());
    }
}
