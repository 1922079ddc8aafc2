//! What is asked for, domain by domain.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bench::client::{Request, Requests};
use clap::ValueEnum;
use serde_json::json;

use crate::stage::{Stage, product_request, sign_up};

/// A kind of load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Scenario {
    /// New accounts, each with a password to hash.
    SignUp,
    /// Sign-ins, likewise.
    SignIn,
    /// The first page of one's products.
    Products,
    /// Products as they are typed.
    Search,
    /// New products.
    NewProducts,
    /// The feed, page after page.
    Feed,
    /// Hearts given and taken back.
    Hearts,
    /// A portrait's thumbnail.
    Portraits,
    /// Messages to a friend.
    Chat,
    /// A conversation's latest messages.
    History,
    /// Mails handed in by a program that signs its requests; tried only.
    Notifications,
}

impl Scenario {
    /// All of them.
    pub(crate) const ALL: [Self; 11] = [
        Self::SignUp,
        Self::SignIn,
        Self::Products,
        Self::Search,
        Self::NewProducts,
        Self::Feed,
        Self::Hearts,
        Self::Portraits,
        Self::Chat,
        Self::History,
        Self::Notifications,
    ];

    /// The requests, one after the other; `None` where the server has nothing of the kind.
    pub(crate) fn requests(self, stage: &Stage) -> Option<Requests> {
        let tokens: Vec<String> = stage.people.iter().map(|one| one.token.clone()).collect();
        let of_each = move |make: fn(&str, usize) -> Request| {
            Requests::made(move |number| make(&tokens[number % tokens.len()], number))
        };
        Some(match self {
            Self::SignUp => {
                let run = unique();
                Requests::made(move |number| {
                    let newcomer = sign_up(&format!("b{run:x}-{number}"));
                    Request::post("/api/v1/users/sign-up", None, &newcomer)
                })
            }
            Self::SignIn => {
                let all = stage.callers.iter();
                let all = all.map(|one| Request::post("/api/v1/users/sign-in", None, one));
                all.collect::<Vec<_>>().into()
            }
            Self::Products => {
                of_each(|token, _| Request::get("/api/v1/products?limit=20", Some(token)))
            }
            // ㅅㅋㄹ
            Self::Search => of_each(|token, _| {
                Request::get(
                    "/api/v1/products?q=%E3%85%85%E3%85%8B%E3%84%B9",
                    Some(token),
                )
            }),
            Self::NewProducts => of_each(product_request),
            Self::Feed if stage.outfits.is_empty() => return None,
            Self::Feed => of_each(|token, number| {
                let path = format!("/images?offset={}", number / 8 % 50 * 10);
                Request::get(&path, Some(token))
            }),
            Self::Hearts => hearts(stage)?,
            Self::Portraits => Request::get(stage.portrait.as_deref()?, None).into(),
            Self::Chat => chat(stage),
            Self::History => {
                let path = format!("/api/v1/chats/{}/messages", stage.people[1].id);
                Request::get(&path, Some(&stage.people[0].token)).into()
            }
            Self::Notifications => notifications(stage),
        })
    }
}

fn hearts(stage: &Stage) -> Option<Requests> {
    let outfits = stage.outfits.clone();
    let tokens: Vec<String> = stage.people.iter().map(|one| one.token.clone()).collect();
    if outfits.is_empty() {
        return None;
    }
    let round = outfits.len() * tokens.len();
    Some(Requests::made(move |number| {
        let path = format!(
            "/api/v1/outfits/{}/heart",
            outfits[number / tokens.len() % outfits.len()]
        );
        let token = Some(tokens[number % tokens.len()].as_str());
        match (number / round).is_multiple_of(2) {
            true => Request::put(&path, token, ""),
            false => Request::delete(&path, token),
        }
    }))
}

/// Everybody writes to the one beside them.
fn chat(stage: &Stage) -> Requests {
    let ids: Vec<_> = stage.people.iter().map(|one| one.id.clone()).collect();
    let tokens: Vec<_> = stage.people.iter().map(|one| one.token.clone()).collect();
    Requests::made(move |number| {
        let from = number % tokens.len();
        let path = format!("/api/v1/chats/{}/messages", ids[(from + 1) % ids.len()]);
        let message = json!({"content": format!("{number} 번째 말")}).to_string();
        Request::post(&path, Some(&tokens[from]), &message)
    })
}

/// Signed when they are sent: a signature is good for ten seconds, and once.
fn notifications(stage: &Stage) -> Requests {
    let (access, secret) = stage.key.clone();
    let signing = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let run = unique();
    let mail =
        json!({"email_to": [{"email": "bench@example.com"}], "subject": "bench", "text": "bench"});
    Requests::made(move |number| {
        let now = since_1970().as_secs();
        let query = format!("key={access}&timestamp={now}&nonce={run:x}-{number}&dry_run=true");
        let signature = STANDARD.encode(hmac::sign(&signing, query.as_bytes()));
        let path = format!("/api/v1/services/email/send_by_gmail?{query}");
        Request::post(&path, None, &mail.to_string()).with_header("secret", &signature)
    })
}

/// What no earlier run had.
pub(crate) fn unique() -> u64 {
    since_1970().as_micros() as u64
}

fn since_1970() -> std::time::Duration {
    // A clock before 1970 makes requests that the server refuses, which is told.
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

impl fmt::Display for Scenario {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        out.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
