//! The JSON of a problem document.

use actix_web::http::StatusCode;
use bytes::Bytes;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::{
    dialect::{Dialect, Told},
    language::Language,
    problem::Problem,
    request_id::RequestId,
};

/// What only the request knows about a problem.
#[derive(Debug, Clone, Default)]
pub(super) struct Situation {
    pub(super) language: Language,
    pub(super) request_id: Option<RequestId>,
    /// The path, without the query: that may carry secrets which people paste into bug reports.
    pub(super) instance: Option<String>,
}

/// Writes the document and tells its status, which a dialect may change.
pub(super) fn write(
    problem: &Problem,
    dialect: Option<&'static dyn Dialect>,
    situation: &Situation,
) -> (StatusCode, Bytes) {
    let language = situation.language;
    let status = dialect.map_or(problem.status(), |dialect| dialect.status(problem));
    let told = Told {
        code: problem.code(),
        status,
        title: problem.code().title(language),
        detail: problem.detail(language),
    };
    let spoken = dialect.map(|dialect| dialect.members(&told));
    let document = Document {
        problem,
        told: &told,
        spoken: spoken.as_deref().unwrap_or_default(),
        situation,
    };
    // Maps with text keys made of JSON values cannot fail to serialise; an empty body is the honest rest.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    (status, Bytes::from(body))
}

struct Document<'a> {
    problem: &'a Problem,
    told: &'a Told<'a>,
    spoken: &'a [(&'static str, Value)],
    situation: &'a Situation,
}

impl Document<'_> {
    /// The problem's own word on a member counts before the dialect's.
    fn replacement(&self, name: &str) -> Option<&Value> {
        let own = self.problem.members().iter();
        let own = own.map(|(known, value)| (known.as_ref(), value));
        let spoken = self.spoken.iter().map(|(known, value)| (*known, value));
        let mut members = own.chain(spoken);
        members.find_map(|(known, value)| (known == name).then_some(value))
    }

    fn member<M: SerializeMap>(
        &self,
        map: &mut M,
        name: &'static str,
        value: &impl Serialize,
    ) -> Result<(), M::Error> {
        match self.replacement(name) {
            Some(replacement) => map.serialize_entry(name, replacement),
            None => map.serialize_entry(name, value),
        }
    }
}

/// The members that every problem has, or may have.
const STANDARD: [&str; 8] = [
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "request_id",
    "errors",
];

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Told {
            code,
            status,
            title,
            detail,
        } = self.told;
        let mut map = serializer.serialize_map(None)?;
        self.member(&mut map, "type", &code.type_uri())?;
        self.member(&mut map, "title", title)?;
        self.member(&mut map, "status", &status.as_u16())?;
        self.member(&mut map, "detail", detail)?;
        if let Some(instance) = &self.situation.instance {
            self.member(&mut map, "instance", instance)?;
        }
        self.member(&mut map, "code", &code.as_str())?;
        if let Some(request_id) = &self.situation.request_id {
            self.member(&mut map, "request_id", &request_id.as_str())?;
        }
        if !self.problem.errors().is_empty() {
            let errors = self.problem.errors().iter();
            let errors: Vec<_> = errors
                .map(|error| error.to_json(self.situation.language))
                .collect();
            self.member(&mut map, "errors", &errors)?;
        }
        let own = self.problem.members();
        for (name, value) in own {
            if !STANDARD.contains(&name.as_ref()) {
                map.serialize_entry(name, value)?;
            }
        }
        for (name, value) in self.spoken {
            if !STANDARD.contains(name) && !own.iter().any(|(known, _)| known == name) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}
