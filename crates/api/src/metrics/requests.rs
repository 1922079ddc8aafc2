//! Requests: how many, how they ended, how long they took.

use controller::http::{Gate, Kind as Does, RouteFigures, Traffic};

use super::exposition::{Exposition, Kind};

/// Writes them.
pub(super) fn write(text: &mut Exposition, traffic: &Traffic) {
    let routes: Vec<RouteFigures<'_>> = traffic.figures().collect();
    let help = "Requests answered, by template of the route, method and class of status.";
    let mut family = text.family("ensemble_http_requests_total", Kind::Counter, help);
    for one in &routes {
        for (class, count) in &one.answers {
            let labels = [
                ("route", one.route),
                ("method", one.method),
                ("status", class),
            ];
            family.sample(&labels, count);
        }
    }
    let help = "Time until the answer began.";
    let name = "ensemble_http_request_duration_seconds";
    let mut family = text.family(name, Kind::Histogram, help);
    for one in &routes {
        family.timings(
            &[("route", one.route), ("method", one.method)],
            &one.timings,
        );
    }
    let help = "Requests that are not answered yet.";
    let name = "ensemble_http_requests_in_flight";
    text.one(name, Kind::Gauge, help, traffic.under_way());
}

/// Requests in hand, and those that were turned away.
pub(super) fn shed(text: &mut Exposition, gate: &Gate) {
    let lanes = Does::ALL.map(|kind| (("kind", kind.as_str()), gate.figures(kind)));
    let help = "Requests that may be in hand, by kind; fewer while the database is slow.";
    let mut family = text.family("ensemble_http_in_flight_max", Kind::Gauge, help);
    for (kind, figures) in &lanes {
        family.sample(&[*kind], figures.allowed);
    }
    let help = "Requests turned away with 503, by kind and why.";
    let mut family = text.family("ensemble_http_shed_total", Kind::Counter, help);
    for (kind, figures) in &lanes {
        family.sample(&[*kind, ("reason", "in_flight")], figures.crowded_out);
        family.sample(&[*kind, ("reason", "late")], figures.late);
    }
}
