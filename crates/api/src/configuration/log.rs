//! Section `log`: how much is told, and in which form.

use super::reader::Reader;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What is logged.
#[derive(Clone, Debug)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// A level, or directives separated by commas as `tracing_subscriber::EnvFilter` reads them: `info,sqlx=warn`.
    pub level: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// A JSON object a line.
    Json,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let formats = [("pretty", LogFormat::Pretty), ("json", LogFormat::Json)];
        let level = reader.required("log.level");
        let wrong = level
            .split(',')
            .find(|directive| !is_directive(directive.trim()));
        if let Some(wrong) = wrong.filter(|_| !level.is_empty()) {
            let message = format!(
                "`{wrong}` is neither a level ({}) nor a directive such as `sqlx=warn`",
                LEVELS.join(", ")
            );
            reader.fault("log.level", message);
        }
        Self {
            format: reader.choice("log.format", &formats, LogFormat::Pretty),
            level,
        }
    }
}

/// Stricter than `EnvFilter`, which takes a misspelt level for the name of a module and then logs nothing.
fn is_directive(text: &str) -> bool {
    let is_level = |text: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(text));
    let Some((target, level)) = text.rsplit_once('=') else {
        return is_level(text);
    };
    let target = target.split('[').next().unwrap_or_default();
    let is_path = target
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "_-:".contains(letter));
    is_level(level.trim()) && is_path && (!target.is_empty() || text.starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn levels_and_directives_are_taken() {
        for level in [
            "info",
            "DEBUG",
            "off",
            "info,sqlx=warn",
            "warn, api::http=trace",
            "info,[request{id=7}]=debug",
        ] {
            assert_eq!(loaded(&[("ENSEMBLE__LOG__LEVEL", level)]).log.level, level);
        }
        let log = loaded(&[("ENSEMBLE__LOG__FORMAT", "json")]).log;
        assert_eq!((log.format, log.level.as_str()), (LogFormat::Json, "info"));
    }

    #[test]
    fn misspelt_ones_are_faults() {
        for level in ["inof", "info,", "sqlx=loud", "=info", "a b=info"] {
            assert_eq!(
                faults(&[("ENSEMBLE__LOG__LEVEL", level)])[0].name,
                "ENSEMBLE__LOG__LEVEL",
                "{level}"
            );
        }
        assert_eq!(faults(&[("ENSEMBLE__LOG__FORMAT", "xml")]).len(), 1);
    }
}
