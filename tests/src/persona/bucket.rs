//! Pictures in an object store that speaks S3.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use test_database::on_every_engine;
use tokio::net::TcpStream;

use super::stand_in::{Asked, StandIn, write};
use super::{PATH, kept, picture, png, size, upload, url};
use crate::app::App;
use crate::client::text;
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    pictures_are_kept_in_a_bucket,
    a_bucket_that_is_gone_is_told,
}

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// As much of an object store as pictures need.
async fn serve(objects: Objects, asked: Asked, connection: TcpStream) {
    let path = asked.path.split('?').next().unwrap_or_default().to_owned();
    let headers = "etag: \"1\"\r\nlast-modified: Sat, 21 Nov 2026 09:00:00 GMT\r\n";
    match asked.method.as_str() {
        "PUT" => {
            objects.lock().insert(path, asked.body);
            write(connection, "200 OK", headers, b"").await;
        }
        "GET" => {
            let found = objects.lock().get(&path).cloned();
            match found {
                Some(object) => write(connection, "200 OK", headers, &object).await,
                None => write(connection, "404 Not Found", "", b"").await,
            }
        }
        "DELETE" => {
            objects.lock().remove(&path);
            write(connection, "204 No Content", "", b"").await;
        }
        _ => write(connection, "405 Method Not Allowed", "", b"").await,
    }
}

async fn bucket() -> (StandIn, Objects) {
    let objects = Objects::default();
    let served = objects.clone();
    let bucket = StandIn::start(move |asked, connection| serve(served.clone(), asked, connection));
    (bucket.await, objects)
}

async fn person_at(app: &App, endpoint: &str) -> Person {
    let client = app
        .start_with(&[
            ("ENSEMBLE__STORAGE__MEDIA_URL", "s3://shop/pictures"),
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ])
        .await;
    Person::new(&client).await
}

async fn pictures_are_kept_in_a_bucket(app: Arc<App>) {
    let (bucket, objects) = bucket().await;
    let me = person_at(&app, &bucket.url()).await;
    let large = picture(1, 200, 100, image::ImageFormat::Png);
    let kept = kept(&me.client, large.clone()).await;
    let key = text(&kept["key"]).to_owned();
    let name = format!("/shop/pictures/{key}");
    assert_eq!(objects.lock().get(&name).map(Bytes::len), Some(large.len()));
    assert_eq!(me.client.get(url(&kept)).await.is(200).body, large);
    let small = me.client.get(url(&kept)).query([("w", "64")]).await.is(200);
    assert_eq!(size(&small), (64, 32));
    assert_eq!(objects.lock().len(), 2);
    let path = format!("{PATH}/{key}");
    me.client.delete(&path).await.is(204);
    assert_eq!(objects.lock().len(), 0);
    me.client
        .get(url(&kept))
        .await
        .refused(404, "media_not_found");
}

async fn a_bucket_that_is_gone_is_told(app: Arc<App>) {
    let (bucket, _objects) = bucket().await;
    let me = person_at(&app, &bucket.url()).await;
    drop(bucket);
    let answer = upload(&me.client, png(1)).await;
    answer.refused(503, "unavailable");
}
