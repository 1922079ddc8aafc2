//! Accounts elsewhere that open accounts here.

use std::sync::Arc;

use domain::RepositoryError;
use domain::user::{
    Identity, IdentityRepository, IdentityUse, Provider, SealedTokens, Subject, User,
    UserRepository,
};
use test_database::on_every_engine;

use crate::builders::{email, id, minutes, noon};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    an_identity_is_found_as_it_was_stored,
    a_subject_is_compared_byte_by_byte,
    a_subject_opens_one_account_and_an_account_has_one_of_each_provider,
    a_use_is_noted_and_keeps_the_tokens_it_brings,
    what_is_cut_off_loses_its_tokens_until_it_is_used_again,
    what_is_removed_is_gone,
    identities_go_with_their_account,
    of_many_who_link_one_subject_one_does,
    tokens_of_an_older_key_are_told_apart_and_replaced_where_they_were_read,
}

fn subject(text: &str) -> Subject {
    Subject::parse(text).expect("a subject")
}

fn identity(owner: &User, provider: Provider, text: &str) -> Identity {
    Identity {
        id: id(),
        user_id: owner.id,
        provider,
        subject: subject(text),
        email: Some(email("Yuna@Example.com")),
        email_verified: true,
        created_at: noon(),
        last_used_at: noon(),
        unlinked_at: None,
    }
}

fn tokens() -> SealedTokens {
    SealedTokens {
        // As long as the longest there are.
        access_token: "a".repeat(4_096),
        expires_at: Some(minutes(60)),
        refresh_token: Some("refresh".into()),
        refresh_expires_at: None,
        scopes: "talk_message profile".into(),
    }
}

async fn stored(world: &World, provider: Provider, text: &str) -> Identity {
    let owner = world.user().await;
    let identity = identity(&owner, provider, text);
    let stored = world.identities.insert(&identity).await;
    stored.expect("stores an identity");
    identity
}

async fn found(world: &World, provider: Provider, text: &str) -> Option<Identity> {
    let subject = subject(text);
    let found = world.identities.find_by_subject(provider, &subject);
    found.await.expect("a look")
}

async fn an_identity_is_found_as_it_was_stored(world: Arc<World>) {
    for provider in Provider::ALL {
        let identity = stored(&world, provider, "42").await;
        assert_eq!(found(&world, provider, "42").await, Some(identity.clone()));
        assert_eq!(found(&world, provider, "43").await, None);
        let list = world.identities.list(identity.user_id).await;
        assert_eq!(list.expect("a list"), [identity]);
    }
    let stranger = world.user().await;
    let list = world.identities.list(stranger.id).await;
    assert!(list.expect("a list").is_empty());
}

async fn a_subject_is_compared_byte_by_byte(world: Arc<World>) {
    let lower = stored(&world, Provider::Naver, "abc_def").await;
    let upper = stored(&world, Provider::Naver, "ABC_def").await;
    assert_eq!(found(&world, Provider::Naver, "abc_def").await, Some(lower));
    assert_eq!(found(&world, Provider::Naver, "ABC_def").await, Some(upper));
    assert_eq!(found(&world, Provider::Naver, "abcXdef").await, None);
}

async fn a_subject_opens_one_account_and_an_account_has_one_of_each_provider(world: Arc<World>) {
    let first = stored(&world, Provider::Kakao, "1").await;
    let other = world.user().await;
    let taken = identity(&other, Provider::Kakao, "1");
    let second = Identity {
        user_id: first.user_id,
        ..identity(&other, Provider::Kakao, "2")
    };
    for refused in [taken, second] {
        let outcome = world.identities.insert(&refused).await;
        assert!(matches!(outcome, Err(RepositoryError::Conflict)));
    }
    let elsewhere = identity(&other, Provider::Google, "1");
    assert!(world.identities.insert(&elsewhere).await.is_ok());
}

async fn a_use_is_noted_and_keeps_the_tokens_it_brings(world: Arc<World>) {
    let identity = stored(&world, Provider::Kakao, "1").await;
    let owner = identity.user_id;
    let kept = world.identities.tokens(owner, Provider::Kakao).await;
    assert_eq!(kept.expect("a look"), None);
    let mut seen = IdentityUse {
        email: None,
        email_verified: false,
        tokens: Some(tokens()),
        at: minutes(5),
    };
    assert!(
        world
            .identities
            .used(identity.id, &seen)
            .await
            .expect("noted")
    );
    // The next one brings none: those there are stay.
    seen.tokens = None;
    seen.at = minutes(6);
    assert!(
        world
            .identities
            .used(identity.id, &seen)
            .await
            .expect("noted")
    );
    let kept = world.identities.tokens(owner, Provider::Kakao).await;
    assert_eq!(kept.expect("a look"), Some((identity.id, tokens())));
    let kept = world.identities.tokens(owner, Provider::Naver).await;
    assert_eq!(kept.expect("a look"), None);
    let expected = Identity {
        email: None,
        email_verified: false,
        last_used_at: minutes(6),
        ..identity
    };
    assert_eq!(found(&world, Provider::Kakao, "1").await, Some(expected));
    assert!(!world.identities.used(id(), &seen).await.expect("an answer"));
}

async fn what_is_cut_off_loses_its_tokens_until_it_is_used_again(world: Arc<World>) {
    let identity = stored(&world, Provider::Kakao, "1").await;
    let seen = IdentityUse {
        email: identity.email.clone(),
        email_verified: true,
        tokens: Some(tokens()),
        at: noon(),
    };
    world
        .identities
        .used(identity.id, &seen)
        .await
        .expect("noted");
    let cut = world.identities.cut_off(identity.id, minutes(3)).await;
    cut.expect("cut off");
    let kept = world.identities.tokens(identity.user_id, Provider::Kakao);
    assert_eq!(kept.await.expect("a look"), None);
    let row = found(&world, Provider::Kakao, "1").await.expect("a row");
    assert_eq!(
        (row.unlinked_at, row.is_linked()),
        (Some(minutes(3)), false)
    );
    world
        .identities
        .used(identity.id, &seen)
        .await
        .expect("noted");
    assert_eq!(found(&world, Provider::Kakao, "1").await, Some(identity));
}

async fn what_is_removed_is_gone(world: Arc<World>) {
    let identity = stored(&world, Provider::Kakao, "1").await;
    let owner = identity.user_id;
    let remove = async |who, provider| {
        let removed = world.identities.remove(who, provider).await;
        removed.expect("an answer")
    };
    assert!(!remove(id(), Provider::Kakao).await);
    assert!(!remove(owner, Provider::Google).await);
    assert!(remove(owner, Provider::Kakao).await);
    assert!(!remove(owner, Provider::Kakao).await);
    assert_eq!(found(&world, Provider::Kakao, "1").await, None);
}

async fn identities_go_with_their_account(world: Arc<World>) {
    let identity = stored(&world, Provider::Kakao, "1").await;
    stored(&world, Provider::Google, "1").await;
    let deleted = world.users.delete(identity.user_id).await;
    assert!(deleted.expect("an answer"));
    assert_eq!(world.count("identities").await, 1);
}

async fn of_many_who_link_one_subject_one_does(world: Arc<World>) {
    let outcomes = race(|_| {
        let world = world.clone();
        async move {
            let owner = world.user().await;
            let identity = identity(&owner, Provider::Google, "1");
            world.identities.insert(&identity).await
        }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, Result::is_ok), 1);
    let lost = |outcome: &Result<_, _>| matches!(outcome, Err(RepositoryError::Conflict));
    assert_eq!(count(&outcomes, lost), RUNNERS - 1);
}

async fn tokens_of_an_older_key_are_told_apart_and_replaced_where_they_were_read(
    world: Arc<World>,
) {
    let with = async |text: &str, access: &str, refresh: Option<&str>| {
        let identity = stored(&world, Provider::Kakao, text).await;
        let tokens = SealedTokens {
            access_token: access.into(),
            refresh_token: refresh.map(str::to_owned),
            ..tokens()
        };
        let seen = IdentityUse {
            email: None,
            email_verified: false,
            tokens: Some(tokens.clone()),
            at: noon(),
        };
        let noted = world.identities.used(identity.id, &seen).await;
        assert!(noted.expect("an answer"));
        (identity.id, tokens)
    };
    let old = with("1", "v1.aa.one", Some("v1.aa.two")).await;
    with("2", "v1.bb.one", None).await;
    let half = with("3", "v1.bb.one", Some("v1.aa.two")).await;
    let bare = with("4", "v1.aa.one", None).await;
    stored(&world, Provider::Kakao, "5").await;
    let otherwise = async |after, limit| {
        let found = world.identities.sealed_otherwise("v1.bb.", after, limit);
        found.await.expect("a list")
    };
    let outdated = [old.clone(), half.clone(), bare.clone()];
    assert_eq!(otherwise(0.into(), 10).await, outdated);
    assert_eq!(otherwise(0.into(), 1).await, outdated[..1]);
    assert_eq!(otherwise(old.0, 10).await, outdated[1..]);
    for (id, read) in &outdated {
        let refresh = read.refresh_token.as_ref();
        let sealed = SealedTokens {
            access_token: "v1.bb.new".into(),
            refresh_token: refresh.map(|_| "v1.bb.newer".into()),
            ..read.clone()
        };
        // The second time another has taken their place.
        for is_there in [true, false] {
            let resealed = world.identities.reseal(*id, read, &sealed).await;
            assert_eq!(resealed.expect("an answer"), is_there);
        }
    }
    assert_eq!(otherwise(0.into(), 10).await, []);
}
