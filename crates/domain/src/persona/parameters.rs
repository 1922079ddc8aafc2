//! What the owner says of a persona: a JSON object of the client's own making.

use serde_json::{Map, Value};

use crate::ValueError;

/// Members of the object.
const MEMBERS: u64 = 100;
/// Bytes of the whole object, written without spaces.
const BYTES: u64 = 16_384;
/// The member that tells of the linked Instagram account. It is ours: what clients send there is
/// left out, because they send back what they were shown.
const INSTAGRAM: &str = "instagram";

/// A JSON object of up to 100 members and 16 KiB. Says nothing of `instagram`: see
/// [`with_instagram`](Parameters::with_instagram).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(Map<String, Value>);

impl Parameters {
    /// Reads an object.
    ///
    /// # Errors
    /// `wrong_type`, `members` or `bytes`.
    pub fn parse(value: &Value) -> Result<Self, ValueError> {
        match value {
            Value::Object(members) => Self::checked(members.clone()),
            _ => Err(ValueError::new("wrong_type")),
        }
    }

    fn checked(mut members: Map<String, Value>) -> Result<Self, ValueError> {
        members.remove(INSTAGRAM);
        let bound = |code, max| ValueError {
            max: Some(max),
            ..ValueError::new(code)
        };
        if members.len() as u64 > MEMBERS {
            return Err(bound("members", MEMBERS));
        }
        let parameters = Self(members);
        if parameters.to_json().len() as u64 > BYTES {
            return Err(bound("bytes", BYTES));
        }
        Ok(parameters)
    }

    /// These parameters changed by others: a member of theirs replaces ours whole, `null` removes
    /// it, all else stays.
    ///
    /// # Errors
    /// `members` or `bytes`, where it is too much together.
    pub fn merged(&self, change: &Self) -> Result<Self, ValueError> {
        let mut members = self.0.clone();
        for (name, value) in &change.0 {
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
        Self::checked(members)
    }

    /// The name, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let name = self.0.get("name")?.as_str()?.trim();
        (!name.is_empty()).then_some(name)
    }

    /// The object as clients see it: with the linked account under `instagram`.
    #[must_use]
    pub fn with_instagram(&self, account: Option<Value>) -> Map<String, Value> {
        let mut members = self.0.clone();
        if let Some(account) = account {
            members.insert(INSTAGRAM.to_owned(), account);
        }
        members
    }

    /// The object as text.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameters(value: Value) -> Parameters {
        Parameters::parse(&value).expect("parameters")
    }

    #[test]
    fn members_are_merged_whole() {
        let before = parameters(json!({"a": {"x": 1}, "b": 1, "c": 1, "d": [1]}));
        let change = parameters(json!({"a": {"y": 2}, "c": null, "e": false, "f": null}));
        assert_eq!(
            before.merged(&change),
            Ok(parameters(
                json!({"a": {"y": 2}, "b": 1, "d": [1], "e": false})
            ))
        );
    }

    #[test]
    fn the_linked_account_is_not_the_clients_to_say() {
        let told = parameters(json!({"a": 1, "instagram": {"ig_user_id": "1"}}));
        assert_eq!(told, parameters(json!({"a": 1})));
        let shown = told.with_instagram(Some(json!({"ig_user_id": "2"})));
        assert_eq!(
            Value::Object(shown),
            json!({"a": 1, "instagram": {"ig_user_id": "2"}})
        );
        assert_eq!(Value::Object(told.with_instagram(None)), json!({"a": 1}));
    }

    #[test]
    fn there_are_bounds_also_when_merged() {
        let many: Map<_, _> = (0..=MEMBERS)
            .map(|n| (n.to_string(), Value::Null))
            .collect();
        let many = Parameters::parse(&Value::Object(many));
        assert_eq!(many.expect_err("too many").code, "members");
        let half = |name: &str| {
            let text = "가".repeat(3_000);
            let object: Map<_, _> = [(name.to_owned(), Value::from(text))].into_iter().collect();
            parameters(Value::Object(object))
        };
        let error = half("a").merged(&half("b")).expect_err("too much");
        assert_eq!((error.code, error.max), ("bytes", Some(BYTES)));
        assert!(half("a").merged(&half("a")).is_ok());
        let list = Parameters::parse(&json!([]));
        assert_eq!(list, Err(ValueError::new("wrong_type")));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let told = parameters(json!({"이름\"\u{0}": ["가", 1.5, null, {"a": "\n"}]}));
        let read: Value = serde_json::from_str(&told.to_json()).expect("JSON");
        assert_eq!(parameters(read), told);
        assert_eq!(Parameters::default().to_json(), "{}");
    }
}
