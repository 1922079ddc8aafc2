//! Section `auth`: tokens and what they are signed with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::production::Stage;
use super::reader::Reader;

/// How access tokens are made and believed.
#[derive(Clone, Debug)]
pub struct Auth {
    /// What new tokens are signed with; its kind is the setting `jwt_algorithm`.
    pub signing: Signing,
    /// HS256 secrets that are still believed, but no longer signed with.
    pub jwt_previous_secrets: Vec<SecretString>,
    /// Ed25519 keys (PEM files that exist) that are still believed, but no longer signed with.
    pub jwt_previous_key_files: Vec<PathBuf>,
    /// `iss` of our tokens.
    pub jwt_issuer: String,
    /// `aud` of our tokens.
    pub jwt_audience: String,
    /// How long an access token lives.
    pub access_token_lifetime: Duration,
    /// How long a refresh token, and with it a session, lives without being used.
    pub refresh_token_lifetime: Duration,
    /// How long a session lives at most.
    pub session_lifetime: Duration,
    /// How long a process may believe that a session still exists without asking the database; zero asks always.
    pub session_cache: Duration,
}

/// What new tokens are signed with.
#[derive(Clone, Debug)]
pub enum Signing {
    /// A secret of at least 32 bytes (fewer only in development, with a warning).
    Hs256(SecretString),
    /// An Ed25519 key in a PKCS#8 PEM file.
    EdDsa {
        /// The file.
        private_key_file: PathBuf,
        /// Whether it may be made if it is not there: only the default file of a development installation. Where
        /// this is false, the file exists.
        may_create: bool,
    },
}

#[derive(Clone, Copy)]
enum Algorithm {
    Hs256,
    EdDsa,
}

impl Auth {
    pub(super) fn read(reader: &mut Reader, stage: Stage, data_dir: &Path) -> Self {
        let algorithms = [("HS256", Algorithm::Hs256), ("EdDSA", Algorithm::EdDsa)];
        let algorithm = reader.choice("auth.jwt_algorithm", &algorithms, Algorithm::Hs256);
        let secret = reader.secret("auth.jwt_secret");
        let key_file = reader.existing_file("auth.jwt_private_key_file");
        let signing = match algorithm {
            Algorithm::Hs256 => {
                if key_file.is_some() {
                    reader.warn(
                        "auth.jwt_private_key_file",
                        "is not used while the algorithm is HS256",
                    );
                }
                Signing::Hs256(secret.unwrap_or_default())
            }
            Algorithm::EdDsa => {
                if key_file.is_none() && stage == Stage::Production {
                    reader.fault(
                        "auth.jwt_private_key_file",
                        "is missing: production makes no key of its own",
                    );
                }
                Signing::EdDsa {
                    may_create: key_file.is_none(),
                    private_key_file: key_file.unwrap_or_else(|| data_dir.join("jwt-ed25519.pem")),
                }
            }
        };
        Self {
            signing,
            jwt_previous_secrets: reader.secrets("auth.jwt_previous_secrets"),
            jwt_previous_key_files: reader
                .parsed_list("auth.jwt_previous_key_files", existing_file),
            jwt_issuer: reader.required("auth.jwt_issuer"),
            jwt_audience: reader.required("auth.jwt_audience"),
            access_token_lifetime: reader.seconds("auth.access_token_seconds", 1..=86_400),
            refresh_token_lifetime: reader.seconds("auth.refresh_token_seconds", 1..=31_536_000),
            session_lifetime: reader.seconds("auth.session_seconds", 1..=315_360_000),
            session_cache: reader.seconds("auth.session_cache_seconds", 0..=3600),
        }
    }
}

fn existing_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.is_file() {
        true => Ok(path),
        false => Err(format!("there is no file {text}")),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::super::testing::{faults, loaded, production_faults};
    use super::*;

    #[test]
    fn hs256_is_the_default() {
        let auth = loaded(&[(
            "ENSEMBLE__AUTH__JWT_SECRET",
            "0123456789abcdef0123456789abcdef",
        )])
        .auth;
        let Signing::Hs256(secret) = auth.signing else {
            unreachable!("HS256 is the default");
        };
        assert_eq!(secret.expose_secret(), "0123456789abcdef0123456789abcdef");
        assert_eq!(auth.access_token_lifetime, Duration::from_secs(900));
        assert_eq!(
            auth.refresh_token_lifetime,
            Duration::from_secs(30 * 86_400)
        );
        assert_eq!(auth.session_lifetime, Duration::from_secs(365 * 86_400));
    }

    #[test]
    fn development_may_make_its_key_where_none_is_named() {
        let auth = loaded(&[
            ("ENSEMBLE__AUTH__JWT_ALGORITHM", "eddsa"),
            ("ENSEMBLE__STORAGE__DATA_DIR", "/tmp/d"),
        ])
        .auth;
        let Signing::EdDsa {
            private_key_file,
            may_create,
        } = auth.signing
        else {
            unreachable!("EdDSA was asked for");
        };
        assert_eq!(
            (private_key_file.as_path(), may_create),
            (Path::new("/tmp/d/jwt-ed25519.pem"), true)
        );
    }

    #[test]
    fn production_wants_its_own_key() {
        let found = production_faults(&[("ENSEMBLE__AUTH__JWT_ALGORITHM", "EdDSA")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].name, "ENSEMBLE__AUTH__JWT_PRIVATE_KEY_FILE");
    }

    #[test]
    fn a_key_file_that_is_named_has_to_exist() {
        for name in [
            "ENSEMBLE__AUTH__JWT_PRIVATE_KEY_FILE",
            "ENSEMBLE__AUTH__JWT_PREVIOUS_KEY_FILES",
        ] {
            let found = faults(&[
                ("ENSEMBLE__AUTH__JWT_ALGORITHM", "EdDSA"),
                (name, "/no/such.pem"),
            ]);
            assert_eq!((found.len(), found[0].name.as_str()), (1, name));
        }
    }

    #[test]
    fn previous_secrets_are_a_list() {
        let auth = loaded(&[("ENSEMBLE__AUTH__JWT_PREVIOUS_SECRETS", "one, two,")]).auth;
        let secrets: Vec<_> = auth
            .jwt_previous_secrets
            .iter()
            .map(ExposeSecret::expose_secret)
            .collect();
        assert_eq!(secrets, ["one", "two"]);
    }
}
