//! The table: a line a route, a column for each who asks.

use reqwest::Method;

/// Who asks, in the order of the columns.
pub(super) const WHO: [&str; 6] = ["nobody", "guest", "other", "blocked", "admin", "key"];

/// What stands where nobody of that kind asks.
const NOT_ASKED: &str = "-";

/// A route, and what everybody is answered.
pub(super) struct Row {
    pub(super) method: Method,
    /// As in the document, with its parameters in braces.
    pub(super) path: String,
    expected: Vec<String>,
    /// A query, a JSON or a CSV body: what the request needs to be understood.
    pub(super) with: String,
}

/// All rows of the table.
pub(super) fn rows() -> Vec<Row> {
    let lines = include_str!("table.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(Row::parse).collect()
}

impl Row {
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut word = || words.next().unwrap_or_default().to_owned();
        let method = word().parse().expect("a method");
        let path = word();
        let expected: Vec<_> = WHO.iter().map(|_| word()).collect();
        let is_answer = |answer: &String| {
            answer == NOT_ASKED
                || answer.len() == 3 && answer.bytes().all(|byte| byte.is_ascii_digit())
        };
        assert!(expected.iter().all(is_answer), "{line}");
        Self {
            method,
            path,
            expected,
            with: words.collect::<Vec<_>>().join(" "),
        }
    }

    /// The method and the path.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether this one asks.
    pub(super) fn asks(&self, who: usize) -> bool {
        self.expected[who] != NOT_ASKED
    }

    /// Whether these are the answers.
    pub(super) fn allows(&self, answered: &[String]) -> bool {
        self.expected == answered
    }

    /// The row as it would be with these answers.
    pub(super) fn with(&self, answered: &[String]) -> String {
        let name = self.name();
        let answers = answered.join(" ");
        format!("{name:<62} {answers} {}", self.with)
            .trim_end()
            .to_owned()
    }
}
