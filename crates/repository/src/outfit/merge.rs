//! Many hearts of one person at once: moving them to another, and removing them.

use std::collections::HashMap;

use domain::RepositoryError;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::heart_entity::{Column, Entity, Model};
use super::hearts::{add, hold};
use crate::error::translate;
use crate::executor::Transaction;

/// Hearts moved or removed at a time.
const BATCH: u64 = 500;

/// Moves the guest's hearts to the member; how many hearts the member gained.
pub(super) async fn merge(
    transaction: &Transaction,
    guest: i64,
    member: i64,
) -> Result<u64, RepositoryError> {
    let mut gained = 0;
    loop {
        let ids = hold_batch(transaction, guest).await?;
        if ids.is_empty() {
            return Ok(gained);
        }
        gained += merge_batch(transaction, guest, member, &ids).await?;
    }
}

/// Holds the first outfits that a person has rows of; their ids.
async fn hold_batch(transaction: &Transaction, person: i64) -> Result<Vec<i64>, RepositoryError> {
    let ids: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::OutfitId)
        .filter(Column::PersonId.eq(person))
        .order_by_asc(Column::OutfitId)
        .limit(BATCH)
        .into_tuple()
        .all(transaction)
        .await
        .map_err(translate)?;
    if !ids.is_empty() {
        hold(transaction, &ids).await?;
    }
    Ok(ids)
}

/// The rows of people on outfits that are held.
async fn rows(
    transaction: &Transaction,
    people: &[i64],
    ids: &[i64],
) -> Result<Vec<Model>, RepositoryError> {
    Entity::find()
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::OutfitId.is_in(ids.iter().copied()))
        .order_by_asc(Column::OutfitId)
        .all(transaction)
        .await
        .map_err(translate)
}

/// Removes the rows of people on outfits that are held.
async fn remove(
    transaction: &Transaction,
    people: &[i64],
    ids: &[i64],
) -> Result<(), RepositoryError> {
    Entity::delete_many()
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::OutfitId.is_in(ids.iter().copied()))
        .exec(transaction)
        .await
        .map(|_| ())
        .map_err(translate)
}

async fn merge_batch(
    transaction: &Transaction,
    guest: i64,
    member: i64,
    ids: &[i64],
) -> Result<u64, RepositoryError> {
    // Read only now that nobody else can change them.
    let (theirs, ours): (Vec<_>, Vec<_>) = rows(transaction, &[guest, member], ids)
        .await?
        .into_iter()
        .partition(|row| row.person_id == guest);
    // Another merge may have taken what was seen before: then what is the member's by now stays.
    let ids: Vec<i64> = theirs.iter().map(|row| row.outfit_id).collect();
    let mut ours: HashMap<i64, Model> = ours.into_iter().map(|r| (r.outfit_id, r)).collect();
    let (mut merged, mut fewer, mut gained) = (Vec::new(), Vec::new(), 0);
    for row in theirs {
        let (outfit, before) = (row.outfit_id, i64::from(!row.is_deleted));
        let own = ours.remove(&outfit);
        let had = own.as_ref().map_or(0, |own| i64::from(!own.is_deleted));
        let row = one(row, own, member);
        let has = i64::from(!row.is_deleted);
        if has < before + had {
            fewer.push(outfit);
        }
        gained += u64::from(has > had);
        merged.push(row);
    }
    if !merged.is_empty() {
        remove(transaction, &[guest, member], &ids).await?;
        Entity::insert_many(merged.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(transaction)
            .await
            .map_err(translate)?;
    }
    add(transaction, &fewer, -1).await?;
    Ok(gained)
}

/// What a guest's and a member's row on one outfit come to. The later change of state counts, the
/// member's if they are of one moment.
fn one(guest: Model, own: Option<Model>, member: i64) -> Model {
    let guest = Model {
        person_id: member,
        ..guest
    };
    let Some(own) = own else {
        return guest;
    };
    let (earlier, later) = if guest.changed_at > own.changed_at {
        (own, guest)
    } else {
        (guest, own)
    };
    let both = !earlier.is_deleted && !later.is_deleted;
    Model {
        hearted_at: if both {
            earlier.hearted_at.min(later.hearted_at)
        } else {
            later.hearted_at
        },
        ..later
    }
}

/// Removes a person's first rows; how many of them were living hearts, or `None` if there are no
/// rows left.
pub(super) async fn remove_batch(
    transaction: &Transaction,
    person: i64,
) -> Result<Option<u64>, RepositoryError> {
    let ids = hold_batch(transaction, person).await?;
    if ids.is_empty() {
        return Ok(None);
    }
    let rows = rows(transaction, &[person], &ids).await?;
    let living: Vec<i64> = rows
        .iter()
        .filter(|row| !row.is_deleted)
        .map(|row| row.outfit_id)
        .collect();
    add(transaction, &living, -1).await?;
    remove(transaction, &[person], &ids).await?;
    Ok(Some(living.len() as u64))
}
