//! What shows a picture.

use std::sync::Arc;

use domain::persona::{Disowned, Holder, MediaKey, MediaKind, MediaRepository, Registered};
use domain::user::UserId;
use test_database::on_every_engine;

use super::{person, with_key};
use crate::builders::{id, minutes};
use crate::race::race;
use crate::world::World;

on_every_engine! {
    crate::world::run;
    what_is_shown_is_neither_removed_nor_swept_away,
    a_holder_shows_one_picture_whatever_happens_at_once,
    a_private_picture_is_shown_by_its_owner_only,
    a_held_picture_is_held_in_the_transaction_or_not_at_all,
}

impl World {
    async fn show(&self, holder: Holder, key: Option<&MediaKey>, at: i64) -> bool {
        let shown = self.media.hold(holder, key, minutes(at)).await;
        shown.expect("an answer")
    }
}

async fn what_is_shown_is_neither_removed_nor_swept_away(world: Arc<World>) {
    let me: UserId = id();
    let key = world.stored(Some(me.into()), 0).await;
    let (profile, persona) = (Holder::Profile(me), Holder::Persona(id::<i64>(), me));
    assert!(world.show(profile, Some(&key), 1).await);
    assert!(world.show(persona, Some(&key), 1).await);
    let found = world.media.find_owned(me.into(), &key).await;
    assert!(found.expect("a look").expect("a picture").is_held);
    let refused = world.media.disown(me.into(), &key, minutes(2)).await;
    assert_eq!(refused.expect("an answer"), Disowned::InUse);
    assert!(world.show(profile, None, 600).await);
    assert_eq!(world.doomed(10_000).await, []);
    assert!(world.show(persona, None, 20_000).await);
    // It counts as unused only from the moment when nothing shows it any more.
    assert_eq!(world.doomed(20_030).await, []);
    assert_eq!(world.doomed(20_061).await, std::slice::from_ref(&key));
    assert!(!world.show(profile, Some(&key), 20_062).await);
    let unknown = MediaKey::public(b"unknown", MediaKind::Png);
    assert!(!world.show(profile, Some(&unknown), 1).await);
}

async fn a_holder_shows_one_picture_whatever_happens_at_once(world: Arc<World>) {
    let me: UserId = id();
    let mut keys = Vec::new();
    for at in 0..3 {
        keys.push(world.stored(Some(me.into()), at).await);
    }
    let keys = Arc::new(keys);
    race(|number| {
        let (world, keys) = (world.clone(), keys.clone());
        async move {
            // As the owner of a transaction would: again, until it gets through.
            loop {
                let key = keys.get(number % 4);
                let outcome = world.media.hold(Holder::Profile(me), key, minutes(5)).await;
                match outcome {
                    Err(domain::RepositoryError::Contention) => {}
                    outcome => return outcome.expect("an answer"),
                }
            }
        }
    })
    .await;
    assert!(world.count("media_references").await <= 1);
}

async fn a_private_picture_is_shown_by_its_owner_only(world: Arc<World>) {
    let (me, other): (UserId, UserId) = (id(), id());
    let key = MediaKey::private(me.into(), b"mine", MediaKind::Png);
    let mine = with_key(key.clone(), Some(me.into()), 0);
    assert_eq!(world.register(&mine).await, Registered::Wanted);
    assert!(!world.show(Holder::Profile(other), Some(&key), 1).await);
    assert!(world.show(Holder::Profile(me), Some(&key), 1).await);
}

async fn a_held_picture_is_held_in_the_transaction_or_not_at_all(world: Arc<World>) {
    let me: UserId = id();
    let key = world.stored(Some(person()), 0).await;
    let unit = world.unit().await;
    let held = unit
        .media()
        .hold(Holder::Profile(me), Some(&key), minutes(1));
    assert!(held.await.expect("an answer"));
    drop(unit);
    assert_eq!(world.count("media_references").await, 0);
    let unit = world.unit().await;
    let held = unit
        .media()
        .hold(Holder::Profile(me), Some(&key), minutes(1));
    assert!(held.await.expect("an answer"));
    unit.commit().await.expect("a commit");
    assert_eq!(world.count("media_references").await, 1);
}
