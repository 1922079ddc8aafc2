//! Reading, and in development making, the keys that tokens are signed with.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use service::user::KeyRing;
use thiserror::Error;

use crate::configuration::{Auth, Signing};
use crate::private;

/// Why there are no keys.
#[derive(Debug, Error)]
pub(crate) enum KeysError {
    /// The file cannot be read or written.
    #[error("the key file {0} cannot be used")]
    File(String, #[source] io::Error),
    /// The file holds something else.
    #[error("the key file {0} holds no key")]
    Content(String, #[source] service::user::KeyError),
    /// The machine makes no keys.
    #[error("no key could be made")]
    Generation,
}

/// The keys the configuration names.
///
/// # Errors
/// Where a file cannot be read or holds no key.
pub(crate) fn ring(auth: &Auth) -> Result<KeyRing, KeysError> {
    match &auth.signing {
        Signing::Hs256(secret) => Ok(KeyRing::hs256(secret, &auth.jwt_previous_secrets)),
        Signing::EdDsa {
            private_key_file,
            may_create,
        } => {
            if *may_create && !private_key_file.exists() {
                create(private_key_file)?;
            }
            let private = read(private_key_file)?;
            let previous: Result<Vec<_>, _> = auth
                .jwt_previous_key_files
                .iter()
                .map(|path| read(path))
                .collect();
            KeyRing::ed_dsa(&private, &previous?)
                .map_err(|error| KeysError::Content(private_key_file.display().to_string(), error))
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, KeysError> {
    fs::read(path).map_err(|error| KeysError::File(path.display().to_string(), error))
}

/// Makes a key and keeps it for the next start. Of two processes that start at once, one
/// writes, and both use what it wrote.
fn create(path: &Path) -> Result<(), KeysError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| KeysError::Generation)?;
    let der = pair.to_pkcs8v1().map_err(|_| KeysError::Generation)?;
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        private::create_dir(folder)?;
        let mut draft = tempfile::Builder::new()
            .prefix(".key")
            .tempfile_in(folder)?;
        draft.write_all(pem.as_bytes())?;
        draft.as_file().sync_all()?;
        match draft.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error.error),
        }
    };
    write().map_err(|error| KeysError::File(path.display().to_string(), error))
}
