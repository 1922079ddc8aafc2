//! What the feed learns.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, RANKED, Who, editor, fill, log_in, sign_up};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::members;

on_every_engine! {
    crate::app::run;
    what_others_heart_beside_it_moves_up,
    what_has_the_same_tag_moves_up,
    what_goes_together_is_similar,
    a_guests_taste_is_the_members,
}

/// The outfits that go together: nobody's, until people heart them together.
const TOGETHER: [usize; 6] = [11, 37, 52, 78, 93, 116];

/// A hundred and twenty outfits, of which some were hearted together by so many people.
pub(super) async fn crowd(app: &App, people: usize) -> Client {
    let client = app.start_with(&RANKED).await;
    let editor = editor(app, &client).await;
    fill(
        &editor,
        120,
        |id| json!({"tags": [format!("tag {}", id % 12)]}),
    )
    .await;
    for _ in 0..people {
        let who = Who::guest(&client).await;
        for id in TOGETHER {
            who.heart(id).await;
        }
    }
    client
}

/// How many of the rest of what goes together are among the first of the next feed, and how many
/// of its outfits say why they are.
pub(super) async fn neighbours(who: &Who) -> (usize, usize) {
    let path = format!("{PATH}/feed");
    let page = who.get(&path).query([("limit", "15")]).await;
    let page = page.is(200).json();
    let found = members(&page, "outfit_id");
    let rest = TOGETHER[2..].iter().map(ToString::to_string);
    let near = rest.filter(|id| found.contains(id)).count();
    let items = page["items"].as_array().expect("items");
    let says_why = |item: &&Value| {
        let because = &item["reason"];
        let of = [TOGETHER[0].to_string(), TOGETHER[1].to_string()];
        because["kind"] == "similar_to" && of.contains(&text(&because["outfit_id"]).to_owned())
    };
    (near, items.iter().filter(says_why).count())
}

/// Hearts two of what goes together.
pub(super) async fn hint(who: &Who) {
    for id in &TOGETHER[..2] {
        who.heart(id).await;
    }
}

async fn what_others_heart_beside_it_moves_up(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    let who = Who::guest(&client).await;
    hint(&who).await;
    let (near, explained) = neighbours(&who).await;
    assert!(near >= 3, "{near} of 4");
    assert!(explained >= 3, "{explained} of 4");
    // The next opening is another feed, and not what was just seen.
    let before = who.feed(15, 0).await;
    who.heart(&before[0]).await;
    let after = who.feed(15, 0).await;
    let new = after.iter().filter(|id| !before.contains(id)).count();
    assert!(new >= 12, "{new} of 15");
}

async fn what_has_the_same_tag_moves_up(app: Arc<App>) {
    let client = crowd(&app, 0).await;
    let who = Who::guest(&client).await;
    // Ten of 120 have it: nobody else has hearted anything.
    for id in [5, 17, 29] {
        who.heart(id).await;
    }
    let page = who.page("/images", 20, 0).await;
    let outfits = page["outfits"].as_array().expect("outfits");
    let same = outfits.iter().filter(|outfit| outfit["tags"][0] == "tag 5");
    let same = same.count();
    assert!(same >= 4, "{same} of 7 among 20");
}

async fn what_goes_together_is_similar(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    let who = Who::guest(&client).await;
    let path = format!("/image?outfit_id={}&pagesize=5", TOGETHER[0]);
    let page = who.get(&path).await.is(200).json();
    assert_eq!(page["outfit"]["outfit_id"], TOGETHER[0].to_string());
    assert_eq!(page["outfit"]["is_liked"], false);
    let similar = page["similar_outfits"].as_array().expect("outfits");
    assert_eq!(similar.len(), 5);
    for outfit in similar {
        let id = text(&outfit["outfit_id"]);
        assert_eq!(outfit["img_url"], format!("/media/{id}.jpg"));
    }
    // All its pages, by offset and by cursor, are the same outfits.
    let mut walked = Vec::new();
    let (mut offset, mut is_last) = (0, json!(false));
    while is_last == false {
        let path = format!(
            "/image?outfit_id={}&pagesize=7&offset={offset}",
            TOGETHER[0]
        );
        let page = who.get(&path).await.is(200).json();
        let here = page["similar_outfits"].as_array().expect("outfits").clone();
        walked.extend(here.iter().map(|o| text(&o["outfit_id"]).to_owned()));
        is_last = page["is_last"].clone();
        offset += 7;
    }
    // What has the same tag, and what people heart beside it.
    let is_alike = |id: &&String| id.parse().is_ok_and(|id: usize| id % 12 == 11);
    let is_near = |id: &&String| TOGETHER[1..].iter().any(|other| other.to_string() == **id);
    let alike = walked.iter().filter(is_alike).count();
    let near = walked.iter().filter(is_near).count();
    assert_eq!((alike, near, walked.len()), (9, 5, 14), "{walked:?}");
    assert!(!walked.contains(&TOGETHER[0].to_string()));
    let path = format!("{PATH}/{}/similar?limit=100", TOGETHER[0]);
    let page = who.get(&path).await.is(200).json();
    assert_eq!(members(&page, "outfit_id"), walked);
    assert_eq!(page["next_cursor"], Value::Null);
    let behind = who.get(&format!("/image?outfit_id=11&offset={}", i64::MAX));
    let behind = behind.await.is(200).json();
    assert_eq!(
        (&behind["similar_outfits"], &behind["is_last"]),
        (&json!([]), &json!(true))
    );
    let answer = who.get(&format!("{PATH}/404/similar")).await;
    answer.refused(404, "outfit_not_found");
}

async fn a_guests_taste_is_the_members(app: Arc<App>) {
    let client = crowd(&app, 12).await;
    sign_up(&client, "yuna").await;
    let guest = Who::guest(&client).await;
    hint(&guest).await;
    let member = log_in(&guest, "yuna").await;
    let (near, _) = neighbours(&member).await;
    assert!(near >= 3, "{near} of 4");
}
