//! What an import stores, and when.

use std::collections::HashSet;
use std::io;
use std::task::{Context, Poll};

use tokio::io::ReadBuf;

use super::*;

#[tokio::test]
async fn rows_are_stored_in_batches_and_published_once() {
    for (count, sizes) in [
        (1, vec![1]),
        (999, vec![999]),
        (1_000, vec![1_000]),
        (1_001, vec![1_000, 1]),
        (2_000, vec![1_000, 1_000]),
    ] {
        let world = world();
        let report = world.import(rows(count)).await;
        let log = world.log.lock();
        assert_eq!(log.sizes(), sizes);
        assert_eq!((log.published, log.discarded), (1, 0));
        assert_eq!((report.rows, report.imported), (count as u64, count as u64));
        assert_eq!(log.progress.last(), Some(&(count as u64)));
    }
}

#[tokio::test]
async fn a_file_of_only_a_header_stores_nothing() {
    let world = world();
    let report = world.import(HEADER).await;
    assert_eq!(report, ImportReport::default());
    assert!(world.log.lock().staged.is_empty());
}

#[tokio::test]
async fn products_are_new_their_owners_and_in_the_order_of_the_file() {
    let world = world();
    world.import(rows(1_050)).await;
    let log = world.log.lock();
    let products: Vec<_> = log.staged.iter().flatten().collect();
    assert!(products.iter().all(|product| {
        product.owner_id.get() == OWNER && product.created_at == testing::start()
    }));
    assert!(products.is_sorted_by_key(|product| product.id));
    let ids: HashSet<_> = products.iter().map(|product| product.id).collect();
    assert_eq!(ids.len(), 1_050);
}

#[tokio::test]
async fn all_batches_belong_to_the_import_that_is_published() {
    let mut products = MockProductRepository::new();
    let imports = Arc::<Mutex<Vec<ImportId>>>::default();
    let seen = imports.clone();
    products.expect_stage().returning(move |import, _| {
        seen.lock().push(import);
        Ok(())
    });
    let seen = imports.clone();
    products.expect_publish().times(1).returning(move |import| {
        seen.lock().push(import);
        // Who was deleted meanwhile has fewer products than rows.
        Ok(3)
    });
    let world = World {
        products,
        ..silent()
    };
    assert_eq!(world.import(rows(1_001)).await.imported, 3);
    let imports = imports.lock();
    assert_eq!(imports.len(), 3);
    assert!(imports.iter().all(|import| *import == imports[0]));
}

#[tokio::test]
async fn a_dry_run_stores_nothing_and_reports_the_same() {
    let file = format!("{},,,,\n", rows(1_001));
    let world = MockProductRepository::new();
    let dry = World {
        products: world,
        ..silent()
    };
    let options = ImportOptions {
        dry_run: true,
        ..ImportOptions::default()
    };
    let mut report = dry
        .import_with(file.clone(), &options)
        .await
        .expect("a report");
    assert!(report.dry_run);
    report.dry_run = false;
    assert_eq!(report, self::world().import(file).await);
    // One that fails has nothing to clear away.
    assert!(dry.import_with("", &options).await.is_err());
}

#[tokio::test]
async fn a_file_that_is_too_large_leaves_nothing_behind() {
    let file = rows(300);
    let size = file.len() as u64;
    for (max_bytes, fits) in [
        (size, true),
        (size + 1, true),
        (size - 1, false),
        (1, false),
    ] {
        let world = world();
        let options = ImportOptions {
            max_bytes: Some(max_bytes),
            // With a limit this small not even the header is whole.
            defaults: pairs([
                ("category", "a"),
                ("name", "b"),
                ("price", "1"),
                ("cost", "1"),
                ("size", "small"),
            ]),
            ..ImportOptions::default()
        };
        let imported = world.import_with(file.clone(), &options).await;
        assert_eq!(imported.is_ok(), fits);
        if !fits {
            assert!(matches!(imported, Err(ImportError::TooLarge)));
        }
        let log = world.log.lock();
        assert_eq!(
            (log.published, log.discarded),
            (usize::from(fits), usize::from(!fits))
        );
    }
}

#[tokio::test]
async fn no_limit_is_too_large_to_count() {
    let options = ImportOptions {
        max_bytes: Some(u64::MAX),
        ..ImportOptions::default()
    };
    assert!(world().import_with(rows(1), &options).await.is_ok());
}

#[tokio::test]
async fn storage_that_fails_in_the_middle_leaves_nothing_behind() {
    let mut world = silent();
    let mut batches = 0;
    world
        .products
        .expect_stage()
        .times(2)
        .returning(move |_, _| {
            batches += 1;
            if batches == 2 { Err(failure()) } else { Ok(()) }
        });
    let failed = world
        .import_with(rows(2_001), &ImportOptions::default())
        .await;
    assert!(matches!(failed, Err(ImportError::Repository(_))));
    assert_eq!(world.log.lock().discarded, 1);
}

#[tokio::test]
async fn storage_that_fails_at_the_end_leaves_nothing_behind() {
    let mut world = silent();
    world.products.expect_stage().returning(|_, _| Ok(()));
    world
        .products
        .expect_publish()
        .returning(|_| Err(failure()));
    let failed = world.import_with(rows(1), &ImportOptions::default()).await;
    assert!(matches!(failed, Err(ImportError::Repository(_))));
    assert_eq!(world.log.lock().discarded, 1);
}

#[tokio::test]
async fn what_cannot_be_cleared_away_does_not_hide_why() {
    let mut products = MockProductRepository::new();
    products
        .expect_discard()
        .times(1)
        .returning(|_| Err(failure()));
    let world = World {
        products,
        ..silent()
    };
    let refused = world.import_with("", &ImportOptions::default()).await;
    assert!(matches!(refused, Err(ImportError::MissingColumns(_))));
}

/// A connection that breaks off.
struct Broken;

impl AsyncRead for Broken {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_nothing_behind() {
    let world = world();
    let source = Box::pin(Cursor::new(rows(300).into_bytes()).chain(Broken));
    let broken = world.import_from(source, &ImportOptions::default()).await;
    assert!(matches!(broken, Err(ImportError::Unreadable(_))));
    let log = world.log.lock();
    assert_eq!((log.published, log.discarded), (0, 1));
}

#[tokio::test]
async fn problems_are_listed_up_to_a_limit_and_all_counted() {
    let world = world();
    let bad = "음료,라떼,free,1200,huge\n".repeat(6_000);
    let report = world.import(format!("{HEADER}{bad}")).await;
    assert_eq!(report.failed, 6_000);
    assert_eq!(report.problems.len(), MAX_PROBLEMS);
}
