use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::FixedClock;
use domain::once::MockOnceRepository;
use domain::persona::{
    GraphToken, MockInstagramGraph, MockInstagramTokenRepository, MockPersonaRepository,
};
use domain::unit_of_work::mock::MockUnitOfWork;
use secrecy::ExposeSecret;

use super::super::persona_testing::{
    PERSONA, graph_token, persona, refusals, refusing, sealer, stored, vault,
};
use super::*;
use crate::testing::{OWNER, clock, principal, start};

/// What a test expects of each.
#[derive(Default)]
struct Mocks {
    tokens: MockInstagramTokenRepository,
    graph: MockInstagramGraph,
    once: MockOnceRepository,
    units: Vec<MockUnitOfWork>,
}

impl Mocks {
    /// A service for somebody with the personas 1 and 2.
    fn service(self, clock: &Arc<FixedClock>) -> DefaultInstagramService {
        let mut personas = MockPersonaRepository::new();
        personas.expect_find().returning(|owner, which| {
            let known = [persona(1), persona(2)];
            let found = known.into_iter().find(|it| {
                let is_it = match which {
                    WhichPersona::Number(number) => it.number == number,
                    WhichPersona::Id(id) => it.id == id,
                };
                is_it && owner == it.owner_id
            });
            Ok(found)
        });
        let mut graph = self.graph;
        graph
            .expect_dialog()
            .returning(|state| Ok(state.to_owned()));
        DefaultInstagramService {
            personas: Arc::new(personas),
            tokens: Arc::new(self.tokens),
            graph: Arc::new(graph),
            states: StateSeal {
                sealer: sealer(&[1]),
                once: Arc::new(self.once),
                clock: clock.clone(),
            },
            vault: vault(&[1], clock),
            refusals: refusals(self.units, clock),
            shared: SharedToken::Off,
            clock: clock.clone(),
        }
    }
}

fn first() -> Option<WhichPersona> {
    Some(WhichPersona::of(1))
}

fn consent(state: String) -> Consent {
    Consent {
        code: Some("a code".into()),
        state: Some(state),
    }
}

#[tokio::test]
async fn a_consent_becomes_a_token_that_only_its_persona_opens() {
    let mut mocks = Mocks::default();
    mocks.once.expect_spend().times(1).returning(|key, until| {
        assert_eq!(key.len(), 43);
        assert!(until > start() + TimeDelta::minutes(10));
        Ok(true)
    });
    let exchange = mocks.graph.expect_exchange().times(1);
    exchange.returning(|code| {
        assert_eq!(code.expose_secret(), "a code");
        Ok(graph_token("secret", 60))
    });
    let store = mocks.tokens.expect_store().times(1);
    store.returning(|owner, persona, token, term| {
        assert_eq!((owner.get(), persona.get()), (OWNER, PERSONA + 1));
        let vault = vault(&[1], &clock());
        let of = |persona: i64| TokenOf {
            persona: persona.into(),
            token: token.clone(),
            ..stored(&vault, 1, "")
        };
        let opened = vault.open(&of(PERSONA + 1)).expect("it opens");
        assert_eq!(opened.expose_secret(), "secret");
        assert!(vault.open(&of(PERSONA + 2)).is_err());
        assert_eq!(term.renew_at, Some(start() + TimeDelta::days(50)));
        Ok(true)
    });
    let service = mocks.service(&clock());
    let state = service.start(principal(), first()).await.expect("a state");
    let done = service.finish(Some(principal()), consent(state)).await;
    assert!(done.is_ok(), "{done:?}");
}

#[tokio::test]
async fn a_state_ends_after_ten_minutes() {
    let clock = clock();
    let mut mocks = Mocks::default();
    mocks.once.expect_spend().returning(|_, _| Ok(false));
    let service = mocks.service(&clock);
    let state = service.start(principal(), first()).await.expect("a state");
    clock.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    // Still good, but used: that is told only once the rest is right.
    let used = service.finish(Some(principal()), consent(state.clone()));
    assert!(matches!(used.await, Err(InstagramError::StateInvalid)));
    let coded = Consent {
        code: None,
        state: Some(state.clone()),
    };
    let early = service.finish(Some(principal()), coded.clone()).await;
    assert!(matches!(early, Err(InstagramError::CodeMissing)));
    clock.advance(TimeDelta::seconds(1));
    let late = service.finish(Some(principal()), coded).await;
    assert!(matches!(late, Err(InstagramError::StateInvalid)));
}

#[tokio::test]
async fn a_state_is_good_for_its_person_and_session_only() {
    let service = Mocks::default().service(&clock());
    let state = service.start(principal(), first()).await.expect("a state");
    let another_person = Principal {
        user_id: 8.into(),
        ..principal()
    };
    let another_session = Principal {
        session_id: 71.into(),
        ..principal()
    };
    for who in [Some(another_person), Some(another_session), None] {
        let refused = service.finish(who, consent(state.clone())).await;
        assert!(
            matches!(refused, Err(InstagramError::StateInvalid)),
            "{who:?}"
        );
    }
    let unnamed = service.start(principal(), None).await.expect("a state");
    let refused = service.finish(Some(principal()), consent(unnamed)).await;
    assert!(matches!(refused, Err(InstagramError::PersonaRequired)));
}

#[tokio::test]
async fn whatever_is_wrong_with_an_exchange_nothing_is_stored() {
    for error in [GraphError::TokenRefused, GraphError::TimedOut] {
        let mut mocks = Mocks::default();
        mocks.once.expect_spend().returning(|_, _| Ok(true));
        let exchange = mocks.graph.expect_exchange();
        exchange.return_once(|_| Err(error));
        let service = mocks.service(&clock());
        let state = service.start(principal(), first()).await.expect("a state");
        let failed = service.finish(Some(principal()), consent(state)).await;
        assert!(matches!(failed, Err(InstagramError::Upstream(_))));
    }
}

#[tokio::test]
async fn a_token_that_ended_is_not_shown_to_meta() {
    let clock = clock();
    let mut mocks = Mocks::default();
    let find = mocks.tokens.expect_find();
    find.returning(|_, _| {
        Ok(Some(stored(
            &vault(&[1], &crate::testing::clock()),
            1,
            "old",
        )))
    });
    mocks.units = vec![refusing(1), refusing(1)];
    let service = mocks.service(&clock);
    clock.advance(TimeDelta::days(5));
    let ended = service.accounts(OWNER.into(), first()).await;
    assert!(matches!(ended, Err(InstagramError::NotConnected)));
    // Nor is an account chosen for it.
    let id = || GraphId::parse("17841400000000001").expect("an id");
    let request = LinkRequest {
        ig_user_id: id(),
        ig_username: None,
        fb_page_id: id(),
    };
    let ended = service.link(OWNER.into(), first(), &request).await;
    assert!(matches!(ended, Err(InstagramError::NotConnected)));
}

#[tokio::test]
async fn a_refused_token_is_noted_and_a_slow_meta_is_not() {
    for (error, refusals) in [(GraphError::TokenRefused, 1), (GraphError::TimedOut, 0)] {
        let mut mocks = Mocks::default();
        let find = mocks.tokens.expect_find();
        find.returning(|_, _| Ok(Some(stored(&vault(&[1], &clock()), 1, "secret"))));
        mocks.units = (0..refusals).map(|_| refusing(1)).collect();
        mocks.graph.expect_accounts().return_once(|_| Err(error));
        let service = mocks.service(&clock());
        let failed = service.accounts(OWNER.into(), first()).await;
        assert!(failed.is_err());
    }
}

#[tokio::test]
async fn a_shared_token_is_for_those_without_their_own() {
    let shared = |shared| {
        let mut mocks = Mocks::default();
        mocks.tokens.expect_find().returning(|_, _| Ok(None));
        mocks.graph.expect_accounts().returning(|token| {
            assert_eq!(token.expose_secret(), "shared");
            Ok(vec![])
        });
        DefaultInstagramService {
            shared,
            ..mocks.service(&clock())
        }
    };
    let ask =
        async |service: DefaultInstagramService| service.accounts(OWNER.into(), first()).await;
    let off = ask(shared(SharedToken::Off)).await;
    assert!(matches!(off, Err(InstagramError::NotConnected)));
    let missing = ask(shared(SharedToken::Missing)).await;
    assert!(matches!(missing, Err(InstagramError::SharedTokenMissing)));
    let given = ask(shared(SharedToken::Token("shared".into()))).await;
    assert_eq!(given.expect("accounts"), []);
}

#[test]
fn short_lives_are_renewed_at_half_and_endless_ones_never() {
    let vault = vault(&[1], &clock());
    let term = |lifetime| {
        vault.term(&GraphToken {
            secret: "secret".into(),
            lifetime,
        })
    };
    let hour = term(Some(Duration::from_secs(3_600)));
    assert_eq!(hour.renew_at, Some(start() + TimeDelta::minutes(30)));
    for endless in [None, Some(Duration::MAX)] {
        let term = term(endless);
        assert_eq!((term.expires_at, term.renew_at), (None, None));
    }
}
