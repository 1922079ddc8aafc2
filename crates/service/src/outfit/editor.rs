//! The catalogue of outfits: what editors put in, and what everybody finds.

use std::sync::Arc;

use async_trait::async_trait;
use domain::hangul::Pattern;
use domain::outfit::{
    Gender, Label, LabelId, LabelKind, Outfit, OutfitChange, OutfitDraft, OutfitId, OutfitOutcome,
    OutfitQuery, OutfitRepository,
};
use domain::product::Version;
use tracing::instrument;

use super::import::Importer;
use super::{Common, OutfitError, OutfitImportOptions};
use crate::product::{ImportError, ImportReport, ImportSource, Progress};

/// Labels that one search may mean; the shortest names come first.
const MAX_MEANT: usize = 500;

/// What a list of outfits is asked for with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOutfits {
    /// What a tag, brand or style has to match, as typed.
    pub q: Option<String>,
    /// Labels that all have to be there, by name.
    pub labels: Vec<(LabelKind, String)>,
    /// Worn by.
    pub gender: Option<Gender>,
    /// The hidden ones: for editors.
    pub hidden: bool,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// One page, and where the next one begins.
#[derive(Clone, Debug, PartialEq)]
pub struct OutfitList {
    /// The outfits, the newest first.
    pub items: Vec<Arc<Outfit>>,
    /// `None` on the last page.
    pub next_cursor: Option<String>,
}

/// The catalogue. Who may change it is the caller's to check.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait OutfitService: Send + Sync {
    /// Puts outfits in, all or none. One that brings an id replaces the outfit of that id.
    async fn save(
        &self,
        drafts: Vec<(Option<OutfitId>, OutfitDraft)>,
    ) -> Result<Vec<Outfit>, OutfitError>;

    /// Changes an outfit that is at `expected`, or at any version.
    async fn update(
        &self,
        id: OutfitId,
        expected: Option<Version>,
        change: &OutfitChange,
    ) -> Result<Outfit, OutfitError>;

    /// An outfit with its present count of hearts; a hidden one only for editors.
    async fn find(&self, id: OutfitId, hidden_too: bool) -> Result<Outfit, OutfitError>;

    /// A page of outfits.
    async fn list(&self, query: &ListOutfits) -> Result<OutfitList, OutfitError>;

    /// Labels of these kinds that match what is being typed, the shortest first.
    fn suggest(&self, kinds: &[LabelKind], typed: &str, limit: usize) -> Vec<Label>;

    /// Brings in the rows of a file, CSV or NDJSON.
    async fn import(
        &self,
        source: ImportSource,
        options: &OutfitImportOptions,
        progress: Progress,
    ) -> Result<ImportReport, ImportError>;
}

/// [`OutfitService`] over the repository.
pub struct DefaultOutfitService {
    /// What all use-cases of outfits stand on.
    pub common: Arc<Common>,
    /// Outfits.
    pub outfits: Arc<dyn OutfitRepository>,
}

impl DefaultOutfitService {
    fn label_ids(&self, count: usize) -> Vec<LabelId> {
        (0..count).map(|_| self.common.ids.next()).collect()
    }

    /// The sets of labels a query means; `None` where it means one that does not exist.
    fn meant(&self, query: &ListOutfits) -> Option<Vec<Vec<LabelId>>> {
        const SEARCHED: [LabelKind; 3] = [LabelKind::Tag, LabelKind::Brand, LabelKind::Style];
        let catalogue = &self.common.catalogue;
        let mut sets = Vec::new();
        for (kind, name) in &query.labels {
            sets.push(vec![catalogue.label_named(*kind, name)?.id]);
        }
        if let Some(typed) = &query.q {
            let found = catalogue.matching(&SEARCHED, &Pattern::parse(typed)?);
            let ids: Vec<LabelId> = found.iter().take(MAX_MEANT).map(|label| label.id).collect();
            if ids.is_empty() {
                return None;
            }
            sets.push(ids);
        }
        Some(sets)
    }
}

/// Reads a list's cursor: the id of the last outfit.
fn cursor(text: &str) -> Result<OutfitId, OutfitError> {
    let id: i64 = text.parse().map_err(|_| OutfitError::InvalidCursor)?;
    Ok(id.into())
}

#[async_trait]
impl OutfitService for DefaultOutfitService {
    #[instrument(skip_all, fields(outfits = drafts.len()))]
    async fn save(
        &self,
        drafts: Vec<(Option<OutfitId>, OutfitDraft)>,
    ) -> Result<Vec<Outfit>, OutfitError> {
        let labels = drafts.iter().map(|(_, draft)| draft.labels.len()).sum();
        let named = drafts.into_iter().map(|(id, draft)| {
            let id = id.unwrap_or_else(|| self.common.ids.next());
            (id, draft)
        });
        let named: Vec<_> = named.collect();
        let ids = self.label_ids(labels);
        let now = self.common.clock.now();
        let saved = self.outfits.save(&named, &ids, now).await?;
        self.common.mind.put(saved.iter().cloned());
        Ok(saved)
    }

    #[instrument(skip_all, fields(outfit = %id))]
    async fn update(
        &self,
        id: OutfitId,
        expected: Option<Version>,
        change: &OutfitChange,
    ) -> Result<Outfit, OutfitError> {
        let labels = change.labels.iter().map(|(_, names)| names.len()).sum();
        let ids = self.label_ids(labels);
        let now = self.common.clock.now();
        let outcome = self.outfits.update(id, expected, change, &ids, now).await?;
        match outcome {
            OutfitOutcome::Done(outfit) => {
                self.common.mind.put([outfit.as_ref().clone()]);
                Ok(*outfit)
            }
            OutfitOutcome::Stale => Err(OutfitError::Stale),
            OutfitOutcome::Absent => Err(OutfitError::NotFound),
        }
    }

    async fn find(&self, id: OutfitId, hidden_too: bool) -> Result<Outfit, OutfitError> {
        let found = self.outfits.find(id).await?;
        found
            .filter(|outfit| hidden_too || !outfit.hidden)
            .ok_or(OutfitError::NotFound)
    }

    #[instrument(skip_all)]
    async fn list(&self, query: &ListOutfits) -> Result<OutfitList, OutfitError> {
        let before = query.cursor.as_deref().map(cursor).transpose()?;
        let Some(labels) = self.meant(query) else {
            return Ok(OutfitList {
                items: Vec::new(),
                next_cursor: None,
            });
        };
        // One more than wanted tells whether this is all.
        let asked = OutfitQuery {
            labels,
            gender: query.gender,
            hidden: query.hidden,
            before,
            limit: query.limit as u64 + 1,
        };
        let mut ids = self.outfits.list(&asked).await?;
        let more = ids.len() > query.limit;
        ids.truncate(query.limit);
        let next_cursor = ids.last().filter(|_| more).map(OutfitId::to_string);
        let found = ids.iter().filter_map(|id| self.common.catalogue.find(*id));
        Ok(OutfitList {
            items: found
                .filter(|outfit| outfit.hidden == query.hidden)
                .collect(),
            next_cursor,
        })
    }

    fn suggest(&self, kinds: &[LabelKind], typed: &str, limit: usize) -> Vec<Label> {
        let Some(pattern) = Pattern::parse(typed) else {
            return Vec::new();
        };
        let mut found = self.common.catalogue.matching(kinds, &pattern);
        found.truncate(limit);
        found
    }

    async fn import(
        &self,
        source: ImportSource,
        options: &OutfitImportOptions,
        progress: Progress,
    ) -> Result<ImportReport, ImportError> {
        let importer = Importer {
            save: &|drafts| Box::pin(self.save(drafts)),
            progress,
        };
        importer.run(source, options).await
    }
}
