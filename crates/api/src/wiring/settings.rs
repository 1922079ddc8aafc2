//! What the configuration means to parts that have settings of their own.

use controller::{CookieSettings, SameSite};
use repository::{DatabaseOptions, Synchronous};

use crate::configuration::{self, Configuration};

/// How the database is connected to.
#[must_use]
pub fn database_options(configuration: &Configuration) -> DatabaseOptions {
    let database = &configuration.database;
    DatabaseOptions {
        url: database.url.expose().to_owned(),
        max_connections: database.max_connections,
        sqlite_readers: database.sqlite_readers,
        acquire_timeout: database.acquire_timeout,
        synchronous: match database.sqlite_synchronous {
            configuration::Synchronous::Normal => Synchronous::Normal,
            configuration::Synchronous::Full => Synchronous::Full,
        },
    }
}

/// How session cookies are set.
pub(super) fn cookie_settings(configuration: &Configuration) -> CookieSettings {
    let secure = configuration.secure_cookies();
    let origin = |url: &configuration::BaseUrl| url.origin().to_string();
    CookieSettings {
        name: configuration.session.cookie_name(secure),
        secure,
        same_site: match configuration.session.same_site {
            configuration::SameSite::Lax => SameSite::Lax,
            configuration::SameSite::Strict => SameSite::Strict,
            configuration::SameSite::None => SameSite::None,
        },
        origins: vec![
            origin(&configuration.server.public_url),
            origin(configuration.frontend_url()),
        ],
    }
}
