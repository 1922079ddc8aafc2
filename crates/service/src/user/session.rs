//! Signing in and out.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{
    Credentials, Identifier, RefreshTokenHash, RefreshTokenUse, Session, SessionId,
    SessionRepository, UserId, UserRepository, UserStatus, normalise_password,
};
use domain::{Clock, RepositoryError};
use secrecy::{ExposeSecret, SecretString};
use tracing::{info, instrument, warn};

use super::password_hasher::{Busy, Place};
use super::{
    Admission, Admitted, Arrival, PasswordHasher, Principal, SessionGuard, SignInError, TokenPair,
};
use crate::retry::retrying;
use crate::throttle::Throttle;

/// Signing in and out, and the sessions this leaves behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SessionService: Send + Sync {
    /// Opens a session for who knows the password, and makes theirs what they had as a guest. A
    /// wrong password and an unknown account answer alike and take the same time.
    async fn sign_in(
        &self,
        identifier: &Identifier,
        password: &SecretString,
        arrival: Arrival,
    ) -> Result<Admitted, SignInError>;

    /// Exchanges a refresh token for the next pair. One that was exchanged before ends its
    /// session: somebody holds a copy.
    async fn refresh(&self, token: &SecretString) -> Result<TokenPair, SignInError>;

    /// Ends the session at once, on every node.
    async fn sign_out(&self, principal: Principal) -> Result<(), RepositoryError>;

    /// The person's living sessions, the latest used first.
    async fn list(&self, owner: UserId) -> Result<Vec<Session>, RepositoryError>;

    /// Ends one of the person's sessions; `false` where there is none.
    async fn end(&self, owner: UserId, session: SessionId) -> Result<bool, RepositoryError>;

    /// Ends all of the person's sessions but `except`; how many.
    async fn end_all(
        &self,
        owner: UserId,
        except: Option<SessionId>,
    ) -> Result<usize, RepositoryError>;
}

/// [`SessionService`] over the repositories.
pub struct DefaultSessionService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Sessions.
    pub sessions: Arc<dyn SessionRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Opens sessions.
    pub admission: Arc<Admission>,
    /// Who is told when a session ends.
    pub guard: Arc<SessionGuard>,
    /// Failures by account and address.
    pub account_failures: Arc<Throttle>,
    /// Failures by address.
    pub address_failures: Arc<Throttle>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Passwords that are replaced while they are being checked are checked this often.
const CHECKS: usize = 2;

/// What presenting a refresh token came to.
enum Exchange {
    /// The next pair.
    Done(TokenPair),
    /// It had been used before.
    Reused(SessionId, UserId),
}

impl DefaultSessionService {
    /// Takes a try of the address and one of the account from there, or none at all.
    async fn take_try(&self, account: &str, address: &str) -> Result<(), SignInError> {
        let taken = self.address_failures.take(address).await;
        taken.map_err(SignInError::TooManyTries)?;
        if let Err(wait) = self.account_failures.take(account).await {
            self.address_failures.give_back(address).await;
            return Err(SignInError::TooManyTries(wait));
        }
        Ok(())
    }

    /// Lets somebody in who knows the password.
    async fn admit(
        &self,
        identifier: &Identifier,
        password: &SecretString,
        arrival: &Arrival,
    ) -> Result<Admitted, SignInError> {
        for _ in 0..CHECKS {
            let proved = self.check(identifier, password).await?;
            if let Some(admitted) = retrying(|| self.open(&proved, arrival)).await? {
                self.admission.opened(&admitted, arrival).await;
                return Ok(admitted);
            }
        }
        Err(RepositoryError::Contention.into())
    }

    /// Whose password this is, and the hash that says so.
    async fn check(
        &self,
        identifier: &Identifier,
        password: &SecretString,
    ) -> Result<Credentials, SignInError> {
        let place = self.hasher.place().await?;
        let found = self.users.find_by_identifier(identifier).await?;
        let stored = found.as_ref().and_then(|found| found.password_hash.clone());
        let verdict = place.verify(password, stored).await?;
        // What was typed is told nowhere: people type their password into the wrong field.
        let Some(mut found) = found else {
            info!("a sign-in was refused: there is no such account");
            return Err(SignInError::InvalidCredentials);
        };
        if !verdict.matches {
            info!(user_id = %found.user.id, "a sign-in was refused: it is another password");
            return Err(SignInError::InvalidCredentials);
        }
        if found.user.status == UserStatus::Blocked {
            info!(user_id = %found.user.id, "a sign-in was refused: the account is blocked");
            return Err(SignInError::Blocked);
        }
        if verdict.outdated {
            self.upgrade(&place, &mut found, password).await;
        }
        Ok(found)
    }

    /// Opens a session for somebody who has proved who they are, unless the proof has become
    /// worthless.
    ///
    /// Checking a password takes long, and who replaces it meanwhile ends all sessions. So the
    /// account is held: either its password has been replaced already, or it is replaced only once
    /// this session is there to be ended.
    async fn open(
        &self,
        proved: &Credentials,
        arrival: &Arrival,
    ) -> Result<Option<Admitted>, RepositoryError> {
        let member = proved.user.id;
        let unit = self.units.begin().await?;
        let held = unit.users().hold(member).await?;
        let still_proved = held.is_some_and(|held| {
            held.password_hash == proved.password_hash && held.user.status == UserStatus::Active
        });
        if !still_proved {
            return Ok(None);
        }
        let admitted = self.admission.open(unit.as_ref(), member, arrival).await?;
        unit.commit().await?;
        Ok(Some(admitted))
    }

    /// Uses a refresh token up and stores the next one, all in one transaction.
    async fn exchange(&self, hash: &RefreshTokenHash) -> Result<Exchange, SignInError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        match unit.refresh_tokens().use_up(hash, now).await? {
            RefreshTokenUse::Good(owner) if owner.status == UserStatus::Active => {
                let expires_at = self.admission.expiry(owner.session.created_at, now);
                let session = Session {
                    expires_at,
                    ..owner.session
                };
                let (pair, next) = self.admission.pair(&session)?;
                if !unit.sessions().prolong(session.id, expires_at, now).await? {
                    return Err(SignInError::InvalidRefreshToken);
                }
                unit.refresh_tokens().insert(&next).await?;
                unit.commit().await?;
                Ok(Exchange::Done(pair))
            }
            RefreshTokenUse::Reused(session, owner) => Ok(Exchange::Reused(session, owner)),
            RefreshTokenUse::Good(_) | RefreshTokenUse::Unknown => {
                Err(SignInError::InvalidRefreshToken)
            }
        }
    }

    /// Replaces a hash made with older settings. Signing in does not depend on it.
    async fn upgrade(&self, place: &Place, found: &mut Credentials, password: &SecretString) {
        let Ok(replacement) = place.hash(password).await else {
            return;
        };
        let current = found.password_hash.clone();
        let now = self.clock.now();
        let done = self
            .users
            .replace_password_hash(found.user.id, current, &replacement, now)
            .await;
        match done {
            Ok(true) => {
                info!(user_id = %found.user.id, "password hash upgraded");
                found.password_hash = Some(replacement);
            }
            Ok(false) => {}
            Err(error) => warn!(%error, "a password hash was not upgraded"),
        }
    }
}

#[async_trait]
impl SessionService for DefaultSessionService {
    #[instrument(skip_all)]
    async fn sign_in(
        &self,
        identifier: &Identifier,
        password: &SecretString,
        arrival: Arrival,
    ) -> Result<Admitted, SignInError> {
        let address = address_key(arrival.device.ip);
        let account = format!("{address} {}", identifier.key());
        self.take_try(&account, &address).await?;
        let password = normalise_password(password);
        let admitted = self.admit(identifier, &password, &arrival).await;
        match &admitted {
            Ok(_) => {
                self.address_failures.give_back(&address).await;
                self.account_failures.reset(&account).await;
            }
            Err(SignInError::InvalidCredentials) => {}
            // Nothing was guessed wrong: that we are too busy is not the client's failure.
            Err(_) => {
                self.address_failures.give_back(&address).await;
                self.account_failures.give_back(&account).await;
            }
        }
        admitted
    }

    #[instrument(skip_all)]
    async fn refresh(&self, token: &SecretString) -> Result<TokenPair, SignInError> {
        let hash = RefreshTokenHash::of(token.expose_secret());
        match retrying(|| self.exchange(&hash)).await? {
            Exchange::Done(pair) => Ok(pair),
            Exchange::Reused(session, owner) => {
                warn!(user_id = %owner, session_id = %session, "a refresh token was used twice: its session ends");
                self.end(owner, session).await?;
                Err(SignInError::InvalidRefreshToken)
            }
        }
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id))]
    async fn sign_out(&self, principal: Principal) -> Result<(), RepositoryError> {
        self.end(principal.user_id, principal.session_id)
            .await
            .map(|_| ())
    }

    async fn list(&self, owner: UserId) -> Result<Vec<Session>, RepositoryError> {
        self.sessions.list_living(owner, self.clock.now()).await
    }

    async fn end(&self, owner: UserId, session: SessionId) -> Result<bool, RepositoryError> {
        let ended = self.sessions.end(owner, session).await?;
        if ended {
            self.guard.session_ended(session).await;
        }
        Ok(ended)
    }

    async fn end_all(
        &self,
        owner: UserId,
        except: Option<SessionId>,
    ) -> Result<usize, RepositoryError> {
        let ended = self.sessions.end_all(owner, except).await?;
        if !ended.is_empty() {
            self.guard.user_changed(owner).await;
        }
        Ok(ended.len())
    }
}

/// Throttling counts an IPv6 network of 64 bits as one address: a single client owns them all.
pub(crate) fn address_key(ip: Option<IpAddr>) -> String {
    match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V6(ip)) => format!("{:x}", u128::from(ip) >> 64),
        Some(ip) => ip.to_string(),
        None => "unknown".into(),
    }
}

impl From<Busy> for SignInError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

#[cfg(test)]
mod tests;
