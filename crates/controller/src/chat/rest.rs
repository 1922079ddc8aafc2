//! Friends and messages over HTTP, for who has no socket open.

use actix_web::{HttpResponse, delete, get, patch, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::chat::{Content, FriendEvent, Message, MessageId, Nonce};
use domain::user::{Name, UserId};
use domain::{Clock, SystemClock};
use serde::{Deserialize, Serialize};
use service::chat::{Card, FriendService, Friends, MessageService, Sending};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::http::{
    AuthProblems, BodyProblems, Code, ConflictProblems, IdText, LookupProblems, Named,
    PageProblems, PathId, Problem, Valid, ValidQuery,
};
use crate::identity::{SignedIn, SignedInWith};
use crate::rules;

/// A person, as their friends see them.
#[derive(Serialize, ToSchema)]
#[schema(as = Friend)]
pub(crate) struct FriendDto {
    id: IdText,
    name: String,
    /// The address of their picture.
    profile: Option<String>,
}

impl From<Card> for FriendDto {
    fn from(card: Card) -> Self {
        Self {
            id: IdText(card.id.get()),
            name: card.name,
            profile: card.profile,
        }
    }
}

/// Friends, and who asked.
#[derive(Serialize, ToSchema)]
#[schema(as = Friends)]
pub(crate) struct FriendsDto {
    friends: Vec<FriendDto>,
    /// Who asked me.
    requests: Vec<FriendDto>,
    /// Whom I asked.
    asked: Vec<FriendDto>,
}

impl From<Friends> for FriendsDto {
    fn from(friends: Friends) -> Self {
        let all = |cards: Vec<Card>| cards.into_iter().map(Into::into).collect();
        Self {
            friends: all(friends.friends),
            requests: all(friends.requests),
            asked: all(friends.asked),
        }
    }
}

/// My friends, who asked me, and whom I asked
#[utoipa::path(
    tag = "chat",
    responses((status = 200, body = FriendsDto), AuthProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/friends")]
pub(crate) async fn list_friends(
    who: SignedIn,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let friends = service.list(who.user_id).await?;
    Ok(HttpResponse::Ok().json(FriendsDto::from(friends)))
}

/// What to do about a friendship, and with whom.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct FriendBody {
    /// `request` asks, `response` accepts, `remove` declines or withdraws, `delete` ends, `block` and `unblock`.
    #[validate(required, custom(function = "rules::friend_event"))]
    #[schema(required, nullable = false, example = "request")]
    r#type: Option<String>,
    /// The other's name, in whatever case.
    #[validate(required, custom(function = "rules::name"))]
    #[schema(required, nullable = false)]
    name: Option<String>,
}

/// Asks for a friendship, accepts, declines or ends it
///
/// Both pressing at once makes friends. 404 `user_not_found` where nobody has the name, or who has it blocked you; 409
/// where there is nothing of the kind between you, and 409 `max_pending_requests` where too many of your requests wait.
#[utoipa::path(
    tag = "chat",
    request_body = FriendBody,
    responses(
        (status = 200, description = "Done; the other person", body = FriendDto),
        BodyProblems, AuthProblems, LookupProblems, ConflictProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/friends")]
pub(crate) async fn befriend(
    SignedInWith(who, body): SignedInWith<Valid<FriendBody>>,
    service: web::Data<dyn FriendService>,
) -> Result<HttpResponse, Problem> {
    let what = body.0.r#type.as_deref().and_then(FriendEvent::parse);
    let name = body.0.name.and_then(|text| Name::parse(&text).ok());
    let (Some(what), Some(name)) = (what, name) else {
        return Err(Problem::internal("a validated body is none"));
    };
    let other = service.act(who.user_id, what, &name).await?;
    Ok(HttpResponse::Ok().json(FriendDto::from(other)))
}

/// A person's id in the path.
pub(crate) struct OfPerson;

impl Named for OfPerson {
    const NOT_FOUND: Code = Code::UserNotFound;
}

/// A message.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
pub(crate) struct MessageDto {
    id: IdText,
    /// Who wrote it.
    user_id: IdText,
    /// What the socket names the conversation by.
    chat_id: IdText,
    content: String,
    created_at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
}

impl From<Message> for MessageDto {
    fn from(message: Message) -> Self {
        let content = message.content.as_ref();
        Self {
            id: IdText(message.id.get()),
            user_id: IdText(message.author.get()),
            chat_id: IdText(message.pair.xor()),
            content: content.map_or_else(String::new, |content| content.as_str().to_owned()),
            created_at: message.created_at,
            edited_at: message.edited_at,
        }
    }
}

/// A page of messages, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Messages)]
pub(crate) struct MessagesDto {
    items: Vec<MessageDto>,
    next_cursor: Option<String>,
}

/// Which messages.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// How many, 1 to 100; 50 unless told.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl HistoryQuery {
    fn before(&self) -> Result<DateTime<Utc>, Problem> {
        let Some(cursor) = &self.cursor else {
            // Whatever the clocks of the nodes say.
            return Ok(SystemClock.now() + chrono::TimeDelta::days(1));
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let micros = bytes.and_then(|bytes| bytes.try_into().ok());
        micros
            .and_then(|bytes| DateTime::from_timestamp_micros(i64::from_be_bytes(bytes)))
            .ok_or_else(|| Problem::new(Code::InvalidCursor))
    }
}

fn cursor(at: DateTime<Utc>) -> String {
    URL_SAFE_NO_PAD.encode(at.timestamp_micros().to_be_bytes())
}

/// Messages with somebody, the newest first
#[utoipa::path(
    tag = "chat",
    params(("user_id" = String, Path, description = "The other person's id"), HistoryQuery),
    responses((status = 200, body = MessagesDto), PageProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[get("/api/v1/chats/{user_id}/messages")]
pub(crate) async fn history(
    SignedInWith(who, (other, query)): SignedInWith<(PathId<OfPerson>, ValidQuery<HistoryQuery>)>,
    service: web::Data<dyn MessageService>,
) -> Result<HttpResponse, Problem> {
    let limit = query.0.limit.unwrap_or(50);
    let before = query.0.before()?;
    let other: UserId = other.get().into();
    let mut found = service
        .history(who.user_id, other, before, limit + 1)
        .await?;
    let has_more = found.len() as u64 > limit;
    if has_more {
        found.remove(0);
    }
    let oldest = found.first().map(|message| message.created_at);
    Ok(HttpResponse::Ok().json(MessagesDto {
        items: found.into_iter().rev().map(Into::into).collect(),
        next_cursor: oldest.filter(|_| has_more).map(cursor),
    }))
}

/// A message to send.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct MessageBody {
    /// 1 to 4,000 characters, kept as given.
    #[validate(required, custom(function = "rules::content"))]
    #[schema(required, nullable = false)]
    content: Option<String>,
    /// Sent again with the same one within 24 hours, it is not stored again.
    #[validate(custom(function = "rules::nonce"))]
    nonce: Option<String>,
}

/// Sends a message
///
/// 404 where there is no such person, or they do not want to hear from you.
#[utoipa::path(
    tag = "chat",
    params(("user_id" = String, Path, description = "The other person's id")),
    request_body = MessageBody,
    responses(
        (status = 201, description = "It is stored", body = MessageDto),
        BodyProblems, AuthProblems, LookupProblems,
    ),
    security(("bearer" = []), ("cookie" = []))
)]
#[post("/api/v1/chats/{user_id}/messages")]
pub(crate) async fn send_message(
    SignedInWith(who, (other, body)): SignedInWith<(PathId<OfPerson>, Valid<MessageBody>)>,
    service: web::Data<dyn MessageService>,
) -> Result<HttpResponse, Problem> {
    let content = body.0.content.and_then(|text| Content::parse(&text).ok());
    let sending = Sending {
        content: content.ok_or_else(|| Problem::internal("a validated content is none"))?,
        nonce: body.0.nonce.and_then(|text| Nonce::parse(&text).ok()),
    };
    let stored = service
        .send(who.user_id, other.get().into(), sending)
        .await?;
    Ok(HttpResponse::Created().json(MessageDto::from(stored.message)))
}

/// The ids of a person and of a message in the path.
#[derive(Deserialize)]
pub(crate) struct MessagePath {
    user_id: String,
    message_id: String,
}

impl MessagePath {
    fn ids(&self) -> Result<(UserId, MessageId), Problem> {
        let id = |text: &str| text.parse::<IdText>().map(|id| id.0);
        match (id(&self.user_id), id(&self.message_id)) {
            (Ok(user), Ok(message)) => Ok((user.into(), message.into())),
            _ => Err(Problem::new(Code::MessageNotFound)),
        }
    }
}

/// What a message is to say.
#[derive(Deserialize, Validate, ToSchema)]
pub(crate) struct EditBody {
    /// 1 to 4,000 characters, kept as given.
    #[validate(required, custom(function = "rules::content"))]
    #[schema(required, nullable = false)]
    content: Option<String>,
}

/// Changes a message of mine
#[utoipa::path(
    tag = "chat",
    params(
        ("user_id" = String, Path, description = "The other person's id"),
        ("message_id" = String, Path, description = "The message's id"),
    ),
    request_body = EditBody,
    responses((status = 200, body = MessageDto), BodyProblems, AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[patch("/api/v1/chats/{user_id}/messages/{message_id}")]
pub(crate) async fn change_message(
    SignedInWith(who, (path, body)): SignedInWith<(web::Path<MessagePath>, Valid<EditBody>)>,
    service: web::Data<dyn MessageService>,
) -> Result<HttpResponse, Problem> {
    let (other, id) = path.ids()?;
    let content = body.0.content.and_then(|text| Content::parse(&text).ok());
    let content = content.ok_or_else(|| Problem::internal("a validated content is none"))?;
    let edited = service.edit(who.user_id, other, id, Some(content)).await?;
    Ok(HttpResponse::Ok().json(MessageDto::from(edited)))
}

/// Takes a message of mine back
#[utoipa::path(
    tag = "chat",
    params(
        ("user_id" = String, Path, description = "The other person's id"),
        ("message_id" = String, Path, description = "The message's id"),
    ),
    responses((status = 204, description = "It is gone"), AuthProblems, LookupProblems),
    security(("bearer" = []), ("cookie" = []))
)]
#[delete("/api/v1/chats/{user_id}/messages/{message_id}")]
pub(crate) async fn take_back_message(
    SignedInWith(who, path): SignedInWith<web::Path<MessagePath>>,
    service: web::Data<dyn MessageService>,
) -> Result<HttpResponse, Problem> {
    let (other, id) = path.ids()?;
    service.edit(who.user_id, other, id, None).await?;
    Ok(HttpResponse::NoContent().finish())
}
