//! The keys that somebody hands to their programs.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{
    AccessKey, Allowed, AllowedId, ApiKey, ApiKeyChange, ApiKeyId, ApiKeyRepository, KeyMemo,
    Network, OutgoingSecret, Scope,
};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{UserId, UserStatus};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::SecretString;
use thiserror::Error;
use tracing::{info, instrument};

use crate::retry::retrying;
use crate::sealing::{SealError, Sealer};

/// The longest allow-list.
const MAX_ALLOWED: usize = 10;
/// How long the secret before goes on being good after a change of it.
const OUTGOING: TimeDelta = TimeDelta::hours(24);

/// Why nothing was done about a key.
#[derive(Debug, Error)]
pub enum ApiKeyError {
    /// The person has no such key.
    #[error("no such key")]
    NotFound,
    /// The key's allow-list has no such entry.
    #[error("no such entry")]
    EntryNotFound,
    /// There are as many active keys as there may be.
    #[error("too many keys")]
    TooMany,
    /// The allow-list is as long as it may be.
    #[error("too many entries")]
    TooManyEntries,
    /// The account is gone.
    #[error("the account is gone")]
    Gone,
    /// A secret could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What its owner calls it.
    pub memo: Option<KeyMemo>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it stops working, if ever.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One's own API keys.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiKeyService: Send + Sync {
    /// Makes a key; its secret is told this once.
    async fn create(
        &self,
        owner: UserId,
        new: NewApiKey,
    ) -> Result<(ApiKey, SecretString), ApiKeyError>;

    /// All of them, the oldest first.
    async fn list(&self, owner: UserId) -> Result<Vec<ApiKey>, ApiKeyError>;

    /// Changes one; as it is now.
    async fn change(
        &self,
        owner: UserId,
        id: ApiKeyId,
        change: ApiKeyChange,
    ) -> Result<ApiKey, ApiKeyError>;

    /// Gives a key a new secret, told this once. The one before goes on being good for 24 hours,
    /// so that programs change over one after the other; the one before that does not.
    async fn rotate(
        &self,
        owner: UserId,
        id: ApiKeyId,
    ) -> Result<(ApiKey, SecretString), ApiKeyError>;

    /// Removes the one that is called so.
    async fn remove(
        &self,
        owner: UserId,
        id: ApiKeyId,
        access: &AccessKey,
    ) -> Result<(), ApiKeyError>;

    /// From where a key may be used: anywhere, where nothing is listed.
    async fn allowed(&self, owner: UserId, id: ApiKeyId) -> Result<Vec<Allowed>, ApiKeyError>;

    /// Adds to the allow-list; the entry there is, where it is listed already, and whether it is
    /// new.
    async fn allow(
        &self,
        owner: UserId,
        id: ApiKeyId,
        network: Network,
    ) -> Result<(Allowed, bool), ApiKeyError>;

    /// Removes from the allow-list.
    async fn disallow(
        &self,
        owner: UserId,
        id: ApiKeyId,
        entry: AllowedId,
    ) -> Result<(), ApiKeyError>;
}

/// What a secret is sealed for.
pub(super) fn context(id: ApiKeyId) -> String {
    format!("api_key {id} secret")
}

/// [`ApiKeyService`] over the repositories.
pub struct DefaultApiKeyService {
    /// Keys.
    pub keys: Arc<dyn ApiKeyRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Seals secrets.
    pub sealer: Arc<Sealer>,
    /// How many active keys somebody may have.
    pub limit: usize,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultApiKeyService {
    /// Makes a secret of 256 random bits; it, and it sealed.
    fn secret(&self, id: ApiKeyId) -> Result<(SecretString, String), SealError> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|_| SealError::Random)?;
        let secret = URL_SAFE_NO_PAD.encode(random);
        let sealed = self.sealer.seal(&context(id), secret.as_bytes())?;
        Ok((secret.into(), sealed))
    }

    /// Begins a unit of work that holds the account: nobody else adds to its keys meanwhile.
    async fn hold(&self, owner: UserId) -> Result<Box<dyn UnitOfWork>, ApiKeyError> {
        let unit = self.units.begin().await?;
        let held = unit.users().hold(owner).await?;
        held.filter(|held| held.user.status == UserStatus::Active)
            .ok_or(ApiKeyError::Gone)?;
        Ok(unit)
    }

    async fn try_create(
        &self,
        owner: UserId,
        new: &NewApiKey,
    ) -> Result<(ApiKey, SecretString), ApiKeyError> {
        let now = self.clock.now();
        let unit = self.hold(owner).await?;
        let keys = unit.api_keys().list(owner).await?;
        if keys.iter().filter(|key| key.is_active(now)).count() >= self.limit {
            return Err(ApiKeyError::TooMany);
        }
        let id = self.ids.next();
        let mut random = [0; 12];
        getrandom::fill(&mut random).map_err(|_| SealError::Random)?;
        let (told, secret) = self.secret(id)?;
        let key = ApiKey {
            id,
            owner,
            access: AccessKey::new(random),
            secret,
            outgoing: None,
            memo: new.memo.clone(),
            scopes: new.scopes.clone(),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        unit.api_keys().insert(&key).await?;
        unit.commit().await?;
        Ok((key, told))
    }

    async fn try_change(
        &self,
        owner: UserId,
        id: ApiKeyId,
        change: &ApiKeyChange,
    ) -> Result<ApiKey, ApiKeyError> {
        let now = self.clock.now();
        let unit = self.hold(owner).await?;
        if !unit.api_keys().change(owner, id, change).await? {
            return Err(ApiKeyError::NotFound);
        }
        // One that had expired may work again.
        let keys = unit.api_keys().list(owner).await?;
        let key = keys.iter().find(|key| key.id == id);
        let key = key.cloned().ok_or(ApiKeyError::NotFound)?;
        let active = keys.iter().filter(|key| key.is_active(now)).count();
        if change.expires_at.is_some() && key.is_active(now) && active > self.limit {
            return Err(ApiKeyError::TooMany);
        }
        unit.commit().await?;
        Ok(key)
    }

    async fn try_rotate(
        &self,
        owner: UserId,
        id: ApiKeyId,
    ) -> Result<(ApiKey, SecretString), ApiKeyError> {
        let key = self.owned(owner, id).await?;
        let (told, secret) = self.secret(id)?;
        let outgoing = OutgoingSecret {
            sealed: key.secret.clone(),
            until: self.clock.now() + OUTGOING,
        };
        let keys = &self.keys;
        if !keys
            .replace_secret(id, &key.secret, &secret, &outgoing)
            .await?
        {
            // Somebody else did: both secrets that were told shall be good.
            return Err(RepositoryError::Contention.into());
        }
        let key = ApiKey {
            secret,
            outgoing: Some(outgoing),
            ..key
        };
        Ok((key, told))
    }

    async fn try_allow(
        &self,
        owner: UserId,
        id: ApiKeyId,
        network: Network,
    ) -> Result<(Allowed, bool), ApiKeyError> {
        let unit = self.hold(owner).await?;
        let keys = unit.api_keys();
        keys.find(owner, id).await?.ok_or(ApiKeyError::NotFound)?;
        let allowed = keys.allowed(id).await?;
        if let Some(known) = allowed.iter().find(|entry| entry.network == network) {
            return Ok((*known, false));
        }
        if allowed.len() >= MAX_ALLOWED {
            return Err(ApiKeyError::TooManyEntries);
        }
        let entry = Allowed {
            id: self.ids.next(),
            key: id,
            network,
            created_at: self.clock.now(),
        };
        keys.allow(&entry).await?;
        unit.commit().await?;
        Ok((entry, true))
    }

    async fn owned(&self, owner: UserId, id: ApiKeyId) -> Result<ApiKey, ApiKeyError> {
        let found = self.keys.find(owner, id).await?;
        found.ok_or(ApiKeyError::NotFound)
    }
}

#[async_trait]
impl ApiKeyService for DefaultApiKeyService {
    #[instrument(skip_all, fields(user_id = %owner))]
    async fn create(
        &self,
        owner: UserId,
        new: NewApiKey,
    ) -> Result<(ApiKey, SecretString), ApiKeyError> {
        let made = retrying(|| self.try_create(owner, &new)).await?;
        info!(key_id = %made.0.id, "an API key was made");
        Ok(made)
    }

    async fn list(&self, owner: UserId) -> Result<Vec<ApiKey>, ApiKeyError> {
        Ok(self.keys.list(owner).await?)
    }

    #[instrument(skip_all, fields(user_id = %owner, key_id = %id))]
    async fn change(
        &self,
        owner: UserId,
        id: ApiKeyId,
        change: ApiKeyChange,
    ) -> Result<ApiKey, ApiKeyError> {
        retrying(|| self.try_change(owner, id, &change)).await
    }

    #[instrument(skip_all, fields(user_id = %owner, key_id = %id))]
    async fn rotate(
        &self,
        owner: UserId,
        id: ApiKeyId,
    ) -> Result<(ApiKey, SecretString), ApiKeyError> {
        let rotated = retrying(|| self.try_rotate(owner, id)).await?;
        info!("an API key has a new secret");
        Ok(rotated)
    }

    #[instrument(skip_all, fields(user_id = %owner, key_id = %id))]
    async fn remove(
        &self,
        owner: UserId,
        id: ApiKeyId,
        access: &AccessKey,
    ) -> Result<(), ApiKeyError> {
        if !self.keys.remove(owner, id, access).await? {
            return Err(ApiKeyError::NotFound);
        }
        info!("an API key was removed");
        Ok(())
    }

    async fn allowed(&self, owner: UserId, id: ApiKeyId) -> Result<Vec<Allowed>, ApiKeyError> {
        self.owned(owner, id).await?;
        Ok(self.keys.allowed(id).await?)
    }

    #[instrument(skip_all, fields(user_id = %owner, key_id = %id))]
    async fn allow(
        &self,
        owner: UserId,
        id: ApiKeyId,
        network: Network,
    ) -> Result<(Allowed, bool), ApiKeyError> {
        retrying(|| self.try_allow(owner, id, network)).await
    }

    #[instrument(skip_all, fields(user_id = %owner, key_id = %id))]
    async fn disallow(
        &self,
        owner: UserId,
        id: ApiKeyId,
        entry: AllowedId,
    ) -> Result<(), ApiKeyError> {
        self.owned(owner, id).await?;
        if self.keys.disallow(id, entry).await? {
            Ok(())
        } else {
            Err(ApiKeyError::EntryNotFound)
        }
    }
}
