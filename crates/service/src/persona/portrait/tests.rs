use bytes::Bytes;
use domain::persona::{
    MediaKey, MockImageWorkshop, MockMediaRepository, MockPortraitAi, PictureError, Registered,
};
use mockall::predicate::eq;

use super::super::testing::{Shelves, addresses, picture, shelf};
use super::*;
use crate::testing::{OWNER, address, clock, throttle};

fn request() -> PortraitRequest {
    PortraitRequest {
        name: "유나".into(),
        gender: "여성".into(),
        ..PortraitRequest::default()
    }
}

fn workshop() -> MockImageWorkshop {
    let mut workshop = MockImageWorkshop::new();
    workshop
        .expect_rasterise()
        .returning(|_, _| Ok(picture("drawn here")));
    workshop
        .expect_admit()
        .returning(|file: Bytes| match &file[..] {
            b"good" => Ok(picture("drawn there")),
            _ => Err(PictureError::Damaged),
        });
    workshop
}

fn service(ai: Option<MockPortraitAi>, media: MockMediaRepository) -> DefaultPortraitService {
    let (clock, store) = (clock(), Arc::<Shelves>::default());
    DefaultPortraitService {
        ai: ai.map(|ai| Arc::new(ai) as Arc<dyn PortraitAi>),
        patience: Duration::from_secs(30),
        workshop: Arc::new(workshop()),
        shelf: shelf(media, MockImageWorkshop::new(), &store, &clock),
        addresses: addresses(&clock),
        members: throttle(2, &clock),
        addresses_throttle: throttle(1, &clock),
    }
}

fn keeping() -> MockMediaRepository {
    let mut media = MockMediaRepository::new();
    media
        .expect_register()
        .returning(|_, _| Ok(Registered::Present));
    media
}

async fn drawn(service: &DefaultPortraitService) -> Result<Portrait, PortraitError> {
    let member = Some(UserId::from(OWNER));
    service.draw(None, member, None, &request()).await
}

fn url(of: &'static str) -> String {
    let picture = picture(of);
    MediaKey::public(&picture.content, picture.kind).path()
}

#[tokio::test]
async fn without_a_service_the_drawing_is_our_own() {
    let portrait = drawn(&service(None, keeping())).await.expect("a portrait");
    assert!(portrait.image.starts_with("data:image/svg+xml;base64,"));
    assert_eq!(portrait.url, url("drawn here"));
    assert!(portrait.is_fallback);
}

#[tokio::test]
async fn what_the_service_draws_is_checked_and_kept() {
    let mut ai = MockPortraitAi::new();
    ai.expect_draw().returning(|_| Ok("good".into()));
    ai.expect_judge().with(eq(true)).times(1).returning(|_| ());
    let portrait = drawn(&service(Some(ai), keeping())).await;
    let portrait = portrait.expect("a portrait");
    assert!(portrait.image.starts_with("data:image/png;base64,"));
    assert_eq!(portrait.url, url("drawn there"));
    assert!(!portrait.is_fallback);
}

#[tokio::test]
async fn whatever_the_service_does_wrong_there_is_a_portrait() {
    type Outcome = fn() -> Result<Bytes, PortraitAiError>;
    let outcomes: [Outcome; 8] = [
        || Ok("garbage".into()),
        || Err(PortraitAiError::Resting),
        || Err(PortraitAiError::Busy),
        || Err(PortraitAiError::Slow),
        || Err(PortraitAiError::Unreachable("refused".into())),
        || Err(PortraitAiError::Refused(500)),
        || Err(PortraitAiError::TooLarge),
        || Err(PortraitAiError::NoPicture),
    ];
    for outcome in outcomes {
        let mut ai = MockPortraitAi::new();
        ai.expect_draw().returning(move |_| outcome());
        // What it answered with is its own to judge, what is in it ours.
        let to_judge = usize::from(outcome().is_ok());
        let judge = ai.expect_judge().with(eq(false)).times(to_judge);
        judge.returning(|_| ());
        let portrait = drawn(&service(Some(ai), keeping())).await;
        assert!(portrait.expect("a portrait").is_fallback);
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_waited_for_any_longer_is_judged() {
    /// Never answers, and hears what is said of it.
    #[derive(Default)]
    struct Silent(parking_lot::Mutex<Vec<bool>>);

    #[async_trait]
    impl PortraitAi for Silent {
        async fn draw(&self, _: &PortraitRequest) -> Result<Bytes, PortraitAiError> {
            std::future::pending().await
        }

        fn judge(&self, is_good: bool) {
            self.0.lock().push(is_good);
        }

        fn is_resting(&self) -> bool {
            false
        }
    }

    let silent = Arc::new(Silent::default());
    let service = DefaultPortraitService {
        ai: Some(silent.clone()),
        ..service(None, keeping())
    };
    let portrait = drawn(&service).await.expect("a portrait");
    assert!(portrait.is_fallback);
    assert_eq!(*silent.0.lock(), [false]);
}

#[tokio::test]
async fn who_keeps_too_much_gets_a_portrait_that_is_nobodys() {
    let mut media = MockMediaRepository::new();
    media.expect_register().times(2).returning(|new, _| {
        Ok(match new.owner {
            Some(_) => Registered::OverQuota,
            None => Registered::Present,
        })
    });
    let service = service(None, media);
    let owner = Some(PersonId::from(OWNER));
    let portrait = service.draw(owner, None, None, &request()).await;
    assert!(portrait.is_ok());
}

#[tokio::test]
async fn members_are_counted_one_by_one_and_others_by_their_address() {
    let service = service(None, keeping());
    for is_allowed in [true, true, false] {
        assert_eq!(drawn(&service).await.is_ok(), is_allowed);
    }
    for (from, is_allowed) in [
        ("192.0.2.1", true),
        ("192.0.2.1", false),
        ("192.0.2.2", true),
    ] {
        let outcome = service.draw(None, None, address(from), &request()).await;
        assert_eq!(outcome.is_ok(), is_allowed, "{from}");
        if let Err(error) = outcome {
            assert!(matches!(error, PortraitError::TooMany(_)));
        }
    }
}
