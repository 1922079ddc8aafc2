//! What no two accounts share.

use std::sync::Arc;

use domain::RepositoryError;
use domain::user::{NewUser, User, UserChange, UserRepository};
use test_database::on_every_engine;

use crate::builders::{self, email, name, noon, phone, username};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    nothing_that_identifies_an_account_is_taken_twice,
    names_that_differ_in_case_or_width_conflict,
    names_that_look_alike_to_a_collation_do_not,
    any_number_of_accounts_lack_an_identifier,
    a_change_to_a_taken_name_conflicts,
    of_many_who_take_one_number_one_gets_it,
    of_many_who_take_one_name_one_gets_it,
}

/// Stores an account; whether there was room for it. Nothing but a conflict may go wrong.
async fn fits(world: &World, user: User) -> bool {
    let new = NewUser {
        user,
        password_hash: None,
    };
    let outcome = world.users.insert(&new).await;
    let expected = matches!(outcome, Ok(()) | Err(RepositoryError::Conflict));
    assert!(expected, "{outcome:?}");
    outcome.is_ok()
}

async fn nothing_that_identifies_an_account_is_taken_twice(world: Arc<World>) {
    let kim = world
        .store_user(User {
            name: name("Kim"),
            phone_number: Some(phone("010-1234-5678")),
            email: Some(email("Kim@Example.com")),
            username: Some(username("Kim_Yuna")),
            ..builders::user()
        })
        .await;
    let same_id = User {
        id: kim.id,
        ..builders::user()
    };
    let same_name = User {
        name: name("Kim"),
        ..builders::user()
    };
    let same_phone = User {
        phone_number: Some(phone("+821012345678")),
        ..builders::user()
    };
    let same_email = User {
        email: Some(email("kim@example.com")),
        ..builders::user()
    };
    let same_username = User {
        username: Some(username("kim_YUNA")),
        ..builders::user()
    };
    for taken in [same_id, same_name, same_phone, same_email, same_username] {
        assert!(!fits(&world, taken.clone()).await, "{taken:?}");
    }
    assert_eq!(world.count("users").await, 1);
}

async fn names_that_differ_in_case_or_width_conflict(world: Arc<World>) {
    let named = |text: &str| User {
        name: name(text),
        ..builders::user()
    };
    assert!(fits(&world, named("Alice")).await);
    for taken in ["alice", "ALICE", "Ａｌｉｃｅ", " Alice ", "Ali\u{200b}ce"] {
        assert!(!fits(&world, named(taken)).await, "{taken:?}");
    }
}

async fn names_that_look_alike_to_a_collation_do_not(world: Arc<World>) {
    for free in [
        "Alice",
        "Álice",
        "Alicé",
        "A lice",
        "Al_ce",
        "🐈",
        "🐕",
        "👩🏽‍🍳",
        "가",
        "까",
        "각",
        "ㄱ",
        "ss1",
        "s1",
    ] {
        let user = User {
            name: name(free),
            ..builders::user()
        };
        assert!(fits(&world, user).await, "{free}");
    }
}

async fn any_number_of_accounts_lack_an_identifier(world: Arc<World>) {
    for _ in 0..3 {
        assert!(fits(&world, builders::user()).await);
    }
}

async fn a_change_to_a_taken_name_conflicts(world: Arc<World>) {
    let (kim, lee) = (world.user().await, world.user().await);
    let shouted = name(&lee.name.as_str().to_uppercase());
    let change = |name| UserChange {
        name: Some(name),
        ..UserChange::default()
    };
    let refused = world.users.update(kim.id, &change(shouted), noon()).await;
    assert!(matches!(refused, Err(RepositoryError::Conflict)));
    let found = world.users.find(kim.id).await.expect("a look");
    assert_eq!(found.as_ref(), Some(&kim));

    let own = name(&kim.name.as_str().to_uppercase());
    let after = world
        .users
        .update(kim.id, &change(own.clone()), noon())
        .await;
    let after = after.expect("one's own name is free").expect("an account");
    assert_eq!(after.name, own);
}

async fn of_many_who_take_one_number_one_gets_it(world: Arc<World>) {
    let outcomes = race(|_| {
        let world = world.clone();
        let user = User {
            phone_number: Some(phone("010-1234-5678")),
            ..builders::user()
        };
        async move { fits(&world, user).await }
    });
    assert_eq!(count(&outcomes.await, |fits| *fits), 1);
    assert_eq!(world.count("users").await, 1);
}

async fn of_many_who_take_one_name_one_gets_it(world: Arc<World>) {
    let mut users = Vec::new();
    for _ in 0..RUNNERS {
        users.push(world.user().await);
    }
    let outcomes = race(|number| {
        let (world, id) = (world.clone(), users[number].id);
        let change = UserChange {
            name: Some(name("Alice")),
            ..UserChange::default()
        };
        async move { world.users.update(id, &change, noon()).await }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |o| matches!(o, Ok(Some(_)))), 1);
    let refused = count(&outcomes, |o| matches!(o, Err(RepositoryError::Conflict)));
    assert_eq!(refused, RUNNERS - 1);
}
