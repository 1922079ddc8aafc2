//! Doing a whole unit of work again where the engine gave it up.

use domain::RepositoryError;

use crate::notification::{ApiKeyError, SendError};
use crate::persona::PersonaError;
use crate::user::{AccountError, IdentityError, SignInError, SocialLoginError};

/// How often a use-case whose transaction loses a deadlock is tried: as often as a repository
/// tries a method that is a transaction by itself.
const ATTEMPTS: usize = 5;

/// An error that may say that the engine broke a deadlock by giving up the transaction.
pub(crate) trait Contended {
    /// Whether it does: nothing was done then, and the next attempt is likely to get through.
    fn is_contention(&self) -> bool;
}

impl Contended for RepositoryError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Contention)
    }
}

impl Contended for AccountError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for SignInError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for PersonaError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for ApiKeyError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for SendError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for SocialLoginError {
    fn is_contention(&self) -> bool {
        matches!(self, Self::Repository(error) if error.is_contention())
    }
}

impl Contended for IdentityError {
    fn is_contention(&self) -> bool {
        matches!(
            self,
            Self::Repository(error) | Self::Account(AccountError::Repository(error))
                if error.is_contention()
        )
    }
}

/// Runs a use-case's unit of work, from its beginning to its commit, again while it loses a race.
///
/// Only what the transaction itself does belongs into `attempt`: it happens once for every try.
/// Whoever has to be told of the outcome is told afterwards.
pub(crate) async fn retrying<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: Contended,
    F: Future<Output = Result<T, E>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.is_contention() => {}
            outcome => return outcome,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::testing::failure;

    /// What comes of a use-case that meets these errors before it is done, and how often it ran.
    async fn after(errors: Vec<AccountError>) -> (Result<(), AccountError>, usize) {
        let (runs, mut errors) = (Cell::new(0), errors.into_iter());
        let outcome = retrying(|| {
            runs.set(runs.get() + 1);
            let next = errors.next();
            async move { next.map_or(Ok(()), Err) }
        });
        (outcome.await, runs.get())
    }

    fn lost() -> AccountError {
        RepositoryError::Contention.into()
    }

    #[tokio::test]
    async fn what_loses_a_race_is_done_again_but_not_for_ever() {
        for losses in 0..ATTEMPTS {
            let errors = (0..losses).map(|_| lost()).collect();
            let (outcome, runs) = after(errors).await;
            assert!(outcome.is_ok());
            assert_eq!(runs, losses + 1);
        }
        let (outcome, runs) = after((0..=ATTEMPTS).map(|_| lost()).collect()).await;
        assert!(outcome.is_err_and(|error| error.is_contention()));
        assert_eq!(runs, ATTEMPTS);
    }

    #[tokio::test]
    async fn any_other_error_ends_it() {
        let unavailable = RepositoryError::Unavailable("gone".into());
        for error in [AccountError::Busy, failure().into(), unavailable.into()] {
            let (outcome, runs) = after(vec![lost(), error]).await;
            assert!(outcome.is_err_and(|error| !error.is_contention()));
            assert_eq!(runs, 2);
        }
    }
}
