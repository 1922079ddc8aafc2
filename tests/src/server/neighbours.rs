//! Two servers on one database.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use test_database::{Engine, on_every_engine};

use crate::app::App;
use crate::client::Client;
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    what_ends_on_one_has_ended_on_the_other_at_once,
    what_ends_on_one_soon_ends_on_the_other_that_remembers,
    both_may_start_at_the_same_time,
}

/// How soon every node has to know.
const SOON: Duration = Duration::from_secs(2);

/// Ends all of somebody's sessions but the one at hand, each way there is.
async fn ways_to_end(person: &Person, way: usize) {
    let client = &person.client;
    let request = match way {
        0 => client.delete("/api/v1/users/me/sessions"),
        1 => {
            let body =
                json!({"current_password": PASSWORD, "new_password": "staple of the battery"});
            client.put("/api/v1/users/me/password").json(&body)
        }
        _ => client
            .delete("/api/v1/users/me")
            .json(&json!({"password": PASSWORD})),
    };
    request.await.is(204);
}

/// The same person's other session, seen from the other server, which has met it already.
async fn elsewhere(person: &Person, other: &Client) -> Client {
    let session = person.elsewhere().await.client.at(other);
    session.get("/api/v1/users/me").await.is(200);
    session.get("/api/v1/users/me").await.is(200);
    session
}

async fn what_ends_on_one_has_ended_on_the_other_at_once(app: Arc<App>) {
    if app.engine == Engine::Sqlite {
        // One file has one server.
        return;
    }
    let (here, there) = (app.start().await, app.start().await);
    for way in 0..3 {
        let person = Person::new(&here).await;
        let session = elsewhere(&person, &there).await;
        ways_to_end(&person, way).await;
        let answer = session.get("/api/v1/users/me").await;
        answer.refused(401, "invalid_token");
    }
    let person = Person::new(&here).await;
    let session = person.client.at(&there);
    session.get("/api/v1/users/me").await.is(200);
    person.client.post("/api/v1/users/sign-out").await.is(204);
    let answer = session.get("/api/v1/users/me").await;
    answer.refused(401, "invalid_token");
    // Products are the same everywhere, at once.
    let person = Person::new(&here).await;
    let id = person.product("라떼").await;
    let path = format!("/api/v1/products/{id}");
    let other = person.client.at(&there);
    other.get(&path).await.is(200);
    person
        .client
        .patch(&path)
        .json(&json!({"price": 7}))
        .await
        .is(200);
    assert_eq!(other.get(&path).await.is(200).json()["price"], 7);
}

async fn what_ends_on_one_soon_ends_on_the_other_that_remembers(app: Arc<App>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "which servers there are is told to the tests by nobody else"
    )]
    let redis = std::env::var("TEST_REDIS_URL").unwrap_or_default();
    if app.engine == Engine::Sqlite || redis.is_empty() {
        return;
    }
    let redis = [("ENSEMBLE__REDIS__URL", redis.as_str())];
    let (here, there) = (app.start_with(&redis).await, app.start_with(&redis).await);
    // The first of them may find the bus still being connected to, and nothing remembered.
    for way in [0, 1, 2, 0, 2, 3, 3] {
        let person = Person::new(&here).await;
        let session = if way == 3 {
            let session = person.client.at(&there);
            session.get("/api/v1/users/me").await.is(200);
            person.client.post("/api/v1/users/sign-out").await.is(204);
            session
        } else {
            let session = elsewhere(&person, &there).await;
            ways_to_end(&person, way).await;
            session
        };
        let ends = async {
            let mut rounds = tokio::time::interval(Duration::from_millis(5));
            while session.get("/api/v1/users/me").await.status == 200 {
                rounds.tick().await;
            }
        };
        let ended = tokio::time::timeout(SOON, ends).await;
        ended.expect("the other server hears of it soon");
    }
}

async fn both_may_start_at_the_same_time(app: Arc<App>) {
    if app.engine == Engine::Sqlite {
        return;
    }
    let (here, there) = tokio::join!(app.start(), app.start());
    let person = Person::new(&here).await;
    person
        .client
        .at(&there)
        .get("/api/v1/users/me")
        .await
        .is(200);
}
