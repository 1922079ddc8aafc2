//! What holds whatever a stranger sends. It is stated here once, and tried twice: by property
//! tests with input that is made for it, and by the targets of `fuzz/` with libFuzzer's.
//!
//! Each function panics where its promise is broken.

use chrono::DateTime;
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::meta_graph::answers::{Listed, account};
use crate::persona::portrait_ai::picture;
use crate::social::profile;
use crate::social::tokens::{MAX_TOKEN, TokenAnswer};

/// Whatever a provider answers, of it is taken only what is fit to be used: tokens that a header
/// can hold, ids that can stand in an address, addresses of pictures on the web, a picture that is
/// no longer than the answer.
pub fn provider_answer(body: &[u8]) {
    tokens(body);
    accounts(body);
    pictures(body);
}

fn tokens(body: &[u8]) {
    let answer = serde_json::from_slice::<TokenAnswer>(body).ok();
    let Some(answer) = answer.and_then(|answer| answer.checked().ok()) else {
        return;
    };
    let tokens = answer.into_tokens(DateTime::UNIX_EPOCH);
    for token in [Some(&tokens.access_token), tokens.refresh_token.as_ref()]
        .into_iter()
        .flatten()
    {
        let token = token.expose_secret();
        assert!(
            (1..=MAX_TOKEN).contains(&token.len()),
            "a token fits its column"
        );
        assert!(
            HeaderValue::from_str(&format!("Bearer {token}")).is_ok(),
            "and a header"
        );
    }
    for until in [tokens.expires_at, tokens.refresh_expires_at]
        .into_iter()
        .flatten()
    {
        assert!(
            until >= DateTime::UNIX_EPOCH,
            "no token ends before it was given"
        );
    }
    for scope in &tokens.scopes {
        assert!(
            !scope.is_empty() && !scope.contains([' ', ',']),
            "scopes are single words"
        );
    }
}

fn accounts(body: &[u8]) {
    let listed = serde_json::from_slice::<Listed>(body).ok();
    for account in listed
        .into_iter()
        .flat_map(|listed| listed.data)
        .filter_map(account)
    {
        for id in [&account.page_id, &account.ig_user_id] {
            let id = id.as_str();
            assert!(
                !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()),
                "digits only"
            );
        }
    }
}

fn pictures(body: &[u8]) {
    if let Ok(file) = picture(body) {
        assert!(
            !file.is_empty() && file.len() <= body.len(),
            "a file, no longer than the answer"
        );
    }
    let said = serde_json::from_slice::<Value>(body).unwrap_or_default();
    if let Some(address) = profile::image(&said["image"]) {
        assert!(address.len() <= body.len());
        let scheme = address
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        assert!(
            matches!(&*scheme, "http" | "https"),
            "a picture is on the web"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    fn value() -> impl Strategy<Value = serde_json::Value> {
        prop_oneof![
            Just(json!(null)),
            any::<i64>().prop_map(|number| json!(number)),
            any::<String>().prop_map(|text| json!(text)),
            "[0-9]{1,20}".prop_map(|text| json!(text)),
            "[ -~]{1,12}".prop_map(|text| json!(text)),
            "(http|https|data|javascript):[ -~]{0,20}".prop_map(|text| json!(text)),
            "data:image/png;base64,[A-Za-z0-9]{0,16}".prop_map(|text| json!(text)),
        ]
    }

    proptest! {
        #[test]
        fn of_an_answer_only_what_is_fit_is_taken(parts in prop::collection::vec(value(), 8)) {
            let [token, refresh, expires, scope, page, name, id, image] = &parts[..] else {
                return Err(TestCaseError::fail("eight values"));
            };
            let answer = json!({
                "access_token": token, "refresh_token": refresh, "expires_in": expires, "scope": scope,
                "data": [{"id": page, "name": name, "instagram_business_account": {"id": id}}],
                "image": image,
            });
            super::provider_answer(answer.to_string().as_bytes());
        }

        #[test]
        fn bytes_that_are_no_answer_do_no_harm(body: Vec<u8>) {
            super::provider_answer(&body);
        }
    }
}
