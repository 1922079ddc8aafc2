//! What the session cookie says: a session, or a guest.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Clock;
use domain::user::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use moka::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Keeps our cookies and any other token that may be made with the same secret apart.
const AUDIENCE: &str = "session-cookie";
const MAX_CHECKED: u64 = 50_000;

/// Whom a good cookie names. Says nothing of whether the session or the guest still lives.
#[derive(Clone, Debug)]
pub enum CookieHolder {
    /// A member's session.
    Session(UserId, SessionId),
    /// A guest's secret id.
    Guest(SecretString),
}

/// Signs and reads session cookies: JWTs (HS256) with `SESSION_SECRET`. A cookie outlives the
/// access tokens of its session; what it stands on is the session, which can end at any time.
pub struct SessionCookies {
    signing: EncodingKey,
    verifying: DecodingKey,
    sessions: Duration,
    guests: Duration,
    clock: Arc<dyn Clock>,
    checked: Cache<String, (CookieHolder, i64)>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<String>,
}

impl SessionCookies {
    /// Cookies signed with `secret`: as long good as a session, or as a guest, lives.
    #[must_use]
    pub fn new(
        secret: &SecretString,
        sessions: Duration,
        guests: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let checked = Cache::builder()
            .max_capacity(MAX_CHECKED)
            .time_to_live(Duration::from_secs(600))
            .build();
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            sessions,
            guests,
            clock,
            checked,
        }
    }

    /// How long a cookie for `holder` is good.
    #[must_use]
    pub fn lifetime(&self, holder: &CookieHolder) -> Duration {
        match holder {
            CookieHolder::Session(..) => self.sessions,
            CookieHolder::Guest(_) => self.guests,
        }
    }

    /// The value of a cookie for `holder`.
    ///
    /// # Errors
    /// Where the key does not sign.
    pub fn issue(
        &self,
        holder: &CookieHolder,
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let expires = self.clock.now() + TimeDelta::from_std(self.lifetime(holder))?;
        let mut claims = Claims {
            aud: AUDIENCE.into(),
            exp: expires.timestamp(),
            sub: None,
            sid: None,
            guest: None,
        };
        match holder {
            CookieHolder::Session(user, session) => {
                claims.sub = Some(user.to_string());
                claims.sid = Some(session.to_string());
            }
            CookieHolder::Guest(id) => claims.guest = Some(id.expose_secret().to_owned()),
        }
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)?;
        Ok(token)
    }

    /// Whom a cookie names; `None` where it is not ours or has expired.
    #[must_use]
    pub fn read(&self, value: &str) -> Option<CookieHolder> {
        let (holder, expires) = match self.checked.get(value) {
            Some(known) => known,
            None => {
                let read = self.verify(value)?;
                self.checked.insert(value.to_owned(), read.clone());
                read
            }
        };
        (expires > self.clock.now().timestamp()).then_some(holder)
    }

    fn verify(&self, value: &str) -> Option<(CookieHolder, i64)> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[AUDIENCE]);
        // Against our own clock, each time.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(value, &self.verifying, &rules)
            .ok()?
            .claims;
        let holder = match (claims.sub, claims.sid, claims.guest) {
            (Some(user), Some(session), None) => {
                let (user, session): (i64, i64) = (user.parse().ok()?, session.parse().ok()?);
                CookieHolder::Session(user.into(), session.into())
            }
            (None, None, Some(guest)) => CookieHolder::Guest(guest.into()),
            _ => return None,
        };
        Some((holder, claims.exp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::clock;

    const DAY: Duration = Duration::from_secs(86_400);

    fn cookies(secret: &str) -> (Arc<domain::clock::FixedClock>, SessionCookies) {
        let clock = clock();
        (
            clock.clone(),
            SessionCookies::new(&secret.into(), DAY, DAY * 3, clock),
        )
    }

    #[test]
    fn a_cookie_names_whom_it_was_made_for_until_it_expires() {
        let (clock, cookies) = cookies("a secret of thirty-two bytes or more");
        let member = CookieHolder::Session(7.into(), 70.into());
        let member = cookies.issue(&member).expect("a cookie");
        let guest = cookies
            .issue(&CookieHolder::Guest("g_x".into()))
            .expect("a cookie");
        assert!(matches!(
            cookies.read(&member),
            Some(CookieHolder::Session(user, session)) if user.get() == 7 && session.get() == 70
        ));
        assert!(matches!(
            cookies.read(&guest),
            Some(CookieHolder::Guest(id)) if id.expose_secret() == "g_x"
        ));
        clock.advance(TimeDelta::days(1));
        assert!(cookies.read(&member).is_none() && cookies.read(&guest).is_some());
        clock.advance(TimeDelta::days(2));
        assert!(cookies.read(&guest).is_none());
    }

    #[test]
    fn a_cookie_of_another_secret_names_nobody() {
        let (_, ours) = cookies("a secret of thirty-two bytes or more");
        let (_, theirs) = cookies("another secret of thirty-two bytes..");
        let forged = theirs.issue(&CookieHolder::Session(7.into(), 70.into()));
        assert!(ours.read(&forged.expect("a cookie")).is_none());
        assert!(ours.read("").is_none() && ours.read("a.b.c").is_none());
    }
}
