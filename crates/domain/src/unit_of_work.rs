//! Several repositories, one transaction.

use async_trait::async_trait;

use crate::RepositoryError;
use crate::chat::{
    ChatLogRepository, ConversationRepository, FriendshipRepository, MessageRepository,
};
use crate::notification::{ApiKeyRepository, OutboxRepository, SuppressionRepository};
use crate::once::AnswerRepository;
use crate::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository};
use crate::persona::{InstagramTokenRepository, MediaRepository, PersonaRepository};
use crate::product::ProductRepository;
use crate::user::{
    AccountLinkRepository, GuestRepository, IdentityRepository, RefreshTokenRepository,
    SessionRepository, SignUpRequestRepository, UserRepository,
};

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
    /// Friendships.
    fn friendships(&self) -> &dyn FriendshipRepository;
    /// Messages.
    fn messages(&self) -> &dyn MessageRepository;
    /// Conversations.
    fn conversations(&self) -> &dyn ConversationRepository;
    /// What happened to people.
    fn chat_log(&self) -> &dyn ChatLogRepository;
    /// Stored pictures.
    fn media(&self) -> &dyn MediaRepository;
    /// Personas.
    fn personas(&self) -> &dyn PersonaRepository;
    /// The tokens personas ask Instagram with.
    fn instagram_tokens(&self) -> &dyn InstagramTokenRepository;
    /// Messages to be delivered.
    fn outbox(&self) -> &dyn OutboxRepository;
    /// Keys of programs.
    fn api_keys(&self) -> &dyn ApiKeyRepository;
    /// Addresses that get no more mails.
    fn suppressions(&self) -> &dyn SuppressionRepository;
    /// Answers to requests that may come again.
    fn answers(&self) -> &dyn AnswerRepository;
    /// Accounts that were asked for.
    fn sign_up_requests(&self) -> &dyn SignUpRequestRepository;
    /// Links to accounts.
    fn account_links(&self) -> &dyn AccountLinkRepository;

    /// Accounts elsewhere that open accounts here.
    fn identities(&self) -> &dyn IdentityRepository;

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
    use crate::chat::{
        ChatLogRepository, ConversationRepository, FriendshipRepository, MessageRepository,
        MockChatLogRepository, MockConversationRepository, MockFriendshipRepository,
        MockMessageRepository,
    };
    use crate::notification::{
        ApiKeyRepository, MockApiKeyRepository, MockOutboxRepository, MockSuppressionRepository,
        OutboxRepository, SuppressionRepository,
    };
    use crate::once::{AnswerRepository, MockAnswerRepository};
    use crate::outfit::{
        DislikeRepository, HeartRepository, MockDislikeRepository, MockHeartRepository,
        MockOutfitEventRepository, OutfitEventRepository,
    };
    use crate::persona::{
        InstagramTokenRepository, MediaRepository, MockInstagramTokenRepository,
        MockMediaRepository, MockPersonaRepository, PersonaRepository,
    };
    use crate::product::{MockProductRepository, ProductRepository};
    use crate::user::{
        AccountLinkRepository, GuestRepository, IdentityRepository, MockAccountLinkRepository,
        MockGuestRepository, MockIdentityRepository, MockRefreshTokenRepository,
        MockSessionRepository, MockSignUpRequestRepository, MockUserRepository,
        RefreshTokenRepository, SessionRepository, SignUpRequestRepository, UserRepository,
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
        /// Friendships.
        pub friendships: MockFriendshipRepository,
        /// Messages.
        pub messages: MockMessageRepository,
        /// Conversations.
        pub conversations: MockConversationRepository,
        /// What happened to people.
        pub chat_log: MockChatLogRepository,
        /// Stored pictures.
        pub media: MockMediaRepository,
        /// Personas.
        pub personas: MockPersonaRepository,
        /// The tokens personas ask Instagram with.
        pub instagram_tokens: MockInstagramTokenRepository,
        /// Accounts elsewhere that open accounts here.
        pub identities: MockIdentityRepository,
        /// Messages to be delivered.
        pub outbox: MockOutboxRepository,
        /// Keys of programs.
        pub api_keys: MockApiKeyRepository,
        /// Addresses that get no more mails.
        pub suppressions: MockSuppressionRepository,
        /// Answers to requests that may come again.
        pub answers: MockAnswerRepository,
        /// Accounts that were asked for.
        pub sign_up_requests: MockSignUpRequestRepository,
        /// Links to accounts.
        pub account_links: MockAccountLinkRepository,
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
        fn friendships(&self) -> &dyn FriendshipRepository {
            &self.friendships
        }
        fn messages(&self) -> &dyn MessageRepository {
            &self.messages
        }
        fn conversations(&self) -> &dyn ConversationRepository {
            &self.conversations
        }
        fn chat_log(&self) -> &dyn ChatLogRepository {
            &self.chat_log
        }
        fn media(&self) -> &dyn MediaRepository {
            &self.media
        }
        fn personas(&self) -> &dyn PersonaRepository {
            &self.personas
        }
        fn instagram_tokens(&self) -> &dyn InstagramTokenRepository {
            &self.instagram_tokens
        }
        fn identities(&self) -> &dyn IdentityRepository {
            &self.identities
        }
        fn outbox(&self) -> &dyn OutboxRepository {
            &self.outbox
        }
        fn api_keys(&self) -> &dyn ApiKeyRepository {
            &self.api_keys
        }
        fn suppressions(&self) -> &dyn SuppressionRepository {
            &self.suppressions
        }
        fn answers(&self) -> &dyn AnswerRepository {
            &self.answers
        }
        fn sign_up_requests(&self) -> &dyn SignUpRequestRepository {
            &self.sign_up_requests
        }
        fn account_links(&self) -> &dyn AccountLinkRepository {
            &self.account_links
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
