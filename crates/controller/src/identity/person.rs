//! Routes for everybody: members and guests.

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web};
use domain::user::PersonId;
use futures_util::future::LocalBoxFuture;
use secrecy::ExposeSecret;
use service::user::{CookieHolder, GuestService, Principal};

use super::credentials::{self, Claim};
use super::csrf;
use super::introduce::introduced;
use super::signed_in::member;
use crate::http::{Code, Problem};

/// Who is asking, as far as they are known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Visitor {
    /// Somebody signed in.
    Member(Principal),
    /// Somebody who was here before.
    Guest(PersonId),
    /// Nobody we know.
    Stranger,
}

impl Visitor {
    /// The person, unless a stranger.
    pub(crate) fn person(&self) -> Option<PersonId> {
        match self {
            Self::Member(principal) => Some(principal.user_id.into()),
            Self::Guest(person) => Some(*person),
            Self::Stranger => None,
        }
    }
}

/// Whoever asks; a stranger has become a guest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person(pub(crate) PersonId);

/// Whoever asks, and what else a route reads: a stranger becomes a guest only once that was read and
/// found good, for bad input changes nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PersonWith<T>(pub(crate) Person, pub(crate) T);

fn guests(request: &HttpRequest) -> Result<web::Data<dyn GuestService>, Problem> {
    let guests = request.app_data::<web::Data<dyn GuestService>>().cloned();
    guests.ok_or_else(|| Problem::internal("no guests were set up"))
}

/// The guest that the client is, by cookie, else by query, whatever token it also brings.
pub(super) async fn guest(request: &HttpRequest) -> Result<Option<PersonId>, Problem> {
    let guests = guests(request)?;
    let cookie = credentials::cookie(request);
    if cookie.is_some() {
        // Whoever it names: another site's page comes no further with our cookie.
        csrf::check(request)?;
    }
    if let Some(CookieHolder::Guest(id)) = cookie
        && let Some(person) = guests.recognise(id.expose_secret()).await?
    {
        return Ok(Some(person));
    }
    match credentials::claim(request) {
        Claim::Guest(id) => Ok(guests.recognise(id.expose_secret()).await?),
        Claim::Member(_) | Claim::None => Ok(None),
    }
}

async fn visitor(request: HttpRequest) -> Result<Visitor, Problem> {
    let member = member(request.clone()).await?;
    // A member's id proves nothing: it may only repeat who is asking anyway.
    if let Claim::Member(claimed) = credentials::claim(&request)
        && member.is_none_or(|principal| principal.user_id.get() != claimed)
    {
        return Err(Problem::new(Code::Forbidden));
    }
    match member {
        Some(principal) => Ok(Visitor::Member(principal)),
        None => Ok(guest(&request)
            .await?
            .map_or(Visitor::Stranger, Visitor::Guest)),
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(visitor(request.clone()))
    }
}

/// The person that a visitor is; a stranger becomes a guest now.
async fn person(request: &HttpRequest, visitor: Visitor) -> Result<Person, Problem> {
    if let Some(person) = visitor.person() {
        return Ok(Person(person));
    }
    let guest = guests(request)?.begin().await?;
    let person = guest.person;
    introduced(request, guest);
    Ok(Person(person))
}

impl FromRequest for Person {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { person(&request, visitor(request.clone()).await?).await })
    }
}

impl<T: FromRequest + 'static> FromRequest for PersonWith<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visitor = visitor(request.clone()).await?;
            let rest = T::from_request(&request, &mut payload).await;
            let rest = rest.map_err(Into::into)?;
            Ok(Self(person(&request, visitor).await?, rest))
        })
    }
}
