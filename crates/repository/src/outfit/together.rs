//! Hearts that come at the same moment, in one transaction.
//!
//! A transaction is some ways to the database and back and one wait for the disk, however many
//! hearts it writes. While one is under way those that come wait together for the next. A heart
//! that comes alone waits for nobody.

use std::sync::Arc;

use domain::RepositoryError;
use domain::outfit::{HeartOutcome, OutfitEvent};
use parking_lot::Mutex;
use sea_orm::{ConnectionTrait, DbBackend};
use tokio::sync::oneshot;

use super::heart_batch::set_all;
use crate::executor::Executor;

/// Hearts of a transaction.
const MOST: usize = 200;
/// Transactions at a time on a server, where one may have to wait for somebody who holds an outfit.
/// SQLite has one writer.
const WORKERS: usize = 4;

/// A heart, and where its outcome is told.
struct Waiting {
    event: OutfitEvent,
    wanted: bool,
    done: oneshot::Sender<Result<HeartOutcome, RepositoryError>>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    workers: usize,
}

/// Those who wait for the next transaction.
pub(super) struct Together {
    queue: Arc<Mutex<Queue>>,
    workers: usize,
}

impl Together {
    pub(super) fn over(executor: &Executor) -> Self {
        let sqlite = executor.write().get_database_backend() == DbBackend::Sqlite;
        Self {
            queue: Arc::default(),
            workers: if sqlite { 1 } else { WORKERS },
        }
    }

    /// Sets a heart; it is durable when this returns. Whoever waits no longer has set it or not.
    pub(super) async fn set(
        &self,
        executor: &Executor,
        event: &OutfitEvent,
        wanted: bool,
    ) -> Result<HeartOutcome, RepositoryError> {
        let (done, outcome) = oneshot::channel();
        let is_needed = {
            let mut queue = self.queue.lock();
            queue.waiting.push(Waiting {
                event: *event,
                wanted,
                done,
            });
            let is_needed = queue.workers < self.workers;
            queue.workers += usize::from(is_needed);
            is_needed
        };
        if is_needed {
            // A task of its own: whoever came first may hang up, and the others still wait.
            let worker = Worker {
                queue: self.queue.clone(),
                is_working: true,
            };
            tokio::spawn(worker.run(executor.clone()));
        }
        let interrupted = |_| RepositoryError::storage("hearts were not written: the process ends");
        outcome.await.map_err(interrupted)?
    }
}

/// Writes what waits until nothing does.
struct Worker {
    queue: Arc<Mutex<Queue>>,
    is_working: bool,
}

impl Worker {
    async fn run(mut self, executor: Executor) {
        while let Some(batch) = self.next() {
            write(&executor, batch).await;
        }
    }

    /// What waits; nothing, and the work is over.
    fn next(&mut self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue.lock();
        if queue.waiting.is_empty() {
            queue.workers -= 1;
            self.is_working = false;
            return None;
        }
        let most = queue.waiting.len().min(MOST);
        Some(queue.waiting.drain(..most).collect())
    }
}

impl Drop for Worker {
    /// Where the runtime ends in the middle, those who wait are told by the end of their channel.
    fn drop(&mut self) {
        if self.is_working {
            let mut queue = self.queue.lock();
            queue.workers -= 1;
            if queue.workers == 0 {
                queue.waiting.clear();
            }
        }
    }
}

/// Writes hearts together, and where that fails one by one: somebody's bad luck is not everybody's.
async fn write(executor: &Executor, batch: Vec<Waiting>) {
    let wishes: Vec<_> = batch.iter().map(|one| (one.event, one.wanted)).collect();
    match commit(executor, &wishes).await {
        Ok(outcomes) => {
            for (one, outcome) in batch.into_iter().zip(outcomes) {
                // Who waited may have hung up.
                let _ = one.done.send(Ok(outcome));
            }
        }
        Err(error) if batch.len() == 1 => {
            for one in batch.into_iter().zip([error]) {
                let _ = one.0.done.send(Err(one.1));
            }
        }
        Err(_) => {
            for (one, wish) in batch.into_iter().zip(wishes) {
                let outcome = commit(executor, &[wish]).await;
                let outcome = outcome.and_then(|outcomes| {
                    let outcome = outcomes.into_iter().next();
                    outcome.ok_or_else(|| RepositoryError::storage("a heart without an outcome"))
                });
                let _ = one.done.send(outcome);
            }
        }
    }
}

async fn commit(
    executor: &Executor,
    wishes: &[(OutfitEvent, bool)],
) -> Result<Vec<HeartOutcome>, RepositoryError> {
    executor
        .retrying(|| async {
            let scope = executor.scope().await?;
            let outcomes = set_all(scope.transaction(), wishes).await?;
            scope.finish().await?;
            Ok(outcomes)
        })
        .await
}
