use domain::outfit::{Heart, MockHeartRepository};

use super::*;
use crate::outfit::testing::{Ground, outfit};
use crate::outfit::{DefaultFeedService, FeedFilter, FeedService, FeedStart};
use crate::testing::{failure, start};

const PERSON: i64 = 9;

/// A service over hearts, of which `common` has its own.
fn service(hearts: MockHeartRepository) -> (Ground, DefaultHeartService) {
    let mut asked = MockHeartRepository::new();
    asked.expect_among().returning(|_, _| Ok(vec![]));
    let ground = Ground::new(asked);
    let service = DefaultHeartService {
        common: ground.common.clone(),
        hearts: Arc::new(hearts),
    };
    (ground, service)
}

fn answering(outcome: HeartOutcome) -> MockHeartRepository {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_set().returning(move |_, _| Ok(outcome));
    hearts
}

impl Ground {
    fn hearts(&self) -> u64 {
        self.common.mind.engine().statistics().hearts
    }
}

#[tokio::test]
async fn a_heart_that_changed_something_is_learned_at_once() {
    let (ground, service) = service(answering(HeartOutcome::Changed));
    service
        .set(PERSON.into(), 1.into(), true)
        .await
        .expect("a heart");
    assert_eq!(ground.hearts(), 1);
    service
        .set(PERSON.into(), 1.into(), false)
        .await
        .expect("it is gone");
    assert_eq!(ground.hearts(), 0);
}

#[tokio::test]
async fn a_heart_that_changed_nothing_teaches_nothing() {
    let (ground, service) = service(answering(HeartOutcome::Unchanged));
    for wanted in [true, false] {
        let done = service.set(PERSON.into(), 1.into(), wanted).await;
        done.expect("it is as wanted");
    }
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn an_outfit_that_is_not_there_cannot_be_hearted() {
    let (ground, service) = service(answering(HeartOutcome::Absent));
    let done = service.set(PERSON.into(), 1.into(), true).await;
    assert!(matches!(done, Err(OutfitError::NotFound)));
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn what_storage_refuses_is_not_learned() {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_set().returning(|_, _| Err(failure()));
    let (ground, service) = service(hearts);
    let done = service.set(PERSON.into(), 1.into(), true).await;
    assert!(matches!(done, Err(OutfitError::Repository(_))));
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn a_heart_says_where_in_the_feed_the_outfit_was_met() {
    let mut hearts = MockHeartRepository::new();
    let places = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let noted = places.clone();
    hearts.expect_set().returning(move |event, _| {
        noted.lock().push(event.place);
        Ok(HeartOutcome::Changed)
    });
    let (ground, service) = service(hearts);
    let feed = DefaultFeedService {
        common: ground.common.clone(),
    };
    let everything = FeedFilter::default();
    let page = feed.page(PERSON.into(), FeedStart::Offset(0), 3, &everything);
    let page = page.await.expect("a page");
    for item in &page.items {
        let done = service.set(PERSON.into(), item.outfit.id, true).await;
        done.expect("a heart");
    }
    // Somebody who opened no feed met it nowhere.
    let done = service.set(4.into(), 1.into(), true).await;
    done.expect("a heart");
    let found = places.lock();
    let found: Vec<_> = found.iter().map(|at| (at.feed, at.position)).collect();
    let here = |position| (Some(page.feed), Some(position));
    assert_eq!(found, [here(0), here(1), here(2), (None, None)]);
}

#[tokio::test]
async fn a_collection_tells_whether_more_follows() {
    for (there, count, shown, is_last) in [(3, 2, 2, false), (3, 3, 3, true), (0, 3, 0, true)] {
        let mut hearts = MockHeartRepository::new();
        hearts
            .expect_list()
            .times(1)
            .withf(move |_, offset, limit| (*offset, *limit) == (7, count + 1))
            .returning(move |_, _, limit| {
                let ids = (1..=there).take(usize::try_from(limit).unwrap_or_default());
                let heart = |id: i64| Heart {
                    outfit: id.into(),
                    at: start(),
                };
                Ok(ids.map(heart).collect())
            });
        let (_, service) = service(hearts);
        let page = service.collection(PERSON.into(), 7, count).await;
        let page = page.expect("a page");
        assert_eq!((page.outfits.len(), page.is_last), (shown, is_last));
    }
}

#[tokio::test]
async fn a_collection_leaves_out_what_was_hidden_a_moment_ago() {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_list().returning(|_, _, _| {
        let heart = |id: i64| Heart {
            outfit: id.into(),
            at: start(),
        };
        Ok([3, 2, 1].map(heart).to_vec())
    });
    let (ground, service) = service(hearts);
    ground.common.mind.put([Outfit {
        hidden: true,
        ..outfit(2, &[])
    }]);
    let page = service.collection(PERSON.into(), 0, 10).await;
    let page = page.expect("a page");
    let ids: Vec<i64> = page.outfits.iter().map(|outfit| outfit.id.get()).collect();
    assert_eq!(ids, [3, 1]);
}

#[tokio::test]
async fn nothing_lies_behind_what_storage_can_count() {
    let (_, service) = service(MockHeartRepository::new());
    for offset in [u64::MAX, u64::MAX / 2 + 1] {
        let page = service.collection(PERSON.into(), offset, 10).await;
        let page = page.expect("a page");
        assert!(page.outfits.is_empty() && page.is_last);
    }
}
