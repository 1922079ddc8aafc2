//! Several repositories, one transaction.

use async_trait::async_trait;

use crate::RepositoryError;
use crate::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository};
use crate::product::ProductRepository;
use crate::user::{GuestRepository, RefreshTokenRepository, SessionRepository, UserRepository};

/// An open transaction, seen through the repositories that take part in it.
///
/// Dropping it without [`commit`](UnitOfWork::commit) rolls everything back. While it is open,
/// use only the repositories it hands out (SQLite has one writer: any other would wait for
/// this one), and do no other I/O.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// Accounts.
    fn users(&self) -> &dyn UserRepository;
    /// Sessions.
    fn sessions(&self) -> &dyn SessionRepository;
    /// Refresh tokens.
    fn refresh_tokens(&self) -> &dyn RefreshTokenRepository;
    /// Products.
    fn products(&self) -> &dyn ProductRepository;
    /// Guests.
    fn guests(&self) -> &dyn GuestRepository;
    /// Hearts.
    fn hearts(&self) -> &dyn HeartRepository;
    /// What people do with outfits.
    fn outfit_events(&self) -> &dyn OutfitEventRepository;
    /// What people want to see no more of.
    fn dislikes(&self) -> &dyn DislikeRepository;

    /// Makes everything durable at once.
    async fn commit(self: Box<Self>) -> Result<(), RepositoryError>;
}

/// Opens units of work.
#[async_trait]
pub trait UnitOfWorkFactory: Send + Sync {
    /// Begins a transaction that may write.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError>;
}

/// A unit of work made of mocks that remembers whether it was committed.
#[cfg(feature = "mock")]
pub mod mock {
    use std::collections::VecDeque;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::{RepositoryError, UnitOfWork, UnitOfWorkFactory, async_trait};
    use crate::outfit::{
        DislikeRepository, HeartRepository, MockDislikeRepository, MockHeartRepository,
        MockOutfitEventRepository, OutfitEventRepository,
    };
    use crate::product::{MockProductRepository, ProductRepository};
    use crate::user::{
        GuestRepository, MockGuestRepository, MockRefreshTokenRepository, MockSessionRepository,
        MockUserRepository, RefreshTokenRepository, SessionRepository, UserRepository,
    };

    /// The mocks a test sets expectations on.
    #[derive(Default)]
    pub struct MockUnitOfWork {
        /// Accounts.
        pub users: MockUserRepository,
        /// Sessions.
        pub sessions: MockSessionRepository,
        /// Refresh tokens.
        pub refresh_tokens: MockRefreshTokenRepository,
        /// Products.
        pub products: MockProductRepository,
        /// Guests.
        pub guests: MockGuestRepository,
        /// Hearts.
        pub hearts: MockHeartRepository,
        /// What people do with outfits.
        pub outfit_events: MockOutfitEventRepository,
        /// What people want to see no more of.
        pub dislikes: MockDislikeRepository,
        committed: Arc<AtomicBool>,
    }

    impl MockUnitOfWork {
        /// A flag that turns true when the unit of work is committed.
        #[must_use]
        pub fn committed(&self) -> Arc<AtomicBool> {
            self.committed.clone()
        }

        /// A factory that hands out this unit of work once.
        #[must_use]
        pub fn into_factory(self) -> MockUnitOfWorkFactory {
            MockUnitOfWorkFactory::of([self])
        }
    }

    #[async_trait]
    impl UnitOfWork for MockUnitOfWork {
        fn users(&self) -> &dyn UserRepository {
            &self.users
        }
        fn sessions(&self) -> &dyn SessionRepository {
            &self.sessions
        }
        fn refresh_tokens(&self) -> &dyn RefreshTokenRepository {
            &self.refresh_tokens
        }
        fn products(&self) -> &dyn ProductRepository {
            &self.products
        }
        fn guests(&self) -> &dyn GuestRepository {
            &self.guests
        }
        fn hearts(&self) -> &dyn HeartRepository {
            &self.hearts
        }
        fn outfit_events(&self) -> &dyn OutfitEventRepository {
            &self.outfit_events
        }
        fn dislikes(&self) -> &dyn DislikeRepository {
            &self.dislikes
        }
        async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
            self.committed.store(true, Ordering::SeqCst);
            Ok(())
        }
    }

    /// Hands out prepared units of work, one after the other; fails when there are none left.
    pub struct MockUnitOfWorkFactory(parking_lot::Mutex<VecDeque<MockUnitOfWork>>);

    impl MockUnitOfWorkFactory {
        /// A factory that hands out these units of work, in this order.
        pub fn of(units: impl IntoIterator<Item = MockUnitOfWork>) -> Self {
            Self(parking_lot::Mutex::new(units.into_iter().collect()))
        }
    }

    #[async_trait]
    impl UnitOfWorkFactory for MockUnitOfWorkFactory {
        async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
            match self.0.lock().pop_front() {
                Some(unit) => Ok(Box::new(unit)),
                None => Err(RepositoryError::storage("no unit of work was prepared")),
            }
        }
    }
}
