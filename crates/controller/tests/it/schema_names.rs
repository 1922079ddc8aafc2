//! Two schemas of one name would be one in the document, whichever comes last.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// All files of the crate's source.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// The names under which a file's schemas are in the document.
fn names(source: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let (mut is_schema, mut given) = (false, None);
    for line in source.lines() {
        is_schema |= line.contains("derive(") && line.contains("ToSchema");
        if let Some((_, rest)) = line.split_once("schema(as = ") {
            given = rest.split([')', ',']).next();
        }
        let mut words = line.split([' ', '<', '(', '{', ';']);
        if words.any(|word| word == "struct" || word == "enum") && !line.contains("//") {
            if is_schema {
                names.extend(given.or_else(|| words.next()));
            }
            (is_schema, given) = (false, None);
        }
    }
    names
}

#[test]
fn every_schema_has_a_name_of_its_own() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let mut owners: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a text");
        for name in names(&source) {
            owners
                .entry(name.to_owned())
                .or_default()
                .push(file.clone());
        }
    }
    assert!(owners.len() > 50, "{owners:?}");
    owners.retain(|_, files| files.len() > 1);
    assert_eq!(owners, BTreeMap::new());
}
