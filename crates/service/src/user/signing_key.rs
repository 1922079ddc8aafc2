//! The keys access tokens are signed and checked with, and how they are replaced without
//! signing anybody out.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// A key could not be read.
#[derive(Debug, Error)]
#[error("not an Ed25519 key in PEM form (PKCS#8 private or SPKI public)")]
pub struct KeyError(#[from] jsonwebtoken::errors::Error);

/// A key tokens are checked with; the algorithm belongs to the key, never to the token.
pub(super) struct VerifyingKey {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// One key to sign with and any number to check with.
pub struct KeyRing {
    pub(super) algorithm: Algorithm,
    pub(super) signing_id: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: HashMap<String, VerifyingKey>,
    public: JwkSet,
}

impl KeyRing {
    /// HS256 with a shared secret; tokens signed with one of `previous` are still good.
    #[must_use]
    pub fn hs256(secret: &SecretString, previous: &[SecretString]) -> Self {
        let verifying = std::iter::once(secret)
            .chain(previous)
            .map(|secret| {
                let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
                (
                    secret_id(secret),
                    VerifyingKey {
                        algorithm: Algorithm::HS256,
                        key,
                    },
                )
            })
            .collect();
        Self {
            algorithm: Algorithm::HS256,
            signing_id: secret_id(secret),
            signing: EncodingKey::from_secret(secret.expose_secret().as_bytes()),
            verifying,
            public: JwkSet { keys: Vec::new() },
        }
    }

    /// EdDSA with an Ed25519 key in PKCS#8 PEM form; tokens signed with one of `previous`
    /// (private or public keys) are still good.
    ///
    /// # Errors
    /// Where a key cannot be read.
    pub fn ed_dsa(private_pem: &[u8], previous: &[Vec<u8>]) -> Result<Self, KeyError> {
        let signing = EncodingKey::from_ed_pem(private_pem)?;
        let mut keys = vec![public_jwk(private_pem)?];
        for pem in previous {
            keys.push(public_jwk(pem)?);
        }
        let mut verifying = HashMap::new();
        for key in &keys {
            let id = key.common.key_id.clone().unwrap_or_default();
            let algorithm = Algorithm::EdDSA;
            verifying.insert(
                id,
                VerifyingKey {
                    algorithm,
                    key: DecodingKey::from_jwk(key)?,
                },
            );
        }
        let signing_id = keys[0].common.key_id.clone().unwrap_or_default();
        let public = JwkSet { keys };
        Ok(Self {
            algorithm: Algorithm::EdDSA,
            signing_id,
            signing,
            verifying,
            public,
        })
    }

    /// The public keys, for `/.well-known/jwks.json`; none with a shared secret.
    #[must_use]
    pub fn public(&self) -> &JwkSet {
        &self.public
    }
}

/// The public half of a key, named by its RFC 7638 thumbprint.
fn public_jwk(pem: &[u8]) -> Result<Jwk, KeyError> {
    let mut jwk = match EncodingKey::from_ed_pem(pem) {
        Ok(private) => Jwk::from_encoding_key(&private, Algorithm::EdDSA)?,
        Err(_) => Jwk::from_decoding_key(&DecodingKey::from_ed_pem(pem)?, Some(Algorithm::EdDSA))?,
    };
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256)?);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

/// Names a secret without telling it.
fn secret_id(secret: &SecretString) -> String {
    let digest = Sha256::new()
        .chain_update(b"ensemble key id\0")
        .chain_update(secret.expose_secret())
        .finalize();
    URL_SAFE_NO_PAD.encode(&digest[..9])
}
