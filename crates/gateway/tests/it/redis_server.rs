//! The Redis that tests are given.

use url::Url;

use crate::proxy::Proxy;

/// One Redis, and names of its own for each test.
pub(crate) struct Redis {
    pub(crate) url: Url,
    pub(crate) prefix: String,
}

impl Redis {
    /// `None`, and the test passes without having tested, unless `TEST_REDIS_URL` is set.
    pub(crate) fn from_environment() -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "tests are configured by environment"
        )]
        let url = std::env::var("TEST_REDIS_URL").ok()?;
        let random = getrandom::u64().expect("a random number");
        Some(Self {
            url: Url::parse(&url).expect("TEST_REDIS_URL is a URL"),
            prefix: format!("ensemble-test-{random:016x}"),
        })
    }

    pub(crate) fn target(&self) -> String {
        let host = self.url.host_str().expect("TEST_REDIS_URL has a host");
        format!("{host}:{}", self.url.port().unwrap_or(6379))
    }

    pub(crate) fn proxy(&self) -> Proxy {
        Proxy::new(self.target())
    }

    pub(crate) fn via(&self, port: u16) -> Url {
        let mut url = self.url.clone();
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        url
    }
}
