//! Making sure that who is asking is the owner, where being signed in is not enough.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::Clock;
use domain::user::{UserRepository, normalise_password};
use secrecy::SecretString;

use super::password_hasher::Busy;
use super::{AccountError, PasswordHasher, Principal};
use crate::throttle::Throttle;

/// A sign-in this young proves who somebody is.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Asks for the password once more; where the account has none, for a fresh sign-in (contract rule 9).
pub struct Confirmation {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Wrong passwords of people who are signed in already.
    pub proofs: Arc<Throttle>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Confirmation {
    /// Makes sure that who is asking is the owner; answers the hash of the password they gave. Look
    /// with the account held whether it is still that one: checking takes long.
    ///
    /// # Errors
    /// [`AccountError::ConfirmationRequired`] where they are not, or did not say.
    pub async fn prove(
        &self,
        principal: Principal,
        password: Option<SecretString>,
    ) -> Result<Option<String>, AccountError> {
        let key = principal.user_id.to_string();
        let found = self
            .users
            .find_credentials(principal.user_id)
            .await?
            .ok_or(AccountError::Gone)?;
        if found.password_hash.is_none() {
            let is_fresh = self.clock.now() - principal.signed_in_at < FRESH;
            return if is_fresh {
                Ok(None)
            } else {
                Err(AccountError::ConfirmationRequired)
            };
        }
        let Some(password) = password else {
            return Err(AccountError::ConfirmationRequired);
        };
        let taken = self.proofs.take(&key).await;
        taken.map_err(AccountError::TooManyTries)?;
        match self
            .is_password(&password, found.password_hash.clone())
            .await
        {
            Ok(true) => {
                self.proofs.reset(&key).await;
                Ok(found.password_hash)
            }
            Ok(false) => Err(AccountError::ConfirmationRequired),
            Err(busy) => {
                self.proofs.give_back(&key).await;
                Err(busy.into())
            }
        }
    }

    async fn is_password(
        &self,
        password: &SecretString,
        stored: Option<String>,
    ) -> Result<bool, Busy> {
        let place = self.hasher.place().await?;
        let verdict = place.verify(&normalise_password(password), stored).await?;
        Ok(verdict.matches)
    }
}

impl From<Busy> for AccountError {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}
