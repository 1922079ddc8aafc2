//! The devices that are connected to this node.
//!
//! What happens is in the log of each person (in the database); the hub only says that there is
//! something new, and hands over what was stored on this node. So nothing waits here for a slow
//! device, and nothing is lost with a node.

mod place;
mod places;
mod presence;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::chat::{Pair, Seq};
use domain::event::{Event, EventBus, NodeTag, Signal};
use domain::user::UserId;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, interval, timeout};
use tracing::{debug, warn};

use self::place::Place;
pub use self::place::{Connection, Ticket, Wake};
use self::places::Places;
use super::Moment;

/// How long the sockets of a node that stops may take to say goodbye.
const GOODBYES: Duration = Duration::from_secs(5);
/// How often it is looked who has been gone for long enough.
const ROUND: Duration = Duration::from_secs(1);

/// That a socket is open, whoever it is; given up when dropped.
pub struct Attendance {
    number: u64,
    draining: watch::Receiver<bool>,
}

impl Attendance {
    /// A number of its own on this node, far from its neighbours'.
    #[must_use]
    pub fn number(&self) -> u64 {
        // Fibonacci hashing: what counts up is spread out.
        self.number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
    }

    /// Waits until the node stops. It may have begun to before the socket was opened.
    pub async fn over(&mut self) {
        // A hub that is gone is over as well.
        let _ = self.draining.wait_for(|draining| *draining).await;
    }

    /// Whether the node stops.
    #[must_use]
    pub fn is_over(&self) -> bool {
        *self.draining.borrow()
    }
}

/// Who is connected to this node.
pub struct Hub {
    node: NodeTag,
    bus: Arc<dyn EventBus>,
    places: Mutex<Places>,
    opened: AtomicU64,
    draining: watch::Sender<bool>,
    /// That the other nodes have to be told something.
    stirred: Notify,
}

impl Hub {
    /// A hub without connections.
    #[must_use]
    pub fn new(bus: Arc<dyn EventBus>) -> Arc<Self> {
        Arc::new(Self {
            node: RandomState::new().hash_one(()),
            bus,
            places: Mutex::default(),
            opened: AtomicU64::new(0),
            draining: watch::Sender::new(false),
            stirred: Notify::new(),
        })
    }

    /// Counts in a socket that was opened; it hears when the node stops.
    #[must_use]
    pub fn attend(&self) -> Attendance {
        Attendance {
            number: self.opened.fetch_add(1, Ordering::Relaxed),
            draining: self.draining.subscribe(),
        }
    }

    /// Gives a connection its place.
    #[must_use]
    pub fn join(self: &Arc<Self>, connection: Connection) -> Ticket {
        let mut places = self.places.lock();
        let number = places.next_number();
        let (place, ticket) = Place::new(self.clone(), number, connection);
        if places.add(connection.user, place) {
            self.stirred.notify_one();
        }
        ticket
    }

    fn leave(&self, user: UserId, number: u64) {
        self.places.lock().remove(user, number, Instant::now());
    }

    fn watch(&self, watcher: (UserId, u64), people: &[UserId]) -> Vec<UserId> {
        let there = self.places.lock().watch(watcher, people);
        self.stirred.notify_one();
        there
    }

    /// How many sockets are open, whoever they are.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.draining.receiver_count()
    }

    /// How many devices are connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.places.lock().all().count()
    }

    /// Hands what was stored just now to the devices on this node, and tells those on every other
    /// one that there is something new.
    pub(super) async fn deliver(&self, moments: Vec<(UserId, Moment)>) {
        let mut reached: HashMap<UserId, Seq> = HashMap::new();
        {
            let places = self.places.lock();
            for (user, moment) in moments {
                reached.insert(user, moment.seq);
                let moment = Arc::new(moment);
                for place in places.of(user) {
                    place.hand(moment.clone());
                }
            }
        }
        self.moved(reached.into_iter().collect()).await;
    }

    /// Tells the devices of these people, on every node, how far their logs have come.
    pub async fn moved(&self, people: Vec<(UserId, Seq)>) {
        let moved = Event::ChatMoved { people };
        if let Err(error) = self.bus.publish(moved.clone()).await {
            warn!(%error, "the other nodes were not told of news");
            // This node's own devices hear it all the same.
            self.hear(&Signal::Event(moved));
        }
    }

    /// Tells the devices of a person, on every node, that another is typing to them.
    pub async fn typing(&self, from: UserId, to: UserId) {
        let typing = Event::ChatTyping { from, to };
        if let Err(error) = self.bus.publish(typing.clone()).await {
            debug!(%error, "the other nodes were not told who types");
            self.hear(&Signal::Event(typing));
        }
    }

    /// Tells the devices of two people, on every node, that they are friends now, or are not any
    /// more: who watches their friends watches this one, or does not.
    pub(super) async fn tied(&self, pair: Pair, are_friends: bool) {
        let pair = (pair.low(), pair.high());
        let tie = Event::ChatTie { pair, are_friends };
        if let Err(error) = self.bus.publish(tie.clone()).await {
            warn!(%error, "the other nodes were not told who are friends");
            self.hear(&Signal::Event(tie));
        }
    }

    /// Passes on what a signal says.
    pub fn hear(&self, signal: &Signal) {
        let mut places = self.places.lock();
        match signal {
            Signal::Event(Event::ChatMoved { people }) => {
                for (user, seq) in people {
                    places.of(*user).for_each(|place| place.reach(*seq));
                }
            }
            Signal::Event(Event::ChatTyping { from, to }) => {
                places.of(*to).for_each(|place| place.hint(*from));
            }
            Signal::Event(Event::UserChanged { user }) => {
                places.of(*user).for_each(Place::doubt);
            }
            Signal::Event(Event::SessionEnded { session }) => {
                let theirs = places.all().filter(|place| place.session == *session);
                theirs.for_each(Place::doubt);
            }
            Signal::Event(Event::ChatHere { node, people }) => {
                if *node != self.node {
                    places.hear_of(*node, people, Instant::now());
                }
            }
            Signal::Event(Event::ChatGone { node, people }) => {
                if *node != self.node {
                    places.hear_gone(*node, people);
                }
            }
            Signal::Event(Event::ChatWho { people }) => {
                if places.answer(people) {
                    self.stirred.notify_one();
                }
            }
            Signal::Event(Event::ChatTie { pair, are_friends }) => {
                places.tie(*pair, *are_friends);
                self.stirred.notify_one();
            }
            Signal::Missed => {
                places.all().for_each(Place::miss);
                places.ask_again();
                self.stirred.notify_one();
            }
        }
    }

    /// Tells the other nodes who comes and goes, and the devices here whose node is gone, for ever.
    pub async fn keep_presence(self: Arc<Self>) {
        let mut rounds = interval(ROUND);
        loop {
            tokio::select! {
                _ = rounds.tick() => {}
                () = self.stirred.notified() => {}
            }
            let events = self.places.lock().news(self.node, Instant::now());
            for event in events {
                if let Err(error) = self.bus.publish(event).await {
                    debug!(%error, "the other nodes were not told who is here");
                }
            }
        }
    }

    /// Listens to the bus until it is gone.
    pub async fn listen(self: Arc<Self>) {
        let mut signals = self.bus.subscribe();
        while let Some(signal) = signals.next().await {
            self.hear(&signal);
        }
    }

    fn doubt(&self, user: UserId, number: u64) {
        let places = self.places.lock();
        let theirs = places.of(user).filter(|place| place.number == number);
        theirs.for_each(Place::doubt);
    }

    /// Tells every socket, and those still to come, to say goodbye; ends when all have, or after
    /// [`GOODBYES`].
    pub async fn drain(&self) {
        self.draining.send_replace(true);
        if timeout(GOODBYES, self.draining.closed()).await.is_err() {
            let left = self.draining.receiver_count();
            warn!(left, "some sockets were not closed in time");
        }
    }
}

#[cfg(test)]
mod tests;
