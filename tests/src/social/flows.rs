//! The way to each provider and back.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::stand_in::Human;
use super::{FRONT, id, linked, me, world, world_with};
use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    a_provider_that_is_not_configured_is_told,
    whoever_comes_first_has_an_account_made_and_is_asked_for_the_rest,
    whoever_comes_again_is_the_same,
    what_the_provider_knows_need_not_be_asked_for,
    a_number_that_is_taken_is_not_taken_over,
    kakao_is_never_asked_for_an_email_address,
    what_is_supported_is_asked_with,
    the_browser_ends_where_it_wanted_to,
    the_browser_keeps_what_it_needs_for_the_way_and_no_longer,
    a_guest_takes_their_hearts_along,
    of_many_first_sign_ins_at_once_one_account_comes,
    kakao_tokens_are_kept_sealed,
}

async fn a_provider_that_is_not_configured_is_told(app: Arc<App>) {
    let client = app.start().await;
    for provider in ["kakao", "google", "naver"] {
        for path in ["", "/login", "/callback?code=c&state=s"] {
            let answer = client.get(&format!("/auth/{provider}{path}")).await;
            answer.refused(503, "provider_not_configured");
        }
        let path = format!("/api/v1/auth/{provider}/token");
        let answer = client.post(&path).json(&json!({"code": "c"})).await;
        answer.refused(503, "provider_not_configured");
    }
    for path in ["/auth/apple", "/auth/apple/login", "/auth/apple/callback"] {
        client.get(path).await.refused(404, "not_found");
    }
}

async fn whoever_comes_first_has_an_account_made_and_is_asked_for_the_rest(app: Arc<App>) {
    let world = world(&app).await;
    for (provider, human) in [("kakao", 11), ("google", 12), ("naver", 13)] {
        for path in ["login", ""] {
            let human = human * 10 + path.len() as u64;
            world.there.becomes(Human::new(human));
            let mut browser = world.browser();
            let path = format!("/auth/{provider}/{path}");
            let end = browser.sign_in_at(path.trim_end_matches('/')).await;
            assert_eq!(end, format!("{FRONT}/consent"));
            let who = browser.session(&world.client);
            let me = me(&who).await;
            assert_eq!(me["sns_type"], provider);
            assert_eq!(me["email"], json!(null));
            assert!(text(&me["name"]).starts_with("user_"), "{me}");
            assert_eq!(linked(&who).await, [provider]);
        }
    }
}

async fn whoever_comes_again_is_the_same(app: Arc<App>) {
    let world = world(&app).await;
    for provider in ["kakao", "google", "naver"] {
        let first = world.signed_in(provider, Human::new(21)).await;
        let again = world.signed_in(provider, Human::new(21)).await;
        let other = world.signed_in(provider, Human::new(22)).await;
        let [first, again, other] =
            [first, again, other].map(|browser| browser.session(&world.client));
        assert_eq!(id(&first).await, id(&again).await);
        assert_ne!(id(&first).await, id(&other).await);
        // Each sign-in is a session of its own.
        let sessions = first.get("/api/v1/users/me/sessions").await.json();
        assert_eq!(sessions["items"].as_array().map(Vec::len), Some(2));
        again.post("/api/v1/users/sign-out").await.is(204);
        first.get("/api/v1/users/me").await.is(200);
    }
}

async fn what_the_provider_knows_need_not_be_asked_for(app: Arc<App>) {
    let world = world(&app).await;
    for (provider, human) in [("kakao", 31), ("google", 32), ("naver", 33)] {
        world.there.becomes(Human::known(human));
        let mut browser = world.browser();
        assert_eq!(browser.sign_in(provider).await, format!("{FRONT}/"));
        let me = me(&browser.session(&world.client)).await;
        assert_eq!(me["phone_number"], format!("+82109000{human:04}"));
        assert_eq!(me["birthday"], "1999-01-31");
        assert_eq!(
            (&me["gender"], &me["nickname"]),
            (&json!("여성"), &json!("유나"))
        );
        let image = text(&me["profile_img"]);
        assert!(image.ends_with("example/yuna.jpg"), "{me}");
    }
}

async fn a_number_that_is_taken_is_not_taken_over(app: Arc<App>) {
    let world = world(&app).await;
    crate::person::sign_up(&world.client, "01090000041")
        .await
        .is(201);
    let browser = world.signed_in("google", Human::known(41)).await;
    let me = me(&browser.session(&world.client)).await;
    assert_eq!(me["phone_number"], json!(null));
}

async fn kakao_is_never_asked_for_an_email_address(app: Arc<App>) {
    let world = world(&app).await;
    let human = Human::with_email(51, "yuna@example.com");
    let browser = world.signed_in("kakao", human).await;
    assert_eq!(
        world.there.asked()["scope"],
        "profile_nickname,talk_message"
    );
    // And what it says unasked is nobody's business.
    let me = me(&browser.session(&world.client)).await;
    assert_eq!(me["email"], json!(null));
}

async fn what_is_supported_is_asked_with(app: Arc<App>) {
    let world = world(&app).await;
    let mut states = Vec::new();
    for (provider, has_pkce, has_nonce) in [
        ("kakao", true, false),
        ("google", true, true),
        ("naver", false, false),
    ] {
        world.signed_in(provider, Human::new(61)).await;
        let asked = world.there.asked();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], format!("{provider}-client"));
        let callback = format!("/auth/{provider}/callback");
        assert!(asked["redirect_uri"].ends_with(&callback), "{asked:?}");
        assert_eq!(asked.contains_key("code_challenge"), has_pkce);
        assert_eq!(asked.contains_key("nonce"), has_nonce);
        assert!(asked["state"].len() >= 43, "{asked:?}");
        states.push(asked["state"].clone());
    }
    states.dedup();
    assert_eq!(states.len(), 3);
}

async fn the_browser_ends_where_it_wanted_to(app: Arc<App>) {
    let world = world(&app).await;
    let wish = "/auth/google/login?return_to=%2Fmypage%3Ftab%3D1";
    world.there.becomes(Human::known(71));
    let end = world.browser().sign_in_at(wish).await;
    assert_eq!(end, format!("{FRONT}/mypage?tab=1"));
    world.there.becomes(Human::new(72));
    let end = world.browser().sign_in_at(wish).await;
    let expected = format!("{FRONT}/consent?return_to=%2Fmypage%3Ftab%3D1");
    assert_eq!(end, expected);
}

async fn the_browser_keeps_what_it_needs_for_the_way_and_no_longer(app: Arc<App>) {
    let world = world(&app).await;
    let mut browser = world.browser();
    let back = browser.way_back("/auth/google/login").await;
    let set = browser.jar.get("sid_google").cloned().expect("a cookie");
    assert!(!back.contains(&set));
    let mut other = world.browser();
    other.go("/auth/google/login").await.sent();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        let is_set = other.set[0].split("; ").any(|is| is == attribute);
        assert!(is_set, "{:?}", other.set);
    }
    browser.go(&back).await.sent();
    assert!(!browser.jar.contains_key("sid_google"));
    let session = browser.set.iter().find(|set| set.starts_with("sid="));
    let session = session.expect("a session");
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"));
    // A front end on another site gets both cookies.
    let world = world_with(
        &app,
        &[
            ("SESSION_COOKIE_SAMESITE", "none"),
            ("ENSEMBLE__SERVER__PUBLIC_URL", "https://api.example"),
        ],
    )
    .await;
    let mut browser = world.browser();
    browser.go("/auth/google/login").await.sent();
    let set = &browser.set[0];
    assert!(set.starts_with("__Host-sid_google="), "{set}");
    assert!(
        set.contains("SameSite=None") && set.contains("Secure"),
        "{set}"
    );
}

async fn a_guest_takes_their_hearts_along(app: Arc<App>) {
    let world = world(&app).await;
    let guest = world.client.post("/api/v1/sessions/guest").await.is(201);
    let sid = guest.header("set-cookie").split(';').next();
    let sid = sid.and_then(|pair| pair.strip_prefix("sid="));
    let mut browser = world.browser();
    let kept = sid.expect("a cookie").to_owned();
    browser.jar.insert("sid".into(), kept.clone());
    browser.sign_in("naver").await;
    assert_ne!(browser.jar["sid"], kept);
    let merged = "SELECT COUNT(*) FROM guests WHERE merged_into IS NOT NULL";
    assert_eq!(app.count(merged).await, 1);
}

async fn of_many_first_sign_ins_at_once_one_account_comes(app: Arc<App>) {
    let world = world(&app).await;
    let human = Human::with_email(81, "many@example.com");
    let token = world
        .there
        .id_token("google", &human, "google-client", None);
    let runners: Vec<_> = (0..20)
        .map(|_| {
            let (client, proof) = (world.client.clone(), json!({"id_token": token}));
            tokio::spawn(async move {
                let answer = client.post("/api/v1/auth/google/token").json(&proof).await;
                answer.is(200).json()["is_new"] == true
            })
        })
        .collect();
    let mut made = 0;
    for runner in runners {
        made += usize::from(runner.await.expect("an answer"));
    }
    assert_eq!(made, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 20);
}

async fn kakao_tokens_are_kept_sealed(app: Arc<App>) {
    let world = world(&app).await;
    world.signed_in("kakao", Human::new(91)).await;
    let kept = "SELECT COUNT(*) FROM identities WHERE access_token LIKE 'v1.%' AND refresh_token LIKE 'v1.%' \
        AND access_expires_at IS NOT NULL AND refresh_expires_at IS NOT NULL AND scopes = 'profile_nickname talk_message'";
    assert_eq!(app.count(kept).await, 1);
    world.signed_in("google", Human::new(92)).await;
    assert_eq!(app.count(kept).await, 1);
}
