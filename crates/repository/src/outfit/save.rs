//! Writing outfits, one or ten thousand.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::outfit::{
    Label, LabelId, LabelKind, LabelName, Outfit, OutfitChange, OutfitDraft, OutfitId,
    OutfitOutcome,
};
use domain::product::Version;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::carried_entity as carried;
use super::entity::{ActiveModel, Column, Entity};
use super::labels::Labels;
use super::load::{self, with_labels};
use crate::error::translate;
use crate::executor::Transaction;

/// Rows a statement inserts: at eleven values each, below every engine's limit on bound values
/// (SQLite's, the lowest, is 32,766).
const ROWS: usize = 500;

/// What changes about an outfit that is stored.
const CHANGING: [Column; 8] = [
    Column::ImgUrl,
    Column::Gender,
    Column::Age,
    Column::OriginUrl,
    Column::Date,
    Column::Hidden,
    Column::Version,
    Column::UpdatedAt,
];

/// Stores drafts; the outfits as they are then, in the order given.
///
/// Labels come first, then outfits in the order of their ids: everybody waits in the same order.
pub(super) async fn save(
    transaction: &Transaction,
    outfits: &[(OutfitId, OutfitDraft)],
    label_ids: &[LabelId],
    now: DateTime<Utc>,
) -> Result<Vec<Outfit>, RepositoryError> {
    let drafts: BTreeMap<OutfitId, &OutfitDraft> = outfits.iter().map(|(id, d)| (*id, d)).collect();
    let names = drafts
        .values()
        .flat_map(|draft| draft.labels.iter().cloned());
    let labels = Labels::resolve(transaction, &names.collect::<Vec<_>>(), label_ids).await?;
    let ids: Vec<i64> = drafts.keys().map(|id| id.get()).collect();
    let mut known = hold(transaction, &ids).await?;
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let mut saved = HashMap::with_capacity(drafts.len());
    for (id, draft) in drafts {
        let carried = pick(&draft.labels, |kind, name| labels.get(kind, name))?;
        let before = known.remove(&id);
        let after = drafted(id, draft, carried, before.as_ref(), now);
        match before {
            None => new.push(after.clone()),
            Some(before) if before != after => changed.push(Changed::new(&before, after.clone())),
            Some(_) => {}
        }
        saved.insert(id, after);
    }
    insert(transaction, &new).await?;
    overwrite(transaction, &changed).await?;
    let gone = || RepositoryError::storage("an outfit was not saved");
    outfits
        .iter()
        .map(|(id, _)| saved.get(id).cloned().ok_or_else(gone))
        .collect()
}

/// Changes an outfit if it is at the expected version.
pub(super) async fn update(
    transaction: &Transaction,
    id: OutfitId,
    expected: Option<Version>,
    change: &OutfitChange,
    label_ids: &[LabelId],
    now: DateTime<Utc>,
) -> Result<OutfitOutcome, RepositoryError> {
    let names = change.labels.iter();
    let names = names.flat_map(|(kind, names)| names.iter().map(|name| (*kind, name.clone())));
    let labels = Labels::resolve(transaction, &names.collect::<Vec<_>>(), label_ids).await?;
    let Some(before) = hold(transaction, &[id.get()]).await?.remove(&id) else {
        return Ok(OutfitOutcome::Absent);
    };
    if expected.is_some_and(|version| version != before.version) {
        return Ok(OutfitOutcome::Stale);
    }
    let draft = change.apply(before.draft());
    let carried = pick(&draft.labels, |kind, name| {
        let own = |label: &&Label| label.kind == kind && label.name == *name;
        let given = labels.get(kind, name);
        given.or_else(|| before.labels.iter().find(own))
    })?;
    let shown = Outfit {
        hidden: change.hidden.unwrap_or(before.hidden),
        ..before.clone()
    };
    let mut after = drafted(id, &draft, carried, Some(&shown), now);
    if after.version == before.version && shown.hidden != before.hidden {
        after.version = before.version.next();
        after.updated_at = now;
    }
    if after != before {
        overwrite(transaction, &[Changed::new(&before, after.clone())]).await?;
    }
    Ok(OutfitOutcome::Done(Box::new(after)))
}

/// The labels a draft names, in its order, each once.
fn pick<'a>(
    names: &[(LabelKind, LabelName)],
    get: impl Fn(LabelKind, &LabelName) -> Option<&'a Label>,
) -> Result<Vec<Label>, RepositoryError> {
    let mut labels: Vec<Label> = Vec::with_capacity(names.len());
    for (kind, name) in names {
        let label = get(*kind, name)
            .ok_or_else(|| RepositoryError::storage("a label was not looked up"))?;
        if labels.iter().all(|there| there.id != label.id) {
            labels.push(label.clone());
        }
    }
    Ok(labels)
}

/// What an outfit is with a draft: a new one, or the old one, at its next version if the draft says
/// something else.
fn drafted(
    id: OutfitId,
    draft: &OutfitDraft,
    labels: Vec<Label>,
    before: Option<&Outfit>,
    now: DateTime<Utc>,
) -> Outfit {
    let outfit = Outfit {
        id,
        img_url: draft.img_url.clone(),
        gender: draft.gender,
        age: draft.age,
        origin_url: draft.origin_url.clone(),
        date: draft.date,
        labels,
        hearts: before.map_or(0, |before| before.hearts),
        hidden: before.is_some_and(|before| before.hidden),
        version: before.map_or(Version::FIRST, |before| before.version),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: before.map_or(now, |before| before.updated_at),
    };
    match before {
        Some(before) if *before != outfit => Outfit {
            version: before.version.next(),
            updated_at: now,
            ..outfit
        },
        _ => outfit,
    }
}

/// Finds outfits and holds them until the transaction ends; `ids` are in order.
async fn hold(
    transaction: &Transaction,
    ids: &[i64],
) -> Result<HashMap<OutfitId, Outfit>, RepositoryError> {
    let mut held = HashMap::new();
    for chunk in ids.chunks(load::ROWS) {
        let rows = Entity::find()
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await
            .map_err(translate)?;
        let outfits = with_labels(transaction, rows).await?;
        held.extend(outfits.into_iter().map(|outfit| (outfit.id, outfit)));
    }
    Ok(held)
}

/// Stores new outfits. An id that somebody else took a moment ago is a lost race: doing all of it
/// again finds the outfit there.
async fn insert(
    connection: &impl ConnectionTrait,
    outfits: &[Outfit],
) -> Result<(), RepositoryError> {
    for chunk in outfits.chunks(ROWS) {
        let insert = Entity::insert_many(chunk.iter().map(ActiveModel::from))
            .exec_without_returning(connection)
            .await;
        insert.map_err(|error| match translate(error) {
            RepositoryError::Conflict => RepositoryError::Contention,
            error => error,
        })?;
    }
    carry(connection, outfits.iter()).await
}

/// An outfit that is stored and has changed.
struct Changed {
    after: Outfit,
    /// Whether it carries other labels than before.
    relabelled: bool,
}

impl Changed {
    fn new(before: &Outfit, after: Outfit) -> Self {
        Self {
            relabelled: before.labels != after.labels,
            after,
        }
    }
}

/// Overwrites outfits that are held.
async fn overwrite(
    connection: &impl ConnectionTrait,
    outfits: &[Changed],
) -> Result<(), RepositoryError> {
    // Many different updates in one statement: inserts that find their rows there.
    for chunk in outfits.chunks(ROWS) {
        let conflict = OnConflict::column(Column::Id)
            .update_columns(CHANGING)
            .to_owned();
        Entity::insert_many(chunk.iter().map(|one| ActiveModel::from(&one.after)))
            .on_conflict(conflict)
            .exec_without_returning(connection)
            .await
            .map_err(translate)?;
    }
    let relabelled = outfits.iter().filter(|one| one.relabelled);
    let relabelled: Vec<&Outfit> = relabelled.map(|one| &one.after).collect();
    for chunk in relabelled.chunks(load::ROWS) {
        carried::Entity::delete_many()
            .filter(carried::Column::OutfitId.is_in(chunk.iter().map(|outfit| outfit.id.get())))
            .exec(connection)
            .await
            .map_err(translate)?;
    }
    carry(connection, relabelled).await
}

/// Gives outfits their labels.
async fn carry<'a>(
    connection: &impl ConnectionTrait,
    outfits: impl IntoIterator<Item = &'a Outfit>,
) -> Result<(), RepositoryError> {
    let mut rows = Vec::new();
    for outfit in outfits {
        for (position, label) in (0..).zip(&outfit.labels) {
            rows.push((outfit.id.get(), label.id.get(), position));
        }
    }
    for chunk in rows.chunks(2 * ROWS) {
        let rows = chunk
            .iter()
            .map(|(outfit, label, position)| carried::ActiveModel {
                outfit_id: Set(*outfit),
                label_id: Set(*label),
                position: Set(*position),
            });
        carried::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await
            .map_err(translate)?;
    }
    Ok(())
}
