//! From bytes to a DTO, with every field that cannot be read, not just the first.
//!
//! serde stops at the first fault. So when there is one, it is noted, its member is taken out of the input, and
//! reading starts again, until the rest can be read; `validator` then looks at that rest. The happy path reads the
//! bytes once.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, error::Category};
use serde_path_to_error::Segment;

use super::{
    catalogue::Code,
    field_error::{FieldError, child},
    pairs::Pairs,
    problem::Problem,
};

/// What could be read, and what not.
pub(super) struct Attempt<T> {
    /// The DTO without its unreadable members; `None` when no DTO could be made at all.
    pub(super) value: Option<T>,
    /// A finding for every unreadable member.
    pub(super) errors: Vec<FieldError>,
    /// Where list elements were taken out.
    pub(super) gaps: Gaps,
}

impl<T> Attempt<T> {
    fn clean(value: T) -> Self {
        Self {
            value: Some(value),
            errors: Vec::new(),
            gaps: Gaps::default(),
        }
    }
}

/// The original indexes of elements that were taken out, by the pointer of their list.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<String, Vec<usize>>);

impl Gaps {
    /// The index that an element had before others were taken out.
    pub(super) fn original(&self, list: &str, index: usize) -> usize {
        let gaps = self.0.get(list).map_or(&[][..], Vec::as_slice);
        gaps.iter().fold(
            index,
            |index, gap| if *gap <= index { index + 1 } else { index },
        )
    }

    fn note(&mut self, list: &str, original: usize) {
        let gaps = self.0.entry(list.to_owned()).or_default();
        gaps.push(original);
        gaps.sort_unstable();
    }
}

/// Reads a JSON object. Unknown members are ignored; of a repeated one the last counts.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<Attempt<T>, Problem> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        // serde would also take a list for a struct, member by member: nobody means that.
        serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| unreadable(&error))?;
        return Ok(Attempt {
            value: None,
            errors: vec![FieldError::new("", "wrong_type")],
            gaps: Gaps::default(),
        });
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(Attempt::clean(value)),
        Err(error) if error.classify() != Category::Data => Err(unreadable(&error)),
        Err(_) => {
            let value =
                serde_json::from_slice::<Value>(bytes).map_err(|error| unreadable(&error))?;
            Ok(gather(value, bytes.len()))
        }
    }
}

/// Reads a query or a form.
pub(super) fn form<T: DeserializeOwned>(encoded: &[u8]) -> Attempt<T> {
    gather(Pairs::parse(encoded), encoded.len())
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(Code::UnreadableBody).with_detail(
        format!("The body is not valid JSON (line {line}, column {column})."),
        format!("본문이 올바른 JSON이 아닙니다({line}행 {column}열)."),
    )
}

/// Input that members can be taken out of.
trait Source {
    /// Reads it, or tells where and why not.
    fn read<T: DeserializeOwned>(&self) -> Result<T, (Vec<Segment>, String)>;

    /// Takes out what is at the path; `false` when there is nothing.
    fn take_out(&mut self, path: &[Segment]) -> bool;
}

/// All rounds together look at no more than about this many bytes, so that a large hostile body costs no more than a
/// few plain readings of it.
const ROUND_BYTES: usize = 4 * 1024 * 1024;

fn gather<T: DeserializeOwned>(mut source: impl Source, size: usize) -> Attempt<T> {
    let mut errors = Vec::<FieldError>::new();
    let mut gaps = Gaps::default();
    for _ in 0..(ROUND_BYTES / size.max(1)).clamp(4, 64) {
        let (mut path, message) = match source.read() {
            Ok(value) => {
                return Attempt {
                    value: Some(value),
                    errors,
                    gaps,
                };
            }
            Err(fault) => fault,
        };
        while path
            .last()
            .is_some_and(|last| !matches!(last, Segment::Map { .. } | Segment::Seq { .. }))
        {
            path.pop();
        }
        let (parent, pointer) = pointers(&path, &gaps);
        let (pointer, code) = match missing_field(&message) {
            Some(name) => (child(&pointer, name), "required"),
            None if message.starts_with("invalid type") => (pointer, "wrong_type"),
            None => (pointer, "invalid_value"),
        };
        let again = errors.iter().any(|known| known.pointer() == pointer);
        if !again {
            errors.push(FieldError::new(pointer, code));
        }
        if again || code == "required" || !source.take_out(&path) {
            // A member that the DTO cannot do without: nothing more can be learned.
            break;
        }
        if let Some(Segment::Seq { index }) = path.last() {
            let original = gaps.original(&parent, *index);
            gaps.note(&parent, original);
        }
    }
    Attempt {
        value: None,
        errors,
        gaps,
    }
}

/// The pointers to the parent of a path and to the path itself, as the client counts list elements.
fn pointers(path: &[Segment], gaps: &Gaps) -> (String, String) {
    let (mut parent, mut pointer) = (String::new(), String::new());
    for segment in path {
        let token = match segment {
            Segment::Map { key } => key.clone(),
            Segment::Seq { index } => gaps.original(&pointer, *index).to_string(),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        let longer = child(&pointer, &token);
        parent = std::mem::replace(&mut pointer, longer);
    }
    (parent, pointer)
}

/// serde tells a missing member only in words.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

impl Source for Value {
    fn read<T: DeserializeOwned>(&self) -> Result<T, (Vec<Segment>, String)> {
        serde_path_to_error::deserialize(self).map_err(|error| located(&error))
    }

    fn take_out(&mut self, path: &[Segment]) -> bool {
        let Some((last, parents)) = path.split_last() else {
            return false;
        };
        let parent = parents
            .iter()
            .try_fold(self, |value, segment| match segment {
                Segment::Map { key } => value.get_mut(key),
                Segment::Seq { index } => value.get_mut(index),
                Segment::Enum { variant } => value.get_mut(variant),
                Segment::Unknown => None,
            });
        match (parent, last) {
            (Some(Self::Object(members)), Segment::Map { key }) => members.remove(key).is_some(),
            (Some(Self::Array(list)), Segment::Seq { index }) if *index < list.len() => {
                list.remove(*index);
                true
            }
            _ => false,
        }
    }
}

impl Source for Pairs<'_> {
    fn read<T: DeserializeOwned>(&self) -> Result<T, (Vec<Segment>, String)> {
        serde_path_to_error::deserialize(self.deserializer()).map_err(|error| located(&error))
    }

    /// A list with a bad entry goes as a whole: its entries have no names of their own to a client.
    fn take_out(&mut self, path: &[Segment]) -> bool {
        match path.first() {
            Some(Segment::Map { key }) => self.0.remove(key.as_str()).is_some(),
            _ => false,
        }
    }
}

fn located<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> (Vec<Segment>, String) {
    (
        error.path().iter().cloned().collect(),
        error.inner().to_string(),
    )
}
