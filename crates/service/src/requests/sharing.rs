//! Telling the other nodes who asks a lot, and hearing how much they asked elsewhere.

use std::sync::Arc;
use std::time::Duration;

use domain::limit::{Limit, Spent};
use tracing::debug;

use super::{Asker, RequestLimits};

/// How often the others are told.
const EVERY: Duration = Duration::from_secs(1);
/// Who asks for less than this part of what the limit allows in that time is not told of: all
/// those parts of so many nodes together stay within it.
const PART: u32 = 10;
/// How many are told of at once; whoever is left out is counted here alone, until the next time.
const MOST: usize = 1_000;

/// Whether somebody is to be told of now: from a number of requests on, and, should nobody have
/// listened, at twice as many, and so on.
pub(super) fn is_worth_telling(spent: u32, limit: Limit) -> bool {
    let worth = worth_telling(limit);
    spent.is_multiple_of(worth) && (spent / worth).is_power_of_two()
}

/// From how many requests on somebody is told of.
pub(super) fn worth_telling(limit: Limit) -> u32 {
    let allowed = EVERY.as_nanos() / limit.refill.as_nanos().max(1);
    let part = u32::try_from(allowed / u128::from(PART)).unwrap_or(u32::MAX);
    part.max(1)
}

/// What somebody's bucket is called among all nodes.
fn name(asker: Asker) -> String {
    let policy = asker.policy().as_str();
    match asker {
        Asker::Account(user) => format!("requests {policy} {user}"),
        Asker::Key(key) => format!("requests {policy} {key}"),
        Asker::Address(address) => {
            format!(
                "requests {policy} {}",
                crate::user::address_key(Some(address))
            )
        }
    }
}

impl RequestLimits {
    /// Remembers that somebody has to be told of.
    pub(super) fn note_busy(&self, asker: Asker) {
        let mut busy = self.busy.lock();
        if busy.len() < MOST {
            busy.push(asker);
        }
    }

    /// Shares what is spent here, once a second, for ever. Returns at once where nobody shares.
    pub async fn keep_sharing(self: Arc<Self>) {
        if self.shared.is_none() {
            return;
        }
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            self.share().await;
        }
    }

    /// Tells the other nodes once, and takes over how the buckets stand. Where they cannot be
    /// asked, what was spent stays counted here.
    pub async fn share(&self) {
        let Some(shared) = &self.shared else { return };
        let busy = std::mem::take(&mut *self.busy.lock());
        let now = self.now();
        let spent: Vec<_> = busy
            .into_iter()
            .filter_map(|asker| {
                let limit = self.limit(asker.policy())?;
                let tries = self.table.spent(asker.key(), now);
                if tries == 0 {
                    return None;
                }
                let bucket = name(asker);
                Some((
                    asker,
                    Spent {
                        bucket,
                        limit,
                        tries,
                    },
                ))
            })
            .collect();
        let told: Vec<_> = spent.iter().map(|(_, spent)| spent.clone()).collect();
        if told.is_empty() {
            return;
        }
        match shared.note(&told).await {
            Ok(owed) => {
                let now = self.now();
                for ((asker, spent), owed) in spent.iter().zip(owed) {
                    self.table.owe(asker.key(), spent.limit, owed, now);
                }
            }
            Err(error) => debug!(%error, "the other nodes were not told who asks a lot"),
        }
    }
}
