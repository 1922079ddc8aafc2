//! Apps that bring what a provider gave them.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::stand_in::{Forgery, Human};
use super::{APP_ID, id, world, world_with};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_code_with_its_verifier_lets_an_app_in,
    an_id_token_lets_an_app_in,
    an_id_token_that_is_not_for_us_does_not,
    a_kakao_access_token_lets_in_if_it_was_made_for_us,
    naver_tokens_of_which_nobody_knows_for_whom_make_no_account,
    every_failing_field_is_named,
    trying_is_throttled,
}

async fn a_code_with_its_verifier_lets_an_app_in(app: Arc<App>) {
    let world = world(&app).await;
    let to = "com.example.app:/callback";
    for provider in ["kakao", "google", "naver"] {
        let code = || world.there.code(provider, Human::known(1), "verifier", to);
        let proof = |code: &str, verifier: &str, to: &str| json!({"code": code, "code_verifier": verifier, "redirect_uri": to, "state": "s"});
        let spent = code();
        let answer = world.show(provider, &proof(&spent, "verifier", to)).await;
        let tokens = answer.is(200);
        assert_eq!(tokens.header("cache-control"), "no-store");
        assert!(!tokens.headers.contains_key("set-cookie"));
        let tokens = tokens.json();
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(
            (&tokens["is_new"], &tokens["needs_consent"]),
            (&json!(true), &json!(false))
        );
        let who = world.client.with_token(text(&tokens["access_token"]));
        // The same account as in the browser.
        let browser = world.signed_in(provider, Human::known(1)).await;
        assert_eq!(id(&who).await, id(&browser.session(&world.client)).await);
        // Once only, only with the verifier, and only with the address.
        let again = world.show(provider, &proof(&spent, "verifier", to)).await;
        again.refused(401, "oauth_token");
        let elsewhere = proof(&code(), "verifier", "b:/c");
        let answer = world.show(provider, &elsewhere).await;
        answer.refused(401, "oauth_token");
        if provider != "naver" {
            let stolen = proof(&code(), "another", to);
            let answer = world.show(provider, &stolen).await;
            answer.refused(401, "oauth_token");
        }
    }
}

async fn an_id_token_lets_an_app_in(app: Arc<App>) {
    let others = [(
        "ENSEMBLE__OAUTH__GOOGLE__AUDIENCES",
        "ios-client,android-client",
    )];
    let world = world_with(&app, &others).await;
    let human = Human::with_email(1, "yuna@example.com");
    let mut ids = Vec::new();
    for audience in ["google-client", "ios-client", "android-client"] {
        let token = world.there.id_token("google", &human, audience, Some("n"));
        let who = world
            .bearer("google", &json!({"id_token": token, "nonce": "n"}))
            .await;
        let me = super::me(&who).await;
        assert_eq!(me["email"], "yuna@example.com");
        assert_eq!(me["email_verified"], true);
        ids.push(text(&me["id"]).to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let token = world.there.id_token("kakao", &human, "kakao-client", None);
    world.bearer("kakao", &json!({"id_token": token})).await;
}

async fn an_id_token_that_is_not_for_us_does_not(app: Arc<App>) {
    let world = world(&app).await;
    let human = Human::new(1);
    for provider in ["google", "kakao"] {
        let audience = format!("{provider}-client");
        for forgery in [
            Forgery::OtherAudience,
            Forgery::OtherIssuer,
            Forgery::Expired,
            Forgery::OtherNonce,
            Forgery::NoNonce,
            Forgery::Unsigned,
            Forgery::SharedSecret,
            Forgery::OtherKey,
        ] {
            world.there.forges(forgery);
            let token = world.there.id_token(provider, &human, &audience, Some("n"));
            let proof = json!({"id_token": token, "nonce": "n"});
            let answer = world.show(provider, &proof).await;
            answer.refused(401, "oauth_token");
        }
        world.there.forges(None);
    }
    // One provider's token at the other.
    let token = world
        .there
        .id_token("google", &human, "google-client", None);
    let answer = world.show("kakao", &json!({"id_token": token})).await;
    answer.refused(401, "oauth_token");
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 0);
}

async fn a_kakao_access_token_lets_in_if_it_was_made_for_us(app: Arc<App>) {
    let world = world(&app).await;
    let ours = world.there.hand_out(Human::new(1), APP_ID);
    let who = world.bearer("kakao", &json!({"access_token": ours})).await;
    let theirs = world.there.hand_out(Human::new(1), "654321");
    for token in [&theirs, "made-up"] {
        let answer = world.show("kakao", &json!({"access_token": token})).await;
        answer.refused(401, "oauth_token");
    }
    // Nothing is asked with a token that is not ours.
    assert_eq!(world.there.visits("/user/me"), 1);
    let refresh = world.there.hand_out(Human::new(1), APP_ID);
    let same = world
        .bearer("kakao", &json!({"refresh_token": refresh}))
        .await;
    assert_eq!(id(&who).await, id(&same).await);
    let answer = world.show("kakao", &json!({"refresh_token": theirs})).await;
    answer.refused(401, "oauth_token");
}

async fn naver_tokens_of_which_nobody_knows_for_whom_make_no_account(app: Arc<App>) {
    let world = world(&app).await;
    let token = world.there.hand_out(Human::new(1), APP_ID);
    let access = json!({"access_token": token});
    let answer = world.show("naver", &access).await;
    answer.refused(401, "oauth_token");
    // A refresh token is good for nobody but us.
    let who = world
        .bearer("naver", &json!({"refresh_token": token}))
        .await;
    let again = world.bearer("naver", &access).await;
    assert_eq!(id(&who).await, id(&again).await);
    let theirs = world.there.hand_out(Human::new(2), "654321");
    for proof in [
        json!({"refresh_token": theirs}),
        json!({"access_token": theirs}),
        json!({"access_token": "made-up"}),
    ] {
        let answer = world.show("naver", &proof).await;
        answer.refused(401, "oauth_token");
    }
}

async fn every_failing_field_is_named(app: Arc<App>) {
    let world = world(&app).await;
    let none = [("/code", "one_proof")];
    for body in [
        json!({}),
        json!({"code": "c", "id_token": "t"}),
        json!({"redirect_uri": "https://a.example"}),
    ] {
        world.show("google", &body).await.invalid(&none);
    }
    let body = json!({"code": "a b", "nonce": "", "state": 1});
    world.show("google", &body).await.invalid(&[
        ("/code", "invalid_value"),
        ("/nonce", "invalid_value"),
        ("/state", "wrong_type"),
    ]);
    let unsupported = [("", "unsupported_proof")];
    let body = json!({"access_token": "t"});
    world.show("google", &body).await.invalid(&unsupported);
    let body = json!({"id_token": "t"});
    world.show("naver", &body).await.invalid(&unsupported);
    let answer = world.show("apple", &json!({"code": "c"})).await;
    answer.refused(404, "not_found");
}

async fn trying_is_throttled(app: Arc<App>) {
    let limits = [
        ("ENSEMBLE__LIMITS__ENABLED", "true"),
        ("ENSEMBLE__LIMITS__SIGN_IN_FAILURES_PER_ADDRESS", "2"),
    ];
    let world = world_with(&app, &limits).await;
    let wrong = json!({"code": "made-up"});
    for _ in 0..2 {
        world
            .show("kakao", &wrong)
            .await
            .refused(401, "oauth_token");
    }
    let answer = world.show("kakao", &wrong).await;
    answer.refused(429, "too_many_requests");
}
