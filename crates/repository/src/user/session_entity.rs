//! The table of sessions.

use domain::RepositoryError;
use domain::user::{Device, Session};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::{from_micros, to_micros};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub user_id: i64,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::entity::Entity",
        from = "Column::UserId",
        to = "super::entity::Column::Id"
    )]
    Owner,
}

impl Related<super::entity::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Session> for ActiveModel {
    fn from(session: &Session) -> Self {
        Self {
            id: Set(session.id.get()),
            user_id: Set(session.user_id.get()),
            user_agent: Set(session.device.user_agent.clone()),
            ip: Set(session.device.ip.map(|ip| ip.to_string())),
            created_at: Set(to_micros(session.created_at)),
            last_seen_at: Set(to_micros(session.last_seen_at)),
            expires_at: Set(to_micros(session.expires_at)),
        }
    }
}

impl TryFrom<Model> for Session {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let ip = row.ip.and_then(|ip| ip.parse().ok());
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            device: Device {
                user_agent: row.user_agent,
                ip,
            },
            created_at: from_micros(row.created_at)?,
            last_seen_at: from_micros(row.last_seen_at)?,
            expires_at: from_micros(row.expires_at)?,
        })
    }
}
