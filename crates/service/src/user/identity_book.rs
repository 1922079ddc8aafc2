//! Which account a provider's word opens: the transactions behind signing in and, in `linking`,
//! behind linking and unlinking.

mod linking;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{
    Identifier, Identity, IdentityId, IdentityUse, Name, NewUser, PhoneNumber, Provider,
    SocialError, User, UserChange, UserId, UserStatus, Vouched,
};
use domain::{Clock, IdGenerator, RepositoryError};
use tracing::info;

use super::claim::{Claim, claim_email};
use super::{Admission, Admitted, Arrival, SessionGuard, SocialLoginError, TokenVault};
use crate::retry::retrying;

/// Somebody whom a provider let in.
#[derive(Clone, Debug)]
pub struct SocialAdmitted {
    /// What they show from now on.
    pub admitted: Admitted,
    /// Whether the account was made for them just now.
    pub is_new: bool,
    /// Whether their birthday is not known yet.
    pub needs_consent: bool,
    /// Whether the address the provider proved belongs to another account, which they may sign in to
    /// and link. It is never done for them: who owns an address need not own an account.
    pub email_elsewhere: bool,
}

/// Opens, links and unlinks.
pub struct IdentityBook {
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Opens sessions.
    pub admission: Arc<Admission>,
    /// Who is told when sessions end.
    pub guard: Arc<SessionGuard>,
    /// Providers' tokens.
    pub vault: TokenVault,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What became of the address that came along.
#[derive(Default)]
struct Adopted {
    elsewhere: bool,
    ousted: Option<UserId>,
}

impl IdentityBook {
    /// Lets somebody in whom a provider vouches for; makes an account for who has none.
    pub(super) async fn admit(
        &self,
        provider: Provider,
        vouched: &Vouched,
        arrival: &Arrival,
    ) -> Result<SocialAdmitted, SocialLoginError> {
        let (social, ousted) = retrying(|| self.try_admit(provider, vouched, arrival)).await?;
        self.tell(ousted).await;
        self.admission.opened(&social.admitted, arrival).await;
        if social.is_new {
            info!(user_id = %social.admitted.pair.user_id, provider = provider.as_str(), "signed up");
        }
        Ok(social)
    }

    async fn try_admit(
        &self,
        provider: Provider,
        vouched: &Vouched,
        arrival: &Arrival,
    ) -> Result<(SocialAdmitted, Option<UserId>), SocialLoginError> {
        let unit = self.units.begin().await?;
        let subject = &vouched.profile.subject;
        let found = unit.identities().find_by_subject(provider, subject).await?;
        let is_new = found.is_none();
        let (identity, user) = match found {
            Some(identity) => {
                let held = unit.users().hold(identity.user_id).await?;
                // Gone since we looked: look again.
                let user = held.ok_or(RepositoryError::Contention)?.user;
                if user.status == UserStatus::Blocked {
                    return Err(SocialLoginError::Blocked);
                }
                (identity.id, self.fill(unit.as_ref(), user, vouched).await?)
            }
            None => self.make(unit.as_ref(), provider, vouched).await?,
        };
        self.note(unit.as_ref(), identity, vouched).await?;
        let adopted = self.adopt(unit.as_ref(), &user, vouched).await?;
        let opened = self.admission.open(unit.as_ref(), user.id, arrival);
        let admitted = opened.await?;
        unit.commit().await?;
        Ok((
            SocialAdmitted {
                admitted,
                is_new,
                needs_consent: user.needs_consent(),
                email_elsewhere: adopted.elsewhere,
            },
            adopted.ousted,
        ))
    }

    /// Makes an account for somebody who has none.
    async fn make(
        &self,
        unit: &dyn UnitOfWork,
        provider: Provider,
        vouched: &Vouched,
    ) -> Result<(IdentityId, User), SocialLoginError> {
        must_be_ours(vouched)?;
        let (profile, now) = (&vouched.profile, self.clock.now());
        let id: UserId = self.ids.next();
        let user = User {
            phone_number: self.free_number(unit, vouched).await?,
            profile_img: profile.image.clone(),
            nickname: profile.nickname.clone(),
            birthday: profile.birthday,
            gender: profile.gender,
            locale: profile.locale.clone(),
            platform: provider.platform(),
            ..User::new(id, Name::made_up(id), now)
        };
        let new = NewUser {
            user,
            password_hash: None,
        };
        unit.users().insert(&new).await.map_err(raced)?;
        let identity = self.identity(id, provider, vouched, now);
        let stored = unit.identities().insert(&identity).await;
        stored.map_err(raced)?;
        Ok((identity.id, new.user))
    }

    fn identity(
        &self,
        owner: UserId,
        provider: Provider,
        vouched: &Vouched,
        now: DateTime<Utc>,
    ) -> Identity {
        Identity {
            id: self.ids.next(),
            user_id: owner,
            provider,
            subject: vouched.profile.subject.clone(),
            email: vouched.profile.email.clone(),
            email_verified: vouched.profile.email_verified,
            created_at: now,
            last_used_at: now,
            unlinked_at: None,
        }
    }

    /// The number that came along, unless somebody signs in with it.
    async fn free_number(
        &self,
        unit: &dyn UnitOfWork,
        vouched: &Vouched,
    ) -> Result<Option<PhoneNumber>, RepositoryError> {
        let Some(number) = vouched.profile.phone_number.clone() else {
            return Ok(None);
        };
        let named = Identifier::Phone(number.clone());
        let holder = unit.users().find_by_identifier(&named).await?;
        Ok(holder.is_none().then_some(number))
    }

    /// Adds what the account does not know yet and the provider does.
    async fn fill(
        &self,
        unit: &dyn UnitOfWork,
        user: User,
        vouched: &Vouched,
    ) -> Result<User, RepositoryError> {
        let profile = &vouched.profile;
        let number = match &user.phone_number {
            None => self.free_number(unit, vouched).await?,
            Some(_) => None,
        };
        let change = UserChange {
            birthday: profile.birthday.filter(|_| user.birthday.is_none()),
            gender: profile.gender.filter(|_| user.gender.is_none()),
            phone_number: number,
            ..UserChange::default()
        };
        if change == UserChange::default() {
            return Ok(user);
        }
        let changed = unit.users().update(user.id, &change, self.clock.now());
        changed
            .await
            .map_err(raced)?
            .ok_or(RepositoryError::Contention)
    }

    /// Notes that the identity was used, and keeps the tokens that came along.
    async fn note(
        &self,
        unit: &dyn UnitOfWork,
        identity: IdentityId,
        vouched: &Vouched,
    ) -> Result<(), RepositoryError> {
        let tokens = vouched.tokens.as_ref();
        let tokens = tokens.map(|tokens| self.vault.seal(identity, tokens));
        let seen = IdentityUse {
            email: vouched.profile.email.clone(),
            email_verified: vouched.profile.email_verified,
            tokens: tokens.transpose()?,
            at: self.clock.now(),
        };
        // Unlinked since we looked: look again.
        let noted = unit.identities().used(identity, &seen).await?;
        noted.then_some(()).ok_or(RepositoryError::Contention)
    }

    /// Gives the account the address that the provider proved, if it has none, or proves its own.
    async fn adopt(
        &self,
        unit: &dyn UnitOfWork,
        user: &User,
        vouched: &Vouched,
    ) -> Result<Adopted, RepositoryError> {
        let Some(proved) = vouched.profile.proved_email() else {
            return Ok(Adopted::default());
        };
        let is_wanted = match &user.email {
            None => true,
            Some(own) => own.key() == proved.key() && user.email_verified_at.is_none(),
        };
        if !is_wanted {
            return Ok(Adopted::default());
        }
        let claim = claim_email(unit, user.id, proved, self.clock.now()).await?;
        Ok(Adopted {
            elsewhere: claim == Claim::Proved,
            ousted: match claim {
                Claim::Ended(ousted) => Some(ousted),
                Claim::None | Claim::Proved => None,
            },
        })
    }

    async fn tell(&self, ousted: Option<UserId>) {
        if let Some(ousted) = ousted {
            info!(user_id = %ousted, "an address was proved by its owner: the claim to it ended");
            self.guard.user_changed(ousted).await;
        }
    }
}

/// A new identity may only be made of what was surely shown to us.
fn must_be_ours(vouched: &Vouched) -> Result<(), SocialError> {
    let foreign = SocialError::Token("it may have been made for another app");
    vouched.to_us.then_some(()).ok_or(foreign)
}

/// What was free when we looked was taken since: look again.
fn raced(error: RepositoryError) -> RepositoryError {
    match error {
        RepositoryError::Conflict => RepositoryError::Contention,
        other => other,
    }
}

#[cfg(test)]
mod tests;
