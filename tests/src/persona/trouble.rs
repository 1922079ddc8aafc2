//! Meta is slow, hangs, fails, or talks nonsense.

use std::sync::Arc;
use std::time::{Duration, Instant};

use test_database::on_every_engine;

use super::graph::Mode;
use super::linked::{Linked, come_back, state};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    an_exchange_that_fails_is_told_in_time_and_changes_nothing,
    accounts_that_cannot_be_read_are_told_in_time,
}

/// The time-out of the stand-in's servers, and room for a busy machine.
const PATIENCE: Duration = Duration::from_secs(12);

const BROKEN: [Mode; 5] = [
    Mode::Error,
    Mode::Cut,
    Mode::Garbage,
    Mode::Endless,
    Mode::Redirect,
];

async fn an_exchange_that_fails_is_told_in_time_and_changes_nothing(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    let client = &linked.person.client;
    for mode in BROKEN.into_iter().chain([Mode::Hang]) {
        let state = state(client, Some("1")).await;
        linked.graph.mode(mode);
        let begun = Instant::now();
        let answer = come_back(client, &state, "good code").await;
        assert!(begun.elapsed() < PATIENCE, "{mode:?}");
        let document = answer.refused(502, "upstream_failed");
        assert_eq!(document["detail"], "upstream_failed", "{mode:?}");
        assert_eq!(linked.status("1").await, "none");
    }
    assert!(linked.graph.seen("/elsewhere").is_empty());
    linked.graph.mode(Mode::Slow);
    linked.connect("1").await;
}

async fn accounts_that_cannot_be_read_are_told_in_time(app: Arc<App>) {
    let linked = Linked::new(&app).await;
    linked.connect("1").await;
    for mode in BROKEN {
        linked.graph.mode(mode);
        let begun = Instant::now();
        let answer = linked.accounts("1").await;
        assert!(begun.elapsed() < PATIENCE, "{mode:?}");
        let document = answer.refused(502, "upstream_failed");
        assert_eq!(document["detail"], "upstream_failed", "{mode:?}");
    }
    linked.graph.mode(Mode::Hang);
    let begun = Instant::now();
    let document = linked.accounts("1").await.refused(504, "upstream_timeout");
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(document["detail"], "upstream_timeout");
    assert!(linked.graph.seen("/elsewhere").is_empty());
    linked.graph.mode(Mode::Slow);
    linked.accounts("1").await.is(200);
    assert_eq!(linked.status("1").await, "connected");
}
