//! Programs that send: what is accepted, what is refused, what is told of it.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta};
use reqwest::Method;
use serde_json::{Value, json};
use test_database::on_every_engine;
use tokio::task::JoinSet;

use super::Program;
use crate::app::App;
use crate::client::text;
use crate::mail::{Post, new_email};
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    mails_arrive_one_for_each_recipient,
    the_other_routes_and_the_addresses_of_before_work,
    a_preview_sends_nothing,
    what_is_not_valid_is_named_and_nothing_is_sent,
    a_key_may_be_used_for_its_scopes_only,
    a_request_that_comes_again_sends_nothing_more,
    of_many_at_once_under_one_key_one_sends,
    what_is_not_due_can_be_called_off,
    messages_are_listed_page_by_page_and_others_look_absent,
    messages_go_with_the_account,
}

pub(super) const GMAIL: &str = "/api/v1/services/email/send_by_gmail";
pub(super) const MESSAGES: &str = "/api/v1/services/messages";

/// The ids that an answer names.
pub(super) fn ids(answer: &Value) -> Vec<String> {
    assert_eq!(answer["message"], "OK");
    let ids = answer["ids"].as_array().expect("ids");
    ids.iter().map(|id| text(id).to_owned()).collect()
}

async fn world(app: &App) -> (Post, Program) {
    let post = Post::start(app).await;
    let me = Person::new(&post.client).await.client;
    let program = Program::of(&me, &["email"]).await;
    (post, program)
}

async fn mails_arrive_one_for_each_recipient(app: Arc<App>) {
    let (post, program) = world(&app).await;
    let (one, other) = (new_email(), new_email());
    let body = json!({
        "email_to": [{"name": "유나", "email": one}, other],
        "subject": "{{name}}님, 신상품",
        "text": "{{shop}} {{email}}",
        "html": "<p>{{shop}}</p>",
        "variables": {"shop": "<상점>"},
    });
    let accepted = ids(&program.post(GMAIL, &body).await.is(200).json());
    assert_eq!(accepted.len(), 2);
    let first = post.mail(&one, 1).await;
    assert_eq!(first.subject, "유나님, 신상품");
    assert!(
        first.text.starts_with(&format!("<상점> {one}")),
        "{}",
        first.text
    );
    let local = other.split('@').next().unwrap_or_default();
    assert_eq!(
        post.mail(&other, 1).await.subject,
        format!("{local}님, 신상품")
    );
    assert!(first.message_id.contains(&accepted[0]));
}

async fn the_other_routes_and_the_addresses_of_before_work(app: Arc<App>) {
    let (post, program) = world(&app).await;
    for version in ["/api/v1/services", "/api/services"] {
        let (gmail, old, ses) = (new_email(), new_email(), new_email());
        let greeting = json!({"mailing_list": [gmail], "language": "ko"});
        let path = format!("{version}/email/send_by_gmail");
        program.post(&path, &greeting).await.is(200);
        let mail = post.mail(&gmail, 1).await;
        assert_eq!(mail.subject, "메시지가 도착했습니다");
        let path = format!("{version}/email/send_by_gmail_async");
        let body = json!({"email_to": [{"email": old}], "subject": "hello", "text": "there"});
        program.post(&path, &body).await.is(200);
        assert_eq!(post.mail(&old, 1).await.subject, "hello");
        let body = json!({
            "recipients": [ses], "mail_title": "소식", "greetings": "안녕하세요",
            "introduction": "이번 주", "title": "코트", "description": "새 코트",
        });
        let path = format!("{version}/email/send_by_ses");
        let id = ids(&program.post(&path, &body).await.is(200).json()).remove(0);
        let mail = post.mail(&ses, 1).await;
        assert_eq!(mail.subject, "소식");
        assert!(mail.text.contains("안녕하세요") && mail.text.contains("새 코트"));
        let status = program.get(&format!("{version}/messages/{id}"), "").await;
        assert_eq!(status.is(200).json()["channel"], "ses");
        program
            .get(&format!("{version}/messages"), "")
            .await
            .is(200);
    }
}

async fn a_preview_sends_nothing(app: Arc<App>) {
    let (post, program) = world(&app).await;
    let body = json!({
        "email_to": ["yuna@example.com"], "template": "notice",
        "variables": {"title": "{{name}}의 코트", "description": "a <b>"},
    });
    let request = program.request(Method::POST, GMAIL, "dry_run=true");
    let answer = request.json(&body).await.is(200).json();
    let preview = &answer["preview"][0];
    assert_eq!(preview["to"]["email"], "yuna@example.com");
    assert!(text(&preview["text"]).contains("yuna의 코트"));
    assert!(text(&preview["html"]).contains("a &lt;b&gt;"));
    assert!(answer.get("ids").is_none());
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(post.sink.count(), 0);
}

async fn what_is_not_valid_is_named_and_nothing_is_sent(app: Arc<App>) {
    let (_post, program) = world(&app).await;
    let refused = async |body: Value, named: &[(&str, &str)]| {
        program.post(GMAIL, &body).await.invalid(named);
    };
    refused(json!({}), &[("/email_to", "required")]).await;
    refused(json!({"email_to": []}), &[("/email_to", "length")]).await;
    let wrong = json!({"email_to": ["yuna@example.com", {"email": "nobody"}]});
    refused(wrong, &[("/email_to/1/email", "email")]).await;
    let wrong = json!({
        "email_to": ["yuna@example.com"], "template": "fancy", "subject": "",
        "language": "fr", "priority": "now", "send_at": "2100-01-01T00:00:00Z",
    });
    let named = [
        ("/language", "choice"),
        ("/priority", "choice"),
        ("/send_at", "too_far"),
        ("/subject", "length"),
        ("/template", "choice"),
    ];
    refused(wrong, &named).await;
    let wrong = json!({"email_to": ["yuna@example.com"], "text": "{{cuopon}}"});
    refused(wrong, &[("/variables/cuopon", "no_value")]).await;
    let many: Vec<String> = (0..101).map(|n| format!("n{n}@example.com")).collect();
    refused(json!({"email_to": many}), &[("/email_to", "length")]).await;
    let request = program.request(Method::POST, GMAIL, "");
    request.await.refused(400, "unreadable_body");
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 0);
}

async fn a_key_may_be_used_for_its_scopes_only(app: Arc<App>) {
    let client = app.start().await;
    let me = Person::new(&client).await.client;
    let kakao = Program::of(&me, &["kakao"]).await;
    let body = json!({"email_to": ["yuna@example.com"]});
    kakao.post(GMAIL, &body).await.refused(403, "scope_missing");
    let email = Program::of(&me, &["email"]).await;
    let path = "/api/v1/services/kakao/send";
    let note = json!({"msg": "안녕"});
    email.post(path, &note).await.refused(403, "scope_missing");
    let problem = kakao
        .post(path, &note)
        .await
        .refused(400, "kakao_not_linked");
    assert_eq!(problem["msg"], "KAKAO_NOT_LINKED");
    kakao
        .post(path, &json!({}))
        .await
        .invalid(&[("/msg", "required")]);
    let long = json!({"title": "제목", "message": "가".repeat(200)});
    kakao
        .post(path, &long)
        .await
        .invalid(&[("/message", "length")]);
}

async fn a_request_that_comes_again_sends_nothing_more(app: Arc<App>) {
    let (post, program) = world(&app).await;
    let to = new_email();
    let body = json!({"email_to": [to], "text": "하나"});
    let send = async |key: &str, body: &Value| {
        let request = program.request(Method::POST, GMAIL, "");
        request.header("idempotency-key", key).json(body).await
    };
    let first = ids(&send("order-1", &body).await.is(200).json());
    assert_eq!(ids(&send("order-1", &body).await.is(200).json()), first);
    let other = json!({"email_to": [to], "text": "둘"});
    let refused = send("order-1", &other).await;
    refused.refused(422, "idempotency_key_reused");
    assert_ne!(ids(&send("order-2", &body).await.is(200).json()), first);
    for wrong in ["", "a b", &"x".repeat(256)] {
        let refused = send(wrong, &body).await;
        refused.refused(400, "idempotency_key_invalid");
    }
    post.mail(&to, 2).await;
    // Another's key of the same name is another key.
    let other = Person::new(&post.client).await.client;
    let other = Program::of(&other, &["email"]).await;
    let request = other.request(Method::POST, GMAIL, "");
    let theirs = request
        .header("idempotency-key", "order-1")
        .json(&body)
        .await;
    assert_ne!(ids(&theirs.is(200).json()), first);
}

async fn of_many_at_once_under_one_key_one_sends(app: Arc<App>) {
    let (_post, program) = world(&app).await;
    let program = Arc::new(program);
    let body = Arc::new(json!({"email_to": [new_email()], "text": "하나"}));
    let mut sending = JoinSet::new();
    for _ in 0..10 {
        let (program, body) = (program.clone(), body.clone());
        sending.spawn(async move {
            let request = program.request(Method::POST, GMAIL, "");
            let answer = request.header("idempotency-key", "once").json(&body).await;
            ids(&answer.is(200).json())
        });
    }
    let mut answers = sending.join_all().await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 1);
}

async fn what_is_not_due_can_be_called_off(app: Arc<App>) {
    let (post, program) = world(&app).await;
    let (now, later) = (new_email(), new_email());
    let body = json!({"email_to": [later], "send_at": in_an_hour(), "text": "나중에"});
    let id = ids(&program.post(GMAIL, &body).await.is(200).json()).remove(0);
    let path = format!("{MESSAGES}/{id}");
    let status = program.get(&path, "").await.is(200).json();
    assert_eq!(
        (&status["status"], &status["attempts"]),
        (&json!("waiting"), &json!(0))
    );
    assert_eq!(status["next_attempt_at"], body["send_at"]);
    let status = program.delete(&path, "").await.is(200).json();
    assert_eq!(status["status"], "cancelled");
    program
        .delete(&path, "")
        .await
        .refused(409, "message_settled");
    let body = json!({"email_to": [now], "text": "지금"});
    let id = ids(&program.post(GMAIL, &body).await.is(200).json()).remove(0);
    post.mail(&now, 1).await;
    let sent = program.delete(&format!("{MESSAGES}/{id}"), "").await;
    sent.refused(409, "message_settled");
    assert_eq!(post.sink.count(), 1);
}

/// An hour from now, as the server writes times.
fn in_an_hour() -> String {
    let now = DateTime::from_timestamp(super::now(), 0).expect("a time");
    let at = now + TimeDelta::hours(1);
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

async fn messages_are_listed_page_by_page_and_others_look_absent(app: Arc<App>) {
    let (post, program) = world(&app).await;
    let to: Vec<String> = (0..3).map(|_| new_email()).collect();
    let body = json!({"email_to": to, "text": "하나"});
    let mut sent = ids(&program.post(GMAIL, &body).await.is(200).json());
    sent.reverse();
    let page = program.get(MESSAGES, "limit=2").await.is(200).json();
    assert_eq!(members(&page, "id"), sent[..2]);
    let cursor = format!("cursor={}", text(&page["next_cursor"]));
    let rest = program.get(MESSAGES, &cursor).await.is(200).json();
    assert_eq!(members(&rest, "id"), sent[2..]);
    assert_eq!(rest["next_cursor"], json!(null));
    program
        .get(MESSAGES, "limit=0")
        .await
        .invalid(&[("/limit", "range")]);
    program
        .get(MESSAGES, "cursor=x")
        .await
        .refused(422, "invalid_cursor");
    let other = Person::new(&post.client).await.client;
    let other = Program::of(&other, &["email"]).await;
    let path = format!("{MESSAGES}/{}", sent[0]);
    other.get(&path, "").await.refused(404, "message_not_found");
    other
        .delete(&path, "")
        .await
        .refused(404, "message_not_found");
    let page = other.get(MESSAGES, "").await.is(200).json();
    assert_eq!(page["items"], json!([]));
}

async fn messages_go_with_the_account(app: Arc<App>) {
    let post = Post::start(&app).await;
    let me = Person::new(&post.client).await;
    let program = Program::of(&me.client, &["email"]).await;
    let body = json!({"email_to": [new_email()], "send_at": in_an_hour(), "text": "x"});
    let request = program.request(Method::POST, GMAIL, "");
    request
        .header("idempotency-key", "k")
        .json(&body)
        .await
        .is(200);
    let leave = me.client.delete("/api/v1/users/me");
    leave
        .json(&json!({"password": crate::person::PASSWORD}))
        .await
        .is(204);
    for table in ["outbox", "kept_answers", "suppressions"] {
        assert_eq!(
            app.count(&format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    program.post(GMAIL, &body).await.refused(401, "key_unknown");
}
