//! Tokens live for sixty days: they are exchanged for new ones before they end.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::RepositoryError;
use domain::persona::{GraphError, InstagramGraph, InstagramTokenRepository, TokenOf};
use tracing::warn;

use super::{TokenRefusals, TokenVault};
use crate::maintenance::Chore;

/// Tokens renewed in a round.
const ROUND: u64 = 100;
/// A renewal that failed is tried again after this long.
const PATIENCE: TimeDelta = TimeDelta::minutes(30);
/// Answers in a row that were none, after which the rest of a round waits.
const FAILURES: usize = 3;

/// Renews tokens. On several nodes each token is claimed by one of them.
pub struct TokenRenewal {
    /// Tokens.
    pub tokens: Arc<dyn InstagramTokenRepository>,
    /// Meta.
    pub graph: Arc<dyn InstagramGraph>,
    /// The keys.
    pub vault: Arc<TokenVault>,
    /// Whose owners have to give their consent again.
    pub refusals: Arc<TokenRefusals>,
}

/// What trying to renew one token came to.
enum Outcome {
    Renewed,
    /// Its owner has to give their consent again, or another node was faster.
    Passed,
    /// Meta's answer was none that could be used. That may be this token's own fault.
    Failed,
    /// Meta does not answer: it will not answer for the next one either.
    Unreachable,
}

impl TokenRenewal {
    async fn renew(&self, read: &TokenOf, now: DateTime<Utc>) -> Result<Outcome, RepositoryError> {
        if !self.tokens.claim(read, now + PATIENCE).await? {
            return Ok(Outcome::Passed);
        }
        if self.vault.is_over(read.term) {
            self.refusals.note(read).await?;
            return Ok(Outcome::Passed);
        }
        let token = match self.vault.open(read) {
            Ok(token) => token,
            Err(error) => {
                warn!(persona_id = %read.persona, %error, "a token cannot be opened");
                return Ok(Outcome::Passed);
            }
        };
        let renewed = match self.graph.renew(&token).await {
            Ok(renewed) => renewed,
            Err(GraphError::TokenRefused) => {
                self.refusals.note(read).await?;
                return Ok(Outcome::Passed);
            }
            Err(error) => {
                warn!(persona_id = %read.persona, %error, "a token was not renewed; trying again later");
                return Ok(match error {
                    GraphError::Failed(_) => Outcome::Failed,
                    GraphError::TimedOut | GraphError::NotConfigured | GraphError::TokenRefused => {
                        Outcome::Unreachable
                    }
                });
            }
        };
        match self.vault.seal(read.owner, read.persona, &renewed.secret) {
            Ok(sealed) => {
                let term = self.vault.term(&renewed);
                let replaced = self.tokens.replace(read, &sealed, term).await?;
                Ok(if replaced {
                    Outcome::Renewed
                } else {
                    Outcome::Passed
                })
            }
            Err(error) => {
                warn!(persona_id = %read.persona, %error, "a token was not sealed");
                Ok(Outcome::Passed)
            }
        }
    }
}

#[async_trait]
impl Chore for TokenRenewal {
    fn name(&self) -> &'static str {
        "renewed_tokens"
    }

    async fn run(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let (mut renewed, mut failures) = (0, 0);
        for token in self.tokens.due(now, ROUND).await? {
            match self.renew(&token, now).await? {
                Outcome::Renewed => (renewed, failures) = (renewed + 1, 0),
                Outcome::Passed => {}
                Outcome::Failed => failures += 1,
                Outcome::Unreachable => break,
            }
            if failures == FAILURES {
                break;
            }
        }
        Ok(renewed)
    }
}

#[cfg(test)]
mod tests;
