//! The names of all settings: made from the embedded defaults and the table of aliases, and from nothing else.

use std::collections::BTreeMap;

use config::{Value, ValueKind};

use super::fault::Fault;
use super::layers;

/// The embedded defaults, in which every setting stands.
const DEFAULTS: &str = include_str!("defaults.toml");

/// The variable that names the configuration file. It is no setting: it cannot stand in the file.
pub(super) const FILE_VARIABLE: &str = "ENSEMBLE_CONFIG";

/// What the names of all settings begin with.
pub(super) const PREFIX: &str = "ENSEMBLE__";

/// The names that the contracts (and, for S3 and OpenTelemetry, their own tools) fix, and the settings they stand for.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("BACKEND_URL", "server.public_url"),
    ("DATABASE_URL", "database.url"),
    ("DB_HOST", "database.host"),
    ("DB_PORT", "database.port"),
    ("DB_USER", "database.user"),
    ("DB_PASS", "database.password"),
    ("DB_NAME", "database.name"),
    ("MEDIA_ROOT", "storage.media_dir"),
    ("AWS_ENDPOINT_URL", "storage.s3_endpoint"),
    ("AWS_REGION", "storage.s3_region"),
    ("AWS_ACCESS_KEY_ID", "storage.s3_access_key_id"),
    ("AWS_SECRET_ACCESS_KEY", "storage.s3_secret_access_key"),
    ("SESSION_SECRET", "session.secret"),
    ("SESSION_COOKIE_NAME", "session.cookie_name"),
    ("SESSION_COOKIE_SAMESITE", "session.cookie_samesite"),
    ("FRONTEND_URL", "frontend.url"),
    ("STRICT_CORS", "frontend.strict_cors"),
    ("KAKAO_CLIENT_ID", "oauth.kakao.client_id"),
    ("KAKAO_CLIENT_SECRET", "oauth.kakao.client_secret"),
    ("KAKAO_REDIRECT_URI", "oauth.kakao.redirect_uri"),
    ("KAKAO_SCOPE", "oauth.kakao.scope"),
    ("KAKAO_APP_ID", "oauth.kakao.app_id"),
    ("KAKAO_ADMIN_KEY", "oauth.kakao.admin_key"),
    ("GOOGLE_CLIENT_ID", "oauth.google.client_id"),
    ("GOOGLE_CLIENT_SECRET", "oauth.google.client_secret"),
    ("GOOGLE_REDIRECT_URI", "oauth.google.redirect_uri"),
    ("NAVER_CLIENT_ID", "oauth.naver.client_id"),
    ("NAVER_CLIENT_SECRET", "oauth.naver.client_secret"),
    ("NAVER_REDIRECT_URI", "oauth.naver.redirect_uri"),
    ("META_APP_ID", "meta.app_id"),
    ("META_APP_SECRET", "meta.app_secret"),
    ("META_REDIRECT_URI", "meta.redirect_uri"),
    ("META_SCOPES", "meta.scopes"),
    ("IG_LONG_LIVED_USER_TOKEN", "meta.user_token"),
    ("AI_SERVICE_URL", "ai.service_url"),
    ("MAIL_ADDRESS", "mail.gmail.sender"),
    ("MAIL_PASSWD", "mail.gmail.password"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "traces.endpoint"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "traces.headers"),
    ("OTEL_SERVICE_NAME", "traces.service_name"),
    ("OTEL_TRACES_SAMPLER_ARG", "traces.sample_ratio"),
];

/// Every setting by its key (`server.port`), with its default.
pub(super) struct Names {
    defaults: BTreeMap<String, Value>,
}

impl Names {
    /// Reads the embedded defaults.
    pub(super) fn embedded() -> Result<Self, Fault> {
        let defaults = layers::parse(DEFAULTS)
            .map_err(|message| Fault::new("the embedded defaults", message))?;
        Ok(Self { defaults })
    }

    /// The embedded defaults by key.
    pub(super) fn defaults(&self) -> &BTreeMap<String, Value> {
        &self.defaults
    }

    /// Whether there is a setting of this key.
    pub(super) fn contains(&self, key: &str) -> bool {
        self.defaults.contains_key(key)
    }

    /// Whether this is the name of a section.
    pub(super) fn is_section(&self, name: &str) -> bool {
        let mut keys = self.defaults.keys();
        keys.any(|key| {
            key.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// Whether a setting may be left unset: its default is an empty text.
    pub(super) fn is_optional(&self, key: &str) -> bool {
        let default = self.defaults.get(key).map(|value| &value.kind);
        matches!(default, Some(ValueKind::String(text)) if text.is_empty())
    }

    /// The key of the setting that an `ENSEMBLE__…` variable stands for.
    pub(super) fn key_of(&self, variable: &str) -> Option<&str> {
        let mut keys = self.defaults.keys();
        keys.find(|key| variable_of(key) == variable)
            .map(String::as_str)
    }

    /// The known `ENSEMBLE__…` name that is most like an unknown one.
    pub(super) fn nearest_variable(&self, unknown: &str) -> String {
        let names = self.defaults.keys().map(|key| variable_of(key));
        nearest(names, &unknown.to_uppercase())
    }

    /// The known key that is most like an unknown one.
    pub(super) fn nearest_key(&self, unknown: &str) -> String {
        nearest(self.defaults.keys().cloned(), &unknown.to_lowercase())
    }
}

/// The variable of a setting: `server.port` is `ENSEMBLE__SERVER__PORT`.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// The contract's own name for a setting, where it has one.
pub(super) fn alias_of(key: &str) -> Option<&'static str> {
    let mut aliases = ALIASES.iter();
    aliases
        .find(|(_, target)| *target == key)
        .map(|(alias, _)| *alias)
}

fn nearest(candidates: impl Iterator<Item = String>, unknown: &str) -> String {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(name, unknown);
    candidates
        .max_by(|left, right| likeness(left).total_cmp(&likeness(right)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names() -> Names {
        Names::embedded().expect("the embedded defaults can be read")
    }

    #[test]
    fn every_alias_is_unique_and_names_a_setting_that_exists() {
        let names = names();
        for (alias, key) in ALIASES {
            assert!(names.contains(key), "{alias} stands for the unknown {key}");
        }
        let aliases: BTreeSet<_> = ALIASES.iter().map(|(alias, _)| alias).collect();
        let keys: BTreeSet<_> = ALIASES.iter().map(|(_, key)| key).collect();
        assert_eq!((aliases.len(), keys.len()), (ALIASES.len(), ALIASES.len()));
    }

    #[test]
    fn a_variable_and_its_key_translate_both_ways() {
        assert_eq!(
            variable_of("oauth.kakao.auth_base_url"),
            "ENSEMBLE__OAUTH__KAKAO__AUTH_BASE_URL"
        );
        let names = names();
        for key in names.defaults().keys() {
            assert_eq!(names.key_of(&variable_of(key)), Some(key.as_str()));
        }
    }

    #[test]
    fn the_nearest_name_is_the_one_a_hand_slipped_from() {
        let names = names();
        for (slip, meant) in [
            ("ENSEMBLE__SERVER__PROT", "ENSEMBLE__SERVER__PORT"),
            ("ENSEMBLE_SERVER__PORT", "ENSEMBLE__SERVER__PORT"),
            ("ENSEMBLE__SERVER_PORT", "ENSEMBLE__SERVER__PORT"),
            ("ensemble__log__level", "ENSEMBLE__LOG__LEVEL"),
            ("ENSEMBLE__AUTH__JWT_SECERT", "ENSEMBLE__AUTH__JWT_SECRET"),
            ("ENSEMBLE__DATABASE_URL", "ENSEMBLE__DATABASE__URL"),
        ] {
            assert_eq!(names.nearest_variable(slip), meant);
        }
    }

    #[test]
    fn only_an_empty_default_makes_a_setting_optional() {
        let names = names();
        assert!(names.is_optional("server.public_url"));
        assert!(!names.is_optional("server.port"));
        assert!(!names.is_optional("no.such.key"));
    }
}
