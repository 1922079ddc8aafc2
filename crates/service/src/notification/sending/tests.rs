//! Accepting messages, once each.

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::clock::FixedClock;
use domain::notification::{MailProfile, MockOutboxRepository, MockSuppressionRepository};
use domain::once::MockAnswerRepository;
use domain::unit_of_work::mock::{MockUnitOfWork, MockUnitOfWorkFactory};
use domain::user::{MockIdentityRepository, MockUserRepository};

use super::super::{Content, Notice};
use super::*;
use crate::testing::{OWNER, clock, credentials, ids, sealer, start, throttle, user};

fn order(to: &[&str], content: Content) -> MailOrder {
    MailOrder {
        profile: MailProfile::Gmail,
        to: to
            .iter()
            .map(|to| (None, Email::parse(to).expect("an address")))
            .collect(),
        subject: Some("{{name}}님".into()),
        content,
        values: [("shop".to_owned(), "<상점>".to_owned())].into(),
        language: domain::notification::Language::Korean,
    }
}

fn service(
    units: MockUnitOfWorkFactory,
    answers: MockAnswerRepository,
    clock: &Arc<FixedClock>,
) -> DefaultSendService {
    DefaultSendService {
        outbox: Arc::new(MockOutboxRepository::new()),
        answers: Arc::new(answers),
        identities: Arc::new(MockIdentityRepository::new()),
        units: Arc::new(units),
        subscriptions: Arc::new(Subscriptions {
            suppressions: Arc::new(MockSuppressionRepository::new()),
            users: Arc::new(MockUserRepository::new()),
            sealer: sealer(),
            public_url: "https://shop.example".into(),
            clock: clock.clone(),
        }),
        sealer: sealer(),
        bells: Bells::default(),
        quota: throttle(2, clock),
        has_kakao: true,
        ids: ids(clock),
        clock: clock.clone(),
    }
}

fn nobody() -> MockUnitOfWorkFactory {
    MockUnitOfWorkFactory::of([])
}

/// A unit of work in which the account is there.
fn unit() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::default();
    unit.users
        .expect_hold()
        .returning(|_| Ok(Some(credentials(None))));
    unit
}

#[test]
fn everybody_gets_a_mail_of_their_own() {
    let service = service(nobody(), MockAnswerRepository::new(), &clock());
    let written = Content::Written {
        text: Some("{{email}} {{shop}}".into()),
        html: Some("<p>{{shop}}</p><a href=\"{{unsubscribe}}\">x</a>".into()),
    };
    let order = order(&["yuna@example.com", "min@example.com"], written);
    let mails = service.preview(&user(), &order).expect("mails");
    assert_eq!(mails.len(), 2);
    for (mail, local) in mails.iter().zip(["yuna", "min"]) {
        assert_eq!(mail.to.len(), 1);
        assert_eq!(mail.subject, format!("{local}님"));
        assert_eq!(mail.text, format!("{local}@example.com <상점>"));
        let end = mail.unsubscribe.as_deref().expect("an address");
        let html = mail.html.as_deref().expect("a page");
        assert!(
            html.starts_with("<p>&lt;상점&gt;</p>") && html.contains(end),
            "{html}"
        );
    }
    assert_ne!(mails[0].unsubscribe, mails[1].unsubscribe);
}

#[test]
fn a_variable_without_a_value_is_named() {
    let service = service(nobody(), MockAnswerRepository::new(), &clock());
    let notice = Notice {
        title: "{{cuopon}}".into(),
        ..Notice::default()
    };
    let order = order(&["yuna@example.com"], Content::Notice(notice));
    let refused = service.preview(&user(), &order);
    assert!(matches!(refused, Err(SendError::Variable(name)) if name == "cuopon"));
}

#[tokio::test]
async fn messages_are_stored_with_the_answer_sealed_and_not_before_their_time() {
    let clock = clock();
    let mut unit = unit();
    let committed = unit.committed();
    unit.answers
        .expect_keep()
        .withf(|kept, _| kept.until == start() + KEPT && kept.id.len() == 64)
        .times(1)
        .returning(|_, _| Ok(true));
    unit.outbox
        .expect_insert_all()
        .withf(|messages| {
            messages.len() == 2
                && messages.iter().all(|message| {
                    message.owner == Some(OWNER.into())
                        && message.channel == Channel::Gmail
                        && message.due_at == start() + TimeDelta::hours(1)
                        && !message.payload.contains("yuna")
                })
        })
        .times(1)
        .returning(|_| Ok(()));
    let service = service(unit.into_factory(), MockAnswerRepository::new(), &clock);
    let terms = Terms {
        send_at: Some(start() + TimeDelta::hours(1)),
        once: Some(OnceKey::new("k", "POST", "/there", b"{}")),
        ..Terms::default()
    };
    let order = order(&["yuna@example.com", "min@example.com"], Content::Greeting);
    let ids = service.send_mails(&user(), &order, &terms).await;
    assert_eq!(ids.expect("ids").len(), 2);
    assert!(committed.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_again_and_another_is_refused() {
    let first = OnceKey::new("k", "POST", "/there", b"one");
    for (body, is_same, has_room) in [
        (&b"one"[..], true, true),
        (b"one", true, false),
        (b"two", false, true),
    ] {
        let mut unit = unit();
        unit.answers.expect_keep().returning(|_, _| Ok(false));
        let committed = unit.committed();
        let kept = KeptAnswer {
            id: answer_id(OWNER.into(), "k"),
            owner: OWNER.into(),
            request: first.request.clone(),
            answer: "[41,42]".into(),
            until: start() + KEPT,
        };
        let mut answers = MockAnswerRepository::new();
        answers
            .expect_find()
            .returning(move |_| Ok(Some(kept.clone())));
        let service = service(unit.into_factory(), answers, &clock());
        if !has_room {
            assert!(service.take(OWNER.into(), 2).await.is_ok());
        }
        let terms = Terms {
            once: Some(OnceKey::new("k", "POST", "/there", body)),
            ..Terms::default()
        };
        let order = order(&["yuna@example.com"], Content::Greeting);
        let again = service.send_mails(&user(), &order, &terms).await;
        if is_same {
            assert_eq!(again.expect("ids"), [41.into(), 42.into()]);
        } else {
            assert!(matches!(again, Err(SendError::KeyReused)));
        }
        assert!(!committed.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn who_sends_too_much_waits_and_what_was_refused_does_not_count() {
    let units = [unit(), unit()].map(|mut unit| {
        unit.outbox.expect_insert_all().returning(|_| Ok(()));
        unit
    });
    let clock = clock();
    let units = MockUnitOfWorkFactory::of(units);
    let service = service(units, MockAnswerRepository::new(), &clock);
    let send = async |to: &[&str]| {
        let order = order(to, Content::Greeting);
        service.send_mails(&user(), &order, &Terms::default()).await
    };
    let three = ["a@example.com", "b@example.com", "c@example.com"];
    let refused = send(&three).await;
    assert!(
        matches!(refused, Err(SendError::TooMany(wait)) if wait.time <= Duration::from_secs(60))
    );
    assert!(send(&three[..2]).await.is_ok());
    assert!(send(&three[..1]).await.is_err());
    clock.advance(TimeDelta::minutes(1));
    assert!(send(&three[..1]).await.is_ok());
}

#[tokio::test]
async fn a_note_wants_a_linked_kakao_account() {
    let mut service = service(nobody(), MockAnswerRepository::new(), &clock());
    let mut identities = MockIdentityRepository::new();
    identities.expect_tokens().returning(|_, _| Ok(None));
    service.identities = Arc::new(identities);
    let note = KakaoNote {
        text: "안녕".into(),
        link: "https://shop.example".into(),
    };
    let refused = service.send_kakao(&user(), &note, &Terms::default()).await;
    assert!(matches!(refused, Err(SendError::KakaoNotLinked)));
}
