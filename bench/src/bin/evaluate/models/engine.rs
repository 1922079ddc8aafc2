//! Ours, asked as the service asks it: through a feed session.

use recommender::{
    Action, Event, FeedSession, Filter, LabelKey, OutfitFacts, OutfitKey, Parameters, PersonKey,
};

use super::Model;
use crate::data::Item;

/// The engine with some parameters.
pub(crate) struct Engine {
    name: &'static str,
    engine: recommender::Engine,
    parameters: Parameters,
    events: u64,
    sessions: u64,
}

impl Engine {
    pub(crate) fn new(name: &'static str, parameters: Parameters) -> Self {
        Self {
            name,
            engine: recommender::Engine::new(),
            parameters,
            events: 0,
            sessions: 0,
        }
    }

    /// From now on it is asked with other parameters: what it learned does not depend on them.
    pub(crate) fn ask_with(&mut self, name: &'static str, parameters: Parameters) {
        self.name = name;
        self.parameters = parameters;
    }

    fn learn(&mut self, user: u32, item: u32, action: Action, at: i64) {
        self.events += 1;
        let (person, outfit) = (PersonKey(user.into()), OutfitKey(item.into()));
        self.engine.learn(&Event {
            person,
            outfit,
            action,
            at,
            sequence: self.events,
        });
    }
}

impl Model for Engine {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn put(&mut self, item: u32, facts: &Item, at: i64) {
        self.engine.put_outfit(&OutfitFacts {
            id: OutfitKey(item.into()),
            tags: facts.tags.iter().map(|&tag| LabelKey(tag.into())).collect(),
            brands: facts
                .brand
                .iter()
                .map(|&brand| LabelKey(brand.into()))
                .collect(),
            reporter: None,
            gender: None,
            age: None,
            style: None,
            season: None,
            region: None,
            occupation: None,
            created_at: at,
            visible: true,
        });
    }

    fn heart(&mut self, user: u32, item: u32, at: i64) {
        self.learn(user, item, Action::Heart, at);
    }

    fn shown(&mut self, user: u32, items: &[u32], at: i64) {
        let outfits: Vec<_> = items.iter().map(|&item| OutfitKey(item.into())).collect();
        self.engine.mark_seen(PersonKey(user.into()), &outfits, at);
        for &item in items {
            self.learn(user, item, Action::View { on_screen: false }, at);
        }
    }

    fn list(&mut self, user: u32, length: usize, now: i64) -> Vec<u32> {
        self.sessions += 1;
        let person = PersonKey(user.into());
        let mut session = FeedSession::open(
            &self.engine,
            self.sessions,
            person,
            self.sessions,
            Filter::default(),
            now,
        );
        let page = session.page(&self.engine, 0, length, &self.parameters, now);
        page.items
            .into_iter()
            .filter_map(|ranked| u32::try_from(ranked.outfit.0).ok())
            .collect()
    }

    fn list_after(&mut self, user: u32, hearts: &[u32], length: usize, now: i64) -> Vec<u32> {
        self.engine.forget(PersonKey(user.into()));
        for (step, &item) in (0..).zip(hearts) {
            self.heart(user, item, now + step);
        }
        self.list(user, length, now + 1_000_000)
    }
}
