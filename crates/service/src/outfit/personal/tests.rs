use std::collections::HashSet;

use domain::outfit::MockHeartRepository;
use domain::unit_of_work::mock::MockUnitOfWork;
use mockall::predicate::eq;

use super::*;
use crate::outfit::testing::{Ground, event, outfit};
use crate::outfit::{DefaultFeedService, FeedFilter, FeedPage, FeedService, FeedStart};
use crate::testing::failure;

const GUEST: i64 = 3;
const MEMBER: i64 = 4;

fn personal() -> (Ground, OutfitPersonalData) {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_among().returning(|_, _| Ok(vec![]));
    let ground = Ground::new(hearts);
    ground.common.mind.put((1..=20).map(|id| outfit(id, &[])));
    let common = ground.common.clone();
    (ground, OutfitPersonalData { common })
}

fn hearts(ground: &Ground) -> u64 {
    ground.common.mind.engine().statistics().hearts
}

async fn page(ground: &Ground, person: i64, start: FeedStart, filter: &FeedFilter) -> FeedPage {
    let feed = DefaultFeedService {
        common: ground.common.clone(),
    };
    let page = feed.page(person.into(), start, 5, filter).await;
    page.expect("a page")
}

async fn at(ground: &Ground, person: i64, offset: u64) -> Vec<i64> {
    let start = FeedStart::Offset(offset);
    let page = page(ground, person, start, &FeedFilter::default()).await;
    page.items.iter().map(|item| item.outfit.id.get()).collect()
}

#[tokio::test]
async fn all_that_is_a_guests_becomes_the_members_in_the_transaction() {
    let (ground, personal) = personal();
    let mut unit = MockUnitOfWork::default();
    let (guest, member) = (PersonId::from(GUEST), PersonId::from(MEMBER));
    let merged = unit.hearts.expect_merge().with(eq(guest), eq(member));
    merged.times(1).returning(|_, _| Ok(2));
    let merged = unit.dislikes.expect_merge().with(eq(guest), eq(member));
    merged.times(1).returning(|_, _| Ok(()));
    let events = unit.outfit_events.expect_reassign();
    let events = events.with(eq(guest), eq(member)).times(1);
    events.returning(|_, _| Ok(5));
    let told = unit.outfit_events.expect_append().times(1);
    told.withf(move |events| {
        let all: Vec<_> = events.iter().map(|e| (e.person, e.action)).collect();
        all == [(member, Action::Merged(guest))]
    })
    .returning(|_| Ok(()));
    let done = personal.merge(&unit, guest, member).await;
    done.expect("merged");
    // Nothing is learned before it is committed.
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn a_failure_ends_the_merge() {
    let (_, personal) = personal();
    let mut unit = MockUnitOfWork::default();
    unit.hearts.expect_merge().returning(|_, _| Ok(2));
    unit.dislikes
        .expect_merge()
        .returning(|_, _| Err(failure()));
    let done = personal.merge(&unit, GUEST.into(), MEMBER.into()).await;
    assert!(done.is_err());
}

#[tokio::test]
async fn hearts_count_once_however_often_the_merge_is_heard_of() {
    let (ground, personal) = personal();
    let mind = &ground.common.mind;
    mind.learn(&[
        event(0, GUEST, 1, Action::Heart),
        event(1, MEMBER, 1, Action::Heart),
        event(2, GUEST, 2, Action::Heart),
    ]);
    assert_eq!(hearts(&ground), 3);
    personal.merged(GUEST.into(), MEMBER.into());
    assert_eq!(hearts(&ground), 2);
    // From the log, under another id.
    mind.learn(&[event(3, MEMBER, 0, Action::Merged(GUEST.into()))]);
    assert_eq!(hearts(&ground), 2);
}

#[tokio::test]
async fn the_feed_goes_on_where_the_guest_was() {
    let (ground, personal) = personal();
    let mut seen = at(&ground, GUEST, 0).await;
    seen.extend(at(&ground, GUEST, 5).await);
    personal.merged(GUEST.into(), MEMBER.into());
    seen.extend(at(&ground, MEMBER, 10).await);
    seen.extend(at(&ground, MEMBER, 15).await);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 20);
    assert!(at(&ground, MEMBER, 20).await.is_empty());
}

#[tokio::test]
async fn every_feed_that_is_open_goes_on() {
    let (ground, personal) = personal();
    let everything = FeedFilter::default();
    let first = at(&ground, GUEST, 0).await;
    let by_cursor = page(&ground, GUEST, FeedStart::Offset(0), &everything).await;
    // A look at something else, which nobody wears here.
    let women = FeedFilter {
        gender: Some(domain::outfit::Gender::Female),
        ..FeedFilter::default()
    };
    page(&ground, GUEST, FeedStart::Offset(0), &women).await;
    personal.merged(GUEST.into(), MEMBER.into());
    let second = at(&ground, MEMBER, 5).await;
    assert!(second.iter().all(|id| !first.contains(id)), "no repeats");
    let cursor = by_cursor.next_cursor.expect("more follows");
    let rest = page(&ground, MEMBER, FeedStart::Cursor(cursor), &everything).await;
    assert_eq!(rest.feed, by_cursor.feed);
    let rest: Vec<i64> = rest.items.iter().map(|item| item.outfit.id.get()).collect();
    assert_eq!(rest, second);
}

#[tokio::test]
async fn after_signing_in_a_feed_is_opened_anew() {
    let (ground, personal) = personal();
    let everything = FeedFilter::default();
    let first = page(&ground, GUEST, FeedStart::Offset(0), &everything).await;
    personal.merged(GUEST.into(), MEMBER.into());
    let second = page(&ground, MEMBER, FeedStart::Offset(0), &everything).await;
    assert_ne!(first.feed, second.feed);
}

#[tokio::test]
async fn who_leaves_leaves_nothing() {
    let (ground, personal) = personal();
    let mut unit = MockUnitOfWork::default();
    let person = PersonId::from(MEMBER);
    let removed = unit.hearts.expect_remove_all().with(eq(person));
    removed.times(1).returning(|_| Ok(1));
    let removed = unit.dislikes.expect_remove_all().with(eq(person));
    removed.times(1).returning(|_| Ok(()));
    let removed = unit.outfit_events.expect_remove_all().with(eq(person));
    removed.times(1).returning(|_| Ok(1));
    let mind = &ground.common.mind;
    mind.learn(&[event(0, MEMBER, 1, Action::Heart)]);
    personal.remove(&unit, person).await.expect("removed");
    assert_eq!(hearts(&ground), 1, "not before it is committed");
    personal.removed(person);
    assert_eq!(hearts(&ground), 0);
    assert_eq!(mind.engine().statistics().persons, 0);
}
