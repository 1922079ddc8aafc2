//! The WebSocket: one task a connection.
//!
//! A connection reads frames, and follows its person's log: whenever the hub wakes it, it reads on
//! from where it is and sends what it finds. A slow client so slows only itself, and one that comes
//! back resumes at its own place.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get};
use actix_ws::CloseCode;
use chrono::FixedOffset;
use domain::chat::Seq;
use futures_util::future::OptionFuture;
use serde_json::Value;
use service::chat::{
    Attendance, ChatError, Connection, ConversationService, FriendService, Hub, MessageService,
    MomentService, Ticket,
};
use service::user::{AuthenticationError, Principal, SessionGuard};
use tokio::time::{Instant, sleep_until};
use trace::{Kind, Span};
use tracing::warn;

use super::frames::{self, Asked, Refusal, Sent};
use super::limiter::{Limiter, Typing};
use crate::cors::FrontEnd;
use crate::http::{Code, HandshakeProblems, Problem};
use crate::identity::from_known_page;
use crate::websocket::{End, Whole, Wire};

/// The largest message from a client, in bytes.
const MAX_FRAME: usize = 64 * 1024;
/// Over how long clients of a node that stops come back.
const RECONNECT_SPREAD_MS: u64 = 5_000;

/// How patient the socket is; app data.
#[derive(Clone, Copy, Debug)]
pub struct ChatSettings {
    /// How long a connection may stay without signing in.
    pub auth: Duration,
    /// How long one may stay without a heartbeat, grace included.
    pub heartbeat: Duration,
    /// How often it is pinged: networks forget silent connections, and what is gone is noticed.
    pub ping: Duration,
    /// Frames a second that a connection may send in the long run.
    pub frames_per_second: u32,
    /// The zone that times are written in.
    pub zone: FixedOffset,
}

/// What every connection stands on; app data.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) settings: ChatSettings,
    pub(crate) guard: Arc<SessionGuard>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) friends: Arc<dyn FriendService>,
    pub(crate) messages: Arc<dyn MessageService>,
    pub(crate) moments: Arc<dyn MomentService>,
    pub(crate) conversations: Arc<dyn ConversationService>,
}

/// Friends and direct messages, live
///
/// A WebSocket of JSON text frames; see `docs/asyncapi.yaml`.
#[utoipa::path(
    tag = "chat",
    responses(
        (status = 101, description = "Now a WebSocket"),
        HandshakeProblems,
    )
)]
#[get("/ws")]
pub(crate) async fn chat_socket(
    request: HttpRequest,
    payload: Payload,
    desk: Data<Desk>,
    front_end: Data<FrontEnd>,
) -> Result<HttpResponse, Problem> {
    if front_end.strict {
        // CORS does not hold for sockets: browsers open them wherever a page wants.
        from_known_page(&request)?;
    }
    let opened = Wire::open(&request, payload, MAX_FRAME).await;
    let (response, wire) = opened.map_err(|_| Problem::new(Code::BadRequest))?;
    let now = Instant::now();
    let socket = Socket {
        attendance: desk.hub.attend(),
        ping_at: now + desk.settings.ping,
        typing: Typing::default(),
        limiter: Limiter::new(desk.settings.frames_per_second, now),
        opened: now,
        beaten: None,
        person: None,
        desk: desk.as_ref().clone(),
        wire,
    };
    rt::spawn(socket.run());
    Ok(response)
}

pub(super) fn close(code: u16) -> End {
    End::Close(CloseCode::Other(code))
}

/// Somebody who signed in on this connection.
pub(super) struct Person {
    pub(super) principal: Principal,
    pub(super) ticket: Ticket,
    /// Everything up to this place of their log was sent.
    pub(super) seq: Seq,
    pub(super) doubts: u64,
    pub(super) missed: u64,
}

pub(super) struct Socket {
    pub(super) desk: Desk,
    wire: Wire,
    pub(super) attendance: Attendance,
    ping_at: Instant,
    typing: Typing,
    limiter: Limiter,
    opened: Instant,
    /// When the latest heartbeat came.
    beaten: Option<Instant>,
    pub(super) person: Option<Person>,
}

impl Socket {
    async fn run(mut self) {
        let end = loop {
            let deadline = self.deadline();
            let woken = self.person.as_mut();
            let woken = OptionFuture::from(woken.map(|person| person.ticket.wakes.changed()));
            let step = tokio::select! {
                next = self.wire.next() => match next {
                    Ok(Some(whole)) => self.hear(whole).await,
                    // A piece costs something too: nobody sends empty ones for ever.
                    Ok(None) => self.pay(),
                    Err(end) => Err(end),
                },
                () = self.attendance.over() => self.say_goodbye().await,
                Some(_) = woken => self.wake().await,
                () = sleep_until(self.ping_at) => self.ping().await,
                () = sleep_until(deadline.0) => Err(close(deadline.1)),
            };
            if let Err(end) = step {
                break end;
            }
        };
        self.wire.end(end).await;
    }

    /// When the connection ends if nothing comes, and with which code.
    fn deadline(&self) -> (Instant, u16) {
        let settings = &self.desk.settings;
        let beat = self.beaten.unwrap_or(self.opened) + settings.heartbeat;
        let auth = self.opened + settings.auth;
        if self.person.is_none() && auth < beat {
            (auth, 4001)
        } else {
            (beat, 4003)
        }
    }

    pub(super) async fn send(&mut self, text: String) -> Result<(), End> {
        self.wire.text(text).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        self.ping_at = Instant::now() + self.desk.settings.ping;
        self.wire.ping().await
    }

    async fn refuse(&mut self, refusal: Refusal) -> Result<(), End> {
        self.send(frames::error(refusal)).await
    }

    /// Counts what came.
    fn pay(&mut self) -> Result<(), End> {
        if self.limiter.take(Instant::now()) {
            Ok(())
        } else {
            Err(End::Close(CloseCode::Policy))
        }
    }

    async fn hear(&mut self, whole: Whole) -> Result<(), End> {
        self.pay()?;
        match whole {
            Whole::Text(text) => match frames::read(&text, self.desk.settings.zone) {
                Ok(sent) => self.answer(sent).await,
                Err(refusal) => self.refuse(refusal).await,
            },
            Whole::Binary(_) => self.refuse(Refusal::Binary).await,
            Whole::Ping(payload) => self.wire.pong(&payload).await,
            Whole::Pong => Ok(()),
            // Who says goodbye hears the same.
            Whole::Close(code) => Err(End::Close(code)),
        }
    }

    /// The node stops.
    pub(super) async fn say_goodbye(&mut self) -> Result<(), End> {
        let spread = self.attendance.number() % RECONNECT_SPREAD_MS;
        self.send(frames::reconnect(spread)).await?;
        Err(End::Close(CloseCode::Restart))
    }

    async fn answer(&mut self, sent: Sent) -> Result<(), End> {
        match sent {
            Sent::Heartbeat(payload) => self.beat(payload).await,
            Sent::Auth(..) if self.beaten.is_none() => {
                self.refuse(Refusal::NoHeartbeat).await?;
                Err(close(4003))
            }
            Sent::Auth(token, seq) => self.sign_in(&token, seq).await,
            Sent::Asked(_) if self.beaten.is_none() => self.refuse(Refusal::NoHeartbeat).await,
            Sent::Asked(asked) => match self.person.as_ref().map(|person| person.principal) {
                Some(principal) => {
                    // The request that opened the socket was answered long ago: each frame is a beginning of its own.
                    let span = Span::begin(asked.name(), Kind::Server, None);
                    span.around(self.serve(principal, asked)).await
                }
                None => self.refuse(Refusal::Unauthenticated).await,
            },
        }
    }

    async fn beat(&mut self, payload: Value) -> Result<(), End> {
        self.beaten = Some(Instant::now());
        self.send(frames::heartbeat(payload)).await
    }

    async fn sign_in(&mut self, token: &str, seq: Option<Seq>) -> Result<(), End> {
        let principal = match self.desk.guard.authenticate(token).await {
            Ok(principal) => principal,
            Err(AuthenticationError::InvalidToken) => {
                return self.refuse(Refusal::BadRequest).await;
            }
            Err(AuthenticationError::Repository(error)) => {
                return self.failed(&error.into()).await;
            }
        };
        match self.welcome(principal).await {
            Ok(Some(text)) => {
                self.send(text).await?;
                match seq {
                    // Before anything that happens from now on.
                    Some(seq) => self.resume(principal, seq).await,
                    None => Ok(()),
                }
            }
            Ok(None) => self.refuse(Refusal::BadRequest).await,
            Err(error) => self.failed(&error).await,
        }
    }

    /// Gives the person a place, and says what they are told first.
    async fn welcome(&mut self, principal: Principal) -> Result<Option<String>, ChatError> {
        let user = principal.user_id;
        // The place in the hub first: what happens from now on wakes us.
        let mut ticket = self.desk.hub.join(Connection {
            user,
            session: principal.session_id,
        });
        // The session may have ended after it was read and before the hub knew whom to tell.
        ticket.doubt();
        let seq = self.desk.moments.now(user).await?;
        let Some(me) = self.desk.friends.card(user).await? else {
            return Ok(None);
        };
        let friends = self.desk.friends.list(user).await?;
        self.person = Some(Person {
            principal,
            ticket,
            seq,
            doubts: 0,
            missed: 0,
        });
        Ok(Some(frames::welcome(&me, &friends, seq)))
    }

    pub(super) async fn failed(&mut self, error: &ChatError) -> Result<(), End> {
        let refusal = Refusal::from(error);
        if refusal == Refusal::Internal {
            warn!(%error, "a frame was not answered");
        }
        self.refuse(refusal).await
    }

    async fn serve(&mut self, me: Principal, asked: Asked) -> Result<(), End> {
        match asked {
            Asked::Resume(seq) => return self.resume(me, seq).await,
            Asked::Presence => return self.watch(me.user_id).await,
            _ => {}
        }
        // Too often is no error: the other one knows already.
        if let Asked::Typing { room } = asked
            && !self.typing.take(room, Instant::now())
        {
            return Ok(());
        }
        match self.desk.ask(me.user_id, asked).await {
            Ok(answers) => {
                for answer in answers {
                    self.send(answer).await?;
                }
                Ok(())
            }
            Err(error) => self.failed(&error).await,
        }
    }
}
