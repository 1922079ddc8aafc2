//! The table of kept answers.

use domain::RepositoryError;
use domain::once::KeptAnswer;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub owner_id: i64,
    pub request: String,
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    pub until: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&KeptAnswer> for ActiveModel {
    fn from(kept: &KeptAnswer) -> Self {
        Self {
            id: Set(kept.id.clone()),
            owner_id: Set(kept.owner.get()),
            request: Set(kept.request.clone()),
            answer: Set(kept.answer.clone()),
            until: Set(to_micros(kept.until)),
        }
    }
}

impl TryFrom<Model> for KeptAnswer {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: row.id,
            owner: row.owner_id.into(),
            request: row.request,
            answer: row.answer,
            until: from_micros(row.until)?,
        })
    }
}
