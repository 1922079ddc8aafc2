//! Files that are taken out, and brought in again.

use std::io::Cursor;

use chrono::NaiveDate;
use domain::product::{
    Barcode, Category, Description, MAX_AMOUNT, MockProductRepository, ProductDraft, ProductName,
    Size, Won,
};
use futures_util::TryStreamExt;
use parking_lot::Mutex;
use proptest::prelude::*;

use super::*;
use crate::product::ImportOptions;
use crate::product::import::Importer;
use crate::testing::{OWNER, clock, failure, ids, product};

const COLUMNS: &str = "product_id,category,name,description,price,cost,barcode,expiration_date,\
                       size,created_at,updated_at\r\n";

/// A repository of these products, a page at a time.
fn shelf(products: Vec<Product>) -> MockProductRepository {
    let mut shelf = MockProductRepository::new();
    shelf.expect_list().returning(move |owner, query| {
        assert_eq!((owner.get(), query.limit), (OWNER, BATCH));
        let start = match query.after {
            Some(Position::Newest(id)) => 1 + products.iter().position(|p| p.id == id).expect("it"),
            _ => 0,
        };
        let rest = products.iter().skip(start);
        Ok(rest.take(query.limit).cloned().collect())
    });
    shelf
}

async fn export(products: Vec<Product>) -> Vec<Vec<u8>> {
    let pieces = stream(Arc::new(shelf(products)), OWNER.into()).try_collect();
    pieces.await.expect("a file")
}

async fn text(products: Vec<Product>) -> String {
    String::from_utf8(export(products).await.concat()).expect("UTF-8")
}

#[tokio::test]
async fn an_empty_shelf_gives_a_header() {
    assert_eq!(text(vec![]).await, COLUMNS);
}

#[tokio::test]
async fn cells_are_quoted_where_they_have_to_be() {
    let mut odd = product(1);
    odd.draft.description = Description::parse("a \"b\", c\r\nd").ok();
    odd.draft.category = Category::parse("x,y").expect("a category");
    odd.draft.expiration_date = NaiveDate::from_ymd_opt(2026, 11, 21);
    let rows = "1,\"x,y\",슈크림 라떼,\"a \"\"b\"\", c\r\nd\",4500,1200,,2026-11-21,small,\
                2026-11-21T09:00:00+00:00,2026-11-21T09:00:00+00:00\r\n";
    assert_eq!(text(vec![odd]).await, format!("{COLUMNS}{rows}"));
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let mut odd = product(1);
    odd.draft.name = ProductName::parse("=HYPERLINK(\"http://x\",\"y\")").expect("a name");
    odd.draft.category = Category::parse("@음료").expect("a category");
    odd.draft.description = Description::parse("-1, '+2").ok();
    odd.draft.barcode = Barcode::parse("+8801").ok();
    let drafts = [odd.draft.clone()];
    let file = text(vec![odd]).await;
    let row = "1,'@음료,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",\"'-1, '+2\",4500,1200,'+8801,,small,";
    assert!(file.contains(row), "{file}");
    assert_eq!(read_back(file.into()).await, drafts);
}

#[tokio::test]
async fn all_pages_are_read_and_no_piece_is_empty() {
    for count in [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1] {
        let products: Vec<_> = (1..=count as i64).rev().map(product).collect();
        let pieces = export(products).await;
        assert_eq!(pieces.len(), 1 + count.div_ceil(BATCH));
        assert!(pieces.iter().all(|piece| !piece.is_empty()));
        let lines = pieces.concat().iter().filter(|b| **b == b'\n').count();
        assert_eq!(lines, 1 + count);
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_read_breaks_the_file_off() {
    let mut shelf = MockProductRepository::new();
    shelf.expect_list().returning(|_, _| Err(failure()));
    let mut file = stream(Arc::new(shelf), OWNER.into());
    assert!(matches!(file.try_next().await, Ok(Some(_))));
    assert!(matches!(
        file.try_next().await,
        Err(ProductError::Repository(_))
    ));
}

/// Texts with everything that could break a file.
fn texts(most: usize) -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '"', ',', '\n', '\r', '\t', '\'', ';', '=', '+', '-', '@', '＝', ' ', '\u{feff}', '\u{a0}',
        '가', '\u{1100}',
    ]);
    // Many begin like formulas, or like formulas that are guarded already.
    let begin = prop_oneof![Just(""), Just("="), Just("'-"), Just("''@")];
    let rest = prop::collection::vec(prop_oneof![odd, any::<char>()], 1..=most);
    (begin, rest).prop_map(|(begin, rest)| begin.chars().chain(rest).collect())
}

prop_compose! {
    fn drafts()(
        category in texts(20).prop_filter_map("a category", |text| Category::parse(&text).ok()),
        name in texts(20).prop_filter_map("a name", |text| ProductName::parse(&text).ok()),
        // A blank description is brought in as none.
        description in texts(60).prop_map(|text| {
            Description::parse(&text).ok().filter(|text| !text.as_str().is_empty())
        }),
        price in 0..=MAX_AMOUNT,
        cost in 0..=MAX_AMOUNT,
        barcode in texts(14).prop_map(|text| Barcode::parse(&text).ok()),
        day in prop::option::of(1..=3_652_059_i32),
        large: bool,
    ) -> ProductDraft {
        ProductDraft {
            category,
            name,
            description,
            price: Won::parse(price).expect("a price"),
            cost: Won::parse(cost).expect("a cost"),
            barcode,
            expiration_date: day.and_then(NaiveDate::from_num_days_from_ce_opt),
            size: if large { Size::Large } else { Size::Small },
        }
    }
}

/// What a file holds for an import.
async fn read_back(file: Vec<u8>) -> Vec<ProductDraft> {
    let mut products = MockProductRepository::new();
    let staged = Arc::<Mutex<Vec<ProductDraft>>>::default();
    let seen = staged.clone();
    products.expect_stage().returning(move |_, batch| {
        let drafts = batch.iter().map(|product| product.draft.clone());
        seen.lock().extend(drafts);
        Ok(())
    });
    products.expect_publish().returning(|_| Ok(0));
    let clock = clock();
    let importer = Importer {
        products: &products,
        ids: &ids(&clock),
        clock: clock.as_ref(),
        owner: OWNER.into(),
        progress: Box::new(|_| {}),
    };
    let source = Box::pin(Cursor::new(file));
    let report = importer.run(source, &ImportOptions::default()).await;
    assert_eq!(report.expect("a report").problems, []);
    staged.lock().clone()
}

proptest! {
    #[test]
    fn what_is_taken_out_can_be_brought_in_again(
        drafts in prop::collection::vec(drafts(), 1..5),
    ) {
        let products = drafts.iter().zip(1..).map(|(draft, id)| Product {
            draft: draft.clone(),
            ..product(id)
        });
        let products = products.collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let read = runtime.expect("a runtime").block_on(async {
            read_back(export(products).await.concat()).await
        });
        prop_assert_eq!(read, drafts);
    }
}
