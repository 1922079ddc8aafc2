//! Letting requests in: at most one look-up each, and most of them cached.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use domain::event::{Event, EventBus, Signal};
use domain::user::{Role, SessionId, SessionOwner, SessionRepository, UserId, UserStatus};
use tracing::warn;

use super::{AccessTokens, AuthenticationError};
use crate::figures::CacheFigures;
use crate::remembered::Remembered;

/// A session's last use is noted at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::seconds(60);
const MAX_SESSIONS: u64 = 100_000;

/// Who is asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub user_id: UserId,
    /// The session they came with.
    pub session_id: SessionId,
    /// What they may do.
    pub role: Role,
    /// When they signed in.
    pub signed_in_at: DateTime<Utc>,
}

#[derive(Clone, Copy)]
struct Known {
    principal: Principal,
    expires_at: DateTime<Utc>,
}

/// Turns an access token into a [`Principal`].
///
/// What is known of a session is kept for a while, but only where the event bus reaches every
/// node that could end it, and only while it does.
pub struct SessionGuard {
    tokens: Arc<AccessTokens>,
    sessions: Arc<dyn SessionRepository>,
    bus: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    known: Option<Remembered<SessionId, Known>>,
}

impl SessionGuard {
    /// A guard that keeps what it knows for `keep`; `None` asks storage each time.
    #[must_use]
    pub fn new(
        tokens: Arc<AccessTokens>,
        sessions: Arc<dyn SessionRepository>,
        bus: Arc<dyn EventBus>,
        clock: Arc<dyn Clock>,
        keep: Option<Duration>,
    ) -> Self {
        let known = keep
            .filter(|keep| !keep.is_zero())
            .map(|keep| Remembered::new(MAX_SESSIONS, keep));
        Self {
            tokens,
            sessions,
            bus,
            clock,
            known,
        }
    }

    /// How often it knew a session; `None` where it asks storage each time.
    #[must_use]
    pub fn cache(&self) -> Option<CacheFigures> {
        self.known.as_ref().map(Remembered::figures)
    }

    /// Whose access token this is.
    ///
    /// # Errors
    /// [`AuthenticationError::InvalidToken`] where it lets nobody in.
    pub async fn authenticate(&self, token: &str) -> Result<Principal, AuthenticationError> {
        let (user, session) = self.tokens.check(token)?;
        self.recognise(user, session).await
    }

    /// Whoever holds this session, which is of this person.
    ///
    /// # Errors
    /// [`AuthenticationError::InvalidToken`] where it lets nobody in.
    pub async fn recognise(
        &self,
        user: UserId,
        session: SessionId,
    ) -> Result<Principal, AuthenticationError> {
        let known = self
            .know(session)
            .await?
            .ok_or(AuthenticationError::InvalidToken)?;
        if known.principal.user_id != user {
            return Err(AuthenticationError::InvalidToken);
        }
        Ok(known.principal)
    }

    async fn know(&self, id: SessionId) -> Result<Option<Known>, AuthenticationError> {
        match &self.known {
            Some(known) if self.bus.is_live() => {
                let found = known.get(id, self.load(id)).await?;
                if found.is_none_or(|found| found.expires_at > self.clock.now()) {
                    return Ok(found);
                }
                // It has ended, unless it was prolonged since we read it.
                known.forget(&id);
                self.load(id).await
            }
            _ => self.load(id).await,
        }
    }

    async fn load(&self, id: SessionId) -> Result<Option<Known>, AuthenticationError> {
        let now = self.clock.now();
        let Some(owner) = self.sessions.find_living(id, now).await? else {
            return Ok(None);
        };
        if owner.status == UserStatus::Blocked {
            return Ok(None);
        }
        if now - owner.session.last_seen_at >= TOUCH_EVERY
            && let Err(error) = self.sessions.touch(id, now).await
        {
            warn!(%error, "a session's last use was not noted");
        }
        let SessionOwner { session, role, .. } = owner;
        let principal = Principal {
            user_id: session.user_id,
            session_id: id,
            role,
            signed_in_at: session.created_at,
        };
        Ok(Some(Known {
            principal,
            expires_at: session.expires_at,
        }))
    }

    /// Tells every node that a session ended. This node knows when the call returns.
    pub async fn session_ended(&self, session: SessionId) {
        self.hear(&Signal::Event(Event::SessionEnded { session }));
        self.tell(Event::SessionEnded { session }).await;
    }

    /// Tells every node that all sessions of a person ended, or what they may do changed.
    pub async fn user_changed(&self, user: UserId) {
        self.hear(&Signal::Event(Event::UserChanged { user }));
        self.tell(Event::UserChanged { user }).await;
    }

    async fn tell(&self, event: Event) {
        if let Err(error) = self.bus.publish(event).await {
            // The other nodes have lost the bus as well, and stopped trusting what they keep.
            warn!(%error, "the other nodes were not told");
        }
    }

    /// Forgets what a signal says is no longer true.
    pub fn hear(&self, signal: &Signal) {
        let Some(known) = &self.known else { return };
        match signal {
            Signal::Event(Event::SessionEnded { session }) => known.forget(session),
            Signal::Event(Event::UserChanged { .. }) | Signal::Missed => known.forget_all(),
            Signal::Event(
                Event::ChatMoved { .. }
                | Event::ChatTyping { .. }
                | Event::ChatHere { .. }
                | Event::ChatGone { .. }
                | Event::ChatWho { .. }
                | Event::ChatTie { .. },
            ) => {}
        }
    }

    /// Listens to the bus until it is gone.
    pub async fn listen(self: Arc<Self>) {
        let mut signals = self.bus.subscribe();
        while let Some(signal) = signals.next().await {
            self.hear(&signal);
        }
    }
}

#[cfg(test)]
mod tests;
