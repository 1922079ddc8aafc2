//! The log of what people do with outfits.

use domain::RepositoryError;
use domain::outfit::{Action, OutfitEvent, Place};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outfit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub person_id: i64,
    pub outfit_id: i64,
    pub action: i16,
    pub subject: Option<i64>,
    pub feed_id: Option<i64>,
    pub position: Option<i32>,
    pub propensity: Option<f32>,
    pub bucket: i16,
    pub at: i64,
    pub more: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&OutfitEvent> for ActiveModel {
    fn from(event: &OutfitEvent) -> Self {
        Self {
            id: Set(event.id.get()),
            person_id: Set(event.person.get()),
            outfit_id: Set(event.outfit.get()),
            action: Set(event.action.number()),
            subject: Set(event.action.subject()),
            feed_id: Set(event.place.feed.map(|feed| feed.get())),
            position: Set(event.place.position),
            propensity: Set(event.place.propensity),
            bucket: Set(event.bucket),
            at: Set(to_micros(event.at)),
            more: Set(None),
        }
    }
}

impl TryFrom<&Model> for OutfitEvent {
    type Error = RepositoryError;

    fn try_from(row: &Model) -> Result<Self, RepositoryError> {
        let action = Action::from_number(row.action, row.subject)
            .ok_or_else(|| RepositoryError::storage("a stored event is not valid"))?;
        Ok(Self {
            id: row.id.into(),
            person: row.person_id.into(),
            outfit: row.outfit_id.into(),
            action,
            place: Place {
                feed: row.feed_id.map(Into::into),
                position: row.position,
                propensity: row.propensity,
            },
            bucket: row.bucket,
            at: from_micros(row.at)?,
        })
    }
}
