//! Whose address a request comes from.

use actix_web::{HttpResponse, test::TestRequest, web, web::ServiceConfig};

use super::{ask, from_peer};
use crate::http::{ClientAddress, ForwardedBy, TrustedProxies};

async fn who(ClientAddress(address): ClientAddress) -> HttpResponse {
    HttpResponse::Ok().body(address.to_string())
}

async fn seen(header: ForwardedBy, request: TestRequest) -> String {
    let networks = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
    let proxies = TrustedProxies {
        networks: networks.into(),
        header,
    };
    let routes = |config: &mut ServiceConfig| {
        config.app_data(proxies).route("/who", web::get().to(who));
    };
    String::from_utf8(ask(routes, request).await.body.to_vec()).expect("UTF-8")
}

async fn x_forwarded(peer: &str, lines: &[&str]) -> String {
    let request = lines.iter().fold(from_peer(peer), |request, line| {
        request.append_header(("x-forwarded-for", *line))
    });
    seen(ForwardedBy::XForwardedFor, request).await
}

async fn forwarded(line: &str) -> String {
    seen(
        ForwardedBy::Forwarded,
        from_peer("10.0.0.1").insert_header(("forwarded", line)),
    )
    .await
}

#[actix_web::test]
async fn a_stranger_is_who_it_is_whatever_it_says() {
    assert_eq!(
        x_forwarded("192.0.2.1", &["198.51.100.7"]).await,
        "192.0.2.1"
    );
    assert_eq!(x_forwarded("::ffff:192.0.2.1", &[]).await, "192.0.2.1");
    let routes = |config: &mut ServiceConfig| {
        config.route("/who", web::get().to(who));
    };
    let nobody_trusted = from_peer("10.0.0.1").insert_header(("x-forwarded-for", "198.51.100.7"));
    assert_eq!(&ask(routes, nobody_trusted).await.body[..], b"10.0.0.1");
    assert_eq!(&ask(routes, super::get("/who")).await.body[..], b"0.0.0.0");
}

#[actix_web::test]
async fn behind_a_proxy_the_nearest_stranger_counts() {
    assert_eq!(
        x_forwarded("10.0.0.1", &["198.51.100.7"]).await,
        "198.51.100.7"
    );
    assert_eq!(
        x_forwarded("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.9.9.9"]).await,
        "198.51.100.7"
    );
    assert_eq!(
        x_forwarded("10.0.0.1", &["1.2.3.4", "198.51.100.7", "10.9.9.9"]).await,
        "198.51.100.7"
    );
    assert_eq!(
        x_forwarded("::ffff:10.0.0.1", &["198.51.100.7:1234"]).await,
        "198.51.100.7"
    );
    assert_eq!(
        x_forwarded("fd00::1", &["[2001:db8::7]:443"]).await,
        "2001:db8::7"
    );
    assert_eq!(
        x_forwarded("10.0.0.1", &["10.0.0.3, 10.0.0.2"]).await,
        "10.0.0.3"
    );
    assert_eq!(x_forwarded("10.0.0.1", &[]).await, "10.0.0.1");
}

#[actix_web::test]
async fn what_cannot_be_read_leaves_the_peer() {
    for line in [
        "",
        "junk",
        "unknown",
        "198.51.100.7,",
        "1.2.3.4 5.6.7.8",
        "999.1.1.1",
        "junk, 10.0.0.2",
        "\u{fc}",
    ] {
        assert_eq!(x_forwarded("10.0.0.1", &[line]).await, "10.0.0.1", "{line}");
    }
    // A fault beyond the first stranger is the stranger's own.
    assert_eq!(
        x_forwarded("10.0.0.1", &["junk, 198.51.100.7"]).await,
        "198.51.100.7"
    );
}

#[actix_web::test]
async fn the_standard_header_is_read_when_it_is_the_proxies_own() {
    assert_eq!(forwarded("for=198.51.100.7").await, "198.51.100.7");
    assert_eq!(
        forwarded("For=\"[2001:db8::7]:4711\";proto=https;by=10.0.0.1").await,
        "2001:db8::7"
    );
    assert_eq!(
        forwarded("for=1.2.3.4, proto=https; for=\"198.51.100.7:80\" , for=10.0.0.9").await,
        "198.51.100.7"
    );
    for line in [
        "for=unknown",
        "for=_hidden",
        "proto=https",
        "for=\"",
        "for",
        "=",
        "for=\"198.51.100.7",
        ";;,",
    ] {
        assert_eq!(forwarded(line).await, "10.0.0.1", "{line}");
    }
    let both = from_peer("10.0.0.1").insert_header(("x-forwarded-for", "1.2.3.4"));
    let both = both.insert_header(("forwarded", "for=198.51.100.7"));
    assert_eq!(seen(ForwardedBy::Forwarded, both).await, "198.51.100.7");
}
