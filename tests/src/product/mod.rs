//! The product catalogue.

mod change;
mod conditions;
mod create;
mod export;
mod import;
mod isolation;
mod lists;
mod pages;
mod removal;
mod search;

use serde_json::{Value, json};

const PATH: &str = "/api/v1/products";

/// A product with every field.
fn latte() -> Value {
    json!({
        "category": "음료", "name": "슈크림 라떼", "description": "따뜻한\n라떼", "price": 4500,
        "cost": 1200, "barcode": "8801234567893", "expiration_date": "2026-12-24", "size": "large",
    })
}

/// The body with some members replaced.
fn with(mut body: Value, members: Value) -> Value {
    if let (Some(body), Value::Object(members)) = (body.as_object_mut(), members) {
        body.extend(members);
    }
    body
}

/// Where a product is.
fn path(id: &str) -> String {
    format!("{PATH}/{id}")
}
