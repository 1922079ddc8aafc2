//! What becomes of programs' mails when mail servers and readers say no.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::Program;
use super::sending::{GMAIL, ids};
use crate::app::App;
use crate::client::text;
use crate::mail::{PUBLIC, Post, new_email};
use crate::person::Person;
use crate::smtp::Reply;

on_every_engine! {
    crate::app::run;
    what_fails_for_now_is_tried_again,
    an_address_that_bounced_gets_no_more_until_that_is_lifted,
    who_unsubscribes_gets_no_more_of_that_sender,
    a_server_that_hangs_holds_up_no_other_channel,
}

async fn send(program: &Program, to: &str) -> String {
    let body = json!({"email_to": [to], "text": "하나"});
    ids(&program.post(GMAIL, &body).await.is(200).json()).remove(0)
}

async fn program(post: &Post) -> Program {
    let me = Person::new(&post.client).await.client;
    Program::of(&me, &["email"]).await
}

async fn what_fails_for_now_is_tried_again(app: Arc<App>) {
    let post = Post::start(&app).await;
    let program = program(&post).await;
    post.sink.script(&[Reply::Code(450), Reply::TakeAndBreak]);
    let to = new_email();
    let id = send(&program, &to).await;
    let status = program.settled(&id).await;
    assert_eq!(
        (&status["status"], &status["attempts"]),
        (&json!("sent"), &json!(3))
    );
    // Taken twice, for nobody said so the first time: the same message to its reader.
    let mails = post.sink.mails(&to, 2).await;
    assert_eq!(mails[0].message_id, mails[1].message_id);
}

async fn an_address_that_bounced_gets_no_more_until_that_is_lifted(app: Arc<App>) {
    let post = Post::start(&app).await;
    let program = program(&post).await;
    let to = new_email();
    post.sink.script(&[Reply::Code(550)]);
    let id = send(&program, &to).await;
    let status = program.settled(&id).await;
    assert_eq!(
        (&status["status"], &status["reason"]),
        (&json!("dead"), &json!("refused"))
    );
    let id = send(&program, &to).await;
    let status = program.settled(&id).await;
    assert_eq!(
        (&status["status"], &status["reason"]),
        (&json!("dead"), &json!("bounced"))
    );
    assert_eq!(post.sink.count(), 0);
    let lift = "/api/v1/services/suppressions";
    let email = format!("email={to}");
    program
        .delete(lift, "email=x")
        .await
        .invalid(&[("/email", "email")]);
    program.delete(lift, &email).await.is(200);
    program.delete(lift, &email).await.refused(404, "not_found");
    let id = send(&program, &to).await;
    assert_eq!(program.settled(&id).await["status"], "sent");
}

async fn who_unsubscribes_gets_no_more_of_that_sender(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (one, other) = (program(&post).await, program(&post).await);
    let to = new_email();
    let body = json!({"email_to": [to], "language": "ko"});
    one.post(GMAIL, &body).await.is(200);
    let mail = post.mail(&to, 1).await;
    let link = mail.link(PUBLIC);
    // To look at it ends nothing.
    let page = post.client.get(&link).browsing().await.is(200).text();
    assert!(page.contains("method=\"post\"") && page.contains(&link));
    let id = send(&one, &to).await;
    assert_eq!(one.settled(&id).await["status"], "sent");
    let click = post.client.post(&link);
    let click = click.form(&[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!(click.is(200).json(), json!({"message": "OK"}));
    post.client.post(&link).browsing().await.is(200);
    let id = send(&one, &to).await;
    let status = one.settled(&id).await;
    assert_eq!(
        (&status["status"], &status["reason"]),
        (&json!("dead"), &json!("unsubscribed"))
    );
    let id = send(&other, &to).await;
    assert_eq!(other.settled(&id).await["status"], "sent");
    let forged = format!("{}x", text(&json!(link)));
    post.client
        .post(&forged)
        .await
        .refused(404, "link_not_found");
}

async fn a_server_that_hangs_holds_up_no_other_channel(app: Arc<App>) {
    let post = Post::start(&app).await;
    let program = program(&post).await;
    post.sink.script(&[Reply::Hang; 8]);
    for _ in 0..8 {
        send(&program, &new_email()).await;
    }
    post.sink.tried(8).await;
    // The channel of programs' mails is full of what hangs. Mails of accounts go on.
    post.member(&new_email()).await;
}
