use std::sync::atomic::Ordering;

use async_trait::async_trait;
use domain::chat::Held;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::MockUserRepository;
use tokio::sync::Semaphore;

use super::*;
use crate::testing::{FakeBus, OWNER, clock, ids};

const OTHER: i64 = 8;
const GONE: i64 = 9;

/// Opens units of work one by one, when it is told to.
struct Gate {
    open: Semaphore,
    units: MockUnitOfWorkFactory,
}

#[async_trait]
impl UnitOfWorkFactory for Gate {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
        let place = self
            .open
            .acquire()
            .await
            .map_err(RepositoryError::storage)?;
        place.forget();
        self.units.begin().await
    }
}

/// An office that opens these units of work; everybody but one has an account.
fn office(units: impl IntoIterator<Item = MockUnitOfWork>) -> (Arc<PostOffice>, Arc<Gate>) {
    let gate = Arc::new(Gate {
        open: Semaphore::new(0),
        units: MockUnitOfWorkFactory::of(units),
    });
    let mut users = MockUserRepository::new();
    users.expect_active_among().returning(|people| {
        let there = people.iter().filter(|person| person.get() != GONE);
        Ok(there.copied().collect())
    });
    let clock = clock();
    let hub = Hub::new(FakeBus::new());
    let ids = ids(&clock);
    let office = PostOffice::new(Arc::new(users), gate.clone(), hub, ids, clock);
    (office, gate)
}

/// A transaction in which the two have this bond, the other lets these write, and so many messages
/// are stored together.
fn unit(bond: Option<Bond>, dm_from: DmFrom, stored: usize) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.chat_log.expect_hold().returning(move |people| {
        let privacy = Privacy {
            dm_from,
            ..Privacy::default()
        };
        let held = |person: &UserId| Held {
            person: *person,
            privacy,
        };
        Ok(people.iter().map(held).collect())
    });
    unit.friendships.expect_find_all().returning(move |pairs| {
        let found = pairs.iter().filter_map(|pair| Some((*pair, bond?)));
        Ok(found.collect())
    });
    let named = unit.messages.expect_find_by_nonces();
    named.returning(|_| Ok(Vec::new()));
    let active = unit.conversations.expect_active_at();
    active.returning(|_| Ok(Vec::new()));
    if stored > 0 {
        unit.messages
            .expect_insert()
            .withf(move |messages| messages.len() == stored)
            .times(1)
            .returning(|_| Ok(()));
        unit.conversations.expect_note().returning(|_| Ok(()));
        unit.chat_log
            .expect_append()
            .returning(|entries, _| Ok((1..=entries.len() as i64).collect()));
    }
    unit
}

/// The same between friends.
fn storing(count: usize) -> MockUnitOfWork {
    unit(Some(Bond::Friends), DmFrom::Friends, count)
}

fn letter_to(other: i64, content: &str, nonce: Option<&str>) -> Letter {
    Letter {
        author: OWNER.into(),
        pair: Pair::of(OWNER.into(), other.into()).expect("a pair"),
        content: Content::parse(content).expect("a content"),
        nonce: nonce.and_then(|text| Nonce::parse(text).ok()),
        origin: None,
    }
}

fn letter(content: &str) -> Letter {
    letter_to(OTHER, content, None)
}

#[tokio::test]
async fn who_may_write_is_decided_by_the_bond_and_by_whom_they_write_to() {
    let owners = Some(Bond::Blocked(OWNER.into()));
    let others = Some(Bond::Blocked(OTHER.into()));
    for (bond, dm_from, goes) in [
        (Some(Bond::Friends), DmFrom::Friends, true),
        (Some(Bond::Friends), DmFrom::Anyone, true),
        (Some(Bond::Friends), DmFrom::Nobody, false),
        (None, DmFrom::Friends, false),
        (None, DmFrom::Anyone, true),
        (Some(Bond::Asked(OWNER.into())), DmFrom::Friends, false),
        (Some(Bond::Asked(OWNER.into())), DmFrom::Anyone, true),
        (owners, DmFrom::Anyone, false),
        (others, DmFrom::Anyone, false),
        (Some(Bond::BlockedBoth), DmFrom::Anyone, false),
    ] {
        let unit = unit(bond, dm_from, usize::from(goes));
        let committed = unit.committed();
        let (office, gate) = office([unit]);
        gate.open.add_permits(1);
        let answer = office.post(letter("안녕")).await;
        let case = format!("{bond:?} {dm_from:?}");
        assert_eq!(answer.is_ok(), goes, "{case}");
        assert_eq!(committed.load(Ordering::SeqCst), goes, "{case}");
        assert!(goes || matches!(answer, Err(ChatError::NoSuchPerson)));
    }
}

/// Posts these while the office is busy with another; the answers, and the other's.
async fn post_together(letters: Vec<Letter>, units: [MockUnitOfWork; 2]) -> Vec<Answer> {
    let (office, gate) = office(units);
    let post = |letter| {
        let office = office.clone();
        tokio::spawn(async move { office.post(letter).await })
    };
    let first = post(letter("먼저"));
    // Until the first one is being served.
    while gate.open.available_permits() > 0 || !office.counter.lock().is_served {
        tokio::task::yield_now().await;
    }
    while !office.counter.lock().waiting.is_empty() {
        tokio::task::yield_now().await;
    }
    let count = letters.len();
    let mut posted = Vec::new();
    for letter in letters {
        posted.push(post(letter));
    }
    while office.counter.lock().waiting.len() < count {
        tokio::task::yield_now().await;
    }
    gate.open.add_permits(2);
    assert!(first.await.expect("an answer").is_ok());
    let mut answers = Vec::new();
    for posted in posted {
        answers.push(posted.await.expect("an answer"));
    }
    assert!(!office.counter.lock().is_served);
    answers
}

#[tokio::test]
async fn what_comes_while_one_is_stored_is_stored_together_in_order() {
    let letters = ["하나", "둘", "셋"].map(letter).to_vec();
    let answers = post_together(letters, [storing(1), storing(3)]).await;
    let stored = answers.into_iter().map(|answer| answer.expect("stored"));
    let stored: Vec<Stored> = stored.collect();
    for (one, next) in stored.iter().zip(&stored[1..]) {
        assert!(one.is_new && one.message.created_at < next.message.created_at);
    }
}

#[tokio::test]
async fn one_that_may_not_go_keeps_nobody_else_back() {
    let gone = letter_to(GONE, "거기 있어?", None);
    let letters = vec![letter("하나"), gone, letter("둘")];
    let answers = post_together(letters, [storing(1), storing(2)]).await;
    let went: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(went, [true, false, true]);
    assert!(matches!(answers[1], Err(ChatError::NoSuchPerson)));
}

#[tokio::test]
async fn a_nonce_that_comes_twice_at_once_is_one_message() {
    let letters = vec![
        letter_to(OTHER, "한 번", Some("n")),
        letter_to(OTHER, "한 번", Some("n")),
        letter_to(10, "한 번", Some("n")),
    ];
    let answers = post_together(letters, [storing(1), storing(1)]).await;
    let [Ok(first), Ok(second), Err(ChatError::NoSuchMessage)] = &answers[..] else {
        unreachable!("{answers:?}");
    };
    assert_eq!(first.message, second.message);
    assert_eq!((first.is_new, second.is_new), (true, false));
}

#[tokio::test]
async fn where_nothing_is_stored_everybody_hears_so_and_the_next_one_is_served() {
    let (office, gate) = office([storing(1)]);
    gate.open.add_permits(1);
    assert!(office.post(letter("하나")).await.is_ok());
    // There is no other transaction.
    gate.open.add_permits(2);
    for _ in 0..2 {
        let answer = office.post(letter("둘")).await;
        assert!(matches!(answer, Err(ChatError::Repository(_))));
    }
}

#[tokio::test]
async fn a_batch_in_conflict_is_stored_one_by_one() {
    let mut together = unit(Some(Bond::Friends), DmFrom::Friends, 0);
    let mut again = unit(Some(Bond::Friends), DmFrom::Friends, 0);
    for unit in [&mut together, &mut again] {
        let insert = unit.messages.expect_insert();
        insert.returning(|_| Err(RepositoryError::Conflict));
    }
    let (office, gate) = office([storing(1), together, again, storing(1), storing(1)]);
    let clerk = |letters: Vec<Letter>| {
        let office = office.clone();
        async move {
            let clerk = Clerk {
                office,
                is_done: true,
            };
            clerk.serve(&letters).await
        }
    };
    gate.open.add_permits(5);
    assert!(clerk(vec![letter("먼저")]).await[0].is_ok());
    let answers = clerk(vec![letter("하나"), letter("둘")]).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
}
