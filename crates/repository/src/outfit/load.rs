//! From rows to outfits: the labels of a whole batch come with two queries.

use std::collections::{BTreeSet, HashMap};

use domain::RepositoryError;
use domain::outfit::{Label, Outfit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{Model, outfit};
use super::{carried_entity as carried, label_entity};
use crate::error::translate;

/// Rows named in a statement: well below every engine's limit on bound values.
pub(super) const ROWS: usize = 1_000;

/// The outfits of these rows, in the same order.
///
/// Labels are read by themselves, each once: outfits share few hundreds of them, and reading
/// names with every outfit that carries them would take twice as long.
pub(super) async fn with_labels(
    connection: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<Outfit>, RepositoryError> {
    let mut carried: HashMap<i64, Vec<Label>> = HashMap::with_capacity(rows.len());
    let mut labels = HashMap::new();
    for chunk in rows.chunks(ROWS) {
        let pairs = carried_by(connection, chunk).await?;
        let new: BTreeSet<i64> = pairs.iter().map(|(_, label)| *label).collect();
        read(connection, new, &mut labels).await?;
        for (outfit, label) in pairs {
            let label = labels
                .get(&label)
                .ok_or_else(|| RepositoryError::storage("a label is gone"))?;
            carried.entry(outfit).or_default().push(label.clone());
        }
    }
    rows.into_iter()
        .map(|row| {
            let labels = carried.remove(&row.id).unwrap_or_default();
            outfit(row, labels)
        })
        .collect()
}

/// Outfits and labels they carry, in the editor's order.
async fn carried_by(
    connection: &impl ConnectionTrait,
    rows: &[Model],
) -> Result<Vec<(i64, i64)>, RepositoryError> {
    carried::Entity::find()
        .select_only()
        .columns([carried::Column::OutfitId, carried::Column::LabelId])
        .filter(carried::Column::OutfitId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(carried::Column::OutfitId)
        .order_by_asc(carried::Column::Position)
        .into_tuple()
        .all(connection)
        .await
        .map_err(translate)
}

/// Reads those of the labels that are not known yet.
async fn read(
    connection: &impl ConnectionTrait,
    ids: BTreeSet<i64>,
    known: &mut HashMap<i64, Label>,
) -> Result<(), RepositoryError> {
    let new = ids.into_iter().filter(|id| !known.contains_key(id));
    let new: Vec<i64> = new.collect();
    for chunk in new.chunks(ROWS) {
        let rows = label_entity::Entity::find()
            .filter(label_entity::Column::Id.is_in(chunk.iter().copied()))
            .all(connection)
            .await
            .map_err(translate)?;
        for row in rows {
            known.insert(row.id, row.try_into()?);
        }
    }
    Ok(())
}
