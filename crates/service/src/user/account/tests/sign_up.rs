//! Making an account.

use domain::user::NewUser;
use parking_lot::Mutex;

use domain::user::{Role, UserStatus};

use super::*;
use crate::testing::{address, credentials, failure, phone, start, user};

const PASSWORD: &str = "correct horse";

fn by_phone() -> SignUp {
    SignUp {
        phone_number: Some(phone()),
        email: None,
        username: None,
        name: None,
        password: PASSWORD.into(),
    }
}

fn named(text: &str) -> Option<Name> {
    Some(Name::parse(text).expect("a name"))
}

/// Users among whom nothing is taken so far.
fn nobody() -> MockUserRepository {
    let mut users = MockUserRepository::new();
    users.expect_find_by_identifier().returning(|_| Ok(None));
    users.expect_find_by_name().returning(|_| Ok(None));
    users
}

/// Users among whom the identifier is taken.
fn taken() -> MockUserRepository {
    let mut users = MockUserRepository::new();
    users
        .expect_find_by_identifier()
        .returning(|_| Ok(Some(credentials(None))));
    users
}

#[tokio::test]
async fn an_account_is_stored_with_the_hash_of_its_password() {
    let mut users = nobody();
    let stored = Arc::new(Mutex::new(None::<NewUser>));
    let seen = stored.clone();
    users.expect_insert().times(1).returning(move |new| {
        *seen.lock() = Some(new.clone());
        Ok(())
    });
    let World { service, .. } = world(users, []);
    let made = service.sign_up(by_phone(), None).await.expect("an account");
    let stored = stored.lock().clone().expect("an account in storage");
    assert_eq!(stored.user, made);
    assert_eq!((made.role, made.status), (Role::User, UserStatus::Active));
    assert_eq!((made.created_at, made.updated_at), (start(), start()));
    assert_eq!(made.email_verified_at, None);
    assert!(made.name.as_str().starts_with("user_"));
    let place = service.hasher.place().await.expect("a place");
    let verdict = place.verify(&PASSWORD.into(), stored.password_hash).await;
    assert!(verdict.is_ok_and(|verdict| verdict.matches && !verdict.outdated));
}

#[tokio::test]
async fn a_taken_identifier_is_refused_before_any_hashing() {
    let World { service, .. } = world(taken(), []);
    let refused = service.sign_up(by_phone(), None).await;
    assert!(matches!(refused, Err(AccountError::UserAlreadyExists)));
    assert!(!service.hasher.has_hashed());
}

#[tokio::test]
async fn every_identifier_given_is_looked_for() {
    let mut users = MockUserRepository::new();
    users
        .expect_find_by_identifier()
        .times(2)
        .returning(|identifier| {
            let is_email = matches!(identifier, Identifier::Email(_));
            Ok(is_email.then(|| credentials(None)))
        });
    let World { service, .. } = world(users, []);
    let both = SignUp {
        email: Email::parse("a@b.co").ok(),
        ..by_phone()
    };
    let refused = service.sign_up(both, None).await;
    assert!(matches!(refused, Err(AccountError::UserAlreadyExists)));
}

#[tokio::test]
async fn who_loses_the_race_for_an_identifier_is_told_that_it_is_taken() {
    let mut users = MockUserRepository::new();
    let mut looked = 0;
    users
        .expect_find_by_identifier()
        .times(2)
        .returning(move |_| {
            looked += 1;
            Ok((looked == 2).then(|| credentials(None)))
        });
    users
        .expect_insert()
        .times(1)
        .returning(|_| Err(RepositoryError::Conflict));
    let World { service, .. } = world(users, []);
    let refused = service.sign_up(by_phone(), None).await;
    assert!(matches!(refused, Err(AccountError::UserAlreadyExists)));
}

#[tokio::test]
async fn a_name_asked_for_and_taken_is_refused_before_any_hashing() {
    let mut users = MockUserRepository::new();
    users.expect_find_by_identifier().returning(|_| Ok(None));
    users.expect_find_by_name().returning(|_| Ok(Some(user())));
    let World { service, .. } = world(users, []);
    let asking = SignUp {
        name: named("유나"),
        ..by_phone()
    };
    let refused = service.sign_up(asking, None).await;
    assert!(matches!(refused, Err(AccountError::NameTaken)));
    assert!(!service.hasher.has_hashed());
}

#[tokio::test]
async fn who_loses_the_race_for_a_name_asked_for_gets_no_other() {
    let mut users = nobody();
    users
        .expect_insert()
        .times(1)
        .returning(|_| Err(RepositoryError::Conflict));
    let World { service, .. } = world(users, []);
    let asking = SignUp {
        name: named("유나"),
        ..by_phone()
    };
    let refused = service.sign_up(asking, None).await;
    assert!(matches!(refused, Err(AccountError::NameTaken)));
}

#[tokio::test]
async fn a_user_name_becomes_the_name_and_gives_way_where_that_is_taken() {
    let mut users = nobody();
    let mut tried = 0;
    users.expect_insert().times(2).returning(move |new| {
        tried += 1;
        assert_eq!(new.user.name.as_str() == "yuna_kim", tried == 1);
        if tried == 1 {
            Err(RepositoryError::Conflict)
        } else {
            Ok(())
        }
    });
    let World { service, .. } = world(users, []);
    let by_username = SignUp {
        phone_number: None,
        username: Username::parse("yuna_kim").ok(),
        ..by_phone()
    };
    let made = service
        .sign_up(by_username, None)
        .await
        .expect("an account");
    assert!(made.name.as_str().starts_with("user_"));
    assert_eq!(made.username, Username::parse("yuna_kim").ok());
}

#[tokio::test]
async fn made_up_names_differ_each_time_and_are_not_tried_for_ever() {
    let mut users = nobody();
    let tried = Arc::new(Mutex::new(Vec::new()));
    let seen = tried.clone();
    users
        .expect_insert()
        .times(NAME_ATTEMPTS)
        .returning(move |new| {
            seen.lock().push(new.user.name.key());
            Err(RepositoryError::Conflict)
        });
    let World { service, .. } = world(users, []);
    let refused = service.sign_up(by_phone(), None).await;
    assert!(matches!(refused, Err(AccountError::NameTaken)));
    let mut tried = tried.lock().clone();
    tried.sort();
    tried.dedup();
    assert_eq!(tried.len(), NAME_ATTEMPTS);
}

#[tokio::test]
async fn an_account_needs_something_to_sign_in_with() {
    let World { service, .. } = world(MockUserRepository::new(), []);
    let nothing = SignUp {
        phone_number: None,
        ..by_phone()
    };
    let refused = service.sign_up(nothing, None).await;
    assert!(matches!(refused, Err(AccountError::NoIdentifier)));
}

#[tokio::test]
async fn a_common_password_is_refused_whoever_asks() {
    let World { service, .. } = world(MockUserRepository::new(), []);
    let careless = SignUp {
        password: "password".into(),
        ..by_phone()
    };
    let refused = service.sign_up(careless, None).await;
    assert!(
        matches!(refused, Err(AccountError::Password(error)) if error.code == "common_password")
    );
}

#[tokio::test]
async fn finding_out_who_has_an_account_is_throttled_by_address() {
    let World { service, clock, .. } = world(taken(), []);
    for _ in 0..2 {
        let refused = service.sign_up(by_phone(), address("2001:db8::1")).await;
        assert!(matches!(refused, Err(AccountError::UserAlreadyExists)));
    }
    // The same network.
    let refused = service.sign_up(by_phone(), address("2001:db8::ffff")).await;
    assert!(
        matches!(refused, Err(AccountError::TooManyTries(wait)) if wait.time == Duration::from_secs(60))
    );
    let other = service.sign_up(by_phone(), address("192.0.2.1")).await;
    assert!(matches!(other, Err(AccountError::UserAlreadyExists)));
    clock.advance(TimeDelta::seconds(60));
    let again = service.sign_up(by_phone(), address("2001:db8::1")).await;
    assert!(matches!(again, Err(AccountError::UserAlreadyExists)));
}

#[tokio::test]
async fn successes_and_failures_of_ours_are_not_counted() {
    let mut users = nobody();
    let mut tries = 0;
    users.expect_insert().times(8).returning(move |_| {
        tries += 1;
        if tries > 4 { Err(failure()) } else { Ok(()) }
    });
    let World { service, .. } = world(users, []);
    let from = address("192.0.2.1");
    for _ in 0..4 {
        assert!(service.sign_up(by_phone(), from).await.is_ok());
    }
    for _ in 0..4 {
        let failed = service.sign_up(by_phone(), from).await;
        assert!(matches!(failed, Err(AccountError::Repository(_))));
    }
    let held = service.hasher.place().await;
    for _ in 0..4 {
        let busy = service.sign_up(by_phone(), from).await;
        assert!(matches!(busy, Err(AccountError::Busy)));
    }
    drop(held);
}
