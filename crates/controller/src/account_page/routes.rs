//! The addresses of these pages.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use service::user::PasswordResetService;

use super::{Form, Wish};
use crate::http::{Code, LookupProblems, Problem};

const STYLE: &str = include_str!("../../assets/account/account.css");

/// The page to sign up at
#[utoipa::path(
    tag = "pages",
    responses((status = 200, description = "A form", content_type = "text/html", body = String))
)]
#[get("/register")]
pub(crate) async fn register_page(wish: Wish) -> HttpResponse {
    Form::Register
        .page(wish.language, &[])
        .answer(StatusCode::OK)
}

/// The page to sign in at
#[utoipa::path(
    tag = "pages",
    responses((status = 200, description = "A form", content_type = "text/html", body = String))
)]
#[get("/login")]
pub(crate) async fn login_page(wish: Wish) -> HttpResponse {
    Form::Login.page(wish.language, &[]).answer(StatusCode::OK)
}

/// The page for those who forgot their password
#[utoipa::path(
    tag = "pages",
    responses((status = 200, description = "A form", content_type = "text/html", body = String))
)]
#[get("/password/forgot")]
pub(crate) async fn forgot_page(wish: Wish) -> HttpResponse {
    Form::Forgot.page(wish.language, &[]).answer(StatusCode::OK)
}

/// The page that sets a new password
///
/// Where mailed links lead. Opening it spends nothing.
#[utoipa::path(
    tag = "pages",
    params(("key" = String, Path, description = "The key of the link")),
    responses(
        (status = 200, description = "A form", content_type = "text/html", body = String),
        LookupProblems,
    )
)]
#[get("/password/reset/{key}")]
pub(crate) async fn reset_page(
    wish: Wish,
    resets: web::Data<dyn PasswordResetService>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let key = key.into_inner();
    if resets.is_good(&key.clone().into()).await? {
        let page = Form::Reset(&key).page(wish.language, &[]);
        return Ok(page.answer(StatusCode::OK));
    }
    super::page_of(Problem::new(Code::LinkNotFound), Form::Forgot, wish)
}

/// How these pages look
#[utoipa::path(
    tag = "pages",
    responses((status = 200, content_type = "text/css", body = String))
)]
#[get("/account.css")]
pub(crate) async fn account_style() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(STYLE)
}
