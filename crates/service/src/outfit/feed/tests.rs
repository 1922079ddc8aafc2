use std::collections::HashSet;

use chrono::TimeDelta;
use domain::outfit::{LabelKind, MockHeartRepository};

use super::*;
use crate::outfit::testing::{Ground, event, outfit};
use crate::testing::failure;

const PERSON: i64 = 9;
const WINTER: (LabelKind, i64, &str) = (LabelKind::Season, 70, "겨울");

/// A feed over outfits with ids from 1, of which every third is for winter; the first is hearted.
fn service(outfits: i64) -> (Ground, DefaultFeedService) {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_among().returning(|_, asked| {
        let first = |id: &&OutfitId| id.get() == 1;
        Ok(asked.iter().filter(first).copied().collect())
    });
    let mut ground = Ground::new(hearts);
    ground.write();
    let common = ground.common.clone();
    common.mind.put((1..=outfits).map(|id| {
        let labels = if id % 3 == 0 { &[WINTER][..] } else { &[] };
        outfit(id, labels)
    }));
    (ground, DefaultFeedService { common })
}

impl DefaultFeedService {
    async fn at(&self, offset: u64, count: usize) -> FeedPage {
        let everything = FeedFilter::default();
        let page = self.page(PERSON.into(), FeedStart::Offset(offset), count, &everything);
        page.await.expect("a page")
    }
}

fn ids(page: &FeedPage) -> Vec<i64> {
    page.items.iter().map(|item| item.outfit.id.get()).collect()
}

fn is_view(event: &&domain::outfit::OutfitEvent) -> bool {
    event.action == Action::View
}

#[tokio::test]
async fn pages_are_timed_and_looked_for_among_open_feeds() {
    let (ground, feed) = service(40);
    for offset in [0, 7, 14] {
        feed.at(offset, 7).await;
    }
    let (stranger, everything) = ((PERSON + 1).into(), FeedFilter::default());
    let lost = feed.page(stranger, FeedStart::Offset(7), 7, &everything);
    lost.await.expect("a page");
    let figures = ground.common.figures();
    assert_eq!((figures.page.count(), figures.ranking.count()), (4, 4));
    assert!(figures.ranking.total <= figures.page.total);
    assert_eq!((figures.feeds.hits, figures.feeds.misses), (2, 1));
    assert_eq!((figures.outfits, figures.views_dropped), (40, 0));
    assert_eq!(figures.hearts, None);
}

#[tokio::test]
async fn a_walk_shows_every_outfit_once_whatever_is_hearted_meanwhile() {
    let (ground, feed) = service(40);
    let (mut seen, mut offset) = (Vec::new(), 0);
    loop {
        let page = feed.at(offset, 7).await;
        let here = ids(&page);
        assert_eq!(here, ids(&feed.at(offset, 7).await), "asked again");
        for item in &page.items {
            assert_eq!(item.is_liked, item.outfit.id.get() == 1);
        }
        if let Some(first) = here.first() {
            let millis = i64::try_from(offset).expect("a small number");
            let heart = event(millis, PERSON, *first, Action::Heart);
            ground.common.mind.learn(&[heart]);
        }
        seen.extend(here);
        offset += 7;
        if page.is_last {
            break;
        }
    }
    assert_eq!(offset, 42);
    assert_eq!(seen.len(), 40);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 40);
    for offset in [offset, 40, 1_000, u64::MAX] {
        let page = feed.at(offset, 7).await;
        assert!(page.items.is_empty() && page.is_last, "{offset}");
        assert_eq!(page.next_cursor, None);
    }
}

#[tokio::test]
async fn an_outfit_is_viewed_once_in_a_feed() {
    let (ground, feed) = service(20);
    for (offset, count) in [(0, 5), (0, 5), (5, 5), (3, 9), (0, 5)] {
        feed.at(offset, count).await;
    }
    ground.common.recorder.flush().await;
    let all = ground.log.all();
    let places: Vec<_> = all
        .iter()
        .filter(is_view)
        .map(|event| event.place.position)
        .collect();
    assert_eq!(places, (0..12).map(Some).collect::<Vec<_>>());
    assert!(all.iter().all(|event| event.person == PERSON.into()));
    let feeds: HashSet<_> = all.iter().map(|event| event.place.feed).collect();
    assert_eq!(feeds.len(), 1);
}

#[tokio::test]
async fn a_jump_leaves_nothing_out() {
    let (_, feed) = service(20);
    let last = ids(&feed.at(15, 10).await);
    assert_eq!(last.len(), 5);
    let mut all = ids(&feed.at(1, 14).await);
    all.extend(last);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 19);
    // Offset 0 opens a feed; the jump has opened this one.
    let jumped = feed.at(u64::MAX, 1).await;
    assert!(jumped.items.is_empty() && jumped.is_last);
}

#[tokio::test]
async fn a_cursor_goes_on_with_its_feed_and_nobody_elses() {
    let (ground, feed) = service(10);
    let everything = FeedFilter::default();
    let first = feed.at(0, 6).await;
    let cursor = first.next_cursor.clone().expect("more follows");
    // Another feed is opened in between.
    ground.clock.advance(TimeDelta::minutes(1));
    let other = feed.at(0, 6).await;
    assert_ne!(other.feed, first.feed);
    let go_on = async |person: i64, cursor: &str| {
        let start = FeedStart::Cursor(cursor.to_owned());
        feed.page(person.into(), start, 6, &everything).await
    };
    let rest = go_on(PERSON, &cursor).await.expect("a page");
    assert_eq!(rest.feed, first.feed);
    assert_eq!((rest.items.len(), rest.is_last), (4, true));
    assert_eq!(rest.next_cursor, None);
    assert_eq!(rest.items[0].position, 6);
    let all: HashSet<i64> = ids(&first).into_iter().chain(ids(&rest)).collect();
    assert_eq!(all.len(), 10);
    // Whoever found the cursor gets a feed of their own, from there on.
    let stolen = go_on(4, &cursor).await.expect("a page");
    assert_eq!(stolen.items.len(), 4);
    assert_eq!(stolen.items[0].position, 6);
    // Theirs did not take the place of its owner's.
    let again = go_on(PERSON, &cursor).await.expect("a page");
    assert_eq!(ids(&again), ids(&rest));
    let refused = go_on(PERSON, "not a cursor").await;
    assert!(matches!(refused, Err(OutfitError::InvalidCursor)));
}

#[tokio::test]
async fn opening_twice_at_once_is_one_feed_unless_something_was_done() {
    let (ground, feed) = service(10);
    let first = feed.at(0, 3).await;
    assert_eq!(feed.at(0, 3).await, first);
    ground.clock.advance(TimeDelta::seconds(1));
    assert_eq!(feed.at(0, 3).await, first);
    ground
        .common
        .feeds
        .acted(PERSON.into(), ground.common.micros());
    let second = feed.at(0, 3).await;
    assert_ne!(second.feed, first.feed);
    ground.clock.advance(TimeDelta::seconds(3));
    assert_ne!(feed.at(0, 3).await.feed, second.feed);
}

#[tokio::test]
async fn a_new_feed_shows_first_what_was_not_seen_and_then_the_rest() {
    let (ground, feed) = service(10);
    let first = ids(&feed.at(0, 4).await);
    ground.clock.advance(TimeDelta::minutes(1));
    let second = ids(&feed.at(0, 10).await);
    assert_eq!(second.len(), 10, "rather than run dry");
    let unseen: HashSet<_> = second[..6].iter().collect();
    assert!(first.iter().all(|id| !unseen.contains(id)));
}

#[tokio::test]
async fn what_is_hidden_meanwhile_is_not_shown() {
    let (ground, feed) = service(10);
    let first = ids(&feed.at(0, 3).await);
    let left = (1..=10).find(|id| !first.contains(id)).expect("more");
    let hide = |id: i64| Outfit {
        hidden: true,
        version: 2.into(),
        ..outfit(id, &[])
    };
    ground.common.mind.put([hide(left), hide(first[0])]);
    assert_eq!(ids(&feed.at(0, 3).await), first[1..]);
    let rest = feed.at(3, 10).await;
    assert_eq!((rest.items.len(), rest.is_last), (6, true));
    assert!(!ids(&rest).contains(&left));
}

#[tokio::test]
async fn a_filter_lets_only_its_outfits_through() {
    let (_, feed) = service(10);
    let season = |name: &str| FeedFilter {
        season: LabelName::parse(name).ok(),
        ..FeedFilter::default()
    };
    for (name, expected) in [("겨울", vec![3, 6, 9]), ("여름", vec![])] {
        let filter = season(name);
        let page = feed.page(PERSON.into(), FeedStart::Offset(0), 10, &filter);
        let page = page.await.expect("a page");
        let mut found = ids(&page);
        found.sort_unstable();
        assert_eq!((found, page.is_last), (expected, true));
    }
    // Each filter has a feed of its own.
    assert_eq!(feed.at(0, 10).await.items.len(), 10);
}

#[tokio::test]
async fn where_there_is_nothing_a_feed_is_one_empty_page() {
    let hearts = {
        let mut hearts = MockHeartRepository::new();
        hearts.expect_among().returning(|_, _| Ok(vec![]));
        hearts
    };
    let ground = Ground::new(hearts);
    let gone = |id| Outfit {
        hidden: true,
        version: 2.into(),
        ..outfit(id, &[])
    };
    ground.common.mind.put((1..=3).map(gone));
    let common = ground.common.clone();
    let page = DefaultFeedService { common }.at(0, 10).await;
    assert!(page.items.is_empty() && page.is_last);
}

#[tokio::test]
async fn storage_that_fails_is_told_and_the_page_is_still_to_come() {
    let mut hearts = MockHeartRepository::new();
    let mut failures = vec![failure()];
    hearts
        .expect_among()
        .returning(move |_, _| failures.pop().map_or(Ok(vec![]), Err));
    let mut ground = Ground::new(hearts);
    ground.write();
    let common = ground.common.clone();
    let feed = DefaultFeedService { common };
    let everything = FeedFilter::default();
    let page = feed.page(PERSON.into(), FeedStart::Offset(0), 10, &everything);
    assert!(matches!(page.await, Err(OutfitError::Repository(_))));
    assert_eq!(feed.at(0, 10).await.items.len(), 3);
    ground.common.recorder.flush().await;
    assert_eq!(ground.log.all().len(), 3, "they are viewed now");
}

#[tokio::test]
async fn what_is_similar_is_paged_and_the_first_page_counts_as_opening() {
    let (ground, feed) = service(10);
    let page = async |offset, count| {
        let page = feed.similar(PERSON.into(), 1.into(), offset, count).await;
        page.expect("a page")
    };
    let common = &ground.common;
    for millis in 0..5 {
        let heart = |id| event(10 * millis + id, 100 + millis, id, Action::Heart);
        common.mind.learn(&[heart(1), heart(2), heart(3), heart(4)]);
    }
    let all = page(0, 100).await;
    assert!(all.is_liked && all.is_last);
    assert!(all.similar.len() >= 3, "{}", all.similar.len());
    let mut walked = Vec::new();
    let mut offset = 0;
    loop {
        let part = page(offset, 2).await;
        walked.extend(part.similar);
        offset += 2;
        if part.is_last {
            break;
        }
    }
    assert_eq!(walked, all.similar);
    for offset in [100, u64::MAX] {
        let behind = page(offset, 2).await;
        assert!(behind.similar.is_empty() && behind.is_last);
    }
    common.recorder.flush().await;
    let all = ground.log.all();
    let clicks = all.iter().filter(|event| event.action == Action::Click);
    assert_eq!(clicks.count(), 2);
}

#[tokio::test]
async fn nothing_is_similar_to_what_is_not_there() {
    let (ground, feed) = service(3);
    ground.common.mind.put([Outfit {
        hidden: true,
        version: 2.into(),
        ..outfit(3, &[])
    }]);
    for id in [3, 404] {
        let page = feed.similar(PERSON.into(), id.into(), 0, 10).await;
        assert!(matches!(page, Err(OutfitError::NotFound)));
    }
}
