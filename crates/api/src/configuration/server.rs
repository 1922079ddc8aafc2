//! Section `server`: where and how HTTP is served.

use std::net::IpAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use chrono::FixedOffset;
use ipnet::IpNet;

use super::address::{BaseUrl, BindHost};
use super::reader::Reader;

/// The longest that browsers may be told anything for, in seconds.
const TEN_YEARS: u64 = 315_360_000;

/// What TLS is spoken with: two files in PEM form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and after it those that lead to a known authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How HTTP is served.
#[derive(Clone, Debug)]
pub struct Server {
    /// The host to listen on.
    pub host: BindHost,
    /// The port to listen on; 0 takes any free one (see [`Server::listens_on`]).
    pub port: u16,
    /// `None`: plain HTTP is spoken, and TLS is the business of a proxy.
    pub tls: Option<TlsFiles>,
    /// How long browsers are to insist on TLS (HSTS), where people come over TLS; zero tells them to forget it.
    pub hsts: Duration,
    /// Under which address clients see this server. Links in mails come from here, never from the Host header.
    pub public_url: BaseUrl,
    /// This process's number within the installation, 0–1023: no two running processes may share one.
    pub node_id: u16,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that serve requests; the setting 0 has become the number of cores.
    pub workers: usize,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long a client may take to send its request head: what ends a slow-loris.
    pub header_timeout: Duration,
    /// How long requests in flight may go on after a signal to stop.
    pub shutdown_timeout: Duration,
    /// For how long everything is still served after SIGTERM, while `/readyz` already sends requests elsewhere.
    pub drain: Duration,
    /// The zone of the times that old clients expect without an offset. Zones with summer time cannot be expressed.
    pub time_zone: FixedOffset,
    public_url_is_computed: bool,
}

impl Server {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let host = bind_host(reader, "server.host");
        let port = reader.whole("server.port", 0..=65_535);
        let tls = tls_files(reader);
        let given: Option<BaseUrl> = reader.parsed("server.public_url");
        let public_url_is_computed = given.is_none();
        if tls.is_some() && given.as_ref().is_some_and(|url| !url.is_https()) {
            reader.fault(
                "server.public_url",
                "must be https: the server speaks TLS itself",
            );
        }
        Self {
            public_url: given.unwrap_or_else(|| BaseUrl::local(&host, port, tls.is_some())),
            hsts: reader.seconds("server.hsts_seconds", 0..=TEN_YEARS),
            node_id: reader.whole("server.node_id", 0..=1023),
            trusted_proxies: reader.parsed_list("server.trusted_proxies", network),
            workers: whole_or_cores(reader, "server.workers"),
            keep_alive: reader.seconds("server.keep_alive_seconds", 1..=3600),
            header_timeout: reader.seconds("server.header_seconds", 1..=300),
            shutdown_timeout: reader.seconds("server.shutdown_seconds", 0..=3600),
            drain: reader.seconds("server.drain_seconds", 0..=3600),
            time_zone: time_zone(reader, "server.time_zone"),
            host,
            port,
            tls,
            public_url_is_computed,
        }
    }

    /// Takes over the port that the system gave where the setting was 0, also in a public URL that was not set.
    pub fn listens_on(&mut self, port: u16) {
        self.port = port;
        if self.public_url_is_computed {
            self.public_url = BaseUrl::local(&self.host, port, self.tls.is_some());
        }
    }

    /// Whether people reach us over TLS: our own, or that of a proxy in front.
    #[must_use]
    pub fn is_behind_tls(&self) -> bool {
        self.tls.is_some() || self.public_url.is_https()
    }
}

/// Reads the two files of which there are both or none.
fn tls_files(reader: &mut Reader) -> Option<TlsFiles> {
    let [certificate, key] = ["server.tls_certificate_file", "server.tls_key_file"];
    match (reader.existing_file(certificate), reader.existing_file(key)) {
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        (None, None) => None,
        (Some(_), None) => {
            reader.fault(
                key,
                "must be set, too: a certificate is nothing without its key",
            );
            None
        }
        (None, Some(_)) => {
            reader.fault(
                certificate,
                "must be set, too: a key is nothing without its certificate",
            );
            None
        }
    }
}

/// Reads a host to listen on.
pub(super) fn bind_host(reader: &mut Reader, key: &str) -> BindHost {
    reader.required(key);
    reader.parsed(key).unwrap_or_default()
}

/// Reads a number of threads or tasks of which 0 means "one a core".
pub(super) fn whole_or_cores(reader: &mut Reader, key: &str) -> usize {
    match reader.whole(key, 0..=1024) {
        0 => cores(),
        count => count,
    }
}

/// As [`whole_or_cores`], for work that keeps a core busy: one core is left to everything else.
pub(super) fn whole_or_spare_cores(reader: &mut Reader, key: &str) -> usize {
    match reader.whole(key, 0..=1024) {
        0 => cores().saturating_sub(1).max(1),
        count => count,
    }
}

/// The cores that this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

fn network(text: &str) -> Result<IpNet, String> {
    let net = text
        .parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    net.map(|net| net.trunc())
        .map_err(|_| format!("`{text}` is neither an IP address nor a network such as 10.0.0.0/8"))
}

fn time_zone(reader: &mut Reader, key: &str) -> FixedOffset {
    let text = reader.required(key);
    let offset = match text.to_ascii_lowercase().as_str() {
        "asia/seoul" | "kst" => "+09:00",
        "utc" | "z" => "+00:00",
        _ => text.as_str(),
    };
    offset.parse().unwrap_or_else(|_| {
        reader.fault(
            key,
            "is neither `Asia/Seoul`, `UTC` nor an offset such as `+09:00`",
        );
        chrono::Offset::fix(&chrono::Utc)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, load, loaded};
    use super::*;

    #[test]
    fn the_public_url_is_the_host_and_port_unless_set() {
        assert_eq!(
            loaded(&[]).server.public_url.as_str(),
            "http://127.0.0.1:8000"
        );
        let other = loaded(&[
            ("ENSEMBLE__SERVER__HOST", "localhost"),
            ("ENSEMBLE__SERVER__PORT", "81"),
        ]);
        assert_eq!(other.server.public_url.as_str(), "http://localhost:81");
        let set = loaded(&[("ENSEMBLE__SERVER__PUBLIC_URL", "https://shop.example/")]);
        assert_eq!(set.server.public_url.as_str(), "https://shop.example");
    }

    #[test]
    fn tls_takes_both_files_or_none() {
        let (plain, file) = (loaded(&[]).server, tempfile::NamedTempFile::new());
        assert!(plain.tls.is_none() && !plain.is_behind_tls());
        let file = file.expect("a file can be made");
        let path = file.path().to_str().expect("is UTF-8");
        let [certificate, key] = [
            "ENSEMBLE__SERVER__TLS_CERTIFICATE_FILE",
            "ENSEMBLE__SERVER__TLS_KEY_FILE",
        ];
        let mut server = loaded(&[(certificate, path), (key, path)]).server;
        assert!(server.is_behind_tls());
        assert_eq!(server.public_url.as_str(), "https://127.0.0.1:8000");
        server.listens_on(443);
        assert_eq!(server.public_url.as_str(), "https://127.0.0.1");
        for (pairs, at_fault) in [
            (vec![(certificate, path)], key),
            (vec![(key, path)], certificate),
            (vec![(certificate, path), (key, "/no/such/file")], key),
            (
                vec![
                    (certificate, path),
                    (key, path),
                    ("BACKEND_URL", "http://shop.example"),
                ],
                "BACKEND_URL",
            ),
        ] {
            assert_eq!(faults(&pairs)[0].name, at_fault);
        }
        let proxied = loaded(&[("BACKEND_URL", "https://shop.example")]).server;
        assert!(proxied.tls.is_none() && proxied.is_behind_tls());
    }

    #[test]
    fn a_free_port_is_taken_over_into_a_computed_public_url_only() {
        let mut server = loaded(&[("ENSEMBLE__SERVER__PORT", "0")]).server;
        server.listens_on(4711);
        assert_eq!(
            (server.port, server.public_url.as_str()),
            (4711, "http://127.0.0.1:4711")
        );
        let mut server = loaded(&[("BACKEND_URL", "https://shop.example")]).server;
        server.listens_on(4711);
        assert_eq!(server.public_url.as_str(), "https://shop.example");
    }

    #[test]
    fn trusted_proxies_are_addresses_or_networks() {
        let server = loaded(&[(
            "ENSEMBLE__SERVER__TRUSTED_PROXIES",
            "10.1.2.3/8, 192.0.2.1,::1",
        )])
        .server;
        let shown: Vec<_> = server
            .trusted_proxies
            .iter()
            .map(IpNet::to_string)
            .collect();
        assert_eq!(shown, ["10.0.0.0/8", "192.0.2.1/32", "::1/128"]);
        assert!(faults(&[("ENSEMBLE__SERVER__TRUSTED_PROXIES", "proxy, 10.0.0.0/40")]).len() == 2);
    }

    #[test]
    fn numbers_out_of_range_are_faults() {
        for (name, value) in [
            ("ENSEMBLE__SERVER__PORT", "65536"),
            ("ENSEMBLE__SERVER__PORT", "-1"),
            ("ENSEMBLE__SERVER__PORT", "http"),
            ("ENSEMBLE__SERVER__PORT", ""),
            ("ENSEMBLE__SERVER__NODE_ID", "1024"),
            ("ENSEMBLE__SERVER__HOST", "shop.example"),
            ("ENSEMBLE__SERVER__TIME_ZONE", "Mars"),
            ("BACKEND_URL", "shop.example"),
        ] {
            let found = faults(&[(name, value)]);
            assert_eq!(found.len(), 1, "{name}={value}: {found:?}");
            assert_eq!(found[0].name, name);
        }
        assert!(load(&[("ENSEMBLE__SERVER__NODE_ID", "1023")]).is_ok());
    }

    #[test]
    fn old_clients_times_are_in_seoul_unless_set() {
        assert_eq!(loaded(&[]).server.time_zone.local_minus_utc(), 9 * 3600);
        let zone = |text| {
            loaded(&[("ENSEMBLE__SERVER__TIME_ZONE", text)])
                .server
                .time_zone
        };
        assert_eq!(zone("UTC").local_minus_utc(), 0);
        assert_eq!(zone("-03:30").local_minus_utc(), -(3 * 3600 + 1800));
    }
}
