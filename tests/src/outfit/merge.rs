//! A guest signs in.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, Who, editor, fill, gallery, hearts, ids, log_in, sign_up};
use crate::app::App;
use crate::client::Client;

on_every_engine! {
    crate::app::run;
    the_hearts_of_both_are_one_collection,
    what_was_said_last_counts,
    two_devices_that_sign_in_at_once_merge_once,
    of_two_members_one_gets_the_guest,
    a_guest_by_cookie_is_merged_too,
    the_walk_goes_on,
    dislikes_go_along,
    a_failed_sign_in_merges_nothing,
}

async fn member(client: &Client) -> Who {
    sign_up(client, "yuna").await;
    log_in(&Who::member(client), "yuna").await
}

async fn counts(client: &Client, ids: impl IntoIterator<Item = usize>) -> Vec<i64> {
    let mut counts = Vec::new();
    for id in ids {
        counts.push(hearts(client, id).await);
    }
    counts
}

async fn the_hearts_of_both_are_one_collection(app: Arc<App>) {
    let client = gallery(&app, 4).await;
    let member = member(&client).await;
    let guest = Who::guest(&client).await;
    guest.heart(1).await;
    member.heart(2).await;
    member.heart(3).await;
    guest.heart(2).await;
    guest.heart(4).await;
    guest.unheart(4).await;
    assert_eq!(counts(&client, 1..=4).await, [1, 2, 1, 0]);
    let signed_in = log_in(&guest, "yuna").await;
    let all = signed_in.collection().await;
    assert_eq!(
        BTreeSet::from_iter(all.iter().map(String::as_str)),
        BTreeSet::from(["1", "2", "3"])
    );
    assert_eq!(all.len(), 3);
    // Of two hearts the older one's time counts.
    assert_eq!(all, ["3", "2", "1"]);
    assert_eq!(counts(&client, 1..=4).await, [1, 1, 1, 0]);
    // The other device sees the same.
    assert_eq!(member.collection().await, all);
    let page = member.page("/images", 4, 0).await;
    for outfit in page["outfits"].as_array().expect("outfits") {
        assert_eq!(outfit["is_liked"], outfit["outfit_id"] != "4");
    }
    // Who was a guest is one no longer: their id is nobody's, and signing in again merges nothing.
    let answer = guest.get("/heart").await.is(200);
    assert_ne!(
        answer.header("x-guest-id"),
        guest.guest.as_deref().unwrap_or_default()
    );
    assert_eq!(ids(&answer.json()), [""; 0]);
    log_in(&guest, "yuna").await;
    assert_eq!(counts(&client, 1..=4).await, [1, 1, 1, 0]);
}

async fn what_was_said_last_counts(app: Arc<App>) {
    let client = gallery(&app, 4).await;
    let member = member(&client).await;
    let guest = Who::guest(&client).await;
    // 1: the guest's heart is older than the member's un-heart.
    member.heart(1).await;
    guest.heart(1).await;
    member.unheart(1).await;
    // 2: the guest's heart is younger than it.
    member.heart(2).await;
    member.unheart(2).await;
    guest.heart(2).await;
    // 3: the guest took theirs back after the member gave one.
    guest.heart(3).await;
    member.heart(3).await;
    guest.unheart(3).await;
    // 4: before.
    guest.heart(4).await;
    guest.unheart(4).await;
    member.heart(4).await;
    let signed_in = log_in(&guest, "yuna").await;
    assert_eq!(signed_in.collection().await, ["4", "2"]);
    assert_eq!(counts(&client, 1..=4).await, [0, 1, 0, 1]);
}

async fn two_devices_that_sign_in_at_once_merge_once(app: Arc<App>) {
    let client = gallery(&app, 30).await;
    let member = member(&client).await;
    for round in 0..3 {
        let guest = Who::guest(&client).await;
        for id in 1..=10 {
            guest.heart(10 * round + id).await;
        }
        member.heart(10 * round + 1).await;
        let other = guest.clone();
        let (one, two) = tokio::join!(log_in(&guest, "yuna"), log_in(&other, "yuna"));
        for who in [one, two] {
            assert_eq!(who.collection().await.len(), 10 * round + 10);
        }
    }
    assert_eq!(counts(&client, 1..=30).await, [1; 30]);
    assert_eq!(app.count("SELECT COUNT(*) FROM hearts").await, 30);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM outfit_events WHERE action = 11")
            .await,
        3
    );
}

async fn of_two_members_one_gets_the_guest(app: Arc<App>) {
    let client = gallery(&app, 5).await;
    sign_up(&client, "yuna").await;
    sign_up(&client, "minsu").await;
    let guest = Who::guest(&client).await;
    for id in 1..=5 {
        guest.heart(id).await;
    }
    let (one, two) = tokio::join!(log_in(&guest, "yuna"), log_in(&guest, "minsu"));
    let mut sizes = [one.collection().await.len(), two.collection().await.len()];
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 5]);
    assert_eq!(counts(&client, 1..=5).await, [1; 5]);
}

async fn a_guest_by_cookie_is_merged_too(app: Arc<App>) {
    let client = gallery(&app, 2).await;
    sign_up(&client, "yuna").await;
    let first = client.get("/images").await.is(200);
    let guest = Who::member(&client.with_cookie(first.header("set-cookie")));
    guest.heart(2).await;
    let signed_in = log_in(&guest, "yuna").await;
    assert_eq!(signed_in.collection().await, ["2"]);
    // The cookie a browser has now is the member's.
    let me = signed_in.get("/api/v1/users/me").await;
    me.is(200);
}

async fn the_walk_goes_on(app: Arc<App>) {
    let client = gallery(&app, 60).await;
    let member = member(&client).await;
    member.feed(7, 0).await;
    let guest = Who::guest(&client).await;
    let mut seen = Vec::new();
    for offset in [0, 10, 20] {
        let here = guest.feed(10, offset).await;
        guest.heart(&here[3]).await;
        seen.extend(here);
    }
    // A look aside, which is not the walk.
    let aside = guest.get(&format!("{PATH}/feed?gender=F")).await;
    aside.is(200);
    let signed_in = log_in(&guest, "yuna").await;
    assert_eq!(signed_in.feed(10, 20).await, seen[20..]);
    for offset in [30, 40, 50] {
        let here = signed_in.feed(10, offset).await;
        signed_in.heart(&here[3]).await;
        seen.extend(here);
    }
    assert_eq!(seen.len(), 60);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 60);
    assert_eq!(signed_in.feed(10, 60).await, [""; 0]);
    let mut hearted: Vec<String> = (0..6).map(|n| seen[10 * n + 3].clone()).collect();
    hearted.reverse();
    assert_eq!(signed_in.collection().await, hearted);
}

async fn dislikes_go_along(app: Arc<App>) {
    let client = app.start_with(&super::RANKED).await;
    let editor = editor(&app, &client).await;
    fill(
        &editor,
        20,
        |id| json!({"tags": [format!("tag {}", id % 4)], "brands": [format!("brand {}", id % 5)]}),
    )
    .await;
    let member = member(&client).await;
    member.dislike(&json!({"brand": "brand 2"})).await;
    let guest = Who::guest(&client).await;
    guest.dislike(&json!({"tag": "tag 1"})).await;
    guest.dislike(&json!({"outfit_id": "4"})).await;
    guest.dislike(&json!({"brand": "brand 2"})).await;
    let signed_in = log_in(&guest, "yuna").await;
    for who in [&signed_in, &member] {
        let found: BTreeSet<String> = who.feed(100, 0).await.into_iter().collect();
        let wanted = |id: &usize| id % 4 != 1 && id % 5 != 2 && *id != 4;
        let expected = (1..=20).filter(wanted).map(|id| id.to_string());
        assert_eq!(found, expected.collect());
    }
    let listed = signed_in.get(&format!("{PATH}/dislikes")).await.is(200);
    let listed = listed.json();
    let items = listed["items"].as_array().expect("items");
    assert_eq!(items.len(), 3);
    for item in [
        json!({"tag": "tag 1"}),
        json!({"outfit_id": "4"}),
        json!({"brand": "brand 2"}),
    ] {
        assert!(items.contains(&item), "{item}");
    }
    assert_eq!(listed["next_cursor"], Value::Null);
}

async fn a_failed_sign_in_merges_nothing(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    sign_up(&client, "yuna").await;
    let guest = Who::guest(&client).await;
    guest.heart(1).await;
    let wrong = json!({"id": "yuna", "password": "not the password"});
    let answer = guest.post("/login", &wrong).await;
    answer.refused(401, "invalid_credentials");
    assert_eq!(guest.collection().await, ["1"]);
}
