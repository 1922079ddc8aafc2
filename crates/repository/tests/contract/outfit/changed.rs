//! Following the changes of the catalogue.

use std::sync::Arc;

use domain::outfit::{Outfit, OutfitId, OutfitRepository};
use test_database::on_every_engine;

use super::builders::{draft, tagged};
use crate::builders::{id, minutes, noon};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    changes_are_read_in_their_order_page_by_page,
    a_change_of_hearts_is_none,
}

async fn changes_are_read_in_their_order_page_by_page(world: Arc<World>) {
    // Several of one moment, and some that change again.
    for at in [3, 1, 2] {
        let drafts: Vec<_> = (0..5).map(|_| (id(), draft())).collect();
        let saved = world.outfits.save(&drafts, &[], minutes(at)).await;
        saved.expect("outfits");
    }
    let mut all = world.outfits.after(None, 100).await.expect("outfits");
    let again = [(all[0].id, tagged(["새"])), (all[7].id, tagged(["새"]))];
    let saved = world.outfits.save(&again, &[id(), id()], minutes(2)).await;
    saved.expect("outfits");
    all = world.outfits.after(None, 100).await.expect("outfits");
    all.sort_by_key(|outfit| (outfit.updated_at, outfit.id));

    for (since, skipped) in [(0, 0), (2, 4), (3, 11), (4, 15)] {
        for limit in [1, 4, 5, 100] {
            let mut seen: Vec<Outfit> = Vec::new();
            loop {
                let after = seen.last().map(|outfit| (outfit.updated_at, outfit.id));
                let page = world.outfits.changed(minutes(since), after, limit).await;
                let page = page.expect("a page");
                let full = page.len() as u64 == limit;
                seen.extend(page);
                if !full {
                    break;
                }
            }
            assert_eq!(seen, all[skipped..], "since {since}, {limit} at a time");
        }
    }
}

async fn a_change_of_hearts_is_none(world: Arc<World>) {
    let outfits: Vec<OutfitId> = world.some_outfits(2).await;
    let me = super::builders::person();
    world.heart(me, outfits[0], true, minutes(5)).await;
    let changed = world.outfits.changed(minutes(1), None, 10).await;
    assert_eq!(changed.expect("a page"), []);
    let changed = world.outfits.changed(noon(), None, 10).await;
    assert_eq!(changed.expect("a page").len(), 2);
}
