//! Tokens of personas, sealed on their way into storage and opened on their way out.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::Clock;
use domain::persona::{GraphToken, PersonaId, SealedToken, TokenOf, TokenTerm};
use domain::user::UserId;
use secrecy::{ExposeSecret, SecretString};

use crate::sealing::{SealError, Sealer};

/// A token is renewed this long before it ends; one with a shorter life at half of it. Meta's
/// long-lived tokens are good for sixty days.
const AHEAD: TimeDelta = TimeDelta::days(10);

/// Seals each token for its persona and owner: in another row it opens to nothing.
pub struct TokenVault {
    /// The keys.
    pub sealer: Arc<Sealer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

fn context(owner: UserId, persona: PersonaId) -> String {
    format!("user {owner} persona {persona} instagram token")
}

impl TokenVault {
    /// Seals a token for a persona.
    pub(super) fn seal(
        &self,
        owner: UserId,
        persona: PersonaId,
        token: &SecretString,
    ) -> Result<SealedToken, SealError> {
        let plain = token.expose_secret().as_bytes();
        let sealed = self.sealer.seal(&context(owner, persona), plain);
        sealed.map(SealedToken::new)
    }

    /// Opens a token.
    pub(super) fn open(&self, stored: &TokenOf) -> Result<SecretString, SealError> {
        let context = context(stored.owner, stored.persona);
        let opened = self.sealer.open(&context, stored.token.as_str())?;
        let text = std::str::from_utf8(opened.expose_secret()).map_err(|_| SealError::Forged)?;
        Ok(text.into())
    }

    /// What tokens that are sealed now begin with.
    pub(super) fn mark(&self) -> String {
        self.sealer.mark()
    }

    /// Whether a token has ended by itself.
    pub(super) fn is_over(&self, term: TokenTerm) -> bool {
        term.expires_at.is_some_and(|end| end <= self.clock.now())
    }

    /// For how long a token is good that was handed out just now.
    pub(super) fn term(&self, token: &GraphToken) -> TokenTerm {
        let now = self.clock.now();
        let lifetime = token
            .lifetime
            .and_then(|life| TimeDelta::from_std(life).ok());
        // A life without end, or past the end of the calendar.
        let ends = lifetime.and_then(|life| Some((life, now.checked_add_signed(life)?)));
        TokenTerm {
            expires_at: ends.map(|(_, end)| end),
            renew_at: ends.map(|(life, end)| end - AHEAD.min(life / 2)),
        }
    }
}
