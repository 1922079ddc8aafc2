//! What access tokens are made of.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use test_database::on_every_engine;

use crate::app::App;
use crate::client::{Client, text};
use crate::person::Person;

on_every_engine! {
    crate::app::run;
    a_token_tells_whose_it_is_and_until_when,
    with_a_shared_secret_no_key_is_published,
    with_a_key_pair_anybody_can_check_a_token,
    a_token_of_another_algorithm_is_refused,
    a_key_is_replaced_without_signing_anybody_out,
    a_secret_is_replaced_without_signing_anybody_out,
}

const ED_DSA: (&str, &str) = ("ENSEMBLE__AUTH__JWT_ALGORITHM", "EdDSA");

/// One of the three parts of a token.
fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).expect("a part");
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

async fn keys(client: &Client) -> JwkSet {
    let answer = client.get("/.well-known/jwks.json").await.is(200);
    serde_json::from_value(answer.json()).expect("a key set")
}

async fn a_token_tells_whose_it_is_and_until_when(app: Arc<App>) {
    let person = app.person().await;
    let header = part(person.client.token(), 0);
    assert_eq!(header["alg"], "HS256");
    let claims = part(person.client.token(), 1);
    assert_eq!(claims["iss"], "ensemble");
    assert_eq!(claims["aud"], "ensemble");
    assert_eq!(claims["sub"], person.id);
    for member in ["sid", "jti"] {
        assert!(!text(&claims[member]).is_empty());
    }
    let (from, until) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    assert_eq!(from.map(|from| from + 900), until);
}

async fn with_a_shared_secret_no_key_is_published(app: Arc<App>) {
    assert_eq!(keys(&app.start().await).await.keys.len(), 0);
}

async fn with_a_key_pair_anybody_can_check_a_token(app: Arc<App>) {
    let client = app.start_with(&[ED_DSA]).await;
    let person = Person::new(&client).await;
    let token = person.client.token();
    let set = keys(&client).await;
    let id = text(&part(token, 0)["kid"]).to_owned();
    let key = set.find(&id).expect("the key it was signed with");
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&["ensemble"]);
    rules.set_issuer(&["ensemble"]);
    let key = DecodingKey::from_jwk(key).expect("a key");
    let claims = jsonwebtoken::decode::<Value>(token, &key, &rules).expect("a good token");
    assert_eq!(claims.claims["sub"], person.id);
    let published = client.get("/.well-known/jwks.json").await.json();
    assert_eq!(published["keys"][0]["kty"], "OKP");
    assert!(published["keys"][0].get("d").is_none(), "the private half");
    person.is_signed_in(true).await;
    // The key was made on this first start, and is kept.
    let again = app.start_with(&[ED_DSA]).await;
    assert_eq!(keys(&again).await, set);
}

async fn a_token_of_another_algorithm_is_refused(app: Arc<App>) {
    let client = app.start_with(&[ED_DSA]).await;
    let person = Person::new(&client).await;
    let (head, claims) = (
        part(person.client.token(), 0),
        part(person.client.token(), 1),
    );
    let set = client.get("/.well-known/jwks.json").await.json();
    let public = text(&set["keys"][0]["x"]);
    // The public key taken for a shared secret, in the forms a careless library would take it.
    let raw = URL_SAFE_NO_PAD.decode(public).expect("base64");
    let document = set["keys"][0].to_string();
    let mut tokens = Vec::new();
    for secret in [
        public.as_bytes(),
        &raw,
        document.as_bytes(),
        b"fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
    ] {
        for kid in [head["kid"].as_str(), None] {
            let mut header = Header::new(Algorithm::HS256);
            header.kid = kid.map(str::to_owned);
            let key = EncodingKey::from_secret(secret);
            tokens.push(jsonwebtoken::encode(&header, &claims, &key).expect("a token"));
        }
    }
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = encode(&json!({"alg": "none", "typ": "JWT", "kid": head["kid"]}));
    tokens.push(format!("{none}.{}.", encode(&claims)));
    for token in tokens {
        let answer = client.with_token(&token).get("/api/v1/users/me").await;
        answer.refused(401, "invalid_token");
    }
    // Signed by nobody: another person's name under a good signature.
    let other = Person::new(&client).await;
    let mut forged: Vec<_> = person.client.token().split('.').collect();
    let foreign: Vec<_> = other.client.token().split('.').collect();
    forged[1] = foreign[1];
    let answer = client
        .with_token(&forged.join("."))
        .get("/api/v1/users/me")
        .await;
    answer.refused(401, "invalid_token");
}

async fn a_key_is_replaced_without_signing_anybody_out(app: Arc<App>) {
    let old = app.start_with(&[ED_DSA]).await;
    let person = Person::new(&old).await;
    let kept = app.file("old.pem");
    std::fs::rename(app.file("jwt-ed25519.pem"), &kept).expect("the key was kept");
    let previous = kept.to_str().expect("a path");
    let previous = ("ENSEMBLE__AUTH__JWT_PREVIOUS_KEY_FILES", previous);
    let new = app.start_with(&[ED_DSA, previous]).await;
    assert_eq!(keys(&new).await.keys.len(), 2);
    let there = person.client.at(&new);
    there.get("/api/v1/users/me").await.is(200);
    let stranger = Person::new(&new).await;
    let answer = stranger.client.at(&old).get("/api/v1/users/me").await;
    answer.refused(401, "invalid_token");
    // Without the old key its tokens are nobody's.
    let forgetful = app.start_with(&[ED_DSA]).await;
    let answer = person.client.at(&forgetful).get("/api/v1/users/me").await;
    answer.refused(401, "invalid_token");
    // The refresh token is not signed, and still gets a pair.
    let body = json!({"refresh_token": person.refresh_token});
    forgetful
        .post("/api/v1/auth/refresh")
        .json(&body)
        .await
        .is(200);
}

async fn a_secret_is_replaced_without_signing_anybody_out(app: Arc<App>) {
    let person = app.person().await;
    let new = (
        "ENSEMBLE__AUTH__JWT_SECRET",
        "another secret of 32 bytes, or more",
    );
    let previous = (
        "ENSEMBLE__AUTH__JWT_PREVIOUS_SECRETS",
        "fKq0s1n4zP7YwR3vXb9LmT2cUe8HjD5g",
    );
    let rotated = app.start_with(&[new, previous]).await;
    person
        .client
        .at(&rotated)
        .get("/api/v1/users/me")
        .await
        .is(200);
    let forgetful = app.start_with(&[new]).await;
    let answer = person.client.at(&forgetful).get("/api/v1/users/me").await;
    answer.refused(401, "invalid_token");
}
