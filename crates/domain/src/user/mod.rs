//! Accounts, the ways to name one, and the sessions that stand behind every token.

mod account;
mod email;
mod guest;
mod identifier;
mod identity;
mod link;
mod name;
mod password;
mod phone_number;
mod profile;
mod repository;
mod session;
mod social;

pub use account::{NewUser, Role, Standing, User, UserChange, UserId, UserStatus};
pub use email::Email;
#[cfg(feature = "mock")]
pub use guest::MockGuestRepository;
pub use guest::{Guest, GuestIdHash, GuestRepository, PersonId};
pub use identifier::{Identifier, Username};
#[cfg(feature = "mock")]
pub use identity::MockIdentityRepository;
pub use identity::{
    Identity, IdentityId, IdentityRepository, IdentityUse, Provider, SealedTokens, Subject,
};
pub use link::{
    AccountLink, AccountLinkRepository, LinkHash, LinkPurpose, SignUpRequest,
    SignUpRequestRepository,
};
#[cfg(feature = "mock")]
pub use link::{MockAccountLinkRepository, MockSignUpRequestRepository};
pub use name::Name;
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, NewPassword, normalise_password};
pub use phone_number::PhoneNumber;
pub use profile::{Birthday, Gender, Locale, Nickname, Platform};
pub use repository::{
    Credentials, RefreshTokenRepository, RefreshTokenUse, SessionRepository, UserRepository,
};
#[cfg(feature = "mock")]
pub use repository::{MockRefreshTokenRepository, MockSessionRepository, MockUserRepository};
pub use session::{Device, RefreshToken, RefreshTokenHash, Session, SessionId, SessionOwner};
pub use social::{
    FrontEndPath, Outset, ProviderTokens, SocialError, SocialProfile, SocialProof, SocialProvider,
    SocialUnlinker, Vouched,
};
#[cfg(feature = "mock")]
pub use social::{MockSocialProvider, MockSocialUnlinker};
