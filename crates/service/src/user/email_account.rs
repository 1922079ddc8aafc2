//! Accounts by e-mail: asked for, proved by a link, and only then there.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use domain::notification::Language;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{
    AccountLink, Email, Identifier, LinkHash, LinkPurpose, Name, NewPassword, NewUser, Platform,
    SignUpRequest, User, UserId, UserRepository,
};
use domain::{Clock, IdGenerator, RepositoryError};
use secrecy::SecretString;
use tracing::{info, instrument};

use super::claim::{Claim, end_claim};
use super::correspondence::{Correspondence, NewLink, Outgoing, hash_of, language_for, proved};
use super::email_address::EmailAddresses;
use super::{
    AccountError, AccountService, Admission, Admitted, Arrival, PasswordHasher, SessionGuard,
    SignUp,
};
use crate::notification::AccountMail;
use crate::retry::retrying;

/// An account that is asked for.
#[derive(Clone, Debug)]
pub struct Registration {
    /// What friends type.
    pub name: Name,
    /// The address that has to be proved.
    pub email: Email,
    /// The password.
    pub password: SecretString,
}

/// What opening a link did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There is an account now.
    AccountMade(UserId),
    /// An account has this address now.
    AddressProved(UserId),
}

/// Accounts by e-mail.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait EmailAccountService: Send + Sync {
    /// Mails a link that makes the account, in place of any mailed before. An address that is
    /// taken gets another mail; the answer, and the time it takes, are the same.
    async fn register(
        &self,
        asked: Registration,
        from: Option<IpAddr>,
        language: Language,
    ) -> Result<(), AccountError>;

    /// Makes the account that a mailed link stands for, once. A link that proves an address is left
    /// as it is: programs that look at mails before people do open links, too.
    async fn make_account(&self, key: &SecretString) -> Result<UserId, AccountError>;

    /// Does what a mailed link is for, once: makes the account, or makes the address an account's
    /// own. Whoever claimed the address without proving it loses it.
    async fn open_link(
        &self,
        key: &SecretString,
        language: Language,
    ) -> Result<Opened, AccountError>;

    /// Makes an account at once, whose address is only a claim, mails a link that proves it, and
    /// lets its owner in.
    async fn enter(
        &self,
        sign_up: SignUp,
        arrival: Arrival,
        language: Language,
    ) -> Result<Admitted, AccountError>;
}

/// [`EmailAccountService`] over the repositories.
pub struct DefaultEmailAccountService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Makes accounts that are there at once.
    pub accounts: Arc<dyn AccountService>,
    /// Opens sessions.
    pub admission: Arc<Admission>,
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

/// Names made up for one account until one is free.
const NAME_ATTEMPTS: usize = 5;

impl DefaultEmailAccountService {
    async fn ask(&self, asked: &Registration, language: Language) -> Result<(), AccountError> {
        let password = NewPassword::parse(&asked.password).map_err(AccountError::Password)?;
        // Before the costly hashing, and whatever becomes of the address: names are no secret.
        let place = self.hasher.place().await?;
        if self.users.find_by_name(&asked.name).await?.is_some() {
            return Err(AccountError::NameTaken);
        }
        let password_hash = place.hash(password.secret()).await?;
        drop(place);
        let link = NewLink::new(self.clock.now())?;
        let request = SignUpRequest {
            email: asked.email.clone(),
            name: asked.name.clone(),
            password_hash,
            hash: link.hash.clone(),
            created_at: link.created_at,
            expires_at: link.expires_at,
        };
        retrying(|| self.store(&request, &link, language)).await?;
        Ok(())
    }

    /// Stores the request and a mail. For an address that is taken, the request has a key that
    /// nobody is told, so that the same is done in the same time.
    async fn store(
        &self,
        request: &SignUpRequest,
        link: &NewLink,
        language: Language,
    ) -> Result<(), RepositoryError> {
        let unit = self.units.begin().await?;
        let identifier = Identifier::Email(request.email.clone());
        let holder = unit.users().find_by_identifier(&identifier).await?;
        let holder = holder.filter(|holder| proved(&holder.user).is_some());
        let language = holder
            .as_ref()
            .map_or(language, |holder| language_for(&holder.user, language));
        let is_taken = holder.is_some();
        unit.sign_up_requests().replace(request).await?;
        let link = self.mails.confirmation(link);
        let sign_in = self.mails.sign_in_page();
        let mail = if is_taken {
            AccountMail::AlreadyRegistered { sign_in }
        } else {
            AccountMail::ConfirmSignUp { link }
        };
        let outgoing = Outgoing {
            to: &request.email,
            mail,
            language,
            owner: None,
            expires_at: Some(request.expires_at),
        };
        self.mails.write(unit.as_ref(), outgoing).await?;
        unit.commit().await
    }

    /// Makes the account that a link stands for, under the name asked for or a made-up one.
    /// `None` where the link stands for none, or somebody else proved the address meanwhile.
    async fn make(
        &self,
        hash: &LinkHash,
        made_up: bool,
    ) -> Result<Option<(UserId, Claim)>, RepositoryError> {
        let now = self.clock.now();
        let unit = self.units.begin().await?;
        let Some(request) = unit.sign_up_requests().take(hash, now).await? else {
            return Ok(None);
        };
        let claim = end_claim(unit.as_ref(), &request.email, None, now).await?;
        if claim == Claim::Proved {
            return Ok(None);
        }
        let id: UserId = self.ids.next();
        let name = if made_up {
            Name::made_up(id)
        } else {
            request.name
        };
        let user = User {
            email: Some(request.email),
            email_verified_at: Some(now),
            platform: Platform::Email,
            ..User::new(id, name, now)
        };
        let password_hash = Some(request.password_hash);
        let new = NewUser {
            user,
            password_hash,
        };
        unit.users().insert(&new).await?;
        unit.commit().await?;
        Ok(Some((id, claim)))
    }

    /// As [`Self::make`], under a made-up name where the one asked for was taken meanwhile.
    async fn make_named(&self, hash: &LinkHash) -> Result<Option<UserId>, RepositoryError> {
        let mut made_up = false;
        for _ in 0..NAME_ATTEMPTS {
            match retrying(|| self.make(hash, made_up)).await {
                Ok(None) => return Ok(None),
                Ok(Some((made, claim))) => {
                    if let Claim::Ended(loser) = claim {
                        self.guard.user_changed(loser).await;
                    }
                    return Ok(Some(made));
                }
                // The name, or the address in this very moment: the next look tells the latter.
                Err(RepositoryError::Conflict) => made_up = true,
                Err(error) => return Err(error),
            }
        }
        Err(RepositoryError::Contention)
    }

    /// What of a sign-up belongs to somebody else: the address, or the number.
    async fn taken(&self, email: Option<Email>) -> Result<AccountError, RepositoryError> {
        let Some(email) = email else {
            return Ok(AccountError::UserAlreadyExists);
        };
        let identifier = Identifier::Email(email);
        Ok(match self.users.find_by_identifier(&identifier).await? {
            Some(_) => AccountError::EmailTaken,
            None => AccountError::UserAlreadyExists,
        })
    }

    /// Opens the first session of an account just made, and mails the link that proves its
    /// address.
    async fn open_first(
        &self,
        user: &User,
        arrival: &Arrival,
        language: Language,
        is_told: bool,
    ) -> Result<Admitted, RepositoryError> {
        let unit = self.units.begin().await?;
        unit.users().hold(user.id).await?;
        if let Some(email) = user.email.as_ref().filter(|_| is_told) {
            let link = NewLink::new(self.clock.now())?;
            let stored = AccountLink {
                user_id: user.id,
                purpose: LinkPurpose::Email,
                email: email.clone(),
                hash: link.hash.clone(),
                created_at: link.created_at,
                expires_at: link.expires_at,
            };
            unit.account_links().replace(&stored).await?;
            let mail = AccountMail::ConfirmAddress {
                link: self.mails.confirmation(&link),
            };
            let outgoing = Outgoing {
                to: email,
                mail,
                language: language_for(user, language),
                owner: Some(user.id),
                expires_at: Some(link.expires_at),
            };
            self.mails.write(unit.as_ref(), outgoing).await?;
        }
        let opened = self.admission.open(unit.as_ref(), user.id, arrival).await?;
        unit.commit().await?;
        Ok(opened)
    }
}

#[async_trait]
impl EmailAccountService for DefaultEmailAccountService {
    #[instrument(skip_all)]
    async fn register(
        &self,
        asked: Registration,
        from: Option<IpAddr>,
        language: Language,
    ) -> Result<(), AccountError> {
        self.mails.take(&asked.email, from).await?;
        match self.ask(&asked, language).await {
            Ok(()) => {
                self.mails.ring();
                info!("an account was asked for");
                Ok(())
            }
            Err(error) => {
                self.mails.give_back(&asked.email, from).await;
                Err(error)
            }
        }
    }

    #[instrument(skip_all)]
    async fn make_account(&self, key: &SecretString) -> Result<UserId, AccountError> {
        let hash = hash_of(key).ok_or(AccountError::LinkNotFound)?;
        let made = self.make_named(&hash).await?;
        let user_id = made.ok_or(AccountError::LinkNotFound)?;
        info!(%user_id, "signed up");
        Ok(user_id)
    }

    #[instrument(skip_all)]
    async fn open_link(
        &self,
        key: &SecretString,
        language: Language,
    ) -> Result<Opened, AccountError> {
        let hash = hash_of(key).ok_or(AccountError::LinkNotFound)?;
        match self.make_account(key).await {
            Ok(user_id) => return Ok(Opened::AccountMade(user_id)),
            Err(AccountError::LinkNotFound) => {}
            Err(error) => return Err(error),
        }
        let addresses = EmailAddresses {
            units: self.units.as_ref(),
            mails: &self.mails,
            guard: &self.guard,
        };
        let user_id = addresses.prove(&hash, self.clock.now(), language).await?;
        Ok(Opened::AddressProved(user_id))
    }

    #[instrument(skip_all)]
    async fn enter(
        &self,
        sign_up: SignUp,
        arrival: Arrival,
        language: Language,
    ) -> Result<Admitted, AccountError> {
        let from = arrival.device.ip;
        let asked = sign_up.email.clone();
        let user = match self.accounts.sign_up(sign_up, from).await {
            Err(AccountError::UserAlreadyExists) => return Err(self.taken(asked).await?),
            outcome => outcome?,
        };
        // An account is not refused because its address had its share of mails.
        let is_told = match &user.email {
            Some(email) => self.mails.take(email, from).await.is_ok(),
            None => false,
        };
        let admitted = retrying(|| self.open_first(&user, &arrival, language, is_told)).await?;
        self.admission.opened(&admitted, &arrival).await;
        self.mails.ring();
        Ok(admitted)
    }
}

#[cfg(test)]
mod tests;
