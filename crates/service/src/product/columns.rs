//! Which column of a CSV file holds which member of a product.

use std::collections::BTreeMap;

use csv_async::ByteRecord;
use domain::ValueError;

use super::ImportError;
use super::formula::unguarded;

/// How a file is to be read.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Only says what would happen.
    pub dry_run: bool,
    /// The file's column for a member, where it is named otherwise: `name` → `productDisplayName`.
    pub columns: BTreeMap<String, String>,
    /// The value of a member where the file has none.
    pub defaults: BTreeMap<String, String>,
    /// The largest file, in bytes.
    pub max_bytes: Option<u64>,
}

/// The members a file can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    Category,
    Name,
    Description,
    Price,
    Cost,
    Barcode,
    ExpirationDate,
    Size,
}

impl Member {
    pub(super) const ALL: [Self; 8] = [
        Self::Category,
        Self::Name,
        Self::Description,
        Self::Price,
        Self::Cost,
        Self::Barcode,
        Self::ExpirationDate,
        Self::Size,
    ];

    /// The name on the wire, and what Korean spreadsheets call it.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Category => &["category", "카테고리", "분류"],
            Self::Name => &["name", "상품명", "이름"],
            Self::Description => &["description", "설명"],
            Self::Price => &["price", "가격", "판매가"],
            Self::Cost => &["cost", "원가"],
            Self::Barcode => &["barcode", "바코드"],
            Self::ExpirationDate => &["expiration_date", "유통기한", "소비기한"],
            Self::Size => &["size", "사이즈", "크기"],
        }
    }

    /// The name on the wire.
    pub(super) fn name(self) -> &'static str {
        self.names()[0]
    }

    fn is_required(self) -> bool {
        matches!(
            self,
            Self::Category | Self::Name | Self::Price | Self::Cost | Self::Size
        )
    }

    fn named(name: &str) -> Result<Self, ImportError> {
        let found = Self::ALL.into_iter().find(|member| member.name() == name);
        found.ok_or_else(|| ImportError::UnknownColumn(name.to_owned()))
    }
}

/// Where each member of a row comes from.
#[derive(Debug)]
pub(super) struct Columns {
    places: [(Option<usize>, Option<String>); Member::ALL.len()],
}

impl Columns {
    /// Finds the members in a file's header.
    pub(super) fn find<'a>(
        header: impl Iterator<Item = &'a str>,
        options: &ImportOptions,
    ) -> Result<Self, ImportError> {
        for name in options.columns.keys().chain(options.defaults.keys()) {
            Member::named(name)?;
        }
        let header: Vec<String> = header.map(normalise).collect();
        let place = |member: Member| {
            let position = |name: &str| header.iter().position(|column| *column == normalise(name));
            let at = match options.columns.get(member.name()) {
                Some(column) => position(column),
                None => member.names().iter().find_map(|name| position(name)),
            };
            (at, options.defaults.get(member.name()).cloned())
        };
        let places = Member::ALL.map(place);
        let missing: Vec<String> = Member::ALL
            .into_iter()
            .zip(&places)
            .filter(|(member, (at, default))| {
                let was_named = options.columns.contains_key(member.name());
                at.is_none() && (was_named || (member.is_required() && default.is_none()))
            })
            .map(|(member, _)| match options.columns.get(member.name()) {
                Some(column) => column.clone(),
                None => member.name().to_owned(),
            })
            .collect();
        if missing.is_empty() {
            Ok(Self { places })
        } else {
            Err(ImportError::MissingColumns(missing))
        }
    }

    /// A member of a row: `None` where it is blank and has no default.
    ///
    /// # Errors
    /// `encoding` where the cell is not UTF-8.
    pub(super) fn get<'a>(
        &'a self,
        member: Member,
        row: &'a ByteRecord,
    ) -> Result<Option<&'a str>, ValueError> {
        let (at, default) = &self.places[member as usize];
        let cell = at.and_then(|at| row.get(at)).unwrap_or_default();
        let text = std::str::from_utf8(cell).map_err(|_| ValueError::new("encoding"))?;
        Ok(Some(unguarded(text.trim()))
            .filter(|text| !text.is_empty())
            .or(default.as_deref()))
    }
}

/// Headers are compared without case, blanks and the mark some programs put at a file's start.
fn normalise(name: &str) -> String {
    name.trim_start_matches('\u{feff}').trim().to_lowercase()
}
