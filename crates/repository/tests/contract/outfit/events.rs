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
