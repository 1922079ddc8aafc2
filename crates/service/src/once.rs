//! Requests under a key of the client's choice: whatever comes of one is kept for a day, so that a
//! client that did not hear the answer may ask again and changes nothing more.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::once::{AnswerRepository, KeptAnswer};
use domain::user::UserId;
use domain::{Clock, RepositoryError};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use crate::hex::hexadecimal;
use crate::sealing::Sealer;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long a request may be in hand. After that its node is taken for dead, and the key is free.
const IN_HAND: TimeDelta = TimeDelta::seconds(90);
/// The longest answer that is kept, in bytes: sealed it fits in MySQL's `TEXT`.
pub const MAX_ANSWER: usize = 40 * 1024;

/// A request that is in hand: it ends with [`OnceRequests::keep`] or [`OnceRequests::release`].
#[derive(Debug)]
pub struct Claim {
    id: String,
}

/// What became of asking under a key.
#[derive(Debug)]
pub enum Claimed {
    /// It was not asked for before.
    New(Claim),
    /// It was: this was answered.
    Before(Vec<u8>),
    /// It was, and nobody knows yet what comes of it.
    InHand,
    /// Something else was asked for under this key.
    Reused,
}

/// Answers by who asked and the key under which they did. They are sealed: some hold secrets that
/// are shown once.
pub struct OnceRequests {
    answers: Arc<dyn AnswerRepository>,
    sealer: Arc<Sealer>,
    clock: Arc<dyn Clock>,
}

impl OnceRequests {
    /// Over the repository.
    #[must_use]
    pub fn new(
        answers: Arc<dyn AnswerRepository>,
        sealer: Arc<Sealer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            answers,
            sealer,
            clock,
        }
    }

    /// Begins a request under a key; `request` is all there is to it.
    ///
    /// # Errors
    /// Those of the repository.
    pub async fn claim(
        &self,
        owner: UserId,
        key: &str,
        request: &[u8],
    ) -> Result<Claimed, RepositoryError> {
        let now = self.clock.now();
        // Other than the ids of what programs send, which share the table.
        let id = hash(format!("request {owner} {key}").as_bytes());
        let in_hand = KeptAnswer {
            id: id.clone(),
            owner,
            request: hash(request),
            answer: String::new(),
            until: now + IN_HAND,
        };
        if self.answers.keep(&in_hand, now).await? {
            return Ok(Claimed::New(Claim { id }));
        }
        let kept = self.answers.find(&id).await?;
        // Given up in this very moment: the next attempt finds it free.
        let Some(kept) = kept.filter(|kept| kept.until >= now) else {
            return Ok(Claimed::InHand);
        };
        if kept.request != in_hand.request {
            return Ok(Claimed::Reused);
        }
        if kept.answer.is_empty() {
            return Ok(Claimed::InHand);
        }
        let opened = self.sealer.open(&context(&id), &kept.answer);
        let opened = opened.map_err(RepositoryError::storage)?;
        Ok(Claimed::Before(opened.expose_secret().to_vec()))
    }

    /// Ends a request: this was answered, and will be again.
    ///
    /// # Errors
    /// Those of the repository.
    pub async fn keep(&self, claim: Claim, answer: &[u8]) -> Result<(), RepositoryError> {
        let sealed = self.sealer.seal(&context(&claim.id), answer);
        let sealed = sealed.map_err(RepositoryError::storage)?;
        let until = self.clock.now() + KEPT;
        self.answers.complete(&claim.id, &sealed, until).await
    }

    /// Ends a request that came to nothing: its key is free again.
    ///
    /// # Errors
    /// Those of the repository.
    pub async fn release(&self, claim: Claim) -> Result<(), RepositoryError> {
        self.answers.release(&claim.id).await
    }
}

fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn context(id: &str) -> String {
    format!("kept answer {id}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use async_trait::async_trait;
    use chrono::{DateTime, Utc};
    use parking_lot::Mutex;

    use super::*;
    use crate::testing::{OWNER, clock, sealer};

    #[derive(Default)]
    struct Shelf(Mutex<HashMap<String, KeptAnswer>>);

    #[async_trait]
    impl AnswerRepository for Shelf {
        async fn keep(
            &self,
            answer: &KeptAnswer,
            now: DateTime<Utc>,
        ) -> Result<bool, RepositoryError> {
            let mut shelf = self.0.lock();
            if shelf.get(&answer.id).is_some_and(|kept| kept.until >= now) {
                return Ok(false);
            }
            shelf.insert(answer.id.clone(), answer.clone());
            Ok(true)
        }

        async fn find(&self, id: &str) -> Result<Option<KeptAnswer>, RepositoryError> {
            Ok(self.0.lock().get(id).cloned())
        }

        async fn complete(
            &self,
            id: &str,
            answer: &str,
            until: DateTime<Utc>,
        ) -> Result<(), RepositoryError> {
            if let Some(kept) = self.0.lock().get_mut(id) {
                answer.clone_into(&mut kept.answer);
                kept.until = until;
            }
            Ok(())
        }

        async fn release(&self, id: &str) -> Result<(), RepositoryError> {
            self.0.lock().remove(id);
            Ok(())
        }

        async fn remove_all(&self, _: UserId) -> Result<(), RepositoryError> {
            Ok(())
        }

        async fn purge(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
            Ok(0)
        }
    }

    #[tokio::test]
    async fn what_was_answered_is_answered_again_to_whoever_asked_and_to_nobody_else() {
        let (shelf, clock) = (Arc::new(Shelf::default()), clock());
        let once = OnceRequests::new(shelf.clone(), sealer(), clock.clone());
        let ask = async |owner: i64, request: &[u8]| {
            let claimed = once.claim(owner.into(), "k", request).await;
            claimed.expect("an answer")
        };
        let Claimed::New(claim) = ask(OWNER, b"one").await else {
            unreachable!("it is new");
        };
        assert!(matches!(ask(OWNER, b"one").await, Claimed::InHand));
        assert!(matches!(ask(OWNER, b"other").await, Claimed::Reused));
        assert!(matches!(ask(OWNER + 1, b"one").await, Claimed::New(_)));
        once.keep(claim, b"secret").await.expect("kept");
        assert!(matches!(ask(OWNER, b"one").await, Claimed::Before(text) if text == b"secret"));
        let shelf = shelf.0.lock().clone();
        assert!(shelf.values().all(|kept| !kept.answer.contains("secret")));
        clock.advance(TimeDelta::hours(25));
        assert!(matches!(ask(OWNER, b"one").await, Claimed::New(_)));
    }

    #[tokio::test]
    async fn a_key_is_free_again_after_a_failure_and_after_its_node_has_died() {
        let clock = clock();
        let once = OnceRequests::new(Arc::new(Shelf::default()), sealer(), clock.clone());
        let ask = async || once.claim(OWNER.into(), "k", b"").await.expect("an answer");
        let Claimed::New(claim) = ask().await else {
            unreachable!("it is new");
        };
        once.release(claim).await.expect("released");
        assert!(matches!(ask().await, Claimed::New(_)));
        clock.advance(IN_HAND + TimeDelta::seconds(1));
        assert!(matches!(ask().await, Claimed::New(_)));
    }
}
