//! The name of a request.

use std::sync::Arc;

use test_database::on_every_engine;

use crate::app::App;

on_every_engine! {
    crate::app::run;
    a_good_request_id_is_kept,
    any_other_is_replaced,
}

async fn a_good_request_id_is_kept(app: Arc<App>) {
    let client = app.start().await;
    for id in ["a", "trace-1.2_3", &"x".repeat(128)] {
        for path in ["/health", "/nothing", "/api/v1/products"] {
            let answer = client.get(path).header("x-request-id", id).await;
            assert_eq!(answer.header("x-request-id"), id);
        }
    }
}

async fn any_other_is_replaced(app: Arc<App>) {
    let client = app.start().await;
    let mut seen = std::collections::BTreeSet::new();
    for id in ["", "a b", "a\"b", "a{b}", &"x".repeat(129)] {
        let answer = client.get("/health").header("x-request-id", id).await;
        let given = answer.header("x-request-id").to_owned();
        assert!(given.len() == 32 && given.bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(seen.insert(given), "each has its own");
    }
}
