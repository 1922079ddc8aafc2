//! Section `oauth`: the providers that people sign in with.

use std::time::Duration;

use secrecy::SecretString;

use super::address::{BaseUrl, BindHost, RedirectUri};
use super::reader::Reader;

/// The providers that people sign in with.
#[derive(Clone, Debug)]
pub struct OAuth {
    /// Kakao.
    pub kakao: Kakao,
    /// Google.
    pub google: Google,
    /// Naver.
    pub naver: Naver,
    /// How long an answer of a provider is waited for.
    pub timeout: Duration,
}

/// What a provider knows us by.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// The public half.
    pub id: String,
    /// The secret half. Kakao alone does without one, if its console says so.
    pub secret: Option<SecretString>,
    redirect_uri: Option<RedirectUri>,
    callback: String,
}

/// Sign-in with Kakao.
#[derive(Clone, Debug)]
pub struct Kakao {
    /// `None`: not configured.
    pub client: Option<OAuthClient>,
    /// The scopes to ask for, as configured; one that holds `email` must not be sent.
    pub scope: Vec<String>,
    /// The number of our application, which the access tokens of apps are held against; without it they have to be of an
    /// application whose number is the client id.
    pub app_id: Option<String>,
    /// Other keys of the same application, whose ID tokens are taken.
    pub audiences: Vec<String>,
    /// What accounts are unlinked with.
    pub admin_key: Option<SecretString>,
    /// Where people sign in and tokens are given.
    pub auth_base_url: BaseUrl,
    /// Where profiles and messages are.
    pub api_base_url: BaseUrl,
}

/// Sign-in with Google.
#[derive(Clone, Debug)]
pub struct Google {
    /// `None`: not configured.
    pub client: Option<OAuthClient>,
    /// Other client ids of ours, whose ID tokens are taken.
    pub audiences: Vec<String>,
    /// Where discovery, token and key documents come from, where that is not Google itself.
    pub auth_base_url: Option<BaseUrl>,
    /// Where profiles are.
    pub api_base_url: BaseUrl,
    /// Where the People API is.
    pub people_base_url: BaseUrl,
}

/// Sign-in with Naver.
#[derive(Clone, Debug)]
pub struct Naver {
    /// `None`: not configured.
    pub client: Option<OAuthClient>,
    /// Where people sign in and tokens are given.
    pub auth_base_url: BaseUrl,
    /// Where profiles are.
    pub api_base_url: BaseUrl,
}

impl OAuth {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            kakao: Kakao {
                client: OAuthClient::read(reader, "kakao", false),
                scope: scopes(reader, "oauth.kakao.scope"),
                app_id: reader.text("oauth.kakao.app_id"),
                audiences: scopes(reader, "oauth.kakao.audiences"),
                admin_key: reader.secret("oauth.kakao.admin_key"),
                auth_base_url: base_url(reader, "oauth.kakao.auth_base_url"),
                api_base_url: base_url(reader, "oauth.kakao.api_base_url"),
            },
            google: Google {
                client: OAuthClient::read(reader, "google", true),
                audiences: scopes(reader, "oauth.google.audiences"),
                auth_base_url: reader.parsed("oauth.google.auth_base_url"),
                api_base_url: base_url(reader, "oauth.google.api_base_url"),
                people_base_url: base_url(reader, "oauth.google.people_base_url"),
            },
            naver: Naver {
                client: OAuthClient::read(reader, "naver", true),
                auth_base_url: base_url(reader, "oauth.naver.auth_base_url"),
                api_base_url: base_url(reader, "oauth.naver.api_base_url"),
            },
            timeout: reader.decimal_seconds("oauth.timeout_seconds", 0.1..=60.0),
        }
    }
}

impl OAuthClient {
    fn read(reader: &mut Reader, provider: &str, needs_secret: bool) -> Option<Self> {
        let key = |name: &str| format!("oauth.{provider}.{name}");
        let id = reader.text(&key("client_id"));
        let secret = reader.secret(&key("client_secret"));
        let redirect_uri = reader.parsed(&key("redirect_uri"));
        if id.is_none() && secret.is_some() {
            reader.warn(&key("client_id"), "is missing: this sign-in stays off");
        }
        let id = id?;
        if needs_secret && secret.is_none() {
            reader.warn(&key("client_secret"), "is missing: this sign-in stays off");
            return None;
        }
        Some(Self {
            id,
            secret,
            redirect_uri,
            callback: format!("/auth/{provider}/callback"),
        })
    }

    /// Where the provider sends the browser back to: as configured, else our callback under the public URL.
    pub fn redirect_uri(&self, public_url: &BaseUrl) -> String {
        match &self.redirect_uri {
            Some(uri) => uri.as_str().to_owned(),
            None => public_url.join(&self.callback),
        }
    }
}

/// Reads the address of a service; there is always a default.
pub(super) fn base_url(reader: &mut Reader, key: &str) -> BaseUrl {
    reader.required(key);
    // Only a fault is without one; any address will do as a stand-in.
    reader
        .parsed(key)
        .unwrap_or_else(|| BaseUrl::local(&BindHost::default(), 0, false))
}

/// Reads a list of scopes: separated by commas or blanks, as each provider's own papers have it.
pub(super) fn scopes(reader: &mut Reader, key: &str) -> Vec<String> {
    let parts = reader.list(key);
    parts
        .iter()
        .flat_map(|part| part.split_whitespace())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, load, loaded};

    #[test]
    fn nobody_is_configured_at_first() {
        let oauth = loaded(&[]).oauth;
        assert!(
            oauth.kakao.client.is_none()
                && oauth.google.client.is_none()
                && oauth.naver.client.is_none()
        );
        assert_eq!(oauth.kakao.api_base_url.as_str(), "https://kapi.kakao.com");
    }

    #[test]
    fn kakao_does_without_a_secret_and_the_others_stay_off() {
        let loaded = load(&[
            ("KAKAO_CLIENT_ID", "k"),
            ("GOOGLE_CLIENT_ID", "g"),
            ("NAVER_CLIENT_SECRET", "n"),
        ]);
        let loaded = loaded.expect("half a client is no fault");
        let oauth = loaded.configuration.oauth;
        assert!(
            oauth.kakao.client.is_some()
                && oauth.google.client.is_none()
                && oauth.naver.client.is_none()
        );
        assert!(
            loaded
                .warnings
                .iter()
                .any(|warning| warning.starts_with("GOOGLE_CLIENT_SECRET"))
        );
        assert!(
            loaded
                .warnings
                .iter()
                .any(|warning| warning.starts_with("NAVER_CLIENT_ID"))
        );
    }

    #[test]
    fn the_redirect_is_our_callback_unless_set_and_then_kept_to_the_letter() {
        let redirect = |uri| {
            let pairs = [
                ("BACKEND_URL", "https://shop.example"),
                ("KAKAO_CLIENT_ID", "k"),
                ("KAKAO_REDIRECT_URI", uri),
            ];
            let configuration = loaded(&pairs);
            let client = configuration.oauth.kakao.client.expect("is configured");
            client.redirect_uri(&configuration.server.public_url)
        };
        assert_eq!(redirect(""), "https://shop.example/auth/kakao/callback");
        assert_eq!(redirect("https://app.example"), "https://app.example");
    }

    #[test]
    fn providers_may_be_elsewhere() {
        let oauth = loaded(&[
            (
                "ENSEMBLE__OAUTH__GOOGLE__AUTH_BASE_URL",
                "http://127.0.0.1:1/",
            ),
            ("ENSEMBLE__OAUTH__NAVER__API_BASE_URL", "http://127.0.0.1:2"),
            ("KAKAO_SCOPE", "profile_nickname account_email,talk_message"),
        ])
        .oauth;
        assert_eq!(
            oauth.google.auth_base_url.expect("is set").as_str(),
            "http://127.0.0.1:1"
        );
        assert_eq!(oauth.naver.api_base_url.as_str(), "http://127.0.0.1:2");
        assert_eq!(
            oauth.kakao.scope,
            ["profile_nickname", "account_email", "talk_message"]
        );
        assert_eq!(
            faults(&[("ENSEMBLE__OAUTH__KAKAO__AUTH_BASE_URL", "kauth")]).len(),
            1
        );
    }
}
