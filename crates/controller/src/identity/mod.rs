//! Who is asking: resolved once a request, from the bearer token, else the session cookie, else a guest id.

mod cookie;
mod credentials;
mod csrf;
mod introduce;
mod person;
mod signed_in;

pub use cookie::{CookieSettings, SameSite};
pub(crate) use csrf::OwnPage;
pub(crate) use introduce::{introduce, introduced, new_session_cookie};
pub(crate) use person::{GuestBefore, Person, PersonWith, Visitor};
pub(crate) use signed_in::{Editor, SignedIn, SignedInWith};
