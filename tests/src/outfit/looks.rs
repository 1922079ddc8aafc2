//! Shop the look: from an outfit to the products it shows, and back.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use super::{PATH, editor, hide};
use crate::app::App;
use crate::client::{Client, text};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    everybody_sees_what_an_outfit_shows_and_nobody_what_it_costs_the_seller,
    ones_own_products_only_are_named_and_only_by_an_editor,
}

async fn product(client: &Client, name: &str) -> String {
    let body =
        json!({"category": "상의", "name": name, "price": 39_000, "cost": 12_000, "size": "large"});
    let made = client.post("/api/v1/products").json(&body).await.is(201);
    text(&made.json()["product_id"]).to_owned()
}

async fn outfit(client: &Client) -> String {
    let body = json!({"img_url": "/media/1.jpg", "tags": ["가디건"]});
    let made = client.post(PATH).json(&body).await.is(201);
    text(&made.json()["outfit_id"]).to_owned()
}

fn names(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| text(&item["name"])).collect()
}

async fn everybody_sees_what_an_outfit_shows_and_nobody_what_it_costs_the_seller(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    let outfit = outfit(&editor.client).await;
    let shown = format!("{PATH}/{outfit}/products");
    let cardigan = product(&editor.client, "가디건").await;
    let loafers = product(&editor.client, "로퍼").await;
    let body = json!({"product_ids": [loafers, cardigan]});
    for _ in 0..2 {
        editor.client.put(&shown).json(&body).await.is(204);
    }
    let answer = client.get(&shown).await.is(200).json();
    assert_eq!(names(&answer), ["로퍼", "가디건"]);
    assert_eq!(
        answer["items"][0],
        json!({
            "product_id": loafers, "category": "상의", "name": "로퍼", "description": null,
            "price": 39_000, "size": "large",
        })
    );
    let back = format!("/api/v1/products/{loafers}/outfits");
    let found = editor.client.get(&back).await.is(200).json();
    assert_eq!(found["items"][0]["outfit_id"], json!(outfit));
    assert_eq!(found["next_cursor"], Value::Null);

    let binned = format!("/api/v1/products/{loafers}");
    editor.client.delete(&binned).await.is(204);
    let answer = client.get(&shown).await.is(200).json();
    assert_eq!(names(&answer), ["가디건"]);
    hide(&editor, &outfit, true).await;
    client.get(&shown).await.refused(404, "outfit_not_found");
}

async fn ones_own_products_only_are_named_and_only_by_an_editor(app: Arc<App>) {
    let client = app.start().await;
    let editor = editor(&app, &client).await;
    let seller = Person::new(&client).await;
    let (outfit, theirs) = (
        outfit(&editor.client).await,
        product(&seller.client, "모자").await,
    );
    let shown = format!("{PATH}/{outfit}/products");
    let body = json!({"product_ids": [theirs]});
    client
        .put(&shown)
        .json(&body)
        .await
        .refused(401, "unauthenticated");
    seller
        .client
        .put(&shown)
        .json(&body)
        .await
        .refused(403, "forbidden");
    let refused = editor.client.put(&shown).json(&body).await;
    refused.refused(404, "product_not_found");
    let nowhere = editor
        .client
        .put(&format!("{PATH}/9/products"))
        .json(&json!({"product_ids": []}));
    nowhere.await.refused(404, "outfit_not_found");
    let malformed = editor.client.put(&shown).json(&json!({})).await;
    malformed.refused(422, "invalid_request");
    let answer = client.get(&shown).await.is(200).json();
    assert_eq!(names(&answer), Vec::<&str>::new());
    // Whose product it is not learns nothing of its outfits.
    let back = format!("/api/v1/products/{theirs}/outfits");
    let found = editor.client.get(&back).await.is(200).json();
    assert_eq!(found["items"], json!([]));
}
