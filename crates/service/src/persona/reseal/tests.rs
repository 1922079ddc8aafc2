use domain::persona::MockInstagramTokenRepository;
use secrecy::ExposeSecret;

use super::super::persona_testing::{stored, vault};
use super::*;
use crate::testing::{clock, start};

#[tokio::test]
async fn tokens_of_an_older_key_are_sealed_again_once() {
    let (old, new) = (vault(&[1], &clock()), vault(&[2, 1], &clock()));
    let outdated = vec![stored(&old, 1, "one"), stored(&old, 2, "two")];
    let mut tokens = MockInstagramTokenRepository::new();
    let mark = new.mark();
    let otherwise = tokens.expect_sealed_otherwise().times(1);
    otherwise
        .withf(move |given, after, _| given == mark && after.get() == 0)
        .returning(move |_, _, _| Ok(outdated.clone()));
    let check = vault(&[2], &clock());
    let replace = tokens.expect_replace().times(2);
    replace.returning(move |read, token, term| {
        assert_eq!(term, read.term);
        let moved = TokenOf {
            token: token.clone(),
            ..read.clone()
        };
        let opened = check.open(&moved).expect("the new key opens it");
        assert!(["one", "two"].contains(&opened.expose_secret()));
        Ok(true)
    });
    let chore = TokenReseal::new(Arc::new(tokens), new);
    assert_eq!(chore.run(start()).await.expect("a round"), 2);
    // Nothing is asked of storage any more.
    assert_eq!(chore.run(start()).await.expect("a round"), 0);
}

#[tokio::test]
async fn a_token_of_an_unknown_key_is_passed_over() {
    let (lost, new) = (vault(&[9], &clock()), vault(&[2, 1], &clock()));
    let mut tokens = MockInstagramTokenRepository::new();
    let otherwise = tokens.expect_sealed_otherwise().times(1);
    otherwise.returning(move |_, _, _| Ok(vec![stored(&lost, 1, "one")]));
    let chore = TokenReseal::new(Arc::new(tokens), new);
    assert_eq!(chore.run(start()).await.expect("a round"), 0);
}
