use domain::persona::{MockInstagramGraph, MockInstagramTokenRepository};

use domain::unit_of_work::mock::MockUnitOfWork;

use super::super::persona_testing::{graph_token, refusals, refusing, stored, vault};
use super::*;
use crate::testing::{clock, failure, start};

/// Renewal of the tokens of two personas.
fn renewal(
    expect: impl FnOnce(&mut MockInstagramTokenRepository, &mut MockInstagramGraph),
) -> TokenRenewal {
    renewal_in([], expect)
}

/// The same, with transactions to note refusals in.
fn renewal_in(
    units: impl IntoIterator<Item = MockUnitOfWork>,
    expect: impl FnOnce(&mut MockInstagramTokenRepository, &mut MockInstagramGraph),
) -> TokenRenewal {
    let vault = vault(&[1], &clock());
    let due = vec![stored(&vault, 1, "one"), stored(&vault, 2, "two")];
    let mut tokens = MockInstagramTokenRepository::new();
    tokens.expect_due().returning(move |_, _| Ok(due.clone()));
    let mut graph = MockInstagramGraph::new();
    expect(&mut tokens, &mut graph);
    TokenRenewal {
        tokens: Arc::new(tokens),
        graph: Arc::new(graph),
        vault,
        refusals: refusals(units, &clock()),
    }
}

#[tokio::test]
async fn a_renewed_token_takes_the_place_of_the_one_that_was_read() {
    let renewal = renewal(|tokens, graph| {
        tokens.expect_claim().returning(|_, until| {
            assert_eq!(until, start() + PATIENCE);
            Ok(true)
        });
        graph
            .expect_renew()
            .times(2)
            .returning(|_| Ok(graph_token("new", 60)));
        let replace = tokens.expect_replace().times(2);
        replace.returning(|read, token, term| {
            assert_ne!(read.token, *token);
            let end = start() + TimeDelta::days(60);
            assert_eq!(term.expires_at, Some(end));
            assert_eq!(term.renew_at, Some(end - TimeDelta::days(10)));
            Ok(true)
        });
    });
    assert_eq!(renewal.run(start()).await.expect("a round"), 2);
}

#[tokio::test]
async fn a_token_that_another_node_claimed_is_left_alone() {
    let renewal = renewal(|tokens, _| {
        tokens.expect_claim().times(2).returning(|_, _| Ok(false));
    });
    assert_eq!(renewal.run(start()).await.expect("a round"), 0);
}

#[tokio::test]
async fn a_refused_token_is_noted_and_the_next_one_renewed() {
    let renewal = renewal_in([refusing(1)], |tokens, graph| {
        tokens.expect_claim().returning(|_, _| Ok(true));
        let mut answers = vec![Ok(graph_token("new", 60)), Err(GraphError::TokenRefused)];
        let renew = graph.expect_renew().times(2);
        renew.returning(move |_| answers.pop().unwrap_or(Err(GraphError::TimedOut)));
        tokens
            .expect_replace()
            .times(1)
            .returning(|_, _, _| Ok(true));
    });
    assert_eq!(renewal.run(start()).await.expect("a round"), 1);
}

#[tokio::test]
async fn where_meta_does_not_answer_the_rest_waits() {
    let renewal = renewal(|tokens, graph| {
        tokens.expect_claim().times(1).returning(|_, _| Ok(true));
        graph
            .expect_renew()
            .times(1)
            .returning(|_| Err(GraphError::TimedOut));
    });
    assert_eq!(renewal.run(start()).await.expect("a round"), 0);
}

#[tokio::test]
async fn an_answer_that_is_none_stops_the_round_only_after_some_in_a_row() {
    let failed = || GraphError::Failed("another error of Meta's".into());
    let vault = vault(&[1], &clock());
    let answers = [false, false, true, false, false, false];
    let due: Vec<_> = (1..=9).map(|number| stored(&vault, number, "t")).collect();
    let mut tokens = MockInstagramTokenRepository::new();
    tokens.expect_due().returning(move |_, _| Ok(due.clone()));
    tokens.expect_claim().returning(|_, _| Ok(true));
    tokens.expect_replace().returning(|_, _, _| Ok(true));
    let mut graph = MockInstagramGraph::new();
    let mut answers = answers.into_iter();
    let renew = graph.expect_renew().times(6);
    renew.returning(move |_| match answers.next() {
        Some(true) => Ok(graph_token("new", 60)),
        _ => Err(failed()),
    });
    let renewal = TokenRenewal {
        tokens: Arc::new(tokens),
        graph: Arc::new(graph),
        vault,
        refusals: refusals([], &clock()),
    };
    assert_eq!(renewal.run(start()).await.expect("a round"), 1);
}

#[tokio::test]
async fn a_token_that_ended_is_not_shown_to_meta_but_told_to_its_owner() {
    let later = clock();
    later.advance(TimeDelta::days(5));
    let renewal = renewal_in([refusing(1), refusing(2)], |tokens, _| {
        tokens.expect_claim().times(2).returning(|_, _| Ok(true));
    });
    let renewal = TokenRenewal {
        vault: vault(&[1], &later),
        ..renewal
    };
    assert_eq!(renewal.run(start()).await.expect("a round"), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_opened_stops_nothing() {
    let mut renewal = renewal(|tokens, _| {
        tokens.expect_claim().times(2).returning(|_, _| Ok(true));
    });
    renewal.vault = vault(&[2], &clock());
    assert_eq!(renewal.run(start()).await.expect("a round"), 0);
}

#[tokio::test]
async fn storage_that_fails_is_told() {
    let renewal = renewal(|tokens, _| {
        tokens.expect_claim().returning(|_, _| Err(failure()));
    });
    assert!(renewal.run(start()).await.is_err());
}
