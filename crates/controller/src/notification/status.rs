//! Routes that tell what became of what programs sent.

use actix_web::{HttpResponse, delete, get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::notification::{MessageId, MessageState, MessageStatus};
use domain::user::Email;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::dto::Done;
use super::sending::Sending;
use super::signed::Signed;
use crate::http::{
    Code, ConflictProblems, IdText, LookupProblems, Named, PageProblems, PathId, Problem,
    QueryProblems, SignatureProblems, Speak,
};
use crate::rules;
use crate::user::ByType;

/// A message in the path.
pub(crate) struct OfMessage;

impl Named for OfMessage {
    const NOT_FOUND: Code = Code::MessageNotFound;
}

/// What became of a message.
#[derive(Serialize, ToSchema)]
#[schema(as = SentMessage)]
pub(crate) struct StatusDto {
    id: IdText,
    /// `gmail`, `ses` or `kakao`.
    channel: &'static str,
    /// `waiting`, `sent`, `dead` (given up) or `cancelled`.
    status: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// Why the last try failed, as a word: `connection`, `timeout`, `refused`, `bounced`, `unsubscribed`, …
    reason: Option<String>,
    created_at: DateTime<Utc>,
    /// When it is tried next, while it waits.
    next_attempt_at: Option<DateTime<Utc>>,
    /// When it was sent, given up or called off.
    settled_at: Option<DateTime<Utc>>,
}

impl From<MessageStatus> for StatusDto {
    fn from(message: MessageStatus) -> Self {
        let waits = message.state == MessageState::Waiting;
        Self {
            id: IdText(message.id.get()),
            channel: message.channel.as_str(),
            status: message.state.as_str(),
            attempts: message.attempts,
            reason: message.reason,
            created_at: message.created_at,
            next_attempt_at: waits.then_some(message.due_at),
            settled_at: message.settled_at,
        }
    }
}

/// A page of messages, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct SentMessages {
    items: Vec<StatusDto>,
    next_cursor: Option<String>,
}

/// Which messages.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatusQuery {
    /// How many, 1 to 100; 50 unless told.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl StatusQuery {
    fn before(&self) -> Result<Option<MessageId>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let bytes: Option<[u8; 8]> = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(|bytes| Some(i64::from_be_bytes(bytes).into()))
            .ok_or_else(|| Problem::new(Code::InvalidCursor))
    }
}

/// An address that got no more mails.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResumeQuery {
    /// The address.
    #[validate(required, custom(function = "rules::email"))]
    email: Option<String>,
}

async fn list(signed: &Signed, sending: &Sending) -> Result<HttpResponse, Problem> {
    let query: StatusQuery = signed.query().await?;
    let limit = query.limit.unwrap_or(50);
    let sender = signed.caller.user.id;
    let mut found = sending.statuses(sender, query.before()?, limit + 1).await?;
    let has_more = found.len() as u64 > limit;
    if has_more {
        found.pop();
    }
    let last = found.last().filter(|_| has_more);
    let next_cursor = last.map(|last| URL_SAFE_NO_PAD.encode(last.id.get().to_be_bytes()));
    Ok(HttpResponse::Ok().json(SentMessages {
        items: found.into_iter().map(Into::into).collect(),
        next_cursor,
    }))
}

async fn one(
    signed: &Signed,
    id: PathId<OfMessage>,
    sending: &Sending,
) -> Result<HttpResponse, Problem> {
    let sender = signed.caller.user.id;
    let found = sending.status(sender, id.get().into()).await?;
    Ok(HttpResponse::Ok().json(StatusDto::from(found)))
}

async fn cancel(
    signed: &Signed,
    id: PathId<OfMessage>,
    sending: &Sending,
) -> Result<HttpResponse, Problem> {
    let sender = signed.caller.user.id;
    let now = sending.cancel(sender, id.get().into()).await?;
    Ok(HttpResponse::Ok().json(StatusDto::from(now)))
}

/// What became of my messages, the newest first
#[utoipa::path(
    tag = "services",
    params(StatusQuery),
    responses((status = 200, body = SentMessages), SignatureProblems, PageProblems)
)]
#[get("/api/v1/services/messages", wrap = "Speak(&ByType)")]
pub(crate) async fn list_sent(signed: Signed, sending: Sending) -> Result<HttpResponse, Problem> {
    list(&signed, &sending).await
}

/// What became of my messages, at the address of before
#[utoipa::path(
    tag = "services",
    params(StatusQuery),
    responses((status = 200, body = SentMessages), SignatureProblems, PageProblems)
)]
#[get("/api/services/messages", wrap = "Speak(&ByType)")]
pub(crate) async fn list_sent_old(
    signed: Signed,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    list(&signed, &sending).await
}

/// What became of a message
#[utoipa::path(
    tag = "services",
    params(("message_id" = String, Path)),
    responses((status = 200, body = StatusDto), SignatureProblems, LookupProblems)
)]
#[get("/api/v1/services/messages/{message_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn sent(
    signed: Signed,
    id: PathId<OfMessage>,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    one(&signed, id, &sending).await
}

/// What became of a message, at the address of before
#[utoipa::path(
    tag = "services",
    params(("message_id" = String, Path)),
    responses((status = 200, body = StatusDto), SignatureProblems, LookupProblems)
)]
#[get("/api/services/messages/{message_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn sent_old(
    signed: Signed,
    id: PathId<OfMessage>,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    one(&signed, id, &sending).await
}

/// Calls a message off
///
/// One that was tried already may have arrived, and cannot be called off: 409 `message_settled`.
#[utoipa::path(
    tag = "services",
    params(("message_id" = String, Path)),
    responses((status = 200, body = StatusDto), SignatureProblems, LookupProblems, ConflictProblems)
)]
#[delete("/api/v1/services/messages/{message_id}", wrap = "Speak(&ByType)")]
pub(crate) async fn cancel_sent(
    signed: Signed,
    id: PathId<OfMessage>,
    sending: Sending,
) -> Result<HttpResponse, Problem> {
    cancel(&signed, id, &sending).await
}

/// Writes to an address again
///
/// An address whose server says that it does not exist, or whose reader unsubscribed, gets no more mails of mine:
/// they end as `dead`, with `bounced` or `unsubscribed`. This lifts that; 404 where it is not so.
#[utoipa::path(
    tag = "services",
    params(ResumeQuery),
    responses((status = 200, body = Done), SignatureProblems, QueryProblems, LookupProblems)
)]
#[delete("/api/v1/services/suppressions", wrap = "Speak(&ByType)")]
pub(crate) async fn resume(signed: Signed, sending: Sending) -> Result<HttpResponse, Problem> {
    let query: ResumeQuery = signed.query().await?;
    let email = Email::parse(&query.email.unwrap_or_default());
    let email = email.map_err(|_| Problem::new(Code::NotFound))?;
    let sender = signed.caller.user.id;
    if sending.resume(sender, &email).await? {
        Ok(HttpResponse::Ok().json(Done::OK))
    } else {
        Err(Problem::new(Code::NotFound))
    }
}
