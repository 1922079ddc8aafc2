//! Conversations, and what of them was read.

use std::sync::Arc;

use domain::chat::{
    Bond, Content, Conversation, ConversationRepository, FriendshipRepository, Message,
    MessageRepository, Pair, Place,
};
use domain::user::UserId;
use test_database::on_every_engine;

use crate::builders::{id, minutes};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    the_latest_active_comes_first_page_by_page,
    what_is_unread_is_the_others_and_reading_never_goes_back,
    who_was_blocked_sees_no_conversation_with_who_did,
    who_leaves_leaves_no_conversation,
}

/// In the middle, so that others have lower and higher ids.
const ME: i64 = 500;

fn pair(other: i64) -> Pair {
    Pair::of(ME.into(), other.into()).expect("a pair")
}

/// Somebody writes in my conversation with another.
async fn write(world: &World, author: i64, other: i64, minute: i64) -> Message {
    let message = Message {
        id: id(),
        pair: pair(other),
        author: author.into(),
        content: Content::parse("hello").ok(),
        created_at: minutes(minute),
        edited_at: None,
        nonce: None,
    };
    let one = std::slice::from_ref(&message);
    world.messages.insert(one).await.expect("stored");
    world.conversations.note(one).await.expect("noted");
    message
}

async fn list(world: &World, person: i64, after: Option<Place>, limit: u64) -> Vec<Conversation> {
    let found = world.conversations.list(person.into(), after, limit).await;
    found.expect("conversations")
}

async fn the_latest_active_comes_first_page_by_page(world: Arc<World>) {
    // Two at the same time; one who writes again comes to the front.
    for (other, minute) in [(100, 1), (900, 2), (200, 3), (800, 3), (100, 4)] {
        write(&world, other, other, minute).await;
    }
    let known = [pair(100), pair(555)];
    let active = world.conversations.active_at(&known).await.expect("a look");
    assert_eq!(active, [(pair(100), minutes(4))]);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = list(&world, ME, after, 3).await;
        let Some(last) = page.last() else { break };
        after = Some(Place {
            active_at: last.active_at,
            other: last.other,
        });
        seen.extend(page.iter().map(|one| one.other.get()));
    }
    assert_eq!(seen, [100, 800, 200, 900]);
    let theirs = list(&world, 900, None, 9).await;
    assert_eq!((theirs.len(), theirs[0].other), (1, UserId::from(ME)));
}

async fn what_is_unread_is_the_others_and_reading_never_goes_back(world: Arc<World>) {
    let others = [100, 900];
    for other in others {
        for minute in 1..=3 {
            write(&world, other, other, minute).await;
        }
        let own = write(&world, ME, other, 4).await;
        let one = async |person: i64| {
            let all = list(&world, person, None, 9).await;
            let found = all.into_iter().find(|one| one.last == own.id);
            found.expect("the conversation")
        };
        let fresh = one(ME).await;
        assert_eq!((fresh.unread, fresh.active_at), (3, minutes(4)));
        assert_eq!((fresh.read_until, fresh.seen_until), (None, None));
        assert_eq!(one(other).await.unread, 1);
        let read = async |person: i64, minute| {
            let conversations = &world.conversations;
            let done = conversations.read(pair(other), person.into(), minutes(minute));
            done.await.expect("it is noted")
        };
        assert!(read(ME, 2).await);
        assert_eq!(one(ME).await.unread, 1);
        for minute in [2, 1] {
            assert!(!read(ME, minute).await, "{minute}");
        }
        assert_eq!(one(ME).await.read_until, Some(minutes(2)));
        assert_eq!(one(other).await.seen_until, Some(minutes(2)));
        // What was taken back is not waiting to be read.
        let taken = write(&world, other, other, 5).await;
        let edited = world
            .messages
            .edit(taken.id, pair(other), other.into(), None, minutes(6))
            .await;
        edited.expect("an answer").expect("taken back");
        let all = list(&world, ME, None, 9).await;
        let after = all.iter().find(|one| one.last == taken.id);
        assert_eq!(after.expect("the conversation").unread, 1);
        assert!(read(ME, 5).await);
        assert!(read(other, 5).await);
    }
    assert!(
        list(&world, ME, None, 9)
            .await
            .iter()
            .all(|one| one.unread == 0)
    );
}

async fn who_was_blocked_sees_no_conversation_with_who_did(world: Arc<World>) {
    for other in [100, 900] {
        write(&world, other, other, 1).await;
        let (me, them) = (UserId::from(ME), UserId::from(other));
        for (bond, mine, theirs) in [
            (Bond::Friends, 1, 1),
            (Bond::Blocked(me), 1, 0),
            (Bond::Blocked(them), 0, 1),
            (Bond::BlockedBoth, 0, 0),
        ] {
            let set = world.friendships.set(pair(other), Some(bond), minutes(1));
            set.await.expect("it is set");
            let with = list(&world, ME, None, 9).await;
            let with = with.iter().filter(|one| one.other == them).count();
            let other = list(&world, other, None, 9).await.len();
            assert_eq!((with, other), (mine, theirs), "{bond:?}");
        }
    }
}

async fn who_leaves_leaves_no_conversation(world: Arc<World>) {
    for other in [100, 900] {
        write(&world, other, other, 1).await;
    }
    let gone = world.conversations.remove_all(ME.into()).await;
    gone.expect("gone");
    for person in [ME, 100, 900] {
        assert!(list(&world, person, None, 9).await.is_empty());
    }
}
