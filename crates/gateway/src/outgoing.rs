//! Asking others over HTTP, on account of what is being done here.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Error, RequestBuilder, Response};
use trace::{Kind, Origin, Span, TRACEPARENT, TRACESTATE};

/// Sends a request. Where traces are recorded it is part of one, named by method and host, and whoever is asked is told
/// of it: nothing of the path or the query, which may hold keys.
pub(crate) async fn send(request: RequestBuilder) -> Result<Response, Error> {
    if !trace::is_on() {
        return request.send().await;
    }
    let (client, request) = request.build_split();
    let mut request = request?;
    let host = request.url().host_str().unwrap_or_default().to_owned();
    let span = Span::part(format!("{} {host}", request.method()), Kind::Client);
    span.note("http.request.method", request.method().to_string());
    span.note("server.address", host);
    tell(
        request.headers_mut(),
        span.origin().or_else(Origin::current),
    );
    let outcome = span.around(client.execute(request)).await;
    match &outcome {
        Ok(response) => {
            let status = response.status();
            span.note("http.response.status_code", i64::from(status.as_u16()));
            if status.is_client_error() || status.is_server_error() {
                span.fail("refused");
            }
        }
        Err(error) if error.is_timeout() => span.fail("timeout"),
        Err(_) => span.fail("unreachable"),
    }
    outcome
}

/// Puts it into the headers that W3C Trace Context has for it.
fn tell(headers: &mut HeaderMap, origin: Option<Origin>) {
    let Some(origin) = origin else { return };
    let said = [
        (TRACEPARENT, Some(origin.parent())),
        (TRACESTATE, origin.state()),
    ];
    for (name, value) in said {
        // What was read as state may be told on as state; it is checked once more because it came from outside.
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_asked_is_told_on_whose_account() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let mut headers = HeaderMap::new();
        tell(&mut headers, None);
        assert!(headers.is_empty());
        tell(&mut headers, Origin::read(parent, Some("vendor=1")));
        assert_eq!(headers[TRACEPARENT], parent);
        assert_eq!(headers[TRACESTATE], "vendor=1");
    }
}
