//! What came of it: a table for people, JSON for machines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bench::client::Load;
use serde_json::{Value, json};

use crate::scenarios::Scenario;

/// What one scenario came to at one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    /// Answers a second.
    pub(crate) rate: f64,
    /// In milliseconds.
    pub(crate) median: f64,
    /// In milliseconds.
    pub(crate) p99: f64,
    /// Answers, and those of them other than 2xx.
    pub(crate) requests: u64,
    pub(crate) failures: u64,
}

impl Measured {
    /// Of a load.
    pub(crate) fn of(load: &Load) -> Self {
        let at = |share| load.percentile(share).as_secs_f64() * 1e3;
        Self {
            rate: load.rate(),
            median: at(0.5),
            p99: at(0.99),
            requests: load.requests,
            failures: load.failures,
        }
    }

    fn json(self) -> Value {
        json!({"per_second": self.rate, "p50_ms": self.median, "p99_ms": self.p99,
            "requests": self.requests, "failures": self.failures})
    }
}

/// What all came to: by scenario, one or two servers.
#[derive(Default)]
pub(crate) struct Report(BTreeMap<Scenario, BTreeMap<usize, Measured>>);

impl Report {
    /// Adds what a scenario came to at a server: 0 is the first.
    pub(crate) fn add(&mut self, scenario: Scenario, server: usize, measured: Measured) {
        self.0.entry(scenario).or_default().insert(server, measured);
    }

    /// A table in Markdown. The ratio is how many times the second server's rate the first one's is.
    pub(crate) fn table(&self) -> String {
        let with_ratio = self.0.values().any(|servers| servers.len() > 1);
        let (more, line) = match with_ratio {
            true => (" other req/s | ratio |", "---|---|"),
            false => ("", ""),
        };
        let mut table = format!(
            "| scenario | req/s | p50 ms | p99 ms | failures |{more}\n|---|---|---|---|---|{line}\n"
        );
        for (scenario, servers) in &self.0 {
            let Some(first) = servers.get(&0) else {
                continue;
            };
            // Writing to a text cannot fail.
            let _ = write!(
                table,
                "| {scenario} | {:.0} | {:.2} | {:.2} | {} |",
                first.rate, first.median, first.p99, first.failures
            );
            if let Some(other) = servers.get(&1) {
                let ratio = ratio(first.rate, other.rate);
                let ratio = ratio.map_or_else(|| "–".into(), |ratio| format!("{ratio:.2}"));
                let _ = write!(table, " {:.0} | {ratio} |", other.rate);
            }
            table.push('\n');
        }
        table
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> Value {
        let scenarios = self.0.iter().map(|(scenario, servers)| {
            let mut told = json!({});
            for (server, name) in [(0, "first"), (1, "second")] {
                if let Some(measured) = servers.get(&server) {
                    told[name] = measured.json();
                }
            }
            if let (Some(first), Some(second)) = (servers.get(&0), servers.get(&1)) {
                told["ratio"] = json!(ratio(first.rate, second.rate));
            }
            (scenario.to_string(), told)
        });
        Value::Object(scenarios.collect())
    }
}

fn ratio(one: f64, other: f64) -> Option<f64> {
    (other > 0.0).then(|| one / other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAST: Measured = Measured {
        rate: 300.0,
        median: 1.0,
        p99: 2.5,
        requests: 1_500,
        failures: 0,
    };

    fn slow() -> Measured {
        Measured {
            rate: 120.0,
            failures: 3,
            ..FAST
        }
    }

    #[test]
    fn one_server_is_a_table_without_a_ratio() {
        let mut report = Report::default();
        report.add(Scenario::Feed, 0, FAST);
        assert_eq!(
            report.table(),
            "| scenario | req/s | p50 ms | p99 ms | failures |\n|---|---|---|---|---|\n\
             | feed | 300 | 1.00 | 2.50 | 0 |\n"
        );
        assert!(report.json()["feed"]["ratio"].is_null());
    }

    #[test]
    fn two_servers_are_held_against_each_other() {
        let mut report = Report::default();
        report.add(Scenario::NewProducts, 1, slow());
        report.add(Scenario::NewProducts, 0, FAST);
        let table = report.table();
        assert!(
            table.ends_with("| new-products | 300 | 1.00 | 2.50 | 0 | 120 | 2.50 |\n"),
            "{table}"
        );
        let told = report.json();
        assert_eq!(told["new-products"]["ratio"], 2.5);
        assert_eq!(told["new-products"]["second"]["failures"], 3);
    }

    #[test]
    fn a_server_that_answers_nothing_has_no_ratio() {
        assert_eq!(ratio(1.0, 0.0), None);
    }
}
