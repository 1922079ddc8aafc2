//! What the recommender knows, and the one place where it learns.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use domain::outfit::{EventId, Outfit, OutfitEvent};
use domain::user::PersonId;
use parking_lot::Mutex;
use recommender::Engine;

use super::{Catalogue, translate};

/// Ids of the events learned last, so that one that comes by two ways is learned once. At ten
/// thousand events a second this is the last six seconds; the log is looked back on for less.
const RECENT: usize = 65_536;

/// The engine, and its single learner. Feeds read the engine without waiting for the learner.
pub struct Mind {
    catalogue: Arc<Catalogue>,
    engine: ArcSwap<Engine>,
    learner: Mutex<Learner>,
    /// Whether everything that was in the log at the start has been learned.
    caught_up: AtomicBool,
}

#[derive(Default)]
struct Learner {
    recent: Recent,
    /// What was learned since a rebuild began: the new engine has to be told of it too.
    since: Option<Vec<recommender::Event>>,
}

/// The last ids, in the order they came.
#[derive(Default)]
pub(super) struct Recent {
    order: VecDeque<EventId>,
    ids: HashSet<EventId>,
}

impl Recent {
    /// Notes an id; whether it is new.
    pub(super) fn note(&mut self, id: EventId) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > RECENT
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }

    /// Whether the id was noted, where they came in their order; true also of what is too long
    /// ago to tell.
    fn has_met(&self, id: EventId) -> bool {
        let is_full = self.order.len() == RECENT;
        self.ids.contains(&id) || (is_full && self.order.front().is_some_and(|first| id < *first))
    }
}

impl Mind {
    /// A mind that knows nothing yet.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            catalogue,
            engine: ArcSwap::from_pointee(Engine::new()),
            learner: Mutex::default(),
            caught_up: AtomicBool::new(false),
        }
    }

    /// The engine as it is now.
    #[must_use]
    pub fn engine(&self) -> Arc<Engine> {
        self.engine.load_full()
    }

    /// Whether everything that was in the log at the start has been learned.
    #[must_use]
    pub fn has_caught_up(&self) -> bool {
        self.caught_up.load(Ordering::Relaxed)
    }

    pub(super) fn note_caught_up(&self) {
        self.caught_up.store(true, Ordering::Relaxed);
    }

    /// Tells of new and changed outfits.
    pub fn put(&self, outfits: impl IntoIterator<Item = Outfit>) -> Vec<Arc<Outfit>> {
        let taken = self.catalogue.put(outfits);
        let engine = self.engine.load();
        for outfit in &taken {
            engine.put_outfit(&translate::facts(outfit));
        }
        taken
    }

    /// Learns events, each once, whichever way and however often it comes.
    pub fn learn(&self, events: &[OutfitEvent]) {
        let Learner { recent, since } = &mut *self.learner.lock();
        let new = events.iter().filter(|event| recent.note(event.id));
        let new = new.filter_map(|event| translate::event(event, &self.catalogue));
        self.engine.load().learn_all(new.inspect(|event| {
            if let Some(since) = since {
                since.push(*event);
            }
        }));
    }

    /// Forgets a person.
    pub fn forget(&self, person: PersonId) {
        let _one_at_a_time = self.learner.lock();
        self.engine.load().forget(translate::person_key(person));
    }

    /// Takes an engine in the place of the one there is, as it was read from a snapshot; `learned`
    /// are the events it has learned last.
    pub(super) fn wake(&self, engine: Engine, learned: impl IntoIterator<Item = EventId>) {
        let mut learner = self.learner.lock();
        // What the engine until now was told, this one has yet to hear: from the log.
        learner.recent = Recent::default();
        for id in learned {
            learner.recent.note(id);
        }
        self.tell_all(&engine);
        self.engine.store(Arc::new(engine));
    }

    /// The engine and the ids it learned last, as one moment.
    pub(super) fn dream<T>(
        &self,
        of: impl FnOnce(&Engine, &mut dyn Iterator<Item = EventId>) -> T,
    ) -> T {
        let learner = self.learner.lock();
        of(
            &self.engine.load(),
            &mut learner.recent.order.iter().copied(),
        )
    }

    /// From now on keeps what is learned for the engine that a rebuild makes.
    pub(super) fn begin_rebuild(&self) {
        self.learner.lock().since = Some(Vec::new());
    }

    /// Takes a rebuilt engine, which has learned a log that ended with `read`, after telling it of
    /// what was learned meanwhile and was not there yet when it was read.
    pub(super) fn finish_rebuild(&self, engine: Engine, read: Recent) {
        let mut learner = self.learner.lock();
        for event in learner.since.take().unwrap_or_default() {
            if !read.has_met(translate::event_id(event.sequence)) {
                engine.learn(&event);
            }
        }
        let before = std::mem::replace(&mut learner.recent, read);
        for id in before.order {
            learner.recent.note(id);
        }
        self.tell_all(&engine);
        self.engine.store(Arc::new(engine));
    }

    /// Gives a rebuild up.
    pub(super) fn abandon_rebuild(&self) {
        self.learner.lock().since = None;
    }

    fn tell_all(&self, engine: &Engine) {
        for outfit in self.catalogue.all() {
            engine.put_outfit(&translate::facts(&outfit));
        }
    }
}
