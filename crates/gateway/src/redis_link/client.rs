//! From a URL to a client of Redis.

use redis::{Client, ConnectionAddr, IntoConnectionInfo, ProtocolVersion};
use secrecy::{ExposeSecret, SecretString};

use super::RedisLinkError;

/// A client that has yet to connect.
pub(super) fn client(url: &SecretString) -> Result<Client, RedisLinkError> {
    let info = url
        .expose_secret()
        .into_connection_info()
        .map_err(RedisLinkError::Url)?;
    if let ConnectionAddr::TcpTls { insecure, .. } = info.addr() {
        if *insecure {
            return Err(RedisLinkError::Insecure);
        }
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Fails if another thread was quicker, which is as good.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
    }
    // Small messages that must not wait for company, and the protocol that redis' PubSub is for.
    let tcp = info.tcp_settings().clone().set_nodelay(true);
    let redis = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP2);
    Client::open(info.set_tcp_settings(tcp).set_redis_settings(redis)).map_err(RedisLinkError::Url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_refused_keeps_its_password() {
        for url in [
            "http://user:hush@localhost",
            "redis://user:hush@localhost/x",
            "rediss://user:hush@localhost/#insecure",
            "redis://user:hush@localhost/?protocol=resp9",
            "redis://user:hush@",
        ] {
            let error = client(&url.into()).expect_err(url);
            assert!(!format!("{error:?} {error}").contains("hush"), "{error:?}");
        }
    }

    #[test]
    fn tls_is_supported_and_the_address_has_no_password() {
        let client =
            client(&"rediss://user:hush@redis.example".into()).expect("TLS is compiled in");
        let info = client.get_connection_info();
        assert_eq!(info.addr().to_string(), "redis.example:6379");
        assert!(!format!("{client:?}").contains("hush"));
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}
