//! The address of an account that exists: proving it, changing it.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::Language;
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{AccountLink, Credentials, Email, Identifier, LinkHash, LinkPurpose, UserId};
use domain::{Clock, RepositoryError};
use secrecy::SecretString;
use tracing::{info, instrument};

use super::claim::{Claim, claim_email};
use super::correspondence::{Correspondence, NewLink, Outgoing, language_for, proved};
use super::{AccountError, DefaultAccountService, Principal, SessionGuard};
use crate::notification::AccountMail;
use crate::retry::retrying;

/// Somebody signed in who does something about their address.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who they are.
    pub principal: Principal,
    /// Where they ask from.
    pub from: Option<IpAddr>,
    /// The language of the mails.
    pub language: Language,
}

/// The address of an account that exists.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait EmailAddressService: Send + Sync {
    /// Mails a link to another address, which makes it the account's own once it is opened, and
    /// tells the one of before. Needs the password; an account without one a fresh sign-in. An
    /// address that is another's answers like a free one.
    async fn ask_change(
        &self,
        asking: Asking,
        email: &Email,
        password: Option<SecretString>,
    ) -> Result<(), AccountError>;

    /// Mails a link that proves the address the account claims, in place of any before.
    async fn ask_proof(&self, asking: Asking) -> Result<(), AccountError>;
}

/// [`EmailAddressService`] over the repositories.
pub struct DefaultEmailAddressService {
    /// Who makes sure that it is the owner.
    pub accounts: Arc<DefaultAccountService>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Links and mails.
    pub mails: Arc<Correspondence>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl DefaultEmailAddressService {
    /// Stores the link and the mails, if the password is still the one that was proved.
    async fn store_change(
        &self,
        asking: Asking,
        email: &Email,
        proof: Option<&str>,
    ) -> Result<(), AccountError> {
        let unit = self.units.begin().await?;
        let held = unit.users().hold(asking.principal.user_id).await?;
        let held = held.ok_or(AccountError::Gone)?;
        if held.password_hash.as_deref() != proof {
            return Err(AccountError::ConfirmationRequired);
        }
        self.invite(unit.as_ref(), &held, email, asking.language)
            .await?;
        let old = proved(&held.user).filter(|old| old.key() != email.key());
        if let Some(old) = old {
            let mail = AccountMail::AddressChangeAsked {
                forgot: self.mails.forgot_page(),
            };
            let outgoing = Outgoing {
                to: old,
                mail,
                language: language_for(&held.user, asking.language),
                owner: Some(held.user.id),
                expires_at: None,
            };
            self.mails.write(unit.as_ref(), outgoing).await?;
        }
        Ok(unit.commit().await?)
    }

    async fn store_proof(&self, asking: Asking, email: &Email) -> Result<(), AccountError> {
        let unit = self.units.begin().await?;
        let held = unit.users().hold(asking.principal.user_id).await?;
        let held = held.ok_or(AccountError::Gone)?;
        let claimed = unproved(&held)?;
        if claimed != email {
            return Err(RepositoryError::Contention.into());
        }
        self.invite(unit.as_ref(), &held, email, asking.language)
            .await?;
        Ok(unit.commit().await?)
    }

    /// Mails a link to an address. Where that is another's already, the mail says so, and nobody
    /// is told the link's key.
    async fn invite(
        &self,
        unit: &dyn UnitOfWork,
        held: &Credentials,
        email: &Email,
        language: Language,
    ) -> Result<(), RepositoryError> {
        let id = held.user.id;
        let identifier = Identifier::Email(email.clone());
        let holder = unit.users().find_by_identifier(&identifier).await?;
        let holder = holder.filter(|holder| holder.user.id != id);
        let is_taken = holder.is_some_and(|holder| proved(&holder.user).is_some());
        let link = NewLink::new(self.clock.now())?;
        let stored = AccountLink {
            user_id: id,
            purpose: LinkPurpose::Email,
            email: email.clone(),
            hash: link.hash.clone(),
            created_at: link.created_at,
            expires_at: link.expires_at,
        };
        unit.account_links().replace(&stored).await?;
        let mail = if is_taken {
            AccountMail::AddressInUse
        } else {
            AccountMail::ConfirmAddress {
                link: self.mails.confirmation(&link),
            }
        };
        let outgoing = Outgoing {
            to: email,
            mail,
            language: language_for(&held.user, language),
            owner: Some(id),
            expires_at: Some(link.expires_at),
        };
        self.mails.write(unit, outgoing).await
    }
}

/// The address that an account claims and has not proved.
fn unproved(held: &Credentials) -> Result<&Email, AccountError> {
    let email = held.user.email.as_ref();
    let email = email.ok_or(AccountError::EmailMissing)?;
    match held.user.email_verified_at {
        None => Ok(email),
        Some(_) => Err(AccountError::EmailAlreadyVerified),
    }
}

#[async_trait]
impl EmailAddressService for DefaultEmailAddressService {
    #[instrument(skip_all, fields(user_id = %asking.principal.user_id))]
    async fn ask_change(
        &self,
        asking: Asking,
        email: &Email,
        password: Option<SecretString>,
    ) -> Result<(), AccountError> {
        let proof = self
            .accounts
            .confirmation
            .prove(asking.principal, password)
            .await?;
        self.mails.take(email, asking.from).await?;
        retrying(|| self.store_change(asking, email, proof.as_deref())).await?;
        self.mails.ring();
        info!("another address was asked for");
        Ok(())
    }

    #[instrument(skip_all, fields(user_id = %asking.principal.user_id))]
    async fn ask_proof(&self, asking: Asking) -> Result<(), AccountError> {
        let id = asking.principal.user_id;
        let found = self.accounts.users.find_credentials(id).await?;
        let found = found.ok_or(AccountError::Gone)?;
        let email = unproved(&found)?;
        self.mails.take(email, asking.from).await?;
        retrying(|| self.store_proof(asking, email)).await?;
        self.mails.ring();
        info!("a proof of the address was asked for");
        Ok(())
    }
}

/// What opening a link to an address does.
pub(super) struct EmailAddresses<'a> {
    pub(super) units: &'a dyn UnitOfWorkFactory,
    pub(super) mails: &'a Correspondence,
    pub(super) guard: &'a SessionGuard,
}

impl EmailAddresses<'_> {
    /// Makes the address that a link was sent to its account's own.
    pub(super) async fn prove(
        &self,
        hash: &LinkHash,
        now: DateTime<Utc>,
        language: Language,
    ) -> Result<UserId, AccountError> {
        let (owner, claim) = retrying(|| self.make_own(hash, now, language)).await?;
        if let Claim::Ended(loser) = claim {
            self.guard.user_changed(loser).await;
        }
        self.mails.ring();
        info!(user_id = %owner, "an address was proved");
        Ok(owner)
    }

    async fn make_own(
        &self,
        hash: &LinkHash,
        now: DateTime<Utc>,
        language: Language,
    ) -> Result<(UserId, Claim), AccountError> {
        let unit = self.units.begin().await?;
        let links = unit.account_links();
        let link = links.take(hash, LinkPurpose::Email, now).await?;
        let link = link.ok_or(AccountError::LinkNotFound)?;
        let owner = link.user_id;
        let held = unit.users().hold(owner).await?;
        let held = held.ok_or(AccountError::LinkNotFound)?;
        let claim = claim_email(unit.as_ref(), owner, &link.email, now).await?;
        if claim == Claim::Proved {
            return Err(AccountError::LinkNotFound);
        }
        // Nobody else is to be made for this address, and links to the old one are worthless.
        unit.sign_up_requests().withdraw(&link.email).await?;
        links.remove_all(owner).await?;
        let old = proved(&held.user).filter(|old| old.key() != link.email.key());
        let forgot = self.mails.forgot_page();
        let told = old.map(|old| [(old, None), (&link.email, Some(forgot))]);
        for (to, forgot) in told.into_iter().flatten() {
            let mail = AccountMail::AddressChanged { forgot };
            let outgoing = Outgoing {
                to,
                mail,
                language: language_for(&held.user, language),
                owner: Some(owner),
                expires_at: None,
            };
            self.mails.write(unit.as_ref(), outgoing).await?;
        }
        unit.commit().await?;
        Ok((owner, claim))
    }
}
