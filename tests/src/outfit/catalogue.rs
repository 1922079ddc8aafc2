//! Finding outfits.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, Who, editor, fill, hide};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    outfits_are_found_by_what_is_said_of_them,
    a_list_is_walked_by_cursor,
    labels_are_found_as_they_are_typed,
    one_outfit_is_told_with_its_hearts,
    what_is_wrong_with_a_list_is_told,
}

/// Outfits of several kinds.
async fn several(app: &App) -> (Client, Person) {
    let client = app.start().await;
    let editor = editor(app, &client).await;
    fill(&editor, 12, |id| {
        json!({
            "tags": if id % 2 == 0 { ["카고팬츠", "오버핏"] } else { ["청바지", "오버핏"] },
            "brands": [if id % 3 == 0 { "Cargo Lab" } else { "무신사" }],
            "style": if id % 4 == 0 { "스트릿" } else { "미니멀" },
            "season": if id > 6 { Some("가을") } else { None },
            "gender": if id <= 4 { Some("M") } else { Some("F") },
        })
    })
    .await;
    (client, editor)
}

/// The ids that a list finds, the newest first.
async fn find(client: &Client, query: &[(&str, &str)]) -> Vec<usize> {
    let query = query.iter().copied().chain([("limit", "100")]);
    let page = client.get(PATH).query(query).await.is(200).json();
    assert_eq!(page["next_cursor"], Value::Null);
    let ids = members(&page, "outfit_id");
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

fn those(passes: impl Fn(usize) -> bool) -> Vec<usize> {
    (1..=12).rev().filter(|id| passes(*id)).collect()
}

async fn outfits_are_found_by_what_is_said_of_them(app: Arc<App>) {
    let (client, editor) = several(&app).await;
    assert_eq!(find(&client, &[]).await, those(|_| true));
    let cargo = those(|id| id % 2 == 0);
    // A tag, in whatever spelling; half-typed, by initials, and a brand by the same word.
    for tag in ["카고팬츠", "#카고팬츠", " 카고팬츠 "] {
        assert_eq!(find(&client, &[("tag", tag)]).await, cargo, "{tag}");
    }
    for typed in ["카고패", "ㅋㄱㅍㅊ", "카고팬츠"] {
        assert_eq!(find(&client, &[("q", typed)]).await, cargo, "{typed}");
    }
    let lab = those(|id| id % 3 == 0);
    for (member, typed) in [
        ("q", "cargo"),
        ("brand", "CARGO LAB"),
        ("brand", "Cargo Lab"),
    ] {
        assert_eq!(find(&client, &[(member, typed)]).await, lab, "{typed}");
    }
    assert_eq!(
        find(&client, &[("q", "ㅅㅌㄹ")]).await,
        those(|id| id % 4 == 0)
    );
    assert_eq!(
        find(&client, &[("style", "미니멀")]).await,
        those(|id| id % 4 != 0)
    );
    assert_eq!(
        find(&client, &[("season", "가을")]).await,
        those(|id| id > 6)
    );
    assert_eq!(find(&client, &[("gender", "M")]).await, those(|id| id <= 4));
    let all = [
        ("tag", "카고팬츠"),
        ("brand", "Cargo Lab"),
        ("season", "가을"),
        ("gender", "F"),
        ("q", "오버"),
    ];
    assert_eq!(find(&client, &all).await, those(|id| id % 6 == 0 && id > 6));
    for nothing in [("tag", "Cargo Lab"), ("q", "아무것도"), ("style", "없음")] {
        assert_eq!(find(&client, &[nothing]).await, [0; 0], "{nothing:?}");
    }
    // What is blank asks for nothing in particular.
    assert_eq!(find(&client, &[("q", " ")]).await, those(|_| true));
    hide(&editor, 12, true).await;
    assert_eq!(find(&client, &[("brand", "Cargo Lab")]).await, [9, 6, 3]);
    let hidden = editor.client.get(PATH).query([("hidden", "true")]).await;
    assert_eq!(members(&hidden.is(200).json(), "outfit_id"), ["12"]);
}

async fn a_list_is_walked_by_cursor(app: Arc<App>) {
    let (client, _) = several(&app).await;
    let who = Who::guest(&client).await;
    who.heart(11).await;
    let (mut found, mut cursor) = (Vec::new(), Some(String::new()));
    while let Some(here) = cursor {
        let query = [("limit", "5"), ("q", "오버핏"), ("cursor", &here)];
        let page = who.get(PATH).query(query).await.is(200).json();
        for outfit in page["items"].as_array().expect("items") {
            assert_eq!(outfit["is_liked"], outfit["outfit_id"] == "11");
        }
        found.extend(members(&page, "outfit_id"));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    let expected = those(|_| true).into_iter().map(|id| id.to_string());
    assert_eq!(found, expected.collect::<Vec<_>>());
    let page = client.get(PATH).await.is(200).json();
    assert_eq!(members(&page, "outfit_id").len(), 10);
    let page = client.get(PATH).query([("limit", "12")]).await.is(200);
    assert_eq!(page.json()["next_cursor"], Value::Null);
}

async fn labels_are_found_as_they_are_typed(app: Arc<App>) {
    let (client, _) = several(&app).await;
    let find = async |query: &[(&str, &str)]| {
        let request = client.get("/api/v1/labels").query(query.iter().copied());
        let page = request.await.is(200).json();
        assert_eq!(page["next_cursor"], Value::Null);
        let items = page["items"].as_array().expect("items").clone();
        let named = items.iter().map(|label| {
            assert!(text(&label["label_id"]).parse::<i64>().is_ok());
            format!("{} {}", text(&label["kind"]), text(&label["name"]))
        });
        named.collect::<Vec<_>>()
    };
    for typed in ["ㅋ", "카", "ㅋㄱ", "카고패", "카곺", "카고팬츠"] {
        let found = find(&[("q", typed)]).await;
        assert_eq!(found, ["tag 카고팬츠"], "{typed}");
    }
    assert_eq!(find(&[("q", "CARGO")]).await, ["brand Cargo Lab"]);
    assert_eq!(find(&[("q", "ㅅㅌ")]).await, ["style 스트릿"]);
    // Seasons only where they are asked for.
    assert_eq!(find(&[("q", "가을")]).await, [""; 0]);
    assert_eq!(
        find(&[("q", "가을"), ("kind", "season")]).await,
        ["season 가을"]
    );
    assert_eq!(
        find(&[("q", "ㅁ"), ("kind", "brand")]).await,
        ["brand 무신사"]
    );
    assert_eq!(find(&[("q", "ㅁ"), ("limit", "1")]).await.len(), 1);
    let wrong = [("kind", "region"), ("limit", "51")];
    let answer = client.get("/api/v1/labels").query(wrong).await;
    answer.invalid(&[
        ("/kind", "invalid_value"),
        ("/limit", "range"),
        ("/q", "required"),
    ]);
}

async fn one_outfit_is_told_with_its_hearts(app: Arc<App>) {
    let (client, _) = several(&app).await;
    let who = Who::guest(&client).await;
    who.heart(4).await;
    let path = format!("{PATH}/4");
    let answer = who.get(&path).await.is(200);
    assert!(answer.header("etag").starts_with('"'));
    let mut outfit = answer.json();
    let times = ["created_at", "updated_at"].map(|at| {
        let members = outfit.as_object_mut().expect("an outfit");
        text(&members.remove(at).expect(at)).to_owned()
    });
    assert!(times.iter().all(|at| at.ends_with('Z')), "{times:?}");
    let expected = json!({
        "outfit_id": "4", "img_url": "/media/4.jpg", "gender": "M", "age": null,
        "origin_url": null, "reporter": null, "tags": ["카고팬츠", "오버핏"],
        "brands": ["무신사"], "region": null, "occupation": null, "style": "스트릿",
        "season": null, "date": null, "is_liked": true, "hearts": 1, "hidden": false,
    });
    assert_eq!(outfit, expected);
    assert_eq!(client.get(&path).await.is(200).json()["is_liked"], false);
    for id in ["404", "x", "0", "-4", "99999999999999999999"] {
        let answer = client.get(&format!("{PATH}/{id}")).await;
        answer.refused(404, "outfit_not_found");
    }
}

async fn what_is_wrong_with_a_list_is_told(app: Arc<App>) {
    let client = app.start().await;
    let long = "x".repeat(201);
    let wrong = [
        ("limit", "0"),
        ("gender", "X"),
        ("q", &long),
        ("hidden", "perhaps"),
    ];
    client.get(PATH).query(wrong).await.invalid(&[
        ("/gender", "gender"),
        ("/hidden", "wrong_type"),
        ("/limit", "range"),
        ("/q", "length"),
    ]);
    for cursor in ["x", "1.5", "99999999999999999999"] {
        let answer = client.get(PATH).query([("cursor", cursor)]).await;
        answer.refused(422, "invalid_cursor");
    }
    let answer = client.get(PATH).query([("hidden", "true")]).await;
    answer.refused(403, "forbidden");
    let person = Person::new(&client).await;
    let answer = person.client.get(PATH).query([("hidden", "true")]).await;
    answer.refused(403, "forbidden");
}
