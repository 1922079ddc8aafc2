//! Between the domain's words and the recommender's.

use domain::outfit::{
    Action, EventId, Gender, Label, LabelId, LabelKind, Outfit, OutfitEvent, OutfitId,
};
use domain::user::PersonId;
use recommender::{LabelKey, OutfitFacts, OutfitKey, PersonKey};

use super::Catalogue;

pub(super) fn outfit_key(id: OutfitId) -> OutfitKey {
    OutfitKey(id.get().cast_unsigned())
}

pub(super) fn outfit_id(key: OutfitKey) -> OutfitId {
    OutfitId::from(key.0.cast_signed())
}

pub(super) fn person_key(id: PersonId) -> PersonKey {
    PersonKey(id.get().cast_unsigned())
}

pub(super) fn label_key(id: LabelId) -> LabelKey {
    LabelKey(id.get().cast_unsigned())
}

pub(super) fn label_id(key: LabelKey) -> LabelId {
    LabelId::from(key.0.cast_signed())
}

pub(super) fn event_id(sequence: u64) -> EventId {
    EventId::from(sequence.cast_signed())
}

pub(super) fn gender(gender: Gender) -> recommender::Gender {
    match gender {
        Gender::Female => recommender::Gender::Female,
        Gender::Male => recommender::Gender::Male,
    }
}

/// What the recommender has to know of an outfit.
pub(super) fn facts(outfit: &Outfit) -> OutfitFacts {
    let all = |kind| outfit.of(kind).map(|label| label_key(label.id)).collect();
    let one = |kind| outfit.one(kind).map(|label: &Label| label_key(label.id));
    OutfitFacts {
        id: outfit_key(outfit.id),
        tags: all(LabelKind::Tag),
        brands: all(LabelKind::Brand),
        reporter: one(LabelKind::Reporter),
        gender: outfit.gender.map(gender),
        age: outfit.age.map(domain::outfit::Age::get),
        style: one(LabelKind::Style),
        season: one(LabelKind::Season),
        region: one(LabelKind::Region),
        occupation: one(LabelKind::Occupation),
        created_at: outfit.created_at.timestamp_micros(),
        visible: !outfit.hidden,
    }
}

/// An event as the recommender learns it; `None` where it is about a label that is gone.
pub(super) fn event(event: &OutfitEvent, catalogue: &Catalogue) -> Option<recommender::Event> {
    use recommender::Action as To;
    let kind = |label| catalogue.label(label).map(|label: Label| label.kind);
    let action = match event.action {
        Action::View => To::View { on_screen: false },
        Action::Seen => To::View { on_screen: true },
        Action::Click => To::Click,
        Action::Heart => To::Heart,
        Action::Unheart => To::Unheart,
        Action::Share => To::Share,
        Action::SimilarClick(base) => To::SimilarClick {
            base: outfit_key(base),
        },
        Action::Dislike => To::DislikeOutfit,
        Action::Undislike => To::UndislikeOutfit,
        Action::DislikeLabel(label) => match kind(label)? {
            LabelKind::Brand => To::DislikeBrand(label_key(label)),
            _ => To::DislikeTag(label_key(label)),
        },
        Action::UndislikeLabel(label) => match kind(label)? {
            LabelKind::Brand => To::UndislikeBrand(label_key(label)),
            _ => To::UndislikeTag(label_key(label)),
        },
        Action::Merged(guest) => To::Merge {
            guest: person_key(guest),
        },
    };
    Some(recommender::Event {
        person: person_key(event.person),
        outfit: outfit_key(event.outfit),
        action,
        at: event.at.timestamp_micros(),
        sequence: event.id.get().cast_unsigned(),
    })
}
