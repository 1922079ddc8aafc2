//! Death without warning (SIGKILL) under everything at once, again and again.

use std::time::{Duration, Instant};

use test_database::Engine;

use crate::crash::check_file;
use crate::load::Crowd;
use crate::measuring::{number, quantile};
use crate::process::Server;
use crate::rolling::node;

#[test]
fn a_server_killed_again_and_again_loses_nothing_it_acknowledged() {
    test_database::run(Engine::Sqlite, loses_nothing);
}

/// Requests that go well before each death.
const REQUESTS: usize = 25;

async fn loses_nothing(database_url: String) {
    let home = node(&database_url, 0);
    Crowd::enrol(&home);
    let mut server = Server::start(&home);
    let crowd = Crowd::gather(&server).await;
    let mut starts = Vec::new();
    // `make kill` makes it 200.
    for round in 0..number("ENSEMBLE_TEST_KILLS", 5) {
        let load = crowd.begin(server.base());
        // Not always at the same point of what they do.
        load.gets_on(REQUESTS + round as usize % 12).await;
        server.kill();
        for one in load.end().await {
            // Whoever hears anything hears that it was done.
            assert!(one.is_well() || one.status.is_err(), "{}", one.tell());
        }
        let begin = Instant::now();
        server = Server::start(&home);
        starts.push(begin.elapsed());
        crowd.check(server.base()).await;
    }
    println!(
        "killed {} times; {} acknowledged changes, all there; ready again after {:?} (median), {:?} (slowest)",
        starts.len(),
        crowd.acknowledged(),
        quantile(&starts, 0.5).unwrap_or(Duration::ZERO),
        quantile(&starts, 1.0).unwrap_or(Duration::ZERO),
    );
    server.terminate();
    let ended = tokio::task::spawn_blocking(move || server.wait());
    assert_eq!(ended.await.expect("its end").0.code(), Some(0));
    check_file(&database_url).await;
}
