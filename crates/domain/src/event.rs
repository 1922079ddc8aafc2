//! What the nodes of one installation tell each other.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::chat::Seq;
use crate::user::{SessionId, UserId};

/// A fact that every node must hear of at once. The database remains the truth: an event only
/// tells caches that what they hold is no longer true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// One session ended.
    SessionEnded {
        /// The session that ended.
        session: SessionId,
    },
    /// Every session of a person ended, or what they may do changed.
    UserChanged {
        /// The person.
        user: UserId,
    },
    /// The logs of these people have come to these places: their devices catch up with them.
    ChatMoved {
        /// The people, and the place of each.
        people: Vec<(UserId, Seq)>,
    },
    /// Somebody is typing to somebody else. Nobody keeps it; lost, it was nothing.
    ChatTyping {
        /// Who types.
        from: UserId,
        /// To whom.
        to: UserId,
    },
    /// These people are connected to this node; nobody, where it only says that it is there.
    ChatHere {
        /// The node.
        node: NodeTag,
        /// The people.
        people: Vec<UserId>,
    },
    /// These people are not connected to this node any more.
    ChatGone {
        /// The node.
        node: NodeTag,
        /// The people.
        people: Vec<UserId>,
    },
    /// Who of these people is connected to any node? Each says so.
    ChatWho {
        /// The people.
        people: Vec<UserId>,
    },
    /// Two people became friends, or are not friends any more.
    ChatTie {
        /// The two.
        pair: (UserId, UserId),
        /// Whether they are friends now.
        are_friends: bool,
    },
}

/// A node, from its start to its end: a random number.
pub type NodeTag = u64;

/// What a subscriber gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// An event, from this node or another.
    Event(Event),
    /// Some events were lost (a slow subscriber, a broken connection): whatever was derived
    /// from events must be read anew.
    Missed,
}

/// The bus did not take the event.
#[derive(Debug, Error)]
#[error("the event bus did not take the event")]
pub struct BusError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Carries [`Event`]s between the nodes.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Tells every subscriber on every node, this one included.
    async fn publish(&self, event: Event) -> Result<(), BusError>;

    /// Listens from now on.
    fn subscribe(&self) -> Box<dyn Subscription>;

    /// Whether events of the other nodes arrive at present. While they do not, nothing that
    /// relies on being told may be cached.
    fn is_live(&self) -> bool;
}

/// One listener's end of the bus.
#[async_trait]
pub trait Subscription: Send {
    /// The next signal; `None` when the bus is gone.
    async fn next(&mut self) -> Option<Signal>;
}
