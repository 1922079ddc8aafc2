//! What a server tells of itself, to whom, and what it does not tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio_tungstenite::connect_async;

use crate::app::App;
use crate::client::{Client, text};
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    requests_sockets_and_work_are_told,
    metrics_have_an_address_of_their_own_and_nothing_else_has_it,
    nothing_of_anybody_is_told,
    what_clients_invent_makes_no_new_series,
    what_is_written_about_metrics_is_what_is_told,
}

/// One scrape, held against the rules of the format.
struct Scrape {
    text: String,
    /// Name and type of each family.
    families: BTreeMap<String, String>,
    /// Each series, and its value.
    series: BTreeMap<String, f64>,
}

impl Scrape {
    async fn of(metrics: &Client) -> Self {
        let answer = metrics.get("/metrics").await.is(200);
        let kind = answer.header("content-type");
        assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        Self::read(answer.text())
    }

    fn read(text: String) -> Self {
        let (mut families, mut series) = (BTreeMap::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(declared) = line.strip_prefix("# TYPE ") {
                let (name, kind) = declared.split_once(' ').expect("a type");
                let twice = families.insert(name.to_owned(), kind.to_owned());
                assert_eq!(twice, None, "{name} is declared once");
            } else if !line.starts_with("# HELP ") {
                let (one, value) = line.rsplit_once(' ').expect("a sample");
                let name = one.split('{').next().expect("a name");
                assert!(families.contains_key(family(&families, name)), "{line}");
                let value = value.parse().expect("a number");
                assert_eq!(series.insert(one.to_owned(), value), None, "{one} twice");
            }
        }
        assert!(text.ends_with('\n'));
        Self {
            text,
            families,
            series,
        }
    }

    #[track_caller]
    fn value(&self, series: &str) -> f64 {
        let value = self.series.get(series);
        *value.unwrap_or_else(|| {
            assert!(self.series.contains_key(series), "{series}\n{}", self.text);
            &f64::NAN
        })
    }

    fn names(&self) -> BTreeSet<&str> {
        self.series.keys().map(String::as_str).collect()
    }
}

/// The family of a sample.
fn family<'a>(families: &BTreeMap<String, String>, name: &'a str) -> &'a str {
    let parts = ["_bucket", "_sum", "_count"];
    let stem = parts.iter().find_map(|part| name.strip_suffix(part));
    match stem {
        Some(stem) if families.get(stem).is_some_and(|kind| kind == "histogram") => stem,
        _ => name,
    }
}

async fn requests_sockets_and_work_are_told(app: Arc<App>) {
    let (client, metrics) = app.start_measured().await;
    let person = Person::new(&client).await;
    for _ in 0..3 {
        person.client.get("/api/v1/users/me").await.is(200);
    }
    client.get("/api/v1/users/me").await.is(401);
    client.get("/images?offset=0").await.is(200);
    let url = format!("ws://{}/ws", client.authority());
    let (socket, _) = connect_async(url).await.expect("a socket");
    let told = Scrape::of(&metrics).await;
    let requests = |route: &str, method: &str, status: &str| {
        let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
        told.value(&format!("ensemble_http_requests_total{{{labels}}}"))
    };
    assert_eq!(requests("/api/v1/users/sign-up", "POST", "2xx"), 1.0);
    assert_eq!(requests("/api/v1/users/me", "GET", "2xx"), 3.0);
    assert_eq!(requests("/api/v1/users/me", "GET", "4xx"), 1.0);
    let count = "ensemble_http_request_duration_seconds_count";
    let of_me = "{route=\"/api/v1/users/me\",method=\"GET\"}";
    assert_eq!(told.value(&format!("{count}{of_me}")), 4.0);
    assert_eq!(told.value("ensemble_feed_page_seconds_count"), 1.0);
    assert_eq!(told.value("ensemble_sockets_open"), 1.0);
    assert_eq!(told.value("ensemble_socket_devices"), 0.0);
    assert_eq!(told.value("ensemble_database_up"), 1.0);
    assert_eq!(told.value("ensemble_event_bus_up"), 1.0);
    assert_eq!(told.value("ensemble_hash_busy"), 0.0);
    assert!(told.value("ensemble_hash_places") >= 1.0);
    let waiting = "ensemble_outbox_messages{channel=\"mail\",state=\"waiting\"}";
    assert_eq!(told.value(waiting), 0.0);
    let checked = "ensemble_cache_lookups_total{cache=\"tokens\",result=\"hit\"}";
    assert!(told.value(checked) >= 2.0);
    assert!(told.value("process_start_time_seconds") > 1.7e9);
    drop(socket);
    let gone = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(20));
        while Scrape::of(&metrics).await.value("ensemble_sockets_open") > 0.0 {
            rounds.tick().await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(30), gone).await;
    gone.expect("a socket that is closed is not counted");
}

async fn metrics_have_an_address_of_their_own_and_nothing_else_has_it(app: Arc<App>) {
    let (client, metrics) = app.start_measured().await;
    client.get("/metrics").await.refused(404, "not_found");
    for path in ["/", "/health", "/openapi.json", "/metrics/"] {
        metrics.get(path).await.refused(404, "not_found");
    }
    let sent = metrics.post("/metrics").await;
    assert_eq!(sent.header("allow"), "GET, HEAD, OPTIONS");
    sent.refused(405, "method_not_allowed");
    let head = metrics.request(Method::HEAD, "/metrics").await.is(200);
    assert!(head.body.is_empty());
}

async fn nothing_of_anybody_is_told(app: Arc<App>) {
    let (client, metrics) = app.start_measured().await;
    let person = Person::new(&client).await;
    let named = json!({"name": "비밀이름"});
    let changed = person.client.patch("/api/v1/users/me").json(&named).await;
    changed.is(200);
    let secret = "a-canary-in-a-query";
    let path = format!("/api/v1/products?q={secret}&limit=5");
    person.client.get(&path).await.is(200);
    let path = format!("/api/v1/products/{secret}");
    person.client.get(&path).await;
    let path = format!("/api/v1/users/{}", person.id);
    person.client.get(&path).await;
    client.get(&format!("/{secret}")).await.is(404);
    let told = Scrape::of(&metrics).await;
    for private in [
        person.phone.as_str(),
        &person.id,
        &person.refresh_token,
        person.client.token(),
        PASSWORD,
        "비밀이름",
        secret,
        "127.0.0.1",
        "e2e/1.0",
    ] {
        assert!(!told.text.contains(private), "{private}\n{}", told.text);
    }
}

/// Asks for what there is not, in many ways.
async fn invent(client: &Client, from: usize) {
    for number in from..from + 100 {
        client.get(&format!("/invented/{number}")).await.is(404);
        client.get(&format!("/api/v1/outfits/{number}")).await;
        let word = Method::from_bytes(format!("WORD{number}").as_bytes());
        let word = word.expect("a method");
        client.request(word.clone(), "/api/v1/products").await;
        client.request(word, &format!("/{number}")).await;
        let host = format!("host{number}.example");
        let named = client.get("/health").header("host", &host);
        named.header("user-agent", &host).await.is(200);
    }
}

async fn what_clients_invent_makes_no_new_series(app: Arc<App>) {
    let (client, metrics) = app.start_measured().await;
    invent(&client, 0).await;
    let before = Scrape::of(&metrics).await;
    invent(&client, 1_000).await;
    let after = Scrape::of(&metrics).await;
    assert_eq!(before.names(), after.names());
    let invented =
        "ensemble_http_requests_total{route=\"unmatched\",method=\"OTHER\",status=\"4xx\"}";
    assert_eq!(before.value(invented), 100.0);
    assert_eq!(after.value(invented), 200.0);
}

/// Names of metrics in a text.
fn named(text: &str) -> BTreeSet<&str> {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let words = text.split(|sign| !is_part(sign));
    words
        .filter(|word| word.starts_with("ensemble_") || word.starts_with("process_"))
        .collect()
}

async fn what_is_written_about_metrics_is_what_is_told(app: Arc<App>) {
    let (_, metrics) = app.start_measured().await;
    let told = Scrape::of(&metrics).await;
    let dashboard = include_str!("../../../docker/grafana/dashboards/ensemble.json");
    let parsed: Value = serde_json::from_str(dashboard).expect("JSON");
    assert_eq!(text(&parsed["title"]), "Ensemble");
    let alerts = include_str!("../../../docker/prometheus/alerts.yml");
    let operations = include_str!("../../../docs/OPERATIONS.md");
    for file in [dashboard, alerts, operations] {
        assert!(named(file).len() > 5);
        for name in named(file) {
            let family = family(&told.families, name);
            assert!(told.families.contains_key(family), "{name} is not told");
        }
    }
    let described = named(operations);
    for name in told.families.keys() {
        assert!(described.contains(name.as_str()), "{name} is not described");
    }
}
