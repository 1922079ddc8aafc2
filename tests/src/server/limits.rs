//! Who asks too often, and who comes when there are too many.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use test_database::{Engine, on_every_engine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::App;
use crate::client::{Answer, Client};
use crate::person::{PASSWORD, Person, new_phone, sign_in, sign_up};

on_every_engine! {
    crate::app::run;
    an_account_is_told_how_it_stands_and_to_wait,
    servers_with_a_redis_count_together,
    a_crowd_is_turned_away_and_everybody_else_is_served,
}

const ON: (&str, &str) = ("ENSEMBLE__LIMITS__ENABLED", "true");
const ME: &str = "/api/v1/users/me";
/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

async fn an_account_is_told_how_it_stands_and_to_wait(app: Arc<App>) {
    let five = ("ENSEMBLE__LIMITS__REQUESTS_PER_ACCOUNT", "5");
    let client = app.start_with(&[ON, five]).await;
    let (person, other) = (Person::new(&client).await, Person::new(&client).await);
    let first = person.client.get(ME).await.is(200);
    assert_eq!(first.header("ratelimit-policy"), "\"account\";q=5;w=60");
    assert_eq!(first.header("ratelimit"), "\"account\";r=4;t=12");
    // One comes back every twelve seconds, which a slow machine may need for five of them.
    let refused = async {
        loop {
            let answer = person.client.get(ME).await;
            if answer.status == 429 {
                return answer;
            }
            answer.is(200);
        }
    };
    let refused = tokio::time::timeout(PATIENCE, refused).await;
    let refused = refused.expect("it comes to an end");
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=12).contains(&seconds), "{seconds}");
    refused.refused(429, "too_many_requests");
    let standing = other.client.get(ME).await.is(200);
    assert_eq!(standing.header("ratelimit"), "\"account\";r=4;t=12");
    let healthy = person.client.get("/livez").await.is(200);
    assert!(!healthy.headers.contains_key("ratelimit"));
}

async fn guess(client: &Client, phone: &str) -> Answer {
    sign_in(client, phone, "not the password").await
}

async fn servers_with_a_redis_count_together(app: Arc<App>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "which servers there are is told to the tests by nobody else"
    )]
    let redis = std::env::var("TEST_REDIS_URL").unwrap_or_default();
    if app.engine == Engine::Sqlite || redis.is_empty() {
        return;
    }
    // Buckets are named by a secret: no other test, and no earlier run, has these.
    let secret = format!("{:?}", app.file("a secret of this test"));
    let settings = [
        ON,
        ("SESSION_SECRET", secret.as_str()),
        ("ENSEMBLE__REDIS__URL", redis.as_str()),
        ("ENSEMBLE__LIMITS__SIGN_IN_FAILURES_PER_ACCOUNT", "3"),
        ("ENSEMBLE__LIMITS__SIGN_IN_REFILL_SECONDS", "3600"),
    ];
    let here = app.start_with(&settings).await;
    let there = app.start_with(&settings).await;
    let phone = new_phone();
    sign_up(&here, &phone).await.is(201);
    for client in [&here, &there, &here] {
        guess(client, &phone)
            .await
            .refused(401, "invalid_credentials");
    }
    for client in [&there, &here] {
        let answer = sign_in(client, &phone, PASSWORD).await;
        answer.refused(429, "too_many_requests");
    }
    // Who gets in is forgiven everywhere.
    let other = new_phone();
    sign_up(&here, &other).await.is(201);
    for client in [&here, &there] {
        for _ in 0..2 {
            guess(client, &other)
                .await
                .refused(401, "invalid_credentials");
        }
        sign_in(client, &other, PASSWORD).await.is(200);
    }
}

/// Begins to sign up, and keeps the server waiting for the rest.
async fn hold(client: &Client) -> TcpStream {
    let connection = TcpStream::connect(client.authority()).await;
    let mut connection = connection.expect("a connection");
    let head = "POST /api/v1/users/sign-up HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\
                content-type: application/json\r\ncontent-length: 100\r\n\r\n";
    connection.write_all(head.as_bytes()).await.expect("sent");
    // No byte more: a refusal may follow at once.
    let mut go_on = [0; 25];
    connection.read_exact(&mut go_on).await.expect("an answer");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection
}

/// Tries to sign in as nobody.
async fn knock(client: &Client) -> Answer {
    let body = json!({"phone_number": new_phone(), "password": "not the password"});
    client.post("/api/v1/users/sign-in").json(&body).await
}

async fn turned_away(connection: &mut TcpStream) {
    let mut status = [0; 12];
    let read = connection.read_exact(&mut status).await;
    read.expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 503");
}

/// Fills the two places there are: of three who come one is turned away, and the others are in hand
/// then. That somebody is told to go on does not show it.
async fn fill(client: &Client) -> [TcpStream; 2] {
    let [mut one, mut two, mut three] =
        [hold(client).await, hold(client).await, hold(client).await];
    tokio::select! {
        () = turned_away(&mut one) => [two, three],
        () = turned_away(&mut two) => [one, three],
        () = turned_away(&mut three) => [one, two],
    }
}

async fn a_crowd_is_turned_away_and_everybody_else_is_served(app: Arc<App>) {
    let two = ("ENSEMBLE__LIMITS__REQUESTS_IN_FLIGHT", "2");
    // Nobody is given up for being slow.
    let long = ("ENSEMBLE__LIMITS__REQUEST_SECONDS", "600");
    let client = app.start_with(&[two, long]).await;
    let person = Person::new(&client).await;
    let held = tokio::time::timeout(PATIENCE, fill(&client)).await;
    let held = held.expect("one of three is turned away");
    let refused = knock(&client).await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.refused(503, "overloaded");
    // Whoever reads is not kept waiting by those who write, and some are always let in.
    for path in ["/livez", "/readyz", ME] {
        person.client.get(path).await.is(200);
    }
    person.client.post("/api/v1/users/sign-out").await.is(204);
    drop(held);
    let let_in = async { while knock(&client).await.status != 401 {} };
    let let_in = tokio::time::timeout(PATIENCE, let_in).await;
    let_in.expect("who goes away leaves a place");
}
