//! Who is asking, where nobody has to sign in.

use std::sync::Arc;

use serde_json::json;
use test_database::on_every_engine;

use super::{PATH, Who, gallery, hearts, log_in, sign_up};
use crate::app::App;
use crate::client::{Answer, Client, text};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    the_first_visit_makes_a_guest,
    a_guest_id_is_good_under_every_name,
    a_guest_id_that_nobody_has_makes_a_new_guest,
    bad_input_makes_no_guest,
    a_members_id_proves_nothing,
    a_token_that_is_not_good_is_refused_also_for_guests,
    a_page_of_another_site_changes_nothing_with_a_cookie,
    guests_see_neither_accounts_nor_each_other,
}

/// The id and the cookie of a guest just made.
fn made(answer: &Answer) -> (String, String) {
    let id = answer.header("x-guest-id").to_owned();
    (id, answer.header("set-cookie").to_owned())
}

fn is_known(answer: &Answer) -> bool {
    !answer.headers.contains_key("x-guest-id") && !answer.headers.contains_key("set-cookie")
}

async fn the_first_visit_makes_a_guest(app: Arc<App>) {
    let client = gallery(&app, 3).await;
    let answer = client.get("/images").await.is(200);
    let (id, set) = made(&answer);
    assert!(id.len() >= 24, "a secret of at least 128 bits: {id}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(set.split("; ").any(|is| is == attribute), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
    let (other, _) = made(&client.get("/images").await.is(200));
    assert_ne!(id, other);
    // Whoever has the cookie is the guest whom the id names.
    let by_cookie = Who::member(&client.with_cookie(&set));
    by_cookie.heart(1).await;
    assert!(is_known(&by_cookie.get("/heart").await.is(200)));
    let by_id = Who {
        client: client.clone(),
        guest: Some(id),
    };
    assert_eq!(by_id.collection().await, ["1"]);
    // Looking at what is everybody's makes nobody a guest.
    for path in ["/healthz", PATH, "/api/v1/outfits/1", "/api/v1/labels?q=x"] {
        assert!(is_known(&client.get(path).await.is(200)), "{path}");
    }
    let health = client.get("/healthz").await.is(200).json();
    assert_eq!(health, json!({"ok": true}));
}

async fn a_guest_id_is_good_under_every_name(app: Arc<App>) {
    let client = gallery(&app, 3).await;
    let who = Who::guest(&client).await;
    let id = who.guest.as_deref().expect("a guest");
    for (name, outfit) in [("userid", 1), ("user_id", 2), ("guest_id", 3)] {
        let request = client.post("/heart").query([(name, id)]);
        let answer = request.json(&json!({"outfit_id": outfit})).await.is(200);
        assert!(is_known(&answer));
    }
    assert_eq!(who.collection().await, ["3", "2", "1"]);
}

async fn a_guest_id_that_nobody_has_makes_a_new_guest(app: Arc<App>) {
    let client = gallery(&app, 3).await;
    for unknown in ["x", "g_x", "99999999999999999999", "g_<script>", "유나"] {
        let request = client.get("/heart").query([("userid", unknown)]);
        let answer = request.await.is(200);
        let (id, _) = made(&answer);
        assert_ne!(id, unknown);
    }
    let (_, set) = made(&client.get("/heart").await);
    let forged = format!("{}x", set.split(';').next().expect("a cookie"));
    made(&client.with_cookie(&forged).get("/heart").await.is(200));
}

async fn bad_input_makes_no_guest(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    for answer in [
        client.get("/images?pagesize=0").await,
        client.post("/heart").json(&json!({})).await,
        client.get("/image?outfit_id=x").await,
        client.get("/api/v1/outfits/feed?limit=x").await,
    ] {
        assert!(is_known(&answer));
        answer.refused(422, "invalid_request");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM guests").await, 0);
    // What is asked for well, and is not there, is another thing.
    let answer = client.get("/image?outfit_id=404").await;
    made(&answer);
    answer.refused(404, "outfit_not_found");
}

async fn a_members_id_proves_nothing(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    let (one, other) = (Person::new(&client).await, Person::new(&client).await);
    let guest = Who::guest(&client).await;
    for name in ["userid", "user_id", "guest_id"] {
        let ask = async |who: &Client| {
            let request = who.post("/heart").query([(name, one.id.as_str())]);
            request.json(&json!({"outfit_id": "1"})).await
        };
        ask(&client).await.refused(403, "forbidden");
        ask(&other.client).await.refused(403, "forbidden");
        assert!(is_known(&ask(&one.client).await.is(200)));
    }
    assert_eq!(hearts(&client, 1).await, 1);
    assert_eq!(Who::member(&one.client).collection().await, ["1"]);
    assert!(guest.collection().await.is_empty());
}

async fn a_token_that_is_not_good_is_refused_also_for_guests(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    let guest = Who::guest(&client).await;
    let person = Person::new(&client).await;
    person.client.post("/api/v1/users/sign-out").await.is(204);
    for token in ["x", "a.b.c", person.client.token()] {
        let who = Who {
            client: client.with_token(token),
            ..guest.clone()
        };
        for path in [
            "/images",
            "/heart",
            "/image?outfit_id=1",
            PATH,
            "/api/v1/outfits/1",
        ] {
            let answer = who.get(path).await;
            answer.refused(401, "invalid_token");
        }
        for path in ["/heart", "/shared"] {
            let answer = who.post(path, &json!({"outfit_id": "1"})).await;
            answer.refused(401, "invalid_token");
        }
    }
    assert_eq!(hearts(&client, 1).await, 0);
}

async fn a_page_of_another_site_changes_nothing_with_a_cookie(app: Arc<App>) {
    let client = gallery(&app, 2).await;
    sign_up(&client, "yuna").await;
    let (_, set) = made(&client.get("/images").await);
    let guest = client.with_cookie(&set);
    let member = log_in(&Who::member(&client), "yuna").await.client;
    let own = format!("http://{}", client.authority());
    let body = json!({"outfit_id": "1"});
    for who in [&guest, &member] {
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
        ] {
            for path in ["/heart", "/shared", "/api/v1/sessions/guest"] {
                let answer = who.post(path).json(&body).header(name, value).await;
                answer.refused(403, "csrf");
            }
            let taken = who.put("/heart").json(&body).header(name, value).await;
            taken.refused(403, "csrf");
            // Looking changes nothing.
            who.get("/images").header(name, value).await.is(200);
        }
        assert!(Who::member(who).collection().await.is_empty());
        who.post("/heart").json(&body).await.is(200);
        let same = who.put("/heart").json(&body).header("origin", &own);
        same.header("sec-fetch-site", "same-origin").await.is(200);
    }
    // Who brings their secret along themselves is no browser led astray.
    let by_id = Who::guest(&client).await;
    let request = by_id.post("/heart", &body);
    request
        .header("origin", "https://evil.example")
        .await
        .is(200);
}

async fn guests_see_neither_accounts_nor_each_other(app: Arc<App>) {
    let client = gallery(&app, 3).await;
    let (one, other) = (Who::guest(&client).await, Who::guest(&client).await);
    one.heart(1).await;
    other.heart(2).await;
    assert_eq!(one.collection().await, ["1"]);
    assert_eq!(other.collection().await, ["2"]);
    let page = one.page("/images", 3, 0).await;
    for outfit in page["outfits"].as_array().expect("outfits") {
        assert_eq!(outfit["is_liked"], outfit["outfit_id"] == "1");
    }
    for path in ["/api/v1/users/me", "/api/v1/products"] {
        let answer = one.get(path).await;
        answer.refused(401, "unauthenticated");
    }
    assert!(text(&page["outfits"][0]["img_url"]).starts_with("/media/"));
}
