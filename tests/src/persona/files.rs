//! Pictures as files: headers, parts, smaller copies.

use std::sync::Arc;

use image::ImageFormat;
use serde_json::json;
use test_database::on_every_engine;

use super::{kept, kept_private, picture, png, size, url};
use crate::app::App;
use crate::client::text;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    a_picture_may_be_kept_for_ever_and_does_nothing,
    a_part_of_a_picture_is_served,
    smaller_copies_are_made_once_and_kept,
    a_private_picture_is_seen_by_its_address_only,
    a_private_picture_is_put_on_a_persona_or_a_profile_by_its_signed_address,
    names_that_are_none_are_not_found,
}

async fn a_picture_may_be_kept_for_ever_and_does_nothing(app: Arc<App>) {
    let me = app.person().await;
    let kept = kept(&me.client, png(1)).await;
    let client = app.start().await;
    let shown = client
        .get(url(&kept))
        .header("accept-encoding", "gzip")
        .await
        .is(200);
    assert_eq!(shown.body, png(1));
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(shown.header(name), value);
    }
    let tag = shown.header("etag");
    let again = client.get(url(&kept)).header("if-none-match", tag).await;
    let again = again.is(304);
    assert!(again.body.is_empty());
    assert_eq!(again.header("cache-control"), shown.header("cache-control"));
    let head = client.request(reqwest::Method::HEAD, url(&kept)).await;
    assert_eq!(head.is(200).header("etag"), tag);
}

async fn a_part_of_a_picture_is_served(app: Arc<App>) {
    let me = app.person().await;
    let (client, file) = (&me.client, png(2));
    let kept = kept(client, file.clone()).await;
    let range = |range: &str| client.get(url(&kept)).header("range", range);
    let part = range("bytes=0-9").await.is(206);
    assert_eq!(part.body, &file[..10]);
    let whole = file.len();
    assert_eq!(part.header("content-range"), format!("bytes 0-9/{whole}"));
    let end = range("bytes=-5").await.is(206);
    assert_eq!(end.body, &file[whole - 5..]);
    let outside = range("bytes=100000-").await;
    assert_eq!(outside.header("content-range"), format!("bytes */{whole}"));
    outside.refused(416, "range_not_satisfiable");
    let changed = range("bytes=0-9").header("if-range", "\"another\"").await;
    assert_eq!(changed.is(200).body.len(), whole);
}

async fn smaller_copies_are_made_once_and_kept(app: Arc<App>) {
    let me = app.person().await;
    let client = &me.client;
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let kept = kept(client, picture(3, 300, 150, format)).await;
        let asking = (0..20).map(|_| async {
            let shown = client.get(url(&kept)).query([("w", "128")]).await.is(200);
            assert_eq!(size(&shown), (128, 64));
            assert_eq!(
                shown.header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            shown.header("etag").to_owned()
        });
        let tags = futures_util::future::join_all(asking).await;
        assert!(tags.iter().all(|tag| *tag == tags[0]));
        assert_ne!(tags[0], client.get(url(&kept)).await.header("etag"));
        // One that would be no smaller is the picture itself.
        let itself = client.get(url(&kept)).query([("w", "512")]).await.is(200);
        assert_eq!(size(&itself), (300, 150));
        let odd = client.get(url(&kept)).query([("w", "100")]).await;
        odd.invalid(&[("/w", "thumbnail_width")]);
    }
    let copies = std::fs::read_dir(app.file("media/thumbnails")).expect("a folder");
    assert_eq!(copies.count(), 2);
}

async fn a_private_picture_is_seen_by_its_address_only(app: Arc<App>) {
    let me = app.person().await;
    let kept = kept_private(&me.client, &png(4)).await;
    assert_eq!(kept["private"], true);
    let stranger = app.start().await;
    let shown = stranger.get(url(&kept)).await.is(200);
    assert!(
        shown
            .header("cache-control")
            .starts_with("private, max-age=")
    );
    let path = url(&kept).split('?').next().expect("a path");
    stranger.get(path).await.refused(404, "media_not_found");
    me.client.get(path).await.refused(404, "media_not_found");
    let forged = url(&kept).replace("expires=", "expires=9");
    stranger.get(&forged).await.refused(404, "media_not_found");
    // Somebody else's private copy of it is another picture.
    let other = Person::new(&me.client).await;
    let theirs = kept_private(&other.client, &png(4)).await;
    assert_ne!(theirs["key"], kept["key"]);
    let borrowed = url(&kept).replace(
        path,
        &format!("/media/{}", theirs["key"].as_str().expect("a key")),
    );
    stranger
        .get(&borrowed)
        .await
        .refused(404, "media_not_found");
}

async fn a_private_picture_is_put_on_a_persona_or_a_profile_by_its_signed_address(app: Arc<App>) {
    let me = app.person().await;
    let other = Person::new(&me.client).await;
    let kept = kept_private(&me.client, &png(5)).await;
    let signed = url(&kept);
    let path = signed.split('?').next().expect("a path");
    let persona = |img: &str| json!({"persona_img": img, "persona_parameters": {}});
    let post = async |person: &Person, img: &str| {
        let request = person.client.post("/api/v1/personas");
        request.json(&persona(img)).await
    };
    let refused = [("/persona_img", "signed_address")];
    post(&me, path).await.invalid(&refused);
    post(&other, signed).await.invalid(&refused);
    let made = post(&me, signed).await.is(201).json();
    let stranger = app.start().await;
    let seen = text(&made["persona_img"]);
    stranger.get(seen).await.is(200);
    // What is read may be written again, and what is stored has no signature.
    let again = me.client.patch("/api/v1/personas/1");
    let again = again.json(&json!({"persona_img": seen})).await;
    again.is(200);
    let unsigned = format!("SELECT COUNT(*) FROM personas WHERE image = '{path}'");
    assert_eq!(app.count(&unsigned).await, 1);
    let profile = async |person: &Person, img: &str| {
        let request = person.client.patch("/api/v1/users/me");
        request.json(&json!({"profile_img": img})).await
    };
    let refused = [("/profile_img", "signed_address")];
    profile(&me, path).await.invalid(&refused);
    profile(&other, signed).await.invalid(&refused);
    let shown = profile(&me, signed).await.is(200).json();
    stranger.get(text(&shown["profile_img"])).await.is(200);
    let unsigned = format!("SELECT COUNT(*) FROM users WHERE profile_img = '{path}'");
    assert_eq!(app.count(&unsigned).await, 1);
}

async fn names_that_are_none_are_not_found(app: Arc<App>) {
    let client = app.start().await;
    let absent = format!("/media/{}.png", "0".repeat(40));
    for path in [
        absent.as_str(),
        "/media/x",
        "/media/..%2f..%2fsecrets.toml",
        "/media/thumbnails",
        "/media/%00",
    ] {
        client.get(path).await.refused(404, "media_not_found");
    }
}
