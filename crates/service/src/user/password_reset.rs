//! A new password for somebody who forgot theirs.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::notification::Language;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{
    AccountLink, AccountLinkRepository, Email, Identifier, Identity, LinkHash, LinkPurpose,
    NewPassword, User, UserId, UserStatus,
};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::SecretString;
use tracing::{info, instrument};

use super::correspondence::{Correspondence, NewLink, Outgoing, hash_of, language_for, proved};
use super::ways_in::is_known_without_email;
use super::{AccountError, PasswordHasher, SessionGuard};
use crate::notification::AccountMail;
use crate::retry::retrying;

/// New passwords for those who forgot theirs.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordResetService: Send + Sync {
    /// Mails a link that sets a new password, in place of any before. For an address that nobody
    /// has, nothing is mailed; the answer, and the time it takes, are the same.
    async fn forgot(
        &self,
        email: &Email,
        from: Option<IpAddr>,
        language: Language,
    ) -> Result<(), AccountError>;

    /// Whether a link still works.
    async fn is_good(&self, key: &SecretString) -> Result<bool, AccountError>;

    /// Sets the password, once for each link, and ends every session. Whoever does has read the
    /// mail: the address is proved.
    async fn reset(
        &self,
        key: &SecretString,
        password: &SecretString,
        language: Language,
    ) -> Result<(), AccountError>;
}

/// [`PasswordResetService`] over the repositories.
pub struct DefaultPasswordResetService {
    /// Links.
    pub links: Arc<dyn AccountLinkRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Links and mails.
    pub mails: Arc<Correspondence>,
    /// Who is told when sessions end.
    pub guard: Arc<SessionGuard>,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultPasswordResetService {
    /// Stores a link and a mail: for nobody, where the address is nobody's.
    async fn store(&self, email: &Email, language: Language) -> Result<(), RepositoryError> {
        let unit = self.units.begin().await?;
        let identifier = Identifier::Email(email.clone());
        let holder = unit.users().find_by_identifier(&identifier).await?;
        let holder = holder.map(|holder| holder.user);
        // Asked for nobody's as well: it takes the same time.
        let asked = holder
            .as_ref()
            .map_or_else(|| self.ids.next(), |one| one.id);
        let identities = unit.identities().list(asked).await?;
        let owner = holder.filter(|holder| may_reset(holder, &identities));
        let link = NewLink::new(self.clock.now())?;
        let stored = AccountLink {
            user_id: match &owner {
                Some(owner) => owner.id,
                None => self.ids.next(),
            },
            purpose: LinkPurpose::Password,
            email: email.clone(),
            hash: link.hash.clone(),
            created_at: link.created_at,
            expires_at: link.expires_at,
        };
        unit.account_links().replace(&stored).await?;
        let mail = AccountMail::ResetPassword {
            link: self.mails.password_page(&link),
        };
        let language = owner
            .as_ref()
            .map_or(language, |owner| language_for(owner, language));
        let outgoing = Outgoing {
            to: email,
            mail,
            language,
            owner: owner.as_ref().map(|owner| owner.id),
            expires_at: Some(link.expires_at),
        };
        let is_blank = owner.is_none();
        self.mails.put(unit.as_ref(), outgoing, is_blank).await?;
        unit.commit().await
    }

    /// Spends the link and sets the password; whose it is.
    async fn set(
        &self,
        hash: &LinkHash,
        password_hash: &str,
        language: Language,
    ) -> Result<UserId, AccountError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        let links = unit.account_links();
        let link = links.take(hash, LinkPurpose::Password, now).await?;
        let link = link.ok_or(AccountError::LinkNotFound)?;
        let id = link.user_id;
        let held = unit.users().hold(id).await?;
        // The address may have gone to somebody else since.
        let held = held
            .filter(|held| held.user.email.as_ref().map(Email::key) == Some(link.email.key()))
            .ok_or(AccountError::LinkNotFound)?;
        let identities = unit.identities().list(id).await?;
        if !may_reset(&held.user, &identities) {
            return Err(AccountError::LinkNotFound);
        }
        let users = unit.users();
        let current = held.password_hash;
        if !users
            .replace_password_hash(id, current, password_hash, now)
            .await?
        {
            return Err(RepositoryError::Contention.into());
        }
        let mut owner = held.user;
        if proved(&owner).is_none() {
            users.prove_email(id, &link.email, now).await?;
            owner.email_verified_at = Some(now);
            unit.sign_up_requests().withdraw(&link.email).await?;
        }
        unit.sessions().end_all(id, None).await?;
        // Also a change of the address that somebody else may have asked for.
        links.remove_all(id).await?;
        self.mails
            .tell_of_new_password(unit.as_ref(), &owner, language)
            .await?;
        unit.commit().await?;
        Ok(id)
    }
}

/// Whether an address is enough to set a new password: it was proved, or there is nothing else the
/// account could be known by. An address that somebody with a phone number, a user name or a
/// linked identity only claims may be a stranger's, who must not get their account.
fn may_reset(user: &User, identities: &[Identity]) -> bool {
    let is_active = match user.status {
        UserStatus::Active => true,
        UserStatus::Blocked => false,
    };
    is_active && (proved(user).is_some() || !is_known_without_email(user, identities))
}

#[async_trait]
impl PasswordResetService for DefaultPasswordResetService {
    #[instrument(skip_all)]
    async fn forgot(
        &self,
        email: &Email,
        from: Option<IpAddr>,
        language: Language,
    ) -> Result<(), AccountError> {
        self.mails.take(email, from).await?;
        retrying(|| self.store(email, language)).await?;
        self.mails.ring();
        info!("a new password was asked for");
        Ok(())
    }

    async fn is_good(&self, key: &SecretString) -> Result<bool, AccountError> {
        let Some(hash) = hash_of(key) else {
            return Ok(false);
        };
        let now = self.clock.now();
        let found = self.links.find(&hash, LinkPurpose::Password, now).await?;
        Ok(found.is_some())
    }

    #[instrument(skip_all)]
    async fn reset(
        &self,
        key: &SecretString,
        password: &SecretString,
        language: Language,
    ) -> Result<(), AccountError> {
        let password = NewPassword::parse(password).map_err(AccountError::Password)?;
        let hash = hash_of(key).ok_or(AccountError::LinkNotFound)?;
        // Nobody makes us hash without a link.
        if !self.is_good(key).await? {
            return Err(AccountError::LinkNotFound);
        }
        let password_hash = self.hasher.place().await?.hash(password.secret()).await?;
        let owner = retrying(|| self.set(&hash, &password_hash, language)).await?;
        self.guard.user_changed(owner).await;
        self.mails.ring();
        info!(user_id = %owner, "a forgotten password was replaced");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
