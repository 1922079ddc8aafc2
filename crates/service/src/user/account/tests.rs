//! Signing up, and what one may do with one's own account.

mod contention;
mod owner;
mod sign_up;

use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::FixedClock;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{MockSessionRepository, MockUserRepository};

use super::*;
use crate::testing::{self, FakeBus, correspondence, guard, ids, throttle};
use crate::user::HashSettings;

/// A service over mocks, and what a test looks at.
pub(crate) struct World {
    pub(crate) service: DefaultAccountService,
    clock: Arc<FixedClock>,
    bus: Arc<FakeBus>,
}

pub(crate) fn world(
    users: MockUserRepository,
    units: impl IntoIterator<Item = MockUnitOfWork>,
) -> World {
    let clock = testing::clock();
    let bus = FakeBus::new();
    // One place and no patience: who holds it makes everybody else find the service busy.
    let hashing = HashSettings {
        concurrency: 1,
        wait: Duration::ZERO,
        ..HashSettings::for_tests()
    };
    let users = Arc::new(users);
    let hasher = PasswordHasher::new(hashing);
    let service = DefaultAccountService {
        confirmation: Arc::new(Confirmation {
            users: users.clone(),
            hasher: hasher.clone(),
            proofs: throttle(2, &clock),
            clock: clock.clone(),
        }),
        users,
        units: Arc::new(MockUnitOfWorkFactory::of(units)),
        hasher,
        guard: guard(MockSessionRepository::new(), &bus, &clock),
        personal: vec![],
        addresses: crate::persona::testing::addresses(&clock),
        mails: correspondence(&clock),
        conflicts: throttle(2, &clock),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    World {
        service,
        clock,
        bus,
    }
}

async fn hash_of(password: &str) -> String {
    let hasher = PasswordHasher::new(HashSettings::for_tests());
    let place = hasher.place().await.expect("a place");
    place.hash(&password.into()).await.expect("a hash")
}
