//! The secrets of a development installation: made on its first run, kept in the data directory, used ever after.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::auth::Signing;
use super::fault::Fault;
use super::session::decode_key;
use super::{Configuration, layers};
use crate::private;

/// Bytes of a secret.
pub(super) const LENGTH: usize = 32;

/// The file that a development installation keeps its secrets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretsFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether this run made it.
    pub is_new: bool,
}

struct Secrets {
    jwt: SecretString,
    session: SecretString,
    crypto: SecretSlice<u8>,
}

/// Fills in what was not set. Tells which file was used, if any was.
pub(super) fn complete(configuration: &mut Configuration) -> Result<Option<SecretsFile>, Fault> {
    let no_jwt = matches!(&configuration.auth.signing, Signing::Hs256(secret) if secret.expose_secret().is_empty());
    let no_session = configuration.session.secret.expose_secret().is_empty();
    let no_crypto = configuration.crypto.key.expose_secret().is_empty();
    if !(no_jwt || no_session || no_crypto) {
        return Ok(None);
    }
    let path = configuration.storage.secrets_file();
    let (kept, is_new) = kept_or_made(&configuration.storage.data_dir, &path).map_err(|error| {
        Fault::new(
            path.display().to_string(),
            format!("the secrets that are not set cannot be kept there: {error} (see ENSEMBLE__STORAGE__DATA_DIR)"),
        )
    })?;
    if no_jwt {
        configuration.auth.signing = Signing::Hs256(kept.jwt);
    }
    if no_session {
        configuration.session.secret = kept.session;
    }
    if no_crypto {
        configuration.crypto.key = kept.crypto;
    }
    Ok(Some(SecretsFile { path, is_new }))
}

fn kept_or_made(data_dir: &Path, path: &Path) -> io::Result<(Secrets, bool)> {
    let is_new = match path.try_exists()? {
        true => false,
        false => make(data_dir, path)?,
    };
    // Whoever made it: what is in the file counts, so that two processes that start at once agree.
    read(path).map(|secrets| (secrets, is_new))
}

fn read(path: &Path) -> io::Result<Secrets> {
    let values = layers::parse(&fs::read_to_string(path)?).map_err(io::Error::other)?;
    let secret = |name: &str| {
        let text = values
            .get(name)
            .map(|value| value.kind.to_string())
            .unwrap_or_default();
        match text.len() >= LENGTH {
            true => Ok(SecretString::from(text)),
            false => Err(io::Error::other(format!(
                "`{name}` is missing or shorter than {LENGTH} bytes"
            ))),
        }
    };
    let crypto = decode_key(secret("crypto_key")?.expose_secret());
    Ok(Secrets {
        jwt: secret("jwt_secret")?,
        session: secret("session_secret")?,
        crypto: crypto.ok_or_else(|| io::Error::other("`crypto_key` is not base64 of 32 bytes"))?,
    })
}

/// Writes new secrets unless another process was faster; tells whether it was us. The file appears under its name
/// with all that is in it, or not at all: it is written under another name and linked, and a link, unlike a
/// renaming, never replaces.
fn make(data_dir: &Path, path: &Path) -> io::Result<bool> {
    private::create_dir(data_dir)?;
    let text = format!(
        "# Made by Ensemble on its first development run. Keep it to yourself, and keep it at all: without it nobody\n\
         # stays signed in, and tokens of linked accounts cannot be decrypted.\n\
         jwt_secret = \"{}\"\nsession_secret = \"{}\"\ncrypto_key = \"{}\"\n",
        random_text()?,
        random_text()?,
        random_text()?,
    );
    let draft = data_dir.join(format!(".secrets-{}.toml", random_name()?));
    let linked = private::write_new(&draft, &text).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match linked {
        Ok(()) => removed.map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        // Some file systems know no links: the next best is to create it under its name.
        Err(_) => match private::write_new(path, &text) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            written => written.map(|()| true),
        },
    }
}

fn random_text() -> io::Result<String> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(STANDARD.encode(bytes))
}

fn random_name() -> io::Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::super::{ConfigurationErrors, Environment, Loaded};
    use super::*;

    fn load(data_dir: &Path, more: &[(&str, &str)]) -> Result<Loaded, ConfigurationErrors> {
        let data_dir = data_dir.to_str().expect("is UTF-8");
        let pairs = more
            .iter()
            .copied()
            .chain([("ENSEMBLE__STORAGE__DATA_DIR", data_dir)]);
        Configuration::load(&Environment::from_iter(pairs), None)
    }

    fn secrets(configuration: &Configuration) -> (String, String, Vec<u8>) {
        let jwt = match &configuration.auth.signing {
            Signing::Hs256(secret) => secret.expose_secret().to_owned(),
            Signing::EdDsa { .. } => String::new(),
        };
        let session = configuration.session.secret.expose_secret().to_owned();
        (
            jwt,
            session,
            configuration.crypto.key.expose_secret().to_vec(),
        )
    }

    #[test]
    fn they_are_made_once_and_used_ever_after() {
        let temporary = tempfile::tempdir().expect("a folder can be made");
        let data_dir = temporary.path().join("not/yet/there");
        let first = load(&data_dir, &[]).expect("makes secrets");
        let second = load(&data_dir, &[]).expect("finds secrets");
        assert!(first.secrets_file.is_some_and(|file| file.is_new));
        assert!(second.secrets_file.is_some_and(|file| !file.is_new));
        let (jwt, session, crypto) = secrets(&first.configuration);
        assert!(
            jwt.len() >= LENGTH
                && session.len() >= LENGTH
                && crypto.len() == LENGTH
                && jwt != session
        );
        assert_eq!((jwt, session, crypto), secrets(&second.configuration));
        let entries = fs::read_dir(&data_dir).expect("is there").count();
        assert_eq!(entries, 1, "no draft stays behind");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them() {
        use std::os::unix::fs::PermissionsExt;
        let data_dir = tempfile::tempdir().expect("a folder can be made");
        let file = load(data_dir.path(), &[])
            .expect("makes secrets")
            .secrets_file
            .expect("was made");
        let mode = fs::metadata(file.path)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn many_that_start_at_once_agree() {
        let data_dir = tempfile::tempdir().expect("a folder can be made");
        let barrier = Barrier::new(16);
        let all: Vec<_> = std::thread::scope(|scope| {
            let start = || {
                barrier.wait();
                load(data_dir.path(), &[]).expect("makes or finds secrets")
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("did not fail"))
                .collect()
        });
        let makers = all
            .iter()
            .filter(|loaded| loaded.secrets_file.as_ref().is_some_and(|file| file.is_new));
        assert_eq!(makers.count(), 1);
        assert!(
            all.iter()
                .all(|loaded| secrets(&loaded.configuration) == secrets(&all[0].configuration))
        );
    }

    #[test]
    fn what_is_set_is_used_instead() {
        let data_dir = tempfile::tempdir().expect("a folder can be made");
        let own = load(
            data_dir.path(),
            &[("SESSION_SECRET", "an own secret of more than 32 bytes")],
        )
        .expect("is fine");
        let made = load(data_dir.path(), &[]).expect("is fine");
        let ((jwt, session, crypto), (made_jwt, made_session, made_crypto)) =
            (secrets(&own.configuration), secrets(&made.configuration));
        assert_eq!(
            (session.as_str(), jwt, crypto),
            ("an own secret of more than 32 bytes", made_jwt, made_crypto)
        );
        assert_ne!(session, made_session);
    }

    #[test]
    fn a_broken_file_is_a_fault_and_stays_as_it_is() {
        let data_dir = tempfile::tempdir().expect("a folder can be made");
        let path = data_dir.path().join("secrets.toml");
        for broken in [
            "",
            "jwt_secret = \"hunter2\"",
            "jwt_secret = hunter2",
            "session_secret = \"hunter2",
        ] {
            fs::write(&path, broken).expect("can be written");
            let message = load(data_dir.path(), &[])
                .expect_err("is broken")
                .to_string();
            assert!(
                message.contains("secrets.toml") && !message.contains("hunter2"),
                "{message}"
            );
            assert_eq!(fs::read_to_string(&path).expect("is there"), broken);
        }
    }

    #[test]
    fn nothing_is_made_while_there_are_faults_nor_in_production() {
        let data_dir = tempfile::tempdir().expect("a folder can be made");
        load(data_dir.path(), &[("ENSEMBLE__SERVER__PORT", "x")]).expect_err("has a fault");
        load(data_dir.path(), &[("ENSEMBLE__ENVIRONMENT", "production")])
            .expect_err("has no secrets");
        assert_eq!(fs::read_dir(data_dir.path()).expect("is there").count(), 0);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_a_fault_that_names_the_setting() {
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        let message = load(file.path(), &[])
            .expect_err("is no folder")
            .to_string();
        assert!(message.contains("ENSEMBLE__STORAGE__DATA_DIR"), "{message}");
    }
}
