//! After the key has changed, providers' tokens are sealed again with the new one, so that the old
//! one can go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::user::{IdentityId, IdentityRepository, SealedTokens};
use tracing::warn;

use super::TokenVault;
use crate::maintenance::Chore;

/// Identities whose tokens are sealed again at a time.
const BATCH: u64 = 100;

/// Seals tokens again that were sealed with an older key. Once a process: its key does not change
/// while it runs, and whatever node still seals with the older one has to be started again first.
pub struct IdentityReseal {
    identities: Arc<dyn IdentityRepository>,
    vault: TokenVault,
    done: AtomicBool,
}

impl IdentityReseal {
    /// A chore that has not been done yet.
    #[must_use]
    pub fn new(identities: Arc<dyn IdentityRepository>, vault: TokenVault) -> Self {
        Self {
            identities,
            vault,
            done: AtomicBool::new(false),
        }
    }

    async fn reseal(&self, id: IdentityId, read: &SealedTokens) -> Result<bool, RepositoryError> {
        let opened = match self.vault.open(id, read) {
            Ok(opened) => opened,
            Err(error) => {
                warn!(identity_id = %id, %error, "tokens cannot be sealed again");
                return Ok(false);
            }
        };
        let sealed = self.vault.seal(id, &opened)?;
        self.identities.reseal(id, read, &sealed).await
    }
}

#[async_trait]
impl Chore for IdentityReseal {
    fn name(&self) -> &'static str {
        "resealed_identities"
    }

    async fn run(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let (mut resealed, mut after) = (0, IdentityId::from(0));
        let mark = self.vault.mark();
        while !self.done.load(Ordering::Relaxed) {
            let batch = self
                .identities
                .sealed_otherwise(&mark, after, BATCH)
                .await?;
            for (id, tokens) in &batch {
                resealed += u64::from(self.reseal(*id, tokens).await?);
                after = *id;
            }
            if (batch.len() as u64) < BATCH {
                self.done.store(true, Ordering::Relaxed);
            }
        }
        Ok(resealed)
    }
}

#[cfg(test)]
mod tests {
    use domain::user::{MockIdentityRepository, ProviderTokens};
    use secrecy::ExposeSecret;

    use super::*;
    use crate::sealing::Sealer;
    use crate::testing::{failure, start};

    /// A vault with these keys, the first one in use.
    fn vault(keys: &[u8]) -> TokenVault {
        let keys: Vec<_> = keys.iter().map(|byte| vec![*byte; 32].into()).collect();
        TokenVault(Arc::new(Sealer::new(&keys).expect("keys")))
    }

    fn sealed(vault: &TokenVault, id: i64, refresh: bool) -> (IdentityId, SealedTokens) {
        let tokens = ProviderTokens {
            access_token: "access".into(),
            expires_at: Some(start()),
            refresh_token: refresh.then(|| "refresh".into()),
            refresh_expires_at: None,
            scopes: vec![],
        };
        let id = id.into();
        (id, vault.seal(id, &tokens).expect("sealed"))
    }

    #[tokio::test]
    async fn tokens_of_an_older_key_are_sealed_again_once() {
        let (old, new) = (vault(&[1]), vault(&[2, 1]));
        let outdated = vec![sealed(&old, 1, true), sealed(&old, 2, false)];
        let mut identities = MockIdentityRepository::new();
        let mark = new.mark();
        let otherwise = identities.expect_sealed_otherwise().times(1);
        otherwise
            .withf(move |given, after, _| given == mark && after.get() == 0)
            .returning(move |_, _, _| Ok(outdated.clone()));
        let check = vault(&[2]);
        let reseal = identities.expect_reseal().times(2);
        reseal.returning(move |id, read, sealed| {
            let opened = check.open(id, sealed).expect("the new key opens it");
            assert_eq!(opened.access_token.expose_secret(), "access");
            let refresh = opened
                .refresh_token
                .map(|token| token.expose_secret().to_owned());
            let expected = read.refresh_token.as_ref().map(|_| "refresh".to_owned());
            assert_eq!(refresh, expected);
            Ok(true)
        });
        let chore = IdentityReseal::new(Arc::new(identities), new);
        assert_eq!(chore.run(start()).await.expect("a round"), 2);
        // Nothing is asked of storage any more.
        assert_eq!(chore.run(start()).await.expect("a round"), 0);
    }

    #[tokio::test]
    async fn tokens_of_an_unknown_key_are_passed_over() {
        let lost = sealed(&vault(&[9]), 1, true);
        let mut identities = MockIdentityRepository::new();
        let otherwise = identities.expect_sealed_otherwise().times(1);
        otherwise.returning(move |_, _, _| Ok(vec![lost.clone()]));
        let chore = IdentityReseal::new(Arc::new(identities), vault(&[2, 1]));
        assert_eq!(chore.run(start()).await.expect("a round"), 0);
    }

    #[tokio::test]
    async fn a_round_that_fails_is_done_again() {
        let mut identities = MockIdentityRepository::new();
        let mut outcomes = vec![Ok(vec![]), Err(failure())];
        let otherwise = identities.expect_sealed_otherwise().times(2);
        otherwise.returning(move |_, _, _| outcomes.pop().unwrap_or_else(|| Err(failure())));
        let chore = IdentityReseal::new(Arc::new(identities), vault(&[1]));
        assert!(chore.run(start()).await.is_err());
        assert_eq!(chore.run(start()).await.expect("a round"), 0);
    }
}
