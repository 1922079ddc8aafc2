//! What somebody hearts, as they see it.

use std::sync::Arc;

use domain::outfit::{HeartRepository, OutfitId};
use domain::user::PersonId;
use test_database::on_every_engine;

use super::builders::person;
use crate::builders::{id, minutes};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_collection_is_the_newest_first,
    hidden_outfits_are_left_out_of_pages_and_kept,
    those_of_a_page_that_somebody_hearts_are_told,
}

async fn page(world: &World, me: PersonId, offset: u64, limit: u64) -> Vec<OutfitId> {
    let hearts = world.hearts.list(me, offset, limit).await;
    let hearts = hearts.expect("a page");
    hearts.into_iter().map(|heart| heart.outfit).collect()
}

/// Whatever order, for comparison.
fn sorted(mut ids: Vec<OutfitId>) -> Vec<OutfitId> {
    ids.sort();
    ids
}

async fn a_collection_is_the_newest_first(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(6).await);
    // Two of one moment: the newer outfit first.
    for (number, at) in [(0, 3), (1, 1), (2, 5), (3, 3), (4, 2), (5, 4)] {
        world.heart(me, outfits[number], true, minutes(at)).await;
    }
    world.heart(me, outfits[5], false, minutes(9)).await;
    world.heart(person(), outfits[1], true, minutes(9)).await;
    let expected = [2, 3, 0, 4, 1].map(|number| outfits[number]);
    assert_eq!(page(&world, me, 0, 100).await, expected);
    for offset in 0..7 {
        let start = std::cmp::min(offset, 5);
        let end = std::cmp::min(offset + 2, 5);
        let found = page(&world, me, offset as u64, 2).await;
        assert_eq!(found, expected[start..end], "from {offset}");
    }
    assert_eq!(page(&world, person(), 0, 10).await, []);
}

async fn hidden_outfits_are_left_out_of_pages_and_kept(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(4).await);
    for (outfit, at) in outfits.iter().zip(1..) {
        world.heart(me, *outfit, true, minutes(at)).await;
    }
    world.hide(outfits[2]).await;
    assert_eq!(page(&world, me, 0, 2).await, [outfits[3], outfits[1]]);
    assert_eq!(page(&world, me, 2, 2).await, [outfits[0]]);
    let all = world.hearts.outfits(me).await;
    assert_eq!(sorted(all.expect("outfits")), outfits);
}

async fn those_of_a_page_that_somebody_hearts_are_told(world: Arc<World>) {
    let (me, outfits) = (person(), world.some_outfits(4).await);
    for outfit in &outfits[..3] {
        world.heart(me, *outfit, true, minutes(1)).await;
    }
    world.heart(me, outfits[1], false, minutes(2)).await;
    world.heart(person(), outfits[3], true, minutes(1)).await;
    let asked = [outfits[3], outfits[1], outfits[2], id()];
    let among = world.hearts.among(me, &asked).await;
    assert_eq!(among.expect("outfits"), [outfits[2]]);
    assert_eq!(world.hearts.among(me, &[]).await.expect("none"), []);
    let mut many: Vec<OutfitId> = (0..2_500).map(|_| id()).collect();
    many.extend(&outfits);
    let among = world.hearts.among(me, &many).await;
    assert_eq!(sorted(among.expect("outfits")), [outfits[0], outfits[2]]);
}
