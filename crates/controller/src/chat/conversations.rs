//! Whom somebody talks with, over HTTP.

use actix_web::{HttpResponse, get, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::chat::Place;
use serde::{Deserialize, Serialize};
use service::chat::{ConversationService, Talk};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rest::{FriendDto, MessageDto, OfPerson};
use crate::http::{
    AuthProblems, BodyProblems, Code, IdText, LookupProblems, PageProblems, PathId, Problem, Valid,
    ValidQuery,
};
use crate::identity::SignedInWith;

/// A conversation.
#[derive(Serialize, ToSchema)]
#[schema(as = Conversation)]
pub(crate) struct ConversationDto {
    /// What the socket names it by.
    chat_id: IdText,
    /// The other person.
    user: FriendDto,
    /// As it is now: without content where it was taken back.
    last_message: MessageDto,
    /// Messages of the other that I have not read.
    unread: u64,
    /// I have read everything sent until then.
    read_until: Option<DateTime<Utc>>,
    /// The other person has read everything sent until then, if they let me know.
    seen_until: Option<DateTime<Utc>>,
}

impl From<Talk> for ConversationDto {
    fn from(talk: Talk) -> Self {
        Self {
            chat_id: IdText(talk.last.pair.xor()),
            user: talk.other.into(),
            last_message: talk.last.into(),
            unread: talk.unread,
            read_until: talk.read_until,
            seen_until: talk.seen_until,
        }
    }
}

/// A page of conversations, the latest active first.
#[derive(Serialize, ToSchema)]
#[schema(as = Conversations)]
pub(crate) struct ConversationsDto {
    items: Vec<ConversationDto>,
    next_cursor: Option<String>,
}

/// Which conversations.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ConversationsQuery {
    /// How many, 1 to 100; 20 unless told.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl ConversationsQuery {
    fn after(&self) -> Result<Option<Place>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let place = || {
            let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let (at, other) = bytes.split_first_chunk()?;
            let other: [u8; 8] = other.try_into().ok()?;
            Some(Place {
                active_at: DateTime::from_timestamp_micros(i64::from_be_bytes(*at))?,
                other: i64::from_be_bytes(other).into(),
            })
        };
        let place = place().ok_or_else(|| Problem::new(Code::InvalidCursor));
        place.map(Some)
    }
}

fn cursor(place: Place) -> String {
    let at = place.active_at.timestamp_micros().to_be_bytes();
    let other = place.other.get().to_be_bytes();
    URL_SAFE_NO_PAD.encode([at, other].concat())
}

/// My conversations, the latest active first
#[utoipa::path(
    tag = "chat",
    params(ConversationsQuery),
    responses((status = 200, body = ConversationsDto), PageProblems, AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/chats")]
pub(crate) async fn list_conversations(
    SignedInWith(who, query): SignedInWith<ValidQuery<ConversationsQuery>>,
    service: web::Data<dyn ConversationService>,
) -> Result<HttpResponse, Problem> {
    let limit = query.0.limit.unwrap_or(20);
    let after = query.0.after()?;
    let mut talks = service.list(who.user_id, after, limit + 1).await?;
    let has_more = talks.len() as u64 > limit;
    if has_more {
        talks.pop();
    }
    let last = talks.last().filter(|_| has_more);
    let next_cursor = last.map(|talk| cursor(talk.place));
    Ok(HttpResponse::Ok().json(ConversationsDto {
        items: talks.into_iter().map(Into::into).collect(),
        next_cursor,
    }))
}

/// Up to where something was read.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct ReadBody {
    /// The id of the last message that was read.
    #[validate(required)]
    #[schema(required, nullable = false)]
    id: Option<IdText>,
}

/// Says up to where I have read
///
/// My devices hear of it, and the other's unless I do not want that. What was read stays read.
#[utoipa::path(
    tag = "chat",
    params(("user_id" = String, Path, description = "The other person's id")),
    request_body = ReadBody,
    responses(
        (status = 204, description = "Read"),
        BodyProblems, AuthProblems, LookupProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/chats/{user_id}/read")]
pub(crate) async fn mark_read(
    SignedInWith(who, (other, body)): SignedInWith<(PathId<OfPerson>, Valid<ReadBody>)>,
    service: web::Data<dyn ConversationService>,
) -> Result<HttpResponse, Problem> {
    let id = body.0.id;
    let id = id.ok_or_else(|| Problem::internal("a validated id is none"))?;
    let other = other.get().into();
    service.read(who.user_id, other, id.0.into()).await?;
    Ok(HttpResponse::NoContent().finish())
}
