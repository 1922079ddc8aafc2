//! The table of addresses that get no more mails.
#![expect(unreachable_pub, reason = "the entity macro wants its items public")]

use domain::RepositoryError;
use domain::notification::SuppressionReason;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sender_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    pub reason: i16,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The stored number of a reason.
pub(super) fn reason_number(reason: SuppressionReason) -> i16 {
    match reason {
        SuppressionReason::Bounced => 0,
        SuppressionReason::Unsubscribed => 1,
    }
}

/// The reason of a stored number.
pub(super) fn reason(number: i16) -> Result<SuppressionReason, RepositoryError> {
    match number {
        0 => Ok(SuppressionReason::Bounced),
        1 => Ok(SuppressionReason::Unsubscribed),
        other => Err(RepositoryError::storage(format!(
            "{other} is no reason for a suppression"
        ))),
    }
}
