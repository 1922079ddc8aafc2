//! The small sections: `redis`, `ai`, `outbox`, `metrics` and the setting `seed`.

use std::time::Duration;

use secrecy::ExposeSecret;
use url::Url;

use super::address::{BaseUrl, BindHost, SecretUrl};
use super::reader::Reader;
use super::server::bind_host;

/// What carries events between processes.
#[derive(Clone, Debug)]
pub struct Redis {
    /// `None`: events stay within this process.
    pub url: Option<SecretUrl>,
}

/// The service that draws portraits.
#[derive(Clone, Debug)]
pub struct Ai {
    /// `None`: portraits are drawn locally.
    pub service_url: Option<BaseUrl>,
    /// How long a portrait may take.
    pub timeout: Duration,
    /// How long the service is left alone after it failed.
    pub breaker_cooldown: Duration,
    /// Portraits it is asked for at the same time; further ones are drawn locally.
    pub concurrency: usize,
}

/// Messages that are accepted and not yet delivered.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// How long to wait after the first failure; doubled after each further one.
    pub retry_base: Duration,
    /// After how many tries a message is given up.
    pub max_attempts: u32,
    /// How long one try may take. Who dies during it loses the message to the next after four times that.
    pub timeout: Duration,
    /// Mails of accounts a second.
    pub mail_per_second: u32,
    /// Mails of programs through Gmail a second.
    pub gmail_per_second: u32,
    /// Mails of programs through Amazon SES a second.
    pub ses_per_second: u32,
    /// Notes of programs to Kakao a second.
    pub kakao_per_second: u32,
}

/// The listener for metrics.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// The host to listen on.
    pub host: BindHost,
    /// The port to listen on; `None`: no metrics.
    pub port: Option<u16>,
}

/// What fills an empty database on start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// People, products and outfits to try things out with.
    Demo,
}

impl Redis {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let url = reader.secret("redis.url").and_then(|text| {
            match Url::parse(text.expose_secret().trim()) {
                Ok(url) if matches!(url.scheme(), "redis" | "rediss") && url.has_host() => {
                    Some(SecretUrl::hiding_password(&url))
                }
                _ => {
                    reader.fault(
                        "redis.url",
                        "must be redis://HOST:PORT or, with TLS, rediss://HOST:PORT",
                    );
                    None
                }
            }
        });
        Self { url }
    }
}

impl Ai {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            service_url: reader.parsed("ai.service_url"),
            timeout: reader.seconds("ai.timeout_seconds", 1..=600),
            breaker_cooldown: reader.seconds("ai.breaker_cooldown_seconds", 0..=3600),
            concurrency: reader.whole("ai.concurrency", 1..=1000),
        }
    }
}

impl Outbox {
    pub(super) fn read(reader: &mut Reader) -> Self {
        const RATES: std::ops::RangeInclusive<u64> = 1..=100_000;
        Self {
            retry_base: reader.decimal_seconds("outbox.retry_base_seconds", 0.001..=3600.0),
            max_attempts: reader.whole("outbox.max_attempts", 1..=100),
            timeout: reader.seconds("outbox.timeout_seconds", 1..=600),
            mail_per_second: reader.whole("outbox.mail_per_second", RATES),
            gmail_per_second: reader.whole("outbox.gmail_per_second", RATES),
            ses_per_second: reader.whole("outbox.ses_per_second", RATES),
            kakao_per_second: reader.whole("outbox.kakao_per_second", RATES),
        }
    }
}

impl Metrics {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            host: bind_host(reader, "metrics.host"),
            port: Some(reader.whole("metrics.port", 0..=65_535)).filter(|port| *port != 0),
        }
    }
}

impl Seed {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        reader.text("seed")?;
        Some(reader.choice("seed", &[("demo", Self::Demo)], Self::Demo))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn redis_shows_no_password() {
        assert!(loaded(&[]).redis.url.is_none());
        let redis = loaded(&[("ENSEMBLE__REDIS__URL", "redis://:hunter2@cache:6379/1")]).redis;
        assert_eq!(
            redis.url.as_ref().map(SecretUrl::redacted),
            Some("redis://:***@cache:6379/1")
        );
        assert!(!format!("{redis:?}").contains("hunter2"));
        assert!(
            !format!(
                "{:?}",
                faults(&[("ENSEMBLE__REDIS__URL", "http://:hunter2@cache")])
            )
            .contains("hunter2")
        );
    }

    #[test]
    fn retries_take_decimals() {
        assert_eq!(loaded(&[]).outbox.retry_base, Duration::from_secs(1));
        let outbox = loaded(&[("ENSEMBLE__OUTBOX__RETRY_BASE_SECONDS", "0.05")]).outbox;
        assert_eq!(
            (outbox.retry_base, outbox.max_attempts),
            (Duration::from_millis(50), 12)
        );
        for number in ["0", "-1", "NaN", "inf", "soon"] {
            assert_eq!(
                faults(&[("ENSEMBLE__OUTBOX__RETRY_BASE_SECONDS", number)]).len(),
                1,
                "{number}"
            );
        }
    }

    #[test]
    fn port_zero_means_no_metrics() {
        assert_eq!(loaded(&[]).metrics.port, Some(9464));
        assert_eq!(
            loaded(&[("ENSEMBLE__METRICS__PORT", "0")]).metrics.port,
            None
        );
    }

    #[test]
    fn the_ai_service_is_off_unless_set() {
        assert!(loaded(&[]).ai.service_url.is_none());
        let ai = loaded(&[
            ("AI_SERVICE_URL", "http://ai:9000/"),
            ("ENSEMBLE__AI__TIMEOUT_SECONDS", "2"),
        ])
        .ai;
        assert_eq!(ai.service_url.expect("is set").as_str(), "http://ai:9000");
        assert_eq!(ai.timeout, Duration::from_secs(2));
    }

    #[test]
    fn demo_is_the_only_seed() {
        assert_eq!(loaded(&[("ENSEMBLE__SEED", "")]).seed, None);
        assert_eq!(loaded(&[("ENSEMBLE__SEED", "demo")]).seed, Some(Seed::Demo));
        assert_eq!(
            faults(&[("ENSEMBLE__SEED", "prod")])[0].name,
            "ENSEMBLE__SEED"
        );
    }
}
