//! The account itself.

use chrono::{DateTime, Utc};

use super::{Email, Identifier, Name, PhoneNumber, Username};
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

    /// How the account came to be, as clients know it.
    #[must_use]
    pub fn sns_type(&self) -> &'static str {
        match self.identifiers().next() {
            Some(Identifier::Phone(_)) => "phone",
            Some(Identifier::Email(_)) => "email",
            Some(Identifier::Username(_)) | None => "username",
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
}
