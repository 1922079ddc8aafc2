//! What the use-cases of addresses and passwords have in common: links, mails, and how often.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::RepositoryError;
use domain::notification::Language;
use domain::unit_of_work::UnitOfWork;
use domain::user::{Email, LinkHash, User, UserId};
use secrecy::{ExposeSecret, SecretString};

use super::AccountError;
use super::access_token::random_text;
use super::session::address_key;
use crate::notification::{AccountMail, Letter, Postbox};
use crate::throttle::Throttle;

/// How long links work.
const LINK_HOURS: i64 = 24;
/// Characters of a link's key: 32 random bytes in base64url.
const KEY_CHARS: usize = 43;

/// Writes the mails of accounts.
pub struct Correspondence {
    /// Where mails are put.
    pub postbox: Arc<Postbox>,
    /// Where people reach us, without a slash at the end: what links begin with. Never what a
    /// request says it is (`Host`): that may be anybody's.
    pub public_url: String,
    /// Mails to one address.
    pub per_address: Arc<Throttle>,
    /// Mails that one client causes.
    pub per_client: Arc<Throttle>,
}

/// A link about to be mailed.
pub(super) struct NewLink {
    key: SecretString,
    /// What is stored of it.
    pub(super) hash: LinkHash,
    /// When it is made.
    pub(super) created_at: DateTime<Utc>,
    /// When it stops working.
    pub(super) expires_at: DateTime<Utc>,
}

/// A mail to be put into the outbox.
pub(super) struct Outgoing<'a> {
    pub(super) to: &'a Email,
    pub(super) mail: AccountMail,
    pub(super) language: Language,
    /// Whose account it is about.
    pub(super) owner: Option<UserId>,
    /// The end of the link in it.
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl NewLink {
    /// A link with a key of 256 random bits.
    pub(super) fn new(now: DateTime<Utc>) -> Result<Self, RepositoryError> {
        let key = random_text::<32>().map_err(RepositoryError::storage)?;
        Ok(Self {
            hash: LinkHash::of(&key),
            key: key.into(),
            created_at: now,
            expires_at: now + TimeDelta::hours(LINK_HOURS),
        })
    }
}

/// The hash of a link's key as a client presents it; `None` for what cannot be one.
pub(super) fn hash_of(key: &SecretString) -> Option<LinkHash> {
    let key = key.expose_secret();
    (key.len() == KEY_CHARS && key.is_ascii()).then(|| LinkHash::of(key))
}

impl Correspondence {
    /// Takes a mail to this address for this client, or none at all. The same for every address,
    /// whether somebody has it or not.
    pub(super) async fn take(&self, to: &Email, from: Option<IpAddr>) -> Result<(), AccountError> {
        let client = address_key(from);
        let taken = self.per_client.take(&client).await;
        taken.map_err(AccountError::TooManyTries)?;
        if let Err(wait) = self.per_address.take(&to.key()).await {
            self.per_client.give_back(&client).await;
            return Err(AccountError::TooManyTries(wait));
        }
        Ok(())
    }

    /// Gives a mail back that was not written.
    pub(super) async fn give_back(&self, to: &Email, from: Option<IpAddr>) {
        self.per_client.give_back(&address_key(from)).await;
        self.per_address.give_back(&to.key()).await;
    }

    /// The address that proves an e-mail address.
    pub(super) fn confirmation(&self, link: &NewLink) -> String {
        let key = link.key.expose_secret();
        format!("{}/api/v1/auth/email_verify/{key}", self.public_url)
    }

    /// The page that sets a new password.
    pub(super) fn password_page(&self, link: &NewLink) -> String {
        let key = link.key.expose_secret();
        format!("{}/password/reset/{key}", self.public_url)
    }

    /// The page to sign in at.
    pub(super) fn sign_in_page(&self) -> String {
        format!("{}/login", self.public_url)
    }

    /// The page for those who forgot their password.
    pub(super) fn forgot_page(&self) -> String {
        format!("{}/password/forgot", self.public_url)
    }

    /// Puts a mail into the outbox.
    pub(super) async fn write(
        &self,
        unit: &dyn UnitOfWork,
        outgoing: Outgoing<'_>,
    ) -> Result<(), RepositoryError> {
        self.put(unit, outgoing, false).await
    }

    /// As [`Self::write`]; a blank mail is stored like any other and goes to nobody.
    pub(super) async fn put(
        &self,
        unit: &dyn UnitOfWork,
        outgoing: Outgoing<'_>,
        is_blank: bool,
    ) -> Result<(), RepositoryError> {
        let letter = Letter {
            mail: outgoing.mail.write(outgoing.to, outgoing.language),
            owner: outgoing.owner,
            expires_at: outgoing.expires_at,
            is_blank,
        };
        self.postbox.put(unit, letter).await
    }

    /// Tells the owner, where they have proved an address, that their password was changed.
    pub(super) async fn tell_of_new_password(
        &self,
        unit: &dyn UnitOfWork,
        owner: &User,
        language: Language,
    ) -> Result<(), RepositoryError> {
        let Some(email) = proved(owner) else {
            return Ok(());
        };
        let mail = AccountMail::PasswordChanged {
            forgot: self.forgot_page(),
        };
        let outgoing = Outgoing {
            to: email,
            mail,
            language: language_for(owner, language),
            owner: Some(owner.id),
            expires_at: None,
        };
        self.write(unit, outgoing).await
    }

    /// Tells the owner, where they have proved an address, that one of their personas has to be
    /// connected with Instagram again, at that page.
    pub(crate) async fn tell_of_lost_instagram(
        &self,
        unit: &dyn UnitOfWork,
        owner: &User,
        page: &str,
    ) -> Result<(), RepositoryError> {
        let Some(email) = proved(owner) else {
            return Ok(());
        };
        let outgoing = Outgoing {
            to: email,
            mail: AccountMail::InstagramDisconnected { page: page.into() },
            // Nobody asked who could have said which.
            language: language_for(owner, Language::default()),
            owner: Some(owner.id),
            expires_at: None,
        };
        self.write(unit, outgoing).await
    }

    /// Lets the mails leave that were just committed.
    pub(crate) fn ring(&self) {
        self.postbox.ring();
    }
}

/// What an owner is written to in: their own language where they said which, else that of whoever
/// asked, who may be a stranger.
pub(super) fn language_for(owner: &User, asked: Language) -> Language {
    match &owner.locale {
        Some(locale) if locale.is_korean() => Language::Korean,
        Some(_) => Language::English,
        None => asked,
    }
}

/// The address of somebody who proved it.
pub(super) fn proved(user: &User) -> Option<&Email> {
    user.email_verified_at?;
    user.email.as_ref()
}
