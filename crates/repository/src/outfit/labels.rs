//! Finding labels by what they say, and making those that do not exist yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::RepositoryError;
use domain::outfit::{Label, LabelId, LabelKind, LabelName};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};

use super::label_entity::{ActiveModel, Column, Entity};
use crate::error::translate;
use crate::executor::Transaction;
use crate::insert::insert_absent;

/// Labels a statement names or inserts: well below every engine's limit on bound values.
const ROWS: usize = 1_000;

/// What makes a label one and the same.
type Key = (LabelKind, String);

/// Labels by how drafts spell them.
pub(super) struct Labels(HashMap<(LabelKind, LabelName), Label>);

impl Labels {
    /// Finds these labels; those that do not exist are made, with ids from `ids`.
    pub(super) async fn resolve(
        transaction: &Transaction,
        names: &[(LabelKind, LabelName)],
        ids: &[LabelId],
    ) -> Result<Self, RepositoryError> {
        let mut seen = HashSet::new();
        // In the order of their keys, so that two who make the same labels seldom deadlock.
        let mut spellings: BTreeMap<Key, Vec<&LabelName>> = BTreeMap::new();
        for (kind, name) in names {
            if seen.insert((kind, name)) {
                let spelt = spellings.entry((*kind, name.key())).or_default();
                spelt.push(name);
            }
        }
        let mut found = look_up(transaction, spellings.keys()).await?;
        let missing: Vec<(&Key, &LabelName)> = spellings
            .iter()
            .filter(|(key, _)| !found.contains_key(key))
            .filter_map(|(key, spelt)| spelt.first().map(|first| (key, *first)))
            .collect();
        if !missing.is_empty() {
            make(transaction, &missing, ids).await?;
            // Somebody else may have made some of them meanwhile.
            found.extend(look_up(transaction, missing.iter().map(|(key, _)| *key)).await?);
        }
        let mut labels = HashMap::with_capacity(seen.len());
        for (key, spelt) in spellings {
            let label = found
                .get(&key)
                .ok_or_else(|| RepositoryError::storage("a label was not made"))?;
            labels.extend(
                spelt
                    .into_iter()
                    .map(|s| ((key.0, s.clone()), label.clone())),
            );
        }
        Ok(Self(labels))
    }

    /// The label that a draft spells so, if it was resolved.
    pub(super) fn get(&self, kind: LabelKind, name: &LabelName) -> Option<&Label> {
        self.0.get(&(kind, name.clone()))
    }
}

/// Those of the labels that exist.
async fn look_up<'a>(
    connection: &impl ConnectionTrait,
    keys: impl Iterator<Item = &'a Key>,
) -> Result<HashMap<Key, Label>, RepositoryError> {
    let mut by_kind: BTreeMap<LabelKind, Vec<&str>> = BTreeMap::new();
    for (kind, key) in keys {
        by_kind.entry(*kind).or_default().push(key);
    }
    let mut found = HashMap::new();
    for (kind, keys) in by_kind {
        for chunk in keys.chunks(ROWS) {
            let rows = Entity::find()
                .filter(Column::Kind.eq(kind.number()))
                .filter(Column::NameKey.is_in(chunk.iter().copied()))
                .all(connection)
                .await
                .map_err(translate)?;
            for mut row in rows {
                let key = std::mem::take(&mut row.name_key);
                found.insert((kind, key), row.try_into()?);
            }
        }
    }
    Ok(found)
}

/// Makes those of the labels that still do not exist.
async fn make(
    connection: &impl ConnectionTrait,
    missing: &[(&Key, &LabelName)],
    ids: &[LabelId],
) -> Result<(), RepositoryError> {
    if ids.len() < missing.len() {
        return Err(RepositoryError::storage("there are too few ids for labels"));
    }
    let numbered: Vec<_> = missing.iter().zip(ids).collect();
    for chunk in numbered.chunks(ROWS) {
        let rows = chunk.iter().map(|((key, name), id)| ActiveModel {
            id: Set(id.get()),
            kind: Set(key.0.number()),
            name: Set(name.as_str().to_owned()),
            name_key: Set(key.1.clone()),
        });
        insert_absent(connection, Entity::insert_many(rows).into_query()).await?;
    }
    Ok(())
}
