//! Labels that outfits share.

use std::collections::HashSet;
use std::sync::Arc;

use domain::outfit::{LabelId, LabelKind, OutfitDraft, OutfitRepository};
use test_database::on_every_engine;

use super::builders::{draft, full_draft, label, label_ids, tagged};
use crate::builders::{id, noon};
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    outfits_share_their_labels,
    the_first_spelling_of_a_label_stays,
    labels_that_look_alike_are_not_the_same,
    labels_are_read_page_by_page,
    imports_that_make_the_same_labels_at_once_share_them,
}

async fn outfits_share_their_labels(world: Arc<World>) {
    let mut kind = draft();
    kind.set(LabelKind::Brand, [label("오버핏")]);
    let drafts = [full_draft(), tagged(["오버핏", "데님"]), kind];
    let saved = world.save(&drafts).await;
    assert_eq!(saved[0].labels[0], saved[1].labels[0]);
    assert_ne!(saved[0].labels[0].id, saved[2].labels[0].id, "another kind");
    let later = world.save(&[tagged(["데님"])]).await;
    assert_eq!(later[0].labels[0], saved[1].labels[1]);
    assert_eq!(world.count("labels").await, 10);
}

async fn the_first_spelling_of_a_label_stays(world: Arc<World>) {
    let saved = world.save(&[tagged(["Street"]), tagged(["STREET"])]).await;
    assert_eq!(saved[0].labels[0].name, label("Street"));
    assert_eq!(saved[1].labels, saved[0].labels);
    let saved = world.save(&[tagged(["street"])]).await;
    assert_eq!(saved[0].labels[0].name, label("Street"));
    assert_eq!(world.now(saved[0].id).await, saved[0]);
    // One draft with two spellings carries the label once.
    let mut twice = draft();
    let names = ["sTREET", "Street"].map(|name| (LabelKind::Tag, label(name)));
    twice.labels = names.into();
    let saved = world.save(&[twice]).await;
    assert_eq!(saved[0].labels.len(), 1);
    assert_eq!(world.count("labels").await, 1);
}

async fn labels_that_look_alike_are_not_the_same(world: Arc<World>) {
    let names = ["가", "각", "갂", "🧥", "👖", "a b", "ab", "Ａ", "résumé"];
    let saved = world.save(&[tagged(names)]).await;
    let distinct: HashSet<LabelId> = saved[0].labels.iter().map(|label| label.id).collect();
    let keys: HashSet<String> = names.iter().map(|name| label(name).key()).collect();
    assert_eq!(distinct.len(), keys.len(), "as many as there are keys");
    assert!(keys.len() >= 8, "{keys:?}");
}

async fn labels_are_read_page_by_page(world: Arc<World>) {
    let names: Vec<String> = (0..7).map(|number| format!("{number}")).collect();
    let tags = names.iter().map(String::as_str);
    let saved = world.save(&[full_draft(), tagged(tags)]).await;
    let mut expected: Vec<_> = saved.iter().flat_map(|outfit| &outfit.labels).collect();
    expected.sort_by_key(|label| label.id);
    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(|label: &domain::outfit::Label| label.id);
        let page = world.outfits.labels(after, 4).await.expect("a page");
        let full = page.len() == 4;
        seen.extend(page);
        if !full {
            break;
        }
    }
    assert_eq!(seen.iter().collect::<Vec<_>>(), expected);
}

async fn imports_that_make_the_same_labels_at_once_share_them(world: Arc<World>) {
    let names: Vec<String> = (0..50).map(|number| format!("태그 {number}")).collect();
    race(|number| {
        let world = world.clone();
        // Everybody in another order.
        let mut tags = names.clone();
        tags.rotate_left(number * 2);
        let drafts: Vec<(_, OutfitDraft)> = tags
            .chunks(10)
            .map(|tags| (id(), tagged(tags.iter().map(String::as_str))))
            .collect();
        let ids = label_ids(drafts.iter().map(|(_, draft)| draft));
        async move {
            let saved = world.outfits.save(&drafts, &ids, noon()).await;
            let saved = saved.expect("outfits");
            for (outfit, (_, draft)) in saved.iter().zip(&drafts) {
                assert_eq!(outfit.draft(), *draft);
                assert_eq!(world.now(outfit.id).await, *outfit);
            }
        }
    })
    .await;
    assert_eq!(world.count("labels").await, 50);
    assert_eq!(world.count("outfits").await, 100);
    assert_eq!(world.count("outfit_labels").await, 1_000);
}
