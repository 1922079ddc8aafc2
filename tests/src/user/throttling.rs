//! Guessing is slow.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Answer, Client};
use crate::person::{PASSWORD, Person, new_phone, sign_in, sign_up};

on_every_engine! {
    crate::app::run;
    guessing_at_one_account_is_throttled,
    guessing_at_many_accounts_is_throttled,
    asking_who_has_an_account_is_throttled,
    guessing_at_a_confirmation_is_throttled,
    the_address_behind_a_trusted_proxy_counts,
    a_header_of_a_proxy_that_is_not_trusted_counts_for_nothing,
}

const ON: (&str, &str) = ("ENSEMBLE__LIMITS__ENABLED", "true");
const THREE_AN_ACCOUNT: (&str, &str) = ("ENSEMBLE__LIMITS__SIGN_IN_FAILURES_PER_ACCOUNT", "3");
const SLOW: (&str, &str) = ("ENSEMBLE__LIMITS__SIGN_IN_REFILL_SECONDS", "3600");

/// Told to wait, for how many seconds.
#[track_caller]
fn wait(answer: Answer) -> u64 {
    let seconds = answer.header("retry-after").parse().expect("seconds");
    answer.refused(429, "too_many_requests");
    seconds
}

async fn guess(client: &Client, phone: &str, times: usize) {
    for _ in 0..times {
        let answer = sign_in(client, phone, "not the password").await;
        answer.refused(401, "invalid_credentials");
    }
}

async fn guessing_at_one_account_is_throttled(app: Arc<App>) {
    let client = app.start_with(&[ON, THREE_AN_ACCOUNT, SLOW]).await;
    let (victim, other) = (new_phone(), new_phone());
    for phone in [&victim, &other] {
        sign_up(&client, phone).await.is(201);
    }
    guess(&client, &victim, 3).await;
    let seconds = wait(sign_in(&client, &victim, "not the password").await);
    assert!((3_500..=3_600).contains(&seconds), "{seconds}");
    // Another form is the same account, and the right password does not help either.
    let form = format!("+82 {}", &victim[1..]);
    wait(sign_in(&client, &form, PASSWORD).await);
    // An account that does not exist is throttled alike.
    let nobody = new_phone();
    guess(&client, &nobody, 3).await;
    wait(sign_in(&client, &nobody, PASSWORD).await);
    // A sign-in that succeeds counts for nothing, and forgives.
    for _ in 0..3 {
        guess(&client, &other, 2).await;
        sign_in(&client, &other, PASSWORD).await.is(200);
    }
}

async fn guessing_at_many_accounts_is_throttled(app: Arc<App>) {
    let limit = ("ENSEMBLE__LIMITS__SIGN_IN_FAILURES_PER_ADDRESS", "5");
    let client = app.start_with(&[ON, limit]).await;
    let mut told = None;
    // Tries come back every few seconds, which a slow machine may need for five of them.
    for _ in 0..50 {
        let answer = sign_in(&client, &new_phone(), PASSWORD).await;
        if answer.status == 429 {
            told = Some(wait(answer));
            break;
        }
        answer.refused(401, "invalid_credentials");
    }
    assert!(told.is_some_and(|seconds| (1..=60).contains(&seconds)));
}

async fn asking_who_has_an_account_is_throttled(app: Arc<App>) {
    let limit = ("ENSEMBLE__LIMITS__SIGN_UP_CONFLICTS_PER_ADDRESS", "2");
    let client = app.start_with(&[ON, limit]).await;
    let known = new_phone();
    sign_up(&client, &known).await.is(201);
    for _ in 0..2 {
        let taken = sign_up(&client, &known).await;
        taken.refused(409, "user_already_exists");
    }
    wait(sign_up(&client, &known).await);
}

async fn guessing_at_a_confirmation_is_throttled(app: Arc<App>) {
    let client = app.start_with(&[ON, THREE_AN_ACCOUNT, SLOW]).await;
    let (person, other) = (Person::new(&client).await, Person::new(&client).await);
    let guess = json!({"password": "not the password"});
    for _ in 0..3 {
        let answer = person.client.delete("/api/v1/users/me").json(&guess).await;
        answer.refused(403, "confirmation_required");
    }
    let proof = json!({"password": PASSWORD});
    wait(person.client.delete("/api/v1/users/me").json(&proof).await);
    let left = other.client.delete("/api/v1/users/me").json(&proof).await;
    left.is(204);
}

async fn sign_in_from(client: &Client, phone: &str, password: &str, hops: &str) -> Answer {
    let body = json!({"phone_number": phone, "password": password});
    let request = client.post("/api/v1/users/sign-in").json(&body);
    request.header("x-forwarded-for", hops).await
}

async fn the_address_behind_a_trusted_proxy_counts(app: Arc<App>) {
    let trusted = ("ENSEMBLE__SERVER__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8");
    let client = app.start_with(&[ON, THREE_AN_ACCOUNT, SLOW, trusted]).await;
    let phone = new_phone();
    sign_up(&client, &phone).await.is(201);
    for _ in 0..3 {
        let hops = "1.1.1.1, 203.0.113.7, 10.1.2.3";
        let answer = sign_in_from(&client, &phone, "not the password", hops).await;
        answer.refused(401, "invalid_credentials");
    }
    // What stands before the first hop that nobody vouches for may be invented.
    let hops = "2.2.2.2, 203.0.113.7";
    wait(sign_in_from(&client, &phone, PASSWORD, hops).await);
    // The owner is somewhere else, and is not locked out by who guesses.
    let answer = sign_in_from(&client, &phone, PASSWORD, "198.51.100.1").await;
    let tokens = answer.is(200).json();
    let owner = client.with_token(tokens["access_token"].as_str().expect("a token"));
    let sessions = owner.get("/api/v1/users/me/sessions").await.is(200).json();
    assert_eq!(sessions["items"][0]["ip"], "198.51.100.1");
}

async fn a_header_of_a_proxy_that_is_not_trusted_counts_for_nothing(app: Arc<App>) {
    let client = app.start_with(&[ON, THREE_AN_ACCOUNT, SLOW]).await;
    let phone = new_phone();
    sign_up(&client, &phone).await.is(201);
    for hop in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        let answer = sign_in_from(&client, &phone, "not the password", hop).await;
        answer.refused(401, "invalid_credentials");
    }
    wait(sign_in_from(&client, &phone, PASSWORD, "203.0.113.4").await);
}
