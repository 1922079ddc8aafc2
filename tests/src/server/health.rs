//! Whether a server says truly how it is.

use std::sync::Arc;
use std::time::Duration;

use test_database::on_every_engine;

use crate::app::App;
use crate::client::Client;

on_every_engine! {
    crate::app::run;
    a_server_without_its_database_is_up_and_not_ready_until_it_is_back,
}

/// Asks until the answer is this.
async fn becomes(client: &Client, status: u16) {
    let looking = async {
        let mut rounds = tokio::time::interval(Duration::from_millis(20));
        while client.get("/readyz").await.status != status {
            rounds.tick().await;
        }
    };
    let looked = tokio::time::timeout(Duration::from_secs(30), looking).await;
    looked.expect("it becomes so");
}

async fn a_server_without_its_database_is_up_and_not_ready_until_it_is_back(app: Arc<App>) {
    let (client, metrics) = app.start_measured().await;
    becomes(&client, 200).await;
    let ready = client.get("/readyz").await.is(200).json();
    assert_eq!(ready["checks"]["database"], "ready");
    assert_eq!(ready["queue_age_seconds"], 0);
    // What it is asked for is not there any more.
    app.change("ALTER TABLE outbox RENAME TO elsewhere").await;
    becomes(&client, 503).await;
    for path in ["/health", "/healthz", "/livez"] {
        client.get(path).await.is(200);
    }
    let told = metrics.get("/metrics").await.is(200);
    assert!(told.text().contains("\nensemble_database_up 0\n"));
    app.change("ALTER TABLE elsewhere RENAME TO outbox").await;
    becomes(&client, 200).await;
}
