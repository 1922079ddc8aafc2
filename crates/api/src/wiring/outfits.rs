//! The part of the wiring for outfits and the feed.

use std::sync::Arc;

use domain::outfit::{DislikeRepository, HeartRepository, OutfitEventRepository, OutfitRepository};
use domain::{Clock, IdGenerator};
use gateway::SnapshotFile;
use repository::Database;
use repository::outfit::{SeaDislikes, SeaHearts, SeaLooks, SeaOutfitEvents, SeaOutfits};
use service::outfit::{
    Catalogue, Common, DefaultActivityService, DefaultFeedService, DefaultHeartService,
    DefaultLookService, DefaultOutfitService, Liked, Memory, Mind, Recorder, Writer,
};

use crate::configuration::{Configuration, Engine};

/// What was put together for outfits.
pub(super) struct Outfits {
    /// What is known of people's taste.
    pub(super) mind: Arc<Mind>,
    /// What all of these services share.
    pub(super) common: Arc<Common>,
    /// What keeps the recommender's knowledge current.
    pub(super) memory: Arc<Memory>,
    /// Where events are handed in.
    pub(super) recorder: Recorder,
    /// What writes them down.
    pub(super) writer: Writer,
    /// Outfits as they are stored.
    pub(super) stored: Arc<dyn OutfitRepository>,
    /// What people do with them, as it is stored.
    pub(super) events: Arc<dyn OutfitEventRepository>,
    /// Outfits.
    pub(super) outfits: Arc<DefaultOutfitService>,
    /// The feed.
    pub(super) feed: Arc<DefaultFeedService>,
    /// Hearts.
    pub(super) hearts: Arc<DefaultHeartService>,
    /// What people do with outfits.
    pub(super) activity: Arc<DefaultActivityService>,
    /// The products of outfits.
    pub(super) looks: Arc<DefaultLookService>,
}

/// Puts together what outfits need.
pub(super) fn outfits(
    configuration: &Configuration,
    database: &Database,
    ids: &Arc<IdGenerator>,
    clock: &Arc<dyn Clock>,
) -> Outfits {
    let stored: Arc<dyn OutfitRepository> = Arc::new(SeaOutfits::new(database.clone()));
    let hearts: Arc<dyn HeartRepository> = Arc::new(SeaHearts::new(database.clone()));
    let events: Arc<dyn OutfitEventRepository> = Arc::new(SeaOutfitEvents::new(database.clone()));
    let dislikes: Arc<dyn DislikeRepository> = Arc::new(SeaDislikes::new(database.clone()));
    let catalogue = Arc::new(Catalogue::default());
    let mind = Arc::new(Mind::new(catalogue.clone()));
    let (recorder, writer) = Recorder::new(events.clone(), mind.clone());
    let alone = configuration.database.engine == Engine::Sqlite;
    let common = Arc::new(Common::new(
        (catalogue.clone(), mind.clone()),
        recorder.clone(),
        Liked::new(hearts.clone(), alone),
        configuration.feed.experiment.clone(),
        ids.clone(),
        clock.clone(),
    ));
    let memory = Memory::new(
        (catalogue, mind.clone()),
        stored.clone(),
        events.clone(),
        Arc::new(SnapshotFile::new(configuration.storage.snapshot_file())),
        clock.clone(),
    );
    Outfits {
        mind,
        memory: Arc::new(memory.alone(alone).on_node(ids.node())),
        recorder,
        writer,
        outfits: Arc::new(DefaultOutfitService {
            common: common.clone(),
            outfits: stored.clone(),
        }),
        feed: Arc::new(DefaultFeedService {
            common: common.clone(),
        }),
        hearts: Arc::new(DefaultHeartService {
            common: common.clone(),
            hearts,
        }),
        activity: Arc::new(DefaultActivityService {
            common: common.clone(),
            dislikes,
        }),
        looks: Arc::new(DefaultLookService {
            common: common.clone(),
            looks: Arc::new(SeaLooks::new(database.clone())),
        }),
        stored,
        events,
        common,
    }
}
