//! One's own pictures: handing in, listing, removing.

use std::collections::HashSet;
use std::sync::Arc;

use image::ImageFormat;
use serde_json::json;
use test_database::on_every_engine;
use tokio::sync::Semaphore;

use super::{PATH, data_uri, kept, picture, png, upload, url};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::{PASSWORD, Person, members};

on_every_engine! {
    crate::app::run;
    a_picture_is_handed_in_by_form_by_json_and_as_it_is,
    what_is_no_good_picture_is_refused_and_leaves_nothing,
    many_pictures_at_once_are_as_many_files_and_one_is_one,
    pictures_are_listed_page_by_page,
    a_picture_goes_when_its_last_owner_removes_it,
    who_keeps_too_much_is_told,
    unused_pictures_are_swept_away,
    who_leaves_takes_their_pictures_along,
    a_picture_on_a_profile_is_kept_for_as_long_as_it_is_shown,
    a_picture_of_a_persona_is_kept_for_as_long_as_it_is_shown,
    a_picture_that_is_saved_again_is_kept_and_counted_once,
    a_guests_portrait_becomes_the_members,
    strangers_keep_nothing,
}

/// The files of pictures, without smaller copies.
fn files(app: &App) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(app.file("media")) else {
        return Vec::new();
    };
    let names = folder.map(|file| file.expect("a file").file_name());
    let names = names.map(|name| name.into_string().expect("a name"));
    names.filter(|name| name != "thumbnails").collect()
}

fn form(fields: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, file, content) in fields {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        form.extend(head.as_bytes());
        form.extend(*content);
        form.extend(b"\r\n");
    }
    form.extend(b"--b--\r\n");
    form
}

async fn a_picture_is_handed_in_by_form_by_json_and_as_it_is(app: Arc<App>) {
    let me = app.person().await;
    let kinds = [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Gif, "image/gif"),
    ];
    for (format, kind) in kinds {
        let file = picture(7, 30, 20, format);
        let plain = me.client.post(PATH).body(kind, file.clone()).await.is(201);
        let plain = (plain.header("location").to_owned(), plain.json());
        assert_eq!(plain.0, url(&plain.1));
        assert_eq!(plain.1["content_type"], kind);
        assert_eq!(
            (&plain.1["width"], &plain.1["height"]),
            (&json!(30), &json!(20))
        );
        let body = json!({"image": data_uri(kind, &file)});
        let by_json = me.client.post(PATH).json(&body).await.is(201).json();
        let fields = form(&[("note", None, b"hello"), ("file", Some("me.png"), &file)]);
        let by_form = me.client.post(PATH);
        let by_form = by_form.body("multipart/form-data; boundary=b", fields);
        for same in [by_json, by_form.await.is(201).json()] {
            assert_eq!(same["key"], plain.1["key"]);
        }
    }
    assert_eq!(files(&app).len(), 4);
    let private = form(&[("private", None, b"true"), ("file", Some("a"), &png(1))]);
    let request = me.client.post(PATH);
    let private = request
        .body("multipart/form-data; boundary=b", private)
        .await;
    assert_eq!(private.is(201).json()["private"], true);
}

async fn what_is_no_good_picture_is_refused_and_leaves_nothing(app: Arc<App>) {
    let me = app.person().await;
    let whole = png(1);
    for file in [&b"hello"[..], b"%PDF-1.7", &whole[..whole.len() - 20], b""] {
        let answer = upload(&me.client, file.to_vec()).await;
        answer.refused(422, "invalid_picture");
    }
    let mut bomb = whole.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    upload(&me.client, bomb)
        .await
        .refused(422, "invalid_picture");
    let long = vec![0; 10 * 1024 * 1024 + 1];
    upload(&me.client, long)
        .await
        .refused(413, "payload_too_large");
    let post = || me.client.post(PATH);
    post()
        .json(&json!({}))
        .await
        .invalid(&[("/image", "required")]);
    let link = json!({"image": "https://elsewhere.example/a.png"});
    post().json(&link).await.invalid(&[("/image", "data_uri")]);
    let empty = post().body("multipart/form-data; boundary=b", form(&[]));
    empty.await.invalid(&[("/file", "required")]);
    let broken = post().body("multipart/form-data; boundary=b", "--b\r\nhello");
    broken.await.refused(400, "unreadable_body");
    let other = post().body("text/plain", "hello").await;
    other.refused(415, "unsupported_media_type");
    assert_eq!(files(&app), Vec::<String>::new());
    let drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='20'>\
        <script>alert(1)</script></svg>";
    let painted = post().body("image/svg+xml", drawing).await.is(201).json();
    assert_eq!(painted["content_type"], "image/png");
    assert_eq!(painted["height"], 1024);
}

async fn many_pictures_at_once_are_as_many_files_and_one_is_one(app: Arc<App>) {
    let client = app
        .start_with(&[
            ("ENSEMBLE__MEDIA__FILES_PER_PERSON", "1000"),
            ("ENSEMBLE__MEDIA__WAIT_SECONDS", "120"),
        ])
        .await;
    let me = Arc::new(Person::new(&client).await);
    // As many as a server takes in hand without turning any away.
    let abreast = Arc::new(Semaphore::new(32));
    let saving: Vec<_> = (0..1_000)
        .map(|number| {
            let (me, abreast) = (me.clone(), abreast.clone());
            // Every second one is the same.
            let file = png(if number % 2 == 0 { number + 1 } else { 0 });
            tokio::spawn(async move {
                let _turn = abreast.acquire().await;
                text(&kept(&me.client, file).await["key"]).to_owned()
            })
        })
        .collect();
    let mut keys = HashSet::new();
    for saved in saving {
        keys.insert(saved.await.expect("it is kept"));
    }
    assert_eq!(keys.len(), 501);
    let there: HashSet<String> = files(&app).into_iter().collect();
    assert_eq!(there, keys);
    let used = format!("SELECT files FROM media_usage WHERE owner_id = {}", me.id);
    assert_eq!(app.count(&used).await, 501);
}

async fn pictures_are_listed_page_by_page(app: Arc<App>) {
    let me = app.person().await;
    let mut keys = Vec::new();
    for number in 0..5 {
        keys.insert(
            0,
            text(&kept(&me.client, png(number)).await["key"]).to_owned(),
        );
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = [("limit", "2"), ("cursor", cursor.as_str())];
        let query = query.into_iter().filter(|(_, value)| !value.is_empty());
        let page = me.client.get(PATH).query(query).await.is(200).json();
        seen.extend(members(&page, "key"));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, keys);
    let odd = me.client.get(PATH).query([("cursor", "made-up")]).await;
    odd.refused(422, "invalid_cursor");
}

async fn remove(client: &Client, key: &str) -> crate::client::Answer {
    client.delete(&format!("{PATH}/{key}")).await
}

async fn a_picture_goes_when_its_last_owner_removes_it(app: Arc<App>) {
    let me = app.person().await;
    let other = Person::new(&me.client).await;
    let kept = {
        super::kept(&me.client, png(1)).await;
        super::kept(&other.client, png(1)).await
    };
    let key = text(&kept["key"]);
    me.client.get(url(&kept)).query([("w", "64")]).await.is(200);
    remove(&me.client, key).await.is(204);
    me.client.get(url(&kept)).await.is(200);
    remove(&me.client, key)
        .await
        .refused(404, "media_not_found");
    remove(&other.client, key).await.is(204);
    me.client
        .get(url(&kept))
        .await
        .refused(404, "media_not_found");
    assert_eq!(files(&app), Vec::<String>::new());
    // It may come back at once.
    super::kept(&me.client, png(1)).await;
    me.client.get(url(&kept)).await.is(200);
    remove(&me.client, "nonsense")
        .await
        .refused(404, "media_not_found");
}

async fn who_keeps_too_much_is_told(app: Arc<App>) {
    let client = app
        .start_with(&[("ENSEMBLE__MEDIA__FILES_PER_PERSON", "2")])
        .await;
    let me = Person::new(&client).await;
    let first = kept(&me.client, png(1)).await;
    kept(&me.client, png(2)).await;
    // The same once more is not more.
    kept(&me.client, png(2)).await;
    let refused = upload(&me.client, png(3)).await;
    refused.refused(409, "media_quota_exceeded");
    assert_eq!(files(&app).len(), 2);
    // A portrait is given nevertheless, for a day.
    let body = json!({"name": "유나", "gender": "여성", "options": []});
    let portrait = me.client.post("/api/images").json(&body).await.is(200);
    me.client.get(url(&portrait.json())).await.is(200);
    remove(&me.client, text(&first["key"])).await.is(204);
    kept(&me.client, png(3)).await;
}

/// Starts another server, which tidies up first of all, and waits until it has.
async fn swept(app: &App, left: usize) {
    app.stop().await;
    app.start().await;
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while files(app).len() != left && std::time::Instant::now() < until {
        tokio::task::yield_now().await;
    }
    assert_eq!(files(app).len(), left);
}

async fn unused_pictures_are_swept_away(app: Arc<App>) {
    let me = app.person().await;
    kept(&me.client, png(1)).await;
    let old = kept(&me.client, png(2)).await;
    let shown = kept(&me.client, png(3)).await;
    let key = |kept: &serde_json::Value| text(&kept["key"]).to_owned();
    let long_ago = |key: &str| format!("UPDATE media SET kept_at = 1 WHERE media_key = '{key}'");
    app.change(&long_ago(&key(&old))).await;
    app.change(&long_ago(&key(&shown))).await;
    let hold = format!(
        "INSERT INTO media_references (kind, holder_id, member_id, media_key) VALUES (0, {}, {}, '{}')",
        me.id,
        me.id,
        key(&shown)
    );
    app.change(&hold).await;
    remove(&me.client, &key(&shown))
        .await
        .refused(409, "media_in_use");
    swept(&app, 2).await;
    let used = format!("SELECT files FROM media_usage WHERE owner_id = {}", me.id);
    assert_eq!(app.count(&used).await, 2);
}

async fn who_leaves_takes_their_pictures_along(app: Arc<App>) {
    let me = app.person().await;
    let other = Person::new(&me.client).await;
    kept(&me.client, png(1)).await;
    kept(&me.client, png(2)).await;
    kept(&other.client, png(2)).await;
    let leave = me.client.delete("/api/v1/users/me");
    leave.json(&json!({"password": PASSWORD})).await.is(204);
    swept(&app, 1).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM media").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM media_owners").await, 1);
}

async fn a_picture_on_a_profile_is_kept_for_as_long_as_it_is_shown(app: Arc<App>) {
    let me = app.person().await;
    let picture = kept(&me.client, png(1)).await;
    let key = text(&picture["key"]);
    assert!(picture["kept_until"].is_string());
    let show = async |picture: serde_json::Value| {
        let change = json!({"profile_img": picture});
        let changed = me.client.patch("/api/v1/users/me").json(&change).await;
        assert_eq!(changed.is(200).json()["profile_img"], picture);
    };
    show(json!(format!("https://shop.example{}", url(&picture)))).await;
    let mine = me.client.get(PATH).await.is(200).json();
    assert_eq!(mine["items"][0]["kept_until"], json!(null));
    remove(&me.client, key).await.refused(409, "media_in_use");
    show(json!("https://elsewhere.example/me.png")).await;
    let mine = me.client.get(PATH).await.is(200).json();
    assert!(mine["items"][0]["kept_until"].is_string());
    show(json!(url(&picture))).await;
    show(json!(null)).await;
    remove(&me.client, key).await.is(204);
}

async fn a_picture_of_a_persona_is_kept_for_as_long_as_it_is_shown(app: Arc<App>) {
    let me = app.person().await;
    let (first, second) = (
        kept(&me.client, png(1)).await,
        kept(&me.client, png(2)).await,
    );
    let removing =
        async |picture: &serde_json::Value| remove(&me.client, text(&picture["key"])).await;
    let body = json!({"persona_img": url(&first), "persona_parameters": {}});
    me.client
        .put("/api/personas/setting")
        .json(&body)
        .await
        .is(201);
    removing(&first).await.refused(409, "media_in_use");
    let body = json!({"persona_img": url(&second)});
    me.client.patch("/api/personas/1").json(&body).await.is(200);
    removing(&second).await.refused(409, "media_in_use");
    removing(&first).await.is(204);
    me.client.delete("/api/personas/1").await.is(200);
    removing(&second).await.is(204);
}

async fn a_picture_that_is_saved_again_is_kept_and_counted_once(app: Arc<App>) {
    let me = app.person().await;
    let picture = kept(&me.client, png(1)).await;
    let key = text(&picture["key"]);
    remove(&me.client, key).await.is(204);
    // The address of what is not there (yet) may be shown, but nothing is kept for it.
    let body = json!({"persona_img": url(&picture), "persona_parameters": {}});
    let made = me.client.put("/api/personas/setting").json(&body).await;
    made.is(201);
    kept(&me.client, png(1)).await;
    let same = json!({"persona_img": url(&picture)});
    for _ in 0..2 {
        me.client.patch("/api/personas/1").json(&same).await.is(200);
        remove(&me.client, key).await.refused(409, "media_in_use");
    }
    let shown = app.count("SELECT COUNT(*) FROM media_references").await;
    assert_eq!(shown, 1);
    me.client.delete("/api/personas/1").await.is(200);
    remove(&me.client, key).await.is(204);
}

async fn a_guests_portrait_becomes_the_members(app: Arc<App>) {
    let client = app.start().await;
    let me = Person::new(&client).await;
    let guest = client.post("/api/v1/sessions/guest").await.is(201);
    let guest = client.with_cookie(guest.header("set-cookie"));
    let body = json!({"name": "유나", "gender": "여성", "options": []});
    let portrait = guest.post("/api/images").json(&body).await.is(200).json();
    let sign_in = json!({"phone_number": me.phone, "password": PASSWORD});
    guest
        .post("/api/v1/users/sign-in")
        .json(&sign_in)
        .await
        .is(200);
    let mine = me.client.get(PATH).await.is(200).json();
    assert_eq!(mine["items"][0]["url"], portrait["url"]);
}

async fn strangers_keep_nothing(app: Arc<App>) {
    let client = app.start().await;
    upload(&client, png(1))
        .await
        .refused(401, "unauthenticated");
    client.get(PATH).await.refused(401, "unauthenticated");
    remove(&client, "x").await.refused(401, "unauthenticated");
}
