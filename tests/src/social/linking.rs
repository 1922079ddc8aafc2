//! Linking and unlinking, and addresses that two accounts have.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::stand_in::Human;
use super::{FRONT, World, id, linked, me, world};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::{PASSWORD, new_phone, sign_in, sign_up};

on_every_engine! {
    crate::app::run;
    an_app_links_what_a_provider_gave_it,
    a_browser_links_what_it_comes_back_with,
    linking_and_unlinking_want_the_password,
    without_a_password_a_fresh_sign_in_is_wanted,
    what_opens_another_account_is_not_linked,
    one_of_each_provider_is_linked,
    the_last_way_in_stays,
    of_two_last_ways_in_unlinked_at_once_one_stays,
    an_address_that_two_accounts_have_is_never_linked_silently,
    who_proves_an_address_gets_it,
    strangers_are_told_nothing,
}

/// Somebody with a phone number and a password.
async fn member(world: &World) -> Client {
    let phone = new_phone();
    sign_up(&world.client, &phone).await.is(201);
    let tokens = sign_in(&world.client, &phone, PASSWORD)
        .await
        .is(200)
        .json();
    world.client.with_token(text(&tokens["access_token"]))
}

/// A body that links this human's Google account.
fn google(world: &World, human: &Human) -> Value {
    let token = world.there.id_token("google", human, "google-client", None);
    json!({"provider": "google", "id_token": token, "password": PASSWORD})
}

const IDENTITIES: &str = "/api/v1/users/me/identities";

async fn an_app_links_what_a_provider_gave_it(app: Arc<App>) {
    let world = world(&app).await;
    let who = member(&world).await;
    assert!(linked(&who).await.is_empty());
    let human = Human::new(1);
    let answer = who.post(IDENTITIES).json(&google(&world, &human)).await;
    let identity = answer.is(201).json();
    assert_eq!(identity["provider"], "google");
    // Once more changes nothing.
    who.post(IDENTITIES)
        .json(&google(&world, &human))
        .await
        .is(200);
    let token = world.there.hand_out(Human::new(2), super::APP_ID);
    for (provider, proof) in [("kakao", "access_token"), ("naver", "refresh_token")] {
        let body = json!({"provider": provider, proof: token, "password": PASSWORD});
        who.post(IDENTITIES).json(&body).await.is(201);
    }
    assert_eq!(linked(&who).await, ["google", "kakao", "naver"]);
    // Each of them opens the account now.
    let mut browser = world.signed_in("google", human).await;
    assert_eq!(id(&browser.session(&world.client)).await, id(&who).await);
    browser = world.signed_in("naver", Human::new(2)).await;
    assert_eq!(id(&browser.session(&world.client)).await, id(&who).await);
    let body = json!({"password": PASSWORD});
    let path = format!("{IDENTITIES}/google");
    who.delete(&path).json(&body).await.is(204);
    let by_query = format!("{IDENTITIES}?provider=naver");
    who.delete(&by_query).json(&body).await.is(204);
    assert_eq!(linked(&who).await, ["kakao"]);
    for path in [&path, &by_query] {
        let answer = who.delete(path).json(&body).await;
        answer.refused(404, "identity_not_found");
    }
    // Unlinked, it opens an account of its own.
    let browser = world.signed_in("google", Human::new(1)).await;
    assert_ne!(id(&browser.session(&world.client)).await, id(&who).await);
}

async fn a_browser_links_what_it_comes_back_with(app: Arc<App>) {
    let world = world(&app).await;
    let mut browser = world.signed_in("kakao", Human::new(1)).await;
    let begin = async |page: Client, provider: &str| {
        let body = json!({"provider": provider, "return_to": "/settings"});
        let answer = page.post(IDENTITIES).json(&body).await.is(200);
        let set = answer.header("set-cookie").to_owned();
        let (name, rest) = set.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap_or(rest);
        let url = text(&answer.json()["authorization_url"]).to_owned();
        (name.to_owned(), value.to_owned(), url)
    };
    let page = browser.session(&world.client);
    let (name, kept, url) = begin(page.clone(), "google").await;
    browser.jar.insert(name.clone(), kept.clone());
    world.there.becomes(Human::new(2));
    let back = browser.go(&url).await.sent();
    // Another's browser comes nowhere by it, not even with the cookie.
    let mut other = world.signed_in("naver", Human::new(9)).await;
    let own = id(&other.session(&world.client)).await;
    other.jar.insert(name, kept);
    let end = other.go(&back).await.sent();
    assert_eq!(end, format!("{FRONT}/settings?error=oauth_state"));
    assert_eq!(linked(&other.session(&world.client)).await, ["naver"]);
    assert_eq!(id(&other.session(&world.client)).await, own);
    // That spent it; once more, undisturbed.
    let (name, kept, url) = begin(page.clone(), "google").await;
    browser.jar.insert(name, kept);
    let session = browser.jar["sid"].clone();
    let back = browser.go(&url).await.sent();
    let end = browser.go(&back).await.sent();
    assert_eq!(end, format!("{FRONT}/settings?linked=google"));
    assert_eq!(browser.jar["sid"], session);
    assert_eq!(linked(&page).await, ["kakao", "google"]);
    // Who signed out meanwhile links nothing.
    let (name, kept, url) = begin(page.clone(), "naver").await;
    browser.jar.insert(name, kept);
    page.post("/api/v1/users/sign-out").await.is(204);
    let back = browser.go(&url).await.sent();
    let end = browser.go(&back).await.sent();
    assert_eq!(end, format!("{FRONT}/settings?error=oauth_state"));
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 3);
}

async fn linking_and_unlinking_want_the_password(app: Arc<App>) {
    let world = world(&app).await;
    let who = member(&world).await;
    let mut body = google(&world, &Human::new(1));
    who.post(IDENTITIES).json(&body).await.is(201);
    let path = format!("{IDENTITIES}/google");
    for password in [json!(null), json!("not the password")] {
        body["password"] = password.clone();
        for body in [
            body.clone(),
            json!({"provider": "google", "password": password}),
        ] {
            let answer = who.post(IDENTITIES).json(&body).await;
            answer.refused(403, "confirmation_required");
        }
        let answer = who.delete(&path).json(&json!({"password": password})).await;
        answer.refused(403, "confirmation_required");
    }
    who.delete(&path)
        .await
        .refused(403, "confirmation_required");
    assert_eq!(linked(&who).await, ["google"]);
}

async fn without_a_password_a_fresh_sign_in_is_wanted(app: Arc<App>) {
    let world = world(&app).await;
    let browser = world.signed_in("kakao", Human::new(1)).await;
    let who = browser.session(&world.client);
    who.post(IDENTITIES)
        .json(&google(&world, &Human::new(1)))
        .await
        .is(201);
    // Six minutes later, at a server that has not seen them lately.
    app.change("UPDATE sessions SET created_at = created_at - 360000000")
        .await;
    let late = who.at(&super::world(&app).await.client);
    for path in ["kakao", "google"] {
        let answer = late.delete(&format!("{IDENTITIES}/{path}")).await;
        answer.refused(403, "confirmation_required");
    }
    let answer = late
        .post(IDENTITIES)
        .json(&json!({"provider": "naver"}))
        .await;
    answer.refused(403, "confirmation_required");
    let answer = late.post("/auth/kakao/unlink").await;
    answer.refused(403, "confirmation_required");
    assert_eq!(linked(&late).await, ["kakao", "google"]);
}

async fn what_opens_another_account_is_not_linked(app: Arc<App>) {
    let world = world(&app).await;
    let theirs = world.signed_in("google", Human::new(1)).await;
    let theirs = theirs.session(&world.client);
    let who = member(&world).await;
    let answer = who
        .post(IDENTITIES)
        .json(&google(&world, &Human::new(1)))
        .await;
    answer.refused(409, "identity_taken");
    assert!(linked(&who).await.is_empty());
    assert_eq!(linked(&theirs).await, ["google"]);
}

async fn one_of_each_provider_is_linked(app: Arc<App>) {
    let world = world(&app).await;
    let who = member(&world).await;
    who.post(IDENTITIES)
        .json(&google(&world, &Human::new(1)))
        .await
        .is(201);
    let answer = who
        .post(IDENTITIES)
        .json(&google(&world, &Human::new(2)))
        .await;
    answer.refused(409, "provider_already_linked");
}

async fn the_last_way_in_stays(app: Arc<App>) {
    let world = world(&app).await;
    let browser = world.signed_in("naver", Human::new(1)).await;
    let who = browser.session(&world.client);
    let naver = format!("{IDENTITIES}/naver");
    who.delete(&naver).await.refused(409, "last_way_in");
    who.post(IDENTITIES)
        .json(&google(&world, &Human::new(1)))
        .await
        .is(201);
    who.delete(&naver).await.is(204);
    let answer = who.delete(&format!("{IDENTITIES}/google")).await;
    answer.refused(409, "last_way_in");
    assert_eq!(linked(&who).await, ["google"]);
}

async fn of_two_last_ways_in_unlinked_at_once_one_stays(app: Arc<App>) {
    let world = world(&app).await;
    let browser = world.signed_in("naver", Human::new(1)).await;
    let who = browser.session(&world.client);
    who.post(IDENTITIES)
        .json(&google(&world, &Human::new(1)))
        .await
        .is(201);
    let unlink = |provider: &'static str| {
        let who = who.clone();
        tokio::spawn(async move {
            who.delete(&format!("{IDENTITIES}/{provider}"))
                .await
                .status
                .as_u16()
        })
    };
    let (one, other) = (unlink("naver"), unlink("google"));
    let mut ends = [
        one.await.expect("an answer"),
        other.await.expect("an answer"),
    ];
    ends.sort_unstable();
    assert_eq!(ends, [204, 409]);
    assert_eq!(linked(&who).await.len(), 1);
}

async fn an_address_that_two_accounts_have_is_never_linked_silently(app: Arc<App>) {
    let world = world(&app).await;
    let human = Human::with_email(1, "yuna@example.com");
    let first = world.signed_in("google", human.clone()).await;
    let first = first.session(&world.client);
    assert_eq!(me(&first).await["email_verified"], true);
    // Naver's word on an address proves nothing.
    let naver = world.signed_in("naver", human.clone()).await;
    let naver = naver.session(&world.client);
    assert_ne!(id(&naver).await, id(&first).await);
    assert_eq!(me(&naver).await["email"], json!(null));
    // Another Google account with the same proved address: an account of its own, which is told.
    let twin = Human { id: 2, ..human };
    let token = world.there.id_token("google", &twin, "google-client", None);
    let tokens = world.show("google", &json!({"id_token": token})).await;
    let tokens = tokens.is(200).json();
    assert_eq!(tokens["email_elsewhere"], true);
    let second = world.client.with_token(text(&tokens["access_token"]));
    assert_ne!(id(&second).await, id(&first).await);
    assert_eq!(me(&second).await["email"], json!(null));
    let list = second.get(IDENTITIES).await.json();
    assert_eq!(list["items"][0]["email"], "yuna@example.com");
    assert_eq!(list["items"][0]["email_elsewhere"], true);
    let list = first.get(IDENTITIES).await.json();
    assert_eq!(list["items"][0]["email_elsewhere"], false);
}

async fn who_proves_an_address_gets_it(app: Arc<App>) {
    let world = world(&app).await;
    // Somebody signed up with an address that is not theirs, and with nothing else.
    let body = json!({"email": "Yuna@Example.com", "password": PASSWORD});
    let sign_up = "/api/v1/users/sign-up";
    let enter = "/api/v1/users/sign-in";
    world.client.post(sign_up).json(&body).await.is(201);
    let tokens = world.client.post(enter).json(&body).await.is(200).json();
    let squatter = world.client.with_token(text(&tokens["access_token"]));
    let squatted = id(&squatter).await;
    let owner = world
        .signed_in("google", Human::with_email(1, "yuna@example.com"))
        .await;
    let owner = owner.session(&world.client);
    let known = me(&owner).await;
    assert_eq!(known["email"], "yuna@example.com");
    assert_eq!(known["email_verified"], true);
    assert_ne!(known["id"], squatted);
    // The other's sessions, password and claim are gone.
    squatter
        .get("/api/v1/users/me")
        .await
        .refused(401, "invalid_token");
    let answer = world.client.post(enter).json(&body).await;
    answer.refused(401, "invalid_credentials");
    let kept = format!(
        "SELECT COUNT(*) FROM users WHERE id = {squatted} AND email IS NULL AND password_hash IS NULL"
    );
    assert_eq!(app.count(&kept).await, 1);
    // By linking it is proved, too.
    let who = member(&world).await;
    let human = Human::with_email(2, "minsu@example.com");
    who.post(IDENTITIES)
        .json(&google(&world, &human))
        .await
        .is(201);
    let known = me(&who).await;
    assert_eq!(known["email"], "minsu@example.com");
    assert_eq!(known["email_verified"], true);
}

async fn strangers_are_told_nothing(app: Arc<App>) {
    let world = world(&app).await;
    let nobody = &world.client;
    nobody.get(IDENTITIES).await.refused(401, "unauthenticated");
    let answer = nobody.post(IDENTITIES).json(&json!({})).await;
    answer.refused(401, "unauthenticated");
    for path in ["/google", "?provider=google"] {
        let answer = nobody.delete(&format!("{IDENTITIES}{path}")).await;
        answer.refused(401, "unauthenticated");
    }
    let browser = world.signed_in("kakao", Human::new(1)).await;
    let who = browser.session(&world.client);
    let answer = who
        .post(IDENTITIES)
        .header("origin", "https://evil.example")
        .json(&json!({"provider": "google"}))
        .await;
    answer.refused(403, "csrf");
    let answer = who
        .post(IDENTITIES)
        .json(&json!({"provider": "apple", "return_to": "//x"}))
        .await;
    answer.invalid(&[("/provider", "provider"), ("/return_to", "path")]);
    who.post(IDENTITIES)
        .json(&json!({}))
        .await
        .invalid(&[("/provider", "required")]);
    let answer = who.delete(IDENTITIES).await;
    answer.invalid(&[("/provider", "required")]);
    let answer = who.delete(&format!("{IDENTITIES}/apple")).await;
    answer.refused(404, "not_found");
}
