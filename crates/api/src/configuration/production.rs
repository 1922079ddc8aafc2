//! What is checked on the whole: what production refuses, and development only remarks on.

use secrecy::{ExposeSecret, SecretString};

use super::auth::Signing;
use super::reader::Reader;
use super::session::SameSite;
use super::{Configuration, secrets};

/// What this installation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Convenience first: missing secrets are made.
    Development,
    /// Real people: nothing is assumed.
    Production,
}

impl Stage {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let stages = [
            ("development", Self::Development),
            ("production", Self::Production),
        ];
        reader.choice("environment", &stages, Self::Development)
    }
}

/// Looks at what was read as a whole. Secrets that are not set are still empty here.
pub(super) fn check(reader: &mut Reader, configuration: &Configuration) {
    let production = configuration.environment == Stage::Production;
    check_secrets(reader, configuration, production);
    check_ports(reader, configuration);
    let is_https = configuration.server.public_url.is_https();
    if configuration.session.same_site == SameSite::None && !is_https {
        reader.warn(
            "session.cookie_samesite",
            "is `none`, which browsers ignore without TLS",
        );
    }
    if !production {
        return;
    }
    if configuration.debug {
        reader.fault("debug", "must be off in production");
    }
    if !is_https && configuration.session.insecure_cookies_reason.is_none() {
        reader.fault(
            "server.public_url",
            "must be https in production; if cookies really have to travel without TLS, say why in \
             ENSEMBLE__SESSION__INSECURE_COOKIES_REASON",
        );
    }
    if !configuration.limits.enabled {
        reader.warn(
            "limits.enabled",
            "is off: nobody is throttled; this is for load tests only",
        );
    }
}

fn check_ports(reader: &mut Reader, configuration: &Configuration) {
    let (server, metrics) = (&configuration.server, &configuration.metrics);
    let hosts = [server.host.ip(), metrics.host.ip()];
    let overlap = hosts[0] == hosts[1] || hosts.iter().any(|host| host.is_unspecified());
    if overlap && server.port != 0 && metrics.port == Some(server.port) {
        reader.fault(
            "metrics.port",
            "is the server's own port; 0 switches metrics off",
        );
    }
}

fn check_secrets(reader: &mut Reader, configuration: &Configuration, production: bool) {
    let session = configuration.session.secret.expose_secret();
    let mut given = vec![
        ("session.secret", session.as_bytes()),
        ("crypto.key", configuration.crypto.key.expose_secret()),
    ];
    if let Signing::Hs256(secret) = &configuration.auth.signing {
        given.insert(0, ("auth.jwt_secret", secret.expose_secret().as_bytes()));
    }
    let previous = configuration.auth.jwt_previous_secrets.iter();
    given.extend(previous.map(|secret: &SecretString| {
        (
            "auth.jwt_previous_secrets",
            secret.expose_secret().as_bytes(),
        )
    }));
    for (key, secret) in given {
        if secret.is_empty() && reader.is_given(key) {
            continue; // What was given could not be read; that is told already.
        }
        let Some(weakness) = weakness(secret) else {
            continue;
        };
        if production {
            reader.fault(
                key,
                format!("{weakness} (`openssl rand -base64 32` makes one)"),
            );
        } else if !secret.is_empty() {
            reader.warn(key, &format!("{weakness}; production will refuse it"));
        }
    }
}

/// What makes a secret no secret. The placeholders are long enough that no random text holds one by chance.
fn weakness(secret: &[u8]) -> Option<&'static str> {
    const PLACEHOLDERS: [&str; 8] = [
        "changeme",
        "changethis",
        "replaceme",
        "placeholder",
        "yoursecret",
        "examplesecret",
        "developmentsecret",
        "topsecret",
    ];
    if secret.is_empty() {
        return Some("is missing: production needs its own");
    }
    if secret.iter().all(|byte| *byte == secret[0]) {
        return Some("is one character over and over");
    }
    let letters = secret.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let letters: String = letters
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    if PLACEHOLDERS
        .iter()
        .any(|placeholder| letters.contains(placeholder))
    {
        return Some("is a placeholder");
    }
    (secret.len() < secrets::LENGTH).then_some("is shorter than 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{GOOD, faults, load, production, production_faults};
    use super::*;

    fn named(pairs: &[(&str, &str)]) -> Vec<String> {
        production_faults(pairs)
            .into_iter()
            .map(|fault| fault.name)
            .collect()
    }

    #[test]
    fn production_starts_with_secrets_of_its_own_and_tls() {
        let configuration = production(&[]).expect("is complete").configuration;
        assert_eq!(configuration.environment, Stage::Production);
        assert!(configuration.secure_cookies());
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let found = load(&[
            ("ENSEMBLE__ENVIRONMENT", "production"),
            ("ENSEMBLE__DEBUG", "1"),
            ("ENSEMBLE__AUTH__JWT_SECRET", ""),
            ("SESSION_SECRET", ""),
            ("ENSEMBLE__CRYPTO__KEY", ""),
        ])
        .expect_err("nothing is right")
        .to_string();
        for name in [
            "ENSEMBLE__AUTH__JWT_SECRET: is missing",
            "SESSION_SECRET (or ENSEMBLE__SESSION__SECRET): is missing",
            "ENSEMBLE__CRYPTO__KEY: is missing",
            "ENSEMBLE__DEBUG: must be off",
            "BACKEND_URL (or ENSEMBLE__SERVER__PUBLIC_URL): must be https",
            "5 faults",
        ] {
            assert!(found.contains(name), "{name} is not in {found}");
        }
    }

    #[test]
    fn short_secrets_and_placeholders_are_refused_without_repeating_them() {
        for secret in [
            "tiny-1",
            &"x".repeat(64),
            "changeme-changeme-changeme-changeme",
            "Change_Me!0123456789abcdefghijklmnop",
        ] {
            for name in [
                "ENSEMBLE__AUTH__JWT_SECRET",
                "SESSION_SECRET",
                "ENSEMBLE__AUTH__JWT_PREVIOUS_SECRETS",
            ] {
                let found = production_faults(&[(name, secret)]);
                assert_eq!((found.len(), found[0].name.as_str()), (1, name));
                assert!(!found[0].to_string().contains(secret), "{}", found[0]);
            }
        }
        assert_eq!(
            named(&[(
                "ENSEMBLE__CRYPTO__KEY",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            )]),
            ["ENSEMBLE__CRYPTO__KEY"]
        );
        assert_eq!(
            named(&[("ENSEMBLE__CRYPTO__KEY", "not a key")]),
            ["ENSEMBLE__CRYPTO__KEY"]
        );
    }

    #[test]
    fn development_takes_short_secrets_with_a_remark() {
        let loaded = load(&[("SESSION_SECRET", "short")]).expect("is only remarked on");
        assert!(
            loaded
                .warnings
                .iter()
                .any(|warning| warning.starts_with("SESSION_SECRET: is shorter"))
        );
    }

    #[test]
    fn cookies_without_tls_need_a_reason() {
        assert_eq!(
            named(&[("BACKEND_URL", "http://shop.example")]),
            ["BACKEND_URL"]
        );
        let reason = (
            "ENSEMBLE__SESSION__INSECURE_COOKIES_REASON",
            "a closed network",
        );
        let configuration = production(&[("BACKEND_URL", "http://shop.example"), reason])
            .expect("has a reason")
            .configuration;
        assert!(!configuration.secure_cookies());
    }

    #[test]
    fn with_eddsa_no_jwt_secret_is_needed() {
        let pem = tempfile::NamedTempFile::new().expect("a file can be made");
        let path = pem.path().to_str().expect("is UTF-8");
        let result = production(&[
            ("ENSEMBLE__AUTH__JWT_ALGORITHM", "EdDSA"),
            ("ENSEMBLE__AUTH__JWT_PRIVATE_KEY_FILE", path),
            ("ENSEMBLE__AUTH__JWT_SECRET", ""),
        ]);
        assert!(result.is_ok(), "{result:?}");
    }

    #[test]
    fn metrics_need_a_port_of_their_own() {
        let pairs = [
            ("ENSEMBLE__SERVER__PORT", "9464"),
            ("ENSEMBLE__SERVER__HOST", "0.0.0.0"),
        ];
        assert_eq!(faults(&pairs)[0].name, "ENSEMBLE__METRICS__PORT");
        let off = [pairs[0], pairs[1], ("ENSEMBLE__METRICS__PORT", "0")];
        assert!(load(&off).is_ok());
    }

    #[test]
    fn random_secrets_have_no_weakness() {
        for (_, secret) in GOOD {
            assert_eq!(weakness(secret.as_bytes()), None);
        }
    }
}
