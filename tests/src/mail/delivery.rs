//! How mails leave: through a mail server that misbehaves, by workers that die.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use test_database::on_every_engine;
use tokio::time::{Instant, timeout};

use super::{PUBLIC, Post, new_email, new_name};
use crate::app::App;
use crate::person::PASSWORD;
use crate::smtp::Reply;

on_every_engine! {
    crate::app::run;
    a_server_that_is_busy_is_tried_again,
    who_is_refused_for_good_is_not_tried_again,
    after_the_last_try_a_mail_is_dead,
    a_mail_whose_fate_is_unknown_comes_again_as_the_same,
    a_server_that_hangs_holds_up_neither_answers_nor_the_end,
    a_mail_left_behind_by_a_dead_worker_is_sent_by_another,
    two_nodes_send_each_mail_once,
    without_a_mail_server_mails_become_files,
}

/// Looks until it is so.
async fn eventually(app: &App, query: &str, expected: i64) {
    let looking = async {
        while app.count(query).await != expected {
            tokio::task::yield_now().await;
        }
    };
    let waited = timeout(Duration::from_secs(60), looking).await;
    waited.expect(query);
}

const SENT: &str = "SELECT COUNT(*) FROM outbox WHERE status = 1";
const DEAD: &str = "SELECT COUNT(*) FROM outbox WHERE status = 2";

async fn a_server_that_is_busy_is_tried_again(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink
        .script(&[Reply::Code(451), Reply::Code(421), Reply::Code(450)]);
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    let link = post.mail(&email, 1).await.link(PUBLIC);
    eventually(&app, SENT, 1).await;
    assert_eq!(app.count("SELECT attempts FROM outbox").await, 4);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM outbox WHERE payload <> ''")
            .await,
        0
    );
    post.client.get(&link).await.is(201);
}

async fn who_is_refused_for_good_is_not_tried_again(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink.script(&[Reply::Code(550)]);
    let (refused, other) = (new_email(), new_email());
    post.register(&refused, &new_name(), PASSWORD).await.is(201);
    eventually(&app, DEAD, 1).await;
    assert_eq!(app.count("SELECT attempts FROM outbox").await, 1);
    post.register(&other, &new_name(), PASSWORD).await.is(201);
    post.mail(&other, 1).await;
    assert_eq!(post.sink.count(), 1);
}

async fn after_the_last_try_a_mail_is_dead(app: Arc<App>) {
    let thrice = [("ENSEMBLE__OUTBOX__MAX_ATTEMPTS", "3")];
    let post = Post::start_with(&app, &thrice).await;
    post.sink.script(&[Reply::Code(451); 3]);
    post.register(&new_email(), &new_name(), PASSWORD)
        .await
        .is(201);
    eventually(&app, DEAD, 1).await;
    let kept = "SELECT COUNT(*) FROM outbox WHERE attempts = 3 AND reason = 'refused'";
    assert_eq!(app.count(kept).await, 1);
    assert_eq!(post.sink.count(), 0);
}

async fn a_mail_whose_fate_is_unknown_comes_again_as_the_same(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink.script(&[Reply::TakeAndBreak]);
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    let mails = post.sink.mails(&email, 2).await;
    assert_eq!(mails[0].message_id, mails[1].message_id);
    assert!(mails[0].message_id.ends_with("@shop.example>"));
    assert_eq!(mails[0].text, mails[1].text);
    eventually(&app, SENT, 1).await;
}

async fn a_server_that_hangs_holds_up_neither_answers_nor_the_end(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink.script(&[Reply::Hang]);
    let (email, other) = (new_email(), new_email());
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    post.sink.tried(1).await;
    post.register(&other, &new_name(), PASSWORD).await.is(201);
    post.mail(&other, 1).await;
    let before = Instant::now();
    app.stop().await;
    assert!(
        before.elapsed() < Duration::from_secs(9),
        "{:?}",
        before.elapsed()
    );
    // Given back, the attempt not counted: the next start sends it.
    let given_back = "SELECT COUNT(*) FROM outbox WHERE status = 0 AND attempts = 0";
    assert_eq!(app.count(given_back).await, 1);
    Post::server(&app, &post.sink, &[]).await;
    post.mail(&email, 1).await;
}

async fn a_mail_left_behind_by_a_dead_worker_is_sent_by_another(app: Arc<App>) {
    let post = Post::start(&app).await;
    post.sink.script(&[Reply::Hang]);
    let email = new_email();
    post.register(&email, &new_name(), PASSWORD).await.is(201);
    post.sink.tried(1).await;
    // The lease of whoever holds it ends.
    app.change("UPDATE outbox SET due_at = created_at").await;
    Post::server(&app, &post.sink, &[]).await;
    post.mail(&email, 1).await;
    eventually(&app, SENT, 1).await;
    assert_eq!(app.count("SELECT attempts FROM outbox").await, 2);
}

async fn two_nodes_send_each_mail_once(app: Arc<App>) {
    let post = Post::start(&app).await;
    let other = Post::server(&app, &post.sink, &[]).await;
    let emails: Vec<String> = (0..24).map(|_| new_email()).collect();
    let asked = emails.iter().enumerate().map(|(number, email)| {
        let client = if number % 2 == 0 {
            &post.client
        } else {
            &other
        };
        let body = serde_json::json!({"name": new_name(), "email": email, "password": PASSWORD});
        async move {
            client
                .post("/api/v1/auth/register")
                .json(&body)
                .await
                .is(201)
        }
    });
    join_all(asked).await;
    for email in &emails {
        post.sink.mails(email, 1).await;
    }
    eventually(&app, SENT, 24).await;
    assert_eq!(post.sink.count(), 24);
}

async fn without_a_mail_server_mails_become_files(app: Arc<App>) {
    let client = app.start().await;
    let body = serde_json::json!({"name": new_name(), "email": new_email(), "password": PASSWORD});
    client
        .post("/api/v1/auth/register")
        .json(&body)
        .await
        .is(201);
    eventually(&app, SENT, 1).await;
    let folder = std::fs::read_dir(app.file("mail")).expect("a folder");
    let files: Vec<_> = folder.map(|entry| entry.expect("a file").path()).collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].extension().is_some_and(|kind| kind == "eml"));
    let mail = std::fs::read_to_string(&files[0]).expect("a mail");
    assert!(mail.contains("/api/v1/auth/email_verify/"));
}
