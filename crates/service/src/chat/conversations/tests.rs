use std::sync::atomic::Ordering;

use domain::chat::{
    Bond, Content, MockChatLogRepository, MockConversationRepository, MockMessageRepository,
    Privacy,
};
use domain::unit_of_work::mock::MockUnitOfWork;
use domain::user::MockUserRepository;

use super::*;
use crate::testing::{FakeBus, OWNER, clock, start};

const OTHER: i64 = 8;
const MESSAGE: i64 = 90;

fn pair() -> Pair {
    Pair::of(OWNER.into(), OTHER.into()).expect("a pair")
}

/// What the two are to each other, and what becomes of reading.
#[derive(Clone, Copy)]
struct Case {
    bond: Option<Bond>,
    receipts: bool,
    is_further: bool,
    /// To whose logs it is added.
    heard: &'static [i64],
}

/// Reads as in that case; how that went, and whether it was committed.
async fn read(case: Case, id: i64) -> (Result<(), ChatError>, bool) {
    let mut unit = MockUnitOfWork::default();
    unit.chat_log.expect_hold().returning(|_| Ok(Vec::new()));
    unit.friendships
        .expect_find()
        .returning(move |_| Ok(case.bond));
    unit.messages.expect_find_all().returning(|_| {
        Ok(vec![Message {
            id: MESSAGE.into(),
            pair: pair(),
            author: OTHER.into(),
            content: Content::parse("hello").ok(),
            created_at: start(),
            edited_at: None,
            nonce: None,
        }])
    });
    unit.conversations
        .expect_read()
        .withf(|_, person, until| *person == OWNER.into() && *until == start())
        .returning(move |_, _, _| Ok(case.is_further));
    unit.chat_log.expect_privacy().returning(move |_| {
        Ok(Privacy {
            read_receipts: case.receipts,
            ..Privacy::default()
        })
    });
    if !case.heard.is_empty() {
        let entries = case.heard.iter().map(|heard| match *heard {
            OWNER => (OWNER.into(), Entry::Read(MESSAGE.into())),
            other => (other.into(), Entry::Seen(MESSAGE.into())),
        });
        let expected: Vec<(UserId, Entry)> = entries.collect();
        unit.chat_log
            .expect_append()
            .withf(move |entries, _| *entries == expected)
            .times(1)
            .returning(|entries, _| Ok(vec![1; entries.len()]));
    }
    let committed = unit.committed();
    let service = DefaultConversationService {
        users: Arc::new(MockUserRepository::new()),
        conversations: Arc::new(MockConversationRepository::new()),
        messages: Arc::new(MockMessageRepository::new()),
        log: Arc::new(MockChatLogRepository::new()),
        units: Arc::new(unit.into_factory()),
        hub: Hub::new(FakeBus::new()),
        clock: clock(),
    };
    let done = service.read(OWNER.into(), OTHER.into(), id.into()).await;
    (done, committed.load(Ordering::SeqCst))
}

const FRIENDS: Case = Case {
    bond: Some(Bond::Friends),
    receipts: true,
    is_further: true,
    heard: &[OWNER, OTHER],
};

#[tokio::test]
async fn reading_is_told_to_both_unless_the_reader_minds() {
    let blocked = Some(Bond::Blocked(OWNER.into()));
    for case in [
        FRIENDS,
        Case {
            receipts: false,
            heard: &[OWNER],
            ..FRIENDS
        },
        Case {
            bond: blocked,
            heard: &[OWNER],
            ..FRIENDS
        },
    ] {
        let (done, committed) = read(case, MESSAGE).await;
        assert!(done.is_ok() && committed);
    }
}

#[tokio::test]
async fn what_was_read_before_is_no_news() {
    let case = Case {
        is_further: false,
        heard: &[],
        ..FRIENDS
    };
    let (done, committed) = read(case, MESSAGE).await;
    assert!(done.is_ok() && !committed);
}

#[tokio::test]
async fn who_was_blocked_and_who_names_no_message_reads_nothing() {
    let case = Case {
        bond: Some(Bond::Blocked(OTHER.into())),
        heard: &[],
        ..FRIENDS
    };
    let (done, committed) = read(case, MESSAGE).await;
    assert!(matches!(done, Err(ChatError::NoSuchPerson)) && !committed);
}
