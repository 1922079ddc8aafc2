//! Who is asking: resolved once a request, from the bearer token, else the session cookie, else a guest id.

mod arriving;
mod cookie;
mod credentials;
mod csrf;
mod introduce;
mod person;
mod signed_in;

pub(crate) use arriving::Arriving;
pub use cookie::{CookieSettings, SameSite};
pub(crate) use credentials::asker;
pub(crate) use csrf::{OwnPage, check as own_page, from_known_page};
pub(crate) use introduce::{introduce, introduced, new_session_cookie, no_session_cookie};
pub(crate) use person::{Person, PersonWith, Visitor};
pub(crate) use signed_in::{Editor, SignedIn, SignedInWith, member};
