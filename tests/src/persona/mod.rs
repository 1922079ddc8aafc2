//! Personas: pictures, portraits, and Instagram.

mod ai;
mod attacks;
mod bucket;
mod files;
mod graph;
mod instagram;
mod keys;
mod linked;
mod media;
mod personas;
mod portraits;
mod ssrf;
mod stand_in;
mod trouble;

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::client::{Answer, Client, text};

const PATH: &str = "/api/v1/media";

/// A picture with shades that its number decides.
fn picture(number: u32, width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let shade = |x: u32, y: u32| {
        let [_, red, green, blue] = number.to_be_bytes();
        Rgb([red, green.wrapping_add(x as u8), blue.wrapping_add(y as u8)])
    };
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, shade));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a picture");
    file.into_inner()
}

fn png(number: u32) -> Vec<u8> {
    picture(number, 24, 16, ImageFormat::Png)
}

fn data_uri(kind: &str, file: &[u8]) -> String {
    format!("data:{kind};base64,{}", STANDARD.encode(file))
}

/// Uploads a file as it is.
async fn upload(client: &Client, file: Vec<u8>) -> Answer {
    client.post(PATH).body("image/png", file).await
}

/// Uploads a file; what was kept.
async fn kept(client: &Client, file: Vec<u8>) -> Value {
    upload(client, file).await.is(201).json()
}

/// Uploads a file that only who has the address may see.
async fn kept_private(client: &Client, file: &[u8]) -> Value {
    let body = json!({"image": data_uri("image/png", file), "private": true});
    client.post(PATH).json(&body).await.is(201).json()
}

fn url(kept: &Value) -> &str {
    text(&kept["url"])
}

/// How wide and high a picture in an answer is.
fn size(answer: &Answer) -> (u32, u32) {
    let decoded = image::load_from_memory(&answer.body).expect("a picture");
    (decoded.width(), decoded.height())
}
