//! Routes of one's own account.

use actix_web::{HttpResponse, delete, get, patch, post, put, web};
use service::user::AccountService;

use super::dto::{ChangeMe, ChangePassword, Me, Proof, SignUpBody, SignedUp};
use crate::account_page::Wish;
use crate::http::{
    AuthProblems, BodyProblems, ClientAddress, ConfirmationProblems, HashingProblems, MaybeValid,
    Problem, ThrottleProblems, Valid, problem_response,
};
use crate::identity::{SignedIn, SignedInWith};

type Accounts = web::Data<dyn AccountService>;

/// Makes an account
///
/// With a phone number, an e-mail address or a user name. 409 where it is taken
/// (`user_already_exists`), or where the name asked for is (`name_taken`).
#[utoipa::path(
    tag = "accounts",
    request_body = SignUpBody,
    responses(
        (status = 201, description = "The account was made", body = SignedUp),
        BodyProblems,
        ThrottleProblems,
        HashingProblems,
        (status = 409, response = inline(Taken)),
    )
)]
#[post("/api/v1/users/sign-up")]
pub(crate) async fn sign_up(
    accounts: Accounts,
    address: ClientAddress,
    body: Valid<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    let user = accounts
        .sign_up(body.0.into_sign_up(), Some(address.0))
        .await?;
    Ok(HttpResponse::Created().json(SignedUp::from(&user)))
}

/// 409 of the sign-up.
struct Taken;

impl<'r> utoipa::ToResponse<'r> for Taken {
    fn response() -> (&'r str, utoipa::openapi::RefOr<utoipa::openapi::Response>) {
        (
            "Taken",
            problem_response("`user_already_exists` or `name_taken`"),
        )
    }
}

/// My account
#[utoipa::path(
    tag = "accounts",
    responses((status = 200, body = Me), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/users/me")]
pub(crate) async fn me(who: SignedIn, accounts: Accounts) -> Result<HttpResponse, Problem> {
    let user = accounts.find(who.user_id).await?;
    Ok(HttpResponse::Ok().json(Me::from(&user)))
}

/// Changes my account
#[utoipa::path(
    tag = "accounts",
    request_body = ChangeMe,
    responses(
        (status = 200, body = Me),
        BodyProblems,
        AuthProblems,
        (status = 409, response = inline(Taken)),
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/users/me")]
pub(crate) async fn update_me(
    SignedInWith(who, body): SignedInWith<Valid<ChangeMe>>,
    accounts: Accounts,
) -> Result<HttpResponse, Problem> {
    let user = accounts.update(who.user_id, &body.0.into_change()).await?;
    Ok(HttpResponse::Ok().json(Me::from(&user)))
}

/// Changes my account, as older clients do it
///
/// What is absent stays, as with PATCH.
#[utoipa::path(
    tag = "accounts",
    request_body = ChangeMe,
    responses(
        (status = 200, body = Me),
        BodyProblems,
        AuthProblems,
        (status = 409, response = inline(Taken)),
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/users/me")]
pub(crate) async fn put_me(
    SignedInWith(who, body): SignedInWith<Valid<ChangeMe>>,
    accounts: Accounts,
) -> Result<HttpResponse, Problem> {
    let user = accounts.update(who.user_id, &body.0.into_change()).await?;
    Ok(HttpResponse::Ok().json(Me::from(&user)))
}

/// Deletes my account and everything I have
///
/// Needs the password; an account without one needs a sign-in less than five minutes old.
/// Otherwise 403 `confirmation_required`.
#[utoipa::path(
    tag = "accounts",
    request_body = Proof,
    responses(
        (status = 204, description = "All of it is gone"),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        ThrottleProblems,
        HashingProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/users/me")]
pub(crate) async fn delete_me(
    SignedInWith(who, body): SignedInWith<MaybeValid<Proof>>,
    accounts: Accounts,
) -> Result<HttpResponse, Problem> {
    let password = body.0.and_then(|proof| proof.password).map(Into::into);
    accounts.delete(who, password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes my password
///
/// Ends every other session, and tells a proved address by mail. A wrong `current_password` is 403 `confirmation_required`.
#[utoipa::path(
    tag = "accounts",
    request_body = ChangePassword,
    responses(
        (status = 204, description = "The password was changed"),
        BodyProblems,
        AuthProblems,
        ConfirmationProblems,
        ThrottleProblems,
        HashingProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[put("/api/v1/users/me/password")]
pub(crate) async fn change_password(
    SignedInWith(who, body): SignedInWith<Valid<ChangePassword>>,
    wish: Wish,
    accounts: Accounts,
) -> Result<HttpResponse, Problem> {
    let current = body.0.current_password.map(Into::into);
    let new = body.0.new_password.unwrap_or_default().into();
    let language = wish.language.into();
    accounts
        .change_password(who, current, &new, language)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
