//! The frames of the socket: what clients send, and what they get.

use chrono::{DateTime, FixedOffset, Utc};
use domain::chat::{Content, FriendEvent, Message, MessageId, Nonce, Pair, Seq};
use domain::user::{Name, UserId};
use serde_json::{Map, Value, json};
use service::chat::{Card, ChatError, Friends, Moment, What};

use super::wire_time;
use crate::http::IdText;

/// The most messages that one `load` answers.
const MAX_LOAD: u64 = 100;

/// Why a frame was refused, in the contract's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not text.
    Binary,
    /// Not JSON.
    NotJson,
    /// It cannot be understood, or is not allowed.
    BadRequest,
    /// Not signed in.
    Unauthenticated,
    /// No heartbeat yet.
    NoHeartbeat,
    /// No such person or room.
    NotFound,
    /// Our fault.
    Internal,
}

impl Refusal {
    /// The contract's number, and a reason in words.
    fn words(self) -> (u16, &'static str) {
        match self {
            Self::Binary => (1003, "text frames only"),
            Self::NotJson => (1007, "not JSON"),
            Self::BadRequest => (4000, "bad request"),
            Self::Unauthenticated => (4001, "not authenticated"),
            Self::NoHeartbeat => (4003, "heartbeat first"),
            Self::NotFound => (4004, "no such user or room"),
            Self::Internal => (1011, "something went wrong here; try again"),
        }
    }
}

impl From<&ChatError> for Refusal {
    fn from(error: &ChatError) -> Self {
        match error {
            ChatError::NoSuchPerson | ChatError::NothingBetween => Self::NotFound,
            ChatError::NoSuchMessage
            | ChatError::Oneself
            | ChatError::TooMany
            | ChatError::TooManyPending => Self::BadRequest,
            ChatError::Repository(_) => Self::Internal,
        }
    }
}

/// What a client sends.
#[derive(Debug)]
pub(crate) enum Sent {
    /// The payload comes back.
    Heartbeat(Value),
    /// An access token, and the place up to which the device has heard everything, if it wants to
    /// hear the rest.
    Auth(String, Option<Seq>),
    /// Something that needs a person.
    Asked(Asked),
}

/// What somebody who is signed in asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// To send a message into a room.
    Send {
        room: i64,
        content: Content,
        nonce: Option<Nonce>,
    },
    /// To change a message; `None` takes it back.
    Edit {
        id: MessageId,
        room: i64,
        content: Option<Content>,
    },
    /// For older messages of a room.
    LoadChat {
        room: i64,
        before: DateTime<Utc>,
        count: u64,
        mark_end: bool,
    },
    /// For the friends.
    LoadFriends,
    /// To do something about a friendship.
    Friend(FriendEvent, Name),
    /// For what happened after a place.
    Resume(Seq),
    /// To hear which friends are there, and of their coming and going.
    Presence,
    /// To tell the other that one is typing.
    Typing { room: i64 },
    /// To have read everything up to a message.
    Read { room: i64, id: MessageId },
}

impl Asked {
    /// What it is called in traces.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Send { .. } => "socket send",
            Self::Edit { .. } => "socket edit",
            Self::LoadChat { .. } => "socket load_chat",
            Self::LoadFriends => "socket load_friends",
            Self::Friend(..) => "socket friend",
            Self::Resume(_) => "socket resume",
            Self::Presence => "socket presence",
            Self::Typing { .. } => "socket typing",
            Self::Read { .. } => "socket read",
        }
    }
}

/// Reads a frame.
pub(crate) fn read(text: &str, zone: FixedOffset) -> Result<Sent, Refusal> {
    let frame: Value = serde_json::from_str(text).map_err(|_| Refusal::NotJson)?;
    let kind = frame["type"].as_str().ok_or(Refusal::BadRequest)?;
    let payload = &frame["payload"];
    if kind == "heartbeat" {
        return Ok(Sent::Heartbeat(payload.clone()));
    }
    let asked = match kind {
        "auth" => {
            let token = payload["auth"].as_str().unwrap_or_default();
            let seq = match &payload["seq"] {
                Value::Null => None,
                seq => Some(place(seq).ok_or(Refusal::BadRequest)?),
            };
            return Ok(Sent::Auth(token.to_owned(), seq));
        }
        "chat" => read_chat(payload),
        "load" => read_load(payload, zone),
        "mutual_users" => read_friend(payload),
        "read" => read_mark(payload),
        "typing" => id(&payload["chat_id"]).map(|room| Asked::Typing { room }),
        "resume" => place(&payload["seq"]).map(Asked::Resume),
        "presence" => Some(Asked::Presence),
        _ => None,
    };
    asked.map(Sent::Asked).ok_or(Refusal::BadRequest)
}

/// An id: a text of digits, or a number.
fn id(value: &Value) -> Option<i64> {
    let id: IdText = serde_json::from_value(value.clone()).ok()?;
    Some(id.0)
}

fn read_chat(payload: &Value) -> Option<Asked> {
    let room = id(&payload["chat_id"])?;
    let text = payload["content"].as_str()?;
    match payload["type"].as_str()? {
        "send" => {
            let nonce = match &payload["nonce"] {
                Value::Null => None,
                Value::String(text) => Some(Nonce::parse(text).ok()?),
                _ => return None,
            };
            Some(Asked::Send {
                room,
                content: Content::parse(text).ok()?,
                nonce,
            })
        }
        "edit" => {
            let content = match text {
                "" => None,
                text => Some(Content::parse(text).ok()?),
            };
            Some(Asked::Edit {
                id: id(&payload["id"])?.into(),
                room,
                content,
            })
        }
        _ => None,
    }
}

fn place(value: &Value) -> Option<Seq> {
    value.as_i64().filter(|seq| *seq >= 0)
}

fn read_mark(payload: &Value) -> Option<Asked> {
    Some(Asked::Read {
        room: id(&payload["chat_id"])?,
        id: id(&payload["id"])?.into(),
    })
}

fn read_load(payload: &Value, zone: FixedOffset) -> Option<Asked> {
    match payload["type"].as_str()? {
        "chat" => Some(Asked::LoadChat {
            room: id(&payload["load_id"])?,
            before: wire_time::read(payload["datetime"].as_str()?, zone)?,
            count: payload["count"]
                .as_u64()
                .filter(|count| (1..=MAX_LOAD).contains(count))?,
            mark_end: payload["mark_end"] == true,
        }),
        "mutual_users" => Some(Asked::LoadFriends),
        _ => None,
    }
}

fn read_friend(payload: &Value) -> Option<Asked> {
    let what = FriendEvent::parse(payload["type"].as_str()?)?;
    let name = Name::parse(payload["name"].as_str()?).ok()?;
    Some(Asked::Friend(what, name))
}

fn frame(kind: &str, payload: Value) -> String {
    json!({"type": kind, "payload": payload}).to_string()
}

/// A frame that the person's log has a place for.
fn placed(kind: &str, payload: Value, seq: Seq) -> String {
    json!({"type": kind, "payload": payload, "seq": seq}).to_string()
}

/// The payload, back.
pub(super) fn heartbeat(payload: Value) -> String {
    frame("heartbeat", payload)
}

/// It was done.
pub(super) fn ok() -> String {
    frame("ok", Value::Null)
}

/// It was not.
pub(super) fn error(refusal: Refusal) -> String {
    let (code, reason) = refusal.words();
    frame("error", json!({"code": code, "reason": reason}))
}

fn user(card: &Card) -> Value {
    json!({"id": IdText(card.id.get()), "name": card.name, "profile": card.profile})
}

fn users(cards: &[Card]) -> Value {
    cards.iter().map(user).collect()
}

/// Who signed in, and whom they know.
pub(super) fn welcome(me: &Card, friends: &Friends, seq: Seq) -> String {
    let payload = json!({
        "self_user": user(me),
        "mutual_requests": users(&friends.requests),
        "mutual_users": users(&friends.friends),
    });
    placed("auth", payload, seq)
}

/// The friends.
pub(super) fn friends(friends: &Friends) -> String {
    frame("mutual_users", users(&friends.friends))
}

/// A message, as one of the two sees it.
fn chat_payload(message: &Message, kind: &str, viewer: UserId, zone: FixedOffset) -> Value {
    let mut payload = Map::new();
    payload.insert("type".into(), kind.into());
    let content = message.content.as_ref().map_or("", Content::as_str);
    for (name, value) in [
        ("id", message.id.get().to_string()),
        ("user_id", message.author.get().to_string()),
        ("chat_id", message.pair.xor().to_string()),
        ("content", content.to_owned()),
        ("created_at", wire_time::written(message.created_at, zone)),
    ] {
        payload.insert(name.into(), value.into());
    }
    // What a client named it by is its own business.
    if let Some(nonce) = message.nonce.as_ref().filter(|_| message.author == viewer) {
        payload.insert("nonce".into(), nonce.as_str().into());
    }
    payload.into()
}

/// A message of before.
pub(super) fn chat(message: &Message, viewer: UserId, zone: FixedOffset) -> String {
    frame("chat", chat_payload(message, "send", viewer, zone))
}

/// All that was asked for was sent.
pub(super) fn load_end(room: i64, count: usize) -> String {
    frame(
        "load_end",
        json!({"load_id": room.to_string(), "count": count}),
    )
}

/// Something that happened.
pub(super) fn moment(moment: &Moment, viewer: UserId, zone: FixedOffset) -> String {
    match &moment.what {
        What::Message { message, is_edit } => {
            let kind = if *is_edit { "edit" } else { "send" };
            let payload = chat_payload(message, kind, viewer, zone);
            placed("chat", payload, moment.seq)
        }
        What::Friend(event, card) => {
            let payload = json!({"type": event.as_str(), "user": user(card)});
            placed("mutual_users", payload, moment.seq)
        }
        What::Read { id, pair, reader } => {
            let payload = json!({
                "chat_id": pair.xor().to_string(),
                "user_id": reader.to_string(),
                "id": id.to_string(),
            });
            placed("read", payload, moment.seq)
        }
    }
}

/// All that was missed was sent, up to this place.
pub(super) fn resumed(seq: Seq) -> String {
    frame("resumed", json!({"seq": seq}))
}

/// Somebody is typing to the person.
pub(super) fn typing(from: UserId, me: UserId) -> String {
    let room = (from.get() ^ me.get()).to_string();
    frame(
        "typing",
        json!({"chat_id": room, "user_id": from.to_string()}),
    )
}

/// Friends who came and who went; the first time, all who are there.
pub(super) fn presence(turns: impl IntoIterator<Item = (UserId, bool)>) -> String {
    let (mut online, mut offline) = (Vec::new(), Vec::new());
    for (user, is_online) in turns {
        let list = if is_online { &mut online } else { &mut offline };
        list.push(IdText(user.get()));
    }
    frame("presence", json!({"online": online, "offline": offline}))
}

/// Some of what was missed is no longer kept: read everything anew, and go on from this place.
pub(super) fn resync(seq: Seq) -> String {
    frame("resync", json!({"seq": seq}))
}

/// The node stops: come back after so long, to another one.
pub(super) fn reconnect(after_ms: u64) -> String {
    frame("reconnect", json!({"after_ms": after_ms}))
}

/// The other person of a room; `None` where it is a room of nobody, or of oneself.
pub(super) fn other(room: i64, me: UserId) -> Option<UserId> {
    let other = UserId::from(room ^ me.get());
    Pair::of(me, other).map(|_| other)
}

#[cfg(test)]
mod document;
#[cfg(test)]
mod tests;
