//! The address of an account that exists.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::{PUBLIC, Post, me, new_email, new_name};
use crate::app::App;
use crate::client::{Answer, Client};
use crate::person::{PASSWORD, Person};

on_every_engine! {
    crate::app::run;
    an_address_changes_once_the_new_one_is_proved_and_both_are_told,
    a_change_needs_the_password,
    the_address_of_another_answers_alike_and_stays_theirs,
    a_new_password_calls_a_change_off,
    a_claim_is_proved_by_a_link,
    there_is_nothing_to_prove_without_a_claim,
    an_account_takes_its_mails_and_links_with_it,
}

async fn ask(who: &Client, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    who.post("/api/v1/users/me/email").json(&body).await
}

async fn an_address_changes_once_the_new_one_is_proved_and_both_are_told(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (old, new) = (new_email(), new_email());
    let member = post.member(&old).await;
    ask(&member, &new, PASSWORD).await.is(202);
    assert_eq!(me(&member).await["email"], old);
    let told = post.mail(&old, 2).await;
    assert_eq!(told.subject, "Another e-mail address was asked for");
    assert!(!told.text.contains(&new));
    let link = post.mail(&new, 1).await.link(PUBLIC);
    // To look at it, as a mail scanner does, changes nothing.
    post.client.get(&link).browsing().await.is(200);
    post.client.get(&link).await.refused(404, "link_not_found");
    assert_eq!(me(&member).await["email"], old);
    post.client.post(&link).await.is(200);
    post.client.post(&link).await.refused(404, "link_not_found");
    let changed = me(&member).await;
    assert_eq!(
        (&changed["email"], &changed["email_verified"]),
        (&json!(new), &json!(true))
    );
    for (address, number) in [(&old, 3), (&new, 2)] {
        let mail = post.mail(address, number).await;
        assert_eq!(mail.subject, "Your e-mail address was changed");
    }
    post.login(&old, PASSWORD).await.is(401);
    post.login(&new, PASSWORD).await.is(201);
    // The old one is free again.
    post.register(&old, &new_name(), PASSWORD).await.is(201);
    let link = post.mail(&old, 4).await.link(PUBLIC);
    post.client.get(&link).await.is(201);
}

async fn a_change_needs_the_password(app: Arc<App>) {
    let post = Post::start(&app).await;
    let member = post.member(&new_email()).await;
    let refused = ask(&member, &new_email(), "not the password").await;
    refused.refused(403, "confirmation_required");
    let body = json!({"email": new_email()});
    let without = member.post("/api/v1/users/me/email").json(&body).await;
    without.refused(403, "confirmation_required");
    let body = json!({"email": "nobody", "password": PASSWORD});
    let invalid = member.post("/api/v1/users/me/email").json(&body).await;
    invalid.invalid(&[("/email", "email")]);
    let stranger = ask(&post.client, &new_email(), PASSWORD).await;
    stranger.refused(401, "unauthenticated");
    assert_eq!(post.sink.count(), 1);
}

async fn the_address_of_another_answers_alike_and_stays_theirs(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (one, other) = (new_email(), new_email());
    let member = post.member(&one).await;
    let owner = post.member(&other).await;
    let free = ask(&member, &new_email(), PASSWORD).await.is(202);
    let taken = ask(&member, &other, PASSWORD).await.is(202);
    assert_eq!(free.body, taken.body);
    let mail = post.mail(&other, 2).await;
    assert_eq!(mail.subject, "Your address was asked for");
    assert!(!mail.text.contains(PUBLIC));
    assert_eq!(me(&owner).await["email"], other);
    assert_eq!(me(&member).await["email"], one);
}

async fn a_new_password_calls_a_change_off(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (old, new) = (new_email(), new_email());
    let member = post.member(&old).await;
    ask(&member, &new, PASSWORD).await.is(202);
    let link = post.mail(&new, 1).await.link(PUBLIC);
    let body = json!({"current_password": PASSWORD, "new_password": "another horse battery"});
    member
        .put("/api/v1/users/me/password")
        .json(&body)
        .await
        .is(204);
    post.client.get(&link).await.refused(404, "link_not_found");
    assert_eq!(me(&member).await["email"], old);
}

async fn a_claim_is_proved_by_a_link(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    let body = json!({"email": email, "password": PASSWORD});
    post.client
        .post("/api/v1/users/sign-up")
        .json(&body)
        .await
        .is(201);
    let member = post.signed_in(&email, PASSWORD).await;
    assert_eq!(me(&member).await["email_verified"], false);
    let prove = || async { member.post("/api/v1/users/me/email/verification").await };
    prove().await.is(202);
    let first = post.mail(&email, 1).await.link(PUBLIC);
    prove().await.is(202);
    let second = post.mail(&email, 2).await.link(PUBLIC);
    post.client.get(&first).await.refused(404, "link_not_found");
    post.client.post(&second).await.is(200);
    assert_eq!(me(&member).await["email_verified"], true);
    prove().await.refused(409, "email_already_verified");
    // Nothing changed that anybody has to be told.
    assert_eq!(post.sink.count(), 2);
}

async fn there_is_nothing_to_prove_without_a_claim(app: Arc<App>) {
    let post = Post::start(&app).await;
    let person = Person::new(&post.client).await;
    let answer = person
        .client
        .post("/api/v1/users/me/email/verification")
        .await;
    answer.refused(409, "email_missing");
    let answer = post
        .client
        .post("/api/v1/users/me/email/verification")
        .await;
    answer.refused(401, "unauthenticated");
}

async fn an_account_takes_its_mails_and_links_with_it(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, new) = (new_email(), new_email());
    let member = post.member(&email).await;
    ask(&member, &new, PASSWORD).await.is(202);
    let link = post.mail(&new, 1).await.link(PUBLIC);
    let body = json!({"password": PASSWORD});
    member.delete("/api/v1/users/me").json(&body).await.is(204);
    post.client.get(&link).await.refused(404, "link_not_found");
    assert_eq!(app.count("SELECT COUNT(*) FROM account_links").await, 0);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM outbox WHERE owner_id IS NOT NULL")
            .await,
        0
    );
}
