//! People who are friends in pairs and signed in, made faster than the program could: it would hash
//! a password for each.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::chat::{Bond, Pair};
use domain::unit_of_work::{UnitOfWork, UnitOfWorkFactory};
use domain::user::{Device, Name, NewUser, Session, SessionId, User, UserId};
use domain::{Clock, IdGenerator, SystemClock};
use repository::{Database, SeaUnitOfWorkFactory};
use service::user::{AccessTokens, KeyRing, TokenSettings};

use crate::Outcome;

/// What the program under load signs its tokens with.
pub const SECRET: &str = "a bench has nothing to hide from anybody here";
/// People made in one transaction.
const PEOPLE: usize = 2_000;
/// The program's own id generator is node 0.
const NODE: u16 = 7;

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Friend {
    /// Who.
    pub id: UserId,
    /// What they sign in with.
    pub token: String,
}

/// Two friends.
pub type Friends = (Friend, Friend);

/// Makes so many pairs of friends in a migrated database.
///
/// # Errors
/// Where the database refuses.
pub async fn load(database: &Database, pairs: usize) -> Outcome<Vec<Friends>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids = IdGenerator::new(NODE, clock.clone());
    let settings = TokenSettings {
        issuer: "ensemble".into(),
        audience: "ensemble".into(),
        lifetime: Duration::from_secs(24 * 3_600),
    };
    let tokens = AccessTokens::new(KeyRing::hs256(&SECRET.into(), &[]), settings, clock);
    let units = SeaUnitOfWorkFactory::new(database.clone());
    let now = SystemClock.now();
    let mut made = Vec::with_capacity(pairs);
    while made.len() < pairs {
        let unit = units.begin().await?;
        for _ in 0..PEOPLE.min(pairs - made.len()) {
            let one = person(&*unit, &ids, &tokens, now).await?;
            let other = person(&*unit, &ids, &tokens, now).await?;
            let pair = Pair::of(one.id, other.id).ok_or("two ids are one")?;
            let bond = Some(Bond::Friends);
            unit.friendships().set(pair, bond, now).await?;
            made.push((one, other));
        }
        unit.commit().await?;
    }
    Ok(made)
}

async fn person(
    unit: &dyn UnitOfWork,
    ids: &IdGenerator,
    tokens: &AccessTokens,
    now: DateTime<Utc>,
) -> Outcome<Friend> {
    let (id, session): (UserId, SessionId) = (ids.next(), ids.next());
    let user = User::new(id, Name::parse(&format!("b{id}"))?, now);
    let account = NewUser {
        user,
        password_hash: None,
    };
    unit.users().insert(&account).await?;
    let session = Session {
        id: session,
        user_id: id,
        device: Device::default(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + TimeDelta::days(1),
    };
    unit.sessions().insert(&session).await?;
    let token = tokens.issue(id, session.id)?;
    Ok(Friend { id, token })
}
