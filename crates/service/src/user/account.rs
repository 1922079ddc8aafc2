//! Making an account, changing it, leaving.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::notification::Language;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{
    Email, Identifier, Name, NewPassword, NewUser, PhoneNumber, Standing, User, UserChange, UserId,
    UserRepository, Username,
};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::SecretString;
use tracing::{info, instrument};

use super::session::address_key;
use super::{
    AccountError, Confirmation, Correspondence, PasswordHasher, PersonalData, Principal,
    SessionGuard,
};
use crate::persona::MediaAddresses;
use crate::retry::retrying;
use crate::throttle::Throttle;

/// What somebody says of themselves when they sign up.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// A mobile number to sign in with.
    pub phone_number: Option<PhoneNumber>,
    /// An e-mail address to sign in with.
    pub email: Option<Email>,
    /// A user name to sign in with.
    pub username: Option<Username>,
    /// The name friends type; a free one is made where none is asked for.
    pub name: Option<Name>,
    /// The password.
    pub password: SecretString,
}

/// One's own account.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AccountService: Send + Sync {
    /// Makes an account.
    async fn sign_up(&self, sign_up: SignUp, from: Option<IpAddr>) -> Result<User, AccountError>;

    /// The account with this id.
    async fn find(&self, id: UserId) -> Result<User, AccountError>;

    /// Changes what the owner may change.
    async fn update(&self, id: UserId, change: &UserChange) -> Result<User, AccountError>;

    /// Replaces the password, ends every other session, and tells the owner by mail.
    async fn change_password(
        &self,
        principal: Principal,
        current: Option<SecretString>,
        new: &SecretString,
        language: Language,
    ) -> Result<(), AccountError>;

    /// Removes the account and everything its owner has, after the password (or, where there
    /// is none, a sign-in within the last five minutes) proved that they mean it.
    async fn delete(
        &self,
        principal: Principal,
        password: Option<SecretString>,
    ) -> Result<(), AccountError>;

    /// Changes what a person may do, on their living sessions too: for operators. Nobody else is
    /// asked.
    async fn set_standing(&self, id: UserId, standing: Standing) -> Result<(), AccountError>;

    /// Up to `limit` accounts with ids above `after`, oldest first: for operators.
    async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, AccountError>;
}

/// [`AccountService`] over the repositories.
pub struct DefaultAccountService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Who is told when sessions end.
    pub guard: Arc<SessionGuard>,
    /// What the domains keep of a person.
    pub personal: Vec<Arc<dyn PersonalData>>,
    /// Where stored pictures are.
    pub addresses: Arc<MediaAddresses>,
    /// Links and mails.
    pub mails: Arc<Correspondence>,
    /// Sign-ups for taken identifiers, by address: each tells that somebody has an account.
    pub conflicts: Arc<Throttle>,
    /// Asks for the password once more.
    pub confirmation: Arc<Confirmation>,
    /// New ids.
    pub ids: Arc<IdGenerator>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Names made up for one account until one is free.
const NAME_ATTEMPTS: usize = 5;

impl DefaultAccountService {
    /// Whether one of the identifiers belongs to an account.
    async fn is_taken(&self, identifiers: &[Identifier]) -> Result<bool, RepositoryError> {
        for identifier in identifiers {
            if self.users.find_by_identifier(identifier).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Fails where the account can be seen to be impossible, before the costly hashing.
    async fn refuse_taken(
        &self,
        identifiers: &[Identifier],
        name: Option<&Name>,
    ) -> Result<(), AccountError> {
        if self.is_taken(identifiers).await? {
            return Err(AccountError::UserAlreadyExists);
        }
        match name {
            Some(name) if self.users.find_by_name(name).await?.is_some() => {
                Err(AccountError::NameTaken)
            }
            _ => Ok(()),
        }
    }

    /// What of a change belongs to somebody else. The engine does not say: look.
    async fn taken(
        &self,
        id: UserId,
        change: &UserChange,
    ) -> Result<AccountError, RepositoryError> {
        if let Some(number) = &change.phone_number {
            let number = Identifier::Phone(number.clone());
            let holder = self.users.find_by_identifier(&number).await?;
            if holder.is_some_and(|holder| holder.user.id != id) {
                return Ok(AccountError::UserAlreadyExists);
            }
        }
        Ok(AccountError::NameTaken)
    }

    async fn make(
        &self,
        user: User,
        identifiers: &[Identifier],
        asked: Option<&Name>,
        password: &NewPassword,
    ) -> Result<User, AccountError> {
        // Looked at once it is our turn to hash: of many at once, all but the first are spared.
        let place = self.hasher.place().await?;
        self.refuse_taken(identifiers, asked).await?;
        let password_hash = Some(place.hash(password.secret()).await?);
        self.insert(
            NewUser {
                user,
                password_hash,
            },
            identifiers,
            asked.is_some(),
        )
        .await
    }

    /// Stores the account under the name asked for, or under the first free one made up.
    async fn insert(
        &self,
        mut new: NewUser,
        identifiers: &[Identifier],
        asked: bool,
    ) -> Result<User, AccountError> {
        for _ in 0..NAME_ATTEMPTS {
            match self.users.insert(&new).await {
                Ok(()) => return Ok(new.user),
                Err(RepositoryError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
            // The engine does not say which rule was broken: look.
            if self.is_taken(identifiers).await? {
                return Err(AccountError::UserAlreadyExists);
            }
            if asked {
                return Err(AccountError::NameTaken);
            }
            new.user.name = Name::made_up(self.ids.next());
        }
        Err(AccountError::NameTaken)
    }

    /// Replaces the password's hash if it is still the one that was proved, and ends every other
    /// session, in one transaction.
    async fn replace_password(
        &self,
        principal: Principal,
        proved: Option<String>,
        new: &str,
        language: Language,
    ) -> Result<(), AccountError> {
        let owner = principal.user_id;
        let unit = self.units.begin().await?;
        let now = self.clock.now();
        let users = unit.users();
        if !users.replace_password_hash(owner, proved, new, now).await? {
            return Err(AccountError::ConfirmationRequired);
        }
        unit.sessions()
            .end_all(owner, Some(principal.session_id))
            .await?;
        // What somebody else may have asked for meanwhile, too.
        unit.account_links().remove_all(owner).await?;
        if let Some(user) = users.find(owner).await? {
            self.mails
                .tell_of_new_password(unit.as_ref(), &user, language)
                .await?;
        }
        Ok(unit.commit().await?)
    }

    /// Removes the account with all it has, if its password's hash is still the one that was
    /// proved, in one transaction.
    async fn remove_all(&self, owner: UserId, proved: Option<&str>) -> Result<(), AccountError> {
        let unit = self.units.begin().await?;
        // The account first, as wherever a password counts: nobody opens a session meanwhile, and
        // no change of the password waits for us while we wait for it.
        let held = unit.users().hold(owner).await?;
        let held = held.ok_or(AccountError::Gone)?;
        if held.password_hash.as_deref() != proved {
            return Err(AccountError::ConfirmationRequired);
        }
        unit.sessions().end_all(owner, None).await?;
        unit.products().delete_all(owner).await?;
        for part in &self.personal {
            part.remove(unit.as_ref(), owner.into()).await?;
        }
        unit.users().delete(owner).await?;
        Ok(unit.commit().await?)
    }
}

#[async_trait]
impl AccountService for DefaultAccountService {
    #[instrument(skip_all)]
    async fn sign_up(&self, sign_up: SignUp, from: Option<IpAddr>) -> Result<User, AccountError> {
        let password = NewPassword::parse(&sign_up.password).map_err(AccountError::Password)?;
        let id: UserId = self.ids.next();
        let now = self.clock.now();
        // A user name is the best guess at what its owner wants to be called.
        let own = sign_up
            .username
            .as_ref()
            .and_then(|name| Name::parse(name.as_str()).ok());
        let name = sign_up.name.clone().or(own);
        let mut user = User {
            phone_number: sign_up.phone_number,
            email: sign_up.email,
            username: sign_up.username,
            ..User::new(id, name.unwrap_or_else(|| Name::made_up(id)), now)
        };
        let identifiers: Vec<Identifier> = user.identifiers().collect();
        user.platform = User::platform_of(identifiers.first());
        if identifiers.is_empty() {
            return Err(AccountError::NoIdentifier);
        }
        let address = address_key(from);
        let taken = self.conflicts.take(&address).await;
        taken.map_err(AccountError::TooManyTries)?;
        let asked = sign_up.name.as_ref();
        let made = self.make(user, &identifiers, asked, &password).await;
        if !matches!(
            made,
            Err(AccountError::UserAlreadyExists | AccountError::NameTaken)
        ) {
            self.conflicts.give_back(&address).await;
        }
        let user = made?;
        info!(user_id = %user.id, "signed up");
        Ok(user)
    }

    async fn find(&self, id: UserId) -> Result<User, AccountError> {
        let user = self.users.find(id).await?.ok_or(AccountError::Gone)?;
        Ok(self.seen(user))
    }

    async fn update(&self, id: UserId, change: &UserChange) -> Result<User, AccountError> {
        // Who tries one number after the other would learn which of them have an account.
        let guessing = format!("user {id}");
        if change.phone_number.is_some() {
            let taken = self.conflicts.take(&guessing).await;
            taken.map_err(AccountError::TooManyTries)?;
        }
        let updated = match &change.profile_img {
            None => {
                let updating = self.users.update(id, change, self.clock.now());
                updating.await.map_err(AccountError::from)
            }
            Some(picture) => self.update_with(id, change, picture.as_deref()).await,
        };
        let updated = match updated {
            Ok(user) => user.map(|user| self.seen(user)).ok_or(AccountError::Gone),
            Err(AccountError::Repository(RepositoryError::Conflict)) => {
                Err(self.taken(id, change).await?)
            }
            Err(error) => Err(error),
        };
        let was_told = matches!(updated, Err(AccountError::UserAlreadyExists));
        if change.phone_number.is_some() && !was_told {
            self.conflicts.give_back(&guessing).await;
        }
        updated
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id))]
    async fn change_password(
        &self,
        principal: Principal,
        current: Option<SecretString>,
        new: &SecretString,
        language: Language,
    ) -> Result<(), AccountError> {
        let new = NewPassword::parse(new).map_err(AccountError::Password)?;
        let old_hash = self.confirmation.prove(principal, current).await?;
        let new_hash = self.hasher.place().await?.hash(new.secret()).await?;
        retrying(|| self.replace_password(principal, old_hash.clone(), &new_hash, language))
            .await?;
        self.guard.user_changed(principal.user_id).await;
        self.mails.ring();
        info!("password changed");
        Ok(())
    }

    #[instrument(skip_all, fields(user_id = %principal.user_id))]
    async fn delete(
        &self,
        principal: Principal,
        password: Option<SecretString>,
    ) -> Result<(), AccountError> {
        let hash = self.confirmation.prove(principal, password).await?;
        let owner = principal.user_id;
        retrying(|| self.remove_all(owner, hash.as_deref())).await?;
        self.guard.user_changed(owner).await;
        for part in &self.personal {
            part.removed(owner.into());
        }
        info!("account deleted");
        Ok(())
    }

    #[instrument(skip_all, fields(user_id = %id))]
    async fn set_standing(&self, id: UserId, standing: Standing) -> Result<(), AccountError> {
        if !self
            .users
            .set_standing(id, standing, self.clock.now())
            .await?
        {
            return Err(AccountError::Gone);
        }
        self.guard.user_changed(id).await;
        info!(?standing, "an account's standing changed");
        Ok(())
    }

    async fn list(&self, after: Option<UserId>, limit: u64) -> Result<Vec<User>, AccountError> {
        Ok(self.users.list(after, limit).await?)
    }
}

#[cfg(test)]
pub(super) mod tests;
