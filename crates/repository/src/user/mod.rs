//! Accounts, sessions, refresh tokens and guests.

mod entity;
mod guest_entity;
mod guests;
mod identities;
mod identity_entity;
mod link_entity;
mod links;
mod refresh_tokens;
mod request_entity;
mod requests;
mod session_entity;
mod sessions;
mod token_entity;
mod users;

pub use guests::SeaGuests;
pub use identities::SeaIdentities;
pub use links::SeaAccountLinks;
pub use refresh_tokens::SeaRefreshTokens;
pub use requests::SeaSignUpRequests;
pub use sessions::SeaSessions;
pub use users::SeaUsers;
