//! What is wrong with a configuration, in an operator's words.

use std::fmt;

/// One thing that is wrong, under the name that the operator would set to put it right. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The variable (or the key and the file) that is at fault.
    pub name: String,
    /// What is wrong with it and what would be right.
    pub message: String,
}

impl Fault {
    pub(super) fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name, self.message)
    }
}

/// Everything that is wrong with a configuration, at once: nobody should have to start a server five times to
/// learn of five mistakes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigurationErrors {
    /// The faults, in the order in which they were found; never empty.
    pub faults: Vec<Fault>,
}

impl From<Fault> for ConfigurationErrors {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
        }
    }
}

impl fmt::Display for ConfigurationErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            1 => formatter.write_str("the configuration has a fault:")?,
            count => write!(formatter, "the configuration has {count} faults:")?,
        }
        for fault in &self.faults {
            write!(formatter, "\n  {fault}")?;
        }
        Ok(())
    }
}
