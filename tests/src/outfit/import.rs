//! Outfits from files.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, RANKED, Who, editor, hearts, hide};
use crate::app::App;
use crate::client::text;
use crate::person::{Person, members};

on_every_engine! {
    crate::app::run;
    good_rows_of_a_table_come_in_and_bad_ones_are_reported_with_their_line,
    good_lines_of_json_come_in_and_bad_ones_are_reported,
    a_dry_run_reports_and_stores_nothing,
    the_same_file_again_changes_nothing,
    only_tables_and_lines_of_json_are_taken,
    a_large_file_comes_in_whole,
}

const IMPORT: &str = "/api/v1/outfits/import";

const TABLE: &str = "outfit_id,img_url,gender,age,tags,brands,style,date,extra\r\n\
    11,/media/11.jpg,F,24,\"오버핏|카고팬츠\",Cargo Lab,스트릿,2026-11-01,x\r\n\
    12,/media/12.jpg,M,20대,#오버핏;청바지,,\"미니\r\n멀\",,\r\n\
    ,javascript:alert(1),X,121,,,,2026-02-30,\r\n\
    -3,,,,,,,,\r\n\
    13,https://images.example/13.jpg,,,,,,,\r\n";

const LINES: &str = concat!(
    r#"{"outfit_id": 21, "img_url": "/media/21.jpg", "tags": ["오버핏", "카고팬츠"], "age": 24, "more": 1}"#,
    "\n\n",
    r#"{"outfit_id": "22", "img_url": "/media/22.jpg", "tags": "오버핏,청바지", "style": null}"#,
    "\nnot JSON\n",
    r#"{"img_url": {}, "gender": ["F"], "date": "tomorrow"}"#,
    "\n[1]\n",
    r#"{"img_url": "/media/23.jpg"}"#,
);

const NDJSON: &str = "application/x-ndjson";

/// Line, pointer and code of each finding.
fn findings(report: &Value) -> Vec<(u64, &str, &str)> {
    let errors = report["errors"].as_array().expect("findings");
    let mut found: Vec<_> = errors
        .iter()
        .map(|error| {
            let line = error["line"].as_u64().expect("a line");
            assert!(!text(&error["detail"]).is_empty());
            (line, text(&error["pointer"]), text(&error["code"]))
        })
        .collect();
    found.sort_unstable();
    found
}

fn counts(report: &Value) -> Value {
    json!([
        report["dry_run"],
        report["rows"],
        report["imported"],
        report["failed"]
    ])
}

async fn send(editor: &Person, kind: &str, file: &str) -> Value {
    let request = editor.client.post(IMPORT).body(kind, file.to_owned());
    request.await.is(200).json()
}

async fn good_rows_of_a_table_come_in_and_bad_ones_are_reported_with_their_line(app: Arc<App>) {
    let client = app.start_with(&RANKED).await;
    let editor = editor(&app, &client).await;
    for mark in ["", "\u{feff}"] {
        let report = send(&editor, "text/csv", &format!("{mark}{TABLE}")).await;
        assert_eq!(counts(&report), json!([false, 5, 2, 3]), "{report}");
        let expected = [
            (3, "/style", "control_character"),
            (5, "/age", "range"),
            (5, "/date", "invalid_value"),
            (5, "/gender", "gender"),
            (5, "/img_url", "url"),
            (6, "/img_url", "required"),
            (6, "/outfit_id", "id"),
        ];
        assert_eq!(findings(&report), expected);
    }
    let outfit = client.get(&format!("{PATH}/11")).await.is(200).json();
    assert_eq!(outfit["tags"], json!(["오버핏", "카고팬츠"]));
    assert_eq!(
        (&outfit["age"], &outfit["date"]),
        (&json!(24), &json!("2026-11-01"))
    );
    let who = Who::guest(&client).await;
    assert_eq!(who.feed(10, 0).await.len(), 2, "at once in the feed");
    let page = client.get(PATH).query([("q", "ㅋㄱㅍㅊ")]).await.is(200);
    assert_eq!(members(&page.json(), "outfit_id"), ["11"]);
    let korean = editor.client.post(IMPORT).csv(TABLE);
    let report = korean.header("accept-language", "ko").await.is(200).json();
    assert!(
        text(&report["errors"][0]["detail"])
            .chars()
            .any(|c| c > '가')
    );
}

async fn good_lines_of_json_come_in_and_bad_ones_are_reported(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    for kind in [NDJSON, "application/jsonl"] {
        let report = send(&editor, kind, LINES).await;
        assert_eq!(counts(&report), json!([false, 6, 3, 3]), "{report}");
        let expected = [
            (4, "/", "malformed_json"),
            (5, "/date", "invalid_value"),
            (5, "/gender", "wrong_type"),
            (5, "/img_url", "wrong_type"),
            (6, "/", "malformed_json"),
        ];
        assert_eq!(findings(&report), expected);
    }
    let outfit = client.get(&format!("{PATH}/22")).await.is(200).json();
    assert_eq!(outfit["tags"], json!(["오버핏", "청바지"]));
}

async fn a_dry_run_reports_and_stores_nothing(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    for (kind, file, expected) in [
        ("text/csv", TABLE, json!([true, 5, 2, 3])),
        (NDJSON, LINES, json!([true, 6, 3, 3])),
    ] {
        let request = editor.client.post(IMPORT).query([("dry_run", "true")]);
        let report = request.body(kind, file).await.is(200).json();
        assert_eq!(counts(&report), expected);
    }
    let page = client.get(PATH).await.is(200).json();
    assert_eq!(page["items"], json!([]));
    for table in ["outfits", "labels", "outfit_labels"] {
        let query = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(app.count(&query).await, 0, "{table}");
    }
}

async fn the_same_file_again_changes_nothing(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    let file = "outfit_id,img_url,tags\n1,/media/1.jpg,오버핏\n2,/media/2.jpg,오버핏|청바지\n";
    send(&editor, "text/csv", file).await;
    Who::guest(&client).await.heart(1).await;
    hide(&editor, 2, true).await;
    let see = async || {
        let one = editor.client.get(&format!("{PATH}/1")).await.is(200);
        let two = editor.client.get(&format!("{PATH}/2")).await.is(200);
        [one, two].map(|answer| (answer.header("etag").to_owned(), answer.json()))
    };
    let before = see().await;
    let report = send(&editor, "text/csv", file).await;
    assert_eq!(counts(&report), json!([false, 2, 2, 0]));
    assert_eq!(see().await, before);
    // What it says differently is changed: but hearts stay, and what is hidden stays so.
    let file = "outfit_id,img_url,tags\n1,/media/new.jpg,\n2,/media/new.jpg,청바지\n";
    send(&editor, "text/csv", file).await;
    let [one, two] = see().await;
    assert_ne!(one.0, before[0].0);
    assert_eq!(one.1["tags"], json!([]));
    assert_eq!(
        (&two.1["tags"], &two.1["hidden"]),
        (&json!(["청바지"]), &json!(true))
    );
    assert_eq!(hearts(&client, 1).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM outfits").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM labels").await, 2);
}

async fn only_tables_and_lines_of_json_are_taken(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    for kind in ["application/json", "text/plain", "image/png"] {
        let answer = editor.client.post(IMPORT).body(kind, TABLE).await;
        answer.refused(415, "unsupported_media_type");
    }
    let answer = editor
        .client
        .post(IMPORT)
        .csv("outfit_id,tags\n1,x\n")
        .await;
    let document = answer.refused(422, "invalid_request");
    assert!(document.to_string().contains("img_url"), "{document}");
    let request = editor.client.post(IMPORT).query([("dry_run", "perhaps")]);
    let answer = request.csv(TABLE).await;
    answer.invalid(&[("/dry_run", "wrong_type")]);
}

async fn a_large_file_comes_in_whole(app: Arc<App>) {
    let client = app.start_with(&RANKED).await;
    let editor = editor(&app, &client).await;
    let mut file = String::from("outfit_id,img_url,tags\n");
    for id in 1..=2_345 {
        file.push_str(&format!("{id},/media/{id}.jpg,태그 {}|모두\n", id % 100));
    }
    let report = send(&editor, "text/csv", &file).await;
    assert_eq!(counts(&report), json!([false, 2_345, 2_345, 0]));
    assert_eq!(app.count("SELECT COUNT(*) FROM labels").await, 101);
    let page = client
        .get(PATH)
        .query([("tag", "태그 7"), ("limit", "100")]);
    assert_eq!(members(&page.await.is(200).json(), "outfit_id").len(), 24);
    let who = Who::guest(&client).await;
    let page = who.page("/images", 100, 2_300).await;
    assert_eq!(
        (super::ids(&page).len(), &page["is_last"]),
        (45, &json!(true))
    );
}
