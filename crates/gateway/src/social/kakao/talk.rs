//! Kakao's "send to me".

use async_trait::async_trait;
use domain::notification::{DeliveryError, KakaoError, KakaoNote, KakaoTalk};
use domain::user::ProviderTokens;
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::super::http::{Failure, json as ask};
use super::super::tokens::TokenAnswer;
use super::Kakao;

fn later(reason: &'static str, status: Option<u16>) -> KakaoError {
    DeliveryError::Later { reason, status }.into()
}

fn never(reason: &'static str, status: Option<u16>) -> KakaoError {
    DeliveryError::Never { reason, status }.into()
}

/// What a failure means. Kakao's own words stay here.
fn translate(failure: Failure) -> KakaoError {
    match failure {
        Failure::Refused(StatusCode::UNAUTHORIZED, _) => KakaoError::Token,
        // The person did not allow messages (-402), or the app may not send any (-3).
        Failure::Refused(StatusCode::FORBIDDEN, _) => never("kakao_scope", Some(403)),
        // Of the person's (-10) or the app's daily quota: tomorrow there is a new one.
        Failure::Refused(status, said) if said["code"] == -10 => {
            later("quota", Some(status.as_u16()))
        }
        Failure::Refused(StatusCode::REQUEST_TIMEOUT, _) => later("timeout", Some(408)),
        Failure::Refused(status, _) => never("refused", Some(status.as_u16())),
        Failure::Garbage => later("answer", None),
        Failure::Unreachable(_) => later("connection", None),
    }
}

#[async_trait]
impl KakaoTalk for Kakao {
    async fn send_to_me(&self, token: &SecretString, note: &KakaoNote) -> Result<(), KakaoError> {
        let template = json!({
            "object_type": "text",
            "text": note.text,
            "link": {"web_url": note.link, "mobile_web_url": note.link},
        });
        let address = format!(
            "{}/v2/api/talk/memo/default/send",
            self.settings.api_base_url
        );
        let request = self
            .http
            .post(&address)
            .bearer_auth(token.expose_secret())
            .form(&[("template_object", template.to_string())]);
        let said: Value = ask(request).await.map_err(translate)?;
        if said["result_code"] == 0 {
            Ok(())
        } else {
            Err(later("result_code", Some(200)))
        }
    }

    async fn renew(&self, refresh_token: &SecretString) -> Result<ProviderTokens, KakaoError> {
        let registration = &self.settings.registration;
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
            ("client_id", registration.client_id.as_str()),
        ];
        let secret = registration.client_secret.as_ref();
        form.extend(secret.map(|secret| ("client_secret", secret.expose_secret())));
        let address = format!("{}/oauth/token", self.settings.auth_base_url);
        let answer: Result<TokenAnswer, Failure> = ask(self.http.post(&address).form(&form)).await;
        let answer = answer.map_err(|failure| match failure {
            // `invalid_grant` comes with 400.
            Failure::Refused(..) => KakaoError::Token,
            other => translate(other),
        })?;
        let answer = answer.checked().map_err(|_| later("answer", None))?;
        Ok(answer.into_tokens(self.clock.now()))
    }
}
