//! Letting somebody in who has proved who they are: the last step of every door.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::unit_of_work::UnitOfWork;
use domain::user::{Device, PersonId, RefreshToken, RefreshTokenHash, Session, SessionId, UserId};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::SecretString;
use tracing::info;

use super::access_token::random_text;
use super::{AccessTokens, GuestService, Moved, PersonalData, SessionGuard};

/// What a client gets for signing in.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// Lets its bearer in until it expires.
    pub access_token: String,
    /// How long that is.
    pub expires_in: Duration,
    /// Gets the next pair, once.
    pub refresh_token: SecretString,
    /// Whose they are.
    pub user_id: UserId,
    /// The session behind them.
    pub session_id: SessionId,
}

/// Where somebody comes in from.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Their device.
    pub device: Device,
    /// The guest they were on it.
    pub guest: Option<PersonId>,
    /// The session that the browser shows until now, and whose it is: the new one takes its place,
    /// and nobody could end it there any more.
    pub replaces: Option<(UserId, SessionId)>,
}

/// Somebody who is in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// What they show from now on.
    pub pair: TokenPair,
    /// What they had as a guest and have now as a member; `None` where they were no guest, or another request had moved
    /// it before.
    pub moved: Option<Moved>,
    /// Sessions that had to end for it: the one it takes the place of, and the oldest where the
    /// account had as many as one may have.
    pub ended: Vec<SessionId>,
}

/// Opens sessions. The guest's things become the member's in the transaction that opens the
/// session, so that nobody is in without them.
pub struct Admission {
    /// Access tokens.
    pub tokens: Arc<AccessTokens>,
    /// Guests.
    pub guests: Arc<dyn GuestService>,
    /// What the domains keep of a person, in the order they lock.
    pub personal: Vec<Arc<dyn PersonalData>>,
    /// Who is told when sessions end.
    pub guard: Arc<SessionGuard>,
    /// How many sessions an account may have at a time.
    pub sessions_per_user: u64,
    /// How long a refresh token, and with it a session, is good without being used.
    pub refresh_lifetime: Duration,
    /// How long a session is good at most, however much it is used.
    pub session_lifetime: Duration,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What a request that was under way while the guest signed in left behind is looked for this
/// much later (by [`Maintenance`](crate::maintenance::Maintenance)).
const LINGER: TimeDelta = TimeDelta::minutes(10);

impl Admission {
    /// Opens a session for a member whom the unit of work holds, and ends the one it replaces; one
    /// too many ends the oldest. Once it is committed, call [`Self::opened`].
    ///
    /// # Errors
    /// Where storage fails; drop the unit of work then.
    pub async fn open(
        &self,
        unit: &dyn UnitOfWork,
        member: UserId,
        arrival: &Arrival,
    ) -> Result<Admitted, RepositoryError> {
        let now = self.clock.now();
        let session = Session {
            id: self.ids.next(),
            user_id: member,
            device: arrival.device.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: self.expiry(now, now),
        };
        let (pair, token) = self.pair(&session)?;
        unit.sessions().insert(&session).await?;
        let mut ended = Vec::new();
        if let Some((owner, session)) = arrival.replaces
            && unit.sessions().end(owner, session).await?
        {
            ended.push(session);
        }
        let keep = self.sessions_per_user;
        ended.extend(unit.sessions().end_oldest(member, keep, now).await?);
        unit.refresh_tokens().insert(&token).await?;
        let moved = match arrival.guest {
            Some(guest) => self.merge(unit, guest, member).await?,
            None => None,
        };
        Ok(Admitted { pair, moved, ended })
    }

    /// Gives to the member what the guest has, unless that was done before.
    async fn merge(
        &self,
        unit: &dyn UnitOfWork,
        guest: PersonId,
        member: UserId,
    ) -> Result<Option<Moved>, RepositoryError> {
        let until = self.clock.now() + LINGER;
        if !unit.guests().merge(guest, member, until).await? {
            return Ok(None);
        }
        let mut moved = Moved::default();
        for part in &self.personal {
            moved += part.merge(unit, guest, member.into()).await?;
        }
        Ok(Some(moved))
    }

    /// Follows an opening that was committed: in memory, without failing. What ended for it has ended
    /// on every node then.
    pub async fn opened(&self, admitted: &Admitted, arrival: &Arrival) {
        let member = admitted.pair.user_id;
        if let Some(guest) = arrival.guest {
            // Whoever merged: this node recognises the guest no longer.
            self.guests.forget(guest);
            if admitted.moved.is_some() {
                for part in &self.personal {
                    part.merged(guest, member.into());
                }
            }
        }
        for session in &admitted.ended {
            self.guard.session_ended(*session).await;
        }
        info!(user_id = %member, was_guest = admitted.moved.is_some(), "signed in");
    }

    /// When a session ends that was opened and is used at these times.
    pub(super) fn expiry(&self, opened: DateTime<Utc>, used: DateTime<Utc>) -> DateTime<Utc> {
        (used + self.refresh_lifetime).min(opened + self.session_lifetime)
    }

    /// The next pair of a session, and its refresh token as it is to be stored.
    pub(super) fn pair(
        &self,
        session: &Session,
    ) -> Result<(TokenPair, RefreshToken), RepositoryError> {
        let secret = random_text::<32>().map_err(RepositoryError::storage)?;
        let access_token = self
            .tokens
            .issue(session.user_id, session.id)
            .map_err(RepositoryError::Storage)?;
        let token = RefreshToken {
            hash: RefreshTokenHash::of(&secret),
            session_id: session.id,
            issued_at: self.clock.now(),
            expires_at: session.expires_at,
        };
        let pair = TokenPair {
            access_token,
            expires_in: self.tokens.lifetime(),
            refresh_token: secret.into(),
            user_id: session.user_id,
            session_id: session.id,
        };
        Ok((pair, token))
    }
}

#[cfg(test)]
mod tests;
