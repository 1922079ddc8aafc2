//! What token endpoints answer (RFC 6749, 5.1), in the spellings that there are.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::{ProviderTokens, SocialError};
use serde::Deserialize;
use serde_json::Value;

/// The longest token kept: sealed, it has to fit its column.
pub(crate) const MAX_TOKEN: usize = 2_048;

/// An answer that holds an access token.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(super) access_token: String,
    pub(super) id_token: Option<String>,
    refresh_token: Option<String>,
    /// Seconds, as a number or (Naver) a text.
    expires_in: Option<Value>,
    /// Kakao's own.
    refresh_token_expires_in: Option<Value>,
    scope: Option<String>,
}

impl TokenAnswer {
    /// Refuses an answer without a token to use: a header could not hold it.
    pub(crate) fn checked(self) -> Result<Self, SocialError> {
        let is_token = |text: &str| {
            (1..=MAX_TOKEN).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if is_token(&self.access_token) {
            Ok(Self {
                refresh_token: self.refresh_token.filter(|text| is_token(text)),
                ..self
            })
        } else {
            Err(SocialError::Token("the access token is none"))
        }
    }

    /// The tokens, to be kept.
    pub(crate) fn into_tokens(self, now: DateTime<Utc>) -> ProviderTokens {
        let after = |span: Option<&Value>| {
            let seconds = span.and_then(seconds)?;
            now.checked_add_signed(TimeDelta::try_seconds(seconds)?)
        };
        let scope = self.scope.unwrap_or_default();
        let scopes = scope.split([' ', ',']).filter(|part| !part.is_empty());
        ProviderTokens {
            expires_at: after(self.expires_in.as_ref()),
            refresh_expires_at: after(self.refresh_token_expires_in.as_ref()),
            access_token: self.access_token.into(),
            refresh_token: self.refresh_token.map(Into::into),
            scopes: scopes.map(str::to_owned).collect(),
        }
    }
}

fn seconds(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    number.filter(|seconds| *seconds >= 0)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    fn read(answer: Value) -> Option<ProviderTokens> {
        let answer: TokenAnswer = serde_json::from_value(answer).ok()?;
        Some(answer.checked().ok()?.into_tokens(DateTime::UNIX_EPOCH))
    }

    #[test]
    fn times_are_numbers_or_texts() {
        for time in [json!(3600), json!("3600")] {
            let read = read(json!({"access_token": "a", "expires_in": time})).expect("tokens");
            let expected = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
            assert_eq!(read.expires_at, Some(expected));
        }
        for time in [json!(-1), json!("soon"), json!(i64::MAX), json!(null)] {
            let read = read(json!({"access_token": "a", "expires_in": time})).expect("tokens");
            assert_eq!(read.expires_at, None);
        }
    }

    #[test]
    fn scopes_are_separated_by_blanks_or_commas() {
        let answer =
            json!({"access_token": "a", "refresh_token": "r", "scope": "talk_message profile,x"});
        let read = read(answer).expect("tokens");
        assert_eq!(read.scopes, ["talk_message", "profile", "x"]);
        let refresh = read.refresh_token.expect("a refresh token");
        assert_eq!(refresh.expose_secret(), "r");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let long = "x".repeat(MAX_TOKEN + 1);
        for token in ["", "a b", "a\nb", "토큰", &long] {
            assert!(read(json!({"access_token": token})).is_none(), "{token:?}");
        }
        assert!(read(json!({"error": "invalid_grant"})).is_none());
    }
}
