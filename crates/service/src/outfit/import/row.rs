//! One outfit of a file, before it is known to be valid.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::ValueError;
use domain::outfit::{Age, Gender, LabelKind, LabelName, Link, OutfitDraft, OutfitId};

/// The members of an outfit that a file may have.
pub(super) const MEMBERS: [&str; 13] = [
    "outfit_id",
    "img_url",
    "gender",
    "age",
    "origin_url",
    "reporter",
    "tags",
    "brands",
    "region",
    "occupation",
    "style",
    "season",
    "date",
];

/// What stands in one place of a row.
pub(super) enum Cell {
    /// A text or number.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

/// A member and what is wrong with it.
pub(super) type Finding = (&'static str, ValueError);

/// The cells of a row.
#[derive(Default)]
pub(super) struct Row {
    cells: BTreeMap<&'static str, Cell>,
    refused: Vec<Finding>,
}

impl Row {
    pub(super) fn set(&mut self, member: &'static str, cell: Cell) {
        self.cells.insert(member, cell);
    }

    pub(super) fn refuse(&mut self, member: &'static str, error: ValueError) {
        self.refused.push((member, error));
    }

    /// The outfit, or everything that is wrong with it.
    pub(super) fn read(mut self) -> Result<(Option<OutfitId>, OutfitDraft), Vec<Finding>> {
        if self.refused.iter().any(|(member, _)| member.is_empty()) {
            return Err(self.refused);
        }
        let id = self.parse("outfit_id", outfit_id);
        let img_url = self.parse("img_url", Link::parse);
        if img_url.is_none() && !self.refused.iter().any(|(member, _)| *member == "img_url") {
            self.refuse("img_url", ValueError::new("required"));
        }
        let (gender, age) = (self.parse("gender", Gender::parse), self.parse("age", age));
        let (origin_url, date) = (
            self.parse("origin_url", Link::parse),
            self.parse("date", date),
        );
        let mut labels = Vec::new();
        for (member, kind) in [
            ("tags", LabelKind::Tag),
            ("brands", LabelKind::Brand),
            ("style", LabelKind::Style),
            ("season", LabelKind::Season),
            ("region", LabelKind::Region),
            ("occupation", LabelKind::Occupation),
            ("reporter", LabelKind::Reporter),
        ] {
            labels.push((
                kind,
                self.names(member, matches!(kind, LabelKind::Tag | LabelKind::Brand)),
            ));
        }
        match img_url {
            Some(img_url) if self.refused.is_empty() => {
                let mut draft = OutfitDraft {
                    img_url,
                    gender,
                    age,
                    origin_url,
                    date,
                    labels: Vec::new(),
                };
                for (kind, names) in labels {
                    draft.set(kind, names);
                }
                Ok((id, draft))
            }
            _ => Err(self.refused),
        }
    }

    fn parse<T>(
        &mut self,
        member: &'static str,
        parse: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let value = match self.cells.remove(member)? {
            Cell::Text(text) if text.is_empty() => return None,
            Cell::Text(text) => parse(&text),
            Cell::List(_) => Err(ValueError::new("wrong_type")),
        };
        value.map_err(|error| self.refuse(member, error)).ok()
    }

    /// The labels in a cell: a list, or (where there may be many) texts between `|`, `;` or `,`.
    fn names(&mut self, member: &'static str, many: bool) -> Vec<LabelName> {
        let texts = match self.cells.remove(member) {
            None => Vec::new(),
            Some(Cell::List(texts)) if many => texts,
            Some(Cell::List(_)) => {
                self.refuse(member, ValueError::new("wrong_type"));
                Vec::new()
            }
            Some(Cell::Text(text)) if many => {
                text.split(['|', ';', ',']).map(str::to_owned).collect()
            }
            Some(Cell::Text(text)) => vec![text],
        };
        let texts = texts.iter().filter(|text| !text.trim().is_empty());
        let names: Result<Vec<_>, _> = texts.map(|text| LabelName::parse(text)).collect();
        match names {
            Ok(names) if names.len() > OutfitDraft::MAX_LABELS => {
                self.refuse(
                    member,
                    ValueError::length(0, OutfitDraft::MAX_LABELS as u64),
                );
                Vec::new()
            }
            Ok(names) => names,
            Err(error) => {
                self.refuse(member, error);
                Vec::new()
            }
        }
    }
}

/// An id brought along: whatever positive number it was where it comes from.
fn outfit_id(text: &str) -> Result<OutfitId, ValueError> {
    match text.parse::<i64>() {
        Ok(id) if id > 0 => Ok(id.into()),
        _ => Err(ValueError::new("id")),
    }
}

/// Years, or a decade as Korean editors write it: `20대`.
fn age(text: &str) -> Result<Age, ValueError> {
    let number = text.trim().trim_end_matches('대').trim_end_matches('세');
    let years = number.parse().map_err(|_| ValueError::new("wrong_type"))?;
    Age::parse(years)
}

/// A day; of an instant its day.
fn date(text: &str) -> Result<NaiveDate, ValueError> {
    let day = text.get(..10).unwrap_or(text);
    let date: Result<NaiveDate, _> = day.parse();
    match date {
        Ok(date) if (1..=9_999).contains(&date.year()) => Ok(date),
        _ => Err(ValueError::new("invalid_value")),
    }
}
