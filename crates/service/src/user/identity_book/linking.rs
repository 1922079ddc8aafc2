//! Linking identities to accounts, and what happens when one goes.

use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::{Credentials, Identity, Provider, Subject, UserId, Vouched};
use tracing::info;

use super::{IdentityBook, must_be_ours, raced};
use crate::retry::retrying;
use crate::user::ways_in::opens_without_identity;
use crate::user::{AccountError, IdentityError};

impl IdentityBook {
    /// Links an identity to an account whose owner confirmed it with the password of this hash (or, as
    /// the account has none, by a fresh sign-in); whether it was not linked before.
    pub(in crate::user) async fn link(
        &self,
        owner: UserId,
        provider: Provider,
        vouched: &Vouched,
        proved: Option<&str>,
    ) -> Result<(Identity, bool), IdentityError> {
        self.link_as(owner, provider, vouched, Some(proved)).await
    }

    /// As [`link`](Self::link), for an owner who confirmed it before they went to the provider, in a
    /// session that still lives.
    pub(in crate::user) async fn link_confirmed(
        &self,
        owner: UserId,
        provider: Provider,
        vouched: &Vouched,
    ) -> Result<(Identity, bool), IdentityError> {
        self.link_as(owner, provider, vouched, None).await
    }

    async fn link_as(
        &self,
        owner: UserId,
        provider: Provider,
        vouched: &Vouched,
        proved: Option<Option<&str>>,
    ) -> Result<(Identity, bool), IdentityError> {
        let linked = retrying(|| self.try_link(owner, provider, vouched, proved)).await?;
        let (identity, is_new, ousted) = linked;
        self.tell(ousted).await;
        info!(user_id = %owner, provider = provider.as_str(), "identity linked");
        Ok((identity, is_new))
    }

    async fn try_link(
        &self,
        owner: UserId,
        provider: Provider,
        vouched: &Vouched,
        proved: Option<Option<&str>>,
    ) -> Result<(Identity, bool, Option<UserId>), IdentityError> {
        let unit = self.units.begin().await?;
        let now = self.clock.now();
        let held = hold_proved(unit.as_ref(), owner, proved).await?;
        let subject = &vouched.profile.subject;
        let found = unit.identities().find_by_subject(provider, subject).await?;
        let is_new = found.as_ref().is_none_or(|identity| !identity.is_linked());
        let identity = match found {
            Some(identity) if identity.user_id != owner => return Err(IdentityError::Taken),
            Some(identity) => Identity {
                last_used_at: now,
                unlinked_at: None,
                ..identity
            },
            None => {
                must_be_ours(vouched)?;
                self.make_room(unit.as_ref(), owner, provider).await?;
                let identity = self.identity(owner, provider, vouched, now);
                unit.identities().insert(&identity).await.map_err(raced)?;
                identity
            }
        };
        let user = self.fill(unit.as_ref(), held.user, vouched).await?;
        self.note(unit.as_ref(), identity.id, vouched).await?;
        let adopted = self.adopt(unit.as_ref(), &user, vouched).await?;
        unit.commit().await?;
        Ok((identity, is_new, adopted.ousted))
    }

    /// Makes sure that no other identity of the provider is linked; one that was cut off makes room.
    async fn make_room(
        &self,
        unit: &dyn UnitOfWork,
        owner: UserId,
        provider: Provider,
    ) -> Result<(), IdentityError> {
        let all = unit.identities().list(owner).await?;
        match all.iter().find(|one| one.provider == provider) {
            Some(one) if one.is_linked() => Err(IdentityError::AlreadyLinked),
            Some(_) => {
                unit.identities().remove(owner, provider).await?;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Unlinks an identity, unless nobody could sign in to the account any more.
    pub(in crate::user) async fn unlink(
        &self,
        owner: UserId,
        provider: Provider,
        proved: Option<&str>,
    ) -> Result<(), IdentityError> {
        retrying(|| self.try_unlink(owner, provider, proved)).await?;
        info!(user_id = %owner, provider = provider.as_str(), "identity unlinked");
        Ok(())
    }

    async fn try_unlink(
        &self,
        owner: UserId,
        provider: Provider,
        proved: Option<&str>,
    ) -> Result<(), IdentityError> {
        let unit = self.units.begin().await?;
        let held = hold_proved(unit.as_ref(), owner, Some(proved)).await?;
        let all = unit.identities().list(owner).await?;
        let is_it = |one: &Identity| one.provider == provider && one.is_linked();
        if !all.iter().any(is_it) {
            return Err(IdentityError::NotFound);
        }
        if !opens_without_identity(&held, &all, provider) {
            return Err(IdentityError::LastWayIn);
        }
        unit.identities().remove(owner, provider).await?;
        Ok(unit.commit().await?)
    }

    /// Follows an unlinking that happened at the provider: the tokens are worthless. Where it was the
    /// last way in, every session ends, and the identity stays, so that whoever comes back by it
    /// finds their account and no empty one; otherwise it goes.
    pub(in crate::user) async fn cut_off(
        &self,
        owner: UserId,
        provider: Provider,
        subject: &Subject,
    ) -> Result<(), RepositoryError> {
        if retrying(|| self.try_cut_off(owner, provider, subject)).await? {
            self.guard.user_changed(owner).await;
        }
        info!(user_id = %owner, provider = provider.as_str(), "identity unlinked at the provider");
        Ok(())
    }

    /// Whether sessions ended.
    async fn try_cut_off(
        &self,
        owner: UserId,
        provider: Provider,
        subject: &Subject,
    ) -> Result<bool, RepositoryError> {
        let unit = self.units.begin().await?;
        let Some(held) = unit.users().hold(owner).await? else {
            return Ok(false);
        };
        let all = unit.identities().list(owner).await?;
        let is_it = |one: &&Identity| one.provider == provider && one.subject == *subject;
        let Some(identity) = all.iter().find(is_it) else {
            return Ok(false);
        };
        let was_last = !opens_without_identity(&held, &all, provider);
        if was_last {
            let now = self.clock.now();
            unit.identities().cut_off(identity.id, now).await?;
            unit.sessions().end_all(owner, None).await?;
        } else {
            unit.identities().remove(owner, provider).await?;
        }
        unit.commit().await?;
        Ok(was_last)
    }
}

/// The account, held, if its password (or that it has none) is still what was proved.
async fn hold_proved(
    unit: &dyn UnitOfWork,
    owner: UserId,
    proved: Option<Option<&str>>,
) -> Result<Credentials, AccountError> {
    let held = unit.users().hold(owner).await?;
    let held = held.ok_or(AccountError::Gone)?;
    if proved.is_none_or(|proved| held.password_hash.as_deref() == proved) {
        Ok(held)
    } else {
        Err(AccountError::ConfirmationRequired)
    }
}
