//! Finding products by what their owner types.

use std::sync::Arc;

use domain::hangul::Pattern;
use domain::product::{Product, ProductQuery, ProductRepository, Size};
use domain::user::User;
use test_database::on_every_engine;

use crate::builders::{draft, product, renamed, repriced};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_name_is_found_by_every_way_of_typing_it,
    wildcards_are_ordinary_characters,
    nobody_finds_what_is_not_theirs,
    a_renamed_product_is_found_by_its_new_name_only,
    other_changes_keep_a_product_findable,
    search_and_filters_are_joined,
}

impl World {
    async fn shelve(&self, owner: &User, names: &[&str]) -> Vec<Product> {
        let shelf: Vec<_> = names
            .iter()
            .map(|name| product(owner, draft(name)))
            .collect();
        self.store_products(&shelf).await;
        shelf
    }

    /// The names that a search finds, in the order in which they were stored.
    async fn search(&self, owner: &User, text: &str) -> Vec<String> {
        let query = ProductQuery {
            search: Some(Pattern::parse(text).expect("a pattern")),
            ..ProductQuery::newest(100)
        };
        let found = self.page(owner, &query).await;
        let names = found.iter().rev().map(|p| p.draft.name.as_str().to_owned());
        names.collect()
    }
}

async fn a_name_is_found_by_every_way_of_typing_it(world: Arc<World>) {
    let owner = world.user().await;
    world
        .shelve(&owner, &["슈크림 라떼", "카페 모카", "ICED Latte 500㎖"])
        .await;
    for text in [
        "ㅅㅋㄹ",
        "슈크림",
        "크림 라떼",
        "크림라",
        "슈ㅋㄹ",
        "ㅅ ㅋ ㄹ",
        "떼",
        "슈크리",
        "ㄸ",
    ] {
        assert_eq!(world.search(&owner, text).await, ["슈크림 라떼"], "{text}");
    }
    for text in ["iced", "ＬＡＴＴＥ", "d l", "500ml", "500ML", "e"] {
        let found = world.search(&owner, text).await;
        assert_eq!(found, ["ICED Latte 500㎖"], "{text}");
    }
    for text in ["ㅅㅋㅁ", "슈크림빵", "latté", "🍰", "슈크림 라떼 "] {
        let found = world.search(&owner, text).await;
        let expected: &[&str] = if text.ends_with(' ') {
            &["슈크림 라떼"]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{text}");
    }
}

async fn wildcards_are_ordinary_characters(world: Arc<World>) {
    let owner = world.user().await;
    world
        .shelve(
            &owner,
            &[
                "100% 오렌지",
                "1000 오렌지",
                "a_b",
                "axb",
                "a\\b",
                "*?",
                "a'b\"",
            ],
        )
        .await;
    for (text, expected) in [
        ("100%", &["100% 오렌지"][..]),
        ("%", &["100% 오렌지"]),
        ("_", &["a_b"]),
        ("a_b", &["a_b"]),
        ("a%b", &[]),
        ("\\", &["a\\b"]),
        ("*", &["*?"]),
        ("?", &["*?"]),
        ("'", &["a'b\""]),
        ("1__%", &[]),
    ] {
        assert_eq!(world.search(&owner, text).await, expected, "{text}");
    }
}

async fn nobody_finds_what_is_not_theirs(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    world.shelve(&owner, &["슈크림 라떼"]).await;
    assert!(world.search(&other, "라떼").await.is_empty());
    world.shelve(&other, &["딸기 라떼"]).await;
    assert_eq!(world.search(&other, "라떼").await, ["딸기 라떼"]);
    assert_eq!(world.search(&owner, "라떼").await, ["슈크림 라떼"]);
}

async fn a_renamed_product_is_found_by_its_new_name_only(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.shelve(&owner, &["슈크림 라떼"]).await.remove(0);
    world.change(&stored, None, renamed("딸기 라떼")).await;
    assert!(world.search(&owner, "슈크림").await.is_empty());
    assert!(world.search(&owner, "ㅅㅋㄹ").await.is_empty());
    for text in ["딸기", "ㄸㄱㄹㄸ", "라떼"] {
        assert_eq!(world.search(&owner, text).await, ["딸기 라떼"], "{text}");
    }
    let current = world.current(&owner, stored.id).await;
    world.assert_indexed([&current]).await;
}

async fn other_changes_keep_a_product_findable(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.shelve(&owner, &["슈크림 라떼"]).await.remove(0);
    world.change(&stored, None, repriced(1)).await;
    // Only how the name is written changes, not what the index holds of it.
    world.change(&stored, None, renamed("슈크림라떼")).await;
    assert_eq!(world.search(&owner, "ㅅㅋㄹ").await, ["슈크림라떼"]);
    world.assert_indexed([&stored]).await;
}

async fn search_and_filters_are_joined(world: Arc<World>) {
    let owner = world.user().await;
    let mut shelf = world.shelve(&owner, &["라떼 1", "라떼 2", "모카"]).await;
    let mut large = product(&owner, draft("라떼 3"));
    large.draft.size = Size::Large;
    shelf.push(world.store_product(large).await);
    let query = ProductQuery {
        search: Pattern::parse("ㄹㄸ"),
        size: Some(Size::Large),
        ..ProductQuery::newest(10)
    };
    assert_eq!(world.page(&owner, &query).await, [shelf.remove(3)]);
    let thrown = world.products.delete_all(owner.id).await;
    assert_eq!(thrown.expect("a removal"), 4);
    assert_eq!(world.page(&owner, &query).await, []);
}
