//! Section `meta`: Instagram, by way of Meta's Graph API.

use std::time::Duration;

use secrecy::SecretString;

use super::address::{BaseUrl, RedirectUri};
use super::oauth::{base_url, scopes};
use super::production::Stage;
use super::reader::Reader;

/// Linking Instagram accounts.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Our app's id; `None`: not configured.
    pub app_id: Option<String>,
    /// Our app's secret.
    pub app_secret: Option<SecretString>,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// A token for personas that have none of their own; never set in production.
    pub user_token: Option<SecretString>,
    /// Whether such a token is to be used, be there one or not; never true in production.
    pub user_token_fallback: bool,
    /// Where the Graph API is, version included.
    pub graph_base_url: BaseUrl,
    /// Where people say yes, version included.
    pub dialog_base_url: BaseUrl,
    /// How long one use of it may take.
    pub timeout: Duration,
    redirect_uri: Option<RedirectUri>,
}

impl Meta {
    pub(super) fn read(reader: &mut Reader, stage: Stage) -> Self {
        let mut user_token = reader.secret("meta.user_token");
        let mut user_token_fallback =
            reader.boolean("meta.user_token_fallback") || user_token.is_some();
        if stage == Stage::Production && user_token_fallback {
            reader.warn(
                "meta.user_token",
                "is for development and is not used: everybody would act under it",
            );
            (user_token, user_token_fallback) = (None, false);
        }
        Self {
            app_id: reader.text("meta.app_id"),
            app_secret: reader.secret("meta.app_secret"),
            scopes: scopes(reader, "meta.scopes"),
            user_token,
            user_token_fallback,
            graph_base_url: base_url(reader, "meta.graph_base_url"),
            dialog_base_url: base_url(reader, "meta.dialog_base_url"),
            timeout: reader.seconds("meta.timeout_seconds", 1..=300),
            redirect_uri: reader.parsed("meta.redirect_uri"),
        }
    }

    /// Where Meta sends the browser back to: as configured, else our callback under the public URL.
    pub fn redirect_uri(&self, public_url: &BaseUrl) -> String {
        match &self.redirect_uri {
            Some(uri) => uri.as_str().to_owned(),
            None => public_url.join("/oauth/instagram/callback"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{loaded, production};

    #[test]
    fn a_shared_token_is_a_fallback_in_development_only() {
        assert!(!loaded(&[]).meta.user_token_fallback);
        let pairs = [
            ("IG_LONG_LIVED_USER_TOKEN", "hunter2"),
            ("META_APP_ID", "7"),
        ];
        let meta = loaded(&pairs).meta;
        assert!(meta.user_token_fallback && meta.user_token.is_some());
        let loaded = production(&pairs).expect("is no fault");
        let meta = loaded.configuration.meta;
        assert!(!meta.user_token_fallback && meta.user_token.is_none());
        assert!(
            loaded
                .warnings
                .iter()
                .any(|warning| warning.starts_with("IG_LONG_LIVED_USER_TOKEN"))
        );
    }

    #[test]
    fn the_fallback_may_be_on_without_a_token() {
        let meta = loaded(&[("ENSEMBLE__META__USER_TOKEN_FALLBACK", "true")]).meta;
        assert!(meta.user_token_fallback && meta.user_token.is_none());
    }

    #[test]
    fn the_redirect_is_our_callback_unless_set() {
        let configuration = loaded(&[]);
        let redirect = configuration
            .meta
            .redirect_uri(&configuration.server.public_url);
        assert_eq!(redirect, "http://127.0.0.1:8000/oauth/instagram/callback");
    }
}
