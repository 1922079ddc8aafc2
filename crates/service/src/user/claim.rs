//! Who has an address: a claim that nobody proved gives way to a proof.

use chrono::{DateTime, Utc};
use domain::RepositoryError;
use domain::unit_of_work::UnitOfWork;
use domain::user::{Email, Identifier, UserId};

use super::correspondence::proved;

/// What stood in the way of somebody who proves an address, and what became of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nothing.
    None,
    /// Somebody claimed it, and does no longer. Their sessions ended: once the unit of work is
    /// committed, tell [`SessionGuard::user_changed`](super::SessionGuard::user_changed).
    Ended(UserId),
    /// Somebody else proved it before, and keeps it. Nothing was changed.
    Proved,
}

/// Ends the claim to an address by anybody but `except` who has not proved it: the address, the
/// sessions and the links of that account, and its password where that has no other way in to
/// go with (contract rule 7). Whoever made it knew the address, and may have waited for its owner
/// to come.
///
/// # Errors
/// [`RepositoryError::Contention`] also where the claim was proved or given up in this very moment:
/// do the unit of work again.
pub(super) async fn end_claim(
    unit: &dyn UnitOfWork,
    email: &Email,
    except: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<Claim, RepositoryError> {
    let identifier = Identifier::Email(email.clone());
    let holder = unit.users().find_by_identifier(&identifier).await?;
    let Some(holder) = holder.filter(|holder| Some(holder.user.id) != except) else {
        return Ok(Claim::None);
    };
    let id = holder.user.id;
    let held = unit.users().hold(id).await?;
    // It changed between the two looks: look again.
    let held = held
        .filter(|held| held.user.email == holder.user.email)
        .ok_or(RepositoryError::Contention)?;
    if proved(&held.user).is_some() {
        return Ok(Claim::Proved);
    }
    if !unit.users().drop_email_claim(id, email, now).await? {
        return Err(RepositoryError::Contention);
    }
    unit.sessions().end_all(id, None).await?;
    unit.account_links().remove_all(id).await?;
    Ok(Claim::Ended(id))
}

/// Gives a proved address to an account, which the unit of work holds or has just made; a claim of
/// another's ends.
///
/// # Errors
/// [`RepositoryError::Contention`] also where somebody took the address in this very moment: do the
/// unit of work again.
pub(super) async fn claim_email(
    unit: &dyn UnitOfWork,
    owner: UserId,
    email: &Email,
    now: DateTime<Utc>,
) -> Result<Claim, RepositoryError> {
    let claim = end_claim(unit, email, Some(owner), now).await?;
    if claim == Claim::Proved {
        return Ok(claim);
    }
    match unit.users().prove_email(owner, email, now).await {
        Ok(true) => Ok(claim),
        // Signed up with, or left, in this very moment.
        Ok(false) | Err(RepositoryError::Conflict) => Err(RepositoryError::Contention),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use domain::unit_of_work::mock::MockUnitOfWork;
    use domain::user::Credentials;
    use mockall::predicate::{always, eq};

    use super::*;
    use crate::testing::{OWNER, credentials, start};

    const OTHER: i64 = 8;

    fn email() -> Email {
        Email::parse("yuna@example.com").expect("an address")
    }

    /// Somebody who has the address, proved or not.
    fn holder(id: i64, proved: bool) -> Credentials {
        let mut holder = credentials(Some("hash"));
        holder.user.id = id.into();
        holder.user.email = Some(email());
        holder.user.email_verified_at = proved.then(start);
        holder
    }

    fn unit(holder: Option<Credentials>) -> MockUnitOfWork {
        let mut unit = MockUnitOfWork::default();
        unit.users
            .expect_find_by_identifier()
            .with(eq(Identifier::Email(email())))
            .return_once(|_| Ok(holder));
        unit
    }

    /// As it is found when it is held.
    fn held(unit: &mut MockUnitOfWork, holder: Credentials) {
        unit.users
            .expect_hold()
            .with(eq(holder.user.id))
            .return_once(|_| Ok(Some(holder)));
    }

    async fn claim(unit: MockUnitOfWork) -> Result<Claim, RepositoryError> {
        claim_email(&unit, OWNER.into(), &email(), start()).await
    }

    #[tokio::test]
    async fn a_free_address_and_ones_own_claim_are_granted() {
        for holder in [None, Some(holder(OWNER, false)), Some(holder(OWNER, true))] {
            let mut unit = unit(holder);
            unit.users
                .expect_prove_email()
                .with(eq(UserId::from(OWNER)), eq(email()), eq(start()))
                .times(1)
                .returning(|_, _, _| Ok(true));
            assert!(matches!(claim(unit).await, Ok(Claim::None)));
        }
    }

    #[tokio::test]
    async fn anothers_mere_claim_gives_way_with_its_sessions_and_links() {
        let mut unit = unit(Some(holder(OTHER, false)));
        held(&mut unit, holder(OTHER, false));
        unit.users
            .expect_drop_email_claim()
            .with(eq(UserId::from(OTHER)), eq(email()), always())
            .times(1)
            .returning(|_, _, _| Ok(true));
        unit.sessions
            .expect_end_all()
            .with(eq(UserId::from(OTHER)), eq(None))
            .times(1)
            .returning(|_, _| Ok(vec![]));
        unit.account_links
            .expect_remove_all()
            .with(eq(UserId::from(OTHER)))
            .times(1)
            .returning(|_| Ok(()));
        unit.users
            .expect_prove_email()
            .times(1)
            .returning(|_, _, _| Ok(true));
        let claimed = claim(unit).await.expect("an answer");
        assert_eq!(claimed, Claim::Ended(OTHER.into()));
    }

    #[tokio::test]
    async fn a_proved_address_stays_where_it_is() {
        let mut unit = unit(Some(holder(OTHER, true)));
        held(&mut unit, holder(OTHER, true));
        let claimed = claim(unit).await;
        assert_eq!(claimed.expect("an answer"), Claim::Proved);
    }

    #[tokio::test]
    async fn who_proves_it_in_the_same_moment_is_looked_at_again() {
        let mut given_up_meanwhile = unit(Some(holder(OTHER, false)));
        let mut without = holder(OTHER, false);
        without.user.email = None;
        held(&mut given_up_meanwhile, without);
        let mut taken_meanwhile = unit(None);
        taken_meanwhile
            .users
            .expect_prove_email()
            .returning(|_, _, _| Err(RepositoryError::Conflict));
        for unit in [given_up_meanwhile, taken_meanwhile] {
            let claimed = claim(unit).await;
            assert!(matches!(claimed, Err(RepositoryError::Contention)));
        }
    }
}
