//! The variables a process was started with, as a value that can be handed around.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A set of environment variables. The process's own are read by [`Environment::process`] and nowhere else; tests
/// make theirs from pairs, so that none of them touches (or is touched by) the process.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    unreadable: BTreeSet<String>,
}

impl Environment {
    /// The variables of this process. Names that are not UTF-8 are none of ours and are left out; values that are
    /// not are remembered, so that a setting with such a value is reported instead of silently ignored.
    pub fn process() -> Self {
        let mut environment = Self::default();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => {
                    environment.variables.insert(name, value);
                }
                Err(_) => {
                    environment.unreadable.insert(name);
                }
            }
        }
        environment
    }

    /// The value of a variable; `None` where it is absent or blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.trim().is_empty()).then_some(value.as_str())
    }

    /// All variables with a readable value, sorted by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names of the variables whose value is not UTF-8.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    /// A variable whose value is not UTF-8, for tests.
    #[cfg(test)]
    pub(super) fn with_unreadable(mut self, name: &str) -> Self {
        self.unreadable.insert(name.to_owned());
        self
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self {
            variables: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            unreadable: BTreeSet::new(),
        }
    }
}

/// Names only: half of the values are secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.variables.keys())
            .finish()
    }
}
