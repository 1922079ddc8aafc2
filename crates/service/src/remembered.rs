//! Remembering what was read, without ever remembering what is no longer true.

use std::future::Future;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;

use crate::figures::{CacheFigures, Lookups};

/// Values by key, read through and forgotten on demand.
///
/// Forgetting is exact also while a value is being read: had it changed between reading and
/// keeping it, nobody would remove the old one again. So whoever forgets first counts and then
/// removes, and whoever keeps first keeps and then looks at the count: either they see that
/// something was forgotten meanwhile and remove what they kept, or what they kept is removed by
/// the other.
pub struct Remembered<K, V> {
    values: Cache<K, V>,
    forgotten: AtomicU64,
    lookups: Lookups,
}

impl<K, V> Remembered<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Keeps up to `entries` values, each for up to `keep`.
    #[must_use]
    pub fn new(entries: u64, keep: Duration) -> Self {
        let values = Cache::builder()
            .max_capacity(entries)
            .time_to_live(keep)
            .support_invalidation_closures()
            .build();
        Self {
            values,
            forgotten: AtomicU64::new(0),
            lookups: Lookups::default(),
        }
    }

    /// How often it was asked, and how much it keeps.
    #[must_use]
    pub fn figures(&self) -> CacheFigures {
        self.lookups.read(self.values.entry_count())
    }

    /// The value kept for `key`, or what `read` answers. Absence is not kept.
    ///
    /// # Errors
    /// What `read` answers.
    pub async fn get<E>(
        &self,
        key: K,
        read: impl Future<Output = Result<Option<V>, E>>,
    ) -> Result<Option<V>, E> {
        let found = self.values.get(&key);
        self.lookups.note(found.is_some());
        if found.is_some() {
            return Ok(found);
        }
        let before = self.forgotten.load(Ordering::SeqCst);
        let value = read.await?;
        if let Some(value) = &value {
            self.values.insert(key.clone(), value.clone());
            if self.forgotten.load(Ordering::SeqCst) != before {
                self.values.invalidate(&key);
            }
        }
        Ok(value)
    }

    /// Forgets one value.
    pub fn forget(&self, key: &K) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.values.invalidate(key);
    }

    /// Forgets the values of which `is_meant` says so. It goes through all of them, later: for what happens rarely.
    pub fn forget_where(&self, is_meant: impl Fn(&V) -> bool + Send + Sync + 'static) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        if self
            .values
            .invalidate_entries_if(move |_, value| is_meant(value))
            .is_err()
        {
            self.values.invalidate_all();
        }
    }

    /// Keeps what is known to be so without having been read.
    pub fn keep(&self, key: K, value: V) {
        self.values.insert(key, value);
    }

    /// Forgets all values.
    pub fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.values.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn remembered() -> Remembered<u8, &'static str> {
        Remembered::new(10, Duration::from_secs(60))
    }

    async fn read(value: Option<&'static str>) -> Result<Option<&'static str>, Infallible> {
        Ok(value)
    }

    #[tokio::test]
    async fn a_value_is_read_once_until_it_is_forgotten() {
        let values = remembered();
        assert_eq!(values.get(1, read(Some("old"))).await, Ok(Some("old")));
        assert_eq!(values.get(1, read(Some("new"))).await, Ok(Some("old")));
        values.forget(&1);
        assert_eq!(values.get(1, read(Some("new"))).await, Ok(Some("new")));
        values.forget_all();
        assert_eq!(values.get(1, read(None)).await, Ok(None));
        let figures = values.figures();
        assert_eq!((figures.hits, figures.misses), (1, 3));
    }

    #[tokio::test]
    async fn what_is_meant_is_forgotten_and_nothing_else() {
        let values = remembered();
        values.keep(1, "one");
        values.keep(2, "two");
        values.forget_where(|value| *value == "one");
        assert_eq!(values.get(1, read(Some("new"))).await, Ok(Some("new")));
        assert_eq!(values.get(2, read(None)).await, Ok(Some("two")));
    }

    #[tokio::test]
    async fn what_changes_while_it_is_read_is_not_kept() {
        let values = remembered();
        let changing = async {
            values.forget(&1);
            Ok::<_, Infallible>(Some("old"))
        };
        assert_eq!(values.get(1, changing).await, Ok(Some("old")));
        assert_eq!(values.get(1, read(Some("new"))).await, Ok(Some("new")));
    }
}
