use domain::outfit::{MockDislikeRepository, MockHeartRepository, Outfit};

use super::*;
use crate::outfit::testing::{Ground, outfit};
use crate::outfit::{DefaultFeedService, FeedFilter, FeedPage, FeedService, FeedStart};
use crate::testing::{failure, start};

const PERSON: i64 = 9;
const TAG: (LabelKind, i64, &str) = (LabelKind::Tag, 70, "카고팬츠");
const BRAND: (LabelKind, i64, &str) = (LabelKind::Brand, 80, "Cargo Lab");

fn service(dislikes: MockDislikeRepository) -> (Ground, DefaultActivityService) {
    let mut hearts = MockHeartRepository::new();
    hearts.expect_among().returning(|_, _| Ok(vec![]));
    let mut ground = Ground::new(hearts);
    ground.write();
    let common = ground.common.clone();
    common.mind.put([outfit(4, &[TAG, BRAND])]);
    common.mind.put([Outfit {
        hidden: true,
        ..outfit(5, &[])
    }]);
    let dislikes = Arc::new(dislikes);
    (ground, DefaultActivityService { common, dislikes })
}

fn report(outfit: i64, deed: Deed) -> Report {
    Report {
        outfit: outfit.into(),
        deed,
        place: None,
    }
}

async fn open(ground: &Ground) -> FeedPage {
    let feed = DefaultFeedService {
        common: ground.common.clone(),
    };
    let everything = FeedFilter::default();
    let page = feed.page(PERSON.into(), FeedStart::Offset(0), 10, &everything);
    page.await.expect("a page")
}

#[tokio::test]
async fn what_is_reported_is_durable_and_learned() {
    let (ground, service) = service(MockDislikeRepository::new());
    let reports = [
        report(1, Deed::Seen),
        report(2, Deed::Click),
        report(3, Deed::Share),
        report(3, Deed::SimilarClick(2.into())),
    ];
    let done = service.report(PERSON.into(), &reports).await;
    done.expect("written down");
    let actions = [
        Action::Seen,
        Action::Click,
        Action::Share,
        Action::SimilarClick(2.into()),
    ];
    assert_eq!(ground.log.actions(), actions);
    assert_eq!(ground.learned(), 4);
    let all = ground.log.all();
    assert!(all.iter().all(|event| event.person == PERSON.into()));
    assert!(all.iter().all(|event| event.at == start()));
    service
        .report(PERSON.into(), &[])
        .await
        .expect("nothing to do");
    assert_eq!(ground.log.all().len(), 4);
}

#[tokio::test]
async fn of_reports_with_an_outfit_that_is_not_there_none_counts() {
    let (ground, service) = service(MockDislikeRepository::new());
    for bad in [
        report(404, Deed::Click),
        report(5, Deed::Click),
        report(1, Deed::SimilarClick(404.into())),
        report(1, Deed::SimilarClick(5.into())),
    ] {
        let reports = [report(1, Deed::Click), bad];
        let done = service.report(PERSON.into(), &reports).await;
        assert!(matches!(done, Err(OutfitError::NotFound)));
    }
    ground.common.recorder.flush().await;
    assert!(ground.log.all().is_empty());
}

#[tokio::test]
async fn a_report_that_is_not_written_is_told() {
    let (ground, service) = service(MockDislikeRepository::new());
    *ground.log.fails_after.lock() = Some(0);
    let reports = [report(1, Deed::Share)];
    let done = service.report(PERSON.into(), &reports).await;
    assert!(matches!(done, Err(OutfitError::Repository(_))));
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn a_propensity_is_noted_only_for_the_feed_it_belongs_to() {
    let (ground, service) = service(MockDislikeRepository::new());
    let page = open(&ground).await;
    let met = page.items.iter().find_map(|item| {
        let place = ground.common.feeds.place(PERSON.into(), item.outfit.id);
        place.propensity.map(|_| (item.outfit.id, place))
    });
    let (outfit, known) = met.expect("a young catalogue is explored");
    let said = |feed: i64, position| Report {
        outfit,
        deed: Deed::Click,
        place: Some((feed.into(), position)),
    };
    let silent = Report {
        place: None,
        ..said(0, 0)
    };
    let reports = [silent, said(page.feed.get(), 77), said(123, 5)];
    let done = service.report(PERSON.into(), &reports).await;
    done.expect("written down");
    let all = ground.log.all();
    let clicks = all.iter().filter(|event| event.action == Action::Click);
    let places: Vec<Place> = clicks.map(|event| event.place).collect();
    let place = |feed, position, propensity| Place {
        feed: Some(feed),
        position: Some(position),
        propensity,
    };
    let expected = [
        known,
        place(page.feed, 77, known.propensity),
        place(123.into(), 5, None),
    ];
    assert_eq!(places, expected);
}

/// Dislikes that are stored as often as they are said.
fn dislikes(there: Vec<Dislike>) -> MockDislikeRepository {
    let mut dislikes = MockDislikeRepository::new();
    let is_there = !there.is_empty();
    dislikes.expect_list().returning(move |_| Ok(there.clone()));
    dislikes.expect_add().returning(move |_, _| Ok(!is_there));
    dislikes.expect_remove().returning(move |_, _| Ok(is_there));
    dislikes
}

fn dislike(what: Disliked) -> Dislike {
    Dislike { what, at: start() }
}

#[tokio::test]
async fn a_dislike_takes_outfits_out_of_the_next_feed() {
    for (what, action, gone) in [
        (Unwanted::Outfit(1.into()), Action::Dislike, 1),
        (
            Unwanted::Tag("#카고팬츠".into()),
            Action::DislikeLabel(70.into()),
            4,
        ),
        (
            Unwanted::Brand("CARGO LAB".into()),
            Action::DislikeLabel(80.into()),
            4,
        ),
    ] {
        let (ground, service) = service(dislikes(vec![]));
        assert_eq!(open(&ground).await.items.len(), 4);
        let done = service.dislike(PERSON.into(), &what, true).await;
        done.expect("heeded");
        // The same moment, and yet another feed.
        let page = open(&ground).await;
        let mut ids: Vec<i64> = page.items.iter().map(|item| item.outfit.id.get()).collect();
        ids.sort_unstable();
        let rest: Vec<i64> = (1..=4).filter(|id| *id != gone).collect();
        assert_eq!(ids, rest, "{what:?}");
        assert!(ground.log.actions().contains(&action));
    }
}

#[tokio::test]
async fn what_is_disliked_already_is_not_written_again() {
    let there = Disliked::Outfit(1.into());
    let (ground, service) = service(dislikes(vec![dislike(there)]));
    let what = Unwanted::Outfit(1.into());
    let done = service.dislike(PERSON.into(), &what, true).await;
    done.expect("it is as wanted");
    assert_eq!(ground.learned(), 0);
    let done = service.dislike(PERSON.into(), &what, false).await;
    done.expect("heeded");
    assert_eq!(ground.log.actions(), [Action::Undislike]);
}

#[tokio::test]
async fn what_is_not_disliked_is_not_taken_back() {
    let (ground, service) = service(dislikes(vec![]));
    let what = Unwanted::Outfit(1.into());
    let done = service.dislike(PERSON.into(), &what, false).await;
    done.expect("it is as wanted");
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn what_nobody_knows_cannot_be_disliked() {
    let (ground, service) = service(MockDislikeRepository::new());
    for (what, is_label) in [
        (Unwanted::Outfit(404.into()), false),
        (Unwanted::Outfit(5.into()), false),
        (Unwanted::Tag("Cargo Lab".into()), true),
        (Unwanted::Brand("카고팬츠".into()), true),
        (Unwanted::Tag(String::new()), true),
    ] {
        let done = service.dislike(PERSON.into(), &what, true).await;
        match done {
            Err(OutfitError::LabelNotFound) => assert!(is_label, "{what:?}"),
            Err(OutfitError::NotFound) => assert!(!is_label, "{what:?}"),
            other => assert!(other.is_err(), "{what:?}"),
        }
    }
    assert_eq!(ground.learned(), 0);
}

#[tokio::test]
async fn a_dislike_that_was_not_written_down_is_heeded_when_repeated() {
    // Whatever of the two failed, the first time it was not done.
    let stored = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let mut dislikes = MockDislikeRepository::new();
    let (there, new) = (stored.clone(), stored.clone());
    dislikes
        .expect_list()
        .returning(move |_| Ok(there.lock().clone()));
    dislikes.expect_add().returning(move |_, dislike| {
        let mut all = new.lock();
        let is_new = !all.contains(&dislike);
        all.push(dislike);
        Ok(is_new)
    });
    let (ground, service) = service(dislikes);
    let what = Unwanted::Outfit(1.into());
    *ground.log.fails_after.lock() = Some(0);
    let done = service.dislike(PERSON.into(), &what, true).await;
    assert!(matches!(done, Err(OutfitError::Repository(_))));
    let done = service.dislike(PERSON.into(), &what, true).await;
    done.expect("heeded");
    assert_eq!(ground.log.actions(), [Action::Dislike]);
    assert_eq!(open(&ground).await.items.len(), 3);
    assert_eq!(stored.lock().len(), 1);
}

#[tokio::test]
async fn storage_that_fails_is_told() {
    let mut dislikes = MockDislikeRepository::new();
    dislikes.expect_list().returning(|_| Err(failure()));
    dislikes.expect_add().returning(|_, _| Err(failure()));
    let (_, service) = service(dislikes);
    let what = Unwanted::Outfit(1.into());
    let done = service.dislike(PERSON.into(), &what, true).await;
    assert!(matches!(done, Err(OutfitError::Repository(_))));
    let listed = service.dislikes(PERSON.into()).await;
    assert!(matches!(listed, Err(OutfitError::Repository(_))));
}

#[tokio::test]
async fn dislikes_are_listed_by_name() {
    let all = [
        Disliked::Label(80.into()),
        Disliked::Outfit(5.into()),
        Disliked::Label(404.into()),
        Disliked::Label(70.into()),
    ];
    let (_, service) = service(dislikes(all.map(dislike).to_vec()));
    let listed = service.dislikes(PERSON.into()).await.expect("a list");
    let expected = [
        Unwanted::Brand("Cargo Lab".into()),
        Unwanted::Outfit(5.into()),
        Unwanted::Tag("카고팬츠".into()),
    ];
    assert_eq!(listed, expected);
}
