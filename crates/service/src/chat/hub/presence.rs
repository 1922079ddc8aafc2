//! Which people are connected, to any node, for those of their friends who watch.
//!
//! Nothing is stored. A node says on the bus who comes to it and who has gone, and answers when
//! another one asks; each remembers of the others only what its own devices watch. That somebody
//! has gone is said after a while, so that a line that breaks and comes back is no news, and a
//! node that is not heard of for long has taken its people with it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::event::NodeTag;
use domain::user::UserId;
use tokio::time::Instant;

/// How long somebody is gone before that is said.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// How often a node says that it is there.
pub(super) const BEAT: Duration = Duration::from_secs(10);
/// A node that was not heard of for so long is gone.
pub(super) const SILENCE: Duration = Duration::from_secs(35);

/// A device that watches: its person, and its number in the hub.
type Watcher = (UserId, u64);

/// Somebody's friends are to be told that they came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Who came or went.
    pub(super) user: UserId,
    /// Whether they are there now.
    pub(super) is_online: bool,
    /// The devices to tell.
    pub(super) watchers: Vec<Watcher>,
}

/// What is known of who is where.
#[derive(Default)]
pub(super) struct Presence {
    /// Who is connected to this node, or was a moment ago.
    here: HashSet<UserId>,
    /// Of those, who left, and when that will be said.
    leaving: HashMap<UserId, Instant>,
    /// By whom they watch, the devices of this node.
    watched: HashMap<UserId, HashSet<Watcher>>,
    /// Of those who are watched, on which other nodes they are.
    elsewhere: HashMap<UserId, HashSet<NodeTag>>,
    /// When each other node was heard of last.
    nodes: HashMap<NodeTag, Instant>,
}

impl Presence {
    fn is_online(&self, user: UserId) -> bool {
        self.here.contains(&user) || self.elsewhere.contains_key(&user)
    }

    fn turn(&self, user: UserId) -> Option<Turn> {
        let watchers: Vec<Watcher> = self.watched.get(&user)?.iter().copied().collect();
        Some(Turn {
            user,
            is_online: self.is_online(user),
            watchers,
        })
    }

    /// Does something that may make a difference to whether somebody is there; whom to tell.
    fn change(&mut self, user: UserId, what: impl FnOnce(&mut Self)) -> Option<Turn> {
        let before = self.is_online(user);
        what(self);
        self.turn(user).filter(|turn| turn.is_online != before)
    }

    /// The first device of somebody is connected to this node; whether the other nodes have to
    /// know (not where they were gone for a moment only), and whom to tell.
    pub(super) fn arrive(&mut self, user: UserId) -> (bool, Option<Turn>) {
        self.leaving.remove(&user);
        let is_new = !self.here.contains(&user);
        let turn = self.change(user, |all| {
            all.here.insert(user);
        });
        (is_new, turn)
    }

    /// The last device of somebody has left this node.
    pub(super) fn leave(&mut self, user: UserId, now: Instant) {
        self.leaving.insert(user, now + GRACE);
    }

    /// Takes note of who has been gone for long enough; who that is, and whom to tell.
    pub(super) fn settle(&mut self, now: Instant) -> (Vec<UserId>, Vec<Turn>) {
        let gone = self.leaving.iter().filter(|(_, at)| **at <= now);
        let gone: Vec<UserId> = gone.map(|(user, _)| *user).collect();
        let turns = gone.iter().filter_map(|user| {
            self.leaving.remove(user);
            self.change(*user, |all| {
                all.here.remove(user);
            })
        });
        let turns = turns.collect();
        (gone, turns)
    }

    /// A device watches these people from now on; who of them is there, as far as is known.
    pub(super) fn watch(&mut self, watcher: Watcher, people: &[UserId]) -> Vec<UserId> {
        for user in people {
            self.watched.entry(*user).or_default().insert(watcher);
        }
        let there = people.iter().filter(|user| self.is_online(**user));
        there.copied().collect()
    }

    /// A device does not watch somebody any more.
    pub(super) fn unwatch(&mut self, watcher: Watcher, user: UserId) {
        if let Some(watchers) = self.watched.get_mut(&user) {
            watchers.remove(&watcher);
            if watchers.is_empty() {
                self.watched.remove(&user);
                self.elsewhere.remove(&user);
            }
        }
    }

    /// Of these, who is connected to this node.
    pub(super) fn here_of(&self, people: &[UserId]) -> Vec<UserId> {
        let here = people.iter().filter(|user| self.here.contains(*user));
        here.copied().collect()
    }

    /// Everybody who is watched.
    pub(super) fn watched(&self) -> Vec<UserId> {
        self.watched.keys().copied().collect()
    }

    /// Another node has these people; whom to tell.
    pub(super) fn hear_of(&mut self, node: NodeTag, people: &[UserId], now: Instant) -> Vec<Turn> {
        self.nodes.insert(node, now);
        let watched = people
            .iter()
            .filter(|user| self.watched.contains_key(*user));
        let watched: Vec<UserId> = watched.copied().collect();
        let turns = watched.into_iter().filter_map(|user| {
            self.change(user, |all| {
                all.elsewhere.entry(user).or_default().insert(node);
            })
        });
        turns.collect()
    }

    /// Another node has these people no more; whom to tell.
    pub(super) fn hear_gone(&mut self, node: NodeTag, people: &[UserId]) -> Vec<Turn> {
        let turns = people.iter().filter_map(|user| {
            self.change(*user, |all| {
                if let Some(nodes) = all.elsewhere.get_mut(user) {
                    nodes.remove(&node);
                    if nodes.is_empty() {
                        all.elsewhere.remove(user);
                    }
                }
            })
        });
        turns.collect()
    }

    /// Gives up nodes that are silent for too long; whom to tell.
    pub(super) fn give_up(&mut self, now: Instant) -> Vec<Turn> {
        let silent = self.nodes.iter().filter(|(_, at)| **at + SILENCE <= now);
        let silent: Vec<NodeTag> = silent.map(|(node, _)| *node).collect();
        let mut turns = Vec::new();
        for node in silent {
            self.nodes.remove(&node);
            let theirs = self.elsewhere.iter().filter(|(_, on)| on.contains(&node));
            let theirs: Vec<UserId> = theirs.map(|(user, _)| *user).collect();
            turns.extend(self.hear_gone(node, &theirs));
        }
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody whose device watches, and two others.
    fn people() -> (Watcher, UserId, UserId) {
        ((1.into(), 10), 2.into(), 3.into())
    }

    fn turn(user: UserId, is_online: bool) -> Turn {
        Turn {
            user,
            is_online,
            watchers: vec![people().0],
        }
    }

    #[test]
    fn who_watches_hears_of_coming_and_going_and_nobody_of_a_line_that_breaks() {
        let (mut all, now) = (Presence::default(), Instant::now());
        let (device, friend, other) = people();
        assert!(all.watch(device, &[friend]).is_empty());
        assert_eq!(all.arrive(friend), (true, Some(turn(friend, true))));
        assert_eq!(all.arrive(other), (true, None));
        all.leave(friend, now);
        assert_eq!(all.settle(now), (Vec::new(), Vec::new()));
        assert_eq!(all.arrive(friend), (false, None));
        assert_eq!(all.settle(now + GRACE), (Vec::new(), Vec::new()));
        all.leave(friend, now);
        let gone = (vec![friend], vec![turn(friend, false)]);
        assert_eq!(all.settle(now + GRACE), gone);
        assert_eq!(all.here_of(&[friend, other]), [other]);
    }

    #[test]
    fn who_is_on_two_nodes_is_gone_when_the_last_one_lost_them() {
        let (mut all, now) = (Presence::default(), Instant::now());
        let (device, friend, other) = people();
        let [one, two] = [1, 2];
        all.watch(device, &[friend]);
        assert_eq!(
            all.hear_of(one, &[friend, other], now),
            [turn(friend, true)]
        );
        assert_eq!(all.hear_of(two, &[friend], now), []);
        assert_eq!(all.hear_gone(one, &[friend, other]), []);
        assert_eq!(all.hear_gone(two, &[friend]), [turn(friend, false)]);
        // Of whom nobody watches nothing is remembered.
        assert!(all.elsewhere.is_empty());
    }

    #[test]
    fn a_silent_node_has_taken_its_people_with_it() {
        let (mut all, now) = (Presence::default(), Instant::now());
        let (device, friend, other) = people();
        let [dead, alive] = [1, 2];
        all.watch(device, &[friend, other]);
        all.hear_of(dead, &[friend, other], now);
        let later = now + SILENCE;
        all.hear_of(alive, &[other], later);
        assert_eq!(all.give_up(later), [turn(friend, false)]);
        assert_eq!(all.give_up(later), []);
    }

    #[test]
    fn who_does_not_watch_any_more_hears_nothing() {
        let (mut all, now) = (Presence::default(), Instant::now());
        let (device, friend, _) = people();
        all.watch(device, &[friend]);
        all.hear_of(1, &[friend], now);
        assert_eq!(all.watch(device, &[friend]), [friend]);
        all.unwatch(device, friend);
        assert_eq!(all.arrive(friend), (true, None));
        assert!(all.watched().is_empty() && all.elsewhere.is_empty());
    }
}
