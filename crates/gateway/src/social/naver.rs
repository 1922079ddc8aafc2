//! Naver: OAuth 2, without PKCE and without ID tokens.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Clock;
use domain::user::{
    Email, Gender, Nickname, Outset, PhoneNumber, SocialError, SocialProfile, SocialProof,
    SocialProvider, Subject, Vouched,
};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::Registration;
use super::http::{Failure, ProviderHttp, json};
use super::profile::{birthday_of, id, image, text};
use super::tokens::TokenAnswer;

/// How Naver is reached.
#[derive(Clone, Debug)]
pub struct NaverSettings {
    /// What it knows us by.
    pub registration: Registration,
    /// Where people sign in and tokens are given.
    pub auth_base_url: String,
    /// Where profiles are.
    pub api_base_url: String,
}

/// [`SocialProvider`] for Naver.
pub struct Naver {
    settings: NaverSettings,
    http: ProviderHttp,
    clock: Arc<dyn Clock>,
}

impl Naver {
    /// Naver, asked by `http`.
    #[must_use]
    pub fn new(settings: NaverSettings, http: ProviderHttp, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            http,
            clock,
        }
    }

    /// What the token endpoint gives for a code or a refresh token; that it does, proves that they
    /// were ours.
    async fn token(&self, grant: Vec<(&str, &str)>) -> Result<String, SocialError> {
        let registration = &self.settings.registration;
        let mut form = grant;
        form.push(("client_id", &registration.client_id));
        let secret = registration.client_secret.as_ref();
        form.extend(secret.map(|secret| ("client_secret", secret.expose_secret())));
        let address = format!("{}/oauth2.0/token", self.settings.auth_base_url);
        // A refusal has status 200 here, and no token.
        let answer: TokenAnswer = json(self.http.post(&address).form(&form))
            .await
            .map_err(Failure::token)?;
        Ok(answer.checked()?.access_token)
    }

    async fn vouched(&self, token: &str, to_us: bool) -> Result<Vouched, SocialError> {
        let address = format!("{}/v1/nid/me", self.settings.api_base_url);
        // One that an app brought may be anything.
        let failed = if to_us {
            Failure::user_info
        } else {
            Failure::token
        };
        let told: Value = json(self.http.get(&address).bearer_auth(token))
            .await
            .map_err(failed)?;
        let nobody = || SocialError::UserInfo("it names nobody");
        let person = &told["response"];
        let subject = id(&person["id"]).ok_or_else(nobody)?;
        let subject = Subject::parse(&subject).map_err(|_| nobody())?;
        let now = self.clock.now();
        let nickname = text(&person["nickname"]).or_else(|| text(&person["name"]));
        let number = text(&person["mobile_e164"]).or_else(|| text(&person["mobile"]));
        let profile = SocialProfile {
            nickname: nickname.and_then(Nickname::from_elsewhere),
            image: image(&person["profile_image"]),
            // Naver does not say whether it proved the address.
            email: text(&person["email"]).and_then(|text| Email::parse(text).ok()),
            birthday: birthday_of(&person["birthyear"], &person["birthday"], now),
            gender: text(&person["gender"]).and_then(Gender::from_elsewhere),
            phone_number: number.and_then(|text| PhoneNumber::parse(text).ok()),
            ..SocialProfile::new(subject)
        };
        Ok(Vouched {
            profile,
            tokens: None,
            to_us,
        })
    }
}

#[async_trait]
impl SocialProvider for Naver {
    async fn authorization_url(&self, outset: &Outset) -> Result<String, SocialError> {
        let registration = &self.settings.registration;
        let address = format!("{}/oauth2.0/authorize", self.settings.auth_base_url);
        let url = Url::parse_with_params(
            &address,
            [
                ("response_type", "code"),
                ("client_id", &registration.client_id),
                ("redirect_uri", &registration.redirect_uri),
                ("state", &outset.state),
            ],
        );
        url.map(Into::into)
            .map_err(|error| SocialError::Http(error.into()))
    }

    async fn vouch(&self, proof: &SocialProof) -> Result<Vouched, SocialError> {
        match proof {
            SocialProof::Code {
                code,
                redirect_uri,
                state,
                verifier: _,
                nonce: _,
            } => {
                let ours = &self.settings.registration.redirect_uri;
                let mut grant = vec![
                    ("grant_type", "authorization_code"),
                    ("code", code.expose_secret()),
                    ("redirect_uri", redirect_uri.as_ref().unwrap_or(ours)),
                ];
                grant.extend(state.as_ref().map(|state| ("state", state.as_str())));
                let token = self.token(grant).await?;
                self.vouched(&token, true).await
            }
            SocialProof::RefreshToken(token) => {
                let grant = vec![
                    ("grant_type", "refresh_token"),
                    ("refresh_token", token.expose_secret()),
                ];
                let token = self.token(grant).await?;
                self.vouched(&token, true).await
            }
            // Naver does not tell for which app an access token was made.
            SocialProof::AccessToken(token) => self.vouched(token.expose_secret(), false).await,
            SocialProof::IdToken { .. } => Err(SocialError::Unsupported),
        }
    }
}
