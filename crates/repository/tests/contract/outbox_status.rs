//! What became of messages, and who gets none.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::notification::{
    Backlog, Channel, MessageId, MessageState, NewMessage, OutboxRepository, Priority,
    SuppressionReason, SuppressionRepository,
};
use domain::user::UserId;
use test_database::on_every_engine;

use crate::builders::{id, minutes, noon};
use crate::race::{count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    programs_messages_are_told_of_and_others_are_not,
    only_what_was_never_tried_is_called_off,
    of_a_claim_and_a_cancellation_at_once_one_wins,
    dead_letters_wait_again,
    many_are_stored_at_once_or_none,
    what_is_not_done_is_counted_by_channel,
    an_address_gets_no_mails_of_one_sender,
}

fn message(owner: UserId, channel: Channel) -> NewMessage {
    NewMessage {
        id: id(),
        channel,
        priority: Priority::Normal,
        owner: Some(owner),
        payload: "sealed".into(),
        due_at: noon(),
        expires_at: None,
        created_at: noon(),
        is_blank: false,
        trace: None,
    }
}

async fn programs_messages_are_told_of_and_others_are_not(world: Arc<World>) {
    let (me, other) = (world.user().await.id, world.user().await.id);
    let mine: Vec<NewMessage> = [Channel::Gmail, Channel::Kakao, Channel::Mail]
        .map(|channel| message(me, channel))
        .into();
    world.outbox.insert_all(&mine).await.expect("stored");
    let theirs = message(other, Channel::Ses);
    world.outbox.insert(&theirs).await.expect("stored");
    let ids = async |before: Option<MessageId>, limit| {
        let found = world.outbox.statuses(me, before, limit).await;
        let found = found.expect("statuses");
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, 10).await, [mine[1].id, mine[0].id]);
    assert_eq!(ids(None, 1).await, [mine[1].id]);
    assert_eq!(ids(Some(mine[1].id), 10).await, [mine[0].id]);
    let status = async |id| world.outbox.status(me, id).await.expect("an answer");
    let one = status(mine[0].id).await.expect("mine");
    assert_eq!(
        (one.channel, one.state, one.attempts, one.due_at),
        (Channel::Gmail, MessageState::Waiting, 0, noon())
    );
    // A mail of the account is nobody's to look at, and others' look absent.
    assert_eq!(status(mine[2].id).await, None);
    assert_eq!(status(theirs.id).await, None);
    world
        .outbox
        .mark_sent(mine[0].id, minutes(1))
        .await
        .expect("noted");
    let one = status(mine[0].id).await.expect("mine");
    assert_eq!(
        (one.state, one.settled_at),
        (MessageState::Sent, Some(minutes(1)))
    );
    let summary = world.outbox.summary().await.expect("a summary");
    assert_eq!(
        summary,
        [
            (Channel::Mail, MessageState::Waiting, 1),
            (Channel::Gmail, MessageState::Sent, 1),
            (Channel::Ses, MessageState::Waiting, 1),
            (Channel::Kakao, MessageState::Waiting, 1),
        ]
    );
}

async fn claim_all(world: &World, channel: Channel, at: i64) -> usize {
    let until = minutes(at) + TimeDelta::minutes(2);
    let claimed = world.outbox.claim(channel, minutes(at), until, 100).await;
    claimed.expect("claimed").len()
}

async fn only_what_was_never_tried_is_called_off(world: Arc<World>) {
    let me = world.user().await.id;
    let (early, tried) = (message(me, Channel::Gmail), message(me, Channel::Ses));
    let account = message(me, Channel::Mail);
    let all = [early.clone(), tried.clone(), account.clone()];
    world.outbox.insert_all(&all).await.expect("stored");
    assert_eq!(claim_all(&world, Channel::Ses, 0).await, 1);
    let cancel = async |owner, id| {
        let done = world.outbox.cancel(owner, id, minutes(1)).await;
        done.expect("an answer")
    };
    assert!(!cancel(world.user().await.id, early.id).await);
    assert!(cancel(me, early.id).await);
    assert!(!cancel(me, early.id).await);
    assert!(!cancel(me, tried.id).await);
    assert!(!cancel(me, account.id).await);
    assert_eq!(claim_all(&world, Channel::Gmail, 5).await, 0);
    let one = world.outbox.status(me, early.id).await.expect("an answer");
    assert_eq!(one.map(|one| one.state), Some(MessageState::Cancelled));
    let forgotten = "outbox WHERE status = 3 AND payload = ''";
    assert_eq!(world.count(forgotten).await, 1);
    // It is swept away with the others that are done with.
    assert_eq!(world.outbox.purge(minutes(2)).await.expect("purged"), 1);
}

async fn of_a_claim_and_a_cancellation_at_once_one_wins(world: Arc<World>) {
    let me = world.user().await.id;
    for _ in 0..5 {
        let one = message(me, Channel::Gmail);
        world.outbox.insert(&one).await.expect("stored");
        let outcomes = race(|number| {
            let (world, id) = (world.clone(), one.id);
            async move {
                if number % 2 == 0 {
                    world
                        .outbox
                        .cancel(me, id, minutes(1))
                        .await
                        .expect("an answer")
                } else {
                    claim_all(&world, Channel::Gmail, 1).await == 1
                }
            }
        });
        assert!(count(&outcomes.await, |won| *won) <= 1);
        let state = world.outbox.status(me, one.id).await.expect("an answer");
        let state = state.expect("a status");
        // Whoever claimed it holds it; nobody called it off behind their back.
        assert_eq!(state.attempts == 0, state.state == MessageState::Cancelled);
        world
            .outbox
            .mark_sent(one.id, minutes(2))
            .await
            .expect("an answer");
    }
}

async fn dead_letters_wait_again(world: Arc<World>) {
    let me = world.user().await.id;
    let (one, other) = (message(me, Channel::Gmail), message(me, Channel::Gmail));
    world
        .outbox
        .insert_all(&[one.clone(), other.clone()])
        .await
        .expect("stored");
    assert_eq!(claim_all(&world, Channel::Gmail, 0).await, 2);
    for (message, at) in [(&one, 1), (&other, 2)] {
        let buried = world
            .outbox
            .bury(message.id, 1, minutes(at), "refused")
            .await;
        assert!(buried.expect("an answer"));
    }
    let dead = world.outbox.dead(10).await.expect("dead letters");
    let listed: Vec<_> = dead
        .iter()
        .map(|one| (one.id, one.reason.as_deref()))
        .collect();
    assert_eq!(
        listed,
        [(other.id, Some("refused")), (one.id, Some("refused"))]
    );
    let revive = async |id, at| world.outbox.revive(id, minutes(at)).await.expect("revived");
    assert_eq!(revive(Some(one.id), 3).await, 1);
    assert_eq!(revive(Some(one.id), 3).await, 0);
    assert_eq!(revive(None, 3).await, 1);
    let until = minutes(9);
    let again = world
        .outbox
        .claim(Channel::Gmail, minutes(3), until, 10)
        .await;
    let again = again.expect("claimed");
    assert!(
        again.len() == 2
            && again
                .iter()
                .all(|one| one.attempt == 1 && one.payload == "sealed")
    );
}

async fn many_are_stored_at_once_or_none(world: Arc<World>) {
    let me = world.user().await.id;
    world.outbox.insert_all(&[]).await.expect("nothing to do");
    let twice = message(me, Channel::Gmail);
    let refused = world
        .outbox
        .insert_all(&[message(me, Channel::Gmail), twice.clone(), twice])
        .await;
    assert!(refused.is_err());
    assert_eq!(world.count("outbox").await, 0);
}

async fn what_is_not_done_is_counted_by_channel(world: Arc<World>) {
    let me = world.user().await.id;
    let empty = Channel::ALL.map(Backlog::empty);
    let backlog = async || world.outbox.backlog().await.expect("an answer");
    assert_eq!(backlog().await, empty);
    let mut due = [3, 1, 2].map(|wait| NewMessage {
        due_at: noon() + TimeDelta::minutes(wait),
        ..message(me, Channel::Ses)
    });
    due[2].channel = Channel::Mail;
    let done = NewMessage {
        is_blank: true,
        ..message(me, Channel::Kakao)
    };
    let doomed = message(me, Channel::Ses);
    for message in due.iter().chain([&done, &doomed]) {
        world.outbox.insert(message).await.expect("stored");
    }
    let until = noon() + TimeDelta::hours(1);
    let claimed = world.outbox.claim(Channel::Ses, noon(), until, 8).await;
    assert_eq!(claimed.expect("claimed").len(), 1);
    let buried = world.outbox.bury(doomed.id, 1, noon(), "refused").await;
    assert!(buried.expect("buried"));
    let mut expected = empty;
    expected[0].waiting = 1;
    expected[0].next_due = Some(due[2].due_at);
    expected[2].waiting = 2;
    expected[2].dead = 1;
    expected[2].next_due = Some(due[1].due_at);
    assert_eq!(backlog().await, expected);
}

async fn an_address_gets_no_mails_of_one_sender(world: Arc<World>) {
    let (me, other) = (world.user().await.id, world.user().await.id);
    let suppressions = &world.suppressions;
    let find = async |sender| suppressions.find(sender, "hash").await.expect("an answer");
    assert_eq!(find(me).await, None);
    for reason in [SuppressionReason::Unsubscribed, SuppressionReason::Bounced] {
        let added = suppressions.add(me, "hash", reason, noon()).await;
        added.expect("added");
    }
    assert_eq!(find(me).await, Some(SuppressionReason::Unsubscribed));
    assert_eq!(find(other).await, None);
    assert!(suppressions.lift(me, "hash").await.expect("lifted"));
    assert!(!suppressions.lift(me, "hash").await.expect("an answer"));
    let again = suppressions.add(me, "hash", SuppressionReason::Bounced, noon());
    again.await.expect("added");
    assert_eq!(find(me).await, Some(SuppressionReason::Bounced));
    suppressions.remove_all(me).await.expect("removed");
    assert_eq!(find(me).await, None);
}
