//! Finding outfits.

use std::sync::Arc;

use domain::outfit::{Gender, LabelId, Outfit, OutfitId, OutfitQuery, OutfitRepository};
use test_database::on_every_engine;

use super::builders::{draft, tagged};
use crate::builders::id;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    outfits_are_listed_the_newest_first,
    outfits_are_found_by_labels_of_every_set,
    a_page_begins_below_an_id,
    outfits_are_read_page_by_page_from_the_oldest,
    counts_of_hearts_are_read_in_bulk,
}

impl World {
    async fn found_outfits(&self, query: &OutfitQuery) -> Vec<OutfitId> {
        self.outfits.list(query).await.expect("a list")
    }
}

fn all() -> OutfitQuery {
    OutfitQuery {
        limit: 100,
        ..OutfitQuery::default()
    }
}

async fn outfits_are_listed_the_newest_first(world: Arc<World>) {
    let mut drafts = vec![draft(); 5];
    drafts[1].gender = Some(Gender::Female);
    drafts[3].gender = Some(Gender::Male);
    drafts[4].gender = Some(Gender::Female);
    let saved = world.save(&drafts).await;
    let ids: Vec<OutfitId> = saved.iter().map(|outfit| outfit.id).collect();
    world.hide(ids[2]).await;
    world.hide(ids[4]).await;
    assert_eq!(world.found_outfits(&all()).await, [ids[3], ids[1], ids[0]]);
    for (gender, hidden, expected) in [
        (None, true, vec![ids[4], ids[2]]),
        (Some(Gender::Female), false, vec![ids[1]]),
        (Some(Gender::Female), true, vec![ids[4]]),
        (Some(Gender::Male), true, vec![]),
    ] {
        let query = OutfitQuery {
            gender,
            hidden,
            ..all()
        };
        assert_eq!(world.found_outfits(&query).await, expected, "{query:?}");
    }
    let query = OutfitQuery { limit: 0, ..all() };
    assert_eq!(world.found_outfits(&query).await, []);
}

/// Outfits 1 to 60, tagged with what divides their number.
async fn dividers(world: &World) -> Vec<Outfit> {
    let drafts: Vec<_> = (1..=60)
        .map(|number| {
            let dividers = [2, 3, 5, 7, 60].into_iter().filter(|d| number % d == 0);
            let tags: Vec<String> = dividers.map(|d| d.to_string()).collect();
            tagged(tags.iter().map(String::as_str))
        })
        .collect();
    world.save(&drafts).await
}

fn labelled(outfits: &[Outfit], name: &str) -> LabelId {
    let labels = outfits.iter().flat_map(|outfit| &outfit.labels);
    let mut named = labels.filter(|label| label.name.as_str() == name);
    named.next().expect("a label").id
}

async fn outfits_are_found_by_labels_of_every_set(world: Arc<World>) {
    let saved = dividers(&world).await;
    world.hide(saved[29].id).await;
    let sets: [&[&[usize]]; 9] = [
        &[&[7]],
        &[&[2], &[3]],
        &[&[2], &[60]],
        &[&[2, 3]],
        &[&[2, 3], &[5]],
        &[&[2, 7], &[3, 5]],
        &[&[5], &[2, 3], &[7]],
        &[&[7], &[60]],
        &[&[2, 2]],
    ];
    for set in sets {
        let numbers = (1..=60).rev().filter(|n| *n != 30);
        let wanted = numbers.filter(|n| set.iter().all(|any| any.iter().any(|d| n % d == 0)));
        let expected: Vec<OutfitId> = wanted.map(|n| saved[n - 1].id).collect();
        let labels = |any: &[usize]| {
            let labels = any.iter().map(|d| labelled(&saved, &d.to_string()));
            labels.collect()
        };
        let query = OutfitQuery {
            labels: set.iter().map(|any| labels(any)).collect(),
            ..all()
        };
        assert_eq!(world.found_outfits(&query).await, expected, "{set:?}");
        let hidden = OutfitQuery {
            hidden: true,
            ..query
        };
        let there = set.iter().all(|any| any.iter().any(|d| 30 % d == 0));
        assert_eq!(world.found_outfits(&hidden).await.len(), usize::from(there));
    }
    for labels in [vec![vec![]], vec![vec![id()]]] {
        let query = OutfitQuery { labels, ..all() };
        assert_eq!(world.found_outfits(&query).await, []);
    }
}

async fn a_page_begins_below_an_id(world: Arc<World>) {
    let saved = dividers(&world).await;
    let two = labelled(&saved, "2");
    let (three, five) = (labelled(&saved, "3"), labelled(&saved, "5"));
    for labels in [vec![], vec![vec![two]], vec![vec![three, five], vec![two]]] {
        let mut query = OutfitQuery { labels, ..all() };
        let expected = world.found_outfits(&query).await;
        query.limit = 7;
        let mut seen: Vec<OutfitId> = Vec::new();
        loop {
            let page = world.found_outfits(&query).await;
            query.before = page.last().copied();
            seen.extend(&page);
            if page.len() < 7 {
                break;
            }
        }
        assert_eq!(seen, expected);
    }
}

async fn outfits_are_read_page_by_page_from_the_oldest(world: Arc<World>) {
    let mut saved = dividers(&world).await;
    world.hide(saved[10].id).await;
    saved[10] = world.now(saved[10].id).await;
    let mut seen: Vec<Outfit> = Vec::new();
    loop {
        let after = seen.last().map(|outfit| outfit.id);
        let page = world.outfits.after(after, 7).await.expect("a page");
        let full = page.len() == 7;
        seen.extend(page);
        if !full {
            break;
        }
    }
    assert_eq!(seen, saved);
}

async fn counts_of_hearts_are_read_in_bulk(world: Arc<World>) {
    let outfits = world.some_outfits(3).await;
    for (number, outfit) in outfits.iter().enumerate() {
        for _ in 0..number {
            let (me, at) = (super::builders::person(), crate::builders::noon());
            world.heart(me, *outfit, true, at).await;
        }
    }
    let mut asked: Vec<OutfitId> = (0..2_100).map(|_| id()).collect();
    asked.extend(&outfits);
    let counts = world.outfits.hearts(&asked).await;
    let mut counts = counts.expect("counts");
    counts.sort();
    let expected: Vec<(OutfitId, i64)> = outfits.into_iter().zip(0..).collect();
    assert_eq!(counts, expected);
    assert_eq!(world.outfits.hearts(&[]).await.expect("none"), []);
}
