//! Hearts: given, taken back, collected, counted.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use test_database::on_every_engine;

use super::{PATH, Who, editor, fill, gallery, hearts, hide, ids};
use crate::app::App;
use crate::person::{PASSWORD, Person, members};

on_every_engine! {
    crate::app::run;
    hearting_again_changes_nothing,
    a_collection_has_the_newest_heart_first,
    a_collection_is_paged_by_offset_and_by_cursor,
    what_is_hidden_is_in_no_collection,
    what_is_not_there_cannot_be_hearted,
    of_many_people_at_once_every_heart_is_counted,
    who_leaves_takes_their_hearts_along,
}

async fn hearting_again_changes_nothing(app: Arc<App>) {
    let client = gallery(&app, 2).await;
    let who = Who::guest(&client).await;
    who.unheart(1).await;
    for _ in 0..3 {
        who.heart(1).await;
        assert_eq!(hearts(&client, 1).await, 1);
    }
    assert_eq!(who.collection().await, ["1"]);
    // The plain routes are the same hearts.
    let path = format!("{PATH}/1/heart");
    who.request(reqwest::Method::PUT, &path).await.is(204);
    for _ in 0..2 {
        who.request(reqwest::Method::DELETE, &path).await.is(204);
        assert_eq!(hearts(&client, 1).await, 0);
    }
    who.unheart(1).await;
    assert!(who.collection().await.is_empty());
    let rows = "SELECT COUNT(*) FROM hearts";
    assert_eq!(app.count(rows).await, 1, "a soft delete");
    // Only what changed something was written down.
    let events = "SELECT COUNT(*) FROM outfit_events WHERE action IN (3, 4)";
    assert_eq!(app.count(events).await, 2);
    who.heart(1).await;
    assert_eq!((hearts(&client, 1).await, app.count(rows).await), (1, 1));
}

async fn a_collection_has_the_newest_heart_first(app: Arc<App>) {
    let client = gallery(&app, 4).await;
    let who = Who::guest(&client).await;
    let empty = who.page("/heart", 10, 0).await;
    let expected = json!({"outfits": [], "pagesize": 10, "offset": 0, "is_last": true});
    assert_eq!(empty, expected);
    for id in [2, 4, 1, 3] {
        who.heart(id).await;
    }
    assert_eq!(who.collection().await, ["3", "1", "4", "2"]);
    // Hearting what is hearted moves nothing; hearting it anew does.
    who.heart(2).await;
    assert_eq!(who.collection().await, ["3", "1", "4", "2"]);
    who.unheart(4).await;
    who.heart(4).await;
    assert_eq!(who.collection().await, ["4", "3", "1", "2"]);
    let page = who.page("/heart", 1, 0).await;
    let expected = json!({
        "outfit_id": "4", "img_url": "/media/4.jpg", "gender": null, "age": null,
        "origin_url": null, "reporter": null, "tags": [], "brands": [], "region": null,
        "occupation": null, "style": null, "season": null, "date": null, "is_liked": true,
    });
    assert_eq!(page["outfits"], json!([expected]));
}

async fn a_collection_is_paged_by_offset_and_by_cursor(app: Arc<App>) {
    let client = gallery(&app, 25).await;
    let who = Who::guest(&client).await;
    for id in 1..=25 {
        who.heart(id).await;
    }
    let newest: Vec<String> = (1..=25).rev().map(|id| id.to_string()).collect();
    let mut walked = Vec::new();
    for (offset, is_last) in [(0, false), (10, false), (20, true)] {
        let page = who.page("/heart", 10, offset).await;
        assert_eq!(
            (&page["offset"], &page["is_last"]),
            (&json!(offset), &json!(is_last))
        );
        walked.extend(ids(&page));
    }
    assert_eq!(walked, newest);
    assert_eq!(who.page("/heart", 5, 20).await["is_last"], true);
    for offset in ["25", "1000", "9223372036854775807"] {
        let page = who.get("/heart").query([("offset", offset)]).await;
        let page = page.is(200).json();
        assert_eq!(
            (&page["outfits"], &page["is_last"]),
            (&json!([]), &json!(true))
        );
    }
    let path = format!("{PATH}/hearted");
    let (mut walked, mut cursor) = (Vec::new(), Some(String::new()));
    while let Some(here) = cursor {
        let request = who.get(&path).query([("limit", "7"), ("cursor", &here)]);
        let page = request.await.is(200).json();
        walked.extend(members(&page, "outfit_id"));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    assert_eq!(walked, newest);
    let answer = who.get(&path).query([("cursor", "x")]).await;
    answer.refused(422, "invalid_cursor");
    let far = who.get(&path).query([("cursor", "18446744073709551615")]);
    assert_eq!(far.await.is(200).json()["items"], json!([]));
}

async fn what_is_hidden_is_in_no_collection(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    fill(&editor, 5, |_| json!({})).await;
    let who = Who::guest(&client).await;
    for id in 1..=5 {
        who.heart(id).await;
    }
    hide(&editor, 3, true).await;
    assert_eq!(who.collection().await, ["5", "4", "2", "1"]);
    let page = who.page("/heart", 2, 2).await;
    assert_eq!(
        (ids(&page), &page["is_last"]),
        (vec!["2".into(), "1".into()], &json!(true))
    );
    // Its heart can be taken back, and no new one given.
    let stranger = Who::guest(&client).await;
    for path in ["/heart", "/shared"] {
        let answer = stranger.post(path, &json!({"outfit_id": "3"})).await;
        answer.refused(404, "outfit_not_found");
    }
    hide(&editor, 3, false).await;
    assert_eq!(who.collection().await, ["5", "4", "3", "2", "1"]);
    hide(&editor, 3, true).await;
    who.unheart(3).await;
    hide(&editor, 3, false).await;
    assert_eq!(hearts(&client, 3).await, 0);
}

async fn what_is_not_there_cannot_be_hearted(app: Arc<App>) {
    let client = gallery(&app, 1).await;
    let who = Who::guest(&client).await;
    let unknown = json!({"outfit_id": 404});
    let answer = who.post("/heart", &unknown).await;
    answer.refused(404, "outfit_not_found");
    let request = who.request(reqwest::Method::PUT, "/heart");
    request
        .json(&unknown)
        .await
        .refused(404, "outfit_not_found");
    for id in ["404", "x", "-1", "99999999999999999999"] {
        let path = format!("{PATH}/{id}/heart");
        let answer = who.request(reqwest::Method::PUT, &path).await;
        answer.refused(404, "outfit_not_found");
    }
    who.post("/heart", &json!({}))
        .await
        .invalid(&[("/outfit_id", "required")]);
    who.post("/heart", &json!({"outfit_id": true}))
        .await
        .invalid(&[("/outfit_id", "wrong_type")]);
    who.post("/heart", &json!({"outfit_id": 1, "more": {}}))
        .await
        .is(200);
}

async fn of_many_people_at_once_every_heart_is_counted(app: Arc<App>) {
    let client = gallery(&app, 2).await;
    let people: Vec<Who> = join_all((0..20).map(|_| Who::guest(&client))).await;
    join_all(people.iter().map(|who| who.heart(1))).await;
    assert_eq!(hearts(&client, 1).await, 20);
    // Half of them change their mind while the others insist.
    let turn = |(number, who): (usize, Who)| async move {
        if number % 2 == 0 {
            who.unheart(1).await;
        } else {
            who.heart(1).await;
        }
    };
    join_all(people.iter().cloned().enumerate().map(turn)).await;
    assert_eq!(hearts(&client, 1).await, 10);
    // One person on many devices is one heart.
    join_all((0..20).map(|_| people[0].heart(2))).await;
    assert_eq!(hearts(&client, 2).await, 1);
    join_all((0..20).map(|_| people[0].unheart(2))).await;
    assert_eq!(hearts(&client, 2).await, 0);
    let events = "SELECT COUNT(*) FROM outfit_events WHERE outfit_id = 2";
    assert_eq!(app.count(events).await, 2);
}

async fn who_leaves_takes_their_hearts_along(app: Arc<App>) {
    let client = gallery(&app, 3).await;
    let (leaves, stays) = (Person::new(&client).await, Who::guest(&client).await);
    let who = Who::member(&leaves.client);
    for id in 1..=3 {
        who.heart(id).await;
        stays.heart(id).await;
    }
    who.unheart(3).await;
    who.dislike(&json!({"outfit_id": "3"})).await;
    who.feed(3, 0).await;
    let proof = json!({"password": PASSWORD});
    let answer = leaves.client.delete("/api/v1/users/me").json(&proof).await;
    answer.is(204);
    for id in 1..=3 {
        assert_eq!(hearts(&client, id).await, 1);
    }
    assert_eq!(stays.collection().await, ["3", "2", "1"]);
    // What was handed in is written before a server stops: also that nothing of it stays.
    app.stop().await;
    for table in ["hearts", "outfit_events", "dislikes"] {
        let query = format!(
            "SELECT COUNT(*) FROM {table} WHERE person_id = {}",
            leaves.id
        );
        assert_eq!(app.count(&query).await, 0, "{table}");
    }
}
