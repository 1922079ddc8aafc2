//! Accounts: signing up, in and out, and what one may do with one's own account.

mod access_token;
mod account;
mod admission;
mod claim;
mod confirmation;
mod cookie;
mod correspondence;
mod email_account;
mod email_address;
mod error;
mod guest;
mod hash_queue;
mod identities;
mod identity_book;
mod password_hasher;
mod password_reset;
mod personal_data;
mod profile_picture;
mod reseal;
mod session;
mod session_guard;
mod signing_key;
mod social_flow;
mod social_login;
mod stale_links;
mod token_vault;
mod ways_in;

pub use access_token::{AccessTokens, TokenSettings};
#[cfg(feature = "mock")]
pub use account::MockAccountService;
pub use account::{AccountService, DefaultAccountService, SignUp};
pub use admission::{Admission, Admitted, Arrival, TokenPair};
pub use confirmation::Confirmation;
pub use cookie::{CookieHolder, SessionCookies};
pub use correspondence::Correspondence;
#[cfg(feature = "mock")]
pub use email_account::MockEmailAccountService;
pub use email_account::{DefaultEmailAccountService, EmailAccountService, Opened, Registration};
#[cfg(feature = "mock")]
pub use email_address::MockEmailAddressService;
pub use email_address::{Asking, DefaultEmailAddressService, EmailAddressService};
pub use error::{AccountError, AuthenticationError, IdentityError, SignInError, SocialLoginError};
#[cfg(feature = "mock")]
pub use guest::MockGuestService;
pub use guest::{DefaultGuestService, GuestService, NewGuest};
pub use hash_queue::HashFigures;
#[cfg(feature = "mock")]
pub use identities::MockIdentityService;
pub use identities::{
    DefaultIdentityService, IdentityService, LinkedIdentity, ProviderAdministration,
};
pub use identity_book::{IdentityBook, SocialAdmitted};
pub use password_hasher::{HashSettings, PasswordHasher};
#[cfg(feature = "mock")]
pub use password_reset::MockPasswordResetService;
pub use password_reset::{DefaultPasswordResetService, PasswordResetService};
pub use personal_data::{Moved, PersonalData};
pub use reseal::IdentityReseal;
#[cfg(feature = "mock")]
pub use session::MockSessionService;
pub(crate) use session::address_key;
pub use session::{DefaultSessionService, SessionService};
pub use session_guard::{Principal, SessionGuard};
pub use signing_key::{KeyError, KeyRing};
pub use social_flow::{Begun, Flows};
#[cfg(feature = "mock")]
pub use social_login::MockSocialLoginService;
pub use social_login::{
    Came, DefaultSocialLoginService, Providers, Return, Returned, SocialLoginService,
};
pub use stale_links::StaleLinks;
pub use token_vault::TokenVault;
