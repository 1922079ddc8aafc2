//! Accounts, the ways to name one, and the sessions that stand behind every token.

mod account;
mod email;
mod guest;
mod identifier;
mod name;
mod password;
mod phone_number;
mod repository;
mod session;

pub use account::{NewUser, Role, Standing, User, UserChange, UserId, UserStatus};
pub use email::Email;
#[cfg(feature = "mock")]
pub use guest::MockGuestRepository;
pub use guest::{Guest, GuestIdHash, GuestRepository, PersonId};
pub use identifier::{Identifier, Username};
pub use name::Name;
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, NewPassword, normalise_password};
pub use phone_number::PhoneNumber;
pub use repository::{
    Credentials, RefreshTokenRepository, RefreshTokenUse, SessionRepository, UserRepository,
};
#[cfg(feature = "mock")]
pub use repository::{MockRefreshTokenRepository, MockSessionRepository, MockUserRepository};
pub use session::{Device, RefreshToken, RefreshTokenHash, Session, SessionId, SessionOwner};
