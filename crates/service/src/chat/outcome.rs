//! What becomes of two people when one of them does something about their friendship.

use domain::chat::{Bond, FriendEvent};
use domain::user::UserId;

use super::ChatError;

/// What comes of an act.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was so already.
    Unchanged,
    /// It is otherwise now.
    Changed {
        /// What is between the two afterwards.
        bond: Option<Bond>,
        /// What the other one hears.
        other: Option<FriendEvent>,
        /// What the person's own devices hear.
        own: Option<FriendEvent>,
    },
}

/// What `person` doing `what` makes of the bond between them and `other`.
pub(super) fn outcome(
    person: UserId,
    other: UserId,
    what: FriendEvent,
    bond: Option<Bond>,
) -> Result<Outcome, ChatError> {
    use FriendEvent::{Block, Delete, Remove, Request, Response, Unblock};
    let mine = bond.is_some_and(|bond| bond.is_blocked_by(person));
    let theirs = bond.is_some_and(|bond| bond.is_blocked_by(other));
    match what {
        Block if mine => Ok(Outcome::Unchanged),
        Unblock if !mine => Ok(Outcome::Unchanged),
        Block => Ok(Outcome::Changed {
            bond: Some(if theirs {
                Bond::BlockedBoth
            } else {
                Bond::Blocked(person)
            }),
            // That they were blocked is not told: it looks like any other end.
            other: match bond {
                Some(Bond::Friends) => Some(Delete),
                Some(Bond::Asked(_)) => Some(Remove),
                Some(Bond::Blocked(_) | Bond::BlockedBoth) | None => None,
            },
            own: Some(Block),
        }),
        Unblock => Ok(Outcome::Changed {
            bond: theirs.then_some(Bond::Blocked(other)),
            other: None,
            own: Some(Unblock),
        }),
        Request | Response | Remove | Delete if theirs => Err(ChatError::NoSuchPerson),
        Request | Response | Remove | Delete if mine => Err(ChatError::NothingBetween),
        Request | Response | Remove | Delete => unblocked(person, what, bond),
    }
}

/// The same where nobody blocked anybody.
fn unblocked(person: UserId, what: FriendEvent, bond: Option<Bond>) -> Result<Outcome, ChatError> {
    use FriendEvent::{Delete, Remove, Request, Response};
    let changed = |bond, told| {
        Ok(Outcome::Changed {
            bond,
            other: Some(told),
            own: None,
        })
    };
    match (what, bond) {
        (Request, None) => changed(Some(Bond::Asked(person)), Request),
        (Request, Some(Bond::Asked(who))) if who == person => Ok(Outcome::Unchanged),
        (Request | Response, Some(Bond::Friends)) => Ok(Outcome::Unchanged),
        // Both pressed at once: each wants what the other wants.
        (Request, Some(Bond::Asked(_))) => changed(Some(Bond::Friends), Response),
        (Response, Some(Bond::Asked(who))) if who != person => {
            changed(Some(Bond::Friends), Response)
        }
        (Remove, Some(Bond::Asked(_))) => changed(None, Remove),
        (Delete, Some(Bond::Friends)) => changed(None, Delete),
        _ => Err(ChatError::NothingBetween),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: i64 = 1;
    const OTHER: i64 = 2;

    fn of(what: FriendEvent, bond: Option<Bond>) -> Result<Outcome, ChatError> {
        outcome(ME.into(), OTHER.into(), what, bond)
    }

    #[test]
    fn every_act_on_every_bond_has_its_outcome() {
        use FriendEvent::{Delete, Remove, Request, Response};
        let (me, other): (UserId, UserId) = (ME.into(), OTHER.into());
        let (mine, theirs) = (Some(Bond::Asked(me)), Some(Bond::Asked(other)));
        let friends = Some(Bond::Friends);
        let changed = |bond, told| {
            Some(Outcome::Changed {
                bond,
                other: Some(told),
                own: None,
            })
        };
        for (what, bond, expected) in [
            (Request, None, changed(mine, Request)),
            (Request, mine, Some(Outcome::Unchanged)),
            (Request, theirs, changed(friends, Response)),
            (Request, friends, Some(Outcome::Unchanged)),
            (Response, None, None),
            (Response, mine, None),
            (Response, theirs, changed(friends, Response)),
            (Response, friends, Some(Outcome::Unchanged)),
            (Remove, None, None),
            (Remove, mine, changed(None, Remove)),
            (Remove, theirs, changed(None, Remove)),
            (Remove, friends, None),
            (Delete, None, None),
            (Delete, mine, None),
            (Delete, theirs, None),
            (Delete, friends, changed(None, Delete)),
        ] {
            assert_eq!(of(what, bond).ok(), expected, "{what:?} {bond:?}");
        }
    }

    #[test]
    fn a_block_ends_what_was_and_keeps_everything_else_out() {
        use FriendEvent::{Block, Delete, Remove, Request, Response, Unblock};
        let (me, other): (UserId, UserId) = (ME.into(), OTHER.into());
        let (mine, theirs) = (Some(Bond::Blocked(me)), Some(Bond::Blocked(other)));
        let both = Some(Bond::BlockedBoth);
        let changed = |bond, other, own| {
            Some(Outcome::Changed {
                bond,
                other,
                own: Some(own),
            })
        };
        let asked = Some(Bond::Asked(other));
        for (what, bond, expected) in [
            (Block, None, changed(mine, None, Block)),
            (Block, asked, changed(mine, Some(Remove), Block)),
            (
                Block,
                Some(Bond::Friends),
                changed(mine, Some(Delete), Block),
            ),
            (Block, mine, Some(Outcome::Unchanged)),
            (Block, theirs, changed(both, None, Block)),
            (Block, both, Some(Outcome::Unchanged)),
            (Unblock, mine, changed(None, None, Unblock)),
            (Unblock, both, changed(theirs, None, Unblock)),
            (Unblock, theirs, Some(Outcome::Unchanged)),
            (Unblock, asked, Some(Outcome::Unchanged)),
            (Unblock, None, Some(Outcome::Unchanged)),
        ] {
            assert_eq!(of(what, bond).ok(), expected, "{what:?} {bond:?}");
        }
        for what in [Request, Response, Remove, Delete] {
            // Who was blocked finds nobody; who blocked knows whom.
            for bond in [theirs, both] {
                assert!(matches!(of(what, bond), Err(ChatError::NoSuchPerson)));
            }
            assert!(matches!(of(what, mine), Err(ChatError::NothingBetween)));
        }
    }
}
