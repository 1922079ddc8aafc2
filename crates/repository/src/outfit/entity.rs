//! The table of outfits.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use chrono::NaiveDate;
use domain::outfit::{Age, Gender, Label, Link, Outfit};
use domain::{RepositoryError, ValueError};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outfits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub img_url: String,
    pub gender: Option<String>,
    pub age: Option<i16>,
    pub origin_url: Option<String>,
    pub date: Option<NaiveDate>,
    pub hearts: i64,
    pub hidden: bool,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Outfit> for ActiveModel {
    fn from(outfit: &Outfit) -> Self {
        Self {
            id: Set(outfit.id.get()),
            img_url: Set(outfit.img_url.as_str().to_owned()),
            gender: Set(outfit.gender.map(|gender| gender.as_str().to_owned())),
            age: Set(outfit.age.map(|age| i16::from(age.get()))),
            origin_url: Set(outfit.origin_url.as_ref().map(|l| l.as_str().to_owned())),
            date: Set(outfit.date),
            hearts: Set(outfit.hearts),
            hidden: Set(outfit.hidden),
            version: Set(outfit.version.get()),
            created_at: Set(to_micros(outfit.created_at)),
            updated_at: Set(to_micros(outfit.updated_at)),
        }
    }
}

/// The outfit of a row, with the labels it carries.
pub(super) fn outfit(row: Model, labels: Vec<Label>) -> Result<Outfit, RepositoryError> {
    let invalid = |_: ValueError| RepositoryError::storage("a stored outfit is not valid");
    let link = |link: &str| Link::parse(link).map_err(invalid);
    let gender = row.gender.as_deref().map(Gender::parse).transpose();
    let age = row.age.map(|age| Age::parse(age.into())).transpose();
    Ok(Outfit {
        id: row.id.into(),
        img_url: link(&row.img_url)?,
        gender: gender.map_err(invalid)?,
        age: age.map_err(invalid)?,
        origin_url: row.origin_url.as_deref().map(link).transpose()?,
        date: row.date,
        labels,
        hearts: row.hearts,
        hidden: row.hidden,
        version: row.version.into(),
        created_at: from_micros(row.created_at)?,
        updated_at: from_micros(row.updated_at)?,
    })
}
