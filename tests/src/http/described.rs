//! What a tool reads in the OpenAPI document, and what the server does then, are the same.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::text;

on_every_engine! {
    crate::app::run;
    which_key_to_remove_is_said_in_the_query,
    a_number_that_is_too_large_for_the_document_is_refused,
    null_stands_for_what_is_not_said_where_the_document_has_it,
    a_path_of_its_own_has_no_methods_of_a_template,
    what_is_no_product_has_no_outfits,
    what_programs_ask_for_wants_a_signature,
}

fn document() -> Value {
    let document = include_str!("../../../openapi.json");
    serde_json::from_str(document).expect("JSON")
}

/// A parameter of a route, as the document has it.
fn parameter(operation: &Value, name: &str) -> Value {
    let parameters = operation["parameters"].as_array().expect("parameters");
    let found = parameters
        .iter()
        .find(|parameter| parameter["name"] == name);
    found.expect(name).clone()
}

async fn which_key_to_remove_is_said_in_the_query(app: Arc<App>) {
    let me = app.person().await.client;
    let keys = "/api/v1/users/apikeys";
    let key = me.post(keys).json(&json!({})).await.is(201).json();
    let path = format!("{keys}/{}", text(&key["id"]));
    me.delete(&path)
        .await
        .invalid(&[("/access_key", "required")]);
    for template in [
        "/api/v1/users/apikeys/{key_id}",
        "/api/user/apikeys/{key_id}",
    ] {
        let operation = &document()["paths"][template]["delete"];
        let told = parameter(operation, "access_key");
        assert_eq!(told["in"], "query");
        assert_eq!(told["required"], true);
        assert!(operation["responses"]["422"].is_object());
    }
    let named = [("access_key", text(&key["access_key"]))];
    me.delete(&path).query(named).await.is(200);
}

async fn a_number_that_is_too_large_for_the_document_is_refused(app: Arc<App>) {
    let me = app.person().await.client;
    for path in ["/images", "/heart", "/image?outfit_id=1"] {
        let most = [("offset", "9223372036854775807")];
        let answer = me.get(path).query(most).await;
        assert!(matches!(answer.status.as_u16(), 200 | 404), "{path}");
        let more = [("offset", "9223372036854775808")];
        me.get(path)
            .query(more)
            .await
            .invalid(&[("/offset", "range")]);
    }
}

async fn null_stands_for_what_is_not_said_where_the_document_has_it(app: Arc<App>) {
    let me = app.person().await.client;
    let body = json!({"dm_from": "anyone", "read_receipts": null});
    let set = me.put("/api/v1/chats/settings").json(&body).await.is(200);
    assert_eq!(
        set.json(),
        json!({"dm_from": "anyone", "read_receipts": true})
    );
    let settings = &document()["components"]["schemas"]["ChatSettings"]["properties"];
    assert_eq!(
        settings["read_receipts"]["type"],
        json!(["boolean", "null"])
    );
}

async fn a_path_of_its_own_has_no_methods_of_a_template(app: Arc<App>) {
    let client = app.start().await;
    for (path, methods) in [
        ("/api/v1/products/import", "POST, OPTIONS"),
        ("/api/v1/outfits/feed", "GET, HEAD, OPTIONS"),
        ("/api/personas/me", "GET, HEAD, OPTIONS"),
        ("/api/personas/1", "PATCH, DELETE, OPTIONS"),
    ] {
        let answer = client.request(Method::OPTIONS, path).await.is(204);
        assert_eq!(answer.header("allow"), methods, "{path}");
    }
}

async fn what_is_no_product_has_no_outfits(app: Arc<App>) {
    let me = app.person().await.client;
    let answer = me.get("/api/v1/products/none/outfits").await;
    answer.refused(404, "product_not_found");
    let operation = &document()["paths"]["/api/v1/products/{product_id}/outfits"]["get"];
    assert!(operation["responses"]["404"].is_object());
}

async fn what_programs_ask_for_wants_a_signature(app: Arc<App>) {
    let client = app.start().await;
    let document = document();
    let schemes = &document["components"]["securitySchemes"];
    let paths = document["paths"].as_object().expect("paths");
    let signed = paths.iter().filter(|(path, _)| path.contains("/services"));
    let mut asked = 0;
    for (path, methods) in signed {
        for (method, operation) in methods.as_object().expect("methods") {
            let wanted = operation["security"].as_array().expect("two forms");
            assert_eq!(wanted.len(), 2, "{method} {path}");
            for form in wanted {
                for name in form.as_object().expect("schemes").keys() {
                    assert!(schemes[name].is_object(), "{name}");
                }
            }
            let method = method.to_uppercase().parse().expect("a method");
            let answer = client
                .request(method, &path.replace("{message_id}", "1"))
                .await;
            answer.refused(400, "signature_missing");
            asked += 1;
        }
    }
    assert!(asked > 10);
}
