//! Meta's Graph API, as far as linking Instagram accounts needs it.
//!
//! Tokens and secrets travel in bodies and in `Authorization`, with one exception that Meta leaves
//! no choice about (`debug_token`); no address of a request is ever logged or shown. Addresses are
//! made of configuration and of ids that are digits, and redirects are not followed, so that no
//! answer leads us elsewhere.

pub(crate) mod answers;
mod wire;

use std::time::Duration;

use async_trait::async_trait;
use domain::persona::{GraphError, GraphToken, InstagramAccount, InstagramGraph};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use self::answers::TokenAnswer;
use self::wire::{failed, read};

/// Requests to Meta at the same time: one that hangs holds no more than its share.
const CONCURRENCY: usize = 32;
/// How long making a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Our app at Meta.
#[derive(Clone, Debug)]
pub struct MetaApp {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}

/// Where Meta is, and who we are there.
#[derive(Clone, Debug)]
pub struct MetaSettings {
    /// The Graph API, version included, without a slash at its end.
    pub graph: String,
    /// The dialog, version included, without a slash at its end.
    pub dialog: String,
    /// Our app; `None`: nobody can be linked.
    pub app: Option<MetaApp>,
    /// Where the dialog sends the browser back to.
    pub redirect_uri: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// How long one use of it may take, with all the requests it needs.
    pub timeout: Duration,
}

/// [`InstagramGraph`] over HTTP.
pub struct MetaGraph {
    http: Client,
    settings: MetaSettings,
    places: Semaphore,
}

impl MetaGraph {
    /// An adapter with connections of its own.
    ///
    /// # Errors
    /// Where no TLS is to be had.
    pub fn new(settings: MetaSettings) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(settings.timeout))
            .timeout(settings.timeout)
            .user_agent(concat!("ensemble/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            settings,
            places: Semaphore::new(CONCURRENCY),
        })
    }

    fn app(&self) -> Result<&MetaApp, GraphError> {
        self.settings.app.as_ref().ok_or(GraphError::NotConfigured)
    }

    /// Does the work within the time there is for it, waiting for a place included.
    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, GraphError>>,
    ) -> Result<T, GraphError> {
        let placed = async {
            let _place = self.places.acquire().await.map_err(failed)?;
            work.await
        };
        let outcome = timeout(self.settings.timeout, placed).await;
        outcome.unwrap_or(Err(GraphError::TimedOut))
    }

    /// A request for something that the token may see, with Meta's proof that the token is ours.
    fn get(&self, path: &str, token: &SecretString) -> RequestBuilder {
        let url = format!("{}/{path}", self.settings.graph);
        let request = self.http.get(url).bearer_auth(token.expose_secret());
        match &self.settings.app {
            Some(app) => request.query(&[("appsecret_proof", wire::proof(app, token))]),
            None => request,
        }
    }

    /// Exchanges something for a token.
    async fn token(&self, form: &[(&str, &str)]) -> Result<TokenAnswer, GraphError> {
        let app = self.app()?;
        let ours = [
            ("client_id", app.id.as_str()),
            ("client_secret", app.secret.expose_secret()),
        ];
        let form: Vec<_> = ours.iter().chain(form).copied().collect();
        let url = format!("{}/oauth/access_token", self.settings.graph);
        read(self.http.post(url).form(&form)).await
    }

    async fn long_lived(&self, token: &SecretString) -> Result<GraphToken, GraphError> {
        let form = [
            ("grant_type", "fb_exchange_token"),
            ("fb_exchange_token", token.expose_secret()),
        ];
        Ok(self.token(&form).await?.into())
    }
}

#[async_trait]
impl InstagramGraph for MetaGraph {
    fn dialog(&self, state: &str) -> Result<String, GraphError> {
        let app = self.app()?;
        let settings = &self.settings;
        let url = format!("{}/dialog/oauth", settings.dialog);
        let mut url = Url::parse(&url).map_err(failed)?;
        url.query_pairs_mut()
            .append_pair("client_id", &app.id)
            .append_pair("redirect_uri", &settings.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &settings.scopes.join(","))
            .append_pair("state", state);
        Ok(url.into())
    }

    async fn exchange(&self, code: &SecretString) -> Result<GraphToken, GraphError> {
        let form = [
            ("code", code.expose_secret()),
            ("redirect_uri", &self.settings.redirect_uri),
        ];
        let exchange = async {
            let short: GraphToken = self.token(&form).await?.into();
            self.long_lived(&short.secret).await
        };
        self.bounded(exchange).await
    }

    async fn renew(&self, token: &SecretString) -> Result<GraphToken, GraphError> {
        self.bounded(self.long_lived(token)).await
    }

    async fn accounts(&self, token: &SecretString) -> Result<Vec<InstagramAccount>, GraphError> {
        self.bounded(answers::accounts(self, token)).await
    }
}
