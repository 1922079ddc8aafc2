//! Who wants no more mails of somebody's programs.

use std::sync::Arc;

use domain::notification::{SuppressionReason, SuppressionRepository};
use domain::user::{Email, UserId, UserRepository};
use domain::{Clock, RepositoryError};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tracing::info;

use crate::hex::hexadecimal;
use crate::sealing::{SealError, Sealer};

/// What the key of an unsubscribe address is sealed for.
const CONTEXT: &str = "unsubscribe";

/// Why nobody was unsubscribed.
#[derive(Debug, Error)]
pub enum SubscriptionError {
    /// The key of the address is none of ours, or its sender is gone.
    #[error("no such subscription")]
    Unknown,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Ends and resumes the mails that an address gets of one sender's programs.
pub struct Subscriptions {
    /// Addresses that get none.
    pub suppressions: Arc<dyn SuppressionRepository>,
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Makes the keys of addresses, which nobody else can.
    pub sealer: Arc<Sealer>,
    /// Where people reach us, without a slash at the end.
    pub public_url: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Subscriptions {
    /// The address at which this one's mails of that sender end. It names both, sealed: nothing has
    /// to be stored for mails that nobody ends.
    ///
    /// # Errors
    /// Where nothing can be sealed.
    pub fn address(&self, sender: UserId, email: &Email) -> Result<String, SealError> {
        let plain = format!("{sender} {}", email.as_str());
        let key = self.sealer.seal(CONTEXT, plain.as_bytes())?;
        Ok(format!("{}/api/v1/unsubscribe/{key}", self.public_url))
    }

    /// Whom a key names.
    fn read(&self, key: &str) -> Option<(UserId, Email)> {
        let plain = self.sealer.open(CONTEXT, key).ok()?;
        let plain = std::str::from_utf8(plain.expose_secret()).ok()?;
        let (sender, email) = plain.split_once(' ')?;
        let sender: i64 = sender.parse().ok()?;
        Some((sender.into(), Email::parse(email).ok()?))
    }

    /// Ends the mails that a key stands for. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`SubscriptionError::Unknown`].
    pub async fn end(&self, key: &str) -> Result<(), SubscriptionError> {
        let (sender, email) = self.read(key).ok_or(SubscriptionError::Unknown)?;
        let there = self.users.find(sender).await?;
        there.ok_or(SubscriptionError::Unknown)?;
        self.stop(sender, &email, SuppressionReason::Unsubscribed)
            .await?;
        info!(user_id = %sender, "somebody unsubscribed");
        Ok(())
    }

    /// Ends the mails to an address, for a reason.
    pub(super) async fn stop(
        &self,
        sender: UserId,
        email: &Email,
        reason: SuppressionReason,
    ) -> Result<(), RepositoryError> {
        let now = self.clock.now();
        let address = fingerprint(sender, email);
        self.suppressions.add(sender, &address, reason, now).await
    }

    /// Why an address gets no mails, if so.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn ended(
        &self,
        sender: UserId,
        email: &Email,
    ) -> Result<Option<SuppressionReason>, RepositoryError> {
        let address = fingerprint(sender, email);
        self.suppressions.find(sender, &address).await
    }

    /// Lets an address get mails again; whether it got none.
    ///
    /// # Errors
    /// Where storage fails.
    pub async fn resume(&self, sender: UserId, email: &Email) -> Result<bool, RepositoryError> {
        let address = fingerprint(sender, email);
        self.suppressions.lift(sender, &address).await
    }
}

/// What is stored of an address: enough to know it again, not enough to write to it.
fn fingerprint(sender: UserId, email: &Email) -> String {
    let text = format!("{sender} {}", email.as_str().to_lowercase());
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use domain::notification::MockSuppressionRepository;
    use domain::user::MockUserRepository;
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::testing::{OWNER, clock, sealer, user};

    fn subscriptions(
        suppressions: MockSuppressionRepository,
        users: MockUserRepository,
    ) -> Subscriptions {
        Subscriptions {
            suppressions: Arc::new(suppressions),
            users: Arc::new(users),
            sealer: sealer(),
            public_url: "https://shop.example".into(),
            clock: clock(),
        }
    }

    fn email(text: &str) -> Email {
        Email::parse(text).expect("an address")
    }

    #[tokio::test]
    async fn the_key_of_an_address_ends_its_mails_however_it_is_written() {
        let mut suppressions = MockSuppressionRepository::new();
        let lower = fingerprint(OWNER.into(), &email("yuna@example.com"));
        assert_eq!(lower.len(), 64);
        suppressions
            .expect_add()
            .with(
                eq(UserId::from(OWNER)),
                eq(lower),
                eq(SuppressionReason::Unsubscribed),
                always(),
            )
            .times(1)
            .returning(|_, _, _, _| Ok(()));
        let mut users = MockUserRepository::new();
        users.expect_find().returning(|_| Ok(Some(user())));
        let subscriptions = subscriptions(suppressions, users);
        let address = subscriptions.address(OWNER.into(), &email("Yuna@Example.com"));
        let address = address.expect("an address");
        let key = address
            .strip_prefix("https://shop.example/api/v1/unsubscribe/")
            .expect("ours");
        assert!(!key.contains("yuna") && !key.contains('/'), "{key}");
        assert!(subscriptions.end(key).await.is_ok());
    }

    #[tokio::test]
    async fn nothing_else_ends_any() {
        let mut users = MockUserRepository::new();
        users.expect_find().returning(|_| Ok(None));
        let subscriptions = subscriptions(MockSuppressionRepository::new(), users);
        let of_nobody = subscriptions.sealer.seal(CONTEXT, b"8 yuna@example.com");
        let other_use = subscriptions
            .sealer
            .seal("outbox 1 payload", b"7 yuna@example.com");
        let keys = [of_nobody, other_use].map(|key| key.expect("sealed"));
        for key in keys.iter().map(String::as_str).chain(["", "v1.x.y"]) {
            let end = subscriptions.end(key).await;
            assert!(matches!(end, Err(SubscriptionError::Unknown)), "{key}");
        }
    }
}
