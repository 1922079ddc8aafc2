//! How many requests an account, an API key or an address may send.
//!
//! Counted here, in a table of a fixed size, without asking anybody: a request costs less than a
//! microsecond of it. Where nodes share their buckets, each tells the others once a second who
//! asks a lot; docs/adr/0018-limits.md says why that is enough.

mod sharing;
mod table;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use domain::limit::{Limit, SharedBuckets};
use domain::notification::ApiKeyId;
use domain::user::UserId;
use parking_lot::Mutex;

use crate::throttle::Wait;
use table::{Key, Table};

/// The time that the limits are told for.
const WINDOW: Duration = Duration::from_secs(60);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Somebody signed in.
    Account(UserId),
    /// A program.
    Key(ApiKeyId),
    /// Anybody else, by where they come from. An IPv6 network of 64 bits counts as one: a single
    /// client owns it.
    Address(IpAddr),
}

/// Which limit holds for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// That of accounts.
    Account,
    /// That of API keys.
    Key,
    /// That of addresses.
    Address,
}

impl Policy {
    const ALL: [Self; 3] = [Self::Account, Self::Key, Self::Address];

    /// Its name, the same for ever.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Key => "key",
            Self::Address => "address",
        }
    }
}

impl Asker {
    /// Which limit holds for them.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match self {
            Self::Account(_) => Policy::Account,
            Self::Key(_) => Policy::Key,
            Self::Address(_) => Policy::Address,
        }
    }

    fn key(&self) -> Key {
        match self {
            Self::Account(user) => Key::new(1, user.get().cast_unsigned()),
            Self::Key(key) => Key::new(2, key.get().cast_unsigned()),
            Self::Address(address) => match address.to_canonical() {
                IpAddr::V4(address) => Key::new(3, u32::from(address).into()),
                IpAddr::V6(address) => Key::new(4, (u128::from(address) >> 64) as u64),
            },
        }
    }
}

/// How many requests a minute; 0 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestSettings {
    /// Of an account.
    pub per_account: u32,
    /// Of an API key.
    pub per_key: u32,
    /// Of an address.
    pub per_address: u32,
}

impl RequestSettings {
    fn limit(&self, policy: Policy) -> Option<Limit> {
        let capacity = match policy {
            Policy::Account => self.per_account,
            Policy::Key => self.per_key,
            Policy::Address => self.per_address,
        };
        let refill = WINDOW.checked_div(capacity)?;
        Some(Limit { capacity, refill })
    }
}

/// How somebody stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What they are counted by.
    pub policy: Policy,
    /// Requests left now.
    pub left: u32,
    /// The time until there is one more.
    pub more_in: Duration,
}

/// Counts requests.
pub struct RequestLimits {
    limits: [Option<Limit>; Policy::ALL.len()],
    clock: Arc<dyn Clock>,
    table: Table,
    shared: Option<Arc<dyn SharedBuckets>>,
    /// Who has asked a lot since the others were told.
    busy: Mutex<Vec<Asker>>,
}

impl RequestLimits {
    /// Nobody has asked yet; `None` where there is no limit at all. `shared` are the buckets of all
    /// nodes, where there are others.
    #[must_use]
    pub fn new(
        settings: RequestSettings,
        clock: Arc<dyn Clock>,
        shared: Option<Arc<dyn SharedBuckets>>,
    ) -> Option<Self> {
        let limits = Policy::ALL.map(|policy| settings.limit(policy));
        limits.iter().any(Option::is_some).then(|| Self {
            limits,
            clock,
            table: Table::default(),
            shared,
            busy: Mutex::default(),
        })
    }

    /// What holds under a policy, where anything does.
    #[must_use]
    pub fn limit(&self, policy: Policy) -> Option<Limit> {
        self.limits[policy as usize]
    }

    /// Counts a request; `None` where there is no limit for whoever asks.
    ///
    /// # Errors
    /// How long to wait where there is none left.
    pub fn take(&self, asker: Asker) -> Option<Result<Standing, Wait>> {
        let policy = asker.policy();
        let limit = self.limit(policy)?;
        let taken = self.table.take(asker.key(), limit, self.now());
        let owed = match taken {
            Ok(taken) => {
                if self.shared.is_some() && sharing::is_worth_telling(taken.spent, limit) {
                    self.note_busy(asker);
                }
                taken.owed
            }
            Err(time) => return Some(Err(Wait { time, limit })),
        };
        let refill = limit.refill.as_nanos().max(1);
        let used = owed.as_nanos().div_ceil(refill);
        let used = u32::try_from(used).unwrap_or(u32::MAX);
        // After this request something is always owed.
        let until_more = owed.as_nanos().saturating_sub(1) % refill + 1;
        Some(Ok(Standing {
            policy,
            left: limit.capacity.saturating_sub(used),
            more_in: Duration::from_nanos(u64::try_from(until_more).unwrap_or(u64::MAX)),
        }))
    }

    /// In microseconds since 1970.
    fn now(&self) -> u64 {
        let now = self.clock.now().timestamp_micros();
        u64::try_from(now).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
