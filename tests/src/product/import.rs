//! Products from CSV files.

use std::fmt::Write;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use reqwest::Body;
use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Answer, text};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    good_rows_come_in_and_bad_ones_are_reported_with_their_line,
    a_dry_run_reports_and_stores_nothing,
    a_file_may_have_names_and_gaps_of_its_own,
    a_file_without_a_required_column_is_refused,
    only_csv_is_taken,
    a_file_over_the_limit_is_refused_whole,
    a_large_file_comes_in_whole,
}

const PATH: &str = "/api/v1/products/import";

const FILE: &str = "category,name,price,cost,size,barcode,expiration_date,description\r\n\
    음료,슈크림 라떼,\"4,500원\",1200,small,8801234567893,2026-12-24,\"첫 줄\r\n둘째 줄\"\r\n\
    음료,,-1,x,medium,8801234567890,2026-02-30,\r\n\
    \r\n\
    빵,\"쉼표, \"\"따옴표\"\"\",₩3000,0,LARGE,,2026/12/25,\r\n\
    빵,짧은 행,1\r\n";

async fn import(person: &Person, query: &[(&str, &str)], file: impl Into<Body>) -> Answer {
    let request = person.client.post(PATH).query(query.iter().copied());
    request.csv(file).await
}

/// Line, pointer and code of each finding.
fn findings(report: &Value) -> Vec<(u64, &str, &str)> {
    let errors = report["errors"].as_array().expect("findings");
    errors
        .iter()
        .map(|error| {
            let line = error["line"].as_u64().expect("a line");
            assert!(!text(&error["detail"]).is_empty());
            (line, text(&error["pointer"]), text(&error["code"]))
        })
        .collect()
}

/// What is wrong with [`FILE`], whose first row takes two lines.
const FINDINGS: [(u64, &str, &str); 8] = [
    (4, "/barcode", "check_digit"),
    (4, "/cost", "wrong_type"),
    (4, "/expiration_date", "invalid_value"),
    (4, "/name", "required"),
    (4, "/price", "range"),
    (4, "/size", "size"),
    (7, "/cost", "required"),
    (7, "/size", "required"),
];

async fn good_rows_come_in_and_bad_ones_are_reported_with_their_line(app: Arc<App>) {
    let person = app.person().await;
    // With and without the mark that spreadsheets put in front.
    for mark in ["", "\u{feff}"] {
        let report = import(&person, &[], format!("{mark}{FILE}"))
            .await
            .is(200)
            .json();
        assert_eq!(findings(&report), FINDINGS);
        let counts = json!([
            report["dry_run"],
            report["rows"],
            report["imported"],
            report["failed"]
        ]);
        assert_eq!(counts, json!([false, 4, 2, 2]));
    }
    assert_eq!(person.names([]).await.len(), 4);
    let page = person.list([("q", "ㅅㅋㄹ"), ("limit", "1")]).await;
    let latte = &page["items"][0];
    for (member, expected) in [
        ("category", json!("음료")),
        ("name", json!("슈크림 라떼")),
        ("price", json!(4500)),
        ("cost", json!(1200)),
        ("size", json!("small")),
        ("barcode", json!("8801234567893")),
        ("expiration_date", json!("2026-12-24")),
        ("description", json!("첫 줄\r\n둘째 줄")),
    ] {
        assert_eq!(latte[member], expected);
    }
    let page = person.list([("q", "쉼표"), ("limit", "1")]).await;
    assert_eq!(page["items"][0]["name"], "쉼표, \"따옴표\"");
    assert_eq!(page["items"][0]["size"], "large");

    let korean = person
        .client
        .post(PATH)
        .csv(FILE)
        .header("accept-language", "ko");
    let korean = korean.await.is(200).json();
    assert_eq!(korean["errors"][3]["detail"], "필수 항목입니다.");
}

async fn a_dry_run_reports_and_stores_nothing(app: Arc<App>) {
    let person = app.person().await;
    let report = import(&person, &[("dry_run", "true")], FILE)
        .await
        .is(200)
        .json();
    assert_eq!(findings(&report), FINDINGS);
    let counts = json!([
        report["dry_run"],
        report["rows"],
        report["imported"],
        report["failed"]
    ]);
    assert_eq!(counts, json!([true, 4, 2, 2]));
    assert_eq!(person.names([]).await, [""; 0]);
}

async fn a_file_may_have_names_and_gaps_of_its_own(app: Arc<App>) {
    let person = app.person().await;
    let file = "articleType,productDisplayName,판매가\nShirts,Turtle Check Shirt,1000\n";
    let query = [
        ("columns", "name:productDisplayName,category:articleType"),
        ("defaults", "size:small, cost:0"),
    ];
    let report = import(&person, &query, file).await.is(200).json();
    assert_eq!(report["imported"], 1);
    let product = &person.list([]).await["items"][0];
    assert_eq!(product["name"], "Turtle Check Shirt");
    assert_eq!(product["price"], 1000);
    assert_eq!(product["size"], "small");
    for wrong in [
        ("columns", "name"),
        ("columns", "colour:x"),
        ("defaults", "colour:x"),
    ] {
        let answer = import(&person, &[wrong], file).await;
        answer.refused(422, "invalid_request");
    }
    let absent = [
        ("columns", "name:nothing"),
        ("defaults", "category:a,price:1,cost:0,size:small"),
    ];
    let answer = import(&person, &absent, file).await;
    answer.invalid(&[("/nothing", "missing_column")]);
}

async fn a_file_without_a_required_column_is_refused(app: Arc<App>) {
    let person = app.person().await;
    let answer = import(&person, &[], "name,category\n라떼,음료\n").await;
    answer.invalid(&[
        ("/cost", "missing_column"),
        ("/price", "missing_column"),
        ("/size", "missing_column"),
    ]);
    let answer = import(&person, &[], "").await;
    answer.refused(422, "invalid_request");
    let answer = import(&person, &[("dry_run", "maybe")], FILE).await;
    answer.invalid(&[("/dry_run", "wrong_type")]);
}

async fn only_csv_is_taken(app: Arc<App>) {
    let person = app.person().await;
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ] {
        let answer = person.client.post(PATH).body(kind, FILE).await;
        answer.refused(415, "unsupported_media_type");
    }
    let without = person.client.post(PATH).await;
    without.refused(415, "unsupported_media_type");
    let with_charset = person
        .client
        .post(PATH)
        .body("text/csv; charset=utf-8", FILE);
    with_charset.await.is(200);
}

/// A file of that many good rows.
pub(super) fn file(rows: usize) -> String {
    let mut file = "category,name,price,cost,size\n".to_owned();
    for row in 0..rows {
        writeln!(file, "음료,슈크림 {row},{row},0,small").expect("room");
    }
    file
}

/// The file in pieces, without its length told in advance.
fn in_pieces(file: &str) -> Body {
    let pieces: Vec<_> = file
        .as_bytes()
        .chunks(997)
        .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
        .collect();
    Body::wrap_stream(stream::iter(pieces))
}

async fn a_file_over_the_limit_is_refused_whole(app: Arc<App>) {
    let file = file(1_000);
    let limit = (file.len() - 1).to_string();
    let limit = ("ENSEMBLE__LIMITS__IMPORT_BYTES", limit.as_str());
    let person = Person::new(&app.start_with(&[limit]).await).await;
    for body in [Body::from(file.clone()), in_pieces(&file)] {
        let answer = import(&person, &[], body).await;
        answer.refused(413, "payload_too_large");
    }
    assert_eq!(person.names([]).await, [""; 0]);
    assert_eq!(person.names([("q", "ㅅㅋㄹ")]).await, [""; 0]);
    let fits = file.trim_end();
    for body in [Body::from(fits.to_owned()), in_pieces(fits)] {
        let report = import(&person, &[], body).await.is(200).json();
        assert_eq!(report["imported"], 1_000);
    }
}

async fn a_large_file_comes_in_whole(app: Arc<App>) {
    let person = app.person().await;
    let report = import(&person, &[], in_pieces(&file(2_345)))
        .await
        .is(200)
        .json();
    assert_eq!(report["imported"], 2_345);
    let export = person.client.get("/api/v1/products/export").await.is(200);
    assert_eq!(export.text().lines().count(), 2_346);
    let last = person.list([("q", "슈크림 2344")]).await;
    assert_eq!(last["items"][0]["price"], 2_344);
    // The last row of the file is the newest product.
    assert_eq!(person.names([("limit", "1")]).await, ["슈크림 2344"]);
}
