//! Which outfits a person hearts.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::RepositoryError;
use domain::outfit::{HeartRepository, OutfitId};
use domain::user::PersonId;

use crate::figures::CacheFigures;
use crate::remembered::Remembered;

const PEOPLE: u64 = 50_000;
const KEEP: Duration = Duration::from_secs(600);

/// Answers whether a person hearts an outfit. Where all hearts pass through this process the
/// answer is remembered; elsewhere storage is asked each time.
pub struct Liked {
    hearts: Arc<dyn HeartRepository>,
    known: Option<Remembered<PersonId, Arc<HashSet<OutfitId>>>>,
}

impl Liked {
    /// Over `hearts`; `alone` says that no other process gives or takes hearts.
    #[must_use]
    pub fn new(hearts: Arc<dyn HeartRepository>, alone: bool) -> Self {
        Self {
            hearts,
            known: alone.then(|| Remembered::new(PEOPLE, KEEP)),
        }
    }

    /// How often somebody's hearts were known; `None` where storage is asked each time.
    #[must_use]
    pub fn cache(&self) -> Option<CacheFigures> {
        self.known.as_ref().map(Remembered::figures)
    }

    /// Those of `outfits` that the person hearts.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn among(
        &self,
        person: PersonId,
        outfits: &[OutfitId],
    ) -> Result<HashSet<OutfitId>, RepositoryError> {
        let Some(known) = &self.known else {
            let found = self.hearts.among(person, outfits).await?;
            return Ok(found.into_iter().collect());
        };
        let read = async {
            let all = self.hearts.outfits(person).await?;
            Ok::<_, RepositoryError>(Some(Arc::new(all.into_iter().collect())))
        };
        let all = known.get(person, read).await?.unwrap_or_default();
        Ok(outfits
            .iter()
            .copied()
            .filter(|id| all.contains(id))
            .collect())
    }

    /// Forgets what is known of a person, whose hearts changed.
    pub fn forget(&self, person: PersonId) {
        if let Some(known) = &self.known {
            known.forget(&person);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::outfit::MockHeartRepository;

    use super::*;

    #[tokio::test]
    async fn alone_it_reads_once_until_something_changes() {
        let mut hearts = MockHeartRepository::new();
        hearts
            .expect_outfits()
            .times(2)
            .returning(|_| Ok(vec![1.into(), 2.into()]));
        let liked = Liked::new(Arc::new(hearts), true);
        for forgets in [false, true, false] {
            let found = liked.among(9.into(), &[2.into(), 3.into()]).await;
            assert_eq!(found.expect("an answer"), HashSet::from([2.into()]));
            if forgets {
                liked.forget(9.into());
            }
        }
    }

    #[tokio::test]
    async fn among_others_it_asks_each_time() {
        let mut hearts = MockHeartRepository::new();
        hearts
            .expect_among()
            .times(2)
            .returning(|_, asked| Ok(asked.to_vec()));
        let liked = Liked::new(Arc::new(hearts), false);
        for _ in 0..2 {
            let found = liked.among(9.into(), &[2.into()]).await;
            assert_eq!(found.expect("an answer"), HashSet::from([2.into()]));
        }
    }
}
