//! The text that Prometheus reads (exposition format 0.0.4).

use std::fmt::{Display, Write};

use service::figures::{BOUNDS, TimingsRead};

/// The content type of such a text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the numbers of a family are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// They only grow.
    Counter,
    /// They go up and down.
    Gauge,
    /// How often each range of values was met.
    Histogram,
}

/// A name and its value; values are ours or come from a fixed list, never from a client.
pub(super) type Label<'a> = (&'a str, &'a str);

/// A text that is being written.
#[derive(Default)]
pub(super) struct Exposition(String);

/// Metrics of one name. Families without a sample are told of as well: what exists is the same at
/// every moment.
pub(super) struct Family<'a> {
    text: &'a mut String,
    name: &'a str,
}

impl Exposition {
    /// Begins a family; `help` is one line.
    pub(super) fn family<'a>(&'a mut self, name: &'a str, kind: Kind, help: &str) -> Family<'a> {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a text cannot fail, here and below.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        Family {
            text: &mut self.0,
            name,
        }
    }

    /// A family of one sample without labels.
    pub(super) fn one(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.family(name, kind, help).sample(&[], value);
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

impl Family<'_> {
    /// Adds a sample.
    pub(super) fn sample(&mut self, labels: &[Label<'_>], value: impl Display) {
        self.line("", labels, None, value);
    }

    /// Adds the samples of a histogram of seconds.
    pub(super) fn timings(&mut self, labels: &[Label<'_>], timings: &TimingsRead) {
        let mut so_far = 0;
        for (bound, count) in BOUNDS.iter().zip(timings.places) {
            so_far += count;
            // Exact: bounds are far below 2^53 microseconds.
            let seconds = (*bound as f64 / 1e6).to_string();
            self.line("_bucket", labels, Some(("le", &seconds)), so_far);
        }
        let count = timings.count();
        self.line("_bucket", labels, Some(("le", "+Inf")), count);
        self.line("_sum", labels, None, timings.total.as_secs_f64());
        self.line("_count", labels, None, count);
    }

    fn line(
        &mut self,
        suffix: &str,
        labels: &[Label<'_>],
        more: Option<Label<'_>>,
        value: impl Display,
    ) {
        let _ = write!(self.text, "{}{suffix}", self.name);
        for (number, (name, value)) in labels.iter().copied().chain(more).enumerate() {
            self.text.push(if number == 0 { '{' } else { ',' });
            let _ = write!(self.text, "{name}=\"");
            escape(self.text, value);
            self.text.push('"');
        }
        if !labels.is_empty() || more.is_some() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }
}

/// Writes a label's value so that it ends where it should.
fn escape(text: &mut String, value: &str) {
    for sign in value.chars() {
        match sign {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            sign => text.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use service::figures::Timings;

    use super::*;

    #[test]
    fn families_have_help_type_and_samples() {
        let mut text = Exposition::default();
        text.one("up", Kind::Gauge, "Whether it is.", 1);
        let mut family = text.family("asked_total", Kind::Counter, "How often.");
        family.sample(&[("by", "me"), ("for", "you")], 7_u64);
        family.sample(&[("by", "you")], 0.25);
        text.family("nothing", Kind::Histogram, "Of this there is nothing.");
        let expected = "\
# HELP up Whether it is.
# TYPE up gauge
up 1
# HELP asked_total How often.
# TYPE asked_total counter
asked_total{by=\"me\",for=\"you\"} 7
asked_total{by=\"you\"} 0.25
# HELP nothing Of this there is nothing.
# TYPE nothing histogram
";
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn no_value_ends_its_label_early() {
        let mut text = Exposition::default();
        let mut family = text.family("x", Kind::Gauge, "x");
        family.sample(&[("l", "a\"b\\c\nd가")], 1);
        let text = text.finish();
        assert_eq!(text.lines().last(), Some(r#"x{l="a\"b\\c\nd가"} 1"#));
    }

    #[test]
    fn the_places_of_a_histogram_add_up() {
        let timings = Timings::default();
        for micros in [50, 300, 300, 20_000_000] {
            timings.note(Duration::from_micros(micros));
        }
        let mut text = Exposition::default();
        let mut family = text.family("t", Kind::Histogram, "t");
        family.timings(&[("of", "it")], &timings.read());
        let text = text.finish();
        for line in [
            r#"t_bucket{of="it",le="0.0001"} 1"#,
            r#"t_bucket{of="it",le="0.00025"} 1"#,
            r#"t_bucket{of="it",le="0.0005"} 3"#,
            r#"t_bucket{of="it",le="1"} 3"#,
            r#"t_bucket{of="it",le="10"} 3"#,
            r#"t_bucket{of="it",le="+Inf"} 4"#,
            r#"t_sum{of="it"} 20.00065"#,
            r#"t_count{of="it"} 4"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        assert_eq!(text.lines().count(), 2 + BOUNDS.len() + 3);
    }
}
