//! Accounts: signing up, in and out, and what one may do with one's own account.

mod access_token;
mod account;
mod cookie;
mod error;
mod guest;
mod password_hasher;
mod personal_data;
mod session;
mod session_guard;
mod signing_key;

pub use access_token::{AccessTokens, TokenSettings};
#[cfg(feature = "mock")]
pub use account::MockAccountService;
pub use account::{AccountService, DefaultAccountService, SignUp};
pub use cookie::{CookieHolder, SessionCookies};
pub use error::{AccountError, AuthenticationError, SignInError};
#[cfg(feature = "mock")]
pub use guest::MockGuestService;
pub use guest::{DefaultGuestService, GuestService, NewGuest};
pub use password_hasher::{HashSettings, PasswordHasher};
pub use personal_data::{GuestMerge, PersonalData};
#[cfg(feature = "mock")]
pub use session::MockSessionService;
pub use session::{DefaultSessionService, SessionService, TokenPair};
pub use session_guard::{Principal, SessionGuard};
pub use signing_key::{KeyError, KeyRing};
