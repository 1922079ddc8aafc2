use std::sync::atomic::Ordering;

use domain::clock::FixedClock;
use domain::persona::{
    Media, MediaKind, MediaStore, MockImageWorkshop, MockMediaRepository, PictureError, Registered,
};
use mockall::predicate::{always, eq};

use super::super::testing::{Shelves, addresses, files, picture, shelf, sweep};
use super::*;
use crate::testing::{OWNER, clock, start};

fn owner() -> PersonId {
    OWNER.into()
}

fn key() -> MediaKey {
    MediaKey::public(&picture("cat").content, MediaKind::Png)
}

fn owned(key: MediaKey, is_held: bool) -> OwnedMedia {
    OwnedMedia {
        media: Media {
            key,
            bytes: 8,
            width: 600,
            height: 400,
            created_at: start(),
        },
        owned_at: start(),
        is_held,
        kept_at: start(),
    }
}

/// A service of which nothing may be asked but what a test says.
fn service(
    media: MockMediaRepository,
    shelf: Arc<MediaShelf>,
    store: &Arc<Shelves>,
    clock: &Arc<FixedClock>,
) -> DefaultMediaService {
    let mut removing = MockMediaRepository::new();
    removing.expect_forget().returning(|_| Ok(()));
    let mut workshop = MockImageWorkshop::new();
    workshop.expect_width().returning(|_| Ok(600));
    workshop
        .expect_thumbnail()
        .times(..=1)
        .returning(|_, width| {
            assert!(width < 600, "the header says that there is nothing to do");
            Ok(Some(picture("kitten")))
        });
    DefaultMediaService {
        media: Arc::new(media),
        shelf,
        files: files(store, workshop),
        sweep: Arc::new(sweep(removing, store, clock)),
        addresses: addresses(clock),
        unused_for: Duration::from_secs(86_400),
        clock: clock.clone(),
    }
}

fn closed_shelf(store: &Arc<Shelves>, clock: &Arc<FixedClock>) -> Arc<MediaShelf> {
    shelf(
        MockMediaRepository::new(),
        MockImageWorkshop::new(),
        store,
        clock,
    )
}

fn admitting() -> MockImageWorkshop {
    let mut workshop = MockImageWorkshop::new();
    workshop.expect_admit().returning(|_| Ok(picture("cat")));
    workshop
}

async fn uploaded(registered: Registered) -> (Result<MediaView, MediaError>, Vec<String>) {
    let (clock, store) = (clock(), Arc::default());
    let mut known = MockMediaRepository::new();
    known
        .expect_register()
        .returning(move |_, _| Ok(registered));
    let stored = usize::from(registered == Registered::Wanted);
    known.expect_stored().times(stored).returning(|_| Ok(true));
    let mut media = MockMediaRepository::new();
    media
        .expect_find_owned()
        .with(eq(owner()), eq(key()))
        .returning(|_, key| Ok(Some(owned(key.clone(), false))));
    let shelf = shelf(known, admitting(), &store, &clock);
    let service = service(media, shelf, &store, &clock);
    let outcome = service.upload(owner(), "file".into(), false).await;
    (outcome, store.names())
}

#[tokio::test]
async fn a_new_picture_is_registered_written_and_kept_for_a_day() {
    let (view, files) = uploaded(Registered::Wanted).await;
    let view = view.expect("it is kept");
    assert_eq!(files, [key().to_string()]);
    assert_eq!(view.url, key().path());
    assert_eq!(view.kept_until, Some(start() + TimeDelta::days(1)));
}

#[tokio::test]
async fn a_picture_that_is_there_is_not_written_again() {
    let (view, files) = uploaded(Registered::Present).await;
    assert!(view.is_ok());
    assert!(files.is_empty());
}

#[tokio::test]
async fn over_the_quota_nothing_is_written() {
    let (refused, files) = uploaded(Registered::OverQuota).await;
    assert!(matches!(refused, Err(MediaError::OverQuota)));
    assert!(files.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_is_being_removed_is_waited_for_but_not_for_ever() {
    let (refused, files) = uploaded(Registered::Leaving).await;
    assert!(matches!(refused, Err(MediaError::Leaving)));
    assert!(files.is_empty());
}

#[tokio::test]
async fn what_the_workshop_refuses_changes_nothing() {
    let (clock, store) = (clock(), Arc::default());
    let mut workshop = MockImageWorkshop::new();
    workshop
        .expect_admit()
        .returning(|_| Err(PictureError::Damaged));
    let shelf = shelf(MockMediaRepository::new(), workshop, &store, &clock);
    let service = service(MockMediaRepository::new(), shelf, &store, &clock);
    let refused = service.upload(owner(), "file".into(), false).await;
    assert!(matches!(
        refused,
        Err(MediaError::Picture(PictureError::Damaged))
    ));
}

#[tokio::test]
async fn a_page_ends_with_where_the_next_begins() {
    let (clock, store) = (clock(), Arc::default());
    let mut media = MockMediaRepository::new();
    media
        .expect_list()
        .with(eq(owner()), always(), eq(2))
        .returning(|_, after, _| {
            Ok(match after {
                None => vec![owned(key(), true), owned(key(), false)],
                Some((at, last)) => {
                    assert_eq!((at, last), (start(), &key()));
                    vec![]
                }
            })
        });
    let service = service(media, closed_shelf(&store, &clock), &store, &clock);
    let page = service.list(owner(), None, 1).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].kept_until, None);
    let next = service.list(owner(), page.next_cursor, 1).await;
    assert_eq!(next.expect("a page").items, []);
    let refused = service.list(owner(), Some("made up".into()), 1).await;
    assert!(matches!(refused, Err(MediaError::InvalidCursor)));
}

#[tokio::test]
async fn removing_takes_the_files_only_where_nobody_else_has_the_picture() {
    for (outcome, left) in [(Disowned::Doomed, 0), (Disowned::Kept, 1)] {
        let (clock, store) = (clock(), Arc::<Shelves>::default());
        let put = store.put(key().as_str(), "cat".into()).await;
        put.expect("a file");
        let mut media = MockMediaRepository::new();
        media.expect_disown().returning(move |_, _, _| Ok(outcome));
        let service = service(media, closed_shelf(&store, &clock), &store, &clock);
        let removed = service.remove(owner(), &key()).await;
        assert!(removed.is_ok());
        assert_eq!(store.names().len(), left);
    }
}

#[tokio::test]
async fn what_is_in_use_or_not_ones_own_is_not_removed() {
    let (clock, store) = (clock(), Arc::default());
    let mut media = MockMediaRepository::new();
    let mut outcomes = vec![Disowned::Absent, Disowned::InUse];
    media
        .expect_disown()
        .returning(move |_, _, _| Ok(outcomes.pop().unwrap_or(Disowned::Absent)));
    let service = service(media, closed_shelf(&store, &clock), &store, &clock);
    let in_use = service.remove(owner(), &key()).await;
    assert!(matches!(in_use, Err(MediaError::InUse)));
    let absent = service.remove(owner(), &key()).await;
    assert!(matches!(absent, Err(MediaError::NotFound)));
}

#[tokio::test]
async fn of_many_who_want_a_smaller_copy_one_makes_it() {
    let (clock, store) = (clock(), Arc::<Shelves>::default());
    let put = store.put(key().as_str(), "cat".into()).await;
    put.expect("a file");
    let shelf = closed_shelf(&store, &clock);
    let service = Arc::new(service(MockMediaRepository::new(), shelf, &store, &clock));
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let service = service.clone();
            tokio::spawn(async move {
                let shown = service.show(&key(), Some(64), &Permit::default()).await;
                shown.expect("a copy").0
            })
        })
        .collect();
    for asked in asking {
        let file = asked.await.expect("an answer");
        assert_eq!(file.content, picture("kitten").content);
        assert_eq!(file.width, Some(64));
    }
    assert_eq!(store.names().len(), 2);
}

#[tokio::test]
async fn a_picture_that_is_no_wider_is_shown_itself() {
    let (clock, store) = (clock(), Arc::<Shelves>::default());
    let put = store.put(key().as_str(), "cat".into()).await;
    put.expect("a file");
    let shelf = closed_shelf(&store, &clock);
    let service = service(MockMediaRepository::new(), shelf, &store, &clock);
    for width in [600, 1024, 600] {
        let shown = service.show(&key(), Some(width), &Permit::default()).await;
        let (file, _) = shown.expect("the picture");
        assert_eq!((file.content, file.width), ("cat".into(), None));
    }
    assert_eq!(store.names().len(), 1);
    let gone = service.remove_file().await;
    assert!(matches!(gone, Err(MediaError::NotFound)));
}

impl DefaultMediaService {
    /// What is answered of a picture whose file went, though its width is known.
    async fn remove_file(&self) -> Result<(MediaFile, TimeDelta), MediaError> {
        self.files.remove(&key()).await.expect("a removal");
        self.show(&key(), Some(1024), &Permit::default()).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_copy_whose_maker_hangs_is_not_waited_for_for_ever() {
    use domain::persona::{ImageWorkshop, Picture};

    /// Takes a picture, and never gives it back.
    struct Stuck;

    #[async_trait]
    impl ImageWorkshop for Stuck {
        async fn admit(&self, _: Bytes) -> Result<Picture, PictureError> {
            std::future::pending().await
        }

        fn width(&self, _: &Bytes) -> Result<u32, PictureError> {
            Ok(600)
        }

        async fn thumbnail(&self, _: Bytes, _: u32) -> Result<Option<Picture>, PictureError> {
            std::future::pending().await
        }

        async fn rasterise(&self, _: String, _: u32) -> Result<Picture, PictureError> {
            std::future::pending().await
        }
    }

    let store = Arc::<Shelves>::default();
    let put = store.put(key().as_str(), "cat".into()).await;
    put.expect("a file");
    let files = Arc::new(MediaFiles::new(store, Arc::new(Stuck)));
    let first = tokio::spawn({
        let files = files.clone();
        async move { files.read(&key(), Some(64)).await }
    });
    tokio::task::yield_now().await;
    let second = files.read(&key(), Some(64)).await;
    assert!(matches!(
        second,
        Err(MediaError::Picture(PictureError::Busy))
    ));
    // Another width, and the picture itself, wait for nobody.
    let whole = files.read(&key(), None).await.expect("the picture");
    assert_eq!(whole.expect("the picture").width, None);
    first.abort();
}

#[tokio::test]
async fn a_picture_swept_away_while_it_was_written_is_put_away_again() {
    let (clock, store) = (clock(), Arc::default());
    let mut known = MockMediaRepository::new();
    let register = known.expect_register().times(2);
    let seen = clock.clone();
    register.returning(move |new, _| {
        assert_eq!(new.media.created_at, seen.now());
        seen.advance(TimeDelta::hours(1));
        Ok(Registered::Wanted)
    });
    let mut outcomes = vec![true, false];
    let stored = known.expect_stored().times(2);
    stored.returning(move |_| Ok(outcomes.pop().unwrap_or_default()));
    let shelf = shelf(known, admitting(), &store, &clock);
    let kept = shelf.admit(Some(owner()), "file".into(), false).await;
    assert_eq!(kept.expect("it is kept").key, key());
    assert_eq!(store.names(), [key().to_string()]);
}

#[tokio::test]
async fn a_file_that_nothing_knows_of_is_left_to_the_sweep() {
    // Written, swept away, and then there is no room for it any more, or it goes again and again.
    for (is_full, registered) in [(true, 3), (false, 4)] {
        let (clock, store) = (clock(), Arc::default());
        let mut known = MockMediaRepository::new();
        let mut calls = 0;
        let register = known.expect_register().times(registered);
        register.returning(move |new, _| {
            calls += 1;
            assert_eq!(new.owner.is_none(), calls == registered, "{calls}");
            let refused = is_full && calls == 2;
            Ok(match refused {
                true => Registered::OverQuota,
                false => Registered::Wanted,
            })
        });
        known.expect_stored().returning(|_| Ok(false));
        let shelf = shelf(known, admitting(), &store, &clock);
        let refused = shelf.admit(Some(owner()), "file".into(), false).await;
        match is_full {
            true => assert!(matches!(refused, Err(MediaError::OverQuota))),
            false => assert!(matches!(refused, Err(MediaError::Leaving))),
        }
    }
}

#[tokio::test]
async fn each_batch_of_a_sweep_has_its_own_time() {
    let (clock, store) = (clock(), Arc::default());
    let mut media = MockMediaRepository::new();
    let mut batches = vec![vec![key()], vec![key(); 20], vec![key(); 20]];
    let (seen, moving) = (clock.clone(), clock.clone());
    let doom = media.expect_doom().times(3);
    doom.returning(move |unused, begun, now, limit| {
        assert_eq!((now, limit), (seen.now(), 20));
        assert_eq!(unused, now - TimeDelta::days(1));
        assert_eq!(begun, now - TimeDelta::minutes(10));
        Ok(batches.pop().unwrap_or_default())
    });
    media.expect_forget().returning(move |_| {
        moving.advance(TimeDelta::minutes(1));
        Ok(())
    });
    let sweep = sweep(media, &store, &clock);
    assert_eq!(sweep.sweep().await.expect("a round"), 41);
}

#[tokio::test]
async fn a_private_picture_without_a_permit_looks_absent() {
    let (clock, store) = (clock(), Arc::<Shelves>::default());
    let key = MediaKey::private(owner(), b"cat", MediaKind::Png);
    let put = store.put(key.as_str(), "cat".into()).await;
    put.expect("a file");
    let shelf = closed_shelf(&store, &clock);
    let service = service(MockMediaRepository::new(), shelf, &store, &clock);
    let refused = service.show(&key, None, &Permit::default()).await;
    assert!(matches!(refused, Err(MediaError::NotFound)));
}

#[tokio::test]
async fn files_that_cannot_be_removed_now_are_left_for_later() {
    let (clock, store) = (clock(), Arc::<Shelves>::default());
    store.broken.store(true, Ordering::SeqCst);
    let mut media = MockMediaRepository::new();
    media.expect_doom().returning(|_, _, _, _| Ok(vec![key()]));
    media.expect_forget().times(1).returning(|_| Ok(()));
    let sweep = sweep(media, &store, &clock);
    assert_eq!(sweep.sweep().await.expect("a round"), 0);
    store.broken.store(false, Ordering::SeqCst);
    assert_eq!(sweep.sweep().await.expect("a round"), 1);
}
