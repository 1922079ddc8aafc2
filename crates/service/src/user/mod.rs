//! Accounts: signing up, in and out, and what one may do with one's own account.

mod access_token;
mod account;
mod error;
mod password_hasher;
mod session;
mod session_guard;
mod signing_key;

pub use access_token::{AccessTokens, TokenSettings};
#[cfg(feature = "mock")]
pub use account::MockAccountService;
pub use account::{AccountService, DefaultAccountService, SignUp};
pub use error::{AccountError, AuthenticationError, SignInError};
pub use password_hasher::{HashSettings, PasswordHasher};
#[cfg(feature = "mock")]
pub use session::MockSessionService;
pub use session::{DefaultSessionService, SessionService, TokenPair};
pub use session_guard::{Principal, SessionGuard};
pub use signing_key::{KeyError, KeyRing};
