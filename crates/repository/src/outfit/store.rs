//! The catalogue of outfits.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::outfit::{
    Label, LabelId, Outfit, OutfitChange, OutfitDraft, OutfitId, OutfitOutcome, OutfitQuery,
    OutfitRepository,
};
use domain::product::Version;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{Column, Entity};
use super::load::{ROWS, with_labels};
use super::{label_entity as label, list, save};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::Executor;
use crate::time::to_micros;

/// [`OutfitRepository`] on the database.
pub struct SeaOutfits(pub(crate) Executor);

impl SeaOutfits {
    /// Over the pools.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(Executor::Pools(database))
    }

    /// The outfits that a query finds.
    async fn load(&self, select: sea_orm::Select<Entity>) -> Result<Vec<Outfit>, RepositoryError> {
        let connection = self.0.read();
        let rows = select.all(&connection).await.map_err(translate)?;
        with_labels(&connection, rows).await
    }
}

#[async_trait]
impl OutfitRepository for SeaOutfits {
    async fn save(
        &self,
        outfits: &[(OutfitId, OutfitDraft)],
        label_ids: &[LabelId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Outfit>, RepositoryError> {
        if outfits.is_empty() {
            return Ok(Vec::new());
        }
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let saved = save::save(scope.transaction(), outfits, label_ids, now).await?;
                scope.finish().await?;
                Ok(saved)
            })
            .await
    }

    async fn update(
        &self,
        id: OutfitId,
        expected: Option<Version>,
        change: &OutfitChange,
        label_ids: &[LabelId],
        now: DateTime<Utc>,
    ) -> Result<OutfitOutcome, RepositoryError> {
        self.0
            .retrying(|| async {
                let scope = self.0.scope().await?;
                let transaction = scope.transaction();
                let outcome = save::update(transaction, id, expected, change, label_ids, now);
                let outcome = outcome.await?;
                if matches!(outcome, OutfitOutcome::Done(_)) {
                    scope.finish().await?;
                }
                Ok(outcome)
            })
            .await
    }

    async fn find(&self, id: OutfitId) -> Result<Option<Outfit>, RepositoryError> {
        let found = self.load(Entity::find_by_id(id.get())).await?;
        Ok(found.into_iter().next())
    }

    async fn list(&self, query: &OutfitQuery) -> Result<Vec<OutfitId>, RepositoryError> {
        let ids = list::list(&self.0.read(), query).await?;
        Ok(ids.into_iter().map(OutfitId::from).collect())
    }

    async fn after(
        &self,
        after: Option<OutfitId>,
        limit: u64,
    ) -> Result<Vec<Outfit>, RepositoryError> {
        let mut select = Entity::find().order_by_asc(Column::Id).limit(limit);
        if let Some(after) = after {
            select = select.filter(Column::Id.gt(after.get()));
        }
        self.load(select).await
    }

    async fn changed(
        &self,
        since: DateTime<Utc>,
        after: Option<(DateTime<Utc>, OutfitId)>,
        limit: u64,
    ) -> Result<Vec<Outfit>, RepositoryError> {
        let mut select = Entity::find().filter(Column::UpdatedAt.gte(to_micros(since)));
        if let Some((at, id)) = after {
            let at = to_micros(at);
            let same = Condition::all()
                .add(Column::UpdatedAt.eq(at))
                .add(Column::Id.gt(id.get()));
            // The first looks redundant; it lets every engine start at the right place.
            select = select
                .filter(Column::UpdatedAt.gte(at))
                .filter(Condition::any().add(Column::UpdatedAt.gt(at)).add(same));
        }
        let select = select
            .order_by_asc(Column::UpdatedAt)
            .order_by_asc(Column::Id);
        self.load(select.limit(limit)).await
    }

    async fn labels(
        &self,
        after: Option<LabelId>,
        limit: u64,
    ) -> Result<Vec<Label>, RepositoryError> {
        let mut select = label::Entity::find().order_by_asc(label::Column::Id);
        if let Some(after) = after {
            select = select.filter(label::Column::Id.gt(after.get()));
        }
        let rows = select.limit(limit).all(&self.0.read()).await;
        let rows = rows.map_err(translate)?.into_iter();
        rows.map(Label::try_from).collect()
    }

    async fn hearts(&self, ids: &[OutfitId]) -> Result<Vec<(OutfitId, i64)>, RepositoryError> {
        let mut counts = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(ROWS) {
            let rows: Vec<(i64, i64)> = Entity::find()
                .select_only()
                .columns([Column::Id, Column::Hearts])
                .filter(Column::Id.is_in(chunk.iter().map(|id| id.get())))
                .into_tuple()
                .all(&self.0.read())
                .await
                .map_err(translate)?;
            counts.extend(rows.into_iter().map(|(id, hearts)| (id.into(), hearts)));
        }
        Ok(counts)
    }
}
