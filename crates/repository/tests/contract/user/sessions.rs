//! Sessions.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::user::{
    Device, RefreshToken, RefreshTokenRepository, Role, Session, SessionId, SessionRepository,
    User, UserStatus,
};
use test_database::on_every_engine;

use crate::builders::{self, id, minutes, noon, session, token};
use crate::race::{RUNNERS, count, race};
use crate::world::World;

on_every_engine! {
    crate::world::run;
    a_living_session_tells_what_its_owner_may_do,
    a_session_is_over_from_the_moment_it_expires,
    living_sessions_are_listed_the_latest_used_first,
    using_a_session_never_moves_it_back,
    a_living_session_is_prolonged_and_an_ended_one_is_not,
    a_session_is_ended_by_its_owner_only,
    a_session_of_many_endings_ends_once,
    all_sessions_end_but_one,
    all_sessions_end,
    the_oldest_living_sessions_end_until_so_many_are_left,
    sessions_that_are_ended_one_by_one_and_all_at_once_all_end,
    what_is_long_over_is_purged,
}

impl World {
    /// Stores a session with a refresh token.
    pub(crate) async fn signed_in(&self, owner: &User) -> (Session, RefreshToken) {
        let session = self.store_session(session(owner)).await;
        let token = token(&session);
        self.tokens.insert(&token).await.expect("stores a token");
        (session, token)
    }

    async fn living(&self, owner: &User) -> Vec<SessionId> {
        let sessions = self.sessions.list_living(owner.id, noon()).await;
        sessions.expect("a list").iter().map(|s| s.id).collect()
    }
}

async fn a_living_session_tells_what_its_owner_may_do(world: Arc<World>) {
    let addresses: [Option<IpAddr>; 3] = [
        None,
        Some([203, 0, 113, 7].into()),
        Some([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x7fff].into()),
    ];
    for (role, status, ip) in [
        (Role::User, UserStatus::Active, addresses[0]),
        (Role::Admin, UserStatus::Active, addresses[1]),
        (Role::User, UserStatus::Blocked, addresses[2]),
    ] {
        let owner = world
            .store_user(User {
                role,
                status,
                ..builders::user()
            })
            .await;
        let stored = world
            .store_session(Session {
                device: Device::new(ip.map(|_| "갤럭시 📱"), ip),
                created_at: minutes(-3),
                last_seen_at: minutes(-2),
                ..session(&owner)
            })
            .await;
        let found = world.sessions.find_living(stored.id, noon()).await;
        let found = found.expect("a look").expect("a session");
        assert_eq!(found.session, stored);
        assert_eq!((found.role, found.status), (role, status));
    }
    let found = world.sessions.find_living(id(), noon()).await;
    assert_eq!(found.expect("a look"), None);
}

async fn a_session_is_over_from_the_moment_it_expires(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_session(session(&owner)).await;
    let last = stored.expires_at - TimeDelta::microseconds(1);
    for (now, lives) in [(last, true), (stored.expires_at, false)] {
        let found = world.sessions.find_living(stored.id, now).await;
        assert_eq!(found.expect("a look").is_some(), lives, "{now}");
        let listed = world.sessions.list_living(owner.id, now).await;
        assert_eq!(listed.expect("a list").len(), usize::from(lives), "{now}");
    }
}

async fn living_sessions_are_listed_the_latest_used_first(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    world.store_session(session(&other)).await;
    let mut stored = Vec::new();
    for (seen, ends) in [(-10, 60), (-1, 60), (-5, 60), (-2, -1), (-5, 60)] {
        let session = Session {
            last_seen_at: minutes(seen),
            expires_at: minutes(ends),
            ..session(&owner)
        };
        stored.push(world.store_session(session).await);
    }
    let listed = world.sessions.list_living(owner.id, noon()).await;
    let expected = [1, 4, 2, 0].map(|number| stored[number].clone());
    assert_eq!(listed.expect("a list"), expected);
}

async fn using_a_session_never_moves_it_back(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_session(session(&owner)).await;
    let bystander = world.store_session(session(&owner)).await;
    for (at, seen) in [(5, 5), (3, 5), (6, 6)] {
        let touched = world.sessions.touch(stored.id, minutes(at)).await;
        touched.expect("a touch");
        let found = world.sessions.find_living(stored.id, noon()).await;
        let found = found.expect("a look").expect("a session");
        assert_eq!(found.session.last_seen_at, minutes(seen));
    }
    world.sessions.touch(id(), noon()).await.expect("a touch");
    let found = world.sessions.find_living(bystander.id, noon()).await;
    assert_eq!(found.expect("a look").map(|f| f.session), Some(bystander));
}

async fn a_living_session_is_prolonged_and_an_ended_one_is_not(world: Arc<World>) {
    let owner = world.user().await;
    let stored = world.store_session(session(&owner)).await;
    let prolong = async |until, now| {
        let done = world.sessions.prolong(stored.id, until, now).await;
        done.expect("an answer")
    };
    assert!(prolong(minutes(120), minutes(59)).await);
    let found = world.sessions.find_living(stored.id, minutes(119)).await;
    let found = found.expect("a look").expect("a session").session;
    assert_eq!(found.expires_at, minutes(120));
    assert_eq!(found.last_seen_at, minutes(59));

    assert!(!prolong(minutes(240), minutes(120)).await);
    let found = world.sessions.find_living(stored.id, minutes(120)).await;
    assert_eq!(found.expect("a look"), None);
    let absent = world.sessions.prolong(id(), minutes(240), noon()).await;
    assert!(!absent.expect("an answer"));
}

async fn a_session_is_ended_by_its_owner_only(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let (ended, _) = world.signed_in(&owner).await;
    let (kept, _) = world.signed_in(&owner).await;

    let done = world.sessions.end(other.id, ended.id).await;
    assert!(!done.expect("an answer"), "not theirs");
    assert_eq!(world.count("sessions").await, 2);

    assert!(
        world
            .sessions
            .end(owner.id, ended.id)
            .await
            .expect("an end")
    );
    assert_eq!(world.living(&owner).await, [kept.id]);
    assert_eq!(world.count("refresh_tokens").await, 1);
}

async fn a_session_of_many_endings_ends_once(world: Arc<World>) {
    let owner = world.user().await;
    let (ended, _) = world.signed_in(&owner).await;
    let outcomes = race(|_| {
        let (world, owner) = (world.clone(), owner.id);
        async move { world.sessions.end(owner, ended.id).await.expect("an end") }
    });
    assert_eq!(count(&outcomes.await, |ended| *ended), 1);
}

async fn all_sessions_end_but_one(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.signed_in(&owner).await.0.id);
    }
    let (bystander, _) = world.signed_in(&other).await;

    let kept = ids.remove(1);
    let ended = world.sessions.end_all(owner.id, Some(kept)).await;
    let mut ended = ended.expect("an end");
    ended.sort();
    assert_eq!(ended, ids);
    assert_eq!(world.living(&owner).await, [kept]);
    assert_eq!(world.living(&other).await, [bystander.id]);
    assert_eq!(world.count("refresh_tokens").await, 2);
}

async fn all_sessions_end(world: Arc<World>) {
    let owner = world.user().await;
    for _ in 0..3 {
        world.signed_in(&owner).await;
    }
    let ended = world.sessions.end_all(owner.id, None).await;
    assert_eq!(ended.expect("an end").len(), 3);
    let again = world.sessions.end_all(owner.id, None).await;
    assert_eq!(again.expect("an end"), []);
    assert_eq!(world.count("refresh_tokens").await, 0);
}

async fn sessions_that_are_ended_one_by_one_and_all_at_once_all_end(world: Arc<World>) {
    let owner = world.user().await;
    let mut ids = Vec::new();
    for _ in 0..RUNNERS {
        ids.push(world.signed_in(&owner).await.0.id);
    }
    let ended = race(|number| {
        let (world, owner, id) = (world.clone(), owner.id, ids[number]);
        async move {
            if number % 4 == 0 {
                world.sessions.end_all(owner, None).await.expect("an end")
            } else if world.sessions.end(owner, id).await.expect("an end") {
                vec![id]
            } else {
                Vec::new()
            }
        }
    });
    let mut ended = ended.await.concat();
    ended.sort();
    assert_eq!(ended, ids, "each by one of them");
    assert_eq!(world.count("refresh_tokens").await, 0);
}

async fn what_is_long_over_is_purged(world: Arc<World>) {
    let owner = world.user().await;
    let mut kept = Vec::new();
    for (ends, token_ends) in [(-20, -20), (-11, 60), (-9, -9), (60, -20), (60, 60)] {
        let session = Session {
            expires_at: minutes(ends),
            ..session(&owner)
        };
        let session = world.store_session(session).await;
        let token = RefreshToken {
            expires_at: minutes(token_ends),
            ..token(&session)
        };
        world.tokens.insert(&token).await.expect("stores a token");
        if ends > -10 {
            kept.push(session.id);
        }
    }
    let purged = world.sessions.purge(minutes(-10)).await;
    assert_eq!(purged.expect("a purge"), 2);
    assert_eq!(world.count("sessions").await, 3);
    assert_eq!(world.count("refresh_tokens").await, 2);
    let listed = world.sessions.list_living(owner.id, minutes(-10)).await;
    let mut listed: Vec<_> = listed.expect("a list").iter().map(|s| s.id).collect();
    listed.sort();
    assert_eq!(listed, kept);
    assert_eq!(
        world.sessions.purge(minutes(-10)).await.expect("a purge"),
        0
    );
}

async fn the_oldest_living_sessions_end_until_so_many_are_left(world: Arc<World>) {
    let (owner, other) = (world.user().await, world.user().await);
    let theirs = world.signed_in(&other).await.0;
    let mut opened = Vec::new();
    for _ in 0..4 {
        opened.push(world.signed_in(&owner).await.0.id);
    }
    // One that is over already, though it was opened last, takes nobody's place.
    world
        .store_session(Session {
            expires_at: noon(),
            ..session(&owner)
        })
        .await;
    let end = async |keep| {
        let ended = world.sessions.end_oldest(owner.id, keep, noon()).await;
        ended.expect("an answer")
    };
    assert_eq!(end(4).await, []);
    assert_eq!(end(2).await, opened[..2]);
    assert_eq!(end(2).await, []);
    let mut living = world.living(&owner).await;
    living.sort();
    assert_eq!(living, opened[2..]);
    assert_eq!(world.living(&other).await, [theirs.id]);
    let left = world.count("refresh_tokens").await;
    assert_eq!(left, 3);
}
