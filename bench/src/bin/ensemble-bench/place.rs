//! Where a server is.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

/// A server's base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its host and port.
    authority: String,
}

impl Place {
    /// One that is known.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self {
            authority: address.to_string(),
        }
    }

    /// Its address.
    ///
    /// # Errors
    /// Where the host has none.
    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        let mut found = self.authority.to_socket_addrs()?;
        let unknown = || std::io::Error::other(format!("{} has no address", self.authority));
        found.next().ok_or_else(unknown)
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text
            .strip_prefix("http://")
            .ok_or("has to begin with http://: what TLS costs would be measured, too")?;
        let authority = rest.trim_end_matches('/');
        if authority.is_empty() || authority.contains('/') {
            return Err("has to be a host and a port, without a path".into());
        }
        // The colons of an IPv6 address stand in brackets.
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        Ok(Self {
            authority: match has_port {
                true => authority.to_owned(),
                false => format!("{authority}:80"),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_a_host_and_a_port() {
        for (text, authority) in [
            ("http://127.0.0.1:8000", "127.0.0.1:8000"),
            ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
            ("http://localhost", "localhost:80"),
            ("http://[::1]:81", "[::1]:81"),
            ("http://[::1]", "[::1]:80"),
        ] {
            let place: Place = text.parse().expect(text);
            assert_eq!(place.authority, authority);
        }
        for text in [
            "127.0.0.1:8000",
            "https://shop.example",
            "http://",
            "http://h/p",
        ] {
            text.parse::<Place>().expect_err(text);
        }
        let place: Place = "http://127.0.0.1:8000".parse().expect("a place");
        let address = place.address().expect("an address");
        assert_eq!(address.to_string(), "127.0.0.1:8000");
    }
}
