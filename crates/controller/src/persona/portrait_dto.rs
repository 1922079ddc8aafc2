//! Portraits on the wire.

use std::fmt;

use domain::persona::PortraitRequest;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};
use validator::Validate;

use crate::http::{FieldError, Problem};

/// The longest name, in characters; of any other text.
const MAX_NAME: usize = 50;
const MAX_TEXT: usize = 200;
/// The most options and personalities.
const MAX_ENTRIES: usize = 20;

/// A text, as front ends send it: also as a number, or yes or no.
#[derive(Debug, Default)]
pub(crate) struct Loose(String);

impl PartialSchema for Loose {
    fn schema() -> RefOr<Schema> {
        let types = [Type::String, Type::Number, Type::Boolean];
        let schema = ObjectBuilder::new().schema_type(SchemaType::from_iter(types));
        schema.max_length(Some(MAX_TEXT)).into()
    }
}

impl ToSchema for Loose {}

struct LooseVisitor;

impl Visitor<'_> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number, or yes or no")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose(text.trim().to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Loose, E> {
        Ok(Loose(flag.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Loose, E> {
        Ok(Loose(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Loose, E> {
        if number.is_finite() {
            return Ok(Loose(number.to_string()));
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

impl Serialize for Loose {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What somebody says of themselves. Words in Korean or English.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = PortraitRequest, example = json!({
    "name": "유나", "gender": "여성", "feature": "주근깨", "options": ["안경"], "hair": "긴 갈색 머리"
}))]
pub(crate) struct PortraitBody {
    /// 1 to 50 characters.
    #[validate(required)]
    #[schema(required, nullable = false)]
    name: Option<Loose>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    gender: Option<Loose>,
    /// What is special: a beard, freckles, a hat. As everything else up to 200 characters.
    feature: Option<Loose>,
    /// Up to 20.
    options: Option<Vec<Loose>>,
    age: Option<Loose>,
    #[serde(rename = "faceShape", alias = "face_shape")]
    face_shape: Option<Loose>,
    #[serde(rename = "skinTone", alias = "skin_tone")]
    skin_tone: Option<Loose>,
    /// Cut and colour.
    hair: Option<Loose>,
    eyes: Option<Loose>,
    nose: Option<Loose>,
    lips: Option<Loose>,
    #[serde(rename = "bodyType", alias = "body_type")]
    body_type: Option<Loose>,
    /// A kind, or whether there are any.
    glasses: Option<Loose>,
    /// Up to 20.
    personalities: Option<Vec<Loose>>,
}

/// Collects what is wrong, by the names that are on the wire.
struct Findings(Vec<FieldError>);

impl Findings {
    fn text(&mut self, pointer: &str, text: Option<Loose>) -> Option<String> {
        let text = text?.0;
        if text.chars().count() > MAX_TEXT {
            let finding = FieldError::new(pointer, "length");
            self.0.push(finding.with_param("max", MAX_TEXT));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn named(&mut self, pointer: &str, text: Option<Loose>, most: usize) -> String {
        let text = text.unwrap_or_default().0;
        if !(1..=most).contains(&text.chars().count()) {
            let finding = FieldError::new(pointer, "length").with_param("min", 1);
            self.0.push(finding.with_param("max", most));
        }
        text
    }

    fn list(&mut self, pointer: &str, texts: Option<Vec<Loose>>) -> Vec<String> {
        let texts = texts.unwrap_or_default();
        if texts.len() > MAX_ENTRIES {
            let finding = FieldError::new(pointer, "length").with_param("counts_entries", true);
            self.0.push(finding.with_param("max", MAX_ENTRIES));
            return Vec::new();
        }
        let entries = texts.into_iter().enumerate();
        let entry = |(index, text)| self.text(&format!("{pointer}/{index}"), Some(text));
        entries.filter_map(entry).collect()
    }
}

impl PortraitBody {
    /// The validated request.
    pub(crate) fn into_request(self) -> Result<PortraitRequest, Problem> {
        let mut findings = Findings(Vec::new());
        let request = PortraitRequest {
            name: findings.named("/name", self.name, MAX_NAME),
            gender: findings.named("/gender", self.gender, MAX_TEXT),
            feature: findings.text("/feature", self.feature),
            options: findings.list("/options", self.options),
            age: findings.text("/age", self.age),
            face_shape: findings.text("/faceShape", self.face_shape),
            skin_tone: findings.text("/skinTone", self.skin_tone),
            hair: findings.text("/hair", self.hair),
            eyes: findings.text("/eyes", self.eyes),
            nose: findings.text("/nose", self.nose),
            lips: findings.text("/lips", self.lips),
            body_type: findings.text("/bodyType", self.body_type),
            glasses: findings.text("/glasses", self.glasses),
            personalities: findings.list("/personalities", self.personalities),
        };
        if findings.0.is_empty() {
            Ok(request)
        } else {
            Err(Problem::invalid(findings.0))
        }
    }
}

/// A portrait.
#[derive(Serialize, ToSchema)]
#[schema(as = Portrait)]
pub(crate) struct PortraitDto {
    #[schema(example = true)]
    pub(super) ok: bool,
    /// A data URI; of a portrait drawn here, of our own SVG drawing.
    pub(super) image: String,
    /// Where it is kept, as PNG, JPEG, WebP or GIF; for a day, unless a profile or a persona shows it.
    pub(super) url: String,
    /// There, and true, where the portrait was drawn here and not by the service.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub(super) fallback: bool,
}
