//! The documentation pages.

use std::io::Read;

use actix_web::web::ServiceConfig;

use super::{ask, documents::document, get};
use crate::http::Pages;

fn pages() -> impl FnOnce(&mut ServiceConfig) {
    let pages = Pages::new(&document()).expect("pages");
    move |config| pages.configure(config)
}

#[actix_web::test]
async fn the_document_is_served_with_a_tag() {
    let answer = ask(pages(), get("/openapi.json")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert!(
        answer.json()["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    let tag = answer.header("etag").expect("a tag").to_owned();
    let again = ask(
        pages(),
        get("/openapi.json").insert_header(("if-none-match", tag.as_str())),
    )
    .await;
    assert_eq!(again.status.as_u16(), 304);
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    assert!(again.body.is_empty());
    let packed = ask(
        pages(),
        get("/openapi.json").insert_header(("accept-encoding", "gzip")),
    )
    .await;
    assert_ne!(packed.header("etag"), Some(tag.as_str()));
}

#[actix_web::test]
async fn redoc_is_one_page_that_needs_nobody_else() {
    let answer = ask(pages(), get("/redoc")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        answer
            .header("content-security-policy")
            .is_some_and(|policy| policy.contains("default-src 'none'"))
    );
    assert!(answer.header("content-encoding").is_none());
    let page = String::from_utf8(answer.body.to_vec()).expect("UTF-8");
    assert!(page.contains("Redoc.init(\"/openapi.json\""));
    assert!(!page.contains("<script src") && !page.contains("<link"));

    let packed = ask(
        pages(),
        get("/redoc").insert_header(("accept-encoding", "br, gzip;q=0.9")),
    )
    .await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("Accept-Encoding"));
    assert!(packed.body.len() * 2 < page.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed.body[..])
        .read_to_string(&mut unpacked)
        .expect("gzip");
    assert_eq!(unpacked, page);
}

#[actix_web::test]
async fn swagger_ui_is_behind_a_redirect() {
    let answer = ask(pages(), get("/docs")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (308, Some("/docs/"))
    );
    let answer = ask(pages(), get("/docs/")).await;
    assert_eq!(answer.status.as_u16(), 200);
    let page = String::from_utf8(answer.body.to_vec()).expect("UTF-8");
    assert!(page.contains("swagger-ui"));
    assert!(!page.contains("https://"), "{page}");
    assert!(!page.contains("<script>"), "{page}");
    assert!(answer.header("content-security-policy").is_some());
    for file in [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "swagger-initializer.js",
    ] {
        let answer = ask(pages(), get(&format!("/docs/{file}"))).await;
        assert_eq!(answer.status.as_u16(), 200, "{file}");
        if file == "swagger-initializer.js" {
            assert!(String::from_utf8_lossy(&answer.body).contains("/openapi.json"));
        }
    }
    ask(pages(), get("/docs/nothing"))
        .await
        .assert_problem(404, "not_found");
}
