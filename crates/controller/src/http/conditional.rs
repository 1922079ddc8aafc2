//! Entity tags, `If-Match` and `If-None-Match` (RFC 9110, section 13).

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH},
};

use super::{catalogue::Code, problem::Problem};

/// A strong entity tag, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTag(String);

impl EntityTag {
    /// The tag of a row's version: `"v7"`.
    #[must_use]
    pub fn of_version(version: i64) -> Self {
        Self(format!("v{version}"))
    }

    /// A tag of visible ASCII characters other than `"`; others are left out.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(
            text.chars()
                .filter(|&character| character.is_ascii_graphic() && character != '"')
                .collect(),
        )
    }

    /// The version, if it is a tag of one.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        self.0.strip_prefix('v')?.parse().ok()
    }

    /// The pair for `insert_header`.
    #[must_use]
    pub fn header(&self) -> (HeaderName, HeaderValue) {
        let quoted = HeaderValue::try_from(format!("\"{}\"", self.0));
        // Both constructors let only legal characters in.
        (
            ETAG,
            quoted.unwrap_or_else(|_| HeaderValue::from_static("\"\"")),
        )
    }
}

/// A list of tags as a client sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// Tags with their weakness. What cannot be read is left out and so matches nothing.
    Listed(Vec<(bool, String)>),
}

/// What is to be done with a conditional request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on: the conditions hold, or there are none.
    Proceed,
    /// 304: the client has it already.
    NotModified,
    /// 412: somebody was faster.
    Failed,
}

/// The conditions of a request; extract it like any other argument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

impl Conditions {
    /// The conditions in these headers.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            if_match: read(headers, &IF_MATCH),
            if_none_match: read(headers, &IF_NONE_MATCH),
        }
    }

    /// Whether the request sets no condition at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Whether this alone says that the client has what carries this tag, before anybody looks
    /// whether it is there. Not so `*`: that asks whether there is anything.
    #[must_use]
    pub fn has_already(&self, tag: &EntityTag) -> bool {
        let is_named = |tags: &Tags| match tags {
            Tags::Any => false,
            Tags::Listed(tags) => tags.iter().any(|(_, named)| *named == tag.0),
        };
        self.if_match.is_none() && self.if_none_match.as_ref().is_some_and(is_named)
    }

    /// The verdict on a read, given the tag of what there is.
    #[must_use]
    pub fn on_read(&self, current: &EntityTag) -> Verdict {
        match self.judge(Some(current)) {
            (false, _) => Verdict::Failed,
            (true, false) => Verdict::NotModified,
            (true, true) => Verdict::Proceed,
        }
    }

    /// The verdict on a change, given the tag of what there is (`None`: nothing yet).
    ///
    /// # Errors
    /// 412 `precondition_failed`.
    pub fn on_write(&self, current: Option<&EntityTag>) -> Result<(), Problem> {
        match self.judge(current) {
            (true, true) => Ok(()),
            _ => Err(Problem::new(Code::PreconditionFailed)),
        }
    }

    /// The version that `If-Match` insists on, for a change that compares it in its own statement; `None` when it
    /// insists on none or on several.
    #[must_use]
    pub fn expected_version(&self) -> Option<i64> {
        match &self.if_match {
            Some(Tags::Listed(tags)) => match tags.as_slice() {
                [(false, tag)] => EntityTag(tag.clone()).version(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether `If-Match` holds and whether `If-None-Match` does. The first compares strongly: a weak tag promises
    /// too little to overwrite something on its word.
    fn judge(&self, current: Option<&EntityTag>) -> (bool, bool) {
        let matches = |tags: &Tags, weakly: bool| match (tags, current) {
            (_, None) => false,
            (Tags::Any, Some(_)) => true,
            (Tags::Listed(tags), Some(current)) => tags
                .iter()
                .any(|(weak, tag)| (weakly || !weak) && *tag == current.0),
        };
        (
            self.if_match
                .as_ref()
                .is_none_or(|tags| matches(tags, false)),
            self.if_none_match
                .as_ref()
                .is_none_or(|tags| !matches(tags, true)),
        )
    }
}

impl FromRequest for Conditions {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}

/// The 304 that goes with [`Verdict::NotModified`].
#[must_use]
pub fn not_modified(current: &EntityTag) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header(current.header())
        .finish()
}

fn read(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
    let mut present = false;
    let mut tags = Vec::new();
    for line in headers.get_all(name) {
        present = true;
        let mut rest = line.to_str().unwrap_or_default().trim();
        if rest == "*" {
            return Some(Tags::Any);
        }
        // Tags may hold commas, so it is the quotes that count.
        while let Some((before, after)) = rest.split_once('"') {
            let Some((tag, next)) = after.split_once('"') else {
                break;
            };
            tags.push((before.trim_end().ends_with("W/"), tag.to_owned()));
            rest = next;
        }
    }
    present.then_some(Tags::Listed(tags))
}
