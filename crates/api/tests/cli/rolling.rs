//! A new version, node by node, while people use it: nobody notices.

use test_database::Engine;

use crate::balancer::Balancer;
use crate::home::Home;
use crate::load::{Crowd, Heard};
use crate::process::Server;

#[test]
fn a_rolling_restart_fails_no_request_on_postgres() {
    test_database::run(Engine::Postgres, a_rolling_restart_fails_no_request);
}

#[test]
fn a_rolling_restart_fails_no_request_on_mysql() {
    test_database::run(Engine::MySql, a_rolling_restart_fails_no_request);
}

/// Requests that go well before, while and after a node is away.
const REQUESTS: usize = 60;

/// One node of an installation of several.
pub(crate) fn node(database_url: &str, number: usize) -> Home {
    Home::new()
        .with("DATABASE_URL", database_url)
        .with("ENSEMBLE__SERVER__NODE_ID", &number.to_string())
        .with("ENSEMBLE__SERVER__WORKERS", "2")
        .with("ENSEMBLE__LIMITS__HASH_WAIT_SECONDS", "120")
        .with(
            "ENSEMBLE__AUTH__JWT_SECRET",
            "fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
        )
        .with("SESSION_SECRET", "Zr6Nw1QyB4tLk9VxE3mCs7GpJ0hFu2Da")
        .with(
            "ENSEMBLE__CRYPTO__KEY",
            "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
        )
}

async fn a_rolling_restart_fails_no_request(database_url: String) {
    let homes = [0, 1]
        .map(|number| node(&database_url, number).with("ENSEMBLE__SERVER__DRAIN_SECONDS", "2"));
    // Both find an empty database, and one of them makes the tables.
    let mut servers = std::thread::scope(|threads| {
        let starts = [0, 1].map(|number| {
            let home = &homes[number];
            threads.spawn(move || Server::start(home))
        });
        starts.map(|start| Some(start.join().expect("both come up")))
    });
    Crowd::enrol(&homes[0]);
    let first = servers[0].as_ref().expect("a server");
    let crowd = Crowd::gather(first).await;
    let bases = servers
        .each_ref()
        .map(|server| server.as_ref().expect("a server").base());
    let balancer = Balancer::before(&bases).await;
    balancer.has_ready(2).await;

    let load = crowd.begin(balancer.base());
    load.gets_on(REQUESTS).await;
    for number in [0, 1] {
        let server = servers[number].take().expect("a server");
        let base = server.base().to_owned();
        server.terminate();
        let ended = tokio::task::spawn_blocking(move || server.wait());
        let (status, log) = ended.await.expect("its end");
        assert_eq!(status.code(), Some(0), "{log}");
        balancer.forget(&base);
        load.gets_on(REQUESTS).await;
        let server = Server::start(&homes[number]);
        balancer.add(server.base());
        servers[number] = Some(server);
        balancer.has_ready(2).await;
        load.gets_on(REQUESTS).await;
    }
    let heard = load.end().await;
    let failed = heard.iter().filter(|one| !one.is_well());
    let failed: Vec<String> = failed.map(Heard::tell).collect();
    assert!(failed.is_empty(), "of {}: {failed:#?}", heard.len());
    crowd.check(balancer.base()).await;
    for server in servers.into_iter().flatten() {
        server.terminate();
        assert_eq!(server.wait().0.code(), Some(0));
    }
}
