//! Pictures.

mod media;
mod media_holders;
mod media_sweep;

use std::sync::Arc;

use chrono::TimeDelta;
use domain::persona::{
    Media, MediaKey, MediaKind, MediaQuota, MediaRepository, NewMedia, Registered,
};
use domain::user::PersonId;

use crate::builders::{id, minutes};
use crate::world::World;

const QUOTA: MediaQuota = MediaQuota {
    files: 3,
    bytes: 1_000,
};

/// A new picture of ten bytes, handed in so many minutes after noon.
fn new(owner: Option<PersonId>, at: i64) -> NewMedia {
    let content: i64 = id();
    let key = MediaKey::public(&content.to_be_bytes(), MediaKind::Png);
    with_key(key, owner, at)
}

fn with_key(key: MediaKey, owner: Option<PersonId>, at: i64) -> NewMedia {
    NewMedia {
        media: Media {
            key,
            bytes: 10,
            width: 30,
            height: 20,
            created_at: minutes(at),
        },
        owner,
    }
}

fn person() -> PersonId {
    id()
}

impl World {
    async fn register(&self, new: &NewMedia) -> Registered {
        let outcome = self.media.register(new, QUOTA).await;
        outcome.expect("an answer")
    }

    /// Registers a picture and notes that its file is there.
    async fn stored(self: &Arc<Self>, owner: Option<PersonId>, at: i64) -> MediaKey {
        let new = new(owner, at);
        assert_eq!(self.register(&new).await, Registered::Wanted);
        let noted = self.media.stored(&new.media.key).await;
        noted.expect("it is noted");
        new.media.key
    }

    async fn keys(&self, owner: PersonId) -> Vec<MediaKey> {
        let list = self.media.list(owner, None, 100).await.expect("a list");
        list.into_iter().map(|owned| owned.media.key).collect()
    }

    /// The pictures that a sweep at `now` would take which keeps unused ones for an hour.
    async fn doomed(&self, now: i64) -> Vec<MediaKey> {
        let now = minutes(now);
        let doomed = self
            .media
            .doom(
                now - TimeDelta::hours(1),
                now - TimeDelta::minutes(10),
                now,
                100,
            )
            .await;
        doomed.expect("a sweep")
    }
}

mod builders;
mod removal;
mod shelf;
mod tokens;
