//! Making an account.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::sync::Barrier;

use crate::app::App;
use crate::client::{Answer, Client, text};
use crate::person::{PASSWORD, sign_in, sign_up};

on_every_engine! {
    crate::app::run;
    every_usual_form_of_a_phone_number_is_one_account,
    a_person_has_a_number_an_address_or_a_user_name,
    a_name_is_somebodys_alone,
    an_account_without_a_name_gets_a_free_one,
    every_failing_field_of_a_sign_up_is_named,
    common_passwords_are_refused,
    of_many_who_want_one_number_at_once_one_gets_it,
    of_many_who_want_one_name_at_once_one_gets_it,
}

const PATH: &str = "/api/v1/users/sign-up";

async fn post(client: &Client, body: Value) -> Answer {
    client.post(PATH).json(&body).await
}

async fn every_usual_form_of_a_phone_number_is_one_account(app: Arc<App>) {
    let client = app.start().await;
    let made = sign_up(&client, "010-1234-5678").await.is(201).json();
    assert!(text(&made["user_id"]).bytes().all(|b| b.is_ascii_digit()));
    for form in [
        "010-1234-5678",
        "01012345678",
        "+82 10 1234 5678",
        "+82-10-1234-5678",
        "+82 (0)10-1234-5678",
        "0082 10 1234 5678",
        "０１０－１２３４－５６７８",
    ] {
        sign_up(&client, form)
            .await
            .refused(409, "user_already_exists");
        sign_in(&client, form, PASSWORD).await.is(200);
    }
    let tokens = sign_in(&client, "01012345678", PASSWORD).await.json();
    let me = client.with_token(text(&tokens["access_token"]));
    let me = me.get("/api/v1/users/me").await.is(200).json();
    assert_eq!(me["phone_number"], "+821012345678");
    assert_eq!(me["id"], made["user_id"]);
}

async fn a_person_has_a_number_an_address_or_a_user_name(app: Arc<App>) {
    let client = app.start().await;
    for (member, value, again) in [
        ("phone_number", "+1 415 555 2671", "+14155552671"),
        ("email", "Yuna@Example.com", "yuna@example.COM"),
        ("username", "yuna_kim", "YUNA_Kim"),
    ] {
        let body = |value| json!({member: value, "password": PASSWORD});
        post(&client, body(value)).await.is(201);
        post(&client, body(again))
            .await
            .refused(409, "user_already_exists");
        let signed_in = client
            .post("/api/v1/users/sign-in")
            .json(&body(again))
            .await;
        signed_in.is(200);
    }
    let both =
        json!({"phone_number": "01000000001", "email": "both@example.com", "password": PASSWORD});
    post(&client, both).await.is(201);
    for known in [
        json!({"phone_number": "010 0000 0001", "email": "new@example.com", "password": PASSWORD}),
        json!({"phone_number": "010 0000 0002", "email": "both@example.com", "password": PASSWORD}),
    ] {
        post(&client, known)
            .await
            .refused(409, "user_already_exists");
    }
}

async fn a_name_is_somebodys_alone(app: Arc<App>) {
    let client = app.start().await;
    let body = |phone: &str, name: &str| json!({"phone_number": phone, "name": name, "password": PASSWORD});
    let made = post(&client, body("01000000001", "Yuna 유나")).await;
    assert_eq!(made.is(201).json()["name"], "Yuna 유나");
    for taken in ["Yuna 유나", "yuna 유나", "ＹＵＮＡ 유나", " YUNA 유나 "] {
        post(&client, body("01000000002", taken))
            .await
            .refused(409, "name_taken");
    }
    // Nothing is left of those who were refused.
    post(&client, body("01000000002", "somebody else"))
        .await
        .is(201);
}

async fn an_account_without_a_name_gets_a_free_one(app: Arc<App>) {
    let client = app.start().await;
    let first = sign_up(&client, "01000000001").await.is(201).json();
    let second = sign_up(&client, "01000000002").await.is(201).json();
    assert_ne!(first["name"], second["name"]);
    // A user name is what its owner most likely wants to be called, if that is free.
    let body = json!({"username": "yuna_kim", "password": PASSWORD});
    assert_eq!(post(&client, body).await.is(201).json()["name"], "yuna_kim");
    let body = json!({"email": "a@example.com", "name": "minji", "password": PASSWORD});
    post(&client, body).await.is(201);
    let body = json!({"username": "Minji", "password": PASSWORD});
    assert_ne!(post(&client, body).await.is(201).json()["name"], "Minji");
}

async fn every_failing_field_of_a_sign_up_is_named(app: Arc<App>) {
    let client = app.start().await;
    post(&client, json!({})).await.invalid(&[
        ("/password", "required"),
        ("/phone_number", "identifier_required"),
    ]);
    post(&client, json!({"phone_number": "02-123-4567", "email": "a@b", "username": "a b!", "name": "", "password": "short"}))
        .await
        .invalid(&[
            ("/email", "email"),
            ("/name", "length"),
            ("/password", "length"),
            ("/phone_number", "phone_number"),
            ("/username", "username"),
        ]);
    post(
        &client,
        json!({"phone_number": 1012345678, "password": ["a"], "unknown": 1}),
    )
    .await
    .invalid(&[("/password", "wrong_type"), ("/phone_number", "wrong_type")]);
    post(&client, json!([]))
        .await
        .invalid(&[("", "wrong_type")]);
    let unknown =
        json!({"phone_number": "01000000001", "password": PASSWORD, "role": "admin", "id": 1});
    post(&client, unknown).await.is(201);
}

async fn common_passwords_are_refused(app: Arc<App>) {
    let client = app.start().await;
    let body = |password: &str| json!({"phone_number": "01000000001", "password": password});
    for common in [
        "password",
        "PASSWORD",
        "qwerty123",
        "12345678",
        "aaaaaaaaaaaa",
    ] {
        post(&client, body(common))
            .await
            .invalid(&[("/password", "common_password")]);
    }
    for wrong in ["7 chars", &"비".repeat(129)] {
        post(&client, body(wrong))
            .await
            .invalid(&[("/password", "length")]);
    }
    post(&client, body(&"비밀".repeat(64))).await.is(201);
}

async fn of_many_who_want_one_number_at_once_one_gets_it(app: Arc<App>) {
    let client = app.start().await;
    let statuses = race(200, |number| {
        let forms = ["010-1234-5678", "01012345678", "+82 10 1234 5678"];
        let body = json!({"phone_number": forms[number % forms.len()], "password": PASSWORD});
        (client.clone(), body)
    });
    assert_eq!(statuses.await, one_of(200, "user_already_exists"));
    sign_in(&client, "01012345678", PASSWORD).await.is(200);
}

async fn of_many_who_want_one_name_at_once_one_gets_it(app: Arc<App>) {
    let client = app.start().await;
    let statuses = race(20, |number| {
        let phone = format!("010{number:08}");
        let body = json!({"phone_number": phone, "name": "유나", "password": PASSWORD});
        (client.clone(), body)
    });
    assert_eq!(statuses.await, one_of(20, "name_taken"));
}

/// Signs up that many at the same moment; how often each answer was given.
async fn race(runners: usize, entry: impl Fn(usize) -> (Client, Value)) -> BTreeMap<String, usize> {
    let start = Arc::new(Barrier::new(runners));
    let runners: Vec<_> = (0..runners)
        .map(|number| {
            let ((client, body), start) = (entry(number), start.clone());
            tokio::spawn(async move {
                start.wait().await;
                let answer = post(&client, body).await;
                match answer.status.as_u16() {
                    201 => "made".to_owned(),
                    status => format!("{status} {}", text(&answer.json()["code"])),
                }
            })
        })
        .collect();
    let mut outcomes = BTreeMap::new();
    for runner in runners {
        *outcomes
            .entry(runner.await.expect("an answer"))
            .or_default() += 1;
    }
    outcomes
}

/// One got it, all others were told so.
fn one_of(runners: usize, code: &str) -> BTreeMap<String, usize> {
    BTreeMap::from([("made".to_owned(), 1), (format!("409 {code}"), runners - 1)])
}
