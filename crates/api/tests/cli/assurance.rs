//! docs/SECURITY.md says of every requirement of a standard which test shows it. This holds it to
//! what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::home::Home;

/// The requirements of OWASP ASVS 5.0.0 on its first two levels: a section, the numbers of level 1
/// and those of level 2.
const REQUIREMENTS: &str = "
1.1 | | 1 2
1.2 | 1 2 3 4 5 | 6 7 8 9
1.3 | 1 2 | 3 4 5 6 7 8 9 10 11
1.4 | | 1 2 3
1.5 | 1 | 2
2.1 | 1 | 2 3
2.2 | 1 2 | 3
2.3 | 1 | 2 3 4
2.4 | | 1
3.2 | 1 2 |
3.3 | 1 | 2 3 4
3.4 | 1 2 | 3 4 5 6
3.5 | 1 2 3 | 4 5
3.7 | | 1 2
4.1 | 1 | 2 3
4.2 | | 1
4.3 | | 1 2
4.4 | 1 | 2 3 4
5.1 | | 1
5.2 | 1 2 | 3
5.3 | 1 2 |
5.4 | | 1 2 3
6.1 | 1 | 2 3
6.2 | 1 2 3 4 5 6 7 8 | 9 10 11 12
6.3 | 1 2 | 3 4
6.4 | 1 2 | 3 4
6.5 | | 1 2 3 4 5
6.6 | | 1 2 3
6.8 | | 1 2 3 4
7.1 | | 1 2 3
7.2 | 1 2 3 4 |
7.3 | | 1 2
7.4 | 1 2 | 3 4 5
7.5 | | 1 2
7.6 | | 1 2
8.1 | 1 | 2
8.2 | 1 2 | 3
8.3 | 1 |
8.4 | | 1
9.1 | 1 2 3 |
9.2 | 1 | 2 3 4
10.1 | | 1 2
10.2 | | 1 2
10.3 | | 1 2 3 4
10.4 | 1 2 3 4 5 | 6 7 8 9 10 11
10.5 | | 1 2 3 4 5
10.6 | | 1 2
10.7 | | 1 2 3
11.1 | | 1 2
11.2 | | 1 2 3
11.3 | 1 2 | 3
11.4 | 1 | 2 3 4
11.5 | | 1
11.6 | | 1
12.1 | 1 | 2 3
12.2 | 1 2 |
12.3 | | 1 2 3 4
13.1 | | 1
13.2 | | 1 2 3 4 5
13.3 | | 1 2
13.4 | 1 | 2 3 4 5
14.1 | | 1 2
14.2 | 1 | 2 3 4
14.3 | 1 | 2 3
15.1 | 1 | 2 3
15.2 | 1 | 2 3
15.3 | 1 | 2 3 4 5 6 7
16.1 | | 1
16.2 | | 1 2 3 4 5
16.3 | | 1 2 3 4
16.4 | | 1 2 3
16.5 | | 1 2 3
17.1 | | 1
17.2 | | 1 2 3 4
17.3 | | 1 2
";

/// How a row says that its requirement holds, or why not.
const KINDS: [&str; 6] = ["test", "text", "build", "duty", "n/a", "open"];

/// A row of the table.
struct Row {
    level: u8,
    kind: String,
    how: String,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/SECURITY.md")).expect("docs/SECURITY.md")
}

/// Every requirement, and its level.
fn requirements() -> BTreeMap<String, u8> {
    let mut found = BTreeMap::new();
    for line in REQUIREMENTS.trim().lines() {
        let (section, levels) = line.split_once(" |").expect("a section");
        for (level, numbers) in (1..).zip(levels.split('|')) {
            for number in numbers.split_whitespace() {
                found.insert(format!("v5.0.0-{section}.{number}"), level);
            }
        }
    }
    found
}

fn table() -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for line in document().lines().filter(|line| line.starts_with("| v5")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, level, _, kind, how] = cells[..] else {
            unreachable!("five cells: {line}");
        };
        let row = Row {
            level: level.parse().expect("a level"),
            kind: kind.to_owned(),
            how: how.to_owned(),
        };
        let before = rows.insert(number.to_owned(), row);
        assert!(before.is_none(), "{number} is there twice");
    }
    rows
}

/// The tests that a text names: a file and a function of it.
fn named(text: &str) -> BTreeSet<(&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|name| name.split_once(".rs::")).collect()
}

#[test]
fn every_requirement_has_its_row() {
    let (wanted, rows) = (requirements(), table());
    let of = |level| wanted.values().filter(|found| **found == level).count();
    assert_eq!((of(1), of(2)), (70, 183));
    let found: BTreeMap<String, u8> = rows
        .iter()
        .map(|(number, row)| (number.clone(), row.level))
        .collect();
    assert_eq!(found, wanted);
    for (number, row) in &rows {
        assert!(KINDS.contains(&&*row.kind), "{number}: {}", row.kind);
        assert!(row.how.len() > 1, "{number} says nothing");
        let names_one = !named(&row.how).is_empty();
        assert!(row.kind != "test" || names_one, "{number} names no test");
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let text = document();
    let named = named(&text);
    assert!(named.len() > 100, "{} tests", named.len());
    for (file, test) in named {
        let path = root().join(format!("{file}.rs"));
        let source = std::fs::read_to_string(&path);
        let source = source.unwrap_or_else(|error| unreachable!("{file}: {error}"));
        let is_there = source
            .lines()
            .any(|line| line.contains(&format!("fn {test}(")));
        assert!(is_there, "{file}.rs has no {test}");
    }
}

#[test]
fn the_counts_are_those_of_the_table() {
    let rows = table();
    let counts = KINDS.map(|kind| {
        let count = rows.values().filter(|row| row.kind == kind).count();
        format!("{count} {kind}")
    });
    let told = format!("As of now: {}.", counts.join(", "));
    assert!(document().contains(&told), "it should say: {told}");
}

#[test]
fn a_new_installation_has_no_accounts() {
    let home = Home::new();
    home.run(["migrate", "up"]).succeeded();
    assert_eq!(home.run(["user", "list"]).succeeded(), "");
}
