//! What holds for every refusal.

use reqwest::Method;
use serde_json::Value;

use crate::client::{Answer, Asked, text};

/// Fails unless the answer is a whole problem document (RFC 9457) with the members and headers
/// that every refusal of ours has.
pub(crate) fn check(asked: &Asked, answer: &Answer) {
    let status = answer.status.as_u16();
    if asked.shows_pages {
        assert_eq!(answer.kind(), "text/html");
        return;
    }
    assert_eq!(
        answer.kind(),
        "application/problem+json",
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("content-language"), asked.language);
    assert_eq!(answer.header("cache-control"), "no-store");
    if asked.method == Method::HEAD {
        assert!(answer.body.is_empty());
    } else {
        check_document(asked, status, answer);
    }
    let promised = match status {
        401 => "www-authenticate",
        405 => "allow",
        429 => {
            let (policy, left) = (
                answer.header("ratelimit-policy"),
                answer.header("ratelimit"),
            );
            let names = ["tries", "account", "key", "address"];
            let mut names = names.iter().map(|name| format!("\"{name}\";"));
            let name = names.find(|name| policy.starts_with(name.as_str()));
            let name = name.expect("a policy that is known");
            assert!(policy.starts_with(&format!("{name}q=")), "{policy}");
            assert!(left.starts_with(&format!("{name}r=0;t=")), "{left}");
            "retry-after"
        }
        _ => return,
    };
    answer.header(promised);
}

fn check_document(asked: &Asked, status: u16, answer: &Answer) {
    let document = answer.json();
    let code = text(&document["code"]);
    assert_eq!(document["status"], status, "{document}");
    if document["type"] == "error" {
        // The chat contract's dialect.
        assert_eq!(document["payload"]["message"], document["detail"]);
    } else {
        assert_eq!(document["type"], format!("urn:ensemble:problem:{code}"));
    }
    assert_eq!(document["instance"], asked.path, "{document}");
    assert_eq!(document["request_id"], answer.header("x-request-id"));
    let mut words = vec![&document["title"], &document["detail"]];
    if code == "invalid_request" {
        let errors = document["errors"].as_array().expect("the failing fields");
        assert!(!errors.is_empty(), "{document}");
        for error in errors {
            let pointer = text(&error["pointer"]);
            assert!(pointer.is_empty() || pointer.starts_with('/'), "{document}");
            assert!(!text(&error["code"]).is_empty(), "{document}");
            words.push(&error["detail"]);
        }
    }
    for word in words {
        let word = text(word);
        let is_korean = word.chars().any(|sign| ('가'..='힣').contains(&sign));
        assert!(!word.is_empty(), "{document}");
        assert_eq!(is_korean, asked.language == "ko", "{document}");
    }
    if status >= 500 {
        let members = document.as_object().map_or(0, serde_json::Map::len);
        assert_eq!(members, 7, "says nothing of its cause: {document}");
    }
}

/// The document without what differs from one request to the next.
pub(crate) fn without_request_id(mut document: Value) -> Value {
    if let Some(members) = document.as_object_mut() {
        members.remove("request_id");
    }
    document
}
