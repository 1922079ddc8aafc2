//! Browsers that go and come back, and what they come back with, over mocks.

use domain::once::MockOnceRepository;
use domain::unit_of_work::mock::MockUnitOfWorkFactory;
use domain::user::{MockSessionRepository, MockSocialProvider, Outset};
use parking_lot::Mutex;

use super::*;
use crate::testing::{self, FakeBus, OWNER, SESSION, guard, ids, sealer, throttle, tokens};
use crate::user::guest::MockGuestService;
use crate::user::{Admission, TokenVault};

struct World {
    service: DefaultSocialLoginService,
    flows: Arc<Flows>,
    outset: Arc<Mutex<Option<Outset>>>,
}

/// A service at which Google vouches for nobody, after it was asked so many times.
fn world(vouches: usize, states: MockOnceRepository, sessions: MockSessionRepository) -> World {
    let (clock, bus) = (testing::clock(), FakeBus::new());
    let outset = Arc::new(Mutex::new(None));
    let mut google = MockSocialProvider::new();
    let seen = outset.clone();
    google.expect_authorization_url().returning(move |outset| {
        *seen.lock() = Some(outset.clone());
        Ok("https://google.example".into())
    });
    google
        .expect_vouch()
        .times(vouches)
        .returning(|_| Err(SocialError::Token("no")));
    let guard = guard(sessions, &bus, &clock);
    let flows = Arc::new(Flows {
        sealer: sealer(),
        clock: clock.clone(),
    });
    let admission = Admission {
        tokens: tokens(&clock),
        guests: Arc::new(MockGuestService::new()),
        personal: vec![],
        guard: guard.clone(),
        sessions_per_user: 100,
        refresh_lifetime: std::time::Duration::from_secs(60),
        session_lifetime: std::time::Duration::from_secs(60),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    let book = IdentityBook {
        units: Arc::new(MockUnitOfWorkFactory::of([])),
        admission: Arc::new(admission),
        guard: guard.clone(),
        vault: TokenVault(sealer()),
        ids: ids(&clock),
        clock: clock.clone(),
    };
    let service = DefaultSocialLoginService {
        providers: Providers {
            google: Some(Arc::new(google)),
            ..Providers::default()
        },
        flows: flows.clone(),
        once: Arc::new(states),
        book: Arc::new(book),
        guard,
        failures: throttle(2, &clock),
    };
    World {
        service,
        flows,
        outset,
    }
}

/// States of which each is new, so many times.
fn states(new: &'static [bool]) -> MockOnceRepository {
    let mut once = MockOnceRepository::new();
    let mut answers = new.iter();
    once.expect_spend()
        .times(new.len())
        .returning(move |_, _| Ok(answers.next().copied().unwrap_or_default()));
    once
}

impl World {
    /// A browser that went, and comes back with a code and the right state.
    async fn back(&self) -> Return {
        let begun = self.service.begin(Provider::Google, None).await;
        let state = self.outset.lock().take().expect("it was sent").state;
        Return {
            kept: Some(begun.expect("it went").kept),
            state: Some(state),
            code: Some("code".into()),
            signed_in: None,
        }
    }

    async fn finish(&self, back: Return) -> SocialLoginError {
        let finished = self
            .service
            .finish(Provider::Google, back, Arrival::default());
        finished.await.outcome.expect_err("nobody is vouched for")
    }
}

#[tokio::test]
async fn a_provider_that_is_not_configured_is_asked_nothing() {
    let world = world(0, states(&[]), MockSessionRepository::new());
    let begun = world.service.begin(Provider::Naver, None).await;
    assert!(matches!(begun, Err(SocialLoginError::NotConfigured)));
    let proof = SocialProof::AccessToken("token".into());
    let shown = world
        .service
        .sign_in(Provider::Kakao, proof, Arrival::default());
    assert!(matches!(shown.await, Err(SocialLoginError::NotConfigured)));
}

#[tokio::test]
async fn a_code_is_shown_only_with_the_state_that_went_and_only_once() {
    let world = world(1, states(&[true, false]), MockSessionRepository::new());
    let back = world.back().await;
    for wrong in [
        Return {
            kept: None,
            ..back.clone()
        },
        Return {
            state: None,
            ..back.clone()
        },
        Return {
            state: Some("another".into()),
            ..back.clone()
        },
    ] {
        let error = world.finish(wrong).await;
        assert!(matches!(error, SocialLoginError::State));
    }
    let error = world.finish(back.clone()).await;
    assert!(matches!(error, SocialLoginError::Provider(_)));
    let error = world.finish(back).await;
    assert!(matches!(error, SocialLoginError::State));
}

#[tokio::test]
async fn nothing_is_linked_to_who_signed_out_or_is_somebody_else() {
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .times(1)
        .returning(|_, _| Ok(None));
    let gone = world(0, states(&[true]), sessions);
    let mut sessions = MockSessionRepository::new();
    sessions
        .expect_find_living()
        .returning(|_, _| Ok(Some(testing::living())));
    let other = world(0, states(&[true]), sessions);
    for (world, present) in [(gone, None), (other, Some(UserId::from(OWNER + 1)))] {
        let link = Some((OWNER.into(), SESSION.into()));
        let begun = world.flows.begin(Provider::Google, None, link);
        let (outset, kept, _) = begun.expect("a flow");
        let back = Return {
            kept: Some(kept),
            state: Some(outset.state),
            code: Some("code".into()),
            signed_in: present,
        };
        let error = world.finish(back).await;
        assert!(matches!(error, SocialLoginError::State));
    }
}

#[tokio::test]
async fn what_is_shown_in_vain_is_counted() {
    let world = world(2, states(&[]), MockSessionRepository::new());
    let show = || {
        let proof = SocialProof::AccessToken("token".into());
        world
            .service
            .sign_in(Provider::Google, proof, Arrival::default())
    };
    for _ in 0..2 {
        let shown = show().await;
        assert!(matches!(shown, Err(SocialLoginError::Provider(_))));
    }
    let shown = show().await;
    assert!(matches!(shown, Err(SocialLoginError::TooManyTries(_))));
}
