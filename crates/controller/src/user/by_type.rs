//! Accounts by type, as clients of the notification contract know them. `email` is the one type
//! there is.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, post, web};
use domain::user::{Email, Identifier, Name, PhoneNumber};
use serde::{Deserialize, Serialize};
use service::user::{AccountError, Admitted, EmailAccountService, SessionService, SignUp};
use utoipa::ToSchema;
use validator::Validate;

use super::dialects::ByType;
use crate::account_page::Wish;
use crate::http::{BodyProblems, Code, HashingProblems, Problem, Speak, ThrottleProblems, Valid};
use crate::identity::Arriving;
use crate::rules;

/// A new account.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = TypedRegistration)]
#[schema(example = json!({"email": "yuna@example.com", "pw": "correct horse", "name": "유나"}))]
pub(crate) struct RegisterBody {
    /// The address to sign in with. A link that proves it is mailed there.
    #[validate(required, custom(function = "rules::email"))]
    #[schema(required, nullable = false)]
    email: Option<String>,
    /// 8 to 128 characters of any kind, but none of the common ones.
    #[validate(required, custom(function = "rules::new_password"))]
    #[schema(required, nullable = false, format = Password)]
    pw: Option<String>,
    /// What friends type, unique; a free one is made where none is given.
    #[validate(custom(function = "rules::name"))]
    name: Option<String>,
    /// A mobile number to sign in with.
    #[validate(custom(function = "rules::phone_number"))]
    phone: Option<String>,
}

/// An e-mail address and a password.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = TypedLogin)]
#[schema(example = json!({"email": "yuna@example.com", "pw": "correct horse"}))]
pub(crate) struct LoginBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    email: Option<String>,
    #[validate(required, length(max = 1024))]
    #[schema(required, nullable = false, format = Password)]
    pw: Option<String>,
}

/// What somebody who is in shows from now on.
#[derive(Serialize, ToSchema)]
pub(crate) struct Bearer {
    /// `Bearer` and an access token.
    #[serde(rename = "Authorization")]
    #[schema(rename = "Authorization")]
    authorization: String,
}

/// The type in the path; another than `email` is refused before the body is looked at.
fn only_email(account_type: &str) -> Result<(), Problem> {
    match account_type {
        "email" => Ok(()),
        _ => Err(Problem::new(Code::NotSupported)),
    }
}

fn bearer(mut answer: actix_web::HttpResponseBuilder, admitted: &Admitted) -> HttpResponse {
    answer
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(Bearer {
            authorization: format!("Bearer {}", admitted.pair.access_token),
        })
}

type RegisterRead = Result<Valid<RegisterBody>, Problem>;
type LoginRead = Result<Valid<LoginBody>, Problem>;

async fn register(
    (account_type, wish, arriving): (&str, Wish, Arriving),
    accounts: &dyn EmailAccountService,
    body: RegisterRead,
) -> Result<HttpResponse, Problem> {
    only_email(account_type)?;
    let body = body?.0;
    let sign_up = SignUp {
        phone_number: body.phone.and_then(|text| PhoneNumber::parse(&text).ok()),
        email: body.email.and_then(|text| Email::parse(&text).ok()),
        username: None,
        name: body.name.and_then(|text| Name::parse(&text).ok()),
        password: body.pw.unwrap_or_default().into(),
    };
    let entered = accounts.enter(sign_up, arriving.0, wish.language.into());
    let admitted = entered.await.map_err(|error| {
        // The contract has a word for one of the two that can be taken.
        let msg = match &error {
            AccountError::EmailTaken => Some("EMAIL_EXISTS"),
            AccountError::UserAlreadyExists => Some("PHONE_EXISTS"),
            _ => None,
        };
        let problem = Problem::from(error);
        match msg {
            Some(msg) => problem.with_member("msg", msg),
            None => problem,
        }
    })?;
    Ok(bearer(HttpResponse::Created(), &admitted))
}

async fn login(
    (account_type, arriving): (&str, Arriving),
    sessions: &dyn SessionService,
    body: LoginRead,
) -> Result<HttpResponse, Problem> {
    only_email(account_type)?;
    let body = body?.0;
    // What cannot be an address is nobody's.
    let email = Email::parse(&body.email.unwrap_or_default());
    let email = email.map_err(|_| Problem::new(Code::InvalidCredentials))?;
    let password = body.pw.unwrap_or_default().into();
    let identifier = Identifier::Email(email);
    let admitted = sessions.sign_in(&identifier, &password, arriving.0).await?;
    Ok(bearer(HttpResponse::Ok(), &admitted))
}

/// Makes an account of this type and signs in
///
/// `email` is the one there is. 400 with `msg`: `EMAIL_EXISTS`, `NOT_SUPPORTED`.
#[utoipa::path(
    tag = "accounts (by type)",
    params(("account_type" = String, Path, description = "`email`")),
    request_body = RegisterBody,
    responses(
        (status = 201, description = "Made", body = Bearer),
        BodyProblems,
        ThrottleProblems,
        HashingProblems,
    )
)]
#[post("/api/v1/auth/register/{account_type}", wrap = "Speak(&ByType)")]
pub(crate) async fn register_by_type(
    account_type: web::Path<String>,
    wish: Wish,
    arriving: Arriving,
    accounts: web::Data<dyn EmailAccountService>,
    body: RegisterRead,
) -> Result<HttpResponse, Problem> {
    register((&account_type, wish, arriving), accounts.as_ref(), body).await
}

/// Makes an account of this type and signs in, at the address of before
#[utoipa::path(
    tag = "accounts (by type)",
    params(("account_type" = String, Path, description = "`email`")),
    request_body = RegisterBody,
    responses(
        (status = 201, description = "Made", body = Bearer),
        BodyProblems,
        ThrottleProblems,
        HashingProblems,
    )
)]
#[post("/api/auth/register/{account_type}", wrap = "Speak(&ByType)")]
pub(crate) async fn register_by_type_alias(
    account_type: web::Path<String>,
    wish: Wish,
    arriving: Arriving,
    accounts: web::Data<dyn EmailAccountService>,
    body: RegisterRead,
) -> Result<HttpResponse, Problem> {
    register((&account_type, wish, arriving), accounts.as_ref(), body).await
}

/// Signs in to an account of this type
///
/// `email` is the one there is. 400 with `msg`: `NO_MATCH_USER`, `NOT_SUPPORTED`.
#[utoipa::path(
    tag = "accounts (by type)",
    params(("account_type" = String, Path, description = "`email`")),
    request_body = LoginBody,
    responses((status = 200, body = Bearer), BodyProblems, ThrottleProblems, HashingProblems)
)]
#[post("/api/v1/auth/login/{account_type}", wrap = "Speak(&ByType)")]
pub(crate) async fn login_by_type(
    account_type: web::Path<String>,
    arriving: Arriving,
    sessions: web::Data<dyn SessionService>,
    body: LoginRead,
) -> Result<HttpResponse, Problem> {
    login((&account_type, arriving), sessions.as_ref(), body).await
}

/// Signs in to an account of this type, at the address of before
#[utoipa::path(
    tag = "accounts (by type)",
    params(("account_type" = String, Path, description = "`email`")),
    request_body = LoginBody,
    responses((status = 200, body = Bearer), BodyProblems, ThrottleProblems, HashingProblems)
)]
#[post("/api/auth/login/{account_type}", wrap = "Speak(&ByType)")]
pub(crate) async fn login_by_type_alias(
    account_type: web::Path<String>,
    arriving: Arriving,
    sessions: web::Data<dyn SessionService>,
    body: LoginRead,
) -> Result<HttpResponse, Problem> {
    login((&account_type, arriving), sessions.as_ref(), body).await
}
