//! The pages, as a browser without scripts uses them.

use std::sync::Arc;

use reqwest::header::SET_COOKIE;
use test_database::on_every_engine;

use super::{PUBLIC, Post, me, new_email, new_name};
use crate::app::App;
use crate::client::Answer;
use crate::person::PASSWORD;

on_every_engine! {
    crate::app::run;
    somebody_signs_up_and_in_without_a_script,
    a_forgotten_password_is_replaced_without_a_script,
    a_refused_form_says_why_and_is_there_again,
    another_sites_form_signs_nobody_in,
    forms_of_programs_are_answered_with_documents,
}

/// Where the page's form goes.
#[track_caller]
fn action(page: &str) -> String {
    let action = page.split("action=\"").nth(1).expect("a form");
    action.split('"').next().unwrap_or_default().to_owned()
}

#[track_caller]
fn page(answer: Answer, status: u16) -> String {
    let answer = answer.is(status);
    assert_eq!(answer.kind(), "text/html");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let page = answer.text();
    assert!(!page.contains("<script") && !page.contains("style="));
    page
}

async fn somebody_signs_up_and_in_without_a_script(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, name) = (new_email(), new_name());
    let register = page(post.client.get("/register").browsing().await, 200);
    assert!(register.contains("/account.css"));
    assert_eq!(
        post.client.get("/account.css").await.is(200).kind(),
        "text/css"
    );
    let fields = [
        ("name", name.as_str()),
        ("email", &email),
        ("password", PASSWORD),
    ];
    let sent = post
        .client
        .post(&action(&register))
        .form(&fields)
        .browsing();
    page(sent.await, 201);
    let link = post.mail(&email, 1).await.link(PUBLIC);
    let asks = page(post.client.get(&link).browsing().await, 200);
    let done = page(post.client.post(&action(&asks)).browsing().await, 201);
    assert!(done.contains("href=\"/login\""));
    page(post.client.post(&action(&asks)).browsing().await, 404);
    let login = post
        .client
        .get("/login")
        .browsing()
        .header("accept-language", "ko");
    let login = page(login.await, 200);
    assert!(login.contains("로그인") && login.contains("lang=\"ko\""));
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    let sent = post.client.post(&action(&login)).form(&fields).browsing();
    let answer = sent
        .header("origin", &format!("http://{}", post.client.authority()))
        .await;
    let cookie = answer.headers.get(SET_COOKIE).expect("a cookie").to_str();
    let cookie = cookie.expect("ASCII").to_owned();
    page(answer, 201);
    assert_eq!(me(&post.client.with_cookie(&cookie)).await["email"], email);
}

async fn a_forgotten_password_is_replaced_without_a_script(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    let forgot = page(post.client.get("/password/forgot").browsing().await, 200);
    let sent = post
        .client
        .post(&action(&forgot))
        .form(&[("email", &email)]);
    page(sent.browsing().await, 202);
    let mail = post.mail(&email, 2).await;
    let (link, key) = (mail.link(PUBLIC), mail.key(PUBLIC));
    // To look at it spends nothing.
    for _ in 0..2 {
        let form = page(post.client.get(&link).browsing().await, 200);
        assert!(form.contains(&format!("value=\"{key}\"")));
    }
    let path = "/api/v1/auth/password/reset";
    let weak = [("token", key.as_str()), ("password", "password")];
    let again = page(post.client.post(path).form(&weak).browsing().await, 422);
    assert!(again.contains(&format!("value=\"{key}\"")));
    let good = [
        ("token", key.as_str()),
        ("password", "another horse battery"),
    ];
    page(post.client.post(path).form(&good).browsing().await, 200);
    page(post.client.get(&link).browsing().await, 404);
    post.client.get(&link).await.refused(404, "link_not_found");
    post.login(&email, "another horse battery").await.is(201);
}

async fn a_refused_form_says_why_and_is_there_again(app: Arc<App>) {
    let post = Post::start(&app).await;
    let fields = [
        ("name", "유나"),
        ("email", "<b>nobody</b>"),
        ("password", "password"),
    ];
    let sent = post
        .client
        .post("/api/v1/auth/register")
        .form(&fields)
        .browsing();
    let refused = page(sent.await, 422);
    assert!(refused.contains("not an e-mail address"), "{refused}");
    assert_eq!(action(&refused), "/api/v1/auth/register");
    // Nothing that was sent stands in it: neither markup nor a password.
    assert!(!refused.contains("nobody") && !refused.contains("value="));
    let fields = [("email", "nobody@example.com"), ("password", PASSWORD)];
    let sent = post
        .client
        .post("/api/v1/auth/login")
        .form(&fields)
        .browsing();
    let refused = page(sent.header("accept-language", "ko").await, 401);
    assert!(refused.contains("일치하지 않습니다"), "{refused}");
}

async fn another_sites_form_signs_nobody_in(app: Arc<App>) {
    let post = Post::start(&app).await;
    let email = new_email();
    post.member(&email).await;
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    for (header, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let sent = post
            .client
            .post("/api/v1/auth/login")
            .form(&fields)
            .browsing();
        let answer = sent.header(header, value).await;
        assert!(!answer.headers.contains_key(SET_COOKIE));
        page(answer, 403);
    }
}

async fn forms_of_programs_are_answered_with_documents(app: Arc<App>) {
    let post = Post::start(&app).await;
    let (email, name) = (new_email(), new_name());
    let fields = [
        ("name", name.as_str()),
        ("email", &email),
        ("password", PASSWORD),
    ];
    let sent = post
        .client
        .post("/api/v1/auth/register")
        .form(&fields)
        .await
        .is(201);
    assert_eq!(sent.json()["type"], "info");
    let link = post.mail(&email, 1).await.link(PUBLIC);
    post.client
        .get(&link)
        .header("accept", "*/*")
        .await
        .is(201)
        .json();
    let sent = post
        .client
        .post("/api/v1/auth/login")
        .form(&fields[1..])
        .await
        .is(201);
    assert!(!sent.headers.contains_key(SET_COOKIE));
    assert_eq!(sent.header("cache-control"), "no-store");
    assert_eq!(sent.json()["type"], "auth");
}
