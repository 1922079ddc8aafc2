//! Starting and stopping.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::home::Home;
use crate::process::{Person, Server};

#[test]
fn a_first_start_makes_secrets_and_database_and_keeps_them() {
    let home = Home::new();
    let server = Server::start(&home);
    let secrets = std::fs::read_to_string(home.path("data/secrets.toml")).expect("secrets");
    assert!(home.path("data/ensemble.db").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = std::fs::metadata(home.path("data/secrets.toml"));
        let mode = metadata.expect("secrets").permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else may read them");
    }
    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    for secret in secrets.split('"').skip(1).step_by(2) {
        assert!(!log.contains(secret), "no secret in the log");
    }

    let server = Server::start(&home);
    let again = std::fs::read_to_string(home.path("data/secrets.toml")).expect("secrets");
    assert_eq!(again, secrets);
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(0));
}

/// A request that has been begun: the server waits for its body.
async fn open_request(server: &Server) -> TcpStream {
    let mut connection = TcpStream::connect(place(server))
        .await
        .expect("a connection");
    let head = "POST /api/v1/users/sign-in HTTP/1.1\r\nhost: x\r\n\
        content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n";
    connection.write_all(head.as_bytes()).await.expect("sent");
    let mut go_on = [0; 25];
    connection.read_exact(&mut go_on).await.expect("an answer");
    assert!(go_on.starts_with(b"HTTP/1.1 100"));
    connection
}

fn place(server: &Server) -> &str {
    server.base().trim_start_matches("http://")
}

/// Waits until nobody is let in any more.
async fn refuses(server: &Server) {
    let refuses = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        while TcpStream::connect(place(server)).await.is_ok() {
            rounds.tick().await;
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(20), refuses).await;
    refused.expect("a server that stops lets nobody in");
}

#[tokio::test]
async fn a_signal_to_stop_lets_open_requests_finish() {
    let home = Home::new();
    home.user("010-1234-5678");
    let server = Server::start(&home);
    let person = Person::sign_in(&server, "010-1234-5678").await;
    // A connection that is kept but idle holds nothing up.
    person.get("/users/me").await;
    let mut connection = open_request(&server).await;
    server.terminate();
    refuses(&server).await;
    connection.write_all(b"{}").await.expect("sent");
    let mut answer = String::new();
    connection
        .read_to_string(&mut answer)
        .await
        .expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("stopped"), "{log}");
}

#[tokio::test]
async fn a_second_signal_waits_for_nobody() {
    let home = Home::new()
        .with("ENSEMBLE__SERVER__SHUTDOWN_SECONDS", "600")
        .with("ENSEMBLE__LIMITS__REQUEST_SECONDS", "600");
    let server = Server::start(&home);
    let _connection = open_request(&server).await;
    server.terminate();
    refuses(&server).await;
    // Were it to wait, this would, too: for ten minutes.
    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(1), "{log}");
}

#[tokio::test]
async fn a_server_told_to_stop_sends_requests_elsewhere_before_it_refuses_any() {
    let home = Home::new().with("ENSEMBLE__SERVER__DRAIN_SECONDS", "600");
    home.user("010-1234-5678");
    let server = Server::start(&home);
    let person = Person::sign_in(&server, "010-1234-5678").await;
    server.terminate();
    let told = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(5));
        let ready = format!("{}/readyz", server.base());
        loop {
            rounds.tick().await;
            let answer = reqwest::get(&ready).await.expect("everybody is let in");
            if answer.status() == 503 {
                return answer;
            }
            assert_eq!(answer.status(), 200);
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(60), told).await;
    let told = told.expect("it says so");
    assert_eq!(told.headers()["connection"], "close");
    for _ in 0..3 {
        let answer = person.request(reqwest::Method::GET, "/users/me").send();
        let answer = answer.await.expect("everything is still served");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["connection"], "close");
    }
    // Whoever cannot wait says so again.
    server.terminate();
    assert_eq!(server.wait().0.code(), Some(1));
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_made() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let home = Home::new().with("ENSEMBLE__SERVER__PORT", &port);
    home.run(["serve"]).failed(["cannot listen on", &port]);
    assert!(!home.path("data/ensemble.db").exists());
}

#[test]
fn a_port_for_metrics_that_is_taken_costs_the_metrics_in_development() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let home = Home::new().with("ENSEMBLE__METRICS__PORT", &port);
    home.run(["doctor"])
        .failed(["PROBLEM  metrics", "one problem"]);
    let server = Server::start(&home);
    server.terminate();
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("no metrics") && log.contains(&port), "{log}");
}
