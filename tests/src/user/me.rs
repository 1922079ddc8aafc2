//! One's own account.

use std::sync::Arc;

use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::person::{PASSWORD, Person, sign_in, sign_up};

on_every_engine! {
    crate::app::run;
    an_account_is_shown_to_its_owner,
    what_is_absent_in_a_change_stays,
    a_change_cannot_take_somebodys_name,
    every_failing_field_of_a_change_is_named,
    leaving_needs_the_password,
    who_leaves_takes_everything_along,
}

const PATH: &str = "/api/v1/users/me";

async fn an_account_is_shown_to_its_owner(app: Arc<App>) {
    let client = app.start().await;
    let account = json!({"email": "Yuna@Example.com", "username": "yuna_kim", "name": "유나", "password": PASSWORD});
    let made = client.post("/api/v1/users/sign-up").json(&account).await;
    let made = made.is(201).json();
    let tokens = client.post("/api/v1/users/sign-in").json(&account).await;
    let tokens = tokens.is(200).json();
    let me = client.with_token(tokens["access_token"].as_str().expect("a token"));
    let mut me = me.get(PATH).await.is(200).json();
    let members = me.as_object_mut().expect("an account");
    assert_eq!(
        members.remove("created_at"),
        Some(made["created_at"].clone())
    );
    assert_eq!(
        members.remove("updated_at"),
        Some(made["created_at"].clone())
    );
    let expected = json!({
        "id": made["user_id"], "email": "Yuna@Example.com", "email_verified": false,
        "username": "yuna_kim", "name": "유나", "phone_number": null, "profile_img": null,
        "nickname": null, "birthday": null, "gender": null, "locale": null,
        "sns_type": "email",
    });
    assert_eq!(me, expected);
}

async fn what_is_absent_in_a_change_stays(app: Arc<App>) {
    let person = app.person().await;
    let change = async |body: Value| {
        let changed = person.client.patch(PATH).json(&body).await.is(200).json();
        assert_eq!(person.client.get(PATH).await.json(), changed);
        (changed["name"].clone(), changed["profile_img"].clone())
    };
    let picture = json!("https://example.com/a.png");
    let (name, _) = change(json!({})).await;
    let both = change(json!({"profile_img": picture, "id": 1, "credit": 9})).await;
    assert_eq!(both, (name, picture.clone()));
    assert_eq!(
        change(json!({"name": "유나"})).await,
        (json!("유나"), picture)
    );
    let cleared = change(json!({"profile_img": null})).await;
    assert_eq!(cleared, (json!("유나"), Value::Null));
}

async fn a_change_cannot_take_somebodys_name(app: Arc<App>) {
    let person = app.person().await;
    let other = Person::new(&person.client).await;
    let name = json!({"name": "Yuna"});
    person.client.patch(PATH).json(&name).await.is(200);
    let taken = other
        .client
        .patch(PATH)
        .json(&json!({"name": "yuna"}))
        .await;
    taken.refused(409, "name_taken");
    // One's own name is free to oneself.
    let own = person
        .client
        .patch(PATH)
        .json(&json!({"name": "YUNA"}))
        .await;
    assert_eq!(own.is(200).json()["name"], "YUNA");
}

async fn every_failing_field_of_a_change_is_named(app: Arc<App>) {
    let person = app.person().await;
    let wrong = json!({"name": null, "profile_img": "not a url"});
    let answer = person.client.patch(PATH).json(&wrong).await;
    answer.invalid(&[("/name", "wrong_type"), ("/profile_img", "url")]);
    let wrong = json!({"name": "x".repeat(41), "profile_img": 5});
    let answer = person.client.patch(PATH).json(&wrong).await;
    answer.invalid(&[("/name", "length"), ("/profile_img", "wrong_type")]);
}

async fn leaving_needs_the_password(app: Arc<App>) {
    let person = app.person().await;
    let without = person.client.delete(PATH).await;
    without.refused(403, "confirmation_required");
    for wrong in [
        json!({}),
        json!({"password": null}),
        json!({"password": "not the password"}),
    ] {
        let answer = person.client.delete(PATH).json(&wrong).await;
        answer.refused(403, "confirmation_required");
    }
    let answer = person
        .client
        .delete(PATH)
        .json(&json!({"password": 1}))
        .await;
    answer.invalid(&[("/password", "wrong_type")]);
    person.is_signed_in(true).await;
}

async fn who_leaves_takes_everything_along(app: Arc<App>) {
    let person = app.person().await;
    let elsewhere = person.elsewhere().await;
    let stays = Person::new(&person.client).await;
    for name in ["슈크림 라떼", "모카"] {
        person.product(name).await;
        stays.product(name).await;
    }
    let binned = person.product("in the bin").await;
    let path = format!("/api/v1/products/{binned}");
    person.client.delete(&path).await.is(204);
    person
        .client
        .patch(PATH)
        .json(&json!({"name": "유나"}))
        .await
        .is(200);

    let proof = json!({"password": PASSWORD});
    person.client.delete(PATH).json(&proof).await.is(204);
    person.is_signed_in(false).await;
    elsewhere.is_signed_in(false).await;
    for token in [&person.refresh_token, &elsewhere.refresh_token] {
        person.refresh(token).await.refused(401, "invalid_token");
    }
    let gone = sign_in(&person.client, &person.phone, PASSWORD).await;
    gone.refused(401, "invalid_credentials");
    let products = person.client.get("/api/v1/products").await;
    products.refused(401, "invalid_token");

    // Number and name are free again, and nothing is found under them.
    sign_up(&person.client, &person.phone).await.is(201);
    let heir = person.elsewhere().await;
    assert_eq!(heir.names([]).await, [""; 0]);
    assert_eq!(heir.names([("deleted", "true")]).await, [""; 0]);
    assert_eq!(heir.names([("q", "ㅅㅋㄹ")]).await, [""; 0]);
    let name = heir.client.patch(PATH).json(&json!({"name": "유나"})).await;
    name.is(200);
    assert_eq!(stays.names([("q", "ㅅㅋㄹ")]).await, ["슈크림 라떼"]);
    assert_eq!(stays.names([]).await.len(), 2);
}
