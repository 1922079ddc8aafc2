//! What holds whatever a stranger sends. It is stated here once, and tried twice: by property
//! tests with input that is made for it, and by the targets of `fuzz/` with libFuzzer's.
//!
//! Each function panics where its promise is broken.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::Uri;
use actix_web::http::header::{HeaderValue, X_FORWARDED_FOR};
use actix_web::test::TestRequest;
use actix_web::{FromRequest, ResponseError};
use chrono::FixedOffset;
use futures_util::FutureExt;
use ipnet::IpNet;
use serde_json::Value;

use crate::chat::frames::{self, Asked, Refusal, Sent};
use crate::http::{ClientAddress, ForwardedBy, IdText, TrustedProxies, ValidQuery};
use crate::user::UnlinkedBody;

/// A frame of the socket: it is refused in one of two ways or understood within its bounds, and
/// what it means depends on nothing but the JSON that it is.
pub fn frame(text: &str) {
    let zone = FixedOffset::east_opt(9 * 3_600).expect("an offset");
    let read = frames::read(text, zone);
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        assert!(
            matches!(read, Err(Refusal::NotJson)),
            "what is not JSON is refused as that"
        );
        return;
    };
    let payload = &frame["payload"];
    match &read {
        Err(refusal) => assert_eq!(*refusal, Refusal::BadRequest),
        Ok(Sent::Heartbeat(back)) => assert_eq!(back, payload, "a heartbeat comes back as it is"),
        Ok(Sent::Auth(token, seq)) => {
            assert_eq!(token, payload["auth"].as_str().unwrap_or_default());
            assert!(seq.is_none_or(|seq| seq >= 0), "no place before the first");
        }
        Ok(Sent::Asked(asked)) => within_bounds(asked, payload),
    }
    // Another order, other blanks, other escapes. Numbers with a fraction may lose their last bit
    // on the way, which a heartbeat is allowed to notice.
    if !matches!(read, Ok(Sent::Heartbeat(_))) {
        let again = frames::read(&frame.to_string(), zone);
        assert_eq!(
            format!("{read:?}"),
            format!("{again:?}"),
            "the same JSON means the same"
        );
    }
}

fn within_bounds(asked: &Asked, payload: &Value) {
    match asked {
        Asked::Send { room, content, .. } => {
            assert!(*room >= 0, "ids are not negative");
            assert_eq!(
                Some(content.as_str()),
                payload["content"].as_str(),
                "kept as given"
            );
            assert!((1..=4_000).contains(&content.as_str().chars().count()));
        }
        Asked::Edit { content, .. } => {
            let text = content.as_ref().map_or("", |content| content.as_str());
            assert_eq!(Some(text), payload["content"].as_str(), "kept as given");
        }
        Asked::LoadChat { count, .. } => assert!((1..=100).contains(count)),
        Asked::Resume(seq) => assert!(*seq >= 0),
        Asked::Read { room, .. } | Asked::Typing { room } => assert!(*room >= 0),
        Asked::LoadFriends | Asked::Friend(..) | Asked::Presence => {}
    }
}

/// The client behind trusted proxies: a stranger is who it is whatever it says; and once the walk
/// from the nearest hop outwards has met a stranger, nothing that stands before it counts.
/// `lines` are those of `X-Forwarded-For`, divided by line feeds.
pub fn client_address(lines: &[u8]) {
    let lines: Vec<HeaderValue> = lines
        .split(|byte| *byte == b'\n')
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .collect();
    let proxy = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let stranger = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    assert_eq!(
        address(stranger, &lines),
        stranger,
        "a stranger is not believed"
    );

    let found = address(proxy, &lines);
    assert_eq!(found, plainly(proxy, &lines), "the plain definition");
    if !is_trusted(found) {
        let forged = HeaderValue::from_static("203.0.113.66, nonsense");
        let forged: Vec<_> = std::iter::once(forged).chain(lines).collect();
        assert_eq!(
            address(proxy, &forged),
            found,
            "what a client wrote before counts for nothing"
        );
    }
}

/// `10.0.0.0/8` and `fd00::/8`.
fn is_trusted(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.octets()[0] == 10,
        IpAddr::V6(address) => address.octets()[0] == 0xfd,
    }
}

fn address(peer: IpAddr, lines: &[HeaderValue]) -> IpAddr {
    let networks: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"]
        .iter()
        .flat_map(|text| text.parse())
        .collect();
    let mut request = TestRequest::default()
        .peer_addr(SocketAddr::new(peer, 443))
        .app_data(TrustedProxies {
            networks,
            header: ForwardedBy::XForwardedFor,
        });
    for line in lines {
        request = request.append_header((X_FORWARDED_FOR, line.clone()));
    }
    ClientAddress::of(&request.to_http_request()).0
}

/// The same with all hops laid out first.
fn plainly(peer: IpAddr, lines: &[HeaderValue]) -> IpAddr {
    let mut hops = Vec::new();
    for line in lines {
        match line.to_str() {
            Ok(line) => hops.extend(line.split(',').map(hop)),
            Err(_) => hops.push(None),
        }
    }
    let Some(last) = hops
        .iter()
        .rposition(|hop| hop.is_none_or(|hop| !is_trusted(hop)))
    else {
        return hops.first().copied().flatten().unwrap_or(peer);
    };
    hops[last].unwrap_or(peer)
}

fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address = match inner {
        Some(inner) => inner.parse().ok(),
        None => text.parse().ok(),
    };
    let socket = || text.parse().map(|socket: SocketAddr| socket.ip()).ok();
    address
        .or_else(socket)
        .map(|address: IpAddr| address.to_canonical())
}

/// Kakao's word that somebody left, as it comes by query: the last `user_id` counts, and nobody is
/// meant by a message that is not understood.
pub fn webhook(query: &str) {
    let Ok(uri) = format!("/?{query}").parse::<Uri>() else {
        return;
    };
    let request = TestRequest::default()
        .uri(&uri.to_string())
        .to_http_request();
    let read = ValidQuery::<UnlinkedBody>::from_request(&request, &mut Payload::None);
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    let last = pairs.filter(|(name, _)| name == "user_id").last();
    let meant = last.and_then(|(_, value)| value.parse::<IdText>().ok());
    match read.now_or_never().expect("a query is read at once") {
        Ok(ValidQuery(body)) => assert_eq!(Some(body.person()), meant.map(|id| id.0)),
        Err(problem) => assert!(problem.status_code().is_client_error()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(json!(null)),
            Just(json!("MjAyNi0xMS0yMSAxODowMDowMC4wMDAwMDA=")),
            any::<i64>().prop_map(|number| json!(number)),
            (0..200u64).prop_map(|number| json!(number)),
            any::<f64>().prop_map(|number| json!(number)),
            any::<String>().prop_map(|text| json!(text)),
            "[0-9]{1,20}".prop_map(|text| json!(text)),
            prop::sample::select(vec![
                "send",
                "edit",
                "chat",
                "mutual_users",
                "request",
                "accept"
            ])
            .prop_map(|text| json!(text)),
        ]
    }

    fn kind() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "heartbeat",
            "auth",
            "chat",
            "load",
            "mutual_users",
            "read",
            "typing",
            "resume",
            "presence",
            "dance",
        ])
    }

    fn member() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "auth", "seq", "type", "chat_id", "load_id", "id", "content", "nonce", "datetime",
            "count", "name", "mark_end",
        ])
    }

    proptest! {
        #[test]
        fn frames_mean_what_their_json_says(
            kind in kind(),
            payload in prop::collection::hash_map(member(), value(), 0..8),
        ) {
            super::frame(&json!({"type": kind, "payload": payload}).to_string());
        }

        #[test]
        fn any_text_is_a_frame_or_refused(text: String) {
            super::frame(&text);
        }

        #[test]
        fn what_a_client_writes_itself_never_moves_it(
            hops in prop::collection::vec(
                "(10\\.[0-9]\\.0\\.1|198\\.51\\.100\\.[0-9]|fd00::[1-9]|\\[2001:db8::1\\](:80)?|unknown|\\PC{0,4})",
                0..6,
            ),
            mark in prop::sample::select(vec![",", ", ", "\n"]),
        ) {
            super::client_address(hops.join(mark).as_bytes());
        }

        #[test]
        fn who_left_kakao_is_the_last_that_is_named(query in "((user_id|app_id|u)=[0-9a%+]{0,20}&?){0,4}") {
            super::webhook(&query);
        }
    }
}
