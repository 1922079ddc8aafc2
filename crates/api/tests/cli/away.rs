//! A database that is away for a while: everybody is told so at once, nothing that was acknowledged
//! is lost, and afterwards everything goes on as before.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use test_database::Engine;

use crate::load::{Crowd, Heard};
use crate::measuring::{number, quantile};
use crate::process::Server;
use crate::rolling::node;
use crate::wire::Wire;

#[test]
fn a_database_that_is_cut_off_is_told_at_once_on_postgres() {
    test_database::run(Engine::Postgres, |url| survives(url, Wire::cut));
}

#[test]
fn a_database_that_is_cut_off_is_told_at_once_on_mysql() {
    test_database::run(Engine::MySql, |url| survives(url, Wire::cut));
}

#[test]
fn a_database_that_falls_silent_is_noticed_on_postgres() {
    test_database::run(Engine::Postgres, |url| survives(url, Wire::darken));
}

#[test]
fn a_database_that_falls_silent_is_noticed_on_mysql() {
    test_database::run(Engine::MySql, |url| survives(url, Wire::darken));
}

/// Requests that go well before and afterwards.
const REQUESTS: usize = 60;

async fn survives(database_url: String, breaks: fn(&Wire)) {
    let wire = Wire::to(&database_url).await;
    let home = node(&wire.lead(&database_url), 0);
    // The line has to be served meanwhile.
    let server = tokio::task::block_in_place(|| {
        Crowd::enrol(&home);
        Server::start(&home)
    });
    let crowd = Crowd::gather(&server).await;
    let base = server.base().to_owned();
    let load = crowd.begin(&base);
    load.gets_on(REQUESTS).await;

    breaks(&wire);
    let cut = Instant::now();
    answers(&base, "/readyz", 503).await;
    let noticed = Instant::now();
    for _ in 0..5 {
        answers(&base, "/livez", 200).await;
        load.is_refused(10).await;
    }
    tokio::time::sleep(Duration::from_secs(number("ENSEMBLE_TEST_CUT_SECONDS", 0))).await;
    let last_dark = Instant::now();
    wire.restore();
    answers(&base, "/readyz", 200).await;
    let back = Instant::now();
    load.gets_on(REQUESTS).await;
    let heard = load.end().await;

    for one in &heard {
        let is_told = one.status.as_ref() == Ok(&StatusCode::SERVICE_UNAVAILABLE)
            && one.kind == "application/problem+json";
        assert!(one.is_well() || is_told, "{}", one.tell());
        // Whoever asks once it is back is answered.
        assert!(one.is_well() || one.at < back, "{}", one.tell());
    }
    report(&heard, [cut, noticed, last_dark, back]);
    crowd.check(&base).await;
    server.terminate();
    let ended = tokio::task::spawn_blocking(move || server.wait());
    assert_eq!(ended.await.expect("its end").0.code(), Some(0));
}

/// Waits until a page is answered like this.
async fn answers(base: &str, path: &str, status: u16) {
    let asks = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(20));
        loop {
            rounds.tick().await;
            let answer = reqwest::get(format!("{base}{path}")).await;
            if answer.expect("an answer").status() == status {
                return;
            }
        }
    };
    let answered = tokio::time::timeout(Duration::from_secs(60), asks).await;
    assert!(answered.is_ok(), "{path} never answered {status}");
}

/// Figures for docs/RELIABILITY.md; shown with `--nocapture`.
fn report(heard: &[Heard], [cut, noticed, last_dark, back]: [Instant; 4]) {
    let while_away = |one: &&Heard| one.at + one.took > cut && one.at < last_dark;
    let refused: Vec<Duration> = heard
        .iter()
        .filter(while_away)
        .filter(|one| !one.is_well())
        .map(|one| one.took)
        .collect();
    let later: Vec<Duration> = heard
        .iter()
        .filter(|one| one.at > noticed && one.at < last_dark && !one.is_well())
        .map(|one| one.took)
        .collect();
    let first_well = heard
        .iter()
        .filter(|one| one.is_well() && one.at > last_dark);
    let first_well = first_well.map(|one| one.at + one.took).min();
    println!(
        "away for {:?}; /readyz 503 after {:?}, 200 again after {:?}, a request went well after {:?}\n\
         {} answered 503 while away: median {:?}, slowest {:?}; once it was known: slowest {:?}",
        last_dark - cut,
        noticed - cut,
        back - last_dark,
        first_well.map(|at| at - last_dark),
        refused.len(),
        quantile(&refused, 0.5),
        quantile(&refused, 1.0),
        quantile(&later, 1.0),
    );
}
