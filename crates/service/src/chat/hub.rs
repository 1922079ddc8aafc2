//! The devices that are connected to this node.
//!
//! What happens is in the log of each person (in the database); the hub only says that there is
//! something new. So nothing waits here for a slow device, and nothing is lost with a node.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::event::{Event, EventBus, Signal};
use domain::user::{SessionId, UserId};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{debug, warn};

/// How long the sockets of a node that stops may take to say goodbye.
const GOODBYES: Duration = Duration::from_secs(5);

/// What a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// Counts up whenever there may be something new in the person's log.
    pub news: u64,
    /// Counts up whenever the session may have ended: ask whether it did.
    pub doubts: u64,
    /// Counts up whenever somebody types to the person: see [`Ticket::typing`].
    pub hints: u64,
}

/// People whose typing a connection has not passed on yet; more are not waited for.
const TYPISTS: usize = 16;

type Typists = Arc<Mutex<Vec<UserId>>>;

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

/// A device of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whose.
    pub user: UserId,
    /// The session it came with.
    pub session: SessionId,
}

/// A place in the hub; given up when dropped.
pub struct Ticket {
    hub: Arc<Hub>,
    number: u64,
    user: UserId,
    typists: Typists,
    /// What the connection is told.
    pub wakes: watch::Receiver<Wake>,
}

impl Ticket {
    /// Who has been typing to the person since this was asked last.
    #[must_use]
    pub fn typing(&self) -> Vec<UserId> {
        std::mem::take(&mut *self.typists.lock())
    }

    /// Makes the connection ask whether its session has ended.
    pub fn doubt(&mut self) {
        self.hub.doubt(self.user, self.number);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.hub.leave(self.user, self.number);
    }
}

struct Place {
    number: u64,
    session: SessionId,
    sender: watch::Sender<Wake>,
    typists: Typists,
}

impl Place {
    fn hint(&self, from: UserId) {
        let mut typists = self.typists.lock();
        if typists.len() < TYPISTS && !typists.contains(&from) {
            typists.push(from);
        }
        self.sender.send_modify(|wake| wake.hints += 1);
    }
}

#[derive(Default)]
struct Places {
    next: u64,
    by_person: HashMap<UserId, Vec<Place>>,
}

/// Who is connected to this node.
pub struct Hub {
    bus: Arc<dyn EventBus>,
    places: Mutex<Places>,
    opened: AtomicU64,
    draining: watch::Sender<bool>,
}

impl Hub {
    /// A hub without connections.
    #[must_use]
    pub fn new(bus: Arc<dyn EventBus>) -> Arc<Self> {
        Arc::new(Self {
            bus,
            places: Mutex::default(),
            opened: AtomicU64::new(0),
            draining: watch::Sender::new(false),
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
        places.next += 1;
        let number = places.next;
        let (sender, wakes) = watch::channel(Wake::default());
        let place = Place {
            number,
            session: connection.session,
            sender,
            typists: Typists::default(),
        };
        let typists = place.typists.clone();
        let theirs = places.by_person.entry(connection.user).or_default();
        theirs.push(place);
        Ticket {
            hub: self.clone(),
            number,
            user: connection.user,
            typists,
            wakes,
        }
    }

    fn leave(&self, user: UserId, number: u64) {
        let mut places = self.places.lock();
        if let Some(theirs) = places.by_person.get_mut(&user) {
            theirs.retain(|place| place.number != number);
            if theirs.is_empty() {
                places.by_person.remove(&user);
            }
        }
    }

    /// How many sockets are open, whoever they are.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.draining.receiver_count()
    }

    /// How many devices are connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.places.lock().by_person.values().map(Vec::len).sum()
    }

    /// Tells the devices of these people, on every node, that there is something new.
    pub async fn moved(&self, people: Vec<UserId>) {
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

    /// Passes on what a signal says.
    pub fn hear(&self, signal: &Signal) {
        let places = self.places.lock();
        let theirs = |user: &UserId| places.by_person.get(user).into_iter().flatten();
        match signal {
            Signal::Event(Event::ChatMoved { people }) => {
                for place in people.iter().flat_map(theirs) {
                    place.sender.send_modify(|wake| wake.news += 1);
                }
            }
            Signal::Event(Event::ChatTyping { from, to }) => {
                for place in theirs(to) {
                    place.hint(*from);
                }
            }
            Signal::Event(Event::UserChanged { user }) => {
                for place in theirs(user) {
                    place.sender.send_modify(|wake| wake.doubts += 1);
                }
            }
            Signal::Event(Event::SessionEnded { session }) => {
                for place in places.by_person.values().flatten() {
                    if place.session == *session {
                        place.sender.send_modify(|wake| wake.doubts += 1);
                    }
                }
            }
            Signal::Missed => {
                for place in places.by_person.values().flatten() {
                    place.sender.send_modify(|wake| {
                        wake.news += 1;
                        wake.doubts += 1;
                    });
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
        let theirs = places.by_person.get(&user).into_iter().flatten();
        for place in theirs.filter(|place| place.number == number) {
            place.sender.send_modify(|wake| wake.doubts += 1);
        }
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
mod tests {
    use super::*;
    use crate::testing::FakeBus;

    fn connection(user: i64, session: i64) -> Connection {
        Connection {
            user: user.into(),
            session: session.into(),
        }
    }

    fn told(ticket: &Ticket) -> (u64, u64) {
        let wake = *ticket.wakes.borrow();
        (wake.news, wake.doubts)
    }

    #[tokio::test]
    async fn every_device_of_the_people_hears_of_news_and_nobody_else() {
        let bus = FakeBus::new();
        let hub = Hub::new(bus.clone());
        let tickets = [(1, 10), (1, 11), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
        let people: Vec<UserId> = vec![1.into(), 3.into()];
        let moved = Event::ChatMoved {
            people: people.clone(),
        };
        hub.moved(people.clone()).await;
        assert_eq!(bus.told(), std::slice::from_ref(&moved));
        hub.hear(&Signal::Event(moved));
        assert_eq!(tickets.each_ref().map(told), [(1, 0), (1, 0), (0, 0)]);
        // Without the bus this node's devices hear it all the same.
        bus.broken.store(true, std::sync::atomic::Ordering::SeqCst);
        hub.moved(people).await;
        assert_eq!(tickets.each_ref().map(told), [(2, 0), (2, 0), (0, 0)]);
    }

    #[tokio::test]
    async fn who_may_be_signed_out_is_doubted() {
        let hub = Hub::new(FakeBus::new());
        let tickets = [(1, 10), (1, 11), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
        let session = 11.into();
        hub.hear(&Signal::Event(Event::SessionEnded { session }));
        assert_eq!(tickets.each_ref().map(told), [(0, 0), (0, 1), (0, 0)]);
        hub.hear(&Signal::Event(Event::UserChanged { user: 1.into() }));
        assert_eq!(tickets.each_ref().map(told), [(0, 1), (0, 2), (0, 0)]);
        hub.hear(&Signal::Missed);
        assert_eq!(tickets.each_ref().map(told), [(1, 2), (1, 3), (1, 1)]);
    }

    #[tokio::test]
    async fn typing_is_heard_by_the_other_once_and_never_piles_up() {
        let bus = FakeBus::new();
        let hub = Hub::new(bus.clone());
        let tickets = [(1, 10), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
        hub.typing(2.into(), 1.into()).await;
        let typing = Event::ChatTyping {
            from: 2.into(),
            to: 1.into(),
        };
        assert_eq!(bus.told(), std::slice::from_ref(&typing));
        for _ in 0..2 {
            hub.hear(&Signal::Event(typing.clone()));
        }
        for from in 3..100 {
            let (from, to) = (from.into(), 1.into());
            hub.hear(&Signal::Event(Event::ChatTyping { from, to }));
        }
        let heard = tickets[0].typing();
        assert_eq!((heard.len(), heard[0]), (TYPISTS, UserId::from(2)));
        assert!(tickets[0].typing().is_empty() && tickets[1].typing().is_empty());
        assert_eq!(tickets.each_ref().map(told), [(0, 0), (0, 0)]);
    }

    #[tokio::test]
    async fn who_left_has_no_place() {
        let hub = Hub::new(FakeBus::new());
        let (one, mut other) = (hub.join(connection(1, 10)), hub.join(connection(1, 11)));
        drop(one);
        assert_eq!(hub.connections(), 1);
        // Their own doubt is nobody else's.
        let third = hub.join(connection(1, 12));
        other.doubt();
        assert_eq!((told(&other), told(&third)), ((0, 1), (0, 0)));
        assert!(other.wakes.has_changed().expect("a hub"));
        drop((other, third));
        assert_eq!(hub.connections(), 0);
    }

    #[tokio::test]
    async fn draining_ends_when_all_have_left_and_who_comes_late_hears_of_it() {
        let hub = Hub::new(FakeBus::new());
        let mut early = hub.attend();
        assert!(!early.is_over());
        let draining = tokio::spawn({
            let hub = hub.clone();
            async move { hub.drain().await }
        });
        early.over().await;
        let mut late = hub.attend();
        late.over().await;
        assert!(late.is_over() && hub.sockets() == 2);
        assert_ne!(early.number(), late.number());
        drop(early);
        assert!(!draining.is_finished());
        drop(late);
        draining.await.expect("it ends");
    }

    #[tokio::test(start_paused = true)]
    async fn draining_waits_for_nobody_for_ever() {
        let hub = Hub::new(FakeBus::new());
        let stuck = hub.attend();
        hub.drain().await;
        assert!(stuck.is_over());
    }
}
