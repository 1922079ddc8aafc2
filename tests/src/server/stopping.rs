//! Stopping finishes what was begun.

use std::sync::Arc;
use std::time::Duration;

use test_database::on_every_engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::App;
use crate::person::sign_in;

on_every_engine! {
    crate::app::run;
    a_request_that_was_begun_is_answered_before_the_server_stops,
    idle_connections_do_not_hold_a_server_up,
}

const ROWS: &str = "category,name,price,cost,size\n음료,슈크림 라떼,1,0,small\n";
const REST: &str = "음료,모카,1,0,small\n";

async fn a_request_that_was_begun_is_answered_before_the_server_stops(app: Arc<App>) {
    let person = app.person().await;
    let mut connection = TcpStream::connect(person.client.authority())
        .await
        .expect("a connection");
    let head = format!(
        "POST /api/v1/products/import HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: text/csv\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        person.client.token(),
        ROWS.len() + REST.len(),
    );
    connection.write_all(head.as_bytes()).await.expect("sent");
    let mut buffer = [0; 4096];
    let read = connection.read(&mut buffer).await.expect("an answer");
    let go_on = String::from_utf8_lossy(&buffer[..read]).into_owned();
    assert!(go_on.starts_with("HTTP/1.1 100"), "{go_on}");
    connection.write_all(ROWS.as_bytes()).await.expect("sent");

    let stopping = tokio::spawn({
        let app = app.clone();
        async move { app.stop().await }
    });
    // It is stopping once nobody is let in any more.
    let refuses = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        while TcpStream::connect(person.client.authority()).await.is_ok() {
            rounds.tick().await;
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(20), refuses).await;
    refused.expect("a server that stops lets nobody in");
    assert!(!stopping.is_finished(), "it waits for the request");

    connection.write_all(REST.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    connection
        .read_to_string(&mut answer)
        .await
        .expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"imported\":2"), "{answer}");
    stopping.await.expect("it stops");

    let again = app.start().await;
    let tokens = sign_in(&again, &person.phone, crate::person::PASSWORD).await;
    let tokens = tokens.is(200).json();
    let client = again.with_token(crate::client::text(&tokens["access_token"]));
    let page = client
        .get("/api/v1/products?q=%E3%85%85%E3%85%8B%E3%84%B9")
        .await;
    assert_eq!(page.is(200).json()["items"][0]["name"], "슈크림 라떼");
}

async fn idle_connections_do_not_hold_a_server_up(app: Arc<App>) {
    let person = app.person().await;
    person.is_signed_in(true).await;
    let begin = std::time::Instant::now();
    app.stop().await;
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(15), "it took {took:?}");
}
