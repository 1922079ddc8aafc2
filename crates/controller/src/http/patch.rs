//! Fields of a PATCH that tell "absent" from "null".

use serde::{Deserialize, Deserializer};

/// Reads a nullable field of a PATCH: absent stays `None`, null is `Some(None)` ("clear it"), a value `Some(Some(..))`.
///
/// `validator` looks through both layers, so its rules apply to the value only.
///
/// ```ignore
/// #[serde(default, deserialize_with = "nullable")]
/// #[validate(length(max = 64))]
/// #[schema(value_type = Option<String>)]
/// barcode: Option<Option<String>>,
/// ```
///
/// # Errors
/// What `T` itself refuses.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Reads a field of a PATCH that may be absent but not null: null is refused with `wrong_type` rather than taken for
/// "absent", as a plain `Option` would.
///
/// ```ignore
/// #[serde(default, deserialize_with = "not_null")]
/// name: Option<String>,
/// ```
///
/// # Errors
/// Null, and what `T` itself refuses.
pub fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
