//! Addresses: where to listen, where things are, and connection URLs that hold a password.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A host to listen on: an IP address, or `localhost`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindHost {
    ip: IpAddr,
    is_name: bool,
}

impl BindHost {
    /// The address to bind; `localhost` is 127.0.0.1.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// How a browser on this machine reaches a port of this host: `127.0.0.1:8000`, `[::1]:8000`. A host that means
    /// "all interfaces" cannot be visited under that name and reads `localhost`.
    pub fn authority(&self, port: u16) -> String {
        match self.ip {
            _ if self.is_name || self.ip.is_unspecified() => format!("localhost:{port}"),
            IpAddr::V4(ip) => format!("{ip}:{port}"),
            IpAddr::V6(ip) => format!("[{ip}]:{port}"),
        }
    }
}

impl Default for BindHost {
    fn default() -> Self {
        Self {
            ip: Ipv4Addr::LOCALHOST.into(),
            is_name: false,
        }
    }
}

impl FromStr for BindHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("localhost") {
            return Ok(Self {
                is_name: true,
                ..Self::default()
            });
        }
        let ip = text.trim_start_matches('[').trim_end_matches(']').parse();
        ip.map(|ip| Self { ip, is_name: false })
            .map_err(|_| "is neither an IP address nor `localhost`".to_owned())
    }
}

impl fmt::Display for BindHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_name {
            true => formatter.write_str("localhost"),
            false => self.ip.fmt(formatter),
        }
    }
}

/// An `http` or `https` address to which paths are appended. Never ends in a slash; holds no credentials, query or
/// fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// How a browser on this machine reaches a port of this host.
    pub(super) fn local(host: &BindHost, port: u16, is_tls: bool) -> Self {
        let (scheme, usual) = if is_tls {
            ("https", ":443")
        } else {
            ("http", ":80")
        };
        let address = format!("{scheme}://{}", host.authority(port));
        Self(address.trim_end_matches(usual).to_owned())
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with a path after it. The path begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.as_str())
    }

    /// Scheme, host and port, as a browser sends them in `Origin`.
    pub fn origin(&self) -> &str {
        let host_from = self.0.find("://").map_or(0, |at| at + 3);
        let path_from = self.0[host_from..].find('/').map(|at| host_from + at);
        &self.0[..path_from.unwrap_or(self.0.len())]
    }

    /// The host without a port, in brackets if it is an IPv6 address.
    pub fn host(&self) -> &str {
        let authority = self
            .origin()
            .split_once("://")
            .map_or("", |(_, authority)| authority);
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }

    /// Whether visitors come over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = web_url(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must be an address without a query or fragment".to_owned());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// The address that a provider sends the browser back to, kept to the letter: providers compare it byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RedirectUri(String);

impl RedirectUri {
    /// The address as it was given.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedirectUri {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        web_url(text).map(|_| Self(text.to_owned()))
    }
}

fn web_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is not a URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password".to_owned());
    }
    Ok(url)
}

/// A connection URL with what may be shown of it. `Debug` and `Display` print the redacted form.
#[derive(Clone)]
pub struct SecretUrl {
    secret: SecretString,
    redacted: String,
}

impl SecretUrl {
    /// A URL whose password and query are left out of what is shown.
    pub(super) fn hiding_password(url: &Url) -> Self {
        let mut shown = url.clone();
        // Neither can fail for a URL that has a password; for one that cannot have one there is nothing to hide.
        if url.password().is_some() {
            let _ = shown.set_password(Some("***"));
        }
        if url.query().is_some() {
            shown.set_query(Some("***"));
        }
        Self {
            secret: SecretString::from(url.as_str()),
            redacted: shown.into(),
        }
    }

    /// A URL that holds no secret.
    pub(super) fn plain(url: String) -> Self {
        Self {
            secret: SecretString::from(url.as_str()),
            redacted: url,
        }
    }

    /// The URL with its password, for the driver.
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// The URL without its password, for logs and `ensemble doctor`.
    pub fn redacted(&self) -> &str {
        &self.redacted
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.redacted, formatter)
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.redacted)
    }
}

/// Percent-encodes everything but letters, digits and `safe`.
pub(super) fn percent_encoded(text: &str, safe: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || safe.contains(character) {
            encoded.push(character);
        } else {
            let mut buffer = [0; 4];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_loses_its_last_slash_and_takes_paths() {
        for text in [
            "https://shop.example",
            "https://shop.example/",
            "https://SHOP.example:443",
        ] {
            let base: BaseUrl = text.parse().expect("is a base");
            assert_eq!(base.as_str(), "https://shop.example");
            assert_eq!(base.join("/docs"), "https://shop.example/docs");
            assert!(base.is_https());
        }
        let nested: BaseUrl = "http://shop.example:81/api/".parse().expect("is a base");
        assert_eq!(nested.as_str(), "http://shop.example:81/api");
        assert_eq!(
            (nested.origin(), nested.host()),
            ("http://shop.example:81", "shop.example")
        );
        let six: BaseUrl = "http://[::1]/x".parse().expect("is a base");
        assert_eq!((six.origin(), six.host()), ("http://[::1]", "[::1]"));
    }

    #[test]
    fn a_base_url_is_nothing_but_a_web_address_and_its_errors_do_not_repeat_it() {
        for text in [
            "shop.example",
            "ftp://x",
            "https://u:hunter2@x",
            "https://x?hunter2=1",
            "https://x#y",
            "http://",
        ] {
            let message = text.parse::<BaseUrl>().expect_err(text);
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn a_host_is_an_address_or_localhost() {
        for (text, authority) in [
            ("127.0.0.1", "127.0.0.1:80"),
            ("::1", "[::1]:80"),
            ("[::1]", "[::1]:80"),
            ("localhost", "localhost:80"),
            ("0.0.0.0", "localhost:80"),
        ] {
            let host: BindHost = text.parse().expect("is a host");
            assert_eq!(host.authority(80), authority);
        }
        assert!("shop.example".parse::<BindHost>().is_err());
    }

    #[test]
    fn a_redirect_keeps_every_letter() {
        let redirect: RedirectUri = "https://shop.example".parse().expect("is an address");
        assert_eq!(redirect.as_str(), "https://shop.example");
    }
}
