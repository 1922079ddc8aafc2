//! Feeds that people are paging through.

use std::ops::Range;
use std::sync::{Arc, Weak};
use std::time::Duration;

use domain::outfit::{FeedId, OutfitId, Place};
use domain::user::PersonId;
use moka::sync::Cache;
use parking_lot::Mutex;
use recommender::{Engine, FeedSession, Filter, Page, Parameters};

use super::translate;
use crate::figures::{CacheFigures, Lookups};

/// A feed lives as long as it is used, and this much longer.
const IDLE: Duration = Duration::from_secs(30 * 60);
const MAX_FEEDS: u64 = 100_000;
/// Feeds of a person that are known to be theirs.
const FEEDS_OF_ONE: usize = 8;
/// Opening the same feed again so soon, with nothing done in between, is the same opening: a page
/// that was asked for twice, or two parts of a screen.
const SAME_OPENING_MICROS: i64 = 2_000_000;
/// What was ranked and not shown serves the next opening for so long, while the person does nothing that would change it.
const FRESH_MICROS: i64 = 5 * 60 * 1_000_000;

/// One opened feed.
pub(super) struct OpenFeed {
    pub(super) id: FeedId,
    filter: Filter,
    opened_at: i64,
    state: Mutex<State>,
}

struct State {
    session: FeedSession,
    /// How many of its outfits have been noted as viewed.
    viewed: usize,
}

impl OpenFeed {
    /// The outfits from `offset` on.
    pub(super) fn page(
        &self,
        engine: &Engine,
        offset: usize,
        count: usize,
        parameters: &Parameters,
        now: i64,
    ) -> Page {
        let mut state = self.state.lock();
        state.session.page(engine, offset, count, parameters, now)
    }

    /// Notes that a page was shown; the position of the first of its outfits that was never shown
    /// before, its end where there is none.
    pub(super) fn show(&self, page: Range<usize>) -> usize {
        let mut state = self.state.lock();
        let new_from = state.viewed.clamp(page.start, page.end);
        state.viewed = state.viewed.max(page.end);
        new_from
    }

    /// How many outfits have their place.
    pub(super) fn served(&self) -> usize {
        self.state.lock().session.served()
    }

    /// Where this feed showed an outfit.
    fn place(&self, outfit: OutfitId) -> Option<Place> {
        let key = translate::outfit_key(outfit);
        let state = self.state.lock();
        let mut served = state.session.items().iter().enumerate();
        let (position, ranked) = served.find(|(_, ranked)| ranked.outfit == key)?;
        Some(Place {
            feed: Some(self.id),
            position: i32::try_from(position).ok(),
            propensity: ranked.propensity,
        })
    }
}

/// All open feeds of this process.
pub(super) struct OpenFeeds {
    by_id: Cache<FeedId, Arc<OpenFeed>>,
    /// The feed that an offset without a cursor means.
    current: Cache<(PersonId, Filter), Arc<OpenFeed>>,
    /// The feeds each person opened lately, the last one last.
    theirs: Cache<PersonId, Arc<Mutex<Vec<Weak<OpenFeed>>>>>,
    /// When people lately did something that another feed would heed.
    acted: Cache<PersonId, i64>,
    /// Whether the feed that was meant was open.
    lookups: Lookups,
}

/// A feed of which nothing is ranked yet. Its id is its chance.
fn session(engine: &Engine, person: PersonId, filter: Filter, id: FeedId, now: i64) -> FeedSession {
    let number = id.get().cast_unsigned();
    let key = translate::person_key(person);
    FeedSession::open(engine, number, key, number, filter, now)
}

fn cache<K, V>() -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(MAX_FEEDS)
        .time_to_idle(IDLE)
        .build()
}

impl Default for OpenFeeds {
    fn default() -> Self {
        Self {
            by_id: cache(),
            current: cache(),
            theirs: cache(),
            acted: cache(),
            lookups: Lookups::default(),
        }
    }
}

impl OpenFeeds {
    /// How often the feed that was meant was open, and how many are.
    pub(super) fn cache(&self) -> CacheFigures {
        self.lookups.read(self.by_id.entry_count())
    }

    /// Opens a feed, or answers the one opened a moment ago.
    pub(super) fn open(
        &self,
        engine: &Engine,
        person: PersonId,
        filter: Filter,
        id: FeedId,
        now: i64,
    ) -> Arc<OpenFeed> {
        let acted = self.acted.get(&person).unwrap_or(i64::MIN);
        let current = self.current.get(&(person, filter));
        if let Some(current) = current.clone()
            && now - current.opened_at < SAME_OPENING_MICROS
            && acted < current.opened_at
        {
            return current;
        }
        let session = session(engine, person, filter, id, now);
        let session = match current {
            Some(before) => session.after(&mut before.state.lock().session, now - FRESH_MICROS),
            None => session,
        };
        self.keep(person, filter, id, session)
    }

    /// The feed that an offset means; a new one where it is lost.
    pub(super) fn current(
        &self,
        engine: &Engine,
        person: PersonId,
        filter: Filter,
        id: FeedId,
        now: i64,
    ) -> Arc<OpenFeed> {
        let current = self.current.get(&(person, filter));
        self.lookups.note(current.is_some());
        match current {
            Some(current) => current,
            None => self.make(engine, person, filter, id, now),
        }
    }

    /// The feed that a cursor names. One that is lost is opened anew with the same id, and with it
    /// the same chance; whoever names another person's gets one of their own with the `fresh` id.
    pub(super) fn named(
        &self,
        engine: &Engine,
        person: PersonId,
        filter: Filter,
        (id, fresh): (FeedId, FeedId),
        now: i64,
    ) -> Arc<OpenFeed> {
        let is_theirs = |feed: &Arc<OpenFeed>| {
            feed.filter == filter
                && feed.state.lock().session.person() == translate::person_key(person)
        };
        let named = self.by_id.get(&id);
        self.lookups.note(named.is_some());
        match named {
            Some(feed) if is_theirs(&feed) => feed,
            Some(_) => self.make(engine, person, filter, fresh, now),
            None => self.make(engine, person, filter, id, now),
        }
    }

    fn make(
        &self,
        engine: &Engine,
        person: PersonId,
        filter: Filter,
        id: FeedId,
        now: i64,
    ) -> Arc<OpenFeed> {
        self.keep(person, filter, id, session(engine, person, filter, id, now))
    }

    fn keep(
        &self,
        person: PersonId,
        filter: Filter,
        id: FeedId,
        session: FeedSession,
    ) -> Arc<OpenFeed> {
        let feed = Arc::new(OpenFeed {
            id,
            filter,
            opened_at: session.opened_at(),
            state: Mutex::new(State { session, viewed: 0 }),
        });
        self.by_id.insert(id, feed.clone());
        self.current.insert((person, filter), feed.clone());
        self.note(person, &feed);
        feed
    }

    /// Notes whose feed it is.
    fn note(&self, person: PersonId, feed: &Arc<OpenFeed>) {
        let theirs = self.theirs.get_with(person, Arc::default);
        let mut theirs = theirs.lock();
        theirs.retain(|known| known.strong_count() > 0);
        if theirs.len() == FEEDS_OF_ONE {
            theirs.remove(0);
        }
        theirs.push(Arc::downgrade(feed));
    }

    /// The person's open feeds, the one opened last last.
    fn of(&self, person: PersonId) -> Vec<Arc<OpenFeed>> {
        let theirs = self.theirs.get(&person).unwrap_or_default();
        theirs.lock().iter().filter_map(Weak::upgrade).collect()
    }

    /// Where the person met an outfit last; nowhere in particular, where no open feed showed it.
    pub(super) fn place(&self, person: PersonId, outfit: OutfitId) -> Place {
        let feeds = self.of(person);
        let met = feeds.iter().rev().find_map(|feed| feed.place(outfit));
        met.unwrap_or_default()
    }

    /// Notes that the person did something: the next opening is a new feed.
    pub(super) fn acted(&self, person: PersonId, now: i64) {
        self.acted.insert(person, now);
    }

    /// Lets the member go on with the feeds of the guest they were.
    pub(super) fn hand_over(&self, guest: PersonId, member: PersonId) {
        for feed in self.of(guest) {
            self.current.remove(&(guest, feed.filter));
            let key = translate::person_key(member);
            feed.state.lock().session.hand_over(key);
            self.note(member, &feed);
            self.current.insert((member, feed.filter), feed);
        }
        self.theirs.remove(&guest);
    }
}
