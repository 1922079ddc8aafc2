//! Products in and out as CSV.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::test::TestRequest;
use bytes::Bytes;
use controller::Services;
use domain::clock::FixedClock;
use domain::product::{MockProductRepository, Product};
use domain::{IdGenerator, ValueError};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use serde_json::json;
use service::product::{
    DefaultProductService, ImportReport, MockProductService, ProductError, RowProblem,
};

use crate::world::{Asking, OWNER, ask, get, post, send, services, start, with_products};

const IMPORT: &str = "/api/v1/products/import";
const FILE: &str = "category,name,price,cost,size\n음료,슈크림 라떼,4500,1200,small\n";

fn import(query: &str) -> TestRequest {
    post(&format!("{IMPORT}{query}"))
        .signed_in()
        .insert_header(("content-type", "text/csv"))
}

/// The real service over storage that takes everything but a failed import, which it discards.
fn reading() -> Services {
    let mut products = MockProductRepository::new();
    products.expect_stage().returning(|_, _: &[Product]| Ok(()));
    products.expect_publish().returning(|_| Ok(1));
    products.expect_discard().returning(|_| Ok(0));
    let clock = Arc::new(FixedClock::at(start()));
    Services {
        products: Arc::new(DefaultProductService {
            products: Arc::new(products),
            ids: Arc::new(IdGenerator::new(1, clock.clone())),
            clock,
        }),
        ..services()
    }
}

/// A body that arrives in these pieces and then never ends.
fn stalling(pieces: Vec<Bytes>) -> Option<Payload> {
    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, PayloadError>));
    let payload = Box::pin(pieces.chain(stream::pending()));
    Some(Payload::Stream { payload })
}

/// A body that arrives in these pieces.
fn arriving(pieces: Vec<Result<Bytes, PayloadError>>) -> Option<Payload> {
    let payload = Box::pin(stream::iter(pieces));
    Some(Payload::Stream { payload })
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("a gzip stream");
    encoder.finish().expect("a gzip stream")
}

#[actix_web::test]
async fn what_an_import_did_is_reported_by_line() {
    let mut products = MockProductService::new();
    products
        .expect_import()
        .withf(|owner, _, options, _| {
            owner.get() == OWNER
                && !options.dry_run
                && options.max_bytes == Some(8_192)
                && options.columns.is_empty()
                && options.defaults.is_empty()
        })
        .times(1)
        .returning(|_, _, _, _| {
            let problem = RowProblem {
                line: 3,
                column: "name",
                error: ValueError::length(1, 120),
            };
            Ok(ImportReport {
                dry_run: false,
                rows: 2,
                imported: 1,
                failed: 1,
                problems: vec![problem],
            })
        });
    let request = import("")
        .insert_header(("accept-language", "ko"))
        .set_payload(FILE);
    let answer = ask(with_products(products), request).await;
    let detail = "1자 이상 120자 이하여야 합니다.";
    let expected = json!({
        "dry_run": false, "rows": 2, "imported": 1, "failed": 1,
        "errors": [{"line": 3, "pointer": "/name", "code": "length", "detail": detail}],
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn options_are_read_from_the_query() {
    let mut products = MockProductService::new();
    products
        .expect_import()
        .withf(|_, _, options, _| {
            let pairs = |pairs: &[(&str, &str)]| {
                let pairs = pairs
                    .iter()
                    .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
                pairs.collect()
            };
            options.dry_run
                && options.columns == pairs(&[("name", "Title: long"), ("price", "KRW")])
                && options.defaults == pairs(&[("size", "small")])
        })
        .times(1)
        .returning(|_, _, _, _| Ok(ImportReport::default()));
    let query = "?dry_run=true&columns=name:Title:%20long,%20price%20:%20KRW&defaults=size:small";
    let answer = ask(with_products(products), import(query).set_payload(FILE)).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}

#[actix_web::test]
async fn options_that_cannot_be_read_are_named() {
    for (query, pointer, code) in [
        ("?columns=name", "/columns", "invalid_value"),
        ("?columns=a:b,", "/columns", "invalid_value"),
        ("?defaults=size", "/defaults", "invalid_value"),
        ("?dry_run=maybe", "/dry_run", "wrong_type"),
        (
            &format!("?columns={}", "x".repeat(1_001)),
            "/columns",
            "length",
        ),
    ] {
        let answer = ask(services(), import(query).set_payload(FILE)).await;
        answer.assert_invalid(&[(pointer, code)]);
    }
}

#[actix_web::test]
async fn only_csv_is_taken() {
    for kind in [
        "application/json",
        "text/plain",
        "text/csvx",
        "multipart/form-data",
        "",
    ] {
        let request = post(IMPORT)
            .signed_in()
            .insert_header(("content-type", kind))
            .set_payload(FILE);
        let answer = ask(services(), request).await;
        answer.assert_problem(415, "unsupported_media_type");
        assert_eq!(answer.header("accept"), Some("text/csv"));
    }
    let answer = ask(services(), post(IMPORT).signed_in().set_payload(FILE)).await;
    answer.assert_problem(415, "unsupported_media_type");
    for kind in ["text/csv; charset=utf-8", "Text/CSV", "application/csv"] {
        let request = post(IMPORT)
            .signed_in()
            .insert_header(("content-type", kind))
            .set_payload(FILE);
        assert_eq!(ask(reading(), request).await.status, 200, "{kind}");
    }
}

#[actix_web::test]
async fn a_file_is_read_as_it_arrives() {
    let pieces = FILE.as_bytes().chunks(7).map(Bytes::copy_from_slice);
    let pieces = pieces.map(Ok).collect();
    let answer = send(reading(), import(""), arriving(pieces)).await;
    assert_eq!(answer.status, 200);
    let expected = json!({"dry_run": false, "rows": 1, "imported": 1, "failed": 0, "errors": []});
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn a_compressed_file_is_read_and_measured_as_what_it_holds() {
    let compressed = |file: &str| {
        import("")
            .insert_header(("content-encoding", "gzip"))
            .set_payload(gzip(file))
    };
    let answer = ask(reading(), compressed(FILE)).await;
    assert_eq!(answer.json()["imported"], 1, "{:?}", answer.body);
    let bomb = format!("{FILE}{}", "\n".repeat(1_000_000));
    let answer = ask(reading(), compressed(&bomb)).await;
    answer.assert_problem(413, "payload_too_large");
    let unknown = import("").insert_header(("content-encoding", "rot13"));
    let answer = ask(services(), unknown.set_payload(FILE)).await;
    answer.assert_problem(415, "unsupported_media_type");
}

#[actix_web::test]
async fn a_file_that_is_too_large_is_refused_before_and_while_it_is_read() {
    let announced = import("").insert_header(("content-length", "8193"));
    let answer = ask(services(), announced).await;
    answer.assert_problem(413, "payload_too_large");
    let file = format!("{FILE}{}", "x".repeat(8_193));
    let pieces = vec![Ok(Bytes::from(file))];
    let answer = send(reading(), import(""), arriving(pieces)).await;
    answer.assert_problem(413, "payload_too_large");
}

#[actix_web::test]
async fn a_file_that_breaks_off_is_not_read() {
    let pieces = vec![Ok(Bytes::from(FILE)), Err(PayloadError::Incomplete(None))];
    let answer = send(reading(), import(""), arriving(pieces)).await;
    answer.assert_problem(400, "unreadable_body");
}

#[actix_web::test]
async fn a_file_that_stops_arriving_is_waited_for_only_so_long() {
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    let payload = stalling(vec![Bytes::from(FILE)]);
    let answer = send(reading(), import(""), payload).await;
    answer.assert_problem(408, "request_timeout");
    assert_eq!(before.elapsed().as_secs(), 30);
}

#[actix_web::test]
async fn what_is_not_wanted_any_more_is_not_waited_for() {
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    let payload = stalling(vec![Bytes::from("nothing,we,know\n")]);
    let answer = send(reading(), import(""), payload).await;
    answer.assert_problem(422, "invalid_request");
    assert!(before.elapsed() < Duration::from_secs(1));
}

#[actix_web::test]
async fn a_body_that_stops_arriving_is_waited_for_only_so_long() {
    tokio::time::pause();
    let request = post("/api/v1/products")
        .signed_in()
        .insert_header(("content-type", "application/json"));
    let payload = stalling(vec![Bytes::from("{")]);
    let answer = send(services(), request, payload).await;
    answer.assert_problem(408, "request_timeout");
}

/// A piece of a file, or why there is none.
type Piece = Result<Vec<u8>, fn() -> ProductError>;

fn exporting(pieces: Vec<Piece>) -> Services {
    let mut products = MockProductService::new();
    products
        .expect_export()
        .withf(|owner| owner.get() == OWNER)
        .times(1)
        .returning(move |_| {
            let pieces = pieces.clone().into_iter();
            Box::pin(stream::iter(
                pieces.map(|piece| piece.map_err(|error| error())),
            ))
        });
    with_products(products)
}

#[actix_web::test]
async fn an_export_is_a_file_to_keep() {
    let services = exporting(vec![Ok(b"a,b\r\n".to_vec()), Ok(b"1,2\r\n".to_vec())]);
    let request = get("/api/v1/products/export").signed_in();
    let answer = ask(services, request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "a,b\r\n1,2\r\n");
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let disposition = answer.header("content-disposition");
    assert_eq!(disposition, Some("attachment; filename=\"products.csv\""));
}

#[actix_web::test]
async fn an_export_that_fails_half_way_is_not_a_whole_file() {
    let services = exporting(vec![
        Ok(b"a,b\r\n".to_vec()),
        Err(|| ProductError::NotFound),
    ]);
    let request = get("/api/v1/products/export").signed_in();
    let answer = ask(services, request).await;
    // The harness makes nothing of a body that breaks off; a server closes the connection.
    assert_eq!((answer.status, answer.body.len()), (200, 0));
}
