//! The part of the wiring for people who talk.

use std::sync::Arc;

use controller::ChatSettings;
use domain::event::EventBus;
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::UserRepository;
use domain::{Clock, IdGenerator};
use repository::Database;
use repository::chat::{SeaChatLog, SeaConversations, SeaFriendships, SeaMessages};
use service::chat::{
    ChatChores, DefaultConversationService, DefaultFriendService, DefaultMessageService,
    DefaultMomentService, Hub, PostOffice,
};

use crate::configuration::Chat;

/// What talking stands on.
pub(super) struct Ground {
    pub(super) database: Database,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) users: Arc<dyn UserRepository>,
    pub(super) units: Arc<dyn UnitOfWorkFactory>,
    pub(super) ids: Arc<IdGenerator>,
    pub(super) clock: Arc<dyn Clock>,
}

/// What was put together for talking.
pub(super) struct Talk {
    /// Who is connected.
    pub(super) hub: Arc<Hub>,
    /// Friendships.
    pub(super) friends: Arc<DefaultFriendService>,
    /// Messages.
    pub(super) messages: Arc<DefaultMessageService>,
    /// Conversations.
    pub(super) conversations: Arc<DefaultConversationService>,
    /// What happened to people.
    pub(super) moments: Arc<DefaultMomentService>,
    /// What is kept for a time only.
    pub(super) chores: Arc<ChatChores>,
    /// How patient the socket is.
    pub(super) settings: ChatSettings,
}

/// Puts together what talking needs.
pub(super) fn talk(chat: Chat, ground: Ground) -> Talk {
    let Ground {
        database,
        bus,
        users,
        units,
        ids,
        clock,
    } = ground;
    let hub = Hub::new(bus);
    let friendships = Arc::new(SeaFriendships::new(database.clone()));
    let messages = Arc::new(SeaMessages::new(database.clone()));
    let log = Arc::new(SeaChatLog::new(database.clone()));
    Talk {
        friends: Arc::new(DefaultFriendService {
            users: users.clone(),
            friendships: friendships.clone(),
            log: log.clone(),
            units: units.clone(),
            hub: hub.clone(),
            clock: clock.clone(),
            pending: chat.pending_requests.into(),
        }),
        messages: Arc::new(DefaultMessageService {
            users: users.clone(),
            friendships,
            messages: messages.clone(),
            post: PostOffice::new(
                users.clone(),
                units.clone(),
                hub.clone(),
                ids,
                clock.clone(),
            ),
            units: units.clone(),
            hub: hub.clone(),
            clock: clock.clone(),
        }),
        conversations: Arc::new(DefaultConversationService {
            users: users.clone(),
            conversations: Arc::new(SeaConversations::new(database)),
            messages: messages.clone(),
            log: log.clone(),
            units,
            hub: hub.clone(),
            clock,
        }),
        moments: Arc::new(DefaultMomentService {
            users,
            messages: messages.clone(),
            log: log.clone(),
        }),
        chores: Arc::new(ChatChores { messages, log }),
        settings: ChatSettings {
            auth: chat.auth,
            heartbeat: chat.heartbeat,
            ping: chat.ping,
            frames_per_second: chat.frames_per_second,
            zone: chat.zone,
        },
        hub,
    }
}
