//! Asking for an account and proving the address.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use test_database::on_every_engine;

use super::{PUBLIC, Post, me, new_email, new_name};
use crate::app::App;
use crate::client::text;
use crate::person::{PASSWORD, new_phone};

on_every_engine! {
    crate::app::run;
    an_account_exists_once_the_link_is_opened,
    asking_again_replaces_what_was_asked_for,
    a_taken_address_answers_like_a_free_one_and_its_owner_is_told,
    of_many_that_open_a_link_at_once_one_makes_the_account,
    a_link_that_expired_makes_nothing,
    mails_to_one_address_are_limited,
    an_address_that_is_only_claimed_goes_to_who_proves_it,
    a_name_that_was_taken_meanwhile_is_made_up,
    bad_input_asks_for_nothing,
    mails_are_in_the_language_of_the_request,
    a_link_is_not_opened_by_asking_what_is_behind_it,
    nothing_readable_is_stored,
}

async fn an_account_exists_once_the_link_is_opened(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, name) = (new_email(), new_name());
    let answer = post.register(&email, &name, PASSWORD).await.is(201).json();
    let message = "successfully created an account creation request.";
    assert_eq!(
        answer,
        json!({"type": "info", "payload": {"message": message}})
    );
    let refused = post.login(&email, PASSWORD).await;
    let refused = refused.refused(401, "invalid_credentials");
    assert_eq!(refused["type"], "error");
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 0);

    let link = post.mail(&email, 1).await.link(PUBLIC);
    assert!(link.starts_with("/api/v1/auth/email_verify/"), "{link}");
    let answer = post.client.get(&link).await.is(201).json();
    let message = "account successfully created.";
    assert_eq!(
        answer,
        json!({"type": "info", "payload": {"message": message}})
    );
    let again = post.client.get(&link).await.refused(404, "link_not_found");
    assert_eq!(again["type"], "error");

    let answer = post.login(&email, PASSWORD).await.is(201).json();
    assert_eq!(answer["type"], "auth");
    let me = me(&post.client.with_token(text(&answer["payload"]["token"]))).await;
    assert_eq!((&me["email"], &me["name"]), (&json!(email), &json!(name)));
    assert_eq!(
        (&me["email_verified"], &me["sns_type"]),
        (&json!(true), &json!("email"))
    );
}

async fn asking_again_replaces_what_was_asked_for(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.register(&email, &new_name(), "the first password")
        .await
        .is(201);
    let first = post.mail(&email, 1).await.link(PUBLIC);
    post.register(&email.to_uppercase(), &new_name(), PASSWORD)
        .await
        .is(201);
    let second = post.mail(&email.to_uppercase(), 1).await.link(PUBLIC);
    post.client.get(&first).await.refused(404, "link_not_found");
    post.client.get(&second).await.is(201);
    post.login(&email, "the first password").await.is(401);
    post.login(&email, PASSWORD).await.is(201);
}

async fn a_taken_address_answers_like_a_free_one_and_its_owner_is_told(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    let free = post
        .register(&new_email(), &new_name(), PASSWORD)
        .await
        .is(201);
    let taken = post
        .register(&email, &new_name(), "another password")
        .await
        .is(201);
    assert_eq!(free.body, taken.body);
    let mail = post.mail(&email, 2).await;
    assert_eq!(mail.subject, "You have an account already");
    assert_eq!(mail.link(PUBLIC), "/login");
    post.login(&email, "another password").await.is(401);
    post.login(&email, PASSWORD).await.is(201);
}

async fn of_many_that_open_a_link_at_once_one_makes_the_account(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    let link = post.mail(&email, 1).await.link(PUBLIC);
    let opens = join_all((0..10).map(|_| async { post.client.get(&link).await.status.as_u16() }));
    let mut statuses = opens.await;
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201][..], &[404; 9]].concat());
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 1);
}

async fn a_link_that_expired_makes_nothing(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    let link = post.mail(&email, 1).await.link(PUBLIC);
    let day = 24 * 3_600 * 1_000_000_i64;
    let later = format!("UPDATE sign_up_requests SET expires_at = expires_at - {day}");
    app.change(&later).await;
    post.client.get(&link).await.refused(404, "link_not_found");
    post.login(&email, PASSWORD).await.is(401);
}

async fn mails_to_one_address_are_limited(app: Arc<App>) {
    let limited = [
        ("ENSEMBLE__LIMITS__ENABLED", "true"),
        ("ENSEMBLE__LIMITS__MAILS_PER_ADDRESS", "2"),
        ("ENSEMBLE__LIMITS__MAIL_REFILL_SECONDS", "3600"),
    ];
    let post = Post::start_with(&app, &limited).await;
    let (email, other) = (new_email(), new_email());
    for _ in 0..2 {
        post.register(&email, &new_name(), PASSWORD).await.is(201);
    }
    let refused = post.register(&email, &new_name(), PASSWORD).await;
    refused.refused(429, "too_many_requests");
    let body = json!({"email": email});
    let forgot = post
        .client
        .post("/api/v1/auth/password/forgot")
        .json(&body)
        .await;
    forgot.refused(429, "too_many_requests");
    post.register(&other, &new_name(), PASSWORD).await.is(201);
    post.mail(&email, 2).await;
}

async fn an_address_that_is_only_claimed_goes_to_who_proves_it(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, phone) = (new_email(), new_phone());
    // One has another way in, the other (at another address) has none.
    let body =
        json!({"phone_number": phone, "email": email, "password": "the claimant's password"});
    post.client
        .post("/api/v1/users/sign-up")
        .json(&body)
        .await
        .is(201);
    let claimant = post.signed_in(&email, "the claimant's password").await;
    let owner = post.member(&email).await;
    assert_eq!(me(&owner).await["email"], email);
    claimant
        .get("/api/v1/users/me")
        .await
        .refused(401, "invalid_token");
    post.login(&email, "the claimant's password").await.is(401);
    let body = json!({"phone_number": phone, "password": "the claimant's password"});
    let tokens = post
        .client
        .post("/api/v1/users/sign-in")
        .json(&body)
        .await
        .is(200)
        .json();
    let claimant = post.client.with_token(text(&tokens["access_token"]));
    assert!(me(&claimant).await["email"].is_null());

    let email = new_email();
    let body = json!({"email": email, "password": "the claimant's password"});
    post.client
        .post("/api/v1/users/sign-up")
        .json(&body)
        .await
        .is(201);
    post.member(&email).await;
    post.login(&email, "the claimant's password").await.is(401);
    let hashes = "SELECT COUNT(*) FROM users WHERE password_hash IS NULL AND email IS NULL";
    assert_eq!(app.count(hashes).await, 1);
}

async fn a_name_that_was_taken_meanwhile_is_made_up(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, other, name) = (new_email(), new_email(), new_name());
    for email in [&email, &other] {
        post.register(email, &name, PASSWORD).await.is(201);
    }
    for email in [&email, &other] {
        let link = post.mail(email, 1).await.link(PUBLIC);
        post.client.get(&link).await.is(201);
    }
    let first = me(&post.signed_in(&email, PASSWORD).await).await;
    let second = me(&post.signed_in(&other, PASSWORD).await).await;
    assert_eq!(first["name"], name);
    assert!(text(&second["name"]).starts_with("user_"), "{second}");
    let refused = post.register(&new_email(), &name, PASSWORD).await;
    refused.refused(409, "name_taken");
}

async fn bad_input_asks_for_nothing(app: Arc<App>) {
    let post = Post::start(&app).await;
    let register = || post.client.post("/api/v1/auth/register");
    let answer = register().json(&json!({})).await;
    answer.invalid(&[
        ("/email", "required"),
        ("/name", "required"),
        ("/password", "required"),
    ]);
    let body = json!({"name": "", "email": "nobody", "password": "password"});
    let answer = register().json(&body).await;
    answer.invalid(&[
        ("/email", "email"),
        ("/name", "length"),
        ("/password", "common_password"),
    ]);
    for key in ["x", "", "%00", &"a".repeat(43)] {
        let path = format!("/api/v1/auth/email_verify/{key}");
        assert_eq!(post.client.get(&path).await.status.as_u16(), 404, "{key}");
    }
    post.login("nobody", PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn mails_are_in_the_language_of_the_request(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    let body = json!({"name": new_name(), "email": email, "password": PASSWORD});
    let register = post.client.post("/api/v1/auth/register").json(&body);
    let sent = register.header("accept-language", "ko-KR,ko;q=0.9,en;q=0.1");
    // Who asks says where they asked; links lead elsewhere.
    sent.header("x-forwarded-host", "evil.example")
        .await
        .is(201);
    let mail = post.mail(&email, 1).await;
    assert_eq!(mail.subject, "이메일 주소를 확인해 주세요");
    assert!(mail.text.contains("환영합니다") && !mail.text.contains("evil"));
    post.client.get(&mail.link(PUBLIC)).await.is(201);
}

async fn a_link_is_not_opened_by_asking_what_is_behind_it(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    let link = post.mail(&email, 1).await.link(PUBLIC);
    let head = post.client.request(reqwest::Method::HEAD, &link).await;
    head.is(200);
    post.client.get(&link).await.is(201);
}

async fn nothing_readable_is_stored(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink.script(&[crate::smtp::Reply::Hang]);
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    post.sink.tried(1).await;
    let readable =
        "SELECT COUNT(*) FROM outbox WHERE payload LIKE '%example%' OR payload LIKE '%http%'";
    assert_eq!(app.count(readable).await, 0);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM outbox WHERE payload <> ''")
            .await,
        1
    );
}
