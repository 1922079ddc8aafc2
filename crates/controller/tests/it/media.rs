//! Pictures on the wire: what needs no look at the file, and what is answered while we are busy.

use std::sync::Arc;

use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use chrono::TimeDelta;
use controller::Services;
use domain::persona::{MediaKey, MediaKind, PictureError};
use service::persona::{MediaError, MediaFile, MockMediaService};

use crate::world::{ask, get, services};

fn with_media(media: MockMediaService) -> Services {
    Services {
        media: Arc::new(media),
        ..services()
    }
}

fn key() -> MediaKey {
    MediaKey::public(b"cat", MediaKind::Png)
}

fn tag(suffix: &str) -> String {
    format!("\"{}{suffix}\"", key())
}

#[actix_web::test]
async fn who_has_a_picture_is_told_so_without_a_look_at_its_file() {
    for (query, suffix, left, cache) in [
        (
            "",
            "",
            TimeDelta::MAX,
            "public, max-age=31536000, immutable",
        ),
        (
            "?w=64",
            "-w64",
            TimeDelta::MAX,
            "public, max-age=31536000, immutable",
        ),
    ] {
        let mut media = MockMediaService::new();
        media
            .expect_admits()
            .times(1)
            .returning(move |_, _| Ok(left));
        let request = get(&format!("{}{query}", key().path()))
            .insert_header((IF_NONE_MATCH, format!("\"other\", W/{}", tag(suffix))));
        let answer = ask(with_media(media), request).await;
        assert_eq!(answer.status, 304);
        assert_eq!(answer.header("etag"), Some(tag(suffix).as_str()));
        assert_eq!(answer.header("cache-control"), Some(cache));
    }
}

#[actix_web::test]
async fn who_may_not_see_a_picture_is_not_told_that_they_have_it() {
    let mut media = MockMediaService::new();
    media
        .expect_admits()
        .returning(|_, _| Err(MediaError::NotFound));
    let private = MediaKey::private(7.into(), b"cat", MediaKind::Png);
    let request = get(&private.path()).insert_header((IF_NONE_MATCH, format!("\"{private}\"")));
    let answer = ask(with_media(media), request).await;
    answer.assert_problem(404, "media_not_found");
}

#[actix_web::test]
async fn what_needs_the_file_looks_at_it() {
    // Another copy, anything at all, or a condition of the other kind.
    for (name, value, status) in [
        (IF_NONE_MATCH, tag("-w64"), 200),
        (IF_NONE_MATCH, "*".to_owned(), 304),
        (IF_MATCH, tag(""), 200),
        (IF_MATCH, tag("-w64"), 412),
    ] {
        let mut media = MockMediaService::new();
        let file = MediaFile {
            kind: MediaKind::Png,
            content: "cat".into(),
            width: None,
        };
        let show = media.expect_show().times(1);
        show.return_once(|_, _, _| Ok((file, TimeDelta::MAX)));
        let request = get(&key().path()).insert_header((name.clone(), value.clone()));
        let answer = ask(with_media(media), request).await;
        assert_eq!(answer.status, status, "{name} {value}");
    }
}

#[actix_web::test]
async fn a_copy_that_is_not_made_in_time_is_to_be_asked_for_again() {
    let mut media = MockMediaService::new();
    media
        .expect_show()
        .returning(|_, _, _| Err(MediaError::Picture(PictureError::Busy)));
    let request = get(&format!("{}?w=64", key().path()));
    let answer = ask(with_media(media), request).await;
    answer.assert_problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), Some("2"));
}
