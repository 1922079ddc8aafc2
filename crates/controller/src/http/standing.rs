//! The header fields that tell what a client may do how often, and what is left of it
//! (draft-ietf-httpapi-ratelimit-headers; structured fields, RFC 9651).

use std::io::Write;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, web};
use service::requests::{RequestLimits, Standing};
use service::throttle::Limit;

use super::problem::whole_seconds;

/// What a client may do how often: `q` units in `w` seconds.
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of it: `r` units, and more in `t` seconds.
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// A field's value: a name and two numbers, which is always a legal one.
fn value(name: &str, [one, other]: [(char, u64); 2]) -> HeaderValue {
    // Longer than any name and two numbers of twenty digits; what would not fit is left out.
    let mut text = [0; 96];
    let mut rest = text.as_mut_slice();
    let _ = write!(
        rest,
        "\"{name}\";{}={};{}={}",
        one.0, one.1, other.0, other.1
    );
    let left = rest.len();
    let written = text.len() - left;
    HeaderValue::from_bytes(&text[..written]).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// `"name";q=10;w=300`.
pub(super) fn policy(name: &str, limit: Limit) -> HeaderValue {
    let window = whole_seconds(limit.window());
    value(name, [('q', limit.capacity.into()), ('w', window)])
}

/// `"name";r=3;t=30`.
pub(super) fn standing(name: &str, left: u32, more_in: Duration) -> HeaderValue {
    value(name, [('r', left.into()), ('t', whole_seconds(more_in))])
}

/// The limits of requests, where there are any.
pub(crate) fn limits_of(request: &HttpRequest) -> Option<&RequestLimits> {
    let limits = request.app_data::<web::Data<RequestLimits>>();
    limits.map(|limits| limits.get_ref())
}

/// Tells how somebody stands; beside what another limit says, if it said something.
pub(crate) fn tell_standing(limits: &RequestLimits, of: Standing, headers: &mut HeaderMap) {
    let Some(limit) = limits.limit(of.policy) else {
        return;
    };
    let name = of.policy.as_str();
    headers.append(RATE_LIMIT_POLICY, policy(name, limit));
    headers.append(RATE_LIMIT, standing(name, of.left, of.more_in));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_form_of_the_draft() {
        let limit = Limit {
            capacity: 6_000,
            refill: Duration::from_millis(10),
        };
        assert_eq!(policy("account", limit), r#""account";q=6000;w=60"#);
        let left = standing("account", 5_999, Duration::from_millis(1));
        assert_eq!(left, r#""account";r=5999;t=1"#);
        // The longest that there can be.
        let limit = Limit {
            capacity: u32::MAX,
            refill: Duration::MAX,
        };
        let longest = format!(r#""account";q=4294967295;w={}"#, u64::MAX);
        assert_eq!(policy("account", limit), longest);
    }
}
