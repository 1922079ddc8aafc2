//! Accounts, sessions, refresh tokens and guests.

mod entity;
mod guest_entity;
mod guests;
mod refresh_tokens;
mod session_entity;
mod sessions;
mod token_entity;
mod users;

pub use guests::SeaGuests;
pub use refresh_tokens::SeaRefreshTokens;
pub use sessions::SeaSessions;
pub use users::SeaUsers;
