//! Tokens that work no more: noted once, and told to their owners.

use std::sync::Arc;

use domain::RepositoryError;
use domain::persona::TokenOf;
use domain::unit_of_work::UnitOfWorkFactory;
use tracing::info;

use crate::retry::retrying;
use crate::user::Correspondence;

/// Notes tokens that Meta refused or that ended. Whoever finds out first (somebody who asks for
/// accounts, or the renewal on some node) is the one who writes to the owner.
pub struct TokenRefusals {
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Mails.
    pub mails: Arc<Correspondence>,
    /// Where people connect their personas.
    pub page: String,
}

impl TokenRefusals {
    /// Notes that the token that was read is used no more, together with the mail that says so.
    pub(super) async fn note(&self, read: &TokenOf) -> Result<(), RepositoryError> {
        if retrying(|| self.try_note(read)).await? {
            self.mails.ring();
            info!(persona_id = %read.persona, "a token works no more: its owner has to reconnect");
        }
        Ok(())
    }

    async fn try_note(&self, read: &TokenOf) -> Result<bool, RepositoryError> {
        let unit = self.units.begin().await?;
        if !unit.instagram_tokens().refuse(read).await? {
            return Ok(false);
        }
        if let Some(owner) = unit.users().find(read.owner).await? {
            self.mails
                .tell_of_lost_instagram(unit.as_ref(), &owner, &self.page)
                .await?;
        }
        unit.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use domain::unit_of_work::mock::MockUnitOfWork;
    use domain::user::{Email, User};

    use super::super::persona_testing::{refusals, stored, vault};
    use crate::testing::{self, clock, failure, start};

    fn with(is_news: bool, owner: Option<User>) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::default();
        let refuse = unit.instagram_tokens.expect_refuse().times(1);
        refuse.returning(move |_| Ok(is_news));
        let find = unit.users.expect_find();
        find.returning(move |_| Ok(owner.clone()));
        unit
    }

    fn reachable() -> User {
        User {
            email: Email::parse("yuna@example.com").ok(),
            email_verified_at: Some(start()),
            ..testing::user()
        }
    }

    #[tokio::test]
    async fn the_owner_is_told_in_the_same_transaction_where_they_proved_an_address() {
        let read = stored(&vault(&[1], &clock()), 1, "secret");
        let unproved = User {
            email_verified_at: None,
            ..reachable()
        };
        for (owner, mails) in [
            (Some(reachable()), 1),
            (Some(unproved), 0),
            (Some(testing::user()), 0),
            (None, 0),
        ] {
            let mut unit = with(true, owner);
            let insert = unit.outbox.expect_insert().times(mails);
            insert.returning(|message| {
                assert_eq!(message.owner, Some(testing::OWNER.into()));
                Ok(())
            });
            let committed = unit.committed();
            let noted = refusals([unit], &clock()).note(&read).await;
            assert!(noted.is_ok());
            assert!(committed.load(Ordering::SeqCst));
        }
    }

    #[tokio::test]
    async fn what_was_noted_before_is_not_told_again() {
        let read = stored(&vault(&[1], &clock()), 1, "secret");
        let unit = with(false, Some(reachable()));
        let committed = unit.committed();
        let noted = refusals([unit], &clock()).note(&read).await;
        assert!(noted.is_ok());
        assert!(!committed.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn without_the_mail_nothing_is_noted() {
        let read = stored(&vault(&[1], &clock()), 1, "secret");
        let mut unit = with(true, Some(reachable()));
        unit.outbox.expect_insert().returning(|_| Err(failure()));
        let committed = unit.committed();
        let noted = refusals([unit], &clock()).note(&read).await;
        assert!(noted.is_err());
        assert!(!committed.load(Ordering::SeqCst));
    }
}
