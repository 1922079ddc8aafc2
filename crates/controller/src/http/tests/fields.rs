//! Which fields are named in a 422.

use actix_web::{HttpResponse, web, web::ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::json;
use validator::{Validate, ValidationError};

use super::{Answer, ask, findings, post_json};
use crate::http::{FieldError, IdText, Problem, Valid, not_null, nullable};

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Create {
    #[validate(required, length(min = 1, max = 12))]
    name: Option<String>,
    #[validate(required, range(min = 0))]
    price: Option<i64>,
    #[validate(required)]
    size: Option<Size>,
    #[validate(email)]
    email: Option<String>,
    #[validate(custom(function = not_evil))]
    description: Option<String>,
    #[validate(length(max = 3), nested)]
    parts: Option<Vec<Part>>,
    #[validate(length(max = 3))]
    tags: Option<Vec<String>>,
    #[validate(nested)]
    maker: Option<Maker>,
    owner: Option<IdText>,
    day: Option<chrono::NaiveDate>,
    strict: Option<Strict>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Size {
    Small,
    Large,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Part {
    #[validate(required, range(min = 1, max = 9))]
    count: Option<u8>,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Maker {
    #[validate(required, length(equal = 2))]
    country: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Strict {
    needed: u8,
}

fn not_evil(text: &str) -> Result<(), ValidationError> {
    match text.contains("evil") {
        true => Err(ValidationError::new("too_weak")),
        false => Ok(()),
    }
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Change {
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(min = 1, max = 12))]
    name: Option<String>,
    #[serde(
        default,
        deserialize_with = "nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[validate(length(max = 4))]
    barcode: Option<Option<String>>,
    #[serde(
        default,
        deserialize_with = "nullable",
        skip_serializing_if = "Option::is_none"
    )]
    #[validate(range(min = 0))]
    cost: Option<Option<i64>>,
}

async fn create(Valid(body): Valid<Create>) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

async fn change(Valid(body): Valid<Change>) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/create", web::post().to(create))
        .route("/change", web::post().to(change));
}

async fn created(body: serde_json::Value) -> Answer {
    ask(routes, post_json("/create", &body.to_string())).await
}

#[actix_web::test]
async fn missing_fields_are_all_named() {
    let answer = created(json!({})).await;
    answer.assert_problem(422, "invalid_request");
    assert_eq!(
        answer.findings(),
        findings(&[
            ("/name", "required"),
            ("/price", "required"),
            ("/size", "required")
        ])
    );
    assert_eq!(
        answer.json()["errors"][0]["detail"],
        "This field is required."
    );
}

#[actix_web::test]
async fn wrong_types_missing_fields_and_broken_rules_are_named_together() {
    let answer = created(json!({
        "name": 7, "size": "huge", "email": "nobody", "description": "very evil",
        "owner": "seven", "day": "someday", "tags": "no list", "maker": {"country": "KOR"},
    }))
    .await;
    answer.assert_problem(422, "invalid_request");
    let mut named = answer.findings();
    named.sort();
    let expected = findings(&[
        ("/day", "invalid_value"),
        ("/description", "too_weak"),
        ("/email", "email"),
        ("/maker/country", "length"),
        ("/name", "wrong_type"),
        ("/owner", "invalid_value"),
        ("/price", "required"),
        ("/size", "invalid_value"),
        ("/tags", "wrong_type"),
    ]);
    assert_eq!(named, expected);
    let text = String::from_utf8_lossy(&answer.body);
    for value in ["nobody", "evil", "KOR", "seven", "someday", "huge"] {
        assert!(!text.contains(value), "{value} is echoed");
    }
}

#[actix_web::test]
async fn list_elements_keep_their_place() {
    let answer = created(json!({
        "name": "a", "price": 1, "size": "small",
        "tags": [1, "a", 2, "b", "c", "d", null],
        "parts": [7, {"count": "x"}, {"count": 0}, "y", {}],
    }))
    .await;
    let mut named = answer.findings();
    named.sort();
    let expected = findings(&[
        ("/parts/0", "wrong_type"),
        ("/parts/1/count", "wrong_type"),
        ("/parts/2/count", "range"),
        ("/parts/3", "wrong_type"),
        ("/parts/4/count", "required"),
        ("/tags/0", "wrong_type"),
        ("/tags/2", "wrong_type"),
        ("/tags/6", "wrong_type"),
    ]);
    assert_eq!(named, expected);
}

#[actix_web::test]
async fn details_tell_the_bounds_in_both_languages() {
    let body = json!({
        "name": "much too long a name", "price": -1, "size": "small", "tags": ["a", "b", "c", "d"],
        "maker": {"country": "K"}, "parts": [{"count": 10}],
    });
    let detail = |answer: &Answer, pointer: &str| {
        let errors = answer.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let error = errors.into_iter().find(|error| error["pointer"] == pointer);
        error
            .and_then(|error| error["detail"].as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let english = created(body.clone()).await;
    assert_eq!(
        detail(&english, "/name"),
        "Must be 1 to 12 characters long."
    );
    assert_eq!(detail(&english, "/price"), "Must be at least 0.");
    assert_eq!(detail(&english, "/tags"), "Must have at most 3 entries.");
    assert_eq!(
        detail(&english, "/maker/country"),
        "Must be exactly 2 characters long."
    );
    assert_eq!(
        detail(&english, "/parts/0/count"),
        "Must be between 1 and 9."
    );
    let request = post_json("/create", &body.to_string()).insert_header(("accept-language", "ko"));
    let korean = ask(routes, request).await;
    assert_eq!(detail(&korean, "/name"), "1자 이상 12자 이하여야 합니다.");
    assert_eq!(korean.findings(), english.findings());
}

#[actix_web::test]
async fn a_dto_that_cannot_be_made_still_tells_what_is_missing() {
    let answer = created(json!({"name": 1, "strict": {}})).await;
    let named = answer.findings();
    assert!(
        named.contains(&("/name".to_owned(), "wrong_type".to_owned())),
        "{named:?}"
    );
    assert!(
        named.contains(&("/strict/needed".to_owned(), "required".to_owned())),
        "{named:?}"
    );
    let answer = created(json!({"strict": {"needed": 300}})).await;
    let named = answer.findings();
    assert_eq!(
        named[0],
        ("/strict/needed".to_owned(), "invalid_value".to_owned())
    );
}

#[actix_web::test]
async fn anything_but_an_object_is_a_wrong_type() {
    for body in ["[]", "[\"a\",1]", "\"text\"", "7", "null", " true"] {
        let answer = ask(routes, post_json("/create", body)).await;
        answer.assert_problem(422, "invalid_request");
        assert_eq!(answer.findings(), findings(&[("", "wrong_type")]));
    }
}

#[actix_web::test]
async fn unknown_members_are_ignored_and_the_last_of_a_repeated_one_counts() {
    let body = r#"{"name":"a","name":"b","price":1,"size":"large","else":{"deep":[1]}}"#;
    let answer = ask(routes, post_json("/create", body)).await;
    assert_eq!(answer.status.as_u16(), 200, "{:?}", answer.body);
    assert_eq!(answer.json()["name"], "b");
}

#[actix_web::test]
async fn hostile_bodies_do_not_multiply_the_work() {
    let many: Vec<_> = (0..300_000).map(|_| 1).collect();
    let started = std::time::Instant::now();
    let answer = created(json!({ "tags": many })).await;
    answer.assert_problem(422, "invalid_request");
    assert!(answer.findings().len() <= 64);
    assert!(started.elapsed().as_secs() < 5);
}

#[actix_web::test]
async fn ids_are_read_from_texts_and_numbers() {
    for (given, read) in [
        (json!("7"), true),
        (json!(7), true),
        (json!(i64::MAX), true),
        (json!("9223372036854775807"), true),
        (json!("9223372036854775808"), false),
        (json!(u64::MAX), false),
        (json!(-7), false),
        (json!("-7"), false),
        (json!("+7"), false),
        (json!(""), false),
        (json!("7 "), false),
        (json!("٣"), false),
        (json!(7.5), false),
        (json!([7]), false),
    ] {
        let answer =
            created(json!({"name": "a", "price": 1, "size": "small", "owner": given})).await;
        assert_eq!(answer.status.as_u16() == 200, read, "{given}");
        if read {
            assert!(answer.json()["owner"].is_string());
        } else {
            assert_eq!(answer.findings()[0].0, "/owner");
        }
    }
}

#[actix_web::test]
async fn a_patch_tells_absent_from_null() {
    let changed = async |body: &str| ask(routes, post_json("/change", body)).await;
    assert_eq!(changed("{}").await.json(), json!({"name": null}));
    let cleared = changed(r#"{"barcode":null,"cost":null}"#).await;
    assert_eq!(
        cleared.json(),
        json!({"name": null, "barcode": null, "cost": null})
    );
    let set = changed(r#"{"barcode":"1234","cost":7,"name":"a"}"#).await;
    assert_eq!(
        set.json(),
        json!({"name": "a", "barcode": "1234", "cost": 7})
    );
    let refused = changed(r#"{"barcode":"12345","cost":-1,"name":null}"#).await;
    refused.assert_problem(422, "invalid_request");
    assert_eq!(
        refused.findings(),
        findings(&[
            ("/name", "wrong_type"),
            ("/barcode", "length"),
            ("/cost", "range")
        ])
    );
}

#[actix_web::test]
async fn domain_findings_look_like_any_other() {
    async fn domain() -> Result<HttpResponse, Problem> {
        Err(Problem::invalid(vec![
            FieldError::new("/phone_number", "phone_number"),
            FieldError::new("/name", "length").with_param("max", 12),
            FieldError::new("/odd", "a_code_without_text"),
        ]))
    }
    let answer = ask(
        |config| {
            config.route("/domain", web::post().to(domain));
        },
        post_json("/domain", ""),
    )
    .await;
    answer.assert_problem(422, "invalid_request");
    assert_eq!(
        answer.json()["errors"][0]["detail"],
        "This is not a phone number."
    );
    assert_eq!(
        answer.json()["errors"][1]["detail"],
        "Must be at most 12 characters long."
    );
    assert_eq!(
        answer.json()["errors"][2]["detail"],
        "This value is not valid."
    );
}
