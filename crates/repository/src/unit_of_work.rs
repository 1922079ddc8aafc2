//! Units of work over a database transaction.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RepositoryError;
use domain::chat::{
    ChatLogRepository, ConversationRepository, FriendshipRepository, MessageRepository,
};
use domain::notification::{ApiKeyRepository, OutboxRepository, SuppressionRepository};
use domain::once::AnswerRepository;
use domain::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository};
use domain::persona::{InstagramTokenRepository, MediaRepository, PersonaRepository};
use domain::product::ProductRepository;
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{
    AccountLinkRepository, GuestRepository, IdentityRepository, RefreshTokenRepository,
    SessionRepository, SignUpRequestRepository, UserRepository,
};
use trace::Span;

use crate::chat::{SeaChatLog, SeaConversations, SeaFriendships, SeaMessages};
use crate::connection::Database;
use crate::error::translate;
use crate::executor::{Executor, Transaction, begin};
use crate::notification::{SeaApiKeys, SeaOutbox, SeaSuppressions};
use crate::once::SeaAnswers;
use crate::outfit::{SeaDislikes, SeaHearts, SeaOutfitEvents};
use crate::persona::{SeaInstagramTokens, SeaMedia, SeaPersonas};
use crate::product::SeaProducts;
use crate::user::{
    SeaAccountLinks, SeaGuests, SeaIdentities, SeaRefreshTokens, SeaSessions, SeaSignUpRequests,
    SeaUsers,
};

/// Opens transactions.
pub struct SeaUnitOfWorkFactory(Database);

impl SeaUnitOfWorkFactory {
    /// A factory over `database`.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl UnitOfWorkFactory for SeaUnitOfWorkFactory {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
        let (transaction, span) = begin(&self.0).await?;
        let transaction = Arc::new(transaction);
        let executor = Executor::Transaction(transaction.clone());
        Ok(Box::new(SeaUnitOfWork {
            transaction,
            span,
            users: SeaUsers(executor.clone()),
            sessions: SeaSessions(executor.clone()),
            refresh_tokens: SeaRefreshTokens(executor.clone()),
            products: SeaProducts(executor.clone()),
            guests: SeaGuests(executor.clone()),
            hearts: SeaHearts::over(executor.clone()),
            outfit_events: SeaOutfitEvents(executor.clone()),
            dislikes: SeaDislikes(executor.clone()),
            friendships: SeaFriendships(executor.clone()),
            messages: SeaMessages(executor.clone()),
            conversations: SeaConversations(executor.clone()),
            chat_log: SeaChatLog(executor.clone()),
            media: SeaMedia(executor.clone()),
            personas: SeaPersonas(executor.clone()),
            instagram_tokens: SeaInstagramTokens(executor.clone()),
            identities: SeaIdentities(executor.clone()),
            outbox: SeaOutbox(executor.clone()),
            api_keys: SeaApiKeys(executor.clone()),
            suppressions: SeaSuppressions(executor.clone()),
            answers: SeaAnswers(executor.clone()),
            sign_up_requests: SeaSignUpRequests(executor.clone()),
            account_links: SeaAccountLinks(executor),
        }))
    }
}

struct SeaUnitOfWork {
    transaction: Arc<Transaction>,
    span: Span,
    users: SeaUsers,
    sessions: SeaSessions,
    refresh_tokens: SeaRefreshTokens,
    products: SeaProducts,
    guests: SeaGuests,
    hearts: SeaHearts,
    outfit_events: SeaOutfitEvents,
    dislikes: SeaDislikes,
    friendships: SeaFriendships,
    messages: SeaMessages,
    conversations: SeaConversations,
    chat_log: SeaChatLog,
    media: SeaMedia,
    personas: SeaPersonas,
    instagram_tokens: SeaInstagramTokens,
    identities: SeaIdentities,
    outbox: SeaOutbox,
    api_keys: SeaApiKeys,
    suppressions: SeaSuppressions,
    answers: SeaAnswers,
    sign_up_requests: SeaSignUpRequests,
    account_links: SeaAccountLinks,
}

#[async_trait]
impl UnitOfWork for SeaUnitOfWork {
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
        let Self {
            transaction,
            span,
            users,
            sessions,
            refresh_tokens,
            products,
            guests,
            hearts,
            outfit_events,
            dislikes,
            friendships,
            messages,
            conversations,
            chat_log,
            media,
            personas,
            instagram_tokens,
            identities,
            outbox,
            api_keys,
            suppressions,
            answers,
            sign_up_requests,
            account_links,
        } = *self;
        drop((users, sessions, refresh_tokens, products));
        drop((guests, hearts, outfit_events, dislikes));
        drop((friendships, messages, conversations, chat_log, media));
        drop((personas, instagram_tokens, identities));
        drop((outbox, api_keys, suppressions, answers));
        drop((sign_up_requests, account_links));
        let transaction = Arc::try_unwrap(transaction)
            .map_err(|_| RepositoryError::storage("a repository outlived its unit of work"))?;
        let committed = transaction.commit().await.map_err(translate);
        drop(span);
        committed
    }
}
