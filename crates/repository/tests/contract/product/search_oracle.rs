//! Search compared with looking at every name.

use std::sync::Arc;

use domain::hangul::{Pattern, SearchText};
use domain::product::{Product, ProductDraft, ProductQuery, ProductRepository};
use domain::user::User;
use test_database::on_every_engine;

use crate::builders::{day, draft, noon, product, renamed, won};
use crate::pages::{SORTS, sorted};
use crate::random::Random;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    search_finds_what_looking_at_every_name_finds,
}

/// Enough that some posting lists are long and have to be intersected.
const PRODUCTS: usize = 400;
const SEARCHES: usize = 48;

/// Pieces that names and queries are put together from: few initials, finals that may belong to
/// the next syllable, and letters that fold.
const PIECES: [&str; 36] = [
    "가",
    "각",
    "갑",
    "값",
    "고",
    "까",
    "달",
    "닭",
    "라",
    "락",
    "떼",
    "라떼",
    "림",
    "슈",
    "슠",
    "크",
    "슈크림",
    "ㄱ",
    "ㄹ",
    "ㅅㅋ",
    "ㄳ",
    "a",
    "A",
    "la",
    "LATTE",
    "té",
    "ß",
    "ss",
    "1",
    "0%",
    "_",
    " ",
    " ",
    "🍰",
    "ａ",
    "\u{1105}\u{1161}",
];

/// A text of so many pieces that is neither empty nor white space.
fn text(random: &mut Random, pieces: usize) -> String {
    loop {
        let pieces = 1 + random.below(pieces);
        let text: String = (0..pieces).map(|_| random.pick(&PIECES)).collect();
        if Pattern::parse(&text).is_some() {
            return text;
        }
    }
}

/// A part of a name.
fn part(random: &mut Random, name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let from = random.below(characters.len());
    let length = 1 + random.below(5);
    characters.iter().skip(from).take(length).collect()
}

/// A shelf with a history: things were renamed, thrown away and taken out again.
async fn shelf(world: &World, owner: &User, random: &mut Random) -> Vec<Product> {
    let mut shelf: Vec<Product> = (0..PRODUCTS)
        .map(|_| {
            let draft = ProductDraft {
                price: won(i64::try_from(random.below(9)).expect("a price")),
                expiration_date: random
                    .pick(&[None, Some("2027-01-31"), Some("2026-12-01")])
                    .map(day),
                ..draft(&text(random, 6))
            };
            product(owner, draft)
        })
        .collect();
    world.store_products(&shelf).await;
    for _ in 0..20 {
        let product = shelf.remove(random.below(shelf.len()));
        let change = renamed(&text(random, 6));
        world.change(&product, None, change).await;
        shelf.push(world.current(owner, product.id).await);
    }
    for number in 0..20 {
        let product = shelf.remove(random.below(shelf.len()));
        let done = world.products.delete(owner.id, product.id, None, noon());
        done.await.expect("a removal");
        if number % 2 == 0 {
            let done = world.products.restore(owner.id, product.id, noon());
            done.await.expect("a return");
            shelf.push(world.current(owner, product.id).await);
        }
    }
    shelf
}

async fn search_finds_what_looking_at_every_name_finds(world: Arc<World>) {
    let mut random = Random::seeded(20_261_121);
    let (owner, other) = (world.user().await, world.user().await);
    let shelf = shelf(&world, &owner, &mut random).await;
    let theirs = shelf.iter().take(20);
    let theirs: Vec<_> = theirs.map(|p| product(&other, p.draft.clone())).collect();
    world.store_products(&theirs).await;
    world.assert_indexed(shelf.iter().chain(&theirs)).await;

    let (mut hits, mut misses) = (0, 0);
    for number in 0..SEARCHES {
        let typed = match number % 3 {
            0 => text(&mut random, 1),
            1 => text(&mut random, 3),
            _ => {
                let from = random.below(shelf.len());
                part(&mut random, shelf[from].draft.name.as_str())
            }
        };
        let Some(pattern) = Pattern::parse(&typed) else {
            continue;
        };
        let matching: Vec<_> = shelf
            .iter()
            .filter(|product| pattern.matches(&SearchText::new(product.draft.name.as_str())))
            .collect();
        hits += matching.len();
        misses += usize::from(matching.is_empty());
        for sort in SORTS {
            let query = ProductQuery {
                search: Some(pattern.clone()),
                sort,
                // Pages that end in the middle, and not too many of them.
                ..ProductQuery::newest(3 + matching.len() / 3 + random.below(3))
            };
            let found = world.walk(&owner, query).await;
            let expected = sorted(matching.iter().copied(), sort);
            assert_eq!(found, expected, "{typed:?} in {sort:?}");
        }
    }
    assert!(
        hits > 10 * SEARCHES && misses > 0,
        "both happen: {hits}, {misses}"
    );
}
