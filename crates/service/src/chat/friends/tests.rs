use std::sync::atomic::Ordering;

use domain::chat::{MockChatLogRepository, MockFriendshipRepository};
use domain::unit_of_work::mock::MockUnitOfWork;
use domain::user::MockUserRepository;

use super::*;
use crate::testing::{FakeBus, OWNER, clock, user};

const OTHER: i64 = 8;

/// A service where the two have this bond, and where the unit of work is this one.
fn service(unit: MockUnitOfWork) -> DefaultFriendService {
    let mut users = MockUserRepository::new();
    users.expect_find_by_name().returning(|name| {
        Ok(Some(User {
            id: OTHER.into(),
            name: name.clone(),
            ..user()
        }))
    });
    DefaultFriendService {
        users: Arc::new(users),
        friendships: Arc::new(MockFriendshipRepository::new()),
        log: Arc::new(MockChatLogRepository::new()),
        units: Arc::new(unit.into_factory()),
        hub: Hub::new(FakeBus::new()),
        clock: clock(),
        pending: 3,
    }
}

fn unit(bond: Option<Bond>) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.chat_log.expect_hold().returning(|_| Ok(Vec::new()));
    let found = unit.friendships.expect_find();
    found.returning(move |_| Ok(bond));
    unit.friendships.expect_count().returning(|_| Ok(3));
    unit
}

fn name() -> Name {
    Name::parse("Dana").expect("a name")
}

#[tokio::test]
async fn who_asked_too_many_people_asks_nobody_more() {
    for (asked, goes) in [(2, true), (3, false)] {
        let mut unit = unit(None);
        unit.friendships
            .expect_asked()
            .returning(move |_| Ok(asked));
        unit.friendships.expect_set().returning(|_, _, _| Ok(()));
        unit.chat_log.expect_append().returning(|_, _| Ok(vec![1]));
        let committed = unit.committed();
        let done = service(unit)
            .act(OWNER.into(), FriendEvent::Request, &name())
            .await;
        assert_eq!(done.is_ok(), goes);
        assert_eq!(committed.load(Ordering::SeqCst), goes);
        assert!(goes || matches!(done, Err(ChatError::TooManyPending)));
    }
}

#[tokio::test]
async fn a_block_is_told_to_who_makes_it_and_looks_like_an_end_to_the_other() {
    let mut unit = unit(Some(Bond::Friends));
    let blocked = |bond: &Option<Bond>| *bond == Some(Bond::Blocked(OWNER.into()));
    unit.friendships
        .expect_set()
        .withf(move |_, bond, _| blocked(bond))
        .returning(|_, _, _| Ok(()));
    let expected = [
        (OTHER, FriendEvent::Delete, OWNER),
        (OWNER, FriendEvent::Block, OTHER),
    ]
    .map(|(who, event, of)| (who.into(), Entry::Friend(event, of.into())));
    unit.chat_log
        .expect_append()
        .withf(move |entries, _| *entries == expected)
        .times(1)
        .returning(|_, _| Ok(vec![1, 1]));
    let committed = unit.committed();
    let done = service(unit)
        .act(OWNER.into(), FriendEvent::Block, &name())
        .await;
    assert_eq!(done.expect("it is done").id, OTHER.into());
    assert!(committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn who_was_blocked_finds_nobody() {
    let unit = unit(Some(Bond::Blocked(OTHER.into())));
    let committed = unit.committed();
    let done = service(unit)
        .act(OWNER.into(), FriendEvent::Request, &name())
        .await;
    assert!(matches!(done, Err(ChatError::NoSuchPerson)));
    assert!(!committed.load(Ordering::SeqCst));
}
