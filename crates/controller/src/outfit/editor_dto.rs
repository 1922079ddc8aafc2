//! What editors say of outfits.

use chrono::NaiveDate;
use domain::outfit::{
    Age, Gender, LabelKind, LabelName, Link, OutfitChange, OutfitDraft, OutfitId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::http::{IdText, Problem, not_null, nullable};
use crate::rules;

/// A new outfit.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = CreateOutfit, example = json!({
    "img_url": "https://images.example/7.jpg", "gender": "F", "age": 24, "tags": ["오버핏", "카고팬츠"],
    "brands": ["Cargo Lab"], "style": "스트릿", "season": "가을", "region": "성수"
}))]
pub(crate) struct CreateOutfit {
    /// The id it had elsewhere, from 1 on. One that exists here is replaced.
    #[validate(custom(function = "names_an_outfit"))]
    outfit_id: Option<IdText>,
    /// An `http(s)` address, or a path of this server.
    #[validate(required, custom(function = "rules::link"))]
    #[schema(required, nullable = false)]
    img_url: Option<String>,
    /// `F` or `M`.
    #[validate(custom(function = "rules::gender"))]
    #[schema(pattern = "^[FM]$")]
    gender: Option<String>,
    /// Years, 0 to 120.
    #[validate(custom(function = "rules::age"))]
    #[schema(minimum = 0, maximum = 120)]
    age: Option<i64>,
    #[validate(custom(function = "rules::link"))]
    origin_url: Option<String>,
    #[validate(custom(function = "rules::label"))]
    reporter: Option<String>,
    /// Up to 100, each up to 64 characters.
    #[validate(custom(function = "rules::labels"))]
    tags: Option<Vec<String>>,
    /// Up to 100, each up to 64 characters.
    #[validate(custom(function = "rules::labels"))]
    brands: Option<Vec<String>>,
    #[validate(custom(function = "rules::label"))]
    region: Option<String>,
    #[validate(custom(function = "rules::label"))]
    occupation: Option<String>,
    #[validate(custom(function = "rules::label"))]
    style: Option<String>,
    #[validate(custom(function = "rules::label"))]
    season: Option<String>,
    #[validate(custom(function = "rules::expiration_date"))]
    date: Option<NaiveDate>,
}

/// 0 stands for no outfit at all.
fn names_an_outfit(id: &IdText) -> Result<(), ValidationError> {
    (id.0 > 0)
        .then_some(())
        .ok_or_else(|| ValidationError::new("id"))
}

fn broken() -> Problem {
    Problem::internal("what was validated has no valid value")
}

fn parsed<T>(
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, domain::ValueError>,
) -> Result<Option<T>, Problem> {
    text.map(parse).transpose().map_err(|_| broken())
}

fn names(texts: &[String]) -> Result<Vec<LabelName>, Problem> {
    let names = texts.iter().map(|text| LabelName::parse(text));
    names.collect::<Result<_, _>>().map_err(|_| broken())
}

impl CreateOutfit {
    /// The validated values.
    pub(crate) fn into_draft(self) -> Result<(Option<OutfitId>, OutfitDraft), Problem> {
        let mut draft = OutfitDraft {
            img_url: parsed(self.img_url.as_deref(), Link::parse)?.ok_or_else(broken)?,
            gender: parsed(self.gender.as_deref(), Gender::parse)?,
            age: self.age.map(Age::parse).transpose().map_err(|_| broken())?,
            origin_url: parsed(self.origin_url.as_deref(), Link::parse)?,
            date: self.date,
            labels: Vec::new(),
        };
        draft.set(LabelKind::Tag, names(&self.tags.unwrap_or_default())?);
        draft.set(LabelKind::Brand, names(&self.brands.unwrap_or_default())?);
        for (kind, text) in [
            (LabelKind::Style, &self.style),
            (LabelKind::Season, &self.season),
            (LabelKind::Region, &self.region),
            (LabelKind::Occupation, &self.occupation),
            (LabelKind::Reporter, &self.reporter),
        ] {
            draft.set(kind, parsed(text.as_deref(), LabelName::parse)?);
        }
        let id = self.outfit_id.map(|id| OutfitId::from(id.0));
        Ok((id, draft))
    }
}

/// A partial change: an absent field stays, `null` clears one that may be null.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(as = UpdateOutfit, example = json!({"hidden": true}))]
pub(crate) struct UpdateOutfit {
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::link"))]
    #[schema(nullable = false)]
    img_url: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::gender"))]
    #[schema(value_type = Option<String>)]
    gender: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::age"))]
    #[schema(value_type = Option<i64>)]
    age: Option<Option<i64>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::link"))]
    #[schema(value_type = Option<String>)]
    origin_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::label"))]
    #[schema(value_type = Option<String>)]
    reporter: Option<Option<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::labels"))]
    #[schema(nullable = false)]
    tags: Option<Vec<String>>,
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "rules::labels"))]
    #[schema(nullable = false)]
    brands: Option<Vec<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::label"))]
    #[schema(value_type = Option<String>)]
    region: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::label"))]
    #[schema(value_type = Option<String>)]
    occupation: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::label"))]
    #[schema(value_type = Option<String>)]
    style: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::label"))]
    #[schema(value_type = Option<String>)]
    season: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[validate(custom(function = "rules::expiration_date"))]
    #[schema(value_type = Option<NaiveDate>)]
    date: Option<Option<NaiveDate>>,
    /// `true` shows it to nobody, and `false` to everybody again.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    hidden: Option<bool>,
}

impl UpdateOutfit {
    /// The validated change.
    pub(crate) fn into_change(self) -> Result<OutfitChange, Problem> {
        let mut labels = Vec::new();
        for (kind, texts) in [
            (LabelKind::Tag, &self.tags),
            (LabelKind::Brand, &self.brands),
        ] {
            if let Some(texts) = texts {
                labels.push((kind, names(texts)?));
            }
        }
        for (kind, text) in [
            (LabelKind::Style, &self.style),
            (LabelKind::Season, &self.season),
            (LabelKind::Region, &self.region),
            (LabelKind::Occupation, &self.occupation),
            (LabelKind::Reporter, &self.reporter),
        ] {
            if let Some(text) = text {
                let name = parsed(text.as_deref(), LabelName::parse)?;
                labels.push((kind, name.into_iter().collect()));
            }
        }
        let link = |text: &Option<String>| parsed(text.as_deref(), Link::parse);
        let gender = |text: &Option<String>| parsed(text.as_deref(), Gender::parse);
        let age = |years: Option<i64>| years.map(Age::parse).transpose().map_err(|_| broken());
        Ok(OutfitChange {
            img_url: link(&self.img_url)?,
            gender: self.gender.as_ref().map(gender).transpose()?,
            age: self.age.map(age).transpose()?,
            origin_url: self.origin_url.as_ref().map(link).transpose()?,
            date: self.date,
            labels,
            hidden: self.hidden,
        })
    }
}
