//! Friendships, messages, and each person's log.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::RepositoryError;
use domain::chat::{
    Bond, ChatLogRepository, Content, DmFrom, Entry, FriendshipRepository, Message, MessageId,
    MessageRepository, Nonce, Pair, Privacy,
};
use domain::user::UserId;
use test_database::on_every_engine;

use crate::builders::{id, minutes, noon};
use crate::race::{RUNNERS, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_bond_is_the_same_from_both_sides,
    a_block_is_known_to_who_made_it_alone,
    a_nonce_is_its_authors_for_a_day,
    only_the_author_edits_and_what_was_taken_back_stays_so,
    history_is_of_one_pair_and_ends_before_a_time,
    of_many_who_write_at_once_each_gets_a_place_of_their_own,
    entries_of_several_people_come_in_the_order_given,
    a_log_is_shortened_and_says_so,
}

const A: i64 = 101;
const B: i64 = 202;

fn pair() -> Pair {
    Pair::of(A.into(), B.into()).expect("a pair")
}

fn message(minute: i64, nonce: Option<&str>) -> Message {
    Message {
        id: id(),
        pair: pair(),
        author: A.into(),
        content: Content::parse(&minute.to_string()).ok(),
        created_at: minutes(minute),
        edited_at: None,
        nonce: nonce.and_then(|text| Nonce::parse(text).ok()),
    }
}

async fn a_bond_is_the_same_from_both_sides(world: Arc<World>) {
    let ties = &world.friendships;
    assert_eq!(ties.find(pair()).await.expect("a look"), None);
    for bond in [Bond::Asked(A.into()), Bond::Asked(B.into()), Bond::Friends] {
        ties.set(pair(), Some(bond), minutes(1))
            .await
            .expect("it is set");
        assert_eq!(ties.find(pair()).await.expect("a look"), Some(bond));
        for (one, other) in [(A, B), (B, A)] {
            let found = ties.ties(one.into(), 10).await.expect("ties");
            assert_eq!(
                (found.len(), found[0].other, found[0].bond),
                (1, other.into(), bond)
            );
            assert_eq!(ties.count(one.into()).await.expect("a count"), 1);
        }
        let other = Pair::of(A.into(), 303.into()).expect("a pair");
        let found = ties.find_all(&[other, pair()]).await.expect("a look");
        assert_eq!(found, [(pair(), bond)]);
    }
    assert_eq!(ties.find_all(&[]).await.expect("a look"), []);
    assert_eq!(
        ties.remove_all(A.into()).await.expect("gone"),
        [UserId::from(B)]
    );
    assert!(ties.ties(B.into(), 10).await.expect("ties").is_empty());
}

async fn a_block_is_known_to_who_made_it_alone(world: Arc<World>) {
    let ties = &world.friendships;
    let set = async |bond| {
        let done = ties.set(pair(), Some(bond), minutes(1)).await;
        done.expect("it is set");
        assert_eq!(ties.find(pair()).await.expect("a look"), Some(bond));
    };
    let known = async |person: i64| {
        let count = ties.count(person.into()).await.expect("a count");
        let found = ties.ties(person.into(), 10).await.expect("ties");
        assert_eq!(found.len() as u64, count);
        count
    };
    let asked = async |person: i64| ties.asked(person.into()).await.expect("a count");
    for (bond, of_a, of_b) in [
        (Bond::Blocked(A.into()), 1, 0),
        (Bond::Blocked(B.into()), 0, 1),
        (Bond::BlockedBoth, 1, 1),
    ] {
        set(bond).await;
        assert_eq!((known(A).await, known(B).await), (of_a, of_b), "{bond:?}");
        assert_eq!((asked(A).await, asked(B).await), (0, 0));
    }
    set(Bond::Asked(A.into())).await;
    assert_eq!((asked(A).await, asked(B).await), (1, 0));
    set(Bond::Asked(B.into())).await;
    assert_eq!((asked(A).await, asked(B).await), (0, 1));
    set(Bond::Friends).await;
    assert_eq!((asked(A).await, asked(B).await), (0, 0));
    set(Bond::Blocked(B.into())).await;
    ties.remove_all(A.into()).await.expect("gone");
    assert_eq!(ties.find(pair()).await.expect("a look"), None);
}

async fn a_nonce_is_its_authors_for_a_day(world: Arc<World>) {
    let messages = &world.messages;
    let first = message(1, Some("n"));
    messages
        .insert(std::slice::from_ref(&first))
        .await
        .expect("stored");
    let again = messages.insert(&[message(2, Some("n"))]).await;
    assert!(matches!(again, Err(RepositoryError::Conflict)));
    // Where one of several does not go, none does.
    let both = [message(3, None), message(4, Some("n"))];
    let refused = messages.insert(&both).await;
    assert!(matches!(refused, Err(RepositoryError::Conflict)));
    let both = [message(3, None), message(4, None)];
    messages.insert(&both).await.expect("stored");
    let nonce = Nonce::parse("n").expect("a nonce");
    let named = [(B.into(), nonce.clone()), (A.into(), nonce)];
    let found = messages.find_by_nonces(&named).await;
    assert_eq!(found.expect("a look"), [first]);
    let others = messages.find_by_nonces(&named[..1]).await;
    assert_eq!(others.expect("a look"), []);
    assert_eq!(messages.find_by_nonces(&[]).await.expect("a look"), []);
    // Ids tell when a message was made, whatever the test's clock says.
    let late = domain::Clock::now(&domain::SystemClock) + TimeDelta::days(1);
    assert_eq!(messages.forget_nonces(late).await.expect("forgotten"), 1);
    messages
        .insert(&[message(5, Some("n"))])
        .await
        .expect("stored");
}

async fn only_the_author_edits_and_what_was_taken_back_stays_so(world: Arc<World>) {
    let messages = &world.messages;
    let sent = message(1, None);
    messages
        .insert(std::slice::from_ref(&sent))
        .await
        .expect("stored");
    let edit = async |author: i64, content: Option<&str>| {
        let content = content.and_then(|text| Content::parse(text).ok());
        let done = messages.edit(sent.id, pair(), author.into(), content, minutes(2));
        done.await.expect("an answer")
    };
    assert_eq!(edit(B, Some("mine")).await, None);
    let edited = edit(A, Some("new")).await.expect("it is edited");
    assert_eq!(edited.edited_at, Some(minutes(2)));
    assert_eq!(edit(A, None).await.expect("taken back").content, None);
    assert_eq!(edit(A, Some("back")).await, None);
    let elsewhere = Pair::of(A.into(), 303.into()).expect("a pair");
    let wrong = messages
        .edit(sent.id, elsewhere, A.into(), None, noon())
        .await;
    assert_eq!(wrong.expect("an answer"), None);
}

async fn history_is_of_one_pair_and_ends_before_a_time(world: Arc<World>) {
    let messages = &world.messages;
    let written: Vec<Message> = (0..5).map(|minute| message(minute, None)).collect();
    messages.insert(&written).await.expect("stored");
    let other = Message {
        pair: Pair::of(A.into(), 303.into()).expect("a pair"),
        ..message(2, None)
    };
    messages.insert(&[other]).await.expect("stored");
    let found = messages
        .history(pair(), minutes(4), 3)
        .await
        .expect("history");
    let times: Vec<_> = found.iter().map(|one| one.created_at).collect();
    assert_eq!(times, [1, 2, 3].map(minutes));
    let ids: Vec<MessageId> = found.iter().map(|one| one.id).collect();
    assert_eq!(messages.find_all(&ids).await.expect("a look").len(), 3);
}

async fn of_many_who_write_at_once_each_gets_a_place_of_their_own(world: Arc<World>) {
    let outcomes = race(|number| {
        let world = world.clone();
        async move {
            // The two in either order: they are held in one.
            let people = if number % 2 == 0 { [A, B] } else { [B, A] };
            loop {
                let unit = world.unit().await;
                let held = unit.chat_log().hold(&people.map(Into::into)).await;
                if matches!(held, Err(RepositoryError::Contention)) {
                    continue;
                }
                let held = held.expect("they are held");
                assert_eq!([held[0].person, held[1].person], [A, B].map(Into::into));
                let entry = Entry::Sent((number as i64).into());
                let entries = people.map(|person| (person.into(), entry));
                let places = unit.chat_log().append(&entries, noon()).await;
                unit.commit().await.expect("a commit");
                return places.expect("places")[0];
            }
        }
    });
    let mut places = outcomes.await;
    places.sort_unstable();
    assert_eq!(places, (1..=RUNNERS as i64).collect::<Vec<_>>());
    let logs = [A, B].map(|person| world.chat_log.after(person.into(), 0, 100));
    let [ones, others] = logs;
    assert_eq!(ones.await.expect("a log"), others.await.expect("a log"));
}

async fn entries_of_several_people_come_in_the_order_given(world: Arc<World>) {
    let unit = world.unit().await;
    let people = [B, A, B].map(Into::into);
    assert_eq!(unit.chat_log().hold(&people).await.expect("held").len(), 2);
    let entries = [(B, 1), (A, 1), (B, 2), (B, 3), (A, 3)]
        .map(|(person, id)| (person.into(), Entry::Sent(id.into())));
    let places = unit.chat_log().append(&entries, noon()).await;
    assert_eq!(places.expect("places"), [1, 1, 2, 3, 2]);
    // Nobody's log grows who is not held.
    let stranger = [(303.into(), Entry::Sent(1.into()))];
    assert!(unit.chat_log().append(&stranger, noon()).await.is_err());
    unit.commit().await.expect("a commit");
    let log = world.chat_log.after(B.into(), 0, 10).await.expect("a log");
    let entries: Vec<Entry> = log.iter().map(|one| one.entry).collect();
    assert_eq!(entries, [1, 2, 3].map(|id| Entry::Sent(id.into())));
}

async fn a_log_is_shortened_and_says_so(world: Arc<World>) {
    let log = &world.chat_log;
    let unit = world.unit().await;
    unit.chat_log().hold(&[A.into()]).await.expect("held");
    for minute in 1..=4 {
        let entries = [(A.into(), Entry::Sent(minute.into()))];
        let places = unit.chat_log().append(&entries, minutes(minute)).await;
        assert_eq!(places.expect("a place"), [minute]);
    }
    let none = unit.chat_log().append(&[], noon()).await;
    assert!(none.expect("nothing to do").is_empty());
    unit.commit().await.expect("a commit");
    assert_eq!(log.purge(minutes(3)).await.expect("purged"), 2);
    let span = log.span(A.into()).await.expect("a span");
    assert_eq!((span.last, span.removed), (4, 2));
    let left = log.after(A.into(), 0, 100).await.expect("a log");
    assert_eq!(left.iter().map(|one| one.seq).collect::<Vec<_>>(), [3, 4]);
    let unsaid = log.privacy(A.into()).await.expect("a word");
    assert_eq!(
        (unsaid.dm_from, unsaid.read_receipts),
        (DmFrom::Friends, true)
    );
    for (dm_from, read_receipts) in [(DmFrom::Nobody, true), (DmFrom::Anyone, false)] {
        let privacy = Privacy {
            dm_from,
            read_receipts,
        };
        for person in [A, B] {
            log.set_privacy(person.into(), privacy).await.expect("set");
            assert_eq!(log.privacy(person.into()).await.expect("a word"), privacy);
        }
    }
    assert_eq!(log.span(A.into()).await.expect("a span"), span);
}
