//! All outfits in memory: a feed names any of them, and may not ask storage for each.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::hangul::{Pattern, SearchText};
use domain::outfit::{Label, LabelId, LabelKind, LabelName, Outfit, OutfitId};
use parking_lot::RwLock;

/// Outfits and labels as they are stored, hidden ones too. Counts of hearts are not kept current.
#[derive(Default)]
pub struct Catalogue {
    outfits: RwLock<HashMap<OutfitId, Arc<Outfit>>>,
    labels: RwLock<BTreeMap<LabelId, Known>>,
}

/// A label, and its name as search sees it.
struct Known {
    label: Label,
    text: SearchText,
}

impl Catalogue {
    /// Puts outfits in, each in the place of its older version; one that is older than what is
    /// there is left out. Two changes may arrive in another order than they were made.
    pub fn put(&self, outfits: impl IntoIterator<Item = Outfit>) -> Vec<Arc<Outfit>> {
        let mut taken = Vec::new();
        for mut outfit in outfits {
            self.know(&mut outfit.labels);
            let outfit = Arc::new(outfit);
            let mut known = self.outfits.write();
            let newer = known
                .get(&outfit.id)
                .is_none_or(|old| old.version.get() <= outfit.version.get());
            if newer {
                known.insert(outfit.id, outfit.clone());
                taken.push(outfit);
            }
        }
        taken
    }

    /// Notes labels, and lets outfits share the text of those that are known.
    fn know(&self, labels: &mut [Label]) {
        for label in labels {
            if let Some(known) = self.labels.read().get(&label.id) {
                label.name = known.label.name.clone();
                continue;
            }
            let text = SearchText::new(label.name.as_str());
            let known = Known {
                label: label.clone(),
                text,
            };
            self.labels.write().insert(label.id, known);
        }
    }

    /// The outfit, hidden or not.
    #[must_use]
    pub fn find(&self, id: OutfitId) -> Option<Arc<Outfit>> {
        self.outfits.read().get(&id).cloned()
    }

    /// The outfit, unless it is hidden.
    #[must_use]
    pub fn visible(&self, id: OutfitId) -> Option<Arc<Outfit>> {
        self.find(id).filter(|outfit| !outfit.hidden)
    }

    /// Those of the outfits that exist and are not hidden, in the order given.
    #[must_use]
    pub fn all_visible(&self, ids: impl IntoIterator<Item = OutfitId>) -> Vec<Arc<Outfit>> {
        let outfits = self.outfits.read();
        ids.into_iter()
            .filter_map(|id| outfits.get(&id).filter(|outfit| !outfit.hidden).cloned())
            .collect()
    }

    /// How many outfits there are, hidden ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.outfits.read().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All outfits there are now.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Outfit>> {
        self.outfits.read().values().cloned().collect()
    }

    /// The label with this id.
    #[must_use]
    pub fn label(&self, id: LabelId) -> Option<Label> {
        self.labels.read().get(&id).map(|known| known.label.clone())
    }

    /// The label of this kind that the text is another spelling of.
    #[must_use]
    pub fn label_named(&self, kind: LabelKind, text: &str) -> Option<Label> {
        let name = LabelName::parse(text).ok()?;
        let text = SearchText::new(name.as_str());
        let labels = self.labels.read();
        let found = labels
            .values()
            .find(|known| known.label.kind == kind && known.text == text)?;
        Some(found.label.clone())
    }

    /// Labels of these kinds that match what somebody typed, the shortest first.
    #[must_use]
    pub fn matching(&self, kinds: &[LabelKind], pattern: &Pattern) -> Vec<Label> {
        let labels = self.labels.read();
        let mut found: Vec<Label> = labels
            .values()
            .filter(|known| kinds.contains(&known.label.kind) && pattern.matches(&known.text))
            .map(|known| known.label.clone())
            .collect();
        found.sort_by_key(|label| (label.name.as_str().chars().count(), label.id));
        found
    }
}

#[cfg(test)]
mod tests {
    use domain::product::Version;

    use super::*;
    use crate::outfit::testing::outfit;

    #[test]
    fn an_older_version_never_replaces_a_newer_one() {
        let catalogue = Catalogue::default();
        let newer = Outfit {
            version: Version::from(2),
            hidden: true,
            ..outfit(1, &[])
        };
        assert_eq!(catalogue.put([newer]).len(), 1);
        assert!(catalogue.put([outfit(1, &[])]).is_empty());
        assert!(catalogue.visible(1.into()).is_none());
        assert!(catalogue.find(1.into()).is_some_and(|found| found.hidden));
        assert!(catalogue.all_visible([1.into(), 2.into()]).is_empty());
    }

    #[test]
    fn labels_are_found_half_typed_and_by_initials() {
        let catalogue = Catalogue::default();
        let labels = [
            (LabelKind::Tag, 1, "카고팬츠"),
            (LabelKind::Brand, 2, "Cargo Lab"),
        ];
        catalogue.put([outfit(1, &labels)]);
        let found = |query: &str| {
            let pattern = Pattern::parse(query).expect("a pattern");
            let labels = catalogue.matching(&[LabelKind::Tag, LabelKind::Brand], &pattern);
            labels
                .iter()
                .map(|label| label.id.get())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("ㅋㄱㅍ"), [1]);
        assert_eq!(found("카고패"), [1]);
        assert_eq!(found("cargo"), [2]);
        let label = catalogue.label_named(LabelKind::Brand, "CARGO lab");
        assert_eq!(label.map(|label| label.id.get()), Some(2));
        assert_eq!(catalogue.label_named(LabelKind::Tag, "CARGO lab"), None);
    }
}
