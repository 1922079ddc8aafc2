//! Where whoever reads mails of a program ends them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use service::notification::Subscriptions;

use super::dto::Done;
use crate::account_page::{Form, Page, Wish};
use crate::http::{LookupProblems, Problem};

/// Shows the button that ends mails
///
/// To look at it ends nothing: programs that look at mails before people do open links, too.
#[utoipa::path(
    tag = "services",
    params(("key" = String, Path, description = "The key in the mail")),
    responses((status = 200, content_type = "text/html", body = String))
)]
#[get("/api/v1/unsubscribe/{key}")]
pub(crate) async fn unsubscribe_page(wish: Wish, key: web::Path<String>) -> HttpResponse {
    let form = Form::Unsubscribe(&key);
    form.page(wish.language, &[]).answer(StatusCode::OK)
}

/// Ends the mails of one sender to one address
///
/// What the button sends, and mail programs by themselves (RFC 8058, one click).
#[utoipa::path(
    tag = "services",
    params(("key" = String, Path, description = "The key in the mail")),
    responses((status = 200, body = Done), LookupProblems)
)]
#[post("/api/v1/unsubscribe/{key}")]
pub(crate) async fn unsubscribe(
    wish: Wish,
    subscriptions: web::Data<Subscriptions>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    subscriptions.end(&key).await?;
    if !wish.page {
        return Ok(HttpResponse::Ok().json(Done::OK));
    }
    let (title, text) = wish.language.choose(
        ("Done", "You get no more of these mails."),
        ("완료되었습니다", "더 이상 이 메일을 받지 않습니다."),
    );
    Ok(Page::new(wish.language, title)
        .paragraph(text)
        .answer(StatusCode::OK))
}
