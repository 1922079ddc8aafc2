//! After the key has changed, tokens are sealed again with the new one, so that the old one can go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::persona::{InstagramTokenRepository, PersonaId, TokenOf};
use tracing::warn;

use super::TokenVault;
use crate::maintenance::Chore;

/// Tokens sealed again at a time.
const BATCH: u64 = 100;

/// Seals tokens again that were sealed with an older key. Once a process: its key does not change
/// while it runs, and whatever node still seals with the older one has to be started again first.
pub struct TokenReseal {
    tokens: Arc<dyn InstagramTokenRepository>,
    vault: Arc<TokenVault>,
    done: AtomicBool,
}

impl TokenReseal {
    /// A chore that has not been done yet.
    #[must_use]
    pub fn new(tokens: Arc<dyn InstagramTokenRepository>, vault: Arc<TokenVault>) -> Self {
        Self {
            tokens,
            vault,
            done: AtomicBool::new(false),
        }
    }

    async fn reseal(&self, read: &TokenOf) -> Result<bool, RepositoryError> {
        let opened = self.vault.open(read);
        let sealed = opened.and_then(|token| self.vault.seal(read.owner, read.persona, &token));
        match sealed {
            Ok(sealed) => self.tokens.replace(read, &sealed, read.term).await,
            Err(error) => {
                warn!(persona_id = %read.persona, %error, "a token cannot be sealed again");
                Ok(false)
            }
        }
    }
}

#[async_trait]
impl Chore for TokenReseal {
    fn name(&self) -> &'static str {
        "resealed_tokens"
    }

    async fn run(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let (mut resealed, mut after) = (0, PersonaId::from(0));
        let mark = self.vault.mark();
        while !self.done.load(Ordering::Relaxed) {
            let batch = self.tokens.sealed_otherwise(&mark, after, BATCH).await?;
            for token in &batch {
                resealed += u64::from(self.reseal(token).await?);
                after = token.persona;
            }
            if (batch.len() as u64) < BATCH {
                self.done.store(true, Ordering::Relaxed);
            }
        }
        Ok(resealed)
    }
}

#[cfg(test)]
mod tests;
