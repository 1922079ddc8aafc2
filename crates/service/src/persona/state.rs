//! What travels to Meta and back while somebody gives their consent.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::once::OnceRepository;
use domain::persona::PersonaId;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::InstagramError;
use crate::sealing::Sealer;
use crate::user::Principal;

/// Keeps states apart from whatever else is sealed with the same keys.
const CONTEXT: &str = "instagram state";
/// How long somebody may take to give their consent.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Makes states, and takes each back once: sealed (AES-256-GCM, so that nobody reads or forges
/// one), good for ten minutes, for one session of one person, for one persona.
pub struct StateSeal {
    /// The keys.
    pub sealer: Arc<Sealer>,
    /// States that came back.
    pub once: Arc<dyn OnceRepository>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What a state says.
#[derive(Serialize, Deserialize)]
struct Claims {
    user: i64,
    session: i64,
    persona: Option<i64>,
    /// Seconds since 1970.
    expires: i64,
}

/// A state that came back, and has not been used yet.
pub(super) struct Returned {
    pub(super) persona: Option<PersonaId>,
    key: String,
    until: DateTime<Utc>,
}

impl StateSeal {
    /// A state for this session and persona.
    pub(super) fn issue(
        &self,
        principal: Principal,
        persona: Option<PersonaId>,
    ) -> Result<String, InstagramError> {
        let claims = Claims {
            user: principal.user_id.get(),
            session: principal.session_id.get(),
            persona: persona.map(PersonaId::get),
            expires: (self.clock.now() + LIFETIME).timestamp(),
        };
        // Numbers always can be written.
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        Ok(self.sealer.seal(CONTEXT, &claims)?)
    }

    /// Reads a state that came back with this session.
    pub(super) fn read(
        &self,
        principal: Principal,
        state: &str,
    ) -> Result<Returned, InstagramError> {
        let invalid = || InstagramError::StateInvalid;
        let opened = self.sealer.open(CONTEXT, state).map_err(|_| invalid())?;
        let claims: Claims =
            serde_json::from_slice(opened.expose_secret()).map_err(|_| invalid())?;
        let until = DateTime::from_timestamp(claims.expires, 0).ok_or_else(invalid)?;
        let is_theirs =
            claims.user == principal.user_id.get() && claims.session == principal.session_id.get();
        if !is_theirs || until <= self.clock.now() {
            return Err(invalid());
        }
        Ok(Returned {
            persona: claims.persona.map(PersonaId::from),
            key: URL_SAFE_NO_PAD.encode(Sha256::digest(state)),
            until,
        })
    }

    /// Uses a state up.
    pub(super) async fn spend(&self, returned: &Returned) -> Result<(), InstagramError> {
        // A little longer than it is good, so that clocks of several nodes may differ.
        let until = returned.until + LIFETIME;
        match self.once.spend(&returned.key, until).await? {
            true => Ok(()),
            false => Err(InstagramError::StateInvalid),
        }
    }
}
