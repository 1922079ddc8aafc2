//! Rows of a file with one JSON object a line.

use domain::ValueError;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Take};

use super::row::{Cell, MEMBERS, Row};
use super::unreadable;
use crate::product::{ImportError, ImportSource};

/// Reads a file line by line.
pub(super) struct JsonRows {
    source: BufReader<Take<ImportSource>>,
    line: u64,
    text: Vec<u8>,
}

impl JsonRows {
    pub(super) fn new(source: BufReader<Take<ImportSource>>) -> Self {
        Self {
            source,
            line: 0,
            text: Vec::new(),
        }
    }

    pub(super) async fn next(&mut self) -> Result<Option<(u64, Row)>, ImportError> {
        loop {
            self.text.clear();
            let read = self.source.read_until(b'\n', &mut self.text).await;
            if read.map_err(unreadable)? == 0 {
                let rest = self.source.get_ref().limit();
                return if rest == 0 {
                    Err(ImportError::TooLarge)
                } else {
                    Ok(None)
                };
            }
            self.line += 1;
            if !self.text.trim_ascii().is_empty() {
                return Ok(Some((self.line, row(&self.text))));
            }
        }
    }
}

fn row(text: &[u8]) -> Row {
    let mut row = Row::default();
    match serde_json::from_slice(text) {
        Ok(Value::Object(mut members)) => {
            for member in MEMBERS {
                match members.remove(member).map(cell) {
                    None | Some(Ok(None)) => {}
                    Some(Ok(Some(cell))) => row.set(member, cell),
                    Some(Err(error)) => row.refuse(member, error),
                }
            }
        }
        Ok(_) | Err(_) => row.refuse("", ValueError::new("malformed_json")),
    }
    row
}

/// A value as a cell; none for `null`.
fn cell(value: Value) -> Result<Option<Cell>, ValueError> {
    let text = |value: Value| match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(ValueError::new("wrong_type")),
    };
    match value {
        Value::Null => Ok(None),
        Value::Array(values) => {
            let texts: Result<_, _> = values.into_iter().map(text).collect();
            texts.map(|texts| Some(Cell::List(texts)))
        }
        other => text(other).map(|text| Some(Cell::Text(text))),
    }
}
