//! Outfits with good defaults, and what the tests ask of them again and again.

use chrono::{DateTime, Utc};
use domain::outfit::{
    Action, Age, Gender, Heart, HeartOutcome, HeartRepository, LabelId, LabelKind, LabelName, Link,
    Outfit, OutfitChange, OutfitDraft, OutfitEvent, OutfitId, OutfitOutcome, OutfitRepository,
    Place,
};
use domain::user::PersonId;
use sea_orm::{ConnectionTrait, Statement};

use crate::builders::{day, id, noon};
use crate::world::World;

pub(crate) fn link(text: &str) -> Link {
    Link::parse(text).expect("a link")
}

pub(crate) fn label(text: &str) -> LabelName {
    LabelName::parse(text).expect("a label")
}

/// What has to be said of an outfit, and no more.
pub(crate) fn draft() -> OutfitDraft {
    OutfitDraft {
        img_url: link("https://a.example/1.jpg"),
        gender: None,
        age: None,
        origin_url: None,
        date: None,
        labels: Vec::new(),
    }
}

/// An outfit with these tags.
pub(crate) fn tagged<'a>(tags: impl IntoIterator<Item = &'a str>) -> OutfitDraft {
    let mut draft = draft();
    draft.set(LabelKind::Tag, tags.into_iter().map(label));
    draft
}

/// An outfit of which everything is said.
pub(crate) fn full_draft() -> OutfitDraft {
    let labels = [
        (LabelKind::Tag, "오버핏"),
        (LabelKind::Brand, "Ader Error"),
        (LabelKind::Tag, "카고팬츠 👖"),
        (LabelKind::Style, "스트릿"),
        (LabelKind::Season, "가을"),
        (LabelKind::Region, "성수"),
        (LabelKind::Occupation, "학생"),
        (LabelKind::Reporter, "김지우"),
    ];
    OutfitDraft {
        img_url: link("/media/한글.jpg"),
        gender: Some(Gender::Female),
        age: Some(Age::parse(24).expect("an age")),
        origin_url: Some(link("https://b.example/p/1?x=%F0%9F%91%9A")),
        date: Some(day("2028-02-29")),
        labels: labels.map(|(kind, name)| (kind, label(name))).into(),
    }
}

/// As many ids as the drafts have labels.
pub(crate) fn label_ids<'a>(drafts: impl IntoIterator<Item = &'a OutfitDraft>) -> Vec<LabelId> {
    let labels = drafts.into_iter().flat_map(|draft| &draft.labels);
    labels.map(|_| id()).collect()
}

/// Somebody, member or guest.
pub(crate) fn person() -> PersonId {
    id()
}

/// What somebody did with an outfit, met nowhere in particular.
pub(crate) fn event(
    person: PersonId,
    outfit: OutfitId,
    action: Action,
    at: DateTime<Utc>,
) -> OutfitEvent {
    OutfitEvent {
        id: id(),
        person,
        outfit,
        action,
        place: Place::default(),
        bucket: 7,
        at,
    }
}

impl World {
    /// Stores outfits, with ids in the order given.
    pub(crate) async fn save(&self, drafts: &[OutfitDraft]) -> Vec<Outfit> {
        let drafts: Vec<_> = drafts.iter().map(|draft| (id(), draft.clone())).collect();
        let ids = label_ids(drafts.iter().map(|(_, draft)| draft));
        let saved = self.outfits.save(&drafts, &ids, noon()).await;
        saved.expect("outfits")
    }

    /// Stores an outfit with defaults.
    pub(crate) async fn outfit(&self) -> OutfitId {
        self.save(&[draft()]).await[0].id
    }

    /// Stores outfits with defaults.
    pub(crate) async fn some_outfits(&self, number: usize) -> Vec<OutfitId> {
        let saved = self.save(&vec![draft(); number]).await;
        saved.into_iter().map(|outfit| outfit.id).collect()
    }

    /// The outfit as it is now.
    pub(crate) async fn now(&self, id: OutfitId) -> Outfit {
        let found = self.outfits.find(id).await;
        found.expect("a look").expect("an outfit")
    }

    /// Shows an outfit to nobody.
    pub(crate) async fn hide(&self, id: OutfitId) {
        let change = OutfitChange {
            hidden: Some(true),
            ..OutfitChange::default()
        };
        let hidden = self.outfits.update(id, None, &change, &[], noon()).await;
        assert!(matches!(hidden, Ok(OutfitOutcome::Done(_))), "{hidden:?}");
    }

    /// Gives a heart, or takes it back.
    pub(crate) async fn heart(
        &self,
        person: PersonId,
        outfit: OutfitId,
        wanted: bool,
        at: DateTime<Utc>,
    ) -> HeartOutcome {
        let action = if wanted {
            Action::Heart
        } else {
            Action::Unheart
        };
        let event = event(person, outfit, action, at);
        let set = self.hearts.set(&event, wanted).await;
        set.expect("an outcome")
    }

    /// The person's collection.
    pub(crate) async fn collection(&self, person: PersonId) -> Vec<Heart> {
        let hearts = self.hearts.list(person, 0, 1_000).await;
        hearts.expect("a list")
    }

    /// Asserts that every outfit counts as many hearts as there are.
    pub(crate) async fn assert_counted(&self) {
        let database = self.database.write();
        let sql = "SELECT id, hearts, (SELECT COUNT(*) FROM hearts h WHERE h.outfit_id = o.id \
                   AND h.is_deleted = false) AS living FROM outfits o";
        let statement = Statement::from_string(database.get_database_backend(), sql);
        for row in database.query_all_raw(statement).await.expect("counts") {
            let counts: (i64, i64) = row
                .try_get_many("", &["hearts".into(), "living".into()])
                .expect("two numbers");
            assert_eq!(
                counts.0,
                counts.1,
                "hearts of {:?}",
                row.try_get::<i64>("", "id")
            );
        }
    }
}
