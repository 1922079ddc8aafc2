//! Routes by which programs send.

use actix_web::{HttpResponse, post, web};
use domain::notification::Scope;
use serde::de::DeserializeOwned;
use service::notification::SendService;
use validator::Validate;

use super::order::{Accepted, GmailBody, KakaoBody, MailBody, SendQuery, SesBody};
use super::signed::Signed;
use crate::http::{Problem, SendProblems, SignatureProblems, Speak};
use crate::persona::FrontEndAddress;
use crate::user::ByType;

pub(super) type Sending = web::Data<dyn SendService>;

async fn mails<T: MailBody + DeserializeOwned + Validate>(
    signed: &Signed,
    sending: &Sending,
) -> Result<HttpResponse, Problem> {
    let sender = signed.sender(Scope::Email)?;
    let query: SendQuery = signed.query().await?;
    let (order, terms) = signed.json::<T>()?.into_order(sender, signed.once()?);
    if query.dry_run {
        let mails = sending.preview(sender, &order)?;
        let mails = mails.into_iter().map(Into::into).collect();
        return Ok(HttpResponse::Ok().json(Accepted::preview(mails)));
    }
    let ids = sending.send_mails(sender, &order, &terms).await?;
    Ok(HttpResponse::Ok().json(Accepted::ids(&ids)))
}

async fn kakao(
    signed: &Signed,
    sending: &Sending,
    front_end: &FrontEndAddress,
) -> Result<HttpResponse, Problem> {
    let sender = signed.sender(Scope::Kakao)?;
    let query: SendQuery = signed.query().await?;
    let body: KakaoBody = signed.json()?;
    let (note, terms) = body.into_note(&front_end.0, signed.once()?);
    if query.dry_run {
        return Ok(HttpResponse::Ok().json(Accepted::preview(vec![note.into()])));
    }
    let ids = sending.send_kakao(sender, &note, &terms).await?;
    Ok(HttpResponse::Ok().json(Accepted::ids(&ids)))
}

/// Sends a note to my own Kakao chat
///
/// Kakao's "send to me": the account has to have signed in with Kakao, and allowed messages there.
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = KakaoBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/v1/services/kakao/send", wrap = "Speak(&ByType)")]
pub(crate) async fn send_to_kakao(
    signed: Signed,
    sending: Sending,
    front_end: web::Data<FrontEndAddress>,
) -> Result<HttpResponse, Problem> {
    kakao(&signed, &sending, &front_end).await
}

/// Sends mails through Gmail
///
/// Accepted is stored: it is delivered at least once, or ends as given up; `GET /api/v1/services/messages/{id}` tells
/// which. Each recipient gets a mail of their own, which can be unsubscribed with one click.
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = GmailBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/v1/services/email/send_by_gmail", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_gmail(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    mails::<GmailBody>(&signed, &sending).await
}

/// Sends mails through Gmail, by the other name of that
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = GmailBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/v1/services/email/send_by_gmail_async", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_gmail_async(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    mails::<GmailBody>(&signed, &sending).await
}

/// Sends a mail through Amazon SES
///
/// Accepted is stored: it is delivered at least once, or ends as given up; `GET /api/v1/services/messages/{id}` tells
/// which. Each recipient gets a mail of their own, which can be unsubscribed with one click.
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = SesBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/v1/services/email/send_by_ses", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_ses(signed: Signed, sending: Sending) -> Result<HttpResponse, Problem> {
    mails::<SesBody>(&signed, &sending).await
}

/// Sends a note to my own Kakao chat, at the address of before
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = KakaoBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/services/kakao/send", wrap = "Speak(&ByType)")]
pub(crate) async fn send_to_kakao_old(
    signed: Signed,
    sending: Sending,
    front_end: web::Data<FrontEndAddress>,
) -> Result<HttpResponse, Problem> {
    kakao(&signed, &sending, &front_end).await
}

/// Sends mails through Gmail, at the address of before
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = GmailBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/services/email/send_by_gmail", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_gmail_old(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    mails::<GmailBody>(&signed, &sending).await
}

/// Sends mails through Gmail, by the other name of that, at the address of before
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = GmailBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/services/email/send_by_gmail_async", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_gmail_async_old(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    mails::<GmailBody>(&signed, &sending).await
}

/// Sends a mail through Amazon SES, at the address of before
#[utoipa::path(
    tag = "services",
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "The same key and request within 24 hours is answered alike, and sends nothing more")),
    request_body = SesBody,
    responses((status = 200, body = Accepted), SignatureProblems, SendProblems)
)]
#[post("/api/services/email/send_by_ses", wrap = "Speak(&ByType)")]
pub(crate) async fn send_by_ses_old(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    mails::<SesBody>(&signed, &sending).await
}
