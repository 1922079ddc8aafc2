//! How the errors of the old account routes differ.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::http::{Code, Dialect, Problem, Told};

/// The chat contract's errors: `{"type":"error","payload":{"message"}}`.
#[derive(Debug)]
pub(crate) struct Chat;

impl Dialect for Chat {
    fn members(&self, told: &Told<'_>) -> Vec<(&'static str, Value)> {
        vec![
            ("type", "error".into()),
            ("payload", json!({"message": told.detail})),
        ]
    }
}

/// The errors of accounts by type: `status`, `msg`, `detail` and `code`.
#[derive(Debug)]
pub(crate) struct ByType;

impl Dialect for ByType {
    fn status(&self, problem: &Problem) -> StatusCode {
        match problem.code() {
            Code::UserAlreadyExists | Code::InvalidCredentials => StatusCode::BAD_REQUEST,
            _ => problem.status(),
        }
    }

    fn members(&self, told: &Told<'_>) -> Vec<(&'static str, Value)> {
        let msg = match told.code {
            Code::InvalidCredentials => "NO_MATCH_USER".to_owned(),
            other => other.as_str().to_uppercase(),
        };
        vec![("msg", msg.into())]
    }
}
