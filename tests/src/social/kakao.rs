//! Ending what somebody has with us at Kakao, from here and from there.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::stand_in::{Human, Trouble};
use super::{ADMIN_KEY, World, id, linked, world, world_with};
use crate::app::App;
use crate::client::{Answer, Client};

on_every_engine! {
    crate::app::run;
    who_unlinks_kakao_is_out_and_may_come_back,
    with_another_way_in_kakao_simply_goes,
    what_fails_at_kakao_changes_nothing_here,
    only_kakao_accounts_are_unlinked,
    kakao_tells_of_people_who_left,
    only_kakao_may_tell,
}

const UNLINK: &str = "/auth/kakao/unlink";
const WEBHOOK: &str = "/auth/kakao/unlink-webhook";

/// Somebody with Kakao and Google.
async fn both(world: &World, human: u64) -> Client {
    let browser = world.signed_in("kakao", Human::new(human)).await;
    let who = browser.session(&world.client);
    let token = world
        .there
        .id_token("google", &Human::new(human), "google-client", None);
    let body = json!({"provider": "google", "id_token": token});
    let path = "/api/v1/users/me/identities";
    who.post(path).json(&body).await.is(201);
    who
}

async fn who_unlinks_kakao_is_out_and_may_come_back(app: Arc<App>) {
    let world = world(&app).await;
    let browser = world.signed_in("kakao", Human::new(1)).await;
    let who = browser.session(&world.client);
    let own = id(&who).await;
    let answer = who.post(UNLINK).await.is(200).json();
    assert_eq!(answer, json!({"ok": true, "unlinked": true}));
    assert_eq!(world.there.unlinked(), ["1"]);
    who.get("/api/v1/users/me")
        .await
        .refused(401, "unauthenticated");
    let kept = "SELECT COUNT(*) FROM identities WHERE access_token IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    let browser = world.signed_in("kakao", Human::new(1)).await;
    let back = browser.session(&world.client);
    assert_eq!(id(&back).await, own);
    assert_eq!(linked(&back).await, ["kakao"]);
    assert_eq!(app.count(kept).await, 1);
}

async fn with_another_way_in_kakao_simply_goes(app: Arc<App>) {
    let world = world(&app).await;
    let who = both(&world, 1).await;
    who.post(UNLINK).await.is(200);
    assert_eq!(linked(&who).await, ["google"]);
    who.post(UNLINK).await.refused(400, "kakao_not_linked");
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 1);
}

async fn what_fails_at_kakao_changes_nothing_here(app: Arc<App>) {
    let world = world(&app).await;
    let who = both(&world, 1).await;
    world.there.has("/unlink", Trouble::Broken);
    who.post(UNLINK).await.refused(502, "upstream_failed");
    assert_eq!(linked(&who).await, ["kakao", "google"]);
    world.there.recovers();
    who.post(UNLINK).await.is(200);
    // Kakao knew already: as good as done.
    let other = both(&world, 2).await;
    let form = [("target_id_type", "user_id"), ("target_id", "2")];
    let direct = reqwest::Client::new()
        .post(format!("{}/v1/user/unlink", world.there.base("kakao")))
        .header("authorization", format!("KakaoAK {ADMIN_KEY}"))
        .form(&form);
    let done = direct.send().await.expect("an answer");
    assert!(done.status().is_success());
    other.post(UNLINK).await.is(200);
    assert_eq!(linked(&other).await, ["google"]);
}

async fn only_kakao_accounts_are_unlinked(app: Arc<App>) {
    let world = world_with(&app, &[("KAKAO_ADMIN_KEY", "")]).await;
    world
        .client
        .post(UNLINK)
        .await
        .refused(401, "unauthenticated");
    let browser = world.signed_in("google", Human::new(1)).await;
    let who = browser.session(&world.client);
    who.post(UNLINK).await.refused(400, "kakao_not_linked");
    let browser = world.signed_in("kakao", Human::new(1)).await;
    let who = browser.session(&world.client);
    let answer = who.post(UNLINK).await;
    answer.refused(503, "provider_not_configured");
    let answer = who
        .post(UNLINK)
        .header("sec-fetch-site", "cross-site")
        .await;
    answer.refused(403, "csrf");
    let told = world
        .client
        .post(WEBHOOK)
        .header("authorization", "KakaoAK ");
    let answer = told.body("application/x-www-form-urlencoded", "user_id=1");
    answer.await.refused(503, "provider_not_configured");
}

/// Kakao tells of somebody who left.
async fn tell(world: &World, method: &str, authorization: &str, person: &str) -> Answer {
    let pairs = format!("app_id=123456&user_id={person}&referrer_type=UNLINK_FROM_APPS");
    let request = match method {
        "GET" => world.client.get(&format!("{WEBHOOK}?{pairs}")),
        _ => world
            .client
            .post(WEBHOOK)
            .body("application/x-www-form-urlencoded", pairs),
    };
    request.header("authorization", authorization).await
}

async fn kakao_tells_of_people_who_left(app: Arc<App>) {
    let world = world(&app).await;
    let key = format!("KakaoAK {ADMIN_KEY}");
    for (method, human) in [("GET", 1), ("POST", 2)] {
        let browser = world.signed_in("kakao", Human::new(human)).await;
        let alone = browser.session(&world.client);
        let more = both(&world, human + 10).await;
        for person in [human, human + 10, 999] {
            tell(&world, method, &key, &person.to_string())
                .await
                .is(200);
            // And once more, in case it did not hear us.
            tell(&world, method, &key, &person.to_string())
                .await
                .is(200);
        }
        alone
            .get("/api/v1/users/me")
            .await
            .refused(401, "unauthenticated");
        assert_eq!(linked(&more).await, ["google"]);
        let answer = tell(&world, method, &key, "nobody").await;
        answer.invalid(&[("/user_id", "invalid_value")]);
    }
}

async fn only_kakao_may_tell(app: Arc<App>) {
    let world = world(&app).await;
    let browser = world.signed_in("kakao", Human::new(1)).await;
    for authorization in [
        "KakaoAK wrong",
        "KakaoAK",
        "KakaoAK ",
        ADMIN_KEY,
        &format!("Bearer {ADMIN_KEY}"),
        &format!("KakaoAK {ADMIN_KEY}x"),
    ] {
        for method in ["GET", "POST"] {
            let answer = tell(&world, method, authorization, "1").await;
            answer.refused(401, "unauthenticated");
        }
    }
    assert_eq!(linked(&browser.session(&world.client)).await, ["kakao"]);
}
