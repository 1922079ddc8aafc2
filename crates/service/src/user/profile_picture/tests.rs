use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::persona::MediaKind;
use domain::unit_of_work::mock::MockUnitOfWork;
use domain::user::MockUserRepository;

use super::super::AccountService;
use super::super::account::tests::world;
use super::*;
use crate::persona::testing::addresses;
use crate::testing::{OWNER, clock, user};

fn key() -> MediaKey {
    MediaKey::private(OWNER.into(), b"me", MediaKind::Png)
}

fn showing(picture: Option<&str>) -> User {
    User {
        profile_img: picture.map(str::to_owned),
        ..user()
    }
}

#[tokio::test]
async fn a_private_picture_is_shown_by_a_fresh_address_of_it_and_kept_by_its_key() {
    let signed = addresses(&clock()).of(&key());
    let path = key().path();
    let stale = format!("{path}?expires=1&signature=AAAA");
    // The address, whether the profile shows it already, whether it is the owner's, whether it is
    // taken.
    for (address, is_shown, is_own, is_taken) in [
        (&signed, false, true, true),
        (&path, true, true, true),
        (&path, false, true, false),
        (&stale, false, true, false),
        (&signed, false, false, false),
    ] {
        let mut users = MockUserRepository::new();
        let before = showing(is_shown.then_some(path.as_str()));
        let find = users.expect_find();
        find.returning(move |_| Ok(Some(before.clone())));
        let mut unit = MockUnitOfWork::default();
        let kept = path.clone();
        let update = unit.users.expect_update();
        update.returning(move |_, change, _| {
            assert_eq!(change.profile_img, Some(Some(kept.clone())));
            Ok(Some(showing(Some(&kept))))
        });
        unit.media
            .expect_hold()
            .returning(move |_, _, _| Ok(is_own));
        let committed = unit.committed();
        let change = UserChange {
            profile_img: Some(Some(address.clone())),
            ..UserChange::default()
        };
        let service = world(users, [unit]).service;
        let changed = service.update(OWNER.into(), &change).await;
        assert_eq!(committed.load(Ordering::SeqCst), is_taken, "{address}");
        match changed {
            Ok(changed) => assert_eq!(changed.profile_img.as_ref(), Some(&signed)),
            Err(error) => assert!(matches!(error, AccountError::PictureClosed), "{error}"),
        }
    }
}

#[tokio::test]
async fn the_owner_sees_an_address_that_opens_it() {
    for (stored, shown) in [
        (key().path(), addresses(&clock()).of(&key())),
        ("/media/1.png".to_owned(), "/media/1.png".to_owned()),
    ] {
        let mut users = MockUserRepository::new();
        let stored = showing(Some(&stored));
        users
            .expect_find()
            .returning(move |_| Ok(Some(stored.clone())));
        let service = Arc::new(world(users, []).service);
        let found = service.find(OWNER.into()).await.expect("an account");
        assert_eq!(found.profile_img, Some(shown));
    }
}
