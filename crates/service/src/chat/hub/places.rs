//! All places of a hub, and what of them the other nodes are still to hear.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::event::{Event, NodeTag};
use domain::user::UserId;
use tokio::time::Instant;

use super::place::Place;
use super::presence::{BEAT, Presence, Turn};

/// People named in one event.
const PEOPLE: usize = 1_000;

/// What the other nodes are to be told.
#[derive(Default)]
struct Outgoing {
    here: BTreeSet<UserId>,
    gone: BTreeSet<UserId>,
    asked: BTreeSet<UserId>,
    /// When they heard of this node last.
    beaten: Option<Instant>,
}

/// Who has which place.
#[derive(Default)]
pub(super) struct Places {
    numbers: u64,
    by_person: HashMap<UserId, Vec<Place>>,
    presence: Presence,
    outgoing: Outgoing,
}

impl Places {
    /// Of one person.
    pub(super) fn of(&self, user: UserId) -> impl Iterator<Item = &Place> {
        self.by_person.get(&user).into_iter().flatten()
    }

    /// Of everybody.
    pub(super) fn all(&self) -> impl Iterator<Item = &Place> {
        self.by_person.values().flatten()
    }

    /// A number that no other place has.
    pub(super) fn next_number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Adds a place; whether the other nodes are to be told.
    pub(super) fn add(&mut self, user: UserId, place: Place) -> bool {
        self.by_person.entry(user).or_default().push(place);
        let (is_new, turn) = self.presence.arrive(user);
        if is_new {
            self.outgoing.here.insert(user);
        }
        self.tell(turn);
        is_new
    }

    /// Removes a place.
    pub(super) fn remove(&mut self, user: UserId, number: u64, now: Instant) {
        let Some(theirs) = self.by_person.get_mut(&user) else {
            return;
        };
        let at = theirs.iter().position(|place| place.number == number);
        let removed = at.map(|at| theirs.swap_remove(at));
        if theirs.is_empty() {
            self.by_person.remove(&user);
            self.presence.leave(user, now);
        }
        for watched in removed.and_then(|place| place.watched).unwrap_or_default() {
            self.presence.unwatch((user, number), watched);
        }
    }

    fn find(&mut self, (user, number): (UserId, u64)) -> Option<&mut Place> {
        let theirs = self.by_person.get_mut(&user)?;
        theirs.iter_mut().find(|place| place.number == number)
    }

    fn tell(&self, turns: impl IntoIterator<Item = Turn>) {
        for turn in turns {
            for (user, number) in turn.watchers {
                let theirs = self.of(user).filter(|place| place.number == number);
                theirs.for_each(|place| place.show(turn.user, turn.is_online));
            }
        }
    }

    /// A device watches these people, and nobody else; who of them is there.
    pub(super) fn watch(&mut self, watcher: (UserId, u64), people: &[UserId]) -> Vec<UserId> {
        let Some(place) = self.find(watcher) else {
            return Vec::new();
        };
        place.forget_turns();
        let now: HashSet<UserId> = people.iter().copied().collect();
        let before = place.watched.replace(now.clone()).unwrap_or_default();
        for user in before.difference(&now) {
            self.presence.unwatch(watcher, *user);
        }
        self.outgoing.asked.extend(people);
        self.presence.watch(watcher, people)
    }

    /// Two people became friends, or are not friends any more.
    pub(super) fn tie(&mut self, (one, other): (UserId, UserId), are_friends: bool) {
        for (user, friend) in [(one, other), (other, one)] {
            let places = self.by_person.get_mut(&user).into_iter().flatten();
            for place in places {
                let Some(watched) = place.watched.as_mut() else {
                    continue;
                };
                let watcher = (user, place.number);
                if are_friends {
                    watched.insert(friend);
                    self.outgoing.asked.insert(friend);
                    if !self.presence.watch(watcher, &[friend]).is_empty() {
                        place.show(friend, true);
                    }
                } else if watched.remove(&friend) {
                    self.presence.unwatch(watcher, friend);
                }
            }
        }
    }

    /// Another node has these people.
    pub(super) fn hear_of(&mut self, node: NodeTag, people: &[UserId], now: Instant) {
        let turns = self.presence.hear_of(node, people, now);
        self.tell(turns);
    }

    /// Another node has these people no more.
    pub(super) fn hear_gone(&mut self, node: NodeTag, people: &[UserId]) {
        let turns = self.presence.hear_gone(node, people);
        self.tell(turns);
    }

    /// Says who of these is here; whether anybody is.
    pub(super) fn answer(&mut self, people: &[UserId]) -> bool {
        let here = self.presence.here_of(people);
        self.outgoing.here.extend(&here);
        !here.is_empty()
    }

    /// Asks for everybody who is watched: something may have been missed.
    pub(super) fn ask_again(&mut self) {
        self.outgoing.asked.extend(self.presence.watched());
    }

    /// What the other nodes are to be told now.
    pub(super) fn news(&mut self, node: NodeTag, now: Instant) -> Vec<Event> {
        let (gone, turns) = self.presence.settle(now);
        self.tell(turns);
        let turns = self.presence.give_up(now);
        self.tell(turns);
        let outgoing = &mut self.outgoing;
        for user in gone {
            outgoing.here.remove(&user);
            outgoing.gone.insert(user);
        }
        let mut events = Vec::new();
        for people in chunks(&mut outgoing.gone) {
            events.push(Event::ChatGone { node, people });
        }
        for people in chunks(&mut outgoing.here) {
            events.push(Event::ChatHere { node, people });
        }
        for people in chunks(&mut outgoing.asked) {
            events.push(Event::ChatWho { people });
        }
        let is_due = outgoing.beaten.is_none_or(|beaten| beaten + BEAT <= now);
        if is_due {
            outgoing.beaten = Some(now);
            let people = Vec::new();
            events.push(Event::ChatHere { node, people });
        }
        events
    }
}

/// Takes everybody, some at a time.
fn chunks(people: &mut BTreeSet<UserId>) -> Vec<Vec<UserId>> {
    let people: Vec<UserId> = std::mem::take(people).into_iter().collect();
    people.chunks(PEOPLE).map(<[UserId]>::to_vec).collect()
}
