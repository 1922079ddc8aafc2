//! Keeping and finding products.

use domain::RepositoryError;
use domain::product::{MAX_AMOUNT, MockProductRepository};
use mockall::predicate::{always, eq};

use super::*;
use crate::testing::{OWNER, clock, draft, failure, ids, product, start};

fn service(products: MockProductRepository) -> DefaultProductService {
    let clock = clock();
    DefaultProductService {
        products: Arc::new(products),
        ids: ids(&clock),
        clock,
    }
}

fn listing(limit: usize) -> ListProducts {
    ListProducts {
        limit,
        ..ListProducts::default()
    }
}

/// A shelf that answers these products whatever is asked for.
fn shelf(products: Vec<Product>) -> MockProductRepository {
    let mut shelf = MockProductRepository::new();
    shelf
        .expect_list()
        .returning(move |_, _| Ok(products.clone()));
    shelf
}

#[tokio::test]
async fn a_new_product_is_stored_as_it_is_answered() {
    let mut products = MockProductRepository::new();
    products
        .expect_insert()
        .withf(|product| {
            product.owner_id.get() == OWNER
                && product.draft == draft("라떼")
                && product.version == Version::FIRST
                && product.created_at == start()
        })
        .times(1)
        .returning(|_| Ok(()));
    let made = service(products).create(OWNER.into(), draft("라떼")).await;
    assert!(made.is_ok_and(|made| made.draft == draft("라떼")));
}

#[tokio::test]
async fn what_the_owner_does_not_have_is_not_found() {
    let mut products = MockProductRepository::new();
    products
        .expect_find_owned()
        .with(eq(UserId::from(OWNER)), always())
        .returning(|_, id| Ok((id.get() == 1).then(|| product(1))));
    let service = service(products);
    let found = service.find(OWNER.into(), 1.into()).await;
    assert!(found.is_ok_and(|found| found == product(1)));
    let absent = service.find(OWNER.into(), 2.into()).await;
    assert!(matches!(absent, Err(ProductError::NotFound)));
}

#[tokio::test]
async fn outcomes_of_a_change_are_told_apart() {
    for (outcome, expected) in [
        (ProductOutcome::Done(Box::new(product(1))), None),
        (ProductOutcome::Stale, Some("the product has changed")),
        (ProductOutcome::Absent, Some("there is no such product")),
    ] {
        let mut products = MockProductRepository::new();
        let (one, two, three) = (outcome.clone(), outcome.clone(), outcome);
        let version = Some(Version::from(3));
        products
            .expect_update()
            .withf(move |owner, id, expected, _, now| {
                (owner.get(), id.get(), *expected, *now) == (OWNER, 1, version, start())
            })
            .returning(move |_, _, _, _, _| Ok(one.clone()));
        products
            .expect_delete()
            .with(eq(UserId::from(OWNER)), always(), eq(version), eq(start()))
            .returning(move |_, _, _, _| Ok(two.clone()));
        products
            .expect_restore()
            .with(eq(UserId::from(OWNER)), always(), eq(start()))
            .returning(move |_, _, _| Ok(three.clone()));
        let service = service(products);
        let (owner, id) = (OWNER.into(), ProductId::from(1));
        let change = ProductChange::default();
        let told = [
            service.update(owner, id, version, &change).await.err(),
            service.delete(owner, id, version).await.err(),
            service.restore(owner, id).await.err(),
        ];
        for error in told {
            let told = error.map(|error| error.to_string());
            assert_eq!(told.as_deref(), expected);
        }
    }
}

#[tokio::test]
async fn storage_that_fails_is_told() {
    let mut products = MockProductRepository::new();
    products
        .expect_insert()
        .returning(|_| Err(RepositoryError::Contention));
    products.expect_list().returning(|_, _| Err(failure()));
    let service = service(products);
    let made = service.create(OWNER.into(), draft("라떼")).await;
    assert!(matches!(
        made,
        Err(ProductError::Repository(RepositoryError::Contention))
    ));
    let listed = service.list(OWNER.into(), &listing(10)).await;
    assert!(matches!(listed, Err(ProductError::Repository(_))));
}

#[tokio::test]
async fn one_more_than_a_page_is_asked_for_and_none_more_answered() {
    for (stored, is_last) in [(0, true), (1, true), (2, true), (3, false)] {
        let mut products = MockProductRepository::new();
        products
            .expect_list()
            .withf(|owner, query| owner.get() == OWNER && query.limit == 3 && query.after.is_none())
            .times(1)
            .returning(move |_, _| Ok((1..=stored).rev().map(product).collect()));
        let page = service(products).list(OWNER.into(), &listing(2)).await;
        let page = page.expect("a page");
        assert_eq!(page.items.len() as i64, stored.min(2));
        assert_eq!(page.next_cursor.is_none(), is_last, "{stored}");
    }
}

#[tokio::test]
async fn every_filter_reaches_storage() {
    let won = |amount| Won::parse(amount).ok();
    let query = ListProducts {
        q: Some("ㅅㅋㄹ".into()),
        category: Category::parse("음료").ok(),
        size: Some(Size::Large),
        price_min: won(1),
        price_max: won(MAX_AMOUNT),
        expiring_before: NaiveDate::from_ymd_opt(2026, 11, 21),
        barcode: Barcode::parse("A-1").ok(),
        deleted: true,
        sort: Sort::Price,
        cursor: None,
        limit: 100,
    };
    let expected = query.clone();
    let mut products = MockProductRepository::new();
    products
        .expect_list()
        .withf(move |_, query| {
            query.search.is_some()
                && query.category == expected.category
                && query.size == expected.size
                && query.price_min == expected.price_min
                && query.price_max == expected.price_max
                && query.expiring_before == expected.expiring_before
                && query.barcode == expected.barcode
                && query.deleted
                && query.sort == Sort::Price
                && query.limit == 101
        })
        .times(1)
        .returning(|_, _| Ok(vec![]));
    assert!(service(products).list(OWNER.into(), &query).await.is_ok());
}

#[tokio::test]
async fn a_cursor_goes_on_behind_the_last_product_in_every_order() {
    for sort in [Sort::Newest, Sort::Name, Sort::Price, Sort::Expiry] {
        let mut products = MockProductRepository::new();
        products
            .expect_list()
            .withf(|_, query| query.after.is_none())
            .times(1)
            .returning(|_, _| Ok(vec![product(9), product(8)]));
        products
            .expect_list()
            .withf(move |_, query| query.after == Some(position(&product(9), sort)))
            .times(1)
            .returning(|_, _| Ok(vec![product(8)]));
        let service = service(products);
        let mut query = ListProducts { sort, ..listing(1) };
        let first = service.list(OWNER.into(), &query).await.expect("a page");
        query.cursor = first.next_cursor;
        // How many are wanted may change on the way.
        query.limit = 5;
        let second = service.list(OWNER.into(), &query).await.expect("a page");
        assert_eq!(second.items, [product(8)]);
        assert_eq!(second.next_cursor, None);
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let service = service(shelf(vec![product(9), product(8)]));
    let first = service.list(OWNER.into(), &listing(1)).await;
    let cursor = first.expect("a page").next_cursor;
    assert!(cursor.is_some());
    let base = || ListProducts {
        cursor: cursor.clone(),
        ..listing(1)
    };
    assert!(service.list(OWNER.into(), &base()).await.is_ok());
    let others = [
        ListProducts {
            q: Some("라떼".into()),
            ..base()
        },
        ListProducts {
            category: Category::parse("음료").ok(),
            ..base()
        },
        ListProducts {
            size: Some(Size::Small),
            ..base()
        },
        ListProducts {
            price_min: Won::parse(0).ok(),
            ..base()
        },
        ListProducts {
            price_max: Won::parse(0).ok(),
            ..base()
        },
        ListProducts {
            expiring_before: NaiveDate::from_ymd_opt(2026, 11, 21),
            ..base()
        },
        ListProducts {
            barcode: Barcode::parse("A-1").ok(),
            ..base()
        },
        ListProducts {
            deleted: true,
            ..base()
        },
        ListProducts {
            sort: Sort::Price,
            ..base()
        },
        ListProducts {
            cursor: Some("nonsense".into()),
            ..base()
        },
        ListProducts {
            cursor: Some(String::new()),
            ..base()
        },
    ];
    for other in others {
        let refused = service.list(OWNER.into(), &other).await;
        assert!(
            matches!(refused, Err(ProductError::InvalidCursor)),
            "{other:?}"
        );
    }
}
