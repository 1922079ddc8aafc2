//! Section `traces`: where it is told what happened on account of each request.

use secrecy::{ExposeSecret, SecretString};

use super::address::BaseUrl;
use super::reader::Reader;

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Traces {
    /// The collector, without the path (`/v1/traces`); `None`: nothing is recorded.
    pub endpoint: Option<BaseUrl>,
    /// Headers for the collector: a name, and a value that may be a key.
    pub headers: Vec<(String, SecretString)>,
    /// What this program is called in them.
    pub service_name: String,
    /// Which part of the requests is recorded that come without word of it, 0 to 1. One that comes with word is
    /// recorded if its caller is.
    pub sample_ratio: f64,
}

impl Traces {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let mut headers = Vec::new();
        for header in reader.secrets("traces.headers") {
            match header.expose_secret().split_once('=') {
                Some((name, value)) if is_name(name.trim()) && !value.trim().is_empty() => {
                    headers.push((name.trim().to_owned(), decoded(value.trim()).into()));
                }
                _ => reader.fault(
                    "traces.headers",
                    "must be NAME=VALUE, several separated by commas; in a value, blanks and commas are percent-encoded",
                ),
            }
        }
        Self {
            endpoint: reader.parsed("traces.endpoint"),
            headers,
            service_name: reader.required("traces.service_name"),
            sample_ratio: reader
                .decimal("traces.sample_ratio", 0.0..=1.0)
                .unwrap_or_default(),
        }
    }
}

/// Whether a header may be called that.
fn is_name(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b"-_.".contains(&sign);
    !text.is_empty() && text.bytes().all(is_sign)
}

/// A value in which `%20` stands for a blank, and so on: that is how OpenTelemetry writes them.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let digits = after
            .get(..2)
            .filter(|two| two.bytes().all(|sign| sign.is_ascii_hexdigit()));
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        // One that encodes nothing stands for itself.
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn nothing_is_traced_unless_a_collector_is_set() {
        let traces = loaded(&[]).traces;
        assert!(traces.endpoint.is_none() && traces.headers.is_empty());
        assert_eq!(
            (traces.service_name.as_str(), traces.sample_ratio),
            ("ensemble", 1.0)
        );
        let traces = loaded(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"),
            ("OTEL_SERVICE_NAME", "shop"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ])
        .traces;
        let endpoint = traces.endpoint.expect("is set");
        assert_eq!(
            endpoint.join("/v1/traces"),
            "http://collector:4318/v1/traces"
        );
        assert_eq!(
            (traces.service_name.as_str(), traces.sample_ratio),
            ("shop", 0.25)
        );
        for ratio in ["1.5", "-1", "NaN", "all"] {
            assert_eq!(
                faults(&[("ENSEMBLE__TRACES__SAMPLE_RATIO", ratio)]).len(),
                1,
                "{ratio}"
            );
        }
    }

    #[test]
    fn headers_are_read_as_opentelemetry_writes_them() {
        let value = "Authorization=Basic%20aHVudGVyMg==, x-tenant=100%";
        let traces = loaded(&[("OTEL_EXPORTER_OTLP_HEADERS", value)]).traces;
        let headers: Vec<_> = traces
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose_secret()))
            .collect();
        assert_eq!(
            headers,
            [
                ("Authorization", "Basic aHVudGVyMg=="),
                ("x-tenant", "100%")
            ]
        );
        assert!(!format!("{traces:?}").contains("aHVudGVyMg"));
        for wrong in ["hunter2", "a b=hunter2", "=hunter2", "name="] {
            let found = faults(&[("ENSEMBLE__TRACES__HEADERS", wrong)]);
            assert_eq!(found.len(), 1, "{wrong}");
            assert!(!found[0].to_string().contains("hunter2"));
        }
    }
}
