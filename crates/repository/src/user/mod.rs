//! Accounts, sessions and refresh tokens.

mod entity;
mod refresh_tokens;
mod session_entity;
mod sessions;
mod token_entity;
mod users;

pub use refresh_tokens::SeaRefreshTokens;
pub use sessions::SeaSessions;
pub use users::SeaUsers;
