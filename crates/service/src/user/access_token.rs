//! Access tokens: short-lived JWTs that name a session.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use domain::Clock;
use domain::user::{SessionId, UserId};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Header, Validation};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::{AuthenticationError, KeyRing};
use crate::figures::{CacheFigures, Lookups};

/// Who issues tokens, for whom, for how long.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
    /// How long an access token is good.
    pub lifetime: Duration,
}

/// Issues and checks access tokens.
pub struct AccessTokens {
    keys: KeyRing,
    settings: TokenSettings,
    clock: Arc<dyn Clock>,
    /// Tokens whose signature was found good: checking one costs more than all else there is to
    /// a cached answer, and clients send the same one again and again.
    checked: Cache<String, Checked>,
    lookups: Lookups,
}

/// What a good token says.
#[derive(Clone, Copy)]
struct Checked {
    user: UserId,
    session: SessionId,
    expires_at: i64,
}

/// Good tokens remembered at the same time.
const MAX_CHECKED: u64 = 50_000;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    jti: String,
    iat: i64,
    exp: i64,
}

impl AccessTokens {
    /// With these keys.
    #[must_use]
    pub fn new(keys: KeyRing, settings: TokenSettings, clock: Arc<dyn Clock>) -> Self {
        let checked = Cache::builder()
            .max_capacity(MAX_CHECKED)
            .time_to_live(settings.lifetime)
            .build();
        Self {
            keys,
            settings,
            clock,
            checked,
            lookups: Lookups::default(),
        }
    }

    /// How often a token's signature was known to be good.
    #[must_use]
    pub fn cache(&self) -> CacheFigures {
        self.lookups.read(self.checked.entry_count())
    }

    /// How long a token is good.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.settings.lifetime
    }

    /// The public keys tokens can be checked with elsewhere.
    #[must_use]
    pub fn public_keys(&self) -> &JwkSet {
        self.keys.public()
    }

    /// A token for a session.
    ///
    /// # Errors
    /// Where the machine gives no random numbers or the key does not sign.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let now = self.clock.now();
        let lifetime = TimeDelta::from_std(self.settings.lifetime)?;
        let claims = Claims {
            iss: self.settings.issuer.clone(),
            aud: self.settings.audience.clone(),
            sub: user.to_string(),
            sid: session.to_string(),
            jti: random_text::<16>()?,
            iat: now.timestamp(),
            exp: (now + lifetime).timestamp(),
        };
        let mut header = Header::new(self.keys.algorithm);
        header.kid = Some(self.keys.signing_id.clone());
        Ok(jsonwebtoken::encode(&header, &claims, &self.keys.signing)?)
    }

    /// Whose token this is, and of which session. Says nothing of whether the session lives.
    ///
    /// # Errors
    /// [`AuthenticationError::InvalidToken`] where it is not ours or has expired.
    pub fn check(&self, token: &str) -> Result<(UserId, SessionId), AuthenticationError> {
        let known = self.checked.get(token);
        self.lookups.note(known.is_some());
        let checked = match known {
            Some(checked) => checked,
            None => self.verify(token)?,
        };
        // Expiry is checked against our own clock, each time.
        if checked.expires_at <= self.clock.now().timestamp() {
            return Err(AuthenticationError::InvalidToken);
        }
        Ok((checked.user, checked.session))
    }

    /// Checks the signature and what the token says of its origin.
    fn verify(&self, token: &str) -> Result<Checked, AuthenticationError> {
        const INVALID: AuthenticationError = AuthenticationError::InvalidToken;
        let header = jsonwebtoken::decode_header(token).map_err(|_| INVALID)?;
        let key = header
            .kid
            .and_then(|id| self.keys.verifying.get(&id))
            .ok_or(INVALID)?;
        let mut rules = Validation::new(key.algorithm);
        rules.set_issuer(&[&self.settings.issuer]);
        rules.set_audience(&[&self.settings.audience]);
        rules.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &rules)
            .map_err(|_| INVALID)?
            .claims;
        let user: i64 = claims.sub.parse().map_err(|_| INVALID)?;
        let session: i64 = claims.sid.parse().map_err(|_| INVALID)?;
        let checked = Checked {
            user: user.into(),
            session: session.into(),
            expires_at: claims.exp,
        };
        if claims.exp > self.clock.now().timestamp() {
            self.checked.insert(token.to_owned(), checked);
        }
        Ok(checked)
    }
}

/// `N` random bytes as URL-safe text.
pub(super) fn random_text<const N: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use domain::clock::FixedClock;
    use jsonwebtoken::{Algorithm, EncodingKey};
    use secrecy::SecretString;

    use super::*;

    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
        -----END PRIVATE KEY-----\n";

    fn clock() -> Arc<FixedClock> {
        let start = Utc
            .with_ymd_and_hms(2026, 1, 1, 0, 0, 0)
            .single()
            .expect("a date");
        Arc::new(FixedClock::at(start))
    }

    fn tokens(keys: KeyRing, clock: Arc<FixedClock>) -> AccessTokens {
        let settings = TokenSettings {
            issuer: "ensemble".into(),
            audience: "ensemble".into(),
            lifetime: Duration::from_secs(900),
        };
        AccessTokens::new(keys, settings, clock)
    }

    fn secret(text: &str) -> SecretString {
        text.into()
    }

    fn issue(tokens: &AccessTokens) -> String {
        tokens
            .issue(UserId::from(7), SessionId::from(8))
            .expect("a token")
    }

    #[test]
    fn a_token_names_its_session_until_it_expires() {
        let clock = clock();
        let tokens = tokens(
            KeyRing::hs256(&secret("a secret of at least 32 bytes…"), &[]),
            clock.clone(),
        );
        let token = issue(&tokens);
        assert!(
            matches!(tokens.check(&token), Ok((user, session)) if user.get() == 7 && session.get() == 8)
        );
        clock.advance(TimeDelta::seconds(900));
        assert!(tokens.check(&token).is_err());
    }

    #[test]
    fn secrets_can_be_replaced_without_ending_tokens() {
        let clock = clock();
        let old = tokens(
            KeyRing::hs256(&secret("the old secret"), &[]),
            clock.clone(),
        );
        let ring = KeyRing::hs256(&secret("the new secret"), &[secret("the old secret")]);
        let new = tokens(ring, clock);
        assert!(new.check(&issue(&old)).is_ok());
        assert!(old.check(&issue(&new)).is_err());
    }

    #[test]
    fn ed_dsa_tokens_are_checked_with_the_published_key() {
        let ring = KeyRing::ed_dsa(PRIVATE.as_bytes(), &[]).expect("a key");
        let tokens = tokens(ring, clock());
        assert!(tokens.check(&issue(&tokens)).is_ok());
        let published = serde_json::to_value(tokens.public_keys()).expect("json");
        assert_eq!(published["keys"][0]["kty"], "OKP");
        assert!(published["keys"][0].get("d").is_none());
    }

    #[test]
    fn a_token_for_another_audience_is_refused() {
        let ring = KeyRing::hs256(&secret("the secret"), &[]);
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(ring.signing_id.clone());
        let tokens = tokens(ring, clock());
        let key = EncodingKey::from_secret(b"the secret");
        for (audience, is_ours) in [("ensemble", true), ("another", false), ("", false)] {
            let claims = serde_json::json!({"iss":"ensemble","aud":audience,"sub":"7","sid":"8","jti":"x","iat":0,"exp":9_999_999_999_i64});
            let token = jsonwebtoken::encode(&header, &claims, &key).expect("a token");
            assert_eq!(tokens.check(&token).is_ok(), is_ours, "{audience}");
        }
    }

    #[test]
    fn another_algorithm_issuer_or_signature_is_refused() {
        let ring = KeyRing::hs256(&secret("the secret"), &[]);
        let id = ring.signing_id.clone();
        let tokens = tokens(ring, clock());
        let good = issue(&tokens);
        let (head, signature) = good.rsplit_once('.').expect("a signature");
        let (_, payload) = head.split_once('.').expect("a payload");
        let none = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"none","kid":"{id}"}}"#));
        let mut header = Header::new(Algorithm::HS512);
        header.kid = Some(id.clone());
        let claims = serde_json::json!({"iss":"ensemble","aud":"ensemble","sub":"7","sid":"8","jti":"x","iat":0,"exp":9_999_999_999_i64});
        let key = EncodingKey::from_secret(b"the secret");
        let hs512 = jsonwebtoken::encode(&header, &claims, &key).expect("a token");
        header.alg = Algorithm::HS256;
        let foreign = serde_json::json!({"iss":"other","aud":"ensemble","sub":"7","sid":"8","jti":"x","iat":0,"exp":9_999_999_999_i64});
        let foreign = jsonwebtoken::encode(&header, &foreign, &key).expect("a token");
        let attempts = [
            format!("{none}.{payload}."),
            format!("{none}.{payload}.{signature}"),
            format!("{head}."),
            format!("{head}.{}", signature.chars().rev().collect::<String>()),
            hs512,
            foreign,
            String::new(),
            "a.b.c".into(),
        ];
        for attempt in attempts {
            assert!(tokens.check(&attempt).is_err(), "{attempt}");
        }
    }
}
