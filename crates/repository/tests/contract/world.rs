//! A migrated database and everything that is tested on it.

use std::sync::Arc;

use domain::product::{Product, ProductId, ProductRepository};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{NewUser, Session, SessionRepository, User, UserRepository};
use repository::chat::{SeaChatLog, SeaConversations, SeaFriendships, SeaMessages};
use repository::notification::{SeaApiKeys, SeaOutbox, SeaSuppressions};
use repository::once::{SeaAnswers, SeaOnce};
use repository::outfit::{SeaDislikes, SeaHearts, SeaOutfitEvents, SeaOutfits};
use repository::persona::{SeaInstagramTokens, SeaMedia, SeaPersonas};
use repository::product::SeaProducts;
use repository::user::{
    SeaAccountLinks, SeaGuests, SeaIdentities, SeaRefreshTokens, SeaSessions, SeaSignUpRequests,
    SeaUsers,
};
use repository::{Database, DatabaseOptions, SeaUnitOfWorkFactory};
use sea_orm::{ConnectionTrait, Statement};
use test_database::Engine;

use crate::builders;

/// The repositories of one fresh database.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) users: SeaUsers,
    pub(crate) sessions: SeaSessions,
    pub(crate) tokens: SeaRefreshTokens,
    pub(crate) products: SeaProducts,
    pub(crate) guests: SeaGuests,
    pub(crate) outfits: SeaOutfits,
    pub(crate) hearts: SeaHearts,
    pub(crate) events: SeaOutfitEvents,
    pub(crate) dislikes: SeaDislikes,
    pub(crate) once: SeaOnce,
    pub(crate) answers: SeaAnswers,
    pub(crate) suppressions: SeaSuppressions,
    pub(crate) friendships: SeaFriendships,
    pub(crate) messages: SeaMessages,
    pub(crate) conversations: SeaConversations,
    pub(crate) chat_log: SeaChatLog,
    pub(crate) media: SeaMedia,
    pub(crate) personas: SeaPersonas,
    pub(crate) tokens_of_personas: SeaInstagramTokens,
    pub(crate) identities: SeaIdentities,
    pub(crate) outbox: SeaOutbox,
    pub(crate) api_keys: SeaApiKeys,
    pub(crate) requests: SeaSignUpRequests,
    pub(crate) links: SeaAccountLinks,
    units: SeaUnitOfWorkFactory,
}

/// Runs a behaviour in a world of its own.
pub(crate) fn run<T>(engine: Engine, behaviour: impl FnOnce(Arc<World>) -> T + Send + 'static)
where
    T: Future<Output = ()> + Send + 'static,
{
    test_database::run(engine, move |url| async move {
        let database = Database::connect(&DatabaseOptions::new(url))
            .await
            .expect("the database is there");
        migration::up(&database.write()).await.expect("migrations");
        behaviour(Arc::new(World::new(database.clone()))).await;
        database.close().await.expect("the database closes");
    });
}

impl World {
    fn new(database: Database) -> Self {
        Self {
            users: SeaUsers::new(database.clone()),
            sessions: SeaSessions::new(database.clone()),
            tokens: SeaRefreshTokens::new(database.clone()),
            products: SeaProducts::new(database.clone()),
            guests: SeaGuests::new(database.clone()),
            outfits: SeaOutfits::new(database.clone()),
            hearts: SeaHearts::new(database.clone()),
            events: SeaOutfitEvents::new(database.clone()),
            dislikes: SeaDislikes::new(database.clone()),
            once: SeaOnce::new(database.clone()),
            answers: SeaAnswers::new(database.clone()),
            suppressions: SeaSuppressions::new(database.clone()),
            friendships: SeaFriendships::new(database.clone()),
            messages: SeaMessages::new(database.clone()),
            conversations: SeaConversations::new(database.clone()),
            chat_log: SeaChatLog::new(database.clone()),
            media: SeaMedia::new(database.clone()),
            personas: SeaPersonas::new(database.clone()),
            tokens_of_personas: SeaInstagramTokens::new(database.clone()),
            identities: SeaIdentities::new(database.clone()),
            outbox: SeaOutbox::new(database.clone()),
            api_keys: SeaApiKeys::new(database.clone()),
            requests: SeaSignUpRequests::new(database.clone()),
            links: SeaAccountLinks::new(database.clone()),
            units: SeaUnitOfWorkFactory::new(database.clone()),
            database,
        }
    }

    /// Opens a unit of work.
    pub(crate) async fn unit(&self) -> Box<dyn UnitOfWork> {
        self.units.begin().await.expect("a unit of work")
    }

    /// Stores an account with defaults.
    pub(crate) async fn user(&self) -> User {
        self.store_user(builders::user()).await
    }

    /// Stores an account.
    pub(crate) async fn store_user(&self, user: User) -> User {
        let new = NewUser {
            user,
            password_hash: Some(builders::HASH.to_owned()),
        };
        self.users.insert(&new).await.expect("stores an account");
        new.user
    }

    /// Stores a session.
    pub(crate) async fn store_session(&self, session: Session) -> Session {
        let stored = self.sessions.insert(&session).await;
        stored.expect("stores a session");
        session
    }

    /// Stores a product.
    pub(crate) async fn store_product(&self, product: Product) -> Product {
        let stored = self.products.insert(&product).await;
        stored.expect("stores a product");
        product
    }

    /// The product as it is on the shelf now.
    pub(crate) async fn current(&self, owner: &User, id: ProductId) -> Product {
        let found = self.products.find_owned(owner.id, id).await;
        found.expect("a look").expect("a product")
    }

    /// Stores products in one transaction.
    pub(crate) async fn store_products(&self, products: &[Product]) {
        let unit = self.unit().await;
        for product in products {
            let stored = unit.products().insert(product).await;
            stored.expect("stores a product");
        }
        unit.commit().await.expect("a commit");
    }

    /// How many rows `of` names: a table, and perhaps a condition.
    pub(crate) async fn count(&self, of: &str) -> i64 {
        let database = self.database.write();
        let sql = format!("SELECT COUNT(*) AS n FROM {of}");
        let row = database
            .query_one_raw(Statement::from_string(database.get_database_backend(), sql))
            .await
            .expect("a count");
        row.and_then(|row| row.try_get("", "n").ok())
            .expect("a number")
    }
}
