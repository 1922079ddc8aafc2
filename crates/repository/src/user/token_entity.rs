//! The table of refresh tokens.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::user::RefreshToken;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::time::to_micros;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub session_id: i64,
    pub issued_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&RefreshToken> for ActiveModel {
    fn from(token: &RefreshToken) -> Self {
        Self {
            hash: Set(token.hash.as_str().to_owned()),
            session_id: Set(token.session_id.get()),
            issued_at: Set(to_micros(token.issued_at)),
            expires_at: Set(to_micros(token.expires_at)),
            used_at: Set(None),
        }
    }
}
