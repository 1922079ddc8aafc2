//! How session cookies are set.

use std::time::Duration;

use actix_web::cookie::{self, Cookie};

/// When browsers send the cookie along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// With links from elsewhere, but with no other foreign request.
    Lax,
    /// Never with a foreign request.
    Strict,
    /// Always: for a front end on another site. Needs TLS.
    None,
}

/// How session cookies are set; app data.
#[derive(Clone, Debug)]
pub struct CookieSettings {
    /// The full name, with `__Host-` where it is `Secure`.
    pub name: String,
    /// Whether browsers send it over TLS only.
    pub secure: bool,
    /// When browsers send it along.
    pub same_site: SameSite,
    /// Origins whose pages may change things with the cookie: ours and the front end's.
    pub origins: Vec<String>,
}

impl CookieSettings {
    /// The cookie with this value, for so long.
    pub(crate) fn cookie(&self, value: String, lifetime: Duration) -> Cookie<'static> {
        let same_site = match self.same_site {
            SameSite::Lax => cookie::SameSite::Lax,
            SameSite::Strict => cookie::SameSite::Strict,
            SameSite::None => cookie::SameSite::None,
        };
        let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        Cookie::build(self.name.clone(), value)
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(same_site)
            .max_age(cookie::time::Duration::seconds(seconds))
            .finish()
    }

    /// The cookie of a browser on its way to a provider and back. It comes back with a link from
    /// there, so it cannot be strict.
    pub(crate) fn flow(
        &self,
        provider: &str,
        value: String,
        lifetime: Duration,
    ) -> Cookie<'static> {
        let mut cookie = self.cookie(value, lifetime);
        cookie.set_name(self.flow_name(provider));
        if self.same_site != SameSite::None {
            cookie.set_same_site(cookie::SameSite::Lax);
        }
        cookie
    }

    /// Its name: one for each provider, so that two tabs at different ones do not disturb each other.
    pub(crate) fn flow_name(&self, provider: &str) -> String {
        format!("{}_{provider}", self.name)
    }
}
