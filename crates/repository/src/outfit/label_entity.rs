//! The table of labels.

use domain::RepositoryError;
use domain::outfit::{Label, LabelKind, LabelName};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "labels")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub kind: i16,
    pub name: String,
    pub name_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Label {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let invalid = || RepositoryError::storage("a stored label is not valid");
        Ok(Self {
            id: row.id.into(),
            kind: LabelKind::from_number(row.kind).ok_or_else(invalid)?,
            name: LabelName::parse(&row.name).map_err(|_| invalid())?,
        })
    }
}
