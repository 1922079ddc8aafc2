//! Two people, and what is between them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::RepositoryError;
use crate::user::UserId;

/// Two different people. What they share is kept under the pair, whoever of them asks.
///
/// Clients name a pair by the XOR of the two ids, which another pair can have as well; from one of
/// the two it leads to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    low: UserId,
    high: UserId,
}

impl Pair {
    /// The pair of two people; `None` where it is one and the same.
    #[must_use]
    pub fn of(one: UserId, other: UserId) -> Option<Self> {
        (one != other).then(|| Self {
            low: one.min(other),
            high: one.max(other),
        })
    }

    /// The one with the lower id.
    #[must_use]
    pub fn low(self) -> UserId {
        self.low
    }

    /// The one with the higher id.
    #[must_use]
    pub fn high(self) -> UserId {
        self.high
    }

    /// The one who is not `person`.
    #[must_use]
    pub fn other(self, person: UserId) -> UserId {
        if person == self.low {
            self.high
        } else {
            self.low
        }
    }

    /// What clients name it by.
    #[must_use]
    pub fn xor(self) -> i64 {
        self.low.get() ^ self.high.get()
    }
}

/// What is between the two of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// This one of the two asked, the other has not answered.
    Asked(UserId),
    /// They are friends.
    Friends,
    /// This one of the two wants to hear nothing of the other.
    Blocked(UserId),
    /// Neither wants to hear of the other.
    BlockedBoth,
}

impl Bond {
    /// Whether this one of the two blocked the other.
    #[must_use]
    pub fn is_blocked_by(self, person: UserId) -> bool {
        match self {
            Self::Blocked(who) => who == person,
            Self::BlockedBoth => true,
            Self::Asked(_) | Self::Friends => false,
        }
    }
}

/// What somebody shares with another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The other person.
    pub other: UserId,
    /// What is between them.
    pub bond: Bond,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Who may write to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DmFrom {
    /// Their friends.
    #[default]
    Friends,
    /// Everybody.
    Anyone,
    /// Nobody.
    Nobody,
}

impl DmFrom {
    /// As clients know it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Friends => "friends",
            Self::Anyone => "anyone",
            Self::Nobody => "nobody",
        }
    }

    /// Reads what clients know it by.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Friends, Self::Anyone, Self::Nobody]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// What others may do to somebody, and hear of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// Who may write to them.
    pub dm_from: DmFrom,
    /// Whether others hear how far they have read.
    pub read_receipts: bool,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            dm_from: DmFrom::default(),
            read_receipts: true,
        }
    }
}

/// Friendships, requests for one, and who wants to hear nothing of whom.
///
/// Changes are made in a unit of work that holds both people
/// ([`ChatLogRepository::hold`](super::ChatLogRepository::hold)): then nobody else changes what is
/// between them.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait FriendshipRepository: Send + Sync {
    /// What is between the two; `None` where nothing is.
    async fn find(&self, pair: Pair) -> Result<Option<Bond>, RepositoryError>;

    /// What is between the two of each of these pairs, where anything is.
    async fn find_all(&self, pairs: &[Pair]) -> Result<Vec<(Pair, Bond)>, RepositoryError>;

    /// Puts something between the two, or nothing.
    async fn set(
        &self,
        pair: Pair,
        bond: Option<Bond>,
        at: DateTime<Utc>,
    ) -> Result<(), RepositoryError>;

    /// Up to `limit` of a person's friendships, requests and blocks, the oldest first. That
    /// somebody else blocked them is theirs alone, and not among them.
    async fn ties(&self, person: UserId, limit: u64) -> Result<Vec<Tie>, RepositoryError>;

    /// How many friendships and requests a person has, either way, and how many they blocked.
    async fn count(&self, person: UserId) -> Result<u64, RepositoryError>;

    /// How many requests of a person wait for an answer.
    async fn asked(&self, person: UserId) -> Result<u64, RepositoryError>;

    /// Removes all of a person's; whom they were with.
    async fn remove_all(&self, person: UserId) -> Result<Vec<UserId>, RepositoryError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_from_both_sides_and_nobody_is_a_pair_alone() {
        let (a, b): (UserId, UserId) = (5.into(), 3.into());
        let pair = Pair::of(a, b).expect("a pair");
        assert_eq!(Some(pair), Pair::of(b, a));
        assert_eq!((pair.low(), pair.high(), pair.xor()), (b, a, 6));
        assert_eq!((pair.other(a), pair.other(b)), (b, a));
        assert_eq!(Pair::of(a, a), None);
    }

    #[test]
    fn a_block_is_of_who_made_it() {
        let (a, b): (UserId, UserId) = (5.into(), 3.into());
        for (bond, by_a, by_b) in [
            (Bond::Blocked(a), true, false),
            (Bond::Blocked(b), false, true),
            (Bond::BlockedBoth, true, true),
            (Bond::Asked(a), false, false),
            (Bond::Friends, false, false),
        ] {
            assert_eq!((bond.is_blocked_by(a), bond.is_blocked_by(b)), (by_a, by_b));
        }
    }
}
