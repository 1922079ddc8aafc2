//! Kakao: OAuth 2 with PKCE, OpenID Connect where its scope is asked for. The only provider that is
//! asked for things later (messages), so its tokens are kept.

mod talk;

use std::sync::Arc;

use async_trait::async_trait;
use domain::Clock;
use domain::user::{
    Gender, Nickname, Outset, PhoneNumber, SocialError, SocialProfile, SocialProof, SocialProvider,
    SocialUnlinker, Subject, Vouched,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::Registration;
use super::http::{Failure, ProviderHttp, json};
use super::oidc::{Endpoints, Oidc};
use super::profile::{birthday_of, id, image, text};
use super::tokens::TokenAnswer;

/// Kakao's code for "this person is not connected to the app".
const NOT_CONNECTED: i64 = -101;

/// How Kakao is reached.
#[derive(Clone, Debug)]
pub struct KakaoSettings {
    /// What it knows us by.
    pub registration: Registration,
    /// The scopes to ask for. One that holds `email` never is.
    pub scope: Vec<String>,
    /// Keys of our apps, whose ID tokens are as good as our own.
    pub audiences: Vec<String>,
    /// The number of our application, which access tokens are held against.
    pub app_id: Option<String>,
    /// What people are unlinked with.
    pub admin_key: Option<SecretString>,
    /// Where people sign in and tokens are given.
    pub auth_base_url: String,
    /// Where profiles are.
    pub api_base_url: String,
}

/// [`SocialProvider`] and [`SocialUnlinker`] for Kakao.
pub struct Kakao {
    settings: KakaoSettings,
    http: ProviderHttp,
    oidc: Oidc,
    clock: Arc<dyn Clock>,
}

impl Kakao {
    /// Kakao, asked by `http`.
    #[must_use]
    pub fn new(mut settings: KakaoSettings, http: ProviderHttp, clock: Arc<dyn Clock>) -> Self {
        let is_email = |scope: &String| scope.to_ascii_lowercase().contains("email");
        settings.scope.retain(|scope| !is_email(scope));
        let mut audiences = settings.audiences.clone();
        audiences.push(settings.registration.client_id.clone());
        let base = &settings.auth_base_url;
        let usual = Endpoints {
            issuer: base.clone(),
            authorization_endpoint: format!("{base}/oauth/authorize"),
            token_endpoint: format!("{base}/oauth/token"),
            jwks_uri: format!("{base}/.well-known/jwks.json"),
        };
        let oidc = Oidc::new(http.clone(), clock.clone(), base, usual, audiences);
        Self {
            settings,
            http,
            oidc,
            clock,
        }
    }

    fn asks_for_id_token(&self) -> bool {
        self.settings.scope.iter().any(|scope| scope == "openid")
    }

    /// What the token endpoint gives for a code or a refresh token; that it does, proves that they
    /// were ours.
    async fn tokens(&self, grant: Vec<(&str, &str)>) -> Result<TokenAnswer, SocialError> {
        let registration = &self.settings.registration;
        let mut form = grant;
        form.push(("client_id", &registration.client_id));
        let secret = registration.client_secret.as_ref();
        form.extend(secret.map(|secret| ("client_secret", secret.expose_secret())));
        let address = format!("{}/oauth/token", self.settings.auth_base_url);
        let answer: TokenAnswer = json(self.http.post(&address).form(&form))
            .await
            .map_err(Failure::token)?;
        answer.checked()
    }

    /// Whose tokens these are.
    async fn vouched(
        &self,
        answer: TokenAnswer,
        nonce: Option<&str>,
    ) -> Result<Vouched, SocialError> {
        let profile = self.profile(&answer.access_token).await?;
        if self.asks_for_id_token()
            && let Some(id_token) = &answer.id_token
        {
            let claims = self.oidc.check(id_token, nonce).await?;
            if claims.sub != profile.subject.as_str() {
                return Err(SocialError::UserInfo("it is somebody else's"));
            }
        }
        Ok(Vouched {
            profile,
            tokens: Some(answer.into_tokens(self.clock.now())),
            to_us: true,
        })
    }

    /// An access token that an app got: made for us, by Kakao's own word, before anything is believed
    /// that it opens.
    async fn of_access_token(&self, token: &str) -> Result<Vouched, SocialError> {
        let address = format!("{}/v1/user/access_token_info", self.settings.api_base_url);
        let info: Value = json(self.http.get(&address).bearer_auth(token))
            .await
            .map_err(Failure::token)?;
        let ours = self.settings.app_id.as_ref();
        let ours = ours.unwrap_or(&self.settings.registration.client_id);
        if id(&info["app_id"]).as_ref() != Some(ours) {
            return Err(SocialError::Token("it was made for another app"));
        }
        let profile = self.profile(token).await?;
        if id(&info["id"]).as_deref() != Some(profile.subject.as_str()) {
            return Err(SocialError::UserInfo("it is somebody else's"));
        }
        Ok(Vouched {
            profile,
            tokens: None,
            to_us: true,
        })
    }

    async fn of_id_token(&self, token: &str, nonce: Option<&str>) -> Result<Vouched, SocialError> {
        let claims = self.oidc.check(token, nonce).await?;
        let subject = Subject::parse(&claims.sub);
        let subject = subject.map_err(|_| SocialError::Token("the subject is none"))?;
        let profile = SocialProfile {
            nickname: text(&claims.rest["nickname"]).and_then(Nickname::from_elsewhere),
            image: image(&claims.rest["picture"]),
            ..SocialProfile::new(subject)
        };
        Ok(Vouched {
            profile,
            tokens: None,
            to_us: true,
        })
    }

    async fn profile(&self, token: &str) -> Result<SocialProfile, SocialError> {
        let address = format!("{}/v2/user/me", self.settings.api_base_url);
        let secure = [("secure_resource", "true")];
        let told: Value = json(self.http.get(&address).query(&secure).bearer_auth(token))
            .await
            .map_err(Failure::user_info)?;
        let nobody = || SocialError::UserInfo("it names nobody");
        let subject = id(&told["id"]).ok_or_else(nobody)?;
        let subject = Subject::parse(&subject).map_err(|_| nobody())?;
        let account = &told["kakao_account"];
        let (shown, old) = (&account["profile"], &told["properties"]);
        let nickname = text(&shown["nickname"]).or_else(|| text(&old["nickname"]));
        let is_solar = account["birthday_type"] != "LUNAR";
        let born = birthday_of(
            &account["birthyear"],
            &account["birthday"],
            self.clock.now(),
        );
        let gender = text(&account["gender"]).and_then(Gender::from_elsewhere);
        let number = text(&account["phone_number"]);
        // The e-mail address is nothing we asked for.
        Ok(SocialProfile {
            nickname: nickname.and_then(Nickname::from_elsewhere),
            image: image(&shown["profile_image_url"]).or_else(|| image(&old["profile_image"])),
            birthday: born.filter(|_| is_solar),
            gender,
            phone_number: number.and_then(|text| PhoneNumber::parse(text).ok()),
            ..SocialProfile::new(subject)
        })
    }
}

#[async_trait]
impl SocialProvider for Kakao {
    async fn authorization_url(&self, outset: &Outset) -> Result<String, SocialError> {
        let registration = &self.settings.registration;
        let scope = self.settings.scope.join(",");
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", registration.client_id.as_str()),
            ("redirect_uri", registration.redirect_uri.as_str()),
            ("state", &outset.state),
            ("code_challenge", &outset.challenge),
            ("code_challenge_method", "S256"),
        ];
        if !scope.is_empty() {
            parameters.push(("scope", &scope));
        }
        if self.asks_for_id_token() {
            parameters.push(("nonce", &outset.nonce));
        }
        let address = format!("{}/oauth/authorize", self.settings.auth_base_url);
        Url::parse_with_params(&address, parameters)
            .map(Into::into)
            .map_err(|error| SocialError::Http(error.into()))
    }

    async fn vouch(&self, proof: &SocialProof) -> Result<Vouched, SocialError> {
        match proof {
            SocialProof::Code {
                code,
                redirect_uri,
                verifier,
                nonce,
                state: _,
            } => {
                let ours = &self.settings.registration.redirect_uri;
                let mut grant = vec![
                    ("grant_type", "authorization_code"),
                    ("code", code.expose_secret()),
                    ("redirect_uri", redirect_uri.as_ref().unwrap_or(ours)),
                ];
                grant.extend(
                    verifier
                        .as_ref()
                        .map(|v| ("code_verifier", v.expose_secret())),
                );
                let answer = self.tokens(grant).await?;
                self.vouched(answer, nonce.as_deref()).await
            }
            SocialProof::RefreshToken(token) => {
                let grant = vec![
                    ("grant_type", "refresh_token"),
                    ("refresh_token", token.expose_secret()),
                ];
                let answer = self.tokens(grant).await?;
                self.vouched(answer, None).await
            }
            SocialProof::AccessToken(token) => self.of_access_token(token.expose_secret()).await,
            SocialProof::IdToken { token, nonce } => {
                self.of_id_token(token.expose_secret(), nonce.as_deref())
                    .await
            }
        }
    }
}

#[async_trait]
impl SocialUnlinker for Kakao {
    async fn unlink(&self, subject: &Subject) -> Result<(), SocialError> {
        let key = self.settings.admin_key.as_ref();
        let key = key.ok_or(SocialError::Unsupported)?.expose_secret();
        let address = format!("{}/v1/user/unlink", self.settings.api_base_url);
        let form = [
            ("target_id_type", "user_id"),
            ("target_id", subject.as_str()),
        ];
        let request = self
            .http
            .post(&address)
            .header("authorization", format!("KakaoAK {key}"))
            .form(&form);
        match json::<Value>(request).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(_, said)) if said["code"] == NOT_CONNECTED => Ok(()),
            Err(failure) => Err(failure.token()),
        }
    }
}
