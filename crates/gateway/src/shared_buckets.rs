//! Buckets of tries in Redis, which all nodes of an installation take from.

mod rest;

use std::fmt::Write as _;
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::hmac;
use domain::limit::{Limit, SharedBuckets, SharedBucketsError, Spent, Taken};
use redis::{Cmd, FromRedisValue};
use secrecy::{ExposeSecret, SecretString};

use self::rest::Rest;
use crate::redis_link::{RedisLink, RedisLinkError};

/// What every script begins with. A bucket is the moment at which it is full, in microseconds of
/// Redis' own clock; one that is full is not kept. Redis runs a script at once and alone.
const HEAD: &str = "local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function owed(key)
  return math.max((tonumber(redis.call('GET', key)) or now) - now, 0)
end
local function keep(key, owed)
  if owed <= 0 then return redis.call('DEL', key) end
  redis.call('SET', key, string.format('%.0f', now + owed), 'PX', math.ceil(owed / 1000))
end
";

/// Takes `ARGV[1]` from a bucket that holds `ARGV[2]`, both in microseconds.
const TAKE: &str = "local owed, most = owed(KEYS[1]), tonumber(ARGV[2])
local after = owed + tonumber(ARGV[1])
if after > most then return {0, owed} end
keep(KEYS[1], after)
return {1, after}
";

/// Gives `ARGV[1]` back.
const GIVE_BACK: &str = "keep(KEYS[1], owed(KEYS[1]) - tonumber(ARGV[1]))
return 1
";

/// Takes `ARGV[i]` from each bucket, whatever it holds.
const NOTE: &str = "local after = {}
for i, key in ipairs(KEYS) do
  after[i] = owed(key) + tonumber(ARGV[i])
  keep(key, after[i])
end
return after
";

/// Bytes of a key's hash.
const HASH_BYTES: usize = 16;

/// How [`RedisBuckets`] behave. The default is meant for production.
#[derive(Clone, Debug)]
pub struct RedisBucketsOptions {
    /// What the names of keys begin with.
    pub prefix: String,
    /// How long Redis may take. Somebody waits meanwhile to be let in.
    pub timeout: Duration,
    /// How long Redis is left alone after it failed; then one command tries it.
    pub rest: Duration,
}

impl Default for RedisBucketsOptions {
    fn default() -> Self {
        Self {
            prefix: "ensemble".to_owned(),
            timeout: Duration::from_millis(200),
            rest: Duration::from_secs(1),
        }
    }
}

/// [`SharedBuckets`] in Redis.
///
/// Names hold addresses of people: Redis sees their keyed hashes only, so that installations with
/// secrets of their own also have buckets of their own.
pub struct RedisBuckets {
    link: RedisLink,
    secret: hmac::Key,
    prefix: String,
    rest: Rest,
}

impl RedisBuckets {
    /// Buckets in the Redis at `url`; `secret` is the same on all nodes. Connects when it is first
    /// asked.
    ///
    /// # Errors
    /// [`RedisLinkError::Url`] or [`RedisLinkError::Insecure`]; never because Redis is absent.
    pub fn connect(
        url: &SecretString,
        secret: &SecretString,
        options: RedisBucketsOptions,
    ) -> Result<Self, RedisLinkError> {
        let link = RedisLink::new(url, options.timeout)?;
        Ok(Self {
            rest: Rest::new(options.rest, link.address()),
            link,
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes()),
            prefix: options.prefix,
        })
    }

    fn key(&self, bucket: &str) -> String {
        let mut key = format!("{}:tries:v1:", self.prefix);
        let hash = hmac::sign(&self.secret, bucket.as_bytes());
        for byte in &hash.as_ref()[..HASH_BYTES] {
            // Writing to a text cannot fail.
            let _ = write!(key, "{byte:02x}");
        }
        key
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, SharedBucketsError> {
        let failed = |error: RedisLinkError| SharedBucketsError(error.into());
        if !self.rest.may_ask() {
            return Err(SharedBucketsError("Redis failed and is left alone".into()));
        }
        let answer = self.link.query(command).await;
        self.rest.heed(answer.as_ref().err());
        answer.map_err(failed)
    }
}

/// A script with keys; its arguments are yet to come.
fn script(body: &str, keys: &[String]) -> Cmd {
    let mut command = redis::cmd("EVAL");
    command.arg(format!("{HEAD}{body}")).arg(keys.len());
    command.arg(keys);
    command
}

/// What so many tries are worth.
fn micros(limit: Limit, tries: u32) -> u64 {
    let worth = limit.refill.saturating_mul(tries).as_micros();
    u64::try_from(worth).unwrap_or(u64::MAX)
}

#[async_trait]
impl SharedBuckets for RedisBuckets {
    async fn take(
        &self,
        bucket: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<Taken, SharedBucketsError> {
        let mut command = script(TAKE, &[self.key(bucket)]);
        command
            .arg(micros(limit, tries))
            .arg(micros(limit, limit.capacity));
        let (granted, owed): (bool, u64) = self.ask(&command).await?;
        Ok(Taken {
            granted,
            owed: Duration::from_micros(owed),
        })
    }

    async fn give_back(
        &self,
        bucket: &str,
        limit: Limit,
        tries: u32,
    ) -> Result<(), SharedBucketsError> {
        let mut command = script(GIVE_BACK, &[self.key(bucket)]);
        self.ask(command.arg(micros(limit, tries))).await
    }

    async fn reset(&self, bucket: &str) -> Result<(), SharedBucketsError> {
        self.ask(redis::cmd("DEL").arg(self.key(bucket))).await
    }

    async fn note(&self, spent: &[Spent]) -> Result<Vec<Duration>, SharedBucketsError> {
        if spent.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> = spent.iter().map(|one| self.key(&one.bucket)).collect();
        let worth: Vec<_> = spent
            .iter()
            .map(|one| micros(one.limit, one.tries))
            .collect();
        let mut command = script(NOTE, &keys);
        let owed: Vec<u64> = self.ask(command.arg(worth)).await?;
        Ok(owed.into_iter().map(Duration::from_micros).collect())
    }
}
