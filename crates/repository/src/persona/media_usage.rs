//! How much each person keeps.

use domain::RepositoryError;
use domain::persona::MediaQuota;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::media_usage_entity::{ActiveModel, Column, Entity};
use crate::error::translate;
use crate::executor::Transaction;

/// Adds one picture of so many bytes to what the owner keeps; `false`, and nothing changes, where
/// that would be more than the quota.
pub(super) async fn charge(
    transaction: &Transaction,
    owner: i64,
    bytes: i64,
    quota: Option<MediaQuota>,
) -> Result<bool, RepositoryError> {
    let most = |most: u64| i64::try_from(most).unwrap_or(i64::MAX);
    let mut update = Entity::update_many()
        .filter(Column::OwnerId.eq(owner))
        .col_expr(Column::Files, Expr::col(Column::Files).add(1))
        .col_expr(Column::Bytes, Expr::col(Column::Bytes).add(bytes));
    if let Some(quota) = quota {
        update = update
            .filter(Column::Files.lt(most(quota.files)))
            .filter(Column::Bytes.lte(most(quota.bytes) - bytes));
    }
    let charged = update.exec(transaction).await.map_err(translate)?;
    if charged.rows_affected > 0 {
        return Ok(true);
    }
    let known = Entity::find_by_id(owner).one(transaction).await;
    let known = known.map_err(translate)?;
    let (files, kept) = known.as_ref().map_or((0, 0), |row| (row.files, row.bytes));
    let fits = quota.is_none_or(|quota| {
        files < most(quota.files) && kept.saturating_add(bytes) <= most(quota.bytes)
    });
    if !fits {
        return Ok(false);
    }
    if known.is_some() {
        // Made or made room in between the two statements: the whole is done again.
        return Err(RepositoryError::Contention);
    }
    let first = ActiveModel {
        owner_id: Set(owner),
        files: Set(1),
        bytes: Set(bytes),
    };
    let inserted = Entity::insert(first).exec_without_returning(transaction);
    match inserted.await.map_err(translate) {
        Ok(_) => Ok(true),
        // Somebody else was first: the whole is done again.
        Err(RepositoryError::Conflict) => Err(RepositoryError::Contention),
        Err(error) => Err(error),
    }
}

/// Takes one picture of so many bytes off what these people keep.
pub(super) async fn release(
    transaction: &Transaction,
    owners: &[i64],
    bytes: i64,
) -> Result<(), RepositoryError> {
    if owners.is_empty() {
        return Ok(());
    }
    let update = Entity::update_many()
        .filter(Column::OwnerId.is_in(owners.iter().copied()))
        .col_expr(Column::Files, Expr::col(Column::Files).sub(1))
        .col_expr(Column::Bytes, Expr::col(Column::Bytes).sub(bytes));
    update
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

/// Forgets how much a person keeps.
pub(super) async fn forget(transaction: &Transaction, owner: i64) -> Result<(), RepositoryError> {
    let delete = Entity::delete_many().filter(Column::OwnerId.eq(owner));
    delete
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}
