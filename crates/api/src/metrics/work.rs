//! What goes on inside: sockets, database, outbox, places to work in, caches, feeds, neighbours.

use domain::notification::Backlog;
use service::figures::CacheFigures;

use super::Sources;
use super::exposition::{Exposition, Kind};

/// Open sockets.
pub(super) fn sockets(text: &mut Exposition, sources: &Sources) {
    let hub = &sources.hub;
    let help = "Open WebSockets, signed in or not.";
    text.one("ensemble_sockets_open", Kind::Gauge, help, hub.sockets());
    let help = "Devices that are signed in over a WebSocket.";
    let name = "ensemble_socket_devices";
    text.one(name, Kind::Gauge, help, hub.connections());
}

/// The pools of connections.
pub(super) fn database(text: &mut Exposition, sources: &Sources) {
    let pools = sources.database.pools();
    let help = "Connections to the database, by pool and what they do.";
    let mut family = text.family("ensemble_database_connections", Kind::Gauge, help);
    for pool in &pools {
        let busy = pool.open - pool.idle;
        family.sample(&[("pool", pool.name), ("state", "busy")], busy);
        family.sample(&[("pool", pool.name), ("state", "idle")], pool.idle);
    }
    let help = "Connections to the database that there may be, by pool.";
    let mut family = text.family("ensemble_database_connections_max", Kind::Gauge, help);
    for pool in &pools {
        family.sample(&[("pool", pool.name)], pool.most);
    }
}

/// What waits to be delivered, and how deliveries go. Without the database only the latter.
pub(super) async fn outbox(text: &mut Exposition, sources: &Sources) {
    let backlog = sources.probe.ask().await;
    let help = "Whether the database answered, within a second.";
    let up = u8::from(backlog.is_some());
    text.one("ensemble_database_up", Kind::Gauge, help, up);
    let backlog: &[Backlog] = backlog.as_deref().unwrap_or_default();
    let help = "Messages that are not done, by channel and state; of all nodes.";
    let mut family = text.family("ensemble_outbox_messages", Kind::Gauge, help);
    for one in backlog {
        let channel = ("channel", one.channel.as_str());
        family.sample(&[channel, ("state", "waiting")], one.waiting);
        family.sample(&[channel, ("state", "dead")], one.dead);
    }
    let help = "For how long the message that is due longest has been due, by channel.";
    let name = "ensemble_outbox_oldest_due_seconds";
    let mut family = text.family(name, Kind::Gauge, help);
    let now = sources.clock.now();
    for one in backlog {
        let age = one.lateness(now).as_secs_f64();
        family.sample(&[("channel", one.channel.as_str())], age);
    }
    let help = "Attempts to deliver by this node, by channel and outcome.";
    let name = "ensemble_outbox_attempts_total";
    let mut family = text.family(name, Kind::Counter, help);
    for (channel, tally) in &sources.tallies {
        let found = tally.read();
        for (outcome, count) in [
            ("sent", found.sent),
            ("put_off", found.put_off),
            ("given_up", found.given_up),
        ] {
            let labels = [("channel", channel.as_str()), ("outcome", outcome)];
            family.sample(&labels, count);
        }
    }
}

/// Where work has to wait for a place.
pub(super) fn places(text: &mut Exposition, sources: &Sources) {
    let (hashing, pictures) = (sources.hasher.figures(), &sources.workshop);
    let help = "Places to hash a password in that are taken.";
    text.one("ensemble_hash_busy", Kind::Gauge, help, hashing.busy);
    let help = "Places to hash a password in.";
    text.one("ensemble_hash_places", Kind::Gauge, help, hashing.size);
    let help = "Requests that wait for a place to hash in.";
    text.one("ensemble_hash_waiting", Kind::Gauge, help, hashing.waiting);
    let help = "Requests that found no place to hash in in time.";
    let name = "ensemble_hash_refused_total";
    text.one(name, Kind::Counter, help, hashing.refused);
    let help = "Pictures that are worked on.";
    text.one("ensemble_pictures_busy", Kind::Gauge, help, pictures.busy());
    let help = "Pictures that may be worked on at once.";
    let name = "ensemble_pictures_places";
    text.one(name, Kind::Gauge, help, pictures.size());
    let help = "Pictures whose turn did not come in time, or for which too many waited.";
    let name = "ensemble_pictures_refused_total";
    text.one(name, Kind::Counter, help, pictures.refused());
}

/// What is remembered. Caches that this installation does without are left out.
pub(super) fn caches(text: &mut Exposition, sources: &Sources) {
    let feeds = sources.common.figures();
    let products = sources.products.as_ref().map(|products| products.cache());
    let all: [(&str, Option<CacheFigures>); 5] = [
        ("tokens", Some(sources.tokens.cache())),
        ("sessions", sources.guard.cache()),
        ("products", products),
        ("hearts", feeds.hearts),
        ("feeds", Some(feeds.feeds)),
    ];
    let there = || {
        let all = all.iter();
        all.filter_map(|(name, figures)| Some((*name, figures.as_ref()?)))
    };
    let help = "Look-ups in memory, by cache and whether something was there.";
    let mut family = text.family("ensemble_cache_lookups_total", Kind::Counter, help);
    for (name, figures) in there() {
        family.sample(&[("cache", name), ("result", "hit")], figures.hits);
        family.sample(&[("cache", name), ("result", "miss")], figures.misses);
    }
    let help = "About how many answers each cache keeps.";
    let mut family = text.family("ensemble_cache_entries", Kind::Gauge, help);
    for (name, figures) in there() {
        family.sample(&[("cache", name)], figures.entries);
    }
}

/// Feeds and the recommender.
pub(super) fn feeds(text: &mut Exposition, sources: &Sources) {
    let feeds = sources.common.figures();
    let help = "Time to find out which outfits are on a page of a feed.";
    let name = "ensemble_feed_ranking_seconds";
    text.family(name, Kind::Histogram, help)
        .timings(&[], &feeds.ranking);
    let help = "Time to put a page of a feed together.";
    let name = "ensemble_feed_page_seconds";
    text.family(name, Kind::Histogram, help)
        .timings(&[], &feeds.page);
    let help = "Outfits in memory.";
    text.one("ensemble_outfits", Kind::Gauge, help, feeds.outfits);
    let help = "Views that were not written down because too many waited.";
    let name = "ensemble_views_dropped_total";
    text.one(name, Kind::Counter, help, feeds.views_dropped);
    let help = "Whether the recommender knows what it knew.";
    let ready = u8::from(sources.mind.has_caught_up());
    text.one("ensemble_recommender_ready", Kind::Gauge, help, ready);
}

/// What this node needs of others.
pub(super) fn neighbours(text: &mut Exposition, sources: &Sources) {
    let help = "Whether events of the other nodes arrive; 1 where there are none.";
    let live = u8::from(sources.bus.is_live());
    text.one("ensemble_event_bus_up", Kind::Gauge, help, live);
    let help = "Whether a service that failed is left alone, by service.";
    let mut family = text.family("ensemble_breaker_open", Kind::Gauge, help);
    if let Some(ai) = &sources.portrait_ai {
        let open = u8::from(ai.is_resting());
        family.sample(&[("service", "portrait_ai")], open);
    }
}
