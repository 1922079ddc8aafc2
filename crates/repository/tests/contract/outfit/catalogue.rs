//! Storing and changing outfits.

use std::sync::Arc;

use domain::outfit::{
    Gender, LabelKind, Outfit, OutfitChange, OutfitDraft, OutfitId, OutfitOutcome, OutfitRepository,
};
use domain::product::Version;
use test_database::on_every_engine;

use super::builders::{draft, full_draft, label, label_ids, link, person, tagged};
use crate::builders::{id, minutes, noon};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    what_was_said_of_an_outfit_is_read_back,
    a_known_id_gets_its_new_draft_and_keeps_the_rest,
    a_draft_that_says_the_same_leaves_the_outfit_alone,
    of_one_id_twice_the_last_draft_counts,
    an_import_of_many_outfits_is_all_or_none,
    a_change_is_done_at_the_expected_version_only,
    a_change_leaves_what_it_does_not_name,
    a_change_that_changes_nothing_is_no_change,
    an_outfit_of_many_changes_gets_them_all,
    many_imports_of_one_new_id_all_arrive,
}

impl World {
    async fn store(&self, outfits: &[(OutfitId, OutfitDraft)], at: i64) -> Vec<Outfit> {
        let ids = label_ids(outfits.iter().map(|(_, draft)| draft));
        let saved = self.outfits.save(outfits, &ids, minutes(at)).await;
        saved.expect("outfits")
    }

    async fn edit(
        &self,
        id: OutfitId,
        expected: Option<i64>,
        change: &OutfitChange,
    ) -> OutfitOutcome {
        let ids: Vec<_> = (0..10).map(|_| crate::builders::id()).collect();
        let expected = expected.map(Version::from);
        let outfits = &self.outfits;
        let outcome = outfits.update(id, expected, change, &ids, minutes(9)).await;
        outcome.expect("an outcome")
    }
}

fn done(outcome: OutfitOutcome) -> Outfit {
    match outcome {
        OutfitOutcome::Done(outfit) => *outfit,
        other => unreachable!("{other:?}"),
    }
}

async fn what_was_said_of_an_outfit_is_read_back(world: Arc<World>) {
    let (full, bare) = (id(), id());
    let drafts = [(bare, draft()), (full, full_draft())];
    let saved = world.store(&drafts, 0).await;
    for (outfit, (id, draft)) in saved.iter().zip(&drafts) {
        assert_eq!(outfit.id, *id, "in the order given");
        assert_eq!(outfit.draft(), *draft);
        assert_eq!((outfit.hearts, outfit.hidden), (0, false));
        assert_eq!(outfit.version, Version::FIRST);
        assert_eq!((outfit.created_at, outfit.updated_at), (noon(), noon()));
        assert_eq!(world.now(*id).await, *outfit);
    }
    assert_eq!(world.outfits.find(id()).await.expect("a look"), None);
    assert!(world.store(&[], 0).await.is_empty());
}

async fn a_known_id_gets_its_new_draft_and_keeps_the_rest(world: Arc<World>) {
    let before = world.save(&[full_draft(), tagged(["데님"])]).await;
    let outfit = before[0].id;
    world.heart(person(), outfit, true, minutes(1)).await;
    world.hide(outfit).await;
    let mut changed = full_draft();
    changed.labels.reverse();
    changed.gender = None;
    changed.set(LabelKind::Season, []);
    let saved = world.store(&[(outfit, changed.clone())], 5).await;
    assert_eq!(saved[0].draft(), changed);
    assert_eq!((saved[0].hearts, saved[0].hidden), (1, true));
    assert_eq!(saved[0].created_at, noon());
    assert_eq!(saved[0].updated_at, minutes(5));
    assert_eq!(saved[0].version, Version::from(3), "hidden, then changed");
    assert_eq!(world.now(outfit).await, saved[0]);
    assert_eq!(world.now(before[1].id).await, before[1]);
}

async fn a_draft_that_says_the_same_leaves_the_outfit_alone(world: Arc<World>) {
    let before = world.save(&[full_draft()]).await;
    let saved = world.store(&[(before[0].id, full_draft())], 5).await;
    assert_eq!(saved, before);
    // Another spelling of the same label is the same label.
    let mut spelt = full_draft();
    spelt.labels[1].1 = label("ADER ERROR");
    let saved = world.store(&[(before[0].id, spelt)], 5).await;
    assert_eq!(saved, before);
    assert_eq!(world.now(before[0].id).await, before[0]);
}

async fn of_one_id_twice_the_last_draft_counts(world: Arc<World>) {
    let (twice, once) = (id(), id());
    let drafts = [
        (twice, tagged(["하나"])),
        (once, tagged(["셋"])),
        (twice, tagged(["둘"])),
    ];
    let saved = world.store(&drafts, 0).await;
    assert_eq!(saved[0], saved[2]);
    assert_eq!(saved[0].draft(), drafts[2].1);
    assert_eq!(saved[1].draft(), drafts[1].1);
    assert_eq!(world.now(twice).await, saved[0]);
    assert_eq!(world.count("outfits").await, 2);
}

async fn an_import_of_many_outfits_is_all_or_none(world: Arc<World>) {
    let drafts: Vec<(OutfitId, OutfitDraft)> = (0..2_503)
        .map(|number| {
            (
                id(),
                tagged(["데일리", &format!("태그 {}", number % 1_300)]),
            )
        })
        .collect();
    let few = label_ids([&drafts[0].1]);
    let refused = world.outfits.save(&drafts, &few, noon()).await;
    assert!(refused.is_err(), "too few ids for its labels");
    assert_eq!(world.count("outfits").await, 0);
    assert_eq!(world.count("labels").await, 0);

    let saved = world.store(&drafts, 0).await;
    assert_eq!(saved.len(), drafts.len());
    assert_eq!(world.count("labels").await, 1_301);
    let read = world.outfits.after(None, 10_000).await;
    assert_eq!(read.expect("outfits"), saved);

    let changed: Vec<(OutfitId, OutfitDraft)> = drafts
        .iter()
        .enumerate()
        .map(|(number, (id, old))| {
            let old = if number % 2 == 0 {
                draft()
            } else {
                old.clone()
            };
            (*id, old)
        })
        .collect();
    let saved = world.store(&changed, 1).await;
    assert_eq!(world.count("outfits WHERE version = 2").await, 1_252);
    let read = world.outfits.after(None, 10_000).await;
    assert_eq!(read.expect("outfits"), saved);
}

async fn a_change_is_done_at_the_expected_version_only(world: Arc<World>) {
    let before = world.save(&[full_draft()]).await.remove(0);
    let change = OutfitChange {
        img_url: Some(link("https://a.example/2.jpg")),
        ..OutfitChange::default()
    };
    let stale = world.edit(before.id, Some(2), &change).await;
    assert_eq!(stale, OutfitOutcome::Stale);
    assert_eq!(world.now(before.id).await, before);
    let absent = world.edit(id(), Some(1), &change).await;
    assert_eq!(absent, OutfitOutcome::Absent);
    let after = done(world.edit(before.id, Some(1), &change).await);
    let expected = Outfit {
        img_url: link("https://a.example/2.jpg"),
        version: Version::from(2),
        updated_at: minutes(9),
        ..before
    };
    assert_eq!(after, expected);
    assert_eq!(world.now(before.id).await, expected);
}

async fn a_change_leaves_what_it_does_not_name(world: Arc<World>) {
    let before = world.save(&[full_draft()]).await.remove(0);
    let change = OutfitChange {
        gender: Some(Some(Gender::Male)),
        age: Some(None),
        labels: vec![
            (LabelKind::Tag, vec![label("새로운"), label("오버핏")]),
            (LabelKind::Style, vec![]),
        ],
        hidden: Some(true),
        ..OutfitChange::default()
    };
    let after = done(world.edit(before.id, None, &change).await);
    assert_eq!(after.draft(), change.apply(full_draft()));
    assert!(after.hidden);
    assert_eq!(after.version, Version::from(2));
    assert_eq!(world.now(before.id).await, after);
    assert_eq!(world.count("labels").await, 9, "one is new");
}

async fn a_change_that_changes_nothing_is_no_change(world: Arc<World>) {
    let before = world.save(&[full_draft()]).await.remove(0);
    let change = OutfitChange {
        gender: Some(Some(Gender::Female)),
        labels: vec![(LabelKind::Season, vec![label("가을")])],
        hidden: Some(false),
        ..OutfitChange::default()
    };
    for change in [OutfitChange::default(), change] {
        let after = done(world.edit(before.id, Some(1), &change).await);
        assert_eq!((after.version, after.updated_at), (Version::FIRST, noon()));
    }
    world.hide(before.id).await;
    let hidden = world.now(before.id).await;
    assert_eq!((hidden.hidden, hidden.version), (true, Version::from(2)));
}

async fn an_outfit_of_many_changes_gets_them_all(world: Arc<World>) {
    let outfit = world.outfit().await;
    let outcomes = race(|number| {
        let world = world.clone();
        let change = OutfitChange {
            labels: vec![(LabelKind::Tag, vec![label(&format!("{number}"))])],
            ..OutfitChange::default()
        };
        let expected = (number % 2 == 0).then_some(1);
        async move { world.edit(outfit, expected, &change).await }
    });
    let outcomes = outcomes.await;
    let done = count(&outcomes, |o| matches!(o, OutfitOutcome::Done(_)));
    assert!((10..=11).contains(&done), "{outcomes:?}");
    let now = world.now(outfit).await;
    assert_eq!(now.version.get(), 1 + i64::try_from(done).expect("few"));
    assert_eq!(now.labels.len(), 1);
}

async fn many_imports_of_one_new_id_all_arrive(world: Arc<World>) {
    let outfit: OutfitId = id();
    race(|number| {
        let world = world.clone();
        let draft = tagged([format!("{number}").as_str()]);
        async move { world.store(&[(outfit, draft)], 1).await }
    })
    .await;
    let now = world.now(outfit).await;
    assert_eq!(now.version, Version::from(20));
    assert_eq!(now.labels.len(), 1);
    assert_eq!(world.count("outfit_labels").await, 1);
}
