//! Where a request really comes from, as far as the proxies in front can be trusted.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR},
};
use ipnet::IpNet;

/// The header that the proxies write. Only one is believed: a client can write the other one itself, and a proxy that
/// does not know it passes it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForwardedBy {
    /// `X-Forwarded-For`, what most proxies and all large clouds write.
    #[default]
    XForwardedFor,
    /// `Forwarded`, RFC 7239.
    Forwarded,
}

/// The proxies that are believed, set as app data. Without it nobody is.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Their networks.
    pub networks: Vec<IpNet>,
    /// The header that they write.
    pub header: ForwardedBy,
}

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The client behind `peer`: from the nearest hop outwards, the first that is not a trusted proxy. As soon as a
    /// hop cannot be read, nothing beyond it can be believed and the peer is all that is known for certain.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let (name, read): (HeaderName, fn(&str) -> Option<IpAddr>) = match self.header {
            ForwardedBy::XForwardedFor => (X_FORWARDED_FOR, address),
            ForwardedBy::Forwarded => (FORWARDED, forwarded_for),
        };
        let mut client = peer;
        let lines: Vec<_> = headers.get_all(name).collect();
        for line in lines.into_iter().rev() {
            let Ok(line) = line.to_str() else { return peer };
            for hop in line.rsplit(',') {
                let Some(hop) = read(hop.trim()) else {
                    return peer;
                };
                client = hop;
                if !self.trusts(client) {
                    return client;
                }
            }
        }
        client
    }
}

/// The client's address, for limits and allow-lists. `0.0.0.0` when the connection has none (a Unix socket).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address that a request comes from.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let peer = request
            .peer_addr()
            .map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        let peer = peer.to_canonical();
        Self(match request.app_data::<TrustedProxies>() {
            Some(proxies) => proxies.client(peer, request.headers()),
            None => peer,
        })
    }
}

impl FromRequest for ClientAddress {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// An address with or without a port; version 6 in brackets where a port may follow.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    // A v4 address in v6 clothes would slip past rules for v4 networks.
    plain
        .or_else(with_port)
        .or_else(bracketed)
        .map(|address| address.to_canonical())
}

/// The `for` parameter of one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let value = value.trim();
        let bare = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(value);
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| address(bare))?
    })
}
