//! Forgotten and changed passwords.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use test_database::on_every_engine;

use super::{PUBLIC, Post, new_email};
use crate::app::App;
use crate::client::{Answer, text};
use crate::person::{PASSWORD, new_phone};

on_every_engine! {
    crate::app::run;
    a_forgotten_password_is_replaced_and_ends_every_session,
    an_address_that_nobody_has_answers_alike_and_gets_no_mail,
    a_link_sets_one_password_and_only_the_latest_works,
    of_many_resets_at_once_one_counts,
    a_link_that_expired_sets_nothing,
    an_address_that_is_only_claimed_does_not_open_an_account_with_another_way_in,
    who_reads_the_mail_has_proved_the_address,
    a_changed_password_is_told_and_ends_links,
}

async fn forgot(post: &Post, email: &str) -> Answer {
    let body = json!({"email": email});
    post.client
        .post("/api/v1/auth/password/forgot")
        .json(&body)
        .await
}

async fn reset(post: &Post, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "password": password});
    post.client
        .post("/api/v1/auth/password/reset")
        .json(&body)
        .await
}

const NEW: &str = "another horse battery";

async fn a_forgotten_password_is_replaced_and_ends_every_session(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    let member = post.member(&email).await;
    forgot(&post, &email).await.is(202);
    let mail = post.mail(&email, 2).await;
    assert!(mail.link(PUBLIC).starts_with("/password/reset/"));
    let refused = reset(&post, &mail.key(PUBLIC), "password").await;
    refused.invalid(&[("/password", "common_password")]);
    reset(&post, &mail.key(PUBLIC), NEW).await.is(204);
    member
        .get("/api/v1/users/me")
        .await
        .refused(401, "invalid_token");
    post.login(&email, PASSWORD).await.is(401);
    post.login(&email, NEW).await.is(201);
    assert_eq!(
        post.mail(&email, 3).await.subject,
        "Your password was changed"
    );
}

async fn an_address_that_nobody_has_answers_alike_and_gets_no_mail(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, nobody) = (new_email(), new_email());
    post.member(&email).await;
    let unknown = forgot(&post, &nobody).await.is(202);
    let known = forgot(&post, &email).await.is(202);
    assert_eq!(unknown.body, known.body);
    post.mail(&email, 2).await;
    // Stored as the other is, and settled from the beginning.
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 3);
    assert_eq!(post.sink.count(), 2);
}

async fn a_link_sets_one_password_and_only_the_latest_works(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    forgot(&post, &email).await.is(202);
    let first = post.mail(&email, 2).await.key(PUBLIC);
    forgot(&post, &email).await.is(202);
    let second = post.mail(&email, 3).await.key(PUBLIC);
    reset(&post, &first, NEW)
        .await
        .refused(404, "link_not_found");
    reset(&post, &second, NEW).await.is(204);
    reset(&post, &second, PASSWORD)
        .await
        .refused(404, "link_not_found");
    reset(&post, "x", PASSWORD)
        .await
        .refused(404, "link_not_found");
    // Mails may overtake each other: the note of the change first.
    post.mail(&email, 4).await;
    // A link for one thing is no link for another.
    forgot(&post, &email).await.is(202);
    let third = post.mail(&email, 5).await.key(PUBLIC);
    let path = format!("/api/v1/auth/email_verify/{third}");
    post.client.get(&path).await.refused(404, "link_not_found");
    reset(&post, &third, PASSWORD).await.is(204);
}

async fn of_many_resets_at_once_one_counts(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    forgot(&post, &email).await.is(202);
    let key = post.mail(&email, 2).await.key(PUBLIC);
    let resets = join_all((0..6).map(|_| async { reset(&post, &key, NEW).await.status.as_u16() }));
    let mut statuses = resets.await;
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404, 404, 404, 404]);
}

async fn a_link_that_expired_sets_nothing(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    forgot(&post, &email).await.is(202);
    let key = post.mail(&email, 2).await.key(PUBLIC);
    let day = 24 * 3_600 * 1_000_000_i64;
    let later = format!("UPDATE account_links SET expires_at = expires_at - {day}");
    app.change(&later).await;
    reset(&post, &key, NEW).await.refused(404, "link_not_found");
    post.login(&email, PASSWORD).await.is(201);
}

async fn an_address_that_is_only_claimed_does_not_open_an_account_with_another_way_in(
    app: Arc<App>,
) {
    let post = Post::start(&app).await;
    let (email, phone) = (new_email(), new_phone());
    let body = json!({"phone_number": phone, "email": email, "password": PASSWORD});
    post.client
        .post("/api/v1/users/sign-up")
        .json(&body)
        .await
        .is(201);
    forgot(&post, &email).await.is(202);
    // What was stored is settled: no mail will come.
    assert_eq!(
        app.count("SELECT COUNT(*) FROM outbox WHERE status = 0")
            .await,
        0
    );
    assert_eq!(post.sink.count(), 0);
}

async fn who_reads_the_mail_has_proved_the_address(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    let body = json!({"email": email, "password": PASSWORD});
    post.client
        .post("/api/v1/users/sign-up")
        .json(&body)
        .await
        .is(201);
    forgot(&post, &email).await.is(202);
    let key = post.mail(&email, 1).await.key(PUBLIC);
    reset(&post, &key, NEW).await.is(204);
    let me = super::me(&post.signed_in(&email, NEW).await).await;
    assert_eq!(me["email_verified"], true);
}

async fn a_changed_password_is_told_and_ends_links(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    let member = post.member(&email).await;
    forgot(&post, &email).await.is(202);
    let key = post.mail(&email, 2).await.key(PUBLIC);
    let body = json!({"current_password": PASSWORD, "new_password": NEW});
    let change = member.put("/api/v1/users/me/password").json(&body);
    change.header("accept-language", "ko").await.is(204);
    let mail = post.mail(&email, 3).await;
    assert_eq!(mail.subject, "비밀번호가 변경되었습니다");
    assert!(text(&json!(mail.text)).contains(PUBLIC));
    reset(&post, &key, PASSWORD)
        .await
        .refused(404, "link_not_found");
    member.get("/api/v1/users/me").await.is(200);
}
