//! Asking for friendship, accepting, declining, ending.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::chat::{
    Bond, ChatLogRepository, Entry, FriendEvent, FriendshipRepository, Pair, Privacy, Seq,
};
use domain::unit_of_work::UnitOfWorkFactory;
use domain::user::{Name, User, UserId, UserRepository, UserStatus};
use domain::{Clock, RepositoryError};
use tracing::{info, instrument};

use super::outcome::{Outcome, outcome};
use super::{ChatError, Hub};
use crate::retry::retrying;

/// The most friendships and requests that anybody has.
const MAX_TIES: u64 = 5_000;

/// A person, as their friends see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Who it is.
    pub id: UserId,
    /// What friends type.
    pub name: String,
    /// The address of their picture.
    pub profile: Option<String>,
}

impl From<&User> for Card {
    fn from(user: &User) -> Self {
        Self {
            id: user.id,
            name: user.name.as_str().to_owned(),
            profile: user.profile_img.clone(),
        }
    }
}

/// Whom somebody is friends with, and who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Friends {
    /// Friends, the oldest friendship first.
    pub friends: Vec<Card>,
    /// Who asked them and waits for an answer.
    pub requests: Vec<Card>,
    /// Whom they asked and who has not answered.
    pub asked: Vec<Card>,
}

/// Friendships.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait FriendService: Send + Sync {
    /// The person, as their friends see them; `None` where there is no account any more.
    async fn card(&self, person: UserId) -> Result<Option<Card>, ChatError>;

    /// Whom somebody is friends with, and who asked.
    async fn list(&self, person: UserId) -> Result<Friends, ChatError>;

    /// Does something about the friendship with whoever has this name; who that is.
    ///
    /// Asking who has asked already is accepting. Asking again, and asking a friend, changes
    /// nothing. Blocking ends a friendship and any request between the two, and who is blocked
    /// finds nobody of that name any more.
    async fn act(&self, person: UserId, what: FriendEvent, name: &Name) -> Result<Card, ChatError>;

    /// Tells the devices of a friend that somebody is typing to them. It is not kept.
    async fn typing(&self, person: UserId, to: UserId) -> Result<(), ChatError>;

    /// Whom somebody wants to hear nothing of, the oldest block first.
    async fn blocked(&self, person: UserId) -> Result<Vec<Card>, ChatError>;

    /// What others may do to the person, and hear of them.
    async fn privacy(&self, person: UserId) -> Result<Privacy, ChatError>;

    /// Says what others may do to the person, and hear of them.
    async fn set_privacy(&self, person: UserId, privacy: Privacy) -> Result<(), ChatError>;
}

/// [`FriendService`] over the repositories.
pub struct DefaultFriendService {
    /// Accounts.
    pub users: Arc<dyn UserRepository>,
    /// Friendships.
    pub friendships: Arc<dyn FriendshipRepository>,
    /// Who may write to whom.
    pub log: Arc<dyn ChatLogRepository>,
    /// Transactions.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The most requests of one person that wait for an answer.
    pub pending: u64,
}

impl DefaultFriendService {
    async fn attempt(
        &self,
        person: UserId,
        what: FriendEvent,
        pair: Pair,
    ) -> Result<Vec<(UserId, Seq)>, ChatError> {
        let now = self.clock.now();
        let other = pair.other(person);
        let unit = self.units.begin().await?;
        unit.chat_log().hold(&[pair.low(), pair.high()]).await?;
        let bond = unit.friendships().find(pair).await?;
        let changed = outcome(person, other, what, bond)?;
        let Outcome::Changed {
            bond: after,
            other: told,
            own,
        } = changed
        else {
            return Ok(Vec::new());
        };
        if what == FriendEvent::Request && bond.is_none() {
            for one in [person, other] {
                if unit.friendships().count(one).await? >= MAX_TIES {
                    return Err(ChatError::TooMany);
                }
            }
            if unit.friendships().asked(person).await? >= self.pending {
                return Err(ChatError::TooManyPending);
            }
        }
        unit.friendships().set(pair, after, now).await?;
        let told = told.map(|event| (other, Entry::Friend(event, person)));
        let own = own.map(|event| (person, Entry::Friend(event, other)));
        let entries: Vec<(UserId, Entry)> = told.into_iter().chain(own).collect();
        let places = unit.chat_log().append(&entries, now).await?;
        unit.commit().await?;
        let [were, are] = [bond, after].map(|bond| bond == Some(Bond::Friends));
        if were != are {
            self.hub.tied(pair, are).await;
        }
        let heard = entries.into_iter().map(|(who, _)| who);
        Ok(heard.zip(places).collect())
    }

    async fn cards(&self, people: &[UserId]) -> Result<Vec<Card>, RepositoryError> {
        let found = self.users.find_all(people).await?;
        let mut found: HashMap<UserId, User> =
            found.into_iter().map(|user| (user.id, user)).collect();
        let cards = people.iter().filter_map(|person| found.remove(person));
        Ok(cards.map(|user| Card::from(&user)).collect())
    }
}

#[async_trait]
impl FriendService for DefaultFriendService {
    async fn card(&self, person: UserId) -> Result<Option<Card>, ChatError> {
        Ok(self.users.find(person).await?.as_ref().map(Card::from))
    }

    async fn list(&self, person: UserId) -> Result<Friends, ChatError> {
        let ties = self.friendships.ties(person, MAX_TIES).await?;
        let those = |such: &dyn Fn(UserId, Bond) -> bool| -> Vec<UserId> {
            let such = ties.iter().filter(|tie| such(tie.other, tie.bond));
            such.map(|tie| tie.other).collect()
        };
        let friends = those(&|_, bond| bond == Bond::Friends);
        let requests = those(&|other, bond| bond == Bond::Asked(other));
        let asked = those(&|_, bond| bond == Bond::Asked(person));
        Ok(Friends {
            friends: self.cards(&friends).await?,
            requests: self.cards(&requests).await?,
            asked: self.cards(&asked).await?,
        })
    }

    #[instrument(skip_all, fields(user_id = %person, what = what.as_str()))]
    async fn act(&self, person: UserId, what: FriendEvent, name: &Name) -> Result<Card, ChatError> {
        let other = self.users.find_by_name(name).await?;
        let other = other.filter(|other| other.status == UserStatus::Active);
        let other = other.ok_or(ChatError::NoSuchPerson)?;
        let pair = Pair::of(person, other.id).ok_or(ChatError::Oneself)?;
        let heard = retrying(|| self.attempt(person, what, pair)).await?;
        if !heard.is_empty() {
            info!("a friendship changed");
            self.hub.moved(heard).await;
        }
        Ok(Card::from(&other))
    }

    async fn typing(&self, person: UserId, to: UserId) -> Result<(), ChatError> {
        let pair = Pair::of(person, to).ok_or(ChatError::NoSuchPerson)?;
        if self.friendships.find(pair).await? != Some(Bond::Friends) {
            return Err(ChatError::NoSuchPerson);
        }
        self.hub.typing(person, to).await;
        Ok(())
    }

    async fn blocked(&self, person: UserId) -> Result<Vec<Card>, ChatError> {
        let ties = self.friendships.ties(person, MAX_TIES).await?;
        let blocked = ties.iter().filter(|tie| tie.bond.is_blocked_by(person));
        let blocked: Vec<UserId> = blocked.map(|tie| tie.other).collect();
        Ok(self.cards(&blocked).await?)
    }

    async fn privacy(&self, person: UserId) -> Result<Privacy, ChatError> {
        Ok(self.log.privacy(person).await?)
    }

    async fn set_privacy(&self, person: UserId, privacy: Privacy) -> Result<(), ChatError> {
        Ok(self.log.set_privacy(person, privacy).await?)
    }
}

#[cfg(test)]
mod tests;
