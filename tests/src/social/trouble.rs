//! Providers that are slow, broken, or not what they were.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use test_database::on_every_engine;
use tokio::sync::Notify;

use super::stand_in::{Human, Trouble};
use super::{FRONT, World, world, world_with};
use crate::app::App;

on_every_engine! {
    crate::app::run;
    a_provider_in_trouble_lets_nobody_in_and_the_browser_is_told_what,
    a_provider_that_hangs_is_not_waited_for,
    a_provider_that_is_slow_is,
    nobody_is_kept_out_by_the_people_api,
    keys_are_asked_for_once,
}

async fn fails(world: &World, provider: &str, place: &'static str, trouble: Trouble, error: &str) {
    world.there.has(place, trouble);
    let mut browser = world.browser();
    let end = browser.sign_in(provider).await;
    assert_eq!(
        end,
        format!("{FRONT}/signup?error={error}"),
        "{provider} {place}"
    );
    assert!(!browser.jar.contains_key("sid"));
    world.there.recovers();
}

async fn a_provider_in_trouble_lets_nobody_in_and_the_browser_is_told_what(app: Arc<App>) {
    let world = world(&app).await;
    // While nobody has got them yet.
    fails(&world, "google", "/jwks", Trouble::Broken, "http").await;
    for (provider, profile) in [
        ("kakao", "/user/me"),
        ("google", "/userinfo"),
        ("naver", "/nid/me"),
    ] {
        let world = &world;
        let fails = async |place, trouble, error| {
            fails(world, provider, place, trouble, error).await;
        };
        fails("/token", Trouble::Broken, "http").await;
        fails("/token", Trouble::Refuses, "oauth_token").await;
        fails("/token", Trouble::Garbage, "oauth_token").await;
        fails("/token", Trouble::Endless, "oauth_token").await;
        fails("/token", Trouble::Elsewhere, "oauth_token").await;
        fails(profile, Trouble::Broken, "http").await;
        fails(profile, Trouble::Refuses, "oauth_userinfo").await;
        fails(profile, Trouble::Garbage, "oauth_userinfo").await;
        fails(profile, Trouble::Elsewhere, "oauth_userinfo").await;
    }
    assert_eq!(world.there.visits("/elsewhere"), 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 0);
    // An app is told in its own way.
    world.there.has("/token", Trouble::Broken);
    let answer = world.show("kakao", &json!({"code": "c"})).await;
    answer.refused(502, "upstream_failed");
    world.there.recovers();
    world.there.has("/user/me", Trouble::Garbage);
    let token = world.there.hand_out(Human::new(1), super::APP_ID);
    let answer = world.show("kakao", &json!({"access_token": token})).await;
    answer.refused(502, "oauth_userinfo");
}

async fn a_provider_that_hangs_is_not_waited_for(app: Arc<App>) {
    let world = world_with(&app, &[("ENSEMBLE__OAUTH__TIMEOUT_SECONDS", "0.3")]).await;
    let began = Instant::now();
    for (provider, profile) in [("kakao", "/user/me"), ("naver", "/nid/me")] {
        fails(&world, provider, "/token", Trouble::Hangs, "http").await;
        fails(&world, provider, profile, Trouble::Hangs, "http").await;
    }
    // Google's own address is not known before it says it.
    world.there.has("/openid-configuration", Trouble::Hangs);
    let end = world.browser().go("/auth/google/login").await.sent();
    assert_eq!(end, format!("{FRONT}/signup?error=http"));
    assert!(began.elapsed() < Duration::from_secs(20));
}

async fn a_provider_that_is_slow_is(app: Arc<App>) {
    let world = world(&app).await;
    let told = Arc::new(Notify::new());
    world.there.has("/user/me", Trouble::Waits(told.clone()));
    let mut browser = world.browser();
    let back = browser.way_back("/auth/kakao").await;
    let coming = tokio::spawn(async move { browser.go(&back).await.sent() });
    let patience = Instant::now();
    while world.there.visits("/user/me") == 0 {
        assert!(patience.elapsed() < Duration::from_secs(20), "nobody asked");
        tokio::task::yield_now().await;
    }
    assert!(!coming.is_finished());
    told.notify_one();
    assert_eq!(coming.await.expect("an end"), format!("{FRONT}/consent"));
}

async fn nobody_is_kept_out_by_the_people_api(app: Arc<App>) {
    let world = world(&app).await;
    for (human, trouble) in [
        (1, Trouble::Broken),
        (2, Trouble::Garbage),
        (3, Trouble::Refuses),
    ] {
        world.there.has("/people/me", trouble);
        world.signed_in("google", Human::known(human)).await;
    }
    // What it could not say then, it says the next time.
    let unknown = "SELECT COUNT(*) FROM users WHERE birthday IS NULL";
    assert_eq!(app.count(unknown).await, 3);
    world.there.recovers();
    world.signed_in("google", Human::known(1)).await;
    assert_eq!(app.count(unknown).await, 2);
}

async fn keys_are_asked_for_once(app: Arc<App>) {
    let world = world(&app).await;
    for human in 1..4 {
        world.signed_in("google", Human::new(human)).await;
    }
    assert_eq!(world.there.visits("/jwks"), 1);
    assert_eq!(world.there.visits("/openid-configuration"), 1);
    // They serve on while nobody can ask for them.
    world.there.has("/jwks", Trouble::Broken);
    world.there.has("/openid-configuration", Trouble::Broken);
    world.signed_in("google", Human::new(4)).await;
}
