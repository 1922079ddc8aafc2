//! Opening sessions, and what guests bring along.

use std::sync::atomic::Ordering;

use domain::event::Event;
use domain::unit_of_work::mock::MockUnitOfWork;
use domain::user::MockSessionRepository;

use super::*;
use crate::outfit::testing::Notes;
use crate::testing::{self, FakeBus, OWNER, failure, guard, ids, tokens};
use crate::user::guest::MockGuestService;

const GUEST: i64 = 3;

fn unit(first: bool) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.sessions.expect_insert().times(1).returning(|_| Ok(()));
    let oldest = unit.sessions.expect_end_oldest().times(1);
    oldest.returning(|owner, keep, now| {
        assert_eq!((owner.get(), keep, now), (OWNER, 100, testing::start()));
        Ok(vec![testing::SESSION.into()])
    });
    unit.refresh_tokens
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    unit.guests
        .expect_merge()
        .returning(move |_, _, _| Ok(first));
    unit
}

fn admission(notes: &Arc<Notes>) -> Admission {
    admission_on(notes, &FakeBus::new())
}

fn admission_on(notes: &Arc<Notes>, bus: &Arc<FakeBus>) -> Admission {
    let mut guests = MockGuestService::new();
    guests.expect_forget().returning(|_| ());
    let clock = testing::clock();
    Admission {
        tokens: tokens(&clock),
        guests: Arc::new(guests),
        personal: vec![notes.clone()],
        guard: guard(MockSessionRepository::new(), bus, &clock),
        sessions_per_user: 100,
        refresh_lifetime: Duration::from_secs(86_400),
        session_lifetime: Duration::from_secs(86_400),
        ids: ids(&clock),
        clock,
    }
}

fn arrival(guest: Option<i64>) -> Arrival {
    Arrival {
        device: Device::default(),
        guest: guest.map(Into::into),
        replaces: None,
    }
}

#[tokio::test]
async fn every_part_merges_and_is_told_after_the_commit() {
    let (unit, notes) = (unit(true), Arc::new(Notes::default()));
    let admission = admission(&notes);
    let arrival = arrival(Some(GUEST));
    let admitted = admission.open(&unit, OWNER.into(), &arrival).await;
    let admitted = admitted.expect("a session");
    assert_eq!(
        admitted.moved,
        Some(Moved {
            hearts: 1,
            events: 2
        })
    );
    assert_eq!(*notes.heard.lock(), ["merge 3 7"]);
    assert!(!unit.committed().load(Ordering::SeqCst));
    admission.opened(&admitted, &arrival).await;
    assert_eq!(*notes.heard.lock(), ["merge 3 7", "merged 3 7"]);
}

#[tokio::test]
async fn who_comes_second_merges_nothing_and_is_in_all_the_same() {
    let (unit, notes) = (unit(false), Arc::new(Notes::default()));
    let admission = admission(&notes);
    let arrival = arrival(Some(GUEST));
    let admitted = admission.open(&unit, OWNER.into(), &arrival).await;
    let admitted = admitted.expect("a session");
    assert_eq!(admitted.moved, None);
    admission.opened(&admitted, &arrival).await;
    assert!(notes.heard.lock().is_empty());
}

#[tokio::test]
async fn what_ends_for_another_session_is_told_once_it_has() {
    let (unit, notes, bus) = (unit(true), Arc::new(Notes::default()), FakeBus::new());
    let admission = admission_on(&notes, &bus);
    let arrival = arrival(None);
    let admitted = admission.open(&unit, OWNER.into(), &arrival).await;
    let admitted = admitted.expect("a session");
    assert_eq!(bus.told(), []);
    admission.opened(&admitted, &arrival).await;
    let session = testing::SESSION.into();
    assert_eq!(bus.told(), [Event::SessionEnded { session }]);
}

#[tokio::test]
async fn the_session_that_a_browser_showed_ends_with_the_next() {
    const BEFORE: i64 = 77;
    for lived in [true, false] {
        let (mut unit, notes, bus) = (unit(true), Arc::new(Notes::default()), FakeBus::new());
        let end = unit.sessions.expect_end().times(1);
        end.returning(move |owner, session| {
            assert_eq!((owner.get(), session.get()), (OWNER + 1, BEFORE));
            Ok(lived)
        });
        let admission = admission_on(&notes, &bus);
        let arrival = Arrival {
            // Whoever's it was.
            replaces: Some(((OWNER + 1).into(), BEFORE.into())),
            ..arrival(None)
        };
        let admitted = admission.open(&unit, OWNER.into(), &arrival).await;
        admission
            .opened(&admitted.expect("a session"), &arrival)
            .await;
        let ended = [BEFORE, testing::SESSION].map(|session| Event::SessionEnded {
            session: session.into(),
        });
        assert_eq!(bus.told(), ended[usize::from(!lived)..]);
    }
}

#[tokio::test]
async fn who_was_no_guest_brings_nothing() {
    let (unit, notes) = (unit(true), Arc::new(Notes::default()));
    let admission = admission(&notes);
    let admitted = admission.open(&unit, OWNER.into(), &arrival(None)).await;
    let admitted = admitted.expect("a session");
    let named = admission.tokens.check(&admitted.pair.access_token);
    assert!(named.is_ok_and(|named| named == (OWNER.into(), admitted.pair.session_id)));
    assert_eq!(admitted.moved, None);
    assert!(notes.heard.lock().is_empty());
}

#[tokio::test]
async fn a_part_that_fails_lets_nobody_in() {
    let (unit, notes) = (unit(true), Arc::new(Notes::default()));
    notes.failures.lock().push(failure());
    let admission = admission(&notes);
    let admitted = admission
        .open(&unit, OWNER.into(), &arrival(Some(GUEST)))
        .await;
    assert!(admitted.is_err());
}
