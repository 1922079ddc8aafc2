//! The log of what people do.

use std::sync::Arc;

use domain::RepositoryError;
use domain::outfit::{Action, EventId, OutfitEvent, OutfitEventRepository, Place};
use test_database::on_every_engine;

use super::builders::{event, person};
use crate::builders::{id, minutes, noon};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    events_are_read_back_as_they_were_written,
    many_events_are_written_together_or_not_at_all,
    a_guests_events_become_the_members,
    the_views_of_a_page_are_one_row_and_single_events,
    what_other_nodes_wrote_can_be_read_alone,
}

async fn read(world: &World, after: EventId, limit: u64) -> Vec<OutfitEvent> {
    world.events.after(after, limit).await.expect("events")
}

async fn events_are_read_back_as_they_were_written(world: Arc<World>) {
    let actions = [
        Action::View,
        Action::Seen,
        Action::Click,
        Action::Heart,
        Action::Unheart,
        Action::Share,
        Action::SimilarClick(id()),
        Action::Dislike,
        Action::DislikeLabel(id()),
    ];
    let places = [
        Place::default(),
        Place {
            feed: Some(id()),
            position: Some(i32::MAX),
            propensity: Some(0.1),
        },
        Place {
            feed: None,
            position: Some(0),
            propensity: Some(f32::MIN_POSITIVE),
        },
    ];
    let mut written = Vec::new();
    for (number, action) in actions.into_iter().enumerate() {
        written.push(OutfitEvent {
            place: places[number % 3],
            bucket: if number % 2 == 0 { 0 } else { 9_999 },
            ..event(person(), id(), action, noon())
        });
    }
    world.events.append(&written).await.expect("written");
    assert_eq!(read(&world, EventId::from(0), 100).await, written);
    assert_eq!(read(&world, written[3].id, 2).await, written[4..6]);
    assert_eq!(read(&world, written[8].id, 2).await, []);
    world.events.append(&[]).await.expect("nothing to do");
}

async fn many_events_are_written_together_or_not_at_all(world: Arc<World>) {
    let (me, outfit) = (person(), id());
    let mut events: Vec<OutfitEvent> = (0..2_345)
        .map(|number| event(me, outfit, Action::View, minutes(number)))
        .collect();
    events[2_344].id = events[0].id;
    let refused = world.events.append(&events).await;
    assert!(matches!(refused, Err(RepositoryError::Conflict)));
    assert_eq!(world.count("outfit_events").await, 0);
    events[2_344].id = id();
    world.events.append(&events).await.expect("written");
    assert_eq!(read(&world, EventId::from(0), 10_000).await, events);
}

async fn a_guests_events_become_the_members(world: Arc<World>) {
    let (guest, member, other) = (person(), person(), person());
    let people = [guest, member, guest, other];
    let events = people.map(|who| event(who, id(), Action::Click, noon()));
    world.events.append(&events).await.expect("written");
    for moved in [2, 0] {
        let reassigned = world.events.reassign(guest, member).await;
        assert_eq!(reassigned.expect("a number"), moved);
    }
    let now = read(&world, EventId::from(0), 10).await;
    let people: Vec<_> = now.iter().map(|event| event.person).collect();
    assert_eq!(people, [member, member, member, other]);
}

/// A page of views, the first with this id.
fn page(first: EventId, number: i32) -> Vec<OutfitEvent> {
    let (me, feed) = (person(), id());
    (0..number)
        .map(|n| OutfitEvent {
            id: EventId::from(first.get() + i64::from(n)),
            place: Place {
                feed: Some(feed),
                position: Some(n),
                propensity: (n % 3 == 0).then_some(0.5),
            },
            ..event(me, id(), Action::View, noon())
        })
        .collect()
}

async fn the_views_of_a_page_are_one_row_and_single_events(world: Arc<World>) {
    let mut written: Vec<OutfitEvent> = Vec::new();
    for number in 1..=12_i64 {
        written.extend(page(EventId::from(number << 22), 10));
    }
    world.events.append(&written).await.expect("written");
    assert_eq!(world.count("outfit_events").await, 12);
    assert_eq!(read(&world, EventId::from(0), 1_000).await, written);
    // From the middle of a page to the middle of another, and past the last.
    for (from, limit) in [(0, 1), (3, 1), (3, 11), (18, 25), (98, 100), (119, 5)] {
        let end = written.len().min(from + 1 + limit);
        let found = read(&world, written[from].id, limit as u64).await;
        assert_eq!(found, written[from + 1..end], "{limit} from {from}");
    }
    let moved = world.events.reassign(written[0].person, person()).await;
    assert_eq!(moved.expect("a number"), 1);
    let now = read(&world, EventId::from(0), 11).await;
    assert!(now[..10].iter().all(|event| event.person == now[0].person));
    assert_ne!(now[0].person, written[0].person);
    let removed = world.events.remove_all(written[10].person).await;
    assert_eq!(removed.expect("a number"), 1);
    let left = read(&world, EventId::from(0), 1_000).await;
    assert_eq!(left[10..], written[20..]);
}

async fn what_other_nodes_wrote_can_be_read_alone(world: Arc<World>) {
    let of = |node: i64, ms: i64| page(EventId::from(ms << 22 | node << 12), 3);
    let written = [of(7, 1), of(8, 2), of(1_023, 3), of(7, 4), of(0, 5)].concat();
    world.events.append(&written).await.expect("written");
    for node in [7_u16, 0, 1_023, 5] {
        let others: Vec<_> = written
            .iter()
            .copied()
            .filter(|event| domain::id::node_of(event.id.get()) != node)
            .collect();
        let found = world.events.after_from_others(written[1].id, 6, node).await;
        let after: Vec<_> = others
            .into_iter()
            .filter(|event| event.id > written[1].id)
            .take(6)
            .collect();
        assert_eq!(found.expect("events"), after, "without {node}");
    }
}
