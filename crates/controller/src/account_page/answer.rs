//! Whether a page or a document is wanted, and the page that a refusal becomes.

use std::future::{Ready, ready};

use actix_web::http::header::ACCEPT;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload};

use super::Form;
use crate::http::{Language, Problem};

/// What the client wants to be answered, in which language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// Whether it is a browser that shows pages. Programs ask for anything, or for JSON.
    pub(crate) page: bool,
    /// The language.
    pub(crate) language: Language,
}

impl FromRequest for Wish {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let accepted = request.headers().get_all(ACCEPT);
        let mut ranges = accepted.flat_map(|line| line.to_str().unwrap_or_default().split(','));
        let page = ranges.any(|range| {
            let kind = range.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/html")
        });
        ready(Ok(Self {
            page,
            language: Language::of(request.headers()),
        }))
    }
}

/// The page of a form that was refused. What is our own fault stays a problem, which is logged.
pub(crate) fn page_of(
    problem: Problem,
    form: Form<'_>,
    wish: Wish,
) -> Result<HttpResponse, Problem> {
    if !wish.page || problem.status().is_server_error() {
        return Err(problem);
    }
    let errors = problem.errors().iter();
    let mut told: Vec<String> = errors
        .map(|error| {
            let field = error.pointer().trim_start_matches('/');
            let field = form.label(field, wish.language).unwrap_or(field);
            format!("{field}: {}", error.detail(wish.language))
        })
        .collect();
    if told.is_empty() {
        told.push(problem.detail(wish.language).to_owned());
    }
    Ok(form.page(wish.language, &told).answer(problem.status()))
}
