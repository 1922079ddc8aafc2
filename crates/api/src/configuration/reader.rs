//! Turns texts into types and collects every fault on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use config::{Value, ValueKind};
use secrecy::SecretString;

use super::fault::{ConfigurationErrors, Fault};
use super::layers::{Layers, Origin};
use super::names::{alias_of, variable_of};

/// Reads settings by key. After a fault a stand-in value is returned and reading goes on; [`Reader::check`] tells
/// in the end whether what was read may be used.
#[derive(Default)]
pub(super) struct Reader {
    values: BTreeMap<String, Value>,
    faults: Vec<Fault>,
    warnings: Vec<String>,
    /// Every key that was asked for: a test compares this with the list of settings.
    asked: BTreeSet<String>,
}

impl Reader {
    pub(super) fn new(layers: Layers) -> Self {
        Self {
            values: layers.values,
            faults: layers.faults,
            warnings: layers.warnings,
            asked: BTreeSet::new(),
        }
    }

    /// An optional text, without the blanks around it.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.raw(key).map(|text| text.trim().to_owned())
    }

    /// A text that has to be there.
    pub(super) fn required(&mut self, key: &str) -> String {
        self.text(key).unwrap_or_else(|| {
            self.fault(key, "must not be empty");
            String::new()
        })
    }

    /// An optional secret, exactly as it was given.
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        self.raw(key).map(SecretString::from)
    }

    /// A list of secrets.
    pub(super) fn secrets(&mut self, key: &str) -> Vec<SecretString> {
        self.list(key).into_iter().map(SecretString::from).collect()
    }

    /// A list: separated by commas, or an array of the TOML file.
    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
        self.asked.insert(key.to_owned());
        let texts = match self.values.get(key).map(|value| &value.kind) {
            Some(ValueKind::Array(items)) => {
                items.iter().map(|item| item.kind.to_string()).collect()
            }
            _ => self.raw(key).into_iter().collect::<Vec<_>>(),
        };
        let parts = texts.iter().flat_map(|text| text.split(','));
        parts
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// A whole number within a range.
    pub(super) fn whole<T: TryFrom<u64> + Default>(
        &mut self,
        key: &str,
        range: RangeInclusive<u64>,
    ) -> T {
        let text = self.required(key);
        let number = text.parse().ok().filter(|number| range.contains(number));
        if let Some(number) = number.and_then(|number| T::try_from(number).ok()) {
            return number;
        }
        if !text.is_empty() {
            self.fault(
                key,
                format!(
                    "{} is not a whole number from {} to {}",
                    shown(&text),
                    range.start(),
                    range.end()
                ),
            );
        }
        T::default()
    }

    /// A length of time in whole seconds.
    pub(super) fn seconds(&mut self, key: &str, range: RangeInclusive<u64>) -> Duration {
        Duration::from_secs(self.whole(key, range))
    }

    /// A length of time in seconds, decimals allowed.
    pub(super) fn decimal_seconds(&mut self, key: &str, range: RangeInclusive<f64>) -> Duration {
        self.decimal(key, range)
            .map_or(Duration::ZERO, Duration::from_secs_f64)
    }

    /// A number within a range, decimals allowed; `None` after a fault.
    pub(super) fn decimal(&mut self, key: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let text = self.required(key);
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() && !text.is_empty() {
            self.fault(
                key,
                format!(
                    "{} is not a number from {} to {}",
                    shown(&text),
                    range.start(),
                    range.end()
                ),
            );
        }
        number
    }

    /// Yes or no.
    pub(super) fn boolean(&mut self, key: &str) -> bool {
        let text = self.required(key);
        match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => return true,
            "false" | "0" | "no" | "off" | "" => {}
            _ => self.fault(
                key,
                format!("{} is neither `true` nor `false`", shown(&text)),
            ),
        }
        false
    }

    /// One of a few words, in upper or lower case.
    pub(super) fn choice<T: Copy>(&mut self, key: &str, words: &[(&str, T)], stand_in: T) -> T {
        let text = self.required(key);
        if let Some((_, choice)) = words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&text))
        {
            return *choice;
        }
        if !text.is_empty() {
            let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.fault(
                key,
                format!("{} is not one of {}", shown(&text), known.join(", ")),
            );
        }
        stand_in
    }

    /// An optional value of a type that knows how to read itself. Its error must not hold the text: that may be a
    /// secret.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, key: &str) -> Option<T> {
        let text = self.text(key)?;
        text.parse()
            .map_err(|error: T::Err| self.fault(key, error.to_string()))
            .ok()
    }

    /// A list of values of a type that knows how to read itself.
    pub(super) fn parsed_list<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for text in self.list(key) {
            match parse(&text) {
                Ok(value) => values.push(value),
                Err(message) => self.fault(key, message),
            }
        }
        values
    }

    /// A file that has to exist where it is named.
    pub(super) fn existing_file(&mut self, key: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.text(key)?);
        if !path.is_file() {
            self.fault(key, format!("there is no file {}", path.display()));
        }
        Some(path)
    }

    /// Where a setting came from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.values.get(key).map_or(Origin::Default, Origin::of)
    }

    /// Whether a setting was set by the operator, to something that is not empty.
    pub(super) fn is_given(&self, key: &str) -> bool {
        let value = self.values.get(key);
        self.origin(key) != Origin::Default
            && value.is_some_and(|value| !value.kind.to_string().trim().is_empty())
    }

    /// Remembers a fault of a setting, under the name by which the operator set it or would set it.
    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let name = self.name(key);
        self.faults.push(Fault::new(name, message));
    }

    /// Remembers something that is odd but no reason to stop.
    pub(super) fn warn(&mut self, key: &str, message: &str) {
        self.warnings.push(format!("{}: {message}", self.name(key)));
    }

    /// The warnings, or all the faults if there is one.
    pub(super) fn check(self) -> Result<Vec<String>, ConfigurationErrors> {
        match self.faults {
            faults if faults.is_empty() => Ok(self.warnings),
            faults => Err(ConfigurationErrors { faults }),
        }
    }

    /// The keys that were asked for.
    #[cfg(test)]
    pub(super) fn asked(&self) -> &BTreeSet<String> {
        &self.asked
    }

    pub(super) fn name(&self, key: &str) -> String {
        let variable = variable_of(key);
        match (self.origin(key), alias_of(key)) {
            (Origin::Variable(name), _) => name,
            (Origin::File(file), _) => format!("{variable} (`{key}` in {file})"),
            (Origin::Default, Some(alias)) => format!("{alias} (or {variable})"),
            (Origin::Default, None) => variable,
        }
    }

    fn raw(&mut self, key: &str) -> Option<String> {
        self.asked.insert(key.to_owned());
        let text = match &self.values.get(key)?.kind {
            ValueKind::Array(_) | ValueKind::Table(_) => {
                self.fault(key, "must be a single value");
                return None;
            }
            ValueKind::Nil => return None,
            kind => kind.to_string(),
        };
        (!text.trim().is_empty()).then_some(text)
    }
}

/// A text for a message, shortened. Only for settings that are no secret.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{short}`")
}
