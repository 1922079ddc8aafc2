//! What the built-in pages leave in a browser.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// All files of the pages.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "js" || kind == "html")
        {
            found.push(fs::read_to_string(&path).expect("a text"));
        }
    }
}

/// Which store, and under which name.
fn kept(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.match_indices("Storage.").map(|(at, _)| {
        let start = source[..at].rfind(|sign: char| !sign.is_alphabetic());
        let store = &source[start.map_or(0, |start| start + 1)..at];
        let name = source[at..].split('"').nth(1).expect("a name");
        (store, name)
    })
}

#[test]
fn pages_keep_the_language_and_a_tab_its_tokens_and_nothing_else() {
    let mut pages = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    sources(&folder, &mut pages);
    assert!(pages.len() > 5);
    let all: BTreeSet<_> = pages.iter().flat_map(|source| kept(source)).collect();
    let expected = BTreeSet::from([("local", "language"), ("session", "tokens")]);
    assert_eq!(all, expected);
    for other in ["document.cookie", "indexedDB", "caches.", "serviceWorker"] {
        assert!(
            !pages.iter().any(|source| source.contains(other)),
            "{other}"
        );
    }
}
