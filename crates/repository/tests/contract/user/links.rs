//! Accounts that were asked for, links to accounts, and who has an address.

use std::sync::Arc;

use domain::user::{
    AccountLink, AccountLinkRepository, LinkHash, LinkPurpose, SignUpRequest,
    SignUpRequestRepository, UserId,
};
use test_database::on_every_engine;

use crate::builders::{HASH, email, minutes, name, noon};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_request_is_taken_once_and_by_the_latest_link_only,
    of_many_that_take_a_request_at_once_one_gets_it,
    of_many_that_ask_at_once_one_request_is_left,
    a_request_expires_and_is_withdrawn,
    a_link_is_spent_once_for_its_own_purpose,
    of_many_that_take_a_link_at_once_one_gets_it,
    an_account_has_one_link_for_each_purpose,
}

fn request(address: &str, key: &str) -> SignUpRequest {
    SignUpRequest {
        email: email(address),
        name: name("유나"),
        password_hash: HASH.into(),
        hash: LinkHash::of(key),
        created_at: noon(),
        expires_at: minutes(60),
    }
}

fn link(owner: UserId, purpose: LinkPurpose, key: &str) -> AccountLink {
    AccountLink {
        user_id: owner,
        purpose,
        email: email("yuna@example.com"),
        hash: LinkHash::of(key),
        created_at: noon(),
        expires_at: minutes(60),
    }
}

async fn ask(world: &World, address: &str, key: &str) {
    let asked = world.requests.replace(&request(address, key)).await;
    asked.expect("asked");
}

/// The address asked for with this link, which is spent by that.
async fn take(world: &World, key: &str, at: i64) -> Option<String> {
    let taken = world.requests.take(&LinkHash::of(key), minutes(at)).await;
    let taken = taken.expect("an answer");
    taken.map(|request| request.email.as_str().to_owned())
}

async fn a_request_is_taken_once_and_by_the_latest_link_only(world: Arc<World>) {
    ask(&world, "yuna@example.com", "one").await;
    ask(&world, "Yuna@Example.com", "two").await;
    ask(&world, "other@example.com", "three").await;
    assert_eq!(take(&world, "one", 1).await, None);
    assert_eq!(
        take(&world, "two", 1).await.as_deref(),
        Some("Yuna@Example.com")
    );
    assert_eq!(take(&world, "two", 1).await, None);
    let unit = world.unit().await;
    let held = unit.sign_up_requests();
    let taken = held.take(&LinkHash::of("three"), minutes(1)).await;
    let taken = taken.expect("an answer").expect("a request");
    assert_eq!(
        (taken.name, taken.password_hash),
        (name("유나"), HASH.to_owned())
    );
    drop(unit);
    assert!(take(&world, "three", 1).await.is_some(), "rolled back");
}

async fn of_many_that_take_a_request_at_once_one_gets_it(world: Arc<World>) {
    ask(&world, "yuna@example.com", "one").await;
    let outcomes = race(|_| {
        let world = world.clone();
        async move { take(&world, "one", 1).await }
    });
    assert_eq!(count(&outcomes.await, Option::is_some), 1);
}

async fn of_many_that_ask_at_once_one_request_is_left(world: Arc<World>) {
    let outcomes = race(|number| {
        let world = world.clone();
        async move {
            let request = request("yuna@example.com", &number.to_string());
            world.requests.replace(&request).await
        }
    });
    assert_eq!(count(&outcomes.await, Result::is_ok), 20);
    assert_eq!(world.count("sign_up_requests").await, 1);
}

async fn a_request_expires_and_is_withdrawn(world: Arc<World>) {
    ask(&world, "yuna@example.com", "one").await;
    ask(&world, "other@example.com", "two").await;
    assert_eq!(take(&world, "one", 60).await, None);
    let withdrawn = world.requests.withdraw(&email("OTHER@example.com")).await;
    withdrawn.expect("withdrawn");
    assert_eq!(take(&world, "two", 1).await, None);
    assert_eq!(world.requests.purge(minutes(60)).await.expect("purged"), 0);
    assert_eq!(world.requests.purge(minutes(61)).await.expect("purged"), 1);
}

async fn a_link_is_spent_once_for_its_own_purpose(world: Arc<World>) {
    let owner = world.user().await;
    let stored = link(owner.id, LinkPurpose::Password, "one");
    world.links.replace(&stored).await.expect("stored");
    let hash = LinkHash::of("one");
    let links = &world.links;
    let other = links.take(&hash, LinkPurpose::Email, minutes(1)).await;
    assert!(other.expect("an answer").is_none());
    let late = links.take(&hash, LinkPurpose::Password, minutes(60)).await;
    assert!(late.expect("an answer").is_none());
    for _ in 0..2 {
        let found = links.find(&hash, LinkPurpose::Password, minutes(1)).await;
        assert_eq!(
            found.expect("an answer").map(|link| link.user_id),
            Some(owner.id)
        );
    }
    let taken = links.take(&hash, LinkPurpose::Password, minutes(1)).await;
    let taken = taken.expect("an answer").expect("a link");
    assert_eq!((taken.user_id, taken.email), (owner.id, stored.email));
    let again = links.take(&hash, LinkPurpose::Password, minutes(1)).await;
    assert!(again.expect("an answer").is_none());
}

async fn of_many_that_take_a_link_at_once_one_gets_it(world: Arc<World>) {
    let owner = world.user().await;
    let stored = link(owner.id, LinkPurpose::Email, "one");
    world.links.replace(&stored).await.expect("stored");
    let outcomes = race(|_| {
        let world = world.clone();
        async move {
            let links = &world.links;
            let hash = LinkHash::of("one");
            links.take(&hash, LinkPurpose::Email, minutes(1)).await
        }
    });
    let outcomes = outcomes.await;
    assert_eq!(count(&outcomes, |taken| matches!(taken, Ok(Some(_)))), 1);
    assert_eq!(count(&outcomes, |taken| matches!(taken, Ok(None))), 19);
}

async fn an_account_has_one_link_for_each_purpose(world: Arc<World>) {
    let (one, other) = (world.user().await, world.user().await);
    for (owner, purpose, key) in [
        (&one, LinkPurpose::Email, "a"),
        (&one, LinkPurpose::Email, "b"),
        (&one, LinkPurpose::Password, "c"),
        (&other, LinkPurpose::Email, "d"),
    ] {
        let stored = world.links.replace(&link(owner.id, purpose, key)).await;
        stored.expect("stored");
    }
    assert_eq!(world.count("account_links").await, 3);
    let first = LinkHash::of("a");
    let first = world.links.find(&first, LinkPurpose::Email, noon()).await;
    assert!(first.expect("an answer").is_none());
    world.links.remove_all(one.id).await.expect("removed");
    assert_eq!(world.count("account_links").await, 1);
    assert_eq!(world.links.purge(minutes(61)).await.expect("purged"), 1);
}
