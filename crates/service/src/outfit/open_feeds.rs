//! Feeds that people are paging through.

use std::ops::Range;
use std::sync::Arc;
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
const MAX_PEOPLE: u64 = 100_000;
/// Feeds that a person has open at the same time: tabs, devices, filters.
const FEEDS_OF_ONE: usize = 4;
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
    fn new(session: FeedSession) -> Arc<Self> {
        Arc::new(Self {
            id: FeedId::from(session.id().cast_signed()),
            filter: session.filter(),
            opened_at: session.opened_at(),
            state: Mutex::new(State { session, viewed: 0 }),
        })
    }

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
    people: Cache<PersonId, Arc<Mutex<Theirs>>>,
    /// Whether the feed that was meant was open.
    lookups: Lookups,
}

/// The feeds of one person.
struct Theirs {
    /// The one opened last is the last.
    feeds: Vec<Arc<OpenFeed>>,
    /// When they did something that another feed would heed.
    acted: i64,
}

impl Default for Theirs {
    fn default() -> Self {
        Self {
            feeds: Vec::new(),
            acted: i64::MIN,
        }
    }
}

impl Theirs {
    /// The feed that an offset without a cursor means.
    fn current(&self, filter: Filter) -> Option<Arc<OpenFeed>> {
        let mut latest = self.feeds.iter().rev();
        latest.find(|feed| feed.filter == filter).cloned()
    }

    fn keep(&mut self, feed: Arc<OpenFeed>) {
        if self.feeds.len() >= FEEDS_OF_ONE {
            self.feeds.remove(0);
        }
        self.feeds.push(feed);
    }
}

/// A feed of which nothing is ranked yet. Its id is its chance.
fn session(engine: &Engine, person: PersonId, filter: Filter, id: FeedId, now: i64) -> FeedSession {
    let number = id.get().cast_unsigned();
    let key = translate::person_key(person);
    FeedSession::open(engine, number, key, number, filter, now)
}

impl Default for OpenFeeds {
    fn default() -> Self {
        let people = Cache::builder()
            .max_capacity(MAX_PEOPLE)
            .time_to_idle(IDLE)
            .build();
        Self {
            people,
            lookups: Lookups::default(),
        }
    }
}

impl OpenFeeds {
    /// How often the feed that was meant was open, and how many people have one.
    pub(super) fn cache(&self) -> CacheFigures {
        self.lookups.read(self.people.entry_count())
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
        let theirs = self.people.get_with(person, Arc::default);
        let (current, acted) = {
            let theirs = theirs.lock();
            (theirs.current(filter), theirs.acted)
        };
        let session = session(engine, person, filter, id, now);
        let session = match current {
            Some(current)
                if now - current.opened_at < SAME_OPENING_MICROS && acted < current.opened_at =>
            {
                return current;
            }
            Some(before) => session.after(&mut before.state.lock().session, now - FRESH_MICROS),
            None => session,
        };
        let feed = OpenFeed::new(session);
        theirs.lock().keep(feed.clone());
        feed
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
        let meant = |theirs: &Theirs| theirs.current(filter);
        self.find_or_make(person, meant, || session(engine, person, filter, id, now))
    }

    /// The feed that a cursor names. One that is lost is opened anew, as `lost`: with its own id it has the same
    /// chance again.
    pub(super) fn named(
        &self,
        engine: &Engine,
        person: PersonId,
        filter: Filter,
        (id, lost): (FeedId, FeedId),
        now: i64,
    ) -> Arc<OpenFeed> {
        let meant = |theirs: &Theirs| {
            let mut feeds = theirs.feeds.iter();
            let named = feeds.find(|feed| feed.id == id && feed.filter == filter);
            named.cloned()
        };
        self.find_or_make(person, meant, || session(engine, person, filter, lost, now))
    }

    fn find_or_make(
        &self,
        person: PersonId,
        find: impl FnOnce(&Theirs) -> Option<Arc<OpenFeed>>,
        make: impl FnOnce() -> FeedSession,
    ) -> Arc<OpenFeed> {
        let theirs = self.people.get_with(person, Arc::default);
        let mut theirs = theirs.lock();
        let found = find(&theirs);
        self.lookups.note(found.is_some());
        found.unwrap_or_else(|| {
            let feed = OpenFeed::new(make());
            theirs.keep(feed.clone());
            feed
        })
    }

    /// Where the person met an outfit last; nowhere in particular, where no open feed showed it.
    pub(super) fn place(&self, person: PersonId, outfit: OutfitId) -> Place {
        let Some(theirs) = self.people.get(&person) else {
            return Place::default();
        };
        let feeds = theirs.lock().feeds.clone();
        let met = feeds.iter().rev().find_map(|feed| feed.place(outfit));
        met.unwrap_or_default()
    }

    /// Notes that the person did something: the next opening is a new feed.
    pub(super) fn acted(&self, person: PersonId, now: i64) {
        if let Some(theirs) = self.people.get(&person) {
            theirs.lock().acted = now;
        }
    }

    /// Lets the member go on with the feeds of the guest they were.
    pub(super) fn hand_over(&self, guest: PersonId, member: PersonId) {
        let Some(theirs) = self.people.remove(&guest) else {
            return;
        };
        let feeds = std::mem::take(&mut theirs.lock().feeds);
        let key = translate::person_key(member);
        for feed in &feeds {
            feed.state.lock().session.hand_over(key);
        }
        let members = self.people.get_with(member, Arc::default);
        let mut members = members.lock();
        feeds.into_iter().for_each(|feed| members.keep(feed));
    }
}
