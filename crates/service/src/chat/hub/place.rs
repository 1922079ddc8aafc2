//! A device's place in the hub, and what waits there for it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use domain::chat::Seq;
use domain::user::{SessionId, UserId};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::Hub;
use crate::chat::Moment;

/// People whose typing a connection has not passed on yet; more are not waited for.
pub(super) const TYPISTS: usize = 16;
/// Moments that wait for a connection; what is more it reads from the log.
pub(super) const MOMENTS: usize = 64;

/// What a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// The place that the person's log has come to, as far as is known here.
    pub reached: Seq,
    /// Counts up whenever news may have been missed: look into the log.
    pub missed: u64,
    /// Counts up whenever the session may have ended: ask whether it did.
    pub doubts: u64,
    /// Counts up whenever somebody types to the person, comes or goes: see [`Ticket::typing`] and
    /// [`Ticket::turns`].
    pub hints: u64,
}

/// A device of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whose.
    pub user: UserId,
    /// The session it came with.
    pub session: SessionId,
}

/// What waits for a connection, bounded whatever comes.
#[derive(Default)]
struct Tray {
    typists: Vec<UserId>,
    moments: VecDeque<Arc<Moment>>,
    /// Whether somebody who is watched is there: what was last.
    turns: BTreeMap<UserId, bool>,
}

/// A place in the hub; given up when dropped.
pub struct Ticket {
    hub: Arc<Hub>,
    number: u64,
    user: UserId,
    tray: Arc<Mutex<Tray>>,
    /// What the connection is told.
    pub wakes: watch::Receiver<Wake>,
}

impl Ticket {
    /// Who has been typing to the person since this was asked last.
    #[must_use]
    pub fn typing(&self) -> Vec<UserId> {
        std::mem::take(&mut self.tray.lock().typists)
    }

    /// What was stored on this node since this was asked last, in the order of its places. There
    /// may be more in the log, also in between.
    #[must_use]
    pub fn moments(&self) -> VecDeque<Arc<Moment>> {
        std::mem::take(&mut self.tray.lock().moments)
    }

    /// Who of those who are watched came (`true`) or went since this was asked last.
    #[must_use]
    pub fn turns(&self) -> BTreeMap<UserId, bool> {
        std::mem::take(&mut self.tray.lock().turns)
    }

    /// Watches these people, and nobody else: who of them is there, as far as this node knows. The
    /// others are told as [turns](Self::turns) when it hears of them. Who becomes a friend is
    /// watched as well from now on, and who is one no longer is not.
    #[must_use]
    pub fn watch(&self, people: &[UserId]) -> Vec<UserId> {
        self.hub.watch((self.user, self.number), people)
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

/// The hub's end of a ticket.
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) session: SessionId,
    /// Whom this device watches; `None` where it never asked.
    pub(super) watched: Option<HashSet<UserId>>,
    sender: watch::Sender<Wake>,
    tray: Arc<Mutex<Tray>>,
}

impl Place {
    /// A place, and the ticket to it.
    pub(super) fn new(hub: Arc<Hub>, number: u64, connection: Connection) -> (Self, Ticket) {
        let (sender, wakes) = watch::channel(Wake::default());
        let tray = Arc::<Mutex<Tray>>::default();
        let ticket = Ticket {
            hub,
            number,
            user: connection.user,
            tray: tray.clone(),
            wakes,
        };
        let place = Self {
            number,
            session: connection.session,
            watched: None,
            sender,
            tray,
        };
        (place, ticket)
    }

    /// Somebody is typing to them.
    pub(super) fn hint(&self, from: UserId) {
        let typists = &mut self.tray.lock().typists;
        if typists.len() < TYPISTS && !typists.contains(&from) {
            typists.push(from);
        }
        self.sender.send_modify(|wake| wake.hints += 1);
    }

    /// Somebody they watch came or went.
    pub(super) fn show(&self, user: UserId, is_online: bool) {
        self.tray.lock().turns.insert(user, is_online);
        self.sender.send_modify(|wake| wake.hints += 1);
    }

    /// They are about to be told who is there: what waits for them is told with it.
    pub(super) fn forget_turns(&self) {
        self.tray.lock().turns.clear();
    }

    /// Something happened to them.
    pub(super) fn hand(&self, moment: Arc<Moment>) {
        let seq = moment.seq;
        let moments = &mut self.tray.lock().moments;
        if moments.len() < MOMENTS {
            moments.push_back(moment);
        }
        self.reach(seq);
    }

    /// Their log has come to this place.
    pub(super) fn reach(&self, seq: Seq) {
        self.sender.send_if_modified(|wake| {
            let is_further = seq > wake.reached;
            wake.reached = wake.reached.max(seq);
            is_further
        });
    }

    /// Their session may have ended.
    pub(super) fn doubt(&self) {
        self.sender.send_modify(|wake| wake.doubts += 1);
    }

    /// Anything may have happened.
    pub(super) fn miss(&self) {
        self.sender.send_modify(|wake| {
            wake.missed += 1;
            wake.doubts += 1;
        });
    }
}
