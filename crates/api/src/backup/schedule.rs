//! Backups that a server makes by itself, now and then.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Clock;
use repository::Database;
use tokio::sync::watch;
use tracing::{info, warn};

use super::turn;
use super::{Failure, Order, latest, take};
use crate::configuration::Configuration;

/// How soon is tried again what failed, and looked again at what another node does.
const AGAIN: Duration = Duration::from_secs(600);
/// A sleep no longer than this: a clock that is set meanwhile is heeded.
const NAP: Duration = Duration::from_secs(600);

/// Makes a backup whenever the latest one is old enough, whoever made that one.
pub(crate) struct Schedule {
    configuration: Configuration,
    folder: PathBuf,
    every: TimeDelta,
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Schedule {
    /// What the settings ask for, if anything.
    pub(crate) fn of(
        configuration: &Configuration,
        database: &Database,
        clock: &Arc<dyn Clock>,
    ) -> Option<Self> {
        let every = configuration.backup.every?;
        Some(Self {
            configuration: configuration.clone(),
            folder: configuration.backup.folder.clone(),
            every: TimeDelta::from_std(every).ok()?,
            database: database.clone(),
            clock: clock.clone(),
        })
    }

    /// Goes on until told to stop; a backup that is under way then is given up.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            let nap = match self.round(&mut stop).await {
                Ok(wait) => wait.min(NAP),
                Err(error) => {
                    warn!(%error, "no backup was made; trying again later");
                    AGAIN
                }
            };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(nap) => {}
            }
        }
    }

    /// Makes a backup if one is due; how long to wait for the next. Of all this only the making is
    /// cut off by a stop: no statement on the server's own connections is.
    async fn round(&self, stop: &mut watch::Receiver<bool>) -> Result<Duration, Failure> {
        let wait = self.wait()?;
        if !wait.is_zero() {
            return Ok(wait);
        }
        let Some(turn) = turn::take(&self.database).await? else {
            return Ok(AGAIN);
        };
        let made = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => Ok(()),
            made = self.make() => made,
        };
        turn.end().await?;
        made?;
        Ok(self.wait()?)
    }

    async fn make(&self) -> Result<(), Failure> {
        // Another node may have made it between the look and the turn.
        if !self.wait()?.is_zero() {
            return Ok(());
        }
        let order = Order {
            keep: self.configuration.backup.keep,
            secrets: true,
        };
        let clock = self.clock.as_ref();
        let taken = take(&self.configuration, &self.folder, order, clock).await?;
        info!(
            path = %taken.path.display(),
            files = taken.manifest.files.len(),
            bytes = taken.manifest.bytes(),
            removed = taken.removed,
            "backed up"
        );
        Ok(())
    }

    fn wait(&self) -> std::io::Result<Duration> {
        let latest = latest(&self.folder)?.map(|(at, _)| at);
        Ok(due_in(latest, self.every, self.clock.now()))
    }
}

/// How long until the next backup is due. One from the future, of a clock that was wrong, does not
/// put it off for longer than usual.
fn due_in(latest: Option<DateTime<Utc>>, every: TimeDelta, now: DateTime<Utc>) -> Duration {
    let Some(latest) = latest else {
        return Duration::ZERO;
    };
    let left = (latest + every - now).min(every);
    left.to_std().unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_when_the_latest_is_old_enough() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");
        let day = TimeDelta::days(1);
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        for (latest, expected) in [
            (None, hours(0)),
            (Some(now), hours(24)),
            (Some(now - TimeDelta::hours(20)), hours(4)),
            (Some(now - day), hours(0)),
            (Some(now - day * 9), hours(0)),
            (Some(now + day * 9), hours(24)),
        ] {
            assert_eq!(due_in(latest, day, now), expected, "{latest:?}");
        }
    }
}
