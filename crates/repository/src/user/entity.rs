//! The table of accounts.

use domain::RepositoryError;
use domain::user::{
    Birthday, Email, Gender, Locale, Name, NewUser, Nickname, PhoneNumber, Platform, Role, User,
    UserStatus, Username,
};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub name: String,
    pub name_key: String,
    pub phone_number: Option<String>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub email_verified_at: Option<i64>,
    pub username: Option<String>,
    pub username_key: Option<String>,
    pub password_hash: Option<String>,
    pub profile_img: Option<String>,
    pub nickname: Option<String>,
    pub birthday: Option<Date>,
    pub gender: Option<i16>,
    pub locale: Option<String>,
    pub platform: Option<i16>,
    pub credit: i64,
    pub role: i16,
    pub status: i16,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored number of a role.
pub(crate) fn role_number(role: Role) -> i16 {
    match role {
        Role::User => 0,
        Role::Admin => 1,
    }
}

/// The role of a stored number.
pub(crate) fn role(number: i16) -> Role {
    if number == 1 { Role::Admin } else { Role::User }
}

pub(crate) fn status_number(status: UserStatus) -> i16 {
    match status {
        UserStatus::Active => 0,
        UserStatus::Blocked => 1,
    }
}

/// The status of a stored number; one we do not know keeps its owner out.
pub(crate) fn status(number: i16) -> UserStatus {
    if number == 0 {
        UserStatus::Active
    } else {
        UserStatus::Blocked
    }
}

/// The stored number of a gender, as ISO/IEC 5218 has it.
pub(crate) fn gender_number(gender: Gender) -> i16 {
    match gender {
        Gender::Male => 1,
        Gender::Female => 2,
    }
}

fn gender(number: i16) -> Option<Gender> {
    match number {
        1 => Some(Gender::Male),
        2 => Some(Gender::Female),
        _ => None,
    }
}

fn platform_number(platform: Platform) -> i16 {
    match platform {
        Platform::Phone => 0,
        Platform::Email => 1,
        Platform::Username => 2,
        Platform::Kakao => 3,
        Platform::Google => 4,
        Platform::Naver => 5,
    }
}

/// The door of a stored number; none for one we do not know.
fn platform(number: i16) -> Option<Platform> {
    match number {
        0 => Some(Platform::Phone),
        1 => Some(Platform::Email),
        2 => Some(Platform::Username),
        3 => Some(Platform::Kakao),
        4 => Some(Platform::Google),
        5 => Some(Platform::Naver),
        _ => None,
    }
}

impl From<&NewUser> for ActiveModel {
    fn from(
        NewUser {
            user,
            password_hash,
        }: &NewUser,
    ) -> Self {
        Self {
            id: Set(user.id.get()),
            name: Set(user.name.as_str().to_owned()),
            name_key: Set(user.name.key()),
            phone_number: Set(user.phone_number.as_ref().map(|n| n.as_str().to_owned())),
            email: Set(user.email.as_ref().map(|e| e.as_str().to_owned())),
            email_key: Set(user.email.as_ref().map(Email::key)),
            email_verified_at: Set(user.email_verified_at.map(to_micros)),
            username: Set(user.username.as_ref().map(|n| n.as_str().to_owned())),
            username_key: Set(user.username.as_ref().map(Username::key)),
            password_hash: Set(password_hash.clone()),
            profile_img: Set(user.profile_img.clone()),
            nickname: Set(user.nickname.as_ref().map(|n| n.as_str().to_owned())),
            birthday: Set(user.birthday.map(Birthday::day)),
            gender: Set(user.gender.map(gender_number)),
            locale: Set(user.locale.as_ref().map(|l| l.as_str().to_owned())),
            platform: Set(Some(platform_number(user.platform))),
            credit: Set(user.credit),
            role: Set(role_number(user.role)),
            status: Set(status_number(user.status)),
            created_at: Set(to_micros(user.created_at)),
            updated_at: Set(to_micros(user.updated_at)),
        }
    }
}

impl TryFrom<Model> for User {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let broken = |_| RepositoryError::storage("a stored account is not valid");
        let phone_number = row.phone_number.as_deref().map(PhoneNumber::parse);
        let email = row.email.as_deref().map(Email::parse);
        let username = row.username.as_deref().map(Username::parse);
        let nickname = row.nickname.as_deref().map(Nickname::parse);
        let locale = row.locale.as_deref().map(Locale::parse);
        let mut user = Self {
            id: row.id.into(),
            name: Name::parse(&row.name).map_err(broken)?,
            phone_number: phone_number.transpose().map_err(broken)?,
            email: email.transpose().map_err(broken)?,
            email_verified_at: row.email_verified_at.map(from_micros).transpose()?,
            username: username.transpose().map_err(broken)?,
            profile_img: row.profile_img,
            nickname: nickname.transpose().map_err(broken)?,
            birthday: row.birthday.map(Birthday::from),
            gender: row.gender.and_then(gender),
            locale: locale.transpose().map_err(broken)?,
            platform: Platform::Username,
            credit: row.credit,
            role: role(row.role),
            status: status(row.status),
            created_at: from_micros(row.created_at)?,
            updated_at: from_micros(row.updated_at)?,
        };
        // Accounts of before did not note their door.
        user.platform = row
            .platform
            .and_then(platform)
            .unwrap_or_else(|| Self::platform_of(user.identifiers().next().as_ref()));
        Ok(user)
    }
}
