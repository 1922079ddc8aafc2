//! Routes of front ends in a browser: who is signed in, what is still to be asked, signing out.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, post, put, web};
use chrono::NaiveDate;
use domain::user::{Birthday, Gender, User, UserChange};
use serde::{Deserialize, Serialize};
use service::user::{AccountService, SessionService};
use utoipa::ToSchema;
use validator::Validate;

use super::dto::birthday;
use super::session::FORGET_ANSWERS;
use crate::done::Done;
use crate::http::{AuthProblems, BodyProblems, IdText, Problem, Valid};
use crate::identity::{SignedInWith, Visitor, no_session_cookie};
use crate::rules;

/// Whether somebody is signed in, and who.
#[derive(Serialize, ToSchema)]
#[schema(as = WhoAmI)]
pub(crate) struct WhoAmI {
    #[schema(example = true)]
    ok: bool,
    authenticated: bool,
    user: Option<Shown>,
}

/// A person, as a front end shows them.
#[derive(Serialize, ToSchema)]
#[schema(as = ShownUser)]
pub(crate) struct Shown {
    id: IdText,
    /// The nickname, else the name.
    nick: String,
    /// The address of their picture.
    img: Option<String>,
    /// The door the account was made at.
    #[schema(example = "kakao")]
    platform: &'static str,
    credit: i64,
    /// Whether the birthday is still to be asked for.
    needs_consent: bool,
}

impl From<&User> for Shown {
    fn from(user: &User) -> Self {
        Self {
            id: IdText(user.id.get()),
            nick: user.display_name().into(),
            img: user.profile_img.clone(),
            platform: user.platform.as_str(),
            credit: user.credit,
            needs_consent: user.needs_consent(),
        }
    }
}

/// Who am I?
///
/// Answers strangers and guests too: `authenticated` is false then, and `user` is null.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, body = WhoAmI), AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[get("/auth/me")]
pub(crate) async fn who_am_i(
    visitor: Visitor,
    accounts: web::Data<dyn AccountService>,
) -> Result<HttpResponse, Problem> {
    let user = match visitor {
        Visitor::Member(principal) => Some(accounts.find(principal.user_id).await?),
        Visitor::Guest(_) | Visitor::Stranger => None,
    };
    let answer = WhoAmI {
        ok: true,
        authenticated: user.is_some(),
        user: user.as_ref().map(Shown::from),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(answer))
}

/// Signs out, and removes the session cookie
///
/// Who was not signed in is not, either, and hears the same.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, body = Done), AuthProblems),
    security((), ("bearer" = []), ("cookie" = []))
)]
#[post("/auth/logout")]
pub(crate) async fn log_out(
    request: HttpRequest,
    visitor: Visitor,
    sessions: web::Data<dyn SessionService>,
) -> Result<HttpResponse, Problem> {
    if let Visitor::Member(principal) = visitor {
        sessions.sign_out(principal).await?;
    }
    let mut answer = HttpResponse::Ok();
    // A guest stays who they are.
    if !matches!(visitor, Visitor::Guest(_)) {
        answer.cookie(no_session_cookie(&request)?);
        answer.insert_header(FORGET_ANSWERS);
    }
    Ok(answer
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(Done::OK))
}

/// What a front end asks after the first sign-in.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct ProfileBody {
    /// `YYYY-MM-DD`, not in the future, not before 1900.
    #[validate(required, custom(function = "rules::birthday"))]
    #[schema(required, nullable = false, format = Date)]
    birthday: Option<String>,
    /// `남성` or `여성`.
    #[validate(required, custom(function = "rules::person_gender"))]
    #[schema(required, nullable = false, example = "여성")]
    gender: Option<String>,
}

impl ProfileBody {
    fn into_change(self) -> UserChange {
        UserChange {
            birthday: self.birthday.as_deref().and_then(birthday),
            gender: self.gender.and_then(|text| Gender::parse(&text).ok()),
            ..UserChange::default()
        }
    }
}

/// What was noted.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileNoted {
    #[schema(example = true)]
    ok: bool,
    user: ProfileDto,
}

/// What somebody said of themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
pub(crate) struct ProfileDto {
    id: IdText,
    birthday: Option<NaiveDate>,
    /// `남성` or `여성`.
    gender: Option<&'static str>,
}

async fn note(
    SignedInWith(who, body): SignedInWith<Valid<ProfileBody>>,
    accounts: web::Data<dyn AccountService>,
) -> Result<HttpResponse, Problem> {
    let user = accounts.update(who.user_id, &body.0.into_change()).await?;
    Ok(HttpResponse::Ok().json(ProfileNoted {
        ok: true,
        user: ProfileDto {
            id: IdText(user.id.get()),
            birthday: user.birthday.map(Birthday::day),
            gender: user.gender.map(Gender::as_str),
        },
    }))
}

/// Declares the route under one of its addresses.
macro_rules! profile_route {
    ($name:ident, $path:literal, $summary:literal) => {
        #[doc = $summary]
        #[utoipa::path(
            tag = "accounts",
                            request_body = ProfileBody,
                            responses((status = 200, body = ProfileNoted), BodyProblems, AuthProblems),
                            security(("bearer" = []), ("cookie" = []))
                        )]
        #[put($path)]
        pub(crate) async fn $name(
            asked: SignedInWith<Valid<ProfileBody>>,
            accounts: web::Data<dyn AccountService>,
        ) -> Result<HttpResponse, Problem> {
            note(asked, accounts).await
        }
    };
}

profile_route!(
    note_profile,
    "/api/v1/users/me/profile",
    "Notes my birthday and gender"
);
profile_route!(
    note_profile_short,
    "/users/me/profile",
    "Notes my birthday and gender, as front ends know it"
);
profile_route!(
    note_profile_old,
    "/api/users/me/profile",
    "Notes my birthday and gender, as older front ends know it"
);
