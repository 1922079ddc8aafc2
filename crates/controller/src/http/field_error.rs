//! What is wrong with one field, and the translation of `validator`'s findings into it.

use std::borrow::Cow;

use domain::ValueError;
use serde_json::{Value, json};
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use super::{language::Language, messages};

/// One entry of a problem's `errors`: where it is, why it is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    pointer: String,
    code: Cow<'static, str>,
    params: Vec<(Cow<'static, str>, Value)>,
    /// The other members that a rule over the whole struct looked at.
    also: Vec<String>,
}

impl FieldError {
    /// A finding at an RFC 6901 pointer (`/name`, `/items/0/price`; a query parameter is `/limit`; the whole is empty).
    /// The text comes from `messages.rs` by the code.
    pub fn new(pointer: impl Into<String>, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.into(),
            params: Vec::new(),
            also: Vec::new(),
        }
    }

    /// A finding about a member of the whole, which may be named in any way.
    pub fn at_member(name: &str, code: impl Into<Cow<'static, str>>) -> Self {
        Self::new(child("", name), code)
    }

    /// What the domain finds wrong with a value.
    pub fn of_value(pointer: impl Into<String>, error: &ValueError) -> Self {
        let bounds = [("min", error.min), ("max", error.max)];
        let known = bounds
            .into_iter()
            .filter_map(|(name, bound)| Some((name, bound?)));
        known.fold(Self::new(pointer, error.code), |finding, (name, bound)| {
            finding.with_param(name, bound)
        })
    }

    /// Gives a bound that the text mentions, such as `max`. Never give the refused value itself.
    #[must_use]
    pub fn with_param(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Where the finding is.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Every place whose content the finding depends on, its own first.
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.pointer.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// The stable reason.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The reason in words.
    #[must_use]
    pub fn detail(&self, language: Language) -> String {
        messages::text(&self.code, &self.params, language)
    }

    pub(super) fn to_json(&self, language: Language) -> Value {
        json!({ "pointer": self.pointer, "code": self.code, "detail": self.detail(language) })
    }
}

/// All of `validator`'s findings, ordered by pointer so that the same request is always answered alike.
///
/// `original_index` gives the index that an element had in the request, since elements that could not be read are
/// missing from the lists that `validator` saw.
pub(super) fn from_validator(
    errors: &ValidationErrors,
    original_index: &dyn Fn(&str, usize) -> usize,
) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect(errors, "", original_index, &mut found);
    found.sort_by(|left, right| left.pointer.cmp(&right.pointer));
    found
}

fn collect(
    errors: &ValidationErrors,
    parent: &str,
    original_index: &dyn Fn(&str, usize) -> usize,
    found: &mut Vec<FieldError>,
) {
    for (field, kind) in errors.errors() {
        let pointer = match field.as_ref() {
            // validator's name for a rule over the whole struct
            "__all__" => parent.to_owned(),
            name => child(parent, name.strip_prefix("r#").unwrap_or(name)),
        };
        match kind {
            ValidationErrorsKind::Field(list) => {
                found.extend(list.iter().map(|error| read(&pointer, error)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, original_index, found),
            ValidationErrorsKind::List(entries) => {
                for (index, inner) in entries {
                    let index = original_index(&pointer, *index).to_string();
                    collect(inner, &child(&pointer, &index), original_index, found);
                }
            }
        }
    }
}

fn read(pointer: &str, error: &ValidationError) -> FieldError {
    let mut finding = FieldError::new(pointer, error.code.clone());
    for (name, value) in &error.params {
        if let ("pointer", Value::String(field)) = (name.as_ref(), value) {
            // A rule over the whole struct says itself which field it is about.
            finding.pointer = child(pointer, field);
        } else if let ("also", Value::Array(fields)) = (name.as_ref(), value) {
            let fields = fields.iter().filter_map(Value::as_str);
            finding.also = fields.map(|field| child(pointer, field)).collect();
        } else if name != "value" {
            finding.params.push((name.clone(), value.clone()));
        } else if value.is_array() || value.is_object() {
            finding
                .params
                .push((Cow::Borrowed("counts_entries"), Value::Bool(true)));
        }
    }
    finding
}

/// Appends one reference token to a pointer, escaped as RFC 6901 wants it.
pub(super) fn child(parent: &str, token: &str) -> String {
    if token.contains(['~', '/']) {
        format!("{parent}/{}", token.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{parent}/{token}")
    }
}
