//! The outbox.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{
    Channel, ClaimedMessage, MessageId, NewMessage, OutboxRepository, Priority,
};
use test_database::on_every_engine;

use crate::builders::{id, minutes, noon};
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    what_is_due_is_claimed_by_priority_then_by_time,
    a_claimed_message_is_not_due_before_its_lease_ends,
    many_workers_never_claim_the_same,
    whoever_lost_the_lease_has_nothing_more_to_say_but_that_it_was_sent,
    what_was_sent_says_nothing_any_more,
    a_message_given_back_is_due_and_not_counted,
    a_message_lives_and_dies_with_its_unit_of_work,
    what_is_settled_is_purged_and_what_waits_is_not,
    long_payloads_fit,
    a_message_remembers_on_whose_account_it_is_sent,
    messages_go_with_their_owner,
}

fn message(due_at: DateTime<Utc>) -> NewMessage {
    NewMessage {
        id: id(),
        channel: Channel::Mail,
        priority: Priority::Normal,
        owner: None,
        payload: "sealed 봉인".into(),
        due_at,
        expires_at: None,
        created_at: noon(),
        is_blank: false,
        trace: None,
    }
}

async fn put(world: &World, message: NewMessage) -> MessageId {
    world.outbox.insert(&message).await.expect("stored");
    message.id
}

/// Claims at so many minutes past noon, for two minutes.
async fn claim(world: &World, at: i64, limit: u64) -> Vec<ClaimedMessage> {
    let claim = world
        .outbox
        .claim(Channel::Mail, minutes(at), minutes(at + 2), limit);
    claim.await.expect("claimed")
}

async fn what_is_due_is_claimed_by_priority_then_by_time(world: Arc<World>) {
    let later = put(&world, message(minutes(5))).await;
    let second = put(&world, message(minutes(1))).await;
    let first = put(&world, message(noon())).await;
    let urgent = NewMessage {
        priority: Priority::High,
        expires_at: Some(minutes(60)),
        ..message(minutes(2))
    };
    let urgent = put(&world, urgent).await;
    let low = NewMessage {
        priority: Priority::Low,
        ..message(noon())
    };
    let low = put(&world, low).await;
    let claimed = claim(&world, 3, 3).await;
    let ids: Vec<_> = claimed.iter().map(|message| message.id).collect();
    assert_eq!(ids, [urgent, first, second]);
    assert!(claimed.iter().all(|message| message.attempt == 1));
    assert_eq!(claimed[0].expires_at, Some(minutes(60)));
    assert_eq!(
        (claimed[0].created_at, claimed[0].payload.as_str()),
        (noon(), "sealed 봉인")
    );
    let rest: Vec<_> = claim(&world, 3, 10).await.iter().map(|m| m.id).collect();
    assert_eq!(rest, [low]);
    let next = world.outbox.next_due(Channel::Mail).await.expect("a look");
    assert_eq!(next, Some(minutes(5)));
    let late: Vec<_> = claim(&world, 4, 10).await.iter().map(|m| m.id).collect();
    assert!(!late.contains(&later));
}

async fn a_claimed_message_is_not_due_before_its_lease_ends(world: Arc<World>) {
    assert_eq!(
        world.outbox.next_due(Channel::Mail).await.expect("a look"),
        None
    );
    let id = put(&world, message(noon())).await;
    assert_eq!(claim(&world, 0, 10).await.len(), 1);
    assert_eq!(claim(&world, 1, 10).await, []);
    let next = world.outbox.next_due(Channel::Mail).await.expect("a look");
    assert_eq!(next, Some(minutes(2)));
    let again = claim(&world, 2, 10).await;
    assert_eq!((again[0].id, again[0].attempt), (id, 2));
}

async fn many_workers_never_claim_the_same(world: Arc<World>) {
    for _ in 0..60 {
        put(&world, message(noon())).await;
    }
    let claims = race(|_| {
        let world = world.clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let claimed = claim(&world, 1, 4).await;
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|message| message.id.get()));
            }
        }
    });
    let claims: Vec<i64> = claims.await.into_iter().flatten().collect();
    let different: BTreeSet<i64> = claims.iter().copied().collect();
    assert_eq!(claims.len(), different.len(), "none twice");
    // A worker may have passed over what another was just taking and let go again; none is lost.
    let left = claim(&world, 1, 100).await.len();
    assert_eq!(claims.len() + left, 60);
}

async fn whoever_lost_the_lease_has_nothing_more_to_say_but_that_it_was_sent(world: Arc<World>) {
    let id = put(&world, message(noon())).await;
    claim(&world, 0, 1).await;
    claim(&world, 2, 1).await;
    let outbox = &world.outbox;
    assert!(
        !outbox
            .postpone(id, 1, minutes(9), "refused")
            .await
            .expect("an answer")
    );
    assert!(
        !outbox
            .bury(id, 1, minutes(3), "refused")
            .await
            .expect("an answer")
    );
    assert!(
        !outbox
            .give_back(id, 1, minutes(3))
            .await
            .expect("an answer")
    );
    assert!(
        outbox
            .postpone(id, 2, minutes(9), "refused")
            .await
            .expect("an answer")
    );
    let next = outbox.next_due(Channel::Mail).await.expect("a look");
    assert_eq!(next, Some(minutes(9)));
    assert!(outbox.mark_sent(id, minutes(4)).await.expect("an answer"));
    assert!(!outbox.mark_sent(id, minutes(4)).await.expect("an answer"));
    assert!(
        !outbox
            .bury(id, 2, minutes(4), "refused")
            .await
            .expect("an answer")
    );
    assert_eq!(claim(&world, 20, 10).await, []);
}

async fn what_was_sent_says_nothing_any_more(world: Arc<World>) {
    let (sent, dead) = (
        put(&world, message(noon())).await,
        put(&world, message(noon())).await,
    );
    claim(&world, 0, 2).await;
    world
        .outbox
        .mark_sent(sent, minutes(1))
        .await
        .expect("noted");
    world
        .outbox
        .bury(dead, 1, minutes(1), "refused")
        .await
        .expect("noted");
    assert_eq!(
        world
            .count("outbox WHERE status = 1 AND payload = ''")
            .await,
        1
    );
    let letter = "outbox WHERE status = 2 AND payload <> '' AND reason = 'refused'";
    assert_eq!(world.count(letter).await, 1);
}

async fn a_message_given_back_is_due_and_not_counted(world: Arc<World>) {
    let id = put(&world, message(noon())).await;
    claim(&world, 0, 1).await;
    assert!(
        world
            .outbox
            .give_back(id, 1, minutes(1))
            .await
            .expect("an answer")
    );
    let again = claim(&world, 1, 1).await;
    assert_eq!((again[0].id, again[0].attempt), (id, 1));
}

async fn a_message_lives_and_dies_with_its_unit_of_work(world: Arc<World>) {
    for commits in [false, true] {
        let unit = world.unit().await;
        unit.outbox()
            .insert(&message(noon()))
            .await
            .expect("stored");
        if commits {
            unit.commit().await.expect("a commit");
        } else {
            drop(unit);
        }
        assert_eq!(claim(&world, 1, 10).await.len(), usize::from(commits));
    }
}

async fn what_is_settled_is_purged_and_what_waits_is_not(world: Arc<World>) {
    let [sent, dead, waiting, late] = [0, 0, 0, 0].map(|_| message(noon()));
    let blank = NewMessage {
        is_blank: true,
        ..message(noon())
    };
    for message in [&sent, &dead, &waiting, &late, &blank] {
        put(&world, message.clone()).await;
    }
    assert_eq!(
        claim(&world, 0, 10).await.len(),
        4,
        "a blank one is to nobody"
    );
    world
        .outbox
        .mark_sent(sent.id, minutes(1))
        .await
        .expect("noted");
    world
        .outbox
        .bury(dead.id, 1, minutes(1), "x")
        .await
        .expect("noted");
    world
        .outbox
        .mark_sent(late.id, minutes(9))
        .await
        .expect("noted");
    let purged = world.outbox.purge(minutes(5)).await;
    assert_eq!(purged.expect("purged"), 3);
    assert_eq!(world.count("outbox").await, 2);
}

async fn long_payloads_fit(world: Arc<World>) {
    let long = NewMessage {
        payload: "봉".repeat(100_000),
        ..message(noon())
    };
    put(&world, long.clone()).await;
    assert_eq!(claim(&world, 0, 1).await[0].payload, long.payload);
}

async fn a_message_remembers_on_whose_account_it_is_sent(world: Arc<World>) {
    // As long as it may be: a trace and its state.
    let trace = format!("{} vendor={}", "0".repeat(55), "x".repeat(505));
    let traced = NewMessage {
        trace: Some(trace.clone()),
        ..message(noon())
    };
    put(&world, traced).await;
    assert_eq!(claim(&world, 0, 1).await[0].trace, Some(trace));
    put(&world, message(noon())).await;
    assert_eq!(claim(&world, 0, 1).await[0].trace, None);
}

async fn messages_go_with_their_owner(world: Arc<World>) {
    let owner = world.user().await;
    let theirs = NewMessage {
        owner: Some(owner.id),
        due_at: noon() + TimeDelta::days(1),
        ..message(noon())
    };
    put(&world, theirs).await;
    let other = put(&world, message(noon())).await;
    assert_eq!(world.outbox.remove_all(owner.id).await.expect("removed"), 1);
    assert_eq!(claim(&world, 10_000, 10).await[0].id, other);
}
