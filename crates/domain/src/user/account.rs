//! The account itself.

use chrono::{DateTime, Utc};

use super::{
    Birthday, Email, Gender, Identifier, Locale, Name, Nickname, PhoneNumber, Platform, Username,
};
use crate::id::define_id;

define_id! {
    /// Identifies an account.
    UserId
}

/// What an account may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Everybody.
    #[default]
    User,
    /// Runs the installation. Given by the operator's command only, never by a request.
    Admin,
}

/// What an operator decides about an account; `None` leaves a thing as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the person may do.
    pub role: Option<Role>,
    /// Whether they may do anything.
    pub status: Option<UserStatus>,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserStatus {
    /// It may.
    #[default]
    Active,
    /// An administrator shut it out.
    Blocked,
}

/// One person's account, however they signed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id, which never changes.
    pub id: UserId,
    /// What friends type; unique when case-folded.
    pub name: Name,
    /// The mobile number it can sign in with.
    pub phone_number: Option<PhoneNumber>,
    /// The e-mail address it can sign in with.
    pub email: Option<Email>,
    /// When the owner proved the address; `None` while it is only a claim.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// The user name it can sign in with.
    pub username: Option<Username>,
    /// Address of the profile picture.
    pub profile_img: Option<String>,
    /// What they are called on the screen, where that is not their name.
    pub nickname: Option<Nickname>,
    /// When they were born.
    pub birthday: Option<Birthday>,
    /// Man or woman.
    pub gender: Option<Gender>,
    /// The language of what is sent to them.
    pub locale: Option<Locale>,
    /// The door the account was made at.
    pub platform: Platform,
    /// What they may spend; no route changes it yet.
    pub credit: i64,
    /// What it may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: UserStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// An account that nothing but its name identifies, made at `now`.
    #[must_use]
    pub fn new(id: UserId, name: Name, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name,
            phone_number: None,
            email: None,
            email_verified_at: None,
            username: None,
            profile_img: None,
            nickname: None,
            birthday: None,
            gender: None,
            locale: None,
            platform: Platform::Username,
            credit: 0,
            role: Role::User,
            status: UserStatus::Active,
            created_at: now,
            updated_at: now,
        }
    }

    /// The ways to name this account at sign-in, the one it is best known by first.
    pub fn identifiers(&self) -> impl Iterator<Item = Identifier> {
        [
            self.phone_number.clone().map(Identifier::Phone),
            self.email.clone().map(Identifier::Email),
            self.username.clone().map(Identifier::Username),
        ]
        .into_iter()
        .flatten()
    }

    /// What to call them: the nickname, else the name.
    #[must_use]
    pub fn display_name(&self) -> &str {
        match &self.nickname {
            Some(nickname) => nickname.as_str(),
            None => self.name.as_str(),
        }
    }

    /// Whether the birthday is still to be asked for.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.birthday.is_none()
    }

    /// The door that an account with these ways to sign in was made at, where that was not noted.
    #[must_use]
    pub fn platform_of(identifier: Option<&Identifier>) -> Platform {
        match identifier {
            Some(Identifier::Phone(_)) => Platform::Phone,
            Some(Identifier::Email(_)) => Platform::Email,
            Some(Identifier::Username(_)) | None => Platform::Username,
        }
    }
}

/// An account about to be stored, with the hash of its password.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The account.
    pub user: User,
    /// The password's hash in PHC string form; `None` for an account without a password.
    pub password_hash: Option<String>,
}

/// A partial change of an account: `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Another name.
    pub name: Option<Name>,
    /// Another picture; `Some(None)` removes it.
    pub profile_img: Option<Option<String>>,
    /// Another nickname; `Some(None)` removes it.
    pub nickname: Option<Option<Nickname>>,
    /// Another day of birth.
    pub birthday: Option<Birthday>,
    /// Another gender.
    pub gender: Option<Gender>,
    /// Another language; `Some(None)` removes it.
    pub locale: Option<Option<Locale>>,
    /// Another phone number to sign in with.
    pub phone_number: Option<PhoneNumber>,
}
