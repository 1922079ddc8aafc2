//! What accounts and sessions look like on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use domain::user::{
    Birthday, Email, Gender, Identifier, Locale, Name, Nickname, PhoneNumber, Session, SessionId,
    User, UserChange, Username,
};
use domain::{Clock, SystemClock};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service::user::{Admitted, Moved, SignUp, TokenPair};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::http::{IdText, not_null, nullable};
use crate::rules;

/// Who somebody says they are: a phone number, an e-mail address or a user name.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "needs_identifier", skip_on_field_errors = false))]
#[schema(example = json!({"phone_number": "010-1234-5678", "password": "correct horse", "name": "유나"}))]
pub(crate) struct SignUpBody {
    /// A mobile number. A Korean one may be written in any usual way.
    #[validate(custom(function = "rules::phone_number"))]
    phone_number: Option<String>,
    /// An e-mail address.
    #[validate(custom(function = "rules::email"))]
    email: Option<String>,
    /// A user name, 4 to 32 letters, digits, `_`, `.` or `-`.
    #[validate(custom(function = "rules::username"))]
    username: Option<String>,
    /// 8 to 128 characters of any kind, but none of the common ones.
    #[validate(required, custom(function = "rules::new_password"))]
    #[schema(required, nullable = false, format = Password, min_length = 8, max_length = 128)]
    password: Option<String>,
    /// What friends type, unique; a free one is made where none is given.
    #[validate(custom(function = "rules::name"))]
    name: Option<String>,
}

fn needs_identifier(body: &SignUpBody) -> Result<(), ValidationError> {
    needs_one([&body.phone_number, &body.email, &body.username])
}

fn needs_one(identifiers: [&Option<String>; 3]) -> Result<(), ValidationError> {
    if identifiers.iter().any(|given| given.is_some()) {
        return Ok(());
    }
    let mut finding = ValidationError::new("identifier_required");
    finding.add_param("pointer".into(), &"phone_number");
    finding.add_param("also".into(), &["email", "username"]);
    Err(finding)
}

impl SignUpBody {
    /// The validated values.
    pub(crate) fn into_sign_up(self) -> SignUp {
        SignUp {
            phone_number: self
                .phone_number
                .and_then(|text| PhoneNumber::parse(&text).ok()),
            email: self.email.and_then(|text| Email::parse(&text).ok()),
            username: self.username.and_then(|text| Username::parse(&text).ok()),
            name: self.name.and_then(|text| Name::parse(&text).ok()),
            password: self.password.unwrap_or_default().into(),
        }
    }
}

/// The identifier an account was made with, and its password.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "names_somebody", skip_on_field_errors = false))]
#[schema(example = json!({"phone_number": "010-1234-5678", "password": "correct horse"}))]
pub(crate) struct SignInBody {
    phone_number: Option<String>,
    email: Option<String>,
    username: Option<String>,
    #[validate(required, length(max = 1024))]
    #[schema(required, nullable = false, format = Password)]
    pub(crate) password: Option<String>,
}

fn names_somebody(body: &SignInBody) -> Result<(), ValidationError> {
    needs_one([&body.phone_number, &body.email, &body.username])
}

impl SignInBody {
    /// Who is meant; `None` where what was given cannot be anybody's.
    pub(crate) fn identifier(&self) -> Option<Identifier> {
        if let Some(text) = &self.phone_number {
            return PhoneNumber::parse(text).ok().map(Identifier::Phone);
        }
        if let Some(text) = &self.email {
            return Email::parse(text).ok().map(Identifier::Email);
        }
        Username::parse(self.username.as_ref()?)
            .ok()
            .map(Identifier::Username)
    }
}

/// An account was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedUp {
    /// The account's id.
    user_id: IdText,
    /// Its name.
    name: String,
    created_at: DateTime<Utc>,
}

impl From<&User> for SignedUp {
    fn from(user: &User) -> Self {
        Self {
            user_id: IdText(user.id.get()),
            name: user.name.as_str().into(),
            created_at: user.created_at,
        }
    }
}

/// An access token, and a refresh token that gets the next pair, once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    expires_in: u64,
    refresh_token: String,
    /// What was a guest's until this sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<MovedDto>,
}

impl From<TokenPair> for Tokens {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access_token,
            token_type: "Bearer",
            expires_in: pair.expires_in.as_secs(),
            refresh_token: pair.refresh_token.expose_secret().into(),
            moved: None,
        }
    }
}

impl From<Admitted> for Tokens {
    fn from(admitted: Admitted) -> Self {
        Self {
            moved: admitted.moved.map(Into::into),
            ..admitted.pair.into()
        }
    }
}

/// What somebody did as a guest, and has now as a member.
#[derive(Serialize, ToSchema)]
#[schema(as = Moved)]
pub(crate) struct MovedDto {
    /// Hearts that the member did not have before.
    #[schema(example = 3)]
    hearts: u64,
    /// Things done with outfits: the taste they tell of.
    #[schema(example = 12)]
    events: u64,
}

impl From<Moved> for MovedDto {
    fn from(moved: Moved) -> Self {
        Self {
            hearts: moved.hearts,
            events: moved.events,
        }
    }
}

/// A refresh token.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct RefreshBody {
    #[validate(required, length(min = 1, max = 512))]
    #[schema(required, nullable = false, min_length = 1, max_length = 512)]
    pub(crate) refresh_token: Option<String>,
}

/// An account, as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    id: IdText,
    email: Option<String>,
    /// Whether the address was proved.
    email_verified: bool,
    name: String,
    phone_number: Option<String>,
    username: Option<String>,
    profile_img: Option<String>,
    /// What they are called on the screen, where that is not their name.
    nickname: Option<String>,
    birthday: Option<NaiveDate>,
    /// `남성` or `여성`.
    gender: Option<&'static str>,
    /// The language of what is sent to them, as `ko` or `en-US`.
    locale: Option<String>,
    /// The door the account was made at: `phone`, `email`, `username`, `kakao`, `google`, `naver`.
    sns_type: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&User> for Me {
    fn from(user: &User) -> Self {
        Self {
            id: IdText(user.id.get()),
            email: user.email.as_ref().map(|email| email.as_str().into()),
            email_verified: user.email_verified_at.is_some(),
            name: user.name.as_str().into(),
            phone_number: user
                .phone_number
                .as_ref()
                .map(|number| number.as_str().into()),
            username: user.username.as_ref().map(|name| name.as_str().into()),
            profile_img: user.profile_img.clone(),
            nickname: user.nickname.as_ref().map(|name| name.as_str().into()),
            birthday: user.birthday.map(Birthday::day),
            gender: user.gender.map(Gender::as_str),
            locale: user.locale.as_ref().map(|tag| tag.as_str().into()),
            sns_type: user.platform.as_str(),
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// A partial change: what is absent stays.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct ChangeMe {
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::name"))]
    name: Option<String>,
    /// An address, or the path of a picture that was put in here. `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::link"))]
    #[schema(value_type = Option<String>)]
    profile_img: Option<Option<String>>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::nickname"))]
    #[schema(value_type = Option<String>)]
    nickname: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::birthday"))]
    #[schema(format = Date)]
    birthday: Option<String>,
    /// `남성` or `여성`.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::person_gender"))]
    gender: Option<String>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::locale"))]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    /// Another number to sign in with.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::phone_number"))]
    phone_number: Option<String>,
}

impl ChangeMe {
    /// The validated change.
    pub(crate) fn into_change(self) -> UserChange {
        let nickname = self.nickname;
        UserChange {
            name: self.name.and_then(|text| Name::parse(&text).ok()),
            profile_img: self.profile_img,
            nickname: nickname.map(|text| text.and_then(|text| Nickname::parse(&text).ok())),
            birthday: self.birthday.as_deref().and_then(birthday),
            gender: self.gender.and_then(|text| Gender::parse(&text).ok()),
            locale: self
                .locale
                .map(|text| text.and_then(|text| Locale::parse(&text).ok())),
            phone_number: self
                .phone_number
                .and_then(|text| PhoneNumber::parse(&text).ok()),
        }
    }
}

/// A day that was validated.
pub(super) fn birthday(text: &str) -> Option<Birthday> {
    Birthday::parse(text, SystemClock.now()).ok()
}

/// The password, as proof that the owner means it.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct Proof {
    #[validate(length(max = 1024))]
    #[schema(format = Password)]
    pub(crate) password: Option<String>,
}

/// The old password and the new one.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct ChangePassword {
    #[validate(length(max = 1024))]
    #[schema(format = Password)]
    pub(crate) current_password: Option<String>,
    #[validate(required, custom(function = "rules::new_password"))]
    #[schema(required, nullable = false, format = Password, min_length = 8, max_length = 128)]
    pub(crate) new_password: Option<String>,
}

/// A sign-in on some device.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionDto {
    id: IdText,
    /// The client's own description.
    device: Option<String>,
    ip: Option<String>,
    created_at: DateTime<Utc>,
    /// To within a minute.
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

impl SessionDto {
    pub(crate) fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: IdText(session.id.get()),
            device: session.device.user_agent.clone(),
            ip: session.device.ip.map(|ip| ip.to_string()),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            current: session.id == current,
        }
    }
}

/// A person's sessions, the latest used first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    pub(crate) items: Vec<SessionDto>,
    pub(crate) next_cursor: Option<String>,
}
