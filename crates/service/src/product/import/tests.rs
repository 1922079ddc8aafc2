//! Files that are brought in.

mod cells;
mod effects;

use std::io::Cursor;
use std::sync::Arc;

use domain::clock::FixedClock;
use domain::product::MockProductRepository;
use parking_lot::Mutex;

use super::*;
use crate::testing::{self, OWNER, failure, ids};

const HEADER: &str = "category,name,price,cost,size\n";

/// What storage was asked for, in order.
#[derive(Default)]
struct Log {
    staged: Vec<Vec<Product>>,
    published: usize,
    discarded: usize,
    progress: Vec<u64>,
}

impl Log {
    fn drafts(&self) -> Vec<ProductDraft> {
        let staged = self.staged.iter().flatten();
        staged.map(|product| product.draft.clone()).collect()
    }

    fn sizes(&self) -> Vec<usize> {
        self.staged.iter().map(Vec::len).collect()
    }
}

struct World {
    products: MockProductRepository,
    log: Arc<Mutex<Log>>,
    clock: Arc<FixedClock>,
}

/// Storage that takes everything.
fn world() -> World {
    let mut world = silent();
    let log = world.log.clone();
    world.products.expect_stage().returning(move |_, batch| {
        log.lock().staged.push(batch.to_vec());
        Ok(())
    });
    let log = world.log.clone();
    world.products.expect_publish().returning(move |_| {
        let mut log = log.lock();
        log.published += 1;
        Ok(log.staged.iter().map(Vec::len).sum::<usize>() as u64)
    });
    world
}

/// Storage that only takes away.
fn silent() -> World {
    let log = Arc::<Mutex<Log>>::default();
    let mut products = MockProductRepository::new();
    let seen = log.clone();
    products.expect_discard().returning(move |_| {
        seen.lock().discarded += 1;
        Ok(0)
    });
    World {
        products,
        log,
        clock: testing::clock(),
    }
}

impl World {
    async fn import_from(
        &self,
        source: ImportSource,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        let log = self.log.clone();
        let importer = Importer {
            products: &self.products,
            ids: &ids(&self.clock),
            clock: self.clock.as_ref(),
            owner: OWNER.into(),
            progress: Box::new(move |rows| log.lock().progress.push(rows)),
        };
        importer.run(source, options).await
    }

    async fn import_with(
        &self,
        file: impl Into<Vec<u8>>,
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        let source = Box::pin(Cursor::new(file.into()));
        self.import_from(source, options).await
    }

    async fn import(&self, file: impl Into<Vec<u8>>) -> ImportReport {
        let report = self.import_with(file, &ImportOptions::default()).await;
        report.expect("a report")
    }
}

fn rows(count: usize) -> String {
    let rows = (1..=count).map(|row| format!("음료,라떼 {row},4500,1200,small\n"));
    format!("{HEADER}{}", rows.collect::<String>())
}

/// The findings as line, member and code.
fn findings(report: &ImportReport) -> Vec<(u64, &'static str, &'static str)> {
    let problems = report.problems.iter();
    problems
        .map(|problem| (problem.line, problem.column, problem.error.code))
        .collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}
