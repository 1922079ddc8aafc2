//! Lays the sources over each other: embedded defaults, the file, `ENSEMBLE__…`, the aliases. Later ones win.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::environment::Environment;
use super::fault::Fault;
use super::names::{ALIASES, FILE_VARIABLE, Names, PREFIX};

/// The file that is read when none is named and it exists in the working directory.
const DEFAULT_FILE: &str = "ensemble.toml";

/// All settings by key, each with where it came from: see [`Origin`].
#[derive(Default)]
pub(super) struct Layers {
    pub(super) values: BTreeMap<String, Value>,
    /// The file that was read.
    pub(super) file: Option<PathBuf>,
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<String>,
}

/// Where a value came from. `config` carries this along as a text: none for a default, a dollar and the name for a
/// variable, the path for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    File(String),
    Variable(String),
}

impl Origin {
    pub(super) fn of(value: &Value) -> Self {
        match value.origin() {
            None => Self::Default,
            Some(text) => match text.strip_prefix('$') {
                Some(name) => Self::Variable(name.to_owned()),
                None => Self::File(text.to_owned()),
            },
        }
    }
}

impl Layers {
    /// Reads all sources. `file` is what the command line names; without it `ENSEMBLE_CONFIG` and then
    /// `ensemble.toml` in `directory` are tried.
    pub(super) fn read(
        names: &Names,
        environment: &Environment,
        file: Option<PathBuf>,
        directory: &Path,
    ) -> Self {
        let mut layers = Self::default();
        let embedded = Layer(names.defaults().clone());
        let in_file = layers.file_layer(names, environment, file, directory);
        let (sections, aliases) = layers.environment_layers(names, environment);
        let merged = [embedded, in_file, sections, aliases]
            .into_iter()
            .fold(Config::builder(), |builder, layer| {
                builder.add_source(layer)
            })
            .build();
        match merged {
            Ok(merged) => flatten(merged.cache, "", None, &mut layers.values),
            Err(error) => layers
                .faults
                .push(Fault::new("the configuration", error.to_string())),
        }
        layers
    }

    fn file_layer(
        &mut self,
        names: &Names,
        environment: &Environment,
        file: Option<PathBuf>,
        directory: &Path,
    ) -> Layer {
        let mut layer = Layer::default();
        let named = file.or_else(|| environment.get(FILE_VARIABLE).map(PathBuf::from));
        let implied = || Some(directory.join(DEFAULT_FILE)).filter(|path| path.is_file());
        let Some(path) = named.or_else(implied) else {
            return layer;
        };
        let name = path.display().to_string();
        let values = std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot be read: {error}"))
            .and_then(|text| parse(&text));
        match values {
            Ok(values) => {
                for (key, value) in values {
                    if names.contains(&key) {
                        layer.0.insert(key, Value::new(Some(&name), value.kind));
                    } else if !names.is_section(&key) || !matches!(value.kind, ValueKind::Table(_))
                    {
                        self.faults.push(Fault::new(
                            format!("`{key}` in {name}"),
                            format!(
                                "there is no such setting; did you mean `{}`?",
                                names.nearest_key(&key)
                            ),
                        ));
                    }
                }
            }
            Err(message) => self.faults.push(Fault::new(name, message)),
        }
        self.file = Some(path);
        layer
    }

    fn environment_layers(&mut self, names: &Names, environment: &Environment) -> (Layer, Layer) {
        let (mut sections, mut aliases) = (Layer::default(), Layer::default());
        let alias = |name: &str| ALIASES.iter().find(|(alias, _)| *alias == name);
        for (name, value) in environment.iter() {
            let value = Value::new(Some(&format!("${name}")), value);
            let blank = environment.get(name).is_none();
            if let Some((_, key)) = alias(name) {
                if !blank {
                    aliases.0.insert((*key).to_owned(), value);
                }
            } else if let Some(key) = names.key_of(name) {
                if !blank {
                    sections.0.insert(key.to_owned(), value);
                } else if !names.is_optional(key) {
                    self.faults.push(Fault::new(
                        name,
                        "is empty; leave it out to use the default",
                    ));
                }
            } else {
                self.judge_unknown(names, name);
            }
        }
        for name in environment.unreadable() {
            if alias(name).is_some() || names.key_of(name).is_some() || name == FILE_VARIABLE {
                self.faults.push(Fault::new(name, "is not valid UTF-8"));
            }
        }
        (sections, aliases)
    }

    /// Says something about a name that is nearly one of ours. A name with single underscores only is no error:
    /// Kubernetes sets `ENSEMBLE_SERVER_PORT` by itself for a service that is called `ensemble-server`.
    fn judge_unknown(&mut self, names: &Names, name: &str) {
        let upper = name.to_uppercase();
        if name == FILE_VARIABLE || !upper.starts_with("ENSEMBLE_") {
            return;
        }
        let nearest = names.nearest_variable(name);
        if upper.starts_with(PREFIX) || upper.contains("__") {
            self.faults.push(Fault::new(
                name,
                format!("there is no such setting; did you mean {nearest}? (two underscores before each part)"),
            ));
        } else if upper.replace('_', "") == nearest.replace('_', "") {
            self.warnings
                .push(format!("{name} is not read; did you mean {nearest}?"));
        }
    }
}

/// Reads a TOML text into values by key. The error says where the fault is, without the line itself: a secret may
/// stand in it.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, Value>, String> {
    let table = File::from_str(text, FileFormat::Toml)
        .collect()
        .map_err(|error| {
            let full = match error {
                ConfigError::FileParse { cause, .. } => cause.to_string(),
                other => other.to_string(),
            };
            let mut lines = full.lines().map(str::trim).filter(|line| !line.is_empty());
            let place = lines.next().unwrap_or_default().to_owned();
            match lines.next_back().filter(|line| !line.contains('|')) {
                Some(reason) => format!("{place}: {reason}"),
                None => place,
            }
        })?;
    let mut values = BTreeMap::new();
    flatten(Value::new(None, table), "", None, &mut values);
    Ok(values)
}

/// Turns nested tables into dotted keys. A table that holds nothing stays as it is, so that an unknown empty
/// section is noticed.
fn flatten(value: Value, prefix: &str, parent: Option<&str>, into: &mut BTreeMap<String, Value>) {
    let origin = value.origin().or(parent).map(str::to_owned);
    match value.kind {
        ValueKind::Table(table) if prefix.is_empty() || !table.is_empty() => {
            for (name, child) in table {
                let key = if prefix.is_empty() {
                    name
                } else {
                    format!("{prefix}.{name}")
                };
                flatten(child, &key, origin.as_deref(), into);
            }
        }
        kind => {
            into.insert(prefix.to_owned(), Value::new(origin.as_ref(), kind));
        }
    }
}

/// One source's values by dotted key, as `config` wants them.
#[derive(Clone, Debug, Default)]
struct Layer(BTreeMap<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone().into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_tells_the_place_but_not_the_line() {
        for text in [
            "jwt_secret = \"hunter2",
            "jwt_secret = hunter2",
            "[auth]\njwt_secret \"hunter2\"",
            "a=1\na=\"hunter2\"",
        ] {
            let message = parse(text).expect_err("is not TOML");
            assert!(message.contains("line"), "{message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn tables_become_dotted_keys_and_empty_ones_stay() {
        let values = parse("a = 1\n[b.c]\nd = true\n[e]").expect("is TOML");
        let keys: Vec<_> = values.keys().map(String::as_str).collect();
        assert_eq!(keys, ["a", "b.c.d", "e"]);
    }
}
