//! Who has a picture, and what shows it.

use domain::RepositoryError;
use domain::persona::{MediaQuota, NewMedia, Registered};
use domain::user::PersonId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::media_entity::{self as media, DOOMED, PENDING, STORED};
use super::media_owner_entity::{ActiveModel, Column, Entity};
use super::{media_reference_entity as reference, media_usage as usage};
use crate::error::translate;
use crate::executor::Transaction;
use crate::insert::insert_absent;
use crate::time::to_micros;

/// Pictures named in a statement: well below every engine's limit on bound values.
const ROWS: usize = 500;

/// Registers a picture and whose it is.
pub(super) async fn register(
    transaction: &Transaction,
    new: &NewMedia,
    quota: MediaQuota,
) -> Result<Registered, RepositoryError> {
    let key = new.media.key.as_str();
    let now = to_micros(new.media.created_at);
    let registered = match media::hold(transaction, key).await? {
        Some(row) if row.state == DOOMED => return Ok(Registered::Leaving),
        Some(row) => {
            keep(transaction, key, now).await?;
            if row.state == STORED {
                Registered::Present
            } else {
                Registered::Wanted
            }
        }
        None => {
            insert(transaction, new).await?;
            Registered::Wanted
        }
    };
    if let Some(owner) = new.owner
        && !own(transaction, owner.get(), new, quota).await?
    {
        return Ok(Registered::OverQuota);
    }
    Ok(registered)
}

/// Inserts a picture that was not there. Where somebody else was first, the whole is done again:
/// it is held then before anything else.
async fn insert(transaction: &Transaction, new: &NewMedia) -> Result<(), RepositoryError> {
    let now = to_micros(new.media.created_at);
    let row = media::ActiveModel {
        media_key: Set(new.media.key.as_str().to_owned()),
        bytes: Set(new.media.bytes.cast_signed()),
        width: Set(new.media.width.into()),
        height: Set(new.media.height.into()),
        state: Set(PENDING),
        created_at: Set(now),
        kept_at: Set(now),
        changed_at: Set(now),
    };
    let inserted = media::Entity::insert(row).exec_without_returning(transaction);
    match inserted.await.map_err(translate) {
        Ok(_) => Ok(()),
        Err(RepositoryError::Conflict) => Err(RepositoryError::Contention),
        Err(error) => Err(error),
    }
}

/// Notes that somebody cared for a picture that is held.
pub(super) async fn keep(
    transaction: &Transaction,
    key: &str,
    now: i64,
) -> Result<(), RepositoryError> {
    let update = media::Entity::update_many()
        .filter(media::Column::MediaKey.eq(key))
        .filter(media::Column::KeptAt.lt(now))
        .col_expr(media::Column::KeptAt, Expr::value(now));
    update
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

/// Gives a picture that is held to its owner; `false` over the quota.
async fn own(
    transaction: &Transaction,
    owner: i64,
    new: &NewMedia,
    quota: MediaQuota,
) -> Result<bool, RepositoryError> {
    let key = new.media.key.as_str();
    let now = to_micros(new.media.created_at);
    let again = Entity::update_many()
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::MediaKey.eq(key))
        .col_expr(Column::OwnedAt, Expr::value(now));
    if again
        .exec(transaction)
        .await
        .map_err(translate)?
        .rows_affected
        > 0
    {
        return Ok(true);
    }
    // On MySQL an update that changes nothing counts no row: whether it is new is the insert's to say.
    if !add(transaction, owner, key, now).await? {
        return Ok(true);
    }
    let bytes = new.media.bytes.cast_signed();
    usage::charge(transaction, owner, bytes, Some(quota)).await
}

/// Adds an owner; whether it was none before.
async fn add(
    transaction: &Transaction,
    owner: i64,
    key: &str,
    now: i64,
) -> Result<bool, RepositoryError> {
    let row = ActiveModel {
        owner_id: Set(owner),
        media_key: Set(key.to_owned()),
        owned_at: Set(now),
    };
    let insert = Entity::insert(row).into_query();
    Ok(insert_absent(transaction, insert).await? > 0)
}

/// The owners of a picture, in order.
pub(super) async fn of(transaction: &Transaction, key: &str) -> Result<Vec<i64>, RepositoryError> {
    Entity::find()
        .select_only()
        .column(Column::OwnerId)
        .filter(Column::MediaKey.eq(key))
        .order_by_asc(Column::OwnerId)
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)
}

/// Takes a picture that is held from some of its owners.
pub(super) async fn remove(
    transaction: &Transaction,
    owners: &[i64],
    row: &media::Model,
) -> Result<(), RepositoryError> {
    let delete = Entity::delete_many()
        .filter(Column::MediaKey.eq(&row.media_key))
        .filter(Column::OwnerId.is_in(owners.iter().copied()));
    delete.exec(transaction).await.map_err(translate)?;
    usage::release(transaction, owners, row.bytes).await
}

/// How many things show a picture; with a member, how many of theirs.
pub(super) async fn shown(
    transaction: &Transaction,
    key: &str,
    member: Option<i64>,
) -> Result<u64, RepositoryError> {
    let mut shown = reference::Entity::find().filter(reference::Column::MediaKey.eq(key));
    if let Some(member) = member {
        shown = shown.filter(reference::Column::MemberId.eq(member));
    }
    shown.count(transaction).await.map_err(translate)
}

/// What shows the picture of the row that is looked at.
pub(super) fn references() -> SelectStatement {
    let column = (reference::Entity, reference::Column::MediaKey);
    Query::select()
        .expr(Expr::val(1))
        .from(reference::Entity)
        .and_where(Expr::col(column).equals((media::Entity, media::Column::MediaKey)))
        .to_owned()
}

fn owners() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(
            Expr::col((Entity, Column::MediaKey)).equals((media::Entity, media::Column::MediaKey)),
        )
        .to_owned()
}

/// Gives the guest's pictures to the member.
pub(super) async fn merge(
    transaction: &Transaction,
    guest: PersonId,
    member: PersonId,
) -> Result<(), RepositoryError> {
    let theirs: Vec<(String, i64)> = Entity::find()
        .select_only()
        .columns([Column::MediaKey, Column::OwnedAt])
        .filter(Column::OwnerId.eq(guest.get()))
        .order_by_asc(Column::MediaKey)
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    for (key, owned_at) in theirs {
        let Some(row) = media::hold(transaction, &key).await? else {
            continue;
        };
        if row.state == DOOMED {
            continue;
        }
        if add(transaction, member.get(), &key, owned_at).await? {
            // What a guest made stays, even where the member is at the limit already.
            usage::charge(transaction, member.get(), row.bytes, None).await?;
        }
        remove(transaction, &[guest.get()], &row).await?;
    }
    usage::forget(transaction, guest.get()).await
}

/// Takes all pictures from a person and from what shows any of theirs; what nobody has any more
/// counts as unused for ever so long.
pub(super) async fn remove_all(
    transaction: &Transaction,
    person: i64,
) -> Result<(), RepositoryError> {
    let owned = Entity::find()
        .select_only()
        .column(Column::MediaKey)
        .filter(Column::OwnerId.eq(person))
        .into_tuple::<String>()
        .all(transaction)
        .await
        .map_err(translate)?;
    let shown = reference::Entity::find()
        .select_only()
        .column(reference::Column::MediaKey)
        .filter(reference::Column::MemberId.eq(person))
        .into_tuple::<String>()
        .all(transaction)
        .await
        .map_err(translate)?;
    reference::Entity::delete_many()
        .filter(reference::Column::MemberId.eq(person))
        .exec(transaction)
        .await
        .map_err(translate)?;
    Entity::delete_many()
        .filter(Column::OwnerId.eq(person))
        .exec(transaction)
        .await
        .map_err(translate)?;
    usage::forget(transaction, person).await?;
    let keys: Vec<String> = owned.into_iter().chain(shown).collect();
    for keys in keys.chunks(ROWS) {
        media::Entity::update_many()
            .filter(media::Column::MediaKey.is_in(keys))
            .filter(Expr::exists(owners()).not())
            .filter(Expr::exists(references()).not())
            .col_expr(media::Column::KeptAt, Expr::value(0_i64))
            .exec(transaction)
            .await
            .map_err(translate)?;
    }
    Ok(())
}
