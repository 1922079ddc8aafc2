//! Daily counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::outfit::{Action, OutfitEvent, OutfitEventRepository, OutfitId};
use sea_orm::{ConnectionTrait, Statement};
use test_database::on_every_engine;

use super::builders::{event, person};
use crate::builders::id;
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    whole_days_are_counted_by_outfit_and_bucket,
    a_day_is_counted_once_whoever_counts,
    days_without_events_are_passed_over,
    old_views_go_once_they_are_counted,
    counting_in_a_unit_that_is_dropped_leaves_nothing,
    every_view_of_a_page_is_counted,
}

/// Midnight so many days after the first, and some microseconds.
fn at(day: i64, micros: i64) -> DateTime<Utc> {
    let midnight: DateTime<Utc> = "2026-11-21T00:00:00Z".parse().expect("a time");
    midnight + chrono::TimeDelta::days(day) + chrono::TimeDelta::microseconds(micros)
}

/// The last microsecond of a day.
const LATE: i64 = 24 * 60 * 60 * 1_000_000 - 1;

/// Day, outfit and bucket, and the seven counts.
type Counts = BTreeMap<(i64, OutfitId, i16), [i64; 7]>;

impl World {
    async fn condense(&self, before: DateTime<Utc>, views_before: DateTime<Utc>) -> u64 {
        let removed = self.events.condense(before, views_before).await;
        removed.expect("a number")
    }

    async fn counts(&self) -> Counts {
        let database = self.database.write();
        let sql = "SELECT * FROM outfit_days";
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let rows = database.query_all_raw(statement).await.expect("counts");
        rows.iter()
            .map(|row| {
                let day: chrono::NaiveDate = row.try_get("", "day").expect("a day");
                let outfit: i64 = row.try_get("", "outfit_id").expect("an outfit");
                let bucket: i16 = row.try_get("", "bucket").expect("a bucket");
                let columns = [
                    "views",
                    "seen",
                    "clicks",
                    "hearts",
                    "unhearts",
                    "shares",
                    "similar_clicks",
                ];
                let counts = columns.map(|name| row.try_get("", name).expect("a count"));
                let day = (day - at(0, 0).date_naive()).num_days();
                ((day, outfit.into(), bucket), counts)
            })
            .collect()
    }
}

fn in_bucket(bucket: i16, event: OutfitEvent) -> OutfitEvent {
    OutfitEvent { bucket, ..event }
}

async fn whole_days_are_counted_by_outfit_and_bucket(world: Arc<World>) {
    let (one, two): (OutfitId, OutfitId) = (id(), id());
    let mut events = Vec::new();
    for (number, action) in [
        Action::View,
        Action::Seen,
        Action::Click,
        Action::Heart,
        Action::Unheart,
        Action::Share,
        Action::SimilarClick(two),
        Action::Dislike,
        Action::DislikeLabel(id()),
    ]
    .into_iter()
    .enumerate()
    {
        for _ in 0..=number {
            events.push(event(person(), one, action, at(0, 0)));
        }
    }
    let seen = |outfit, time| event(person(), outfit, Action::Seen, time);
    events.extend([
        in_bucket(9_999, seen(one, at(0, LATE))),
        seen(two, at(0, LATE)),
        seen(one, at(1, 0)),
        seen(one, at(2, 0)),
        event(person(), two, Action::Dislike, at(1, 5)),
    ]);
    world.events.append(&events).await.expect("written");
    // The third day has begun, and is not over.
    assert_eq!(world.condense(at(2, LATE), at(-10, 0)).await, 0);
    let one_seen = [0, 1, 0, 0, 0, 0, 0];
    let expected = Counts::from([
        ((0, one, 7), [1, 2, 3, 4, 5, 6, 7]),
        ((0, one, 9_999), one_seen),
        ((0, two, 7), one_seen),
        ((1, one, 7), one_seen),
    ]);
    assert_eq!(world.counts().await, expected);
    // What was counted is not counted again, and an earlier end takes nothing back.
    for before in [at(2, LATE), at(1, 0)] {
        assert_eq!(world.condense(before, at(-10, 0)).await, 0);
        assert_eq!(world.counts().await, expected);
    }
    world.condense(at(3, 0), at(-10, 0)).await;
    let mut expected = expected;
    expected.insert((2, one, 7), one_seen);
    assert_eq!(world.counts().await, expected);
}

async fn a_day_is_counted_once_whoever_counts(world: Arc<World>) {
    let outfit: OutfitId = id();
    let mut events = Vec::new();
    for day in 0..5 {
        for micros in 0..10 {
            events.push(event(person(), outfit, Action::View, at(day, micros)));
        }
    }
    world.events.append(&events).await.expect("written");
    let removed = race(|_| {
        let world = world.clone();
        async move { world.condense(at(4, 0), at(2, 0)).await }
    });
    assert_eq!(removed.await.into_iter().sum::<u64>(), 20);
    let expected = (0..4).map(|day| ((day, outfit, 7), [10, 0, 0, 0, 0, 0, 0]));
    assert_eq!(world.counts().await, expected.collect());
    assert_eq!(world.count("outfit_events").await, 30);
}

async fn days_without_events_are_passed_over(world: Arc<World>) {
    assert_eq!(world.condense(at(-400, 0), at(-400, 0)).await, 0);
    let outfit: OutfitId = id();
    let click = |day| event(person(), outfit, Action::Click, at(day, 1));
    let events = [click(-300), click(0), click(30)];
    world.events.append(&events).await.expect("written");
    world.condense(at(20, 0), at(-400, 0)).await;
    world.condense(at(31, 0), at(-400, 0)).await;
    let days: Vec<i64> = world.counts().await.keys().map(|key| key.0).collect();
    assert_eq!(days, [-300, 0, 30]);
}

async fn old_views_go_once_they_are_counted(world: Arc<World>) {
    let outfit: OutfitId = id();
    let mut events = Vec::new();
    for day in 0..4 {
        for action in [Action::View, Action::Seen, Action::Click] {
            for _ in 0..600 {
                events.push(event(person(), outfit, action, at(day, LATE)));
            }
        }
    }
    world.events.append(&events).await.expect("written");
    assert_eq!(world.condense(at(3, 0), at(1, LATE)).await, 1_200);
    assert_eq!(world.count("outfit_events").await, 6_000);
    assert_eq!(world.condense(at(3, 0), at(1, LATE)).await, 0);
    // Views that are not counted stay, however old.
    assert_eq!(world.condense(at(3, 0), at(30, 0)).await, 2_400);
    assert_eq!(world.count("outfit_events").await, 3_600);
    let counts = world.counts().await;
    assert_eq!(counts.len(), 3);
    for counts in counts.values() {
        assert_eq!(*counts, [600, 600, 600, 0, 0, 0, 0]);
    }
}

async fn counting_in_a_unit_that_is_dropped_leaves_nothing(world: Arc<World>) {
    let events = [event(person(), id(), Action::View, at(0, 0))];
    world.events.append(&events).await.expect("written");
    let unit = world.unit().await;
    let removed = unit.outfit_events().condense(at(2, 0), at(2, 0)).await;
    assert_eq!(removed.expect("a number"), 1);
    drop(unit);
    assert_eq!(world.counts().await.len(), 0);
    assert_eq!(world.condense(at(2, 0), at(2, 0)).await, 1);
    assert_eq!(world.counts().await.len(), 1);
}

async fn every_view_of_a_page_is_counted(world: Arc<World>) {
    let outfits: Vec<OutfitId> = (0..5).map(|_| id()).collect();
    let mut events = Vec::new();
    for number in 0..300_i64 {
        let me = person();
        for (place, outfit) in (0..).zip(&outfits[(number % 3) as usize..]) {
            let mut view = event(me, *outfit, Action::View, at(0, number / 2));
            view.id = (number << 22 | i64::from(place)).into();
            view.place.position = Some(place);
            view.bucket = (number % 2) as i16;
            events.push(view);
        }
    }
    events.push(event(person(), outfits[4], Action::Click, at(0, 9)));
    world.events.append(&events).await.expect("written");
    assert_eq!(world.count("outfit_events").await, 301);
    assert_eq!(world.condense(at(1, 0), at(1, 0)).await, 300);
    let mut expected = Counts::new();
    for event in &events {
        let counts = expected.entry((0, event.outfit, event.bucket)).or_default();
        counts[if event.action == Action::View { 0 } else { 2 }] += 1;
    }
    assert_eq!(world.counts().await, expected);
}
