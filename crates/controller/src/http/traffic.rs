//! How many requests each route answers, how, and how fast.
//!
//! Everything here has one of a fixed number of places, made at the start: whatever clients invent,
//! it takes no more memory and makes no new name.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web;
use service::figures::{Timings, TimingsRead};

/// What stands for the route of a request that met none.
pub const UNMATCHED: &str = "unmatched";

/// The methods that are told apart; any other word is the last.
const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER",
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A method's name, where it is one that anybody uses. Clients may send any word.
pub(super) fn standard_name(method: &Method) -> &'static str {
    METHODS[number(method)]
}

fn number(method: &Method) -> usize {
    let known = METHODS.iter().position(|known| method == known);
    known.unwrap_or(METHODS.len() - 1)
}

/// Counts requests by route template and method.
pub struct Traffic {
    templates: Vec<String>,
    places: HashMap<String, usize>,
    counts: Vec<[OnceLock<Box<Counts>>; METHODS.len()]>,
    under_way: AtomicUsize,
}

#[derive(Default)]
struct Counts {
    classes: [AtomicU64; CLASSES.len()],
    timings: Timings,
}

/// What one route answered to one method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteFigures<'a> {
    /// The template, or [`UNMATCHED`].
    pub route: &'a str,
    /// The method.
    pub method: &'static str,
    /// How many answers of each class of status there were (`2xx`, …), of those there were any of.
    pub answers: Vec<(&'static str, u64)>,
    /// How long it took until the answer began.
    pub timings: TimingsRead,
}

impl Traffic {
    /// With a place for each of these routes.
    #[must_use]
    pub fn new<'a>(templates: impl Iterator<Item = &'a str>) -> Self {
        let mut templates: Vec<String> = templates.map(str::to_owned).collect();
        templates.sort();
        templates.dedup();
        templates.push(UNMATCHED.to_owned());
        let numbered = templates.iter().enumerate();
        Self {
            places: numbered.map(|(place, one)| (one.clone(), place)).collect(),
            counts: templates
                .iter()
                .map(|_| std::array::from_fn(|_| OnceLock::new()))
                .collect(),
            templates,
            under_way: AtomicUsize::new(0),
        }
    }

    /// Requests that are not answered yet.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// What was answered since the start, route by route; nothing of those that nobody asked.
    pub fn figures(&self) -> impl Iterator<Item = RouteFigures<'_>> {
        let routes = self.templates.iter().zip(&self.counts);
        routes.flat_map(|(route, methods)| {
            let asked = METHODS.into_iter().zip(methods);
            asked.filter_map(move |(method, counts)| {
                let counts = counts.get()?;
                let answers = CLASSES.into_iter().zip(&counts.classes);
                let answers = answers.map(|(class, count)| (class, count.load(Ordering::Relaxed)));
                Some(RouteFigures {
                    route,
                    method,
                    answers: answers.filter(|(_, count)| *count > 0).collect(),
                    timings: counts.timings.read(),
                })
            })
        })
    }

    fn note(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let unmatched = self.templates.len() - 1;
        let place = route.and_then(|route| self.places.get(route));
        let methods = &self.counts[place.copied().unwrap_or(unmatched)];
        let counts = methods[number(method)].get_or_init(Box::default);
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        counts.classes[class].fetch_add(1, Ordering::Relaxed);
        counts.timings.note(took);
    }
}

/// A request under way; it is one until dropped, whatever becomes of it.
pub(super) struct UnderWay(web::Data<Traffic>);

impl UnderWay {
    /// One more.
    pub(super) fn begin(traffic: web::Data<Traffic>) -> Self {
        traffic.under_way.fetch_add(1, Ordering::Relaxed);
        Self(traffic)
    }

    /// Notes how it was answered.
    pub(super) fn end(
        self,
        route: Option<&str>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        self.0.note(route, method, status, took);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect;
    use crate::http::RouteTable;

    const QUICK: Duration = Duration::from_micros(50);

    fn traffic() -> Traffic {
        Traffic::new(RouteTable::new(&collect()).templates())
    }

    #[test]
    fn a_request_is_counted_where_it_belongs() {
        let traffic = traffic();
        let route = Some("/api/v1/products/{product_id}");
        for status in [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::CONFLICT] {
            traffic.note(route, &Method::PATCH, status, QUICK);
        }
        let figures: Vec<_> = traffic.figures().collect();
        assert_eq!(figures.len(), 1);
        assert_eq!(Some(figures[0].route), route);
        assert_eq!(figures[0].method, "PATCH");
        assert_eq!(figures[0].answers, [("2xx", 1), ("4xx", 2)]);
        assert_eq!(figures[0].timings.total, 3 * QUICK);
    }

    #[test]
    fn what_clients_invent_makes_no_new_names() {
        let traffic = traffic();
        for number in 0..500 {
            let method = Method::from_bytes(format!("WORD{number}").as_bytes());
            let path = format!("/invented/{number}");
            let method = method.expect("a method");
            traffic.note(Some(path.as_str()), &method, StatusCode::NOT_FOUND, QUICK);
            traffic.note(None, &Method::GET, StatusCode::NOT_FOUND, QUICK);
        }
        let found: Vec<_> = traffic
            .figures()
            .map(|one| (one.route, one.method, one.answers))
            .collect();
        let expected = [
            (UNMATCHED, "GET", vec![("4xx", 500)]),
            (UNMATCHED, "OTHER", vec![("4xx", 500)]),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_request_is_under_way_until_it_is_dropped() {
        let traffic = web::Data::new(traffic());
        let (one, other) = (
            UnderWay::begin(traffic.clone()),
            UnderWay::begin(traffic.clone()),
        );
        assert_eq!(traffic.under_way(), 2);
        one.end(None, &Method::GET, StatusCode::OK, QUICK);
        drop(other);
        assert_eq!(traffic.under_way(), 0);
        assert_eq!(traffic.figures().count(), 1);
    }
}
