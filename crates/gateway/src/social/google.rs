//! Google: OpenID Connect with PKCE, and the People API for what the ID token lacks.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Clock;
use domain::user::{
    Email, Gender, Locale, Nickname, Outset, PhoneNumber, SocialError, SocialProfile, SocialProof,
    SocialProvider, Subject, Vouched,
};
use secrecy::ExposeSecret;
use serde_json::Value;
use tracing::warn;
use url::Url;

use super::Registration;
use super::http::{Failure, ProviderHttp, json};
use super::oidc::{Endpoints, IdClaims, Oidc};
use super::profile::{birthday, image, text};
use super::tokens::TokenAnswer;

/// Where Google is, unless told otherwise.
const ACCOUNTS: &str = "https://accounts.google.com";
const SCOPE: &str = "openid \
    https://www.googleapis.com/auth/userinfo.profile \
    https://www.googleapis.com/auth/userinfo.email \
    https://www.googleapis.com/auth/user.birthday.read \
    https://www.googleapis.com/auth/user.gender.read \
    https://www.googleapis.com/auth/user.phonenumbers.read";
const PERSON: &str = "/v1/people/me?personFields=photos,birthdays,genders,phoneNumbers";

/// How Google is reached.
#[derive(Clone, Debug)]
pub struct GoogleSettings {
    /// What it knows us by.
    pub registration: Registration,
    /// Client ids of our apps, whose ID tokens are as good as our own.
    pub audiences: Vec<String>,
    /// Where the discovery document is, where that is not Google itself.
    pub auth_base_url: Option<String>,
    /// Where profiles are.
    pub api_base_url: String,
    /// Where the People API is.
    pub people_base_url: String,
}

/// [`SocialProvider`] for Google.
pub struct Google {
    settings: GoogleSettings,
    http: ProviderHttp,
    oidc: Oidc,
    clock: Arc<dyn Clock>,
}

impl Google {
    /// Google, asked by `http`.
    #[must_use]
    pub fn new(settings: GoogleSettings, http: ProviderHttp, clock: Arc<dyn Clock>) -> Self {
        let mut audiences = settings.audiences.clone();
        audiences.push(settings.registration.client_id.clone());
        let usual = usual_endpoints(settings.auth_base_url.as_deref());
        let base = settings.auth_base_url.as_deref().unwrap_or(ACCOUNTS);
        let oidc = Oidc::new(http.clone(), clock.clone(), base, usual, audiences);
        Self {
            settings,
            http,
            oidc,
            clock,
        }
    }

    async fn exchange(&self, proof: &SocialProof) -> Result<Vouched, SocialError> {
        let SocialProof::Code {
            code,
            redirect_uri,
            verifier,
            nonce,
            state: _,
        } = proof
        else {
            return Err(SocialError::Unsupported);
        };
        let registration = &self.settings.registration;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("client_id", &registration.client_id),
            (
                "redirect_uri",
                redirect_uri
                    .as_deref()
                    .unwrap_or(&registration.redirect_uri),
            ),
        ];
        let secret = registration.client_secret.as_ref();
        form.extend(secret.map(|secret| ("client_secret", secret.expose_secret())));
        form.extend(
            verifier
                .as_ref()
                .map(|v| ("code_verifier", v.expose_secret())),
        );
        let endpoint = self.oidc.endpoints().await?.token_endpoint;
        let answer: TokenAnswer = json(self.http.post(&endpoint).form(&form))
            .await
            .map_err(Failure::token)?;
        let answer = answer.checked()?;
        let id_token = answer.id_token.as_deref();
        let id_token = id_token.ok_or(SocialError::Token("there is no ID token"))?;
        let claims = self.oidc.check(id_token, nonce.as_deref()).await?;
        let mut profile = profile(&claims)?;
        let (told, person) = tokio::join!(
            self.user_info(&answer.access_token, &claims.sub),
            self.person(&answer.access_token)
        );
        if let Some(told) = told? {
            profile = told_of(&told, profile);
        }
        if let Some(person) = person {
            self.fill(&person, &mut profile);
        }
        Ok(Vouched {
            profile,
            tokens: None,
            to_us: true,
        })
    }

    /// What the profile's own address says; `None` where there is no such address, for the ID token says the same.
    async fn user_info(&self, token: &str, subject: &str) -> Result<Option<Value>, SocialError> {
        let address = format!("{}/oauth2/v3/userinfo", self.settings.api_base_url);
        let told: Value = match json(self.http.get(&address).bearer_auth(token)).await {
            Ok(told) => told,
            Err(Failure::Refused(status, _)) if status.as_u16() == 404 => return Ok(None),
            Err(failure) => return Err(failure.user_info()),
        };
        // OpenID Connect Core 5.3.2: it may be somebody else's.
        if told["sub"].as_str() != Some(subject) {
            return Err(SocialError::UserInfo("it is somebody else's"));
        }
        Ok(Some(told))
    }

    /// What the People API says. Nobody is kept out because it does not answer.
    async fn person(&self, token: &str) -> Option<Value> {
        let address = format!("{}{PERSON}", self.settings.people_base_url);
        let read = json(self.http.get(&address).bearer_auth(token)).await;
        read.inspect_err(|failure| {
            let status = match failure {
                Failure::Refused(status, _) => Some(status.as_u16()),
                Failure::Garbage | Failure::Unreachable(_) => None,
            };
            warn!(status, "the People API did not answer");
        })
        .ok()
    }

    /// Adds what the profile lacks.
    fn fill(&self, person: &Value, profile: &mut SocialProfile) {
        let now = self.clock.now();
        let all = |field: &str| person[field].as_array().into_iter().flatten();
        if profile.image.is_none() {
            let mut photos = all("photos").filter(|photo| photo["default"] != true);
            profile.image = photos.find_map(|photo| image(&photo["url"]));
        }
        profile.birthday = all("birthdays").find_map(|one| {
            // Of the dates there are, one alone has the year.
            let part = |name: &str| one["date"][name].as_u64().filter(|part| *part > 0);
            birthday(part("year")?, part("month")?, part("day")?, now)
        });
        profile.gender =
            all("genders").find_map(|one| Gender::from_elsewhere(one["value"].as_str()?));
        profile.phone_number = all("phoneNumbers").find_map(|one| {
            let number = text(&one["canonicalForm"]).or_else(|| text(&one["value"]))?;
            PhoneNumber::parse(number).ok()
        });
    }
}

/// Google's own addresses, at Google or at a stand-in that has no discovery document.
fn usual_endpoints(base: Option<&str>) -> Endpoints {
    match base {
        None => Endpoints {
            issuer: ACCOUNTS.into(),
            authorization_endpoint: format!("{ACCOUNTS}/o/oauth2/v2/auth"),
            token_endpoint: "https://oauth2.googleapis.com/token".into(),
            jwks_uri: "https://www.googleapis.com/oauth2/v3/certs".into(),
        },
        Some(base) => Endpoints {
            issuer: base.into(),
            authorization_endpoint: format!("{base}/o/oauth2/v2/auth"),
            token_endpoint: format!("{base}/token"),
            jwks_uri: format!("{base}/oauth2/v3/certs"),
        },
    }
}

/// The profile that an ID token is.
fn profile(claims: &IdClaims) -> Result<SocialProfile, SocialError> {
    let subject = Subject::parse(&claims.sub);
    let subject = subject.map_err(|_| SocialError::Token("the subject is none"))?;
    Ok(told_of(&claims.rest, SocialProfile::new(subject)))
}

/// The profile with what these claims say; what they do not say stays.
fn told_of(claims: &Value, mut profile: SocialProfile) -> SocialProfile {
    let email = text(&claims["email"]).and_then(|text| Email::parse(text).ok());
    if let Some(email) = email {
        profile.email = Some(email);
        profile.email_verified =
            claims["email_verified"] == true || claims["email_verified"] == "true";
    }
    let nickname = text(&claims["name"]).and_then(Nickname::from_elsewhere);
    profile.nickname = nickname.or(profile.nickname);
    profile.image = image(&claims["picture"]).or(profile.image);
    let locale = text(&claims["locale"]).and_then(|tag| Locale::parse(tag).ok());
    profile.locale = locale.or(profile.locale);
    profile
}

#[async_trait]
impl SocialProvider for Google {
    async fn authorization_url(&self, outset: &Outset) -> Result<String, SocialError> {
        let registration = &self.settings.registration;
        let endpoint = self.oidc.endpoints().await?.authorization_endpoint;
        let url = Url::parse_with_params(
            &endpoint,
            [
                ("response_type", "code"),
                ("client_id", registration.client_id.as_str()),
                ("redirect_uri", registration.redirect_uri.as_str()),
                ("scope", SCOPE),
                ("state", &outset.state),
                ("nonce", &outset.nonce),
                ("code_challenge", &outset.challenge),
                ("code_challenge_method", "S256"),
            ],
        );
        url.map(Into::into)
            .map_err(|error| SocialError::Http(error.into()))
    }

    async fn vouch(&self, proof: &SocialProof) -> Result<Vouched, SocialError> {
        match proof {
            SocialProof::Code { .. } => self.exchange(proof).await,
            SocialProof::IdToken { token, nonce } => {
                let claims = self.oidc.check(token.expose_secret(), nonce.as_deref());
                Ok(Vouched {
                    profile: profile(&claims.await?)?,
                    tokens: None,
                    to_us: true,
                })
            }
            // An access token says nothing of whom it was made for.
            SocialProof::AccessToken(_) | SocialProof::RefreshToken(_) => {
                Err(SocialError::Unsupported)
            }
        }
    }
}
