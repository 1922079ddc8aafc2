//! Lists of products: orders, pages and filters.

use std::sync::Arc;

use domain::product::{Product, ProductDraft, ProductQuery, ProductRepository, Size, Sort};
use domain::user::User;
use test_database::on_every_engine;

use crate::builders::{barcode, category, day, draft, noon, product, product_name, won};
use crate::pages::{SORTS, sorted};
use crate::race::RUNNERS;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    every_order_is_walked_without_gaps_or_repeats,
    names_are_in_the_order_of_their_code_points,
    the_bin_is_walked_like_the_shelf,
    a_page_is_as_long_as_its_limit,
    each_filter_keeps_what_it_names,
    filters_are_joined_and_paged,
    products_that_come_and_go_between_pages_repeat_nothing,
}

const NAMES: [&str; 9] = [
    "라떼",
    "LATTE",
    "latte",
    "가",
    "까",
    "각",
    "ｌａｔｔｅ",
    "🍰",
    "Ｚ",
];
const DATES: [Option<&str>; 4] = [
    None,
    Some("2027-01-31"),
    Some("2027-01-31"),
    Some("2026-12-01"),
];

/// A shelf with many ties in every order, and dates missing; another owner has the same.
async fn shelf(world: &World) -> (User, Vec<Product>) {
    let (owner, other) = (world.user().await, world.user().await);
    let draft = |number: usize| ProductDraft {
        category: category(["음료", "음료 ", "빵", "Bread", "bread"][number % 5]),
        price: won([1_000, 500, 1_000, 2_000][number / 2 % 4]),
        barcode: number
            .is_multiple_of(3)
            .then(|| barcode(["A-1", "a-1"][number % 2])),
        expiration_date: DATES[number / 3 % 4].map(day),
        size: [Size::Small, Size::Large][number % 2],
        ..draft(NAMES[number % NAMES.len()])
    };
    let shelf: Vec<_> = (0..22).map(|n| product(&owner, draft(n))).collect();
    let theirs: Vec<_> = (0..5).map(|n| product(&other, draft(n))).collect();
    world.store_products(&shelf).await;
    world.store_products(&theirs).await;
    (owner, shelf)
}

fn pages_of(limit: usize, sort: Sort) -> ProductQuery {
    ProductQuery {
        sort,
        ..ProductQuery::newest(limit)
    }
}

async fn every_order_is_walked_without_gaps_or_repeats(world: Arc<World>) {
    let (owner, shelf) = shelf(&world).await;
    for sort in SORTS {
        for limit in [3, 1, 11, 100] {
            let walked = world.walk(&owner, pages_of(limit, sort)).await;
            assert_eq!(walked, sorted(&shelf, sort), "{sort:?} by {limit}");
        }
    }
}

async fn names_are_in_the_order_of_their_code_points(world: Arc<World>) {
    let owner = world.user().await;
    let names = [
        "_", "a b", "a", "a!", "a0", "ab", "À", "z", "é", "ㄱ", "가", "각", "까", "𠮷", "🍰", "ﬀx",
        "～", "100%", "10", "9", "Ö", "o", "ß", "ss", "st",
    ];
    let shelf: Vec<_> = names.map(|name| product(&owner, draft(name))).into();
    world.store_products(&shelf).await;
    let walked = world.walk(&owner, pages_of(3, Sort::Name)).await;
    assert_eq!(walked, sorted(&shelf, Sort::Name));
}

async fn the_bin_is_walked_like_the_shelf(world: Arc<World>) {
    let (owner, shelf) = shelf(&world).await;
    let (thrown, kept): (Vec<_>, Vec<_>) = shelf.iter().partition(|p| p.id.get() % 3 != 0);
    for product in &thrown {
        let done = world.products.delete(owner.id, product.id, None, noon());
        done.await.expect("a removal");
    }
    for sort in SORTS {
        let walked = world.walk(&owner, pages_of(3, sort)).await;
        assert_eq!(walked, sorted(kept.iter().copied(), sort), "{sort:?}");
        let bin = ProductQuery {
            deleted: true,
            ..pages_of(3, sort)
        };
        let walked = world.walk(&owner, bin).await;
        assert_eq!(walked, sorted(thrown.iter().copied(), sort), "{sort:?}");
    }
}

async fn a_page_is_as_long_as_its_limit(world: Arc<World>) {
    let (owner, shelf) = shelf(&world).await;
    for sort in SORTS {
        for limit in [1, 10, 21, 22, 23] {
            let page = world.page(&owner, &pages_of(limit, sort)).await;
            assert_eq!(page.len(), limit.min(shelf.len()), "{sort:?}");
        }
    }
    let nobody = world.user().await;
    assert_eq!(world.page(&nobody, &pages_of(3, Sort::Newest)).await, []);
}

/// Whether a filter keeps a product.
type Keeps = fn(&ProductDraft) -> bool;

/// Each filter by itself, and what it keeps.
fn filters() -> Vec<(ProductQuery, Keeps)> {
    let all = || ProductQuery::newest(100);
    vec![
        (
            ProductQuery {
                category: Some(category("음료")),
                ..all()
            },
            |draft| draft.category == category("음료"),
        ),
        (
            ProductQuery {
                category: Some(category("bread")),
                ..all()
            },
            |draft| draft.category == category("bread"),
        ),
        (
            ProductQuery {
                category: Some(category("b%")),
                ..all()
            },
            |_| false,
        ),
        (
            ProductQuery {
                size: Some(Size::Large),
                ..all()
            },
            |draft| draft.size == Size::Large,
        ),
        (
            ProductQuery {
                price_min: Some(won(1_000)),
                ..all()
            },
            |draft| draft.price >= won(1_000),
        ),
        (
            ProductQuery {
                price_max: Some(won(1_000)),
                ..all()
            },
            |draft| draft.price <= won(1_000),
        ),
        (
            ProductQuery {
                price_min: Some(won(501)),
                price_max: Some(won(1_999)),
                ..all()
            },
            |draft| draft.price == won(1_000),
        ),
        (
            ProductQuery {
                price_min: Some(won(2)),
                price_max: Some(won(1)),
                ..all()
            },
            |_| false,
        ),
        (
            ProductQuery {
                expiring_before: Some(day("2027-01-31")),
                ..all()
            },
            |draft| draft.expiration_date == Some(day("2026-12-01")),
        ),
        (
            ProductQuery {
                expiring_before: Some(day("2027-02-01")),
                ..all()
            },
            |draft| draft.expiration_date.is_some(),
        ),
        (
            ProductQuery {
                barcode: Some(barcode("a-1")),
                ..all()
            },
            |draft| draft.barcode == Some(barcode("a-1")),
        ),
    ]
}

async fn each_filter_keeps_what_it_names(world: Arc<World>) {
    let (owner, shelf) = shelf(&world).await;
    for (query, keeps) in filters() {
        let kept: Vec<_> = shelf.iter().filter(|p| keeps(&p.draft)).collect();
        for sort in SORTS {
            let query = ProductQuery {
                sort,
                limit: 3,
                ..query.clone()
            };
            let walked = world.walk(&owner, query.clone()).await;
            assert_eq!(walked, sorted(kept.iter().copied(), sort), "{query:?}");
        }
    }
}

async fn filters_are_joined_and_paged(world: Arc<World>) {
    let (owner, shelf) = shelf(&world).await;
    let query = ProductQuery {
        size: Some(Size::Small),
        price_min: Some(won(1_000)),
        expiring_before: Some(day("2027-02-01")),
        ..ProductQuery::newest(2)
    };
    let kept: Vec<_> = shelf
        .iter()
        .filter(|product| {
            let draft = &product.draft;
            draft.size == Size::Small
                && draft.price >= won(1_000)
                && draft.expiration_date.is_some()
        })
        .collect();
    assert!(kept.len() > 2, "more than a page");
    for sort in SORTS {
        let query = ProductQuery {
            sort,
            ..query.clone()
        };
        let walked = world.walk(&owner, query).await;
        assert_eq!(walked, sorted(kept.iter().copied(), sort), "{sort:?}");
    }
}

async fn products_that_come_and_go_between_pages_repeat_nothing(world: Arc<World>) {
    let owner = world.user().await;
    let shelf: Vec<_> = (0..RUNNERS)
        .map(|_| product(&owner, draft("라떼")))
        .collect();
    world.store_products(&shelf).await;
    for sort in SORTS {
        let mut query = pages_of(5, sort);
        let first = world.page(&owner, &query).await;
        let last = first.last().expect("a product");
        query.after = Some(crate::pages::behind(sort, last));
        let before = world.page(&owner, &query).await;

        // The last product seen goes and a cheaper one with an earlier name comes.
        let (here, gone) = (owner.id, last.id);
        let done = world.products.delete(here, gone, None, noon()).await;
        done.expect("a removal");
        let newcomer = ProductDraft {
            name: product_name("가"),
            price: won(1),
            expiration_date: Some(day("2020-01-01")),
            ..draft("가")
        };
        world.store_product(product(&owner, newcomer)).await;
        assert_eq!(world.page(&owner, &query).await, before, "{sort:?}");
    }
}
