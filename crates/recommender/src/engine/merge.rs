//! A guest who signs in.

use super::Engine;
use crate::{
    PersonKey,
    store::{Mark, Person, kinds},
};

impl Engine {
    /// A guest has signed in and is this member from now on: what is known of the guest is added to what is known of
    /// the member, and the guest is forgotten, so a second time changes nothing.
    ///
    /// Hearts are united, the earlier time wins; a heart that either took back later than the other gave it stays taken
    /// back. Taste is added without its prior. What both were shown is united. `now` is in microseconds since 1970. The
    /// same as an event is [`Action::Merge`](crate::Action::Merge).
    pub fn merge(&self, guest: PersonKey, member: PersonKey, now: i64) {
        let _turn = self.learner.lock();
        self.merge_while_learning(guest, member, now);
    }

    pub(super) fn merge_while_learning(&self, guest: PersonKey, member: PersonKey, now: i64) {
        if guest == member {
            return;
        }
        let Some(guest) = self.persons.write(&guest).remove(&guest) else {
            return;
        };
        let lost = self.change(member, |member| unite(member, *guest, now));
        for outfit in lost {
            self.uncount_heart(outfit);
        }
    }
}

/// Adds a guest to a member. Answers the outfits of which a heart was counted that no longer is.
fn unite(member: &mut Person, guest: Person, now: i64) -> Vec<u32> {
    let faded = guest.faded(now);
    for taste in &guest.tastes {
        member.taste(
            &[taste.label],
            taste.liked * faded,
            taste.passed * faded,
            now,
        );
    }
    let mut lost = Vec::new();
    for theirs in guest.marks {
        let Some(place) = member
            .marks
            .iter()
            .position(|mark| mark.outfit == theirs.outfit)
        else {
            member.marks.push(theirs);
            continue;
        };
        let ours = member.marks[place];
        let united = both(ours, theirs);
        let (before, after) = (
            usize::from(ours.is_hearted()) + usize::from(theirs.is_hearted()),
            usize::from(united.is_hearted()),
        );
        lost.extend(std::iter::repeat_n(
            theirs.outfit,
            before - after.min(before),
        ));
        member.marks[place] = united;
    }
    member.marks.sort_by_key(|mark| mark.at);
    if let Some(theirs) = guest.dislikes {
        let ours = member.dislikes.get_or_insert_default();
        for (ours, theirs) in [
            (&mut ours.outfits, theirs.outfits),
            (&mut ours.labels, theirs.labels),
        ] {
            ours.extend(theirs);
            ours.sort_unstable();
            ours.dedup();
        }
    }
    match (&mut member.seen, guest.seen) {
        (Some(ours), Some(theirs)) => ours.unite(&theirs),
        (Some(_), None) => {}
        (None, theirs) => member.seen = theirs,
    }
    member.version += 1 + guest.version;
    lost
}

fn both(a: Mark, b: Mark) -> Mark {
    let taken_back = |mark: Mark| mark.kinds & kinds::TAKEN_BACK != 0;
    match (taken_back(a), taken_back(b)) {
        // The last word counts.
        (true, false) => {
            if a.at >= b.at {
                a
            } else {
                b
            }
        }
        (false, true) => {
            if b.at >= a.at {
                b
            } else {
                a
            }
        }
        (true, true) => Mark {
            at: a.at.max(b.at),
            ..a
        },
        (false, false) => {
            let at = match (a.is_hearted(), b.is_hearted()) {
                (true, false) => a.at,
                (false, true) => b.at,
                _ => a.at.min(b.at),
            };
            Mark {
                kinds: a.kinds | b.kinds,
                at,
                ..a
            }
        }
    }
}
