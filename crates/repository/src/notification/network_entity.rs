//! The table of networks from which API keys may be used.

use domain::RepositoryError;
use domain::notification::{Allowed, Network};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key_networks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub key_id: i64,
    pub network: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Allowed> for ActiveModel {
    fn from(entry: &Allowed) -> Self {
        Self {
            id: Set(entry.id.get()),
            key_id: Set(entry.key.get()),
            network: Set(entry.network.to_string()),
            created_at: Set(to_micros(entry.created_at)),
        }
    }
}

impl TryFrom<Model> for Allowed {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let broken = |_| RepositoryError::storage("a stored network is not valid");
        Ok(Self {
            id: row.id.into(),
            key: row.key_id.into(),
            network: Network::parse(&row.network).map_err(broken)?,
            created_at: from_micros(row.created_at)?,
        })
    }
}
