use std::time::Duration;

use domain::limit::{Limit, SharedBuckets, SharedBucketsError, Spent, Taken};
use gateway::{RedisBuckets, RedisBucketsOptions, RedisLinkError};
use url::Url;

use crate::PATIENCE;
use crate::proxy::Absent;
use crate::redis_server::Redis;

/// Three tries, and so long until one comes back that none does in a test.
const SLOW: Limit = Limit {
    capacity: 3,
    refill: Duration::from_secs(100),
};

impl Redis {
    /// The buckets of one node.
    fn buckets_of(&self, url: &Url, secret: &str) -> RedisBuckets {
        let options = RedisBucketsOptions {
            prefix: self.prefix.clone(),
            rest: Duration::ZERO,
            ..RedisBucketsOptions::default()
        };
        RedisBuckets::connect(&url.as_str().into(), &secret.into(), options).expect("a good URL")
    }

    fn buckets(&self) -> RedisBuckets {
        self.buckets_of(&self.url, "a secret")
    }
}

async fn take(node: &RedisBuckets, bucket: &str, tries: u32) -> Taken {
    node.take(bucket, SLOW, tries).await.expect("Redis answers")
}

/// About so many refills are owed: time passes while a test runs.
#[track_caller]
fn owes(owed: Duration, refills: u32) {
    let most = SLOW.refill * refills;
    assert!(owed <= most && owed + SLOW.refill > most, "{owed:?}");
}

#[tokio::test]
async fn nodes_take_from_the_same_buckets() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let (one, two) = (redis.buckets(), redis.buckets());
    assert!(take(&one, "a", 1).await.granted);
    let second = take(&two, "a", 2).await;
    assert!(second.granted);
    owes(second.owed, 3);
    for node in [&one, &two] {
        let refused = take(node, "a", 1).await;
        assert!(!refused.granted);
        owes(refused.owed, 3);
    }
    assert!(take(&one, "b", 3).await.granted);
    one.give_back("a", SLOW, 2).await.expect("Redis answers");
    let again = take(&two, "a", 1).await;
    assert!(again.granted);
    owes(again.owed, 2);
    two.reset("a").await.expect("Redis answers");
    assert!(take(&one, "a", 3).await.granted);
    // More is given back than was taken: that fills a bucket, and no more.
    one.give_back("b", SLOW, 100).await.expect("Redis answers");
    assert!(take(&two, "b", 3).await.granted);
    assert!(!take(&two, "b", 1).await.granted);
}

#[tokio::test]
async fn many_at_once_get_no_more_than_there_is() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let nodes = [redis.buckets(), redis.buckets()];
    let tries = (0..50).map(|number| take(&nodes[number % 2], "a", 1));
    let taken = futures_util::future::join_all(tries).await;
    assert_eq!(taken.iter().filter(|taken| taken.granted).count(), 3);
}

#[tokio::test]
async fn what_was_spent_is_noted_be_it_too_much() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let node = redis.buckets();
    assert!(take(&node, "b", 1).await.granted);
    let spent = |bucket: &str, tries| Spent {
        bucket: bucket.to_owned(),
        limit: SLOW,
        tries,
    };
    let owed = node.note(&[spent("a", 5), spent("b", 1)]).await;
    let owed = owed.expect("Redis answers");
    owes(owed[0], 5);
    owes(owed[1], 2);
    assert!(!take(&node, "a", 1).await.granted);
    assert!(node.note(&[]).await.expect("nothing to do").is_empty());
}

#[tokio::test]
async fn a_bucket_fills_with_time_and_is_kept_no_longer() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let quick = Limit {
        capacity: 1,
        refill: Duration::from_millis(20),
    };
    let node = redis.buckets();
    let take = async || {
        node.take("a", quick, 1)
            .await
            .expect("Redis answers")
            .granted
    };
    assert!(take().await);
    let comes_back = async { while !take().await {} };
    let came = tokio::time::timeout(PATIENCE, comes_back).await;
    came.expect("a try comes back");
    let empty = async { while !redis.keys().await.is_empty() {} };
    let gone = tokio::time::timeout(PATIENCE, empty).await;
    gone.expect("a full bucket is not kept");
}

#[tokio::test]
async fn redis_sees_no_names_and_installations_do_not_meet() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let (ours, theirs) = (redis.buckets(), redis.buckets_of(&redis.url, "another"));
    assert!(take(&ours, "mails yuna@example.com", 3).await.granted);
    assert!(take(&theirs, "mails yuna@example.com", 3).await.granted);
    let keys = redis.keys().await;
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| !key.contains("yuna")), "{keys:?}");
}

impl Redis {
    /// All keys of this test.
    async fn keys(&self) -> Vec<String> {
        let client = redis::Client::open(self.url.as_str()).expect("the URL is good");
        let connection = client.get_multiplexed_async_connection().await;
        let mut connection = connection.expect("Redis is there");
        let keys = redis::cmd("KEYS")
            .arg(format!("{}:*", self.prefix))
            .query_async(&mut connection)
            .await;
        keys.expect("Redis answers")
    }
}

/// Fails, and in bounded time.
async fn fails(node: &RedisBuckets) -> SharedBucketsError {
    let taking = tokio::time::timeout(PATIENCE, node.take("a", SLOW, 1)).await;
    let taken = taking.expect("an answer in bounded time");
    taken.expect_err("Redis cannot be asked")
}

#[tokio::test]
async fn redis_that_is_away_or_hangs_is_told_and_used_again_when_it_is_back() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let absent = Absent::new();
    let url = redis.via(absent.address.port());
    let node = redis.buckets_of(&url, "a secret");
    fails(&node).await;
    let proxy = absent.appear(redis.target());
    let back = async { while node.take("a", SLOW, 0).await.is_err() {} };
    let came = tokio::time::timeout(PATIENCE, back).await;
    came.expect("Redis is used once it is there");
    for trouble in [true, false] {
        if trouble {
            proxy.cut();
        } else {
            proxy.freeze();
        }
        fails(&node).await;
        proxy.restore();
        let back = async { while node.take("a", SLOW, 0).await.is_err() {} };
        let came = tokio::time::timeout(PATIENCE, back).await;
        came.expect("Redis is used again");
    }
}

#[tokio::test]
async fn what_failed_is_left_alone() {
    let absent = Absent::new();
    let url = format!("redis://{}", absent.address);
    let options = RedisBucketsOptions {
        rest: Duration::from_secs(600),
        ..RedisBucketsOptions::default()
    };
    let node = RedisBuckets::connect(&url.as_str().into(), &"a secret".into(), options);
    let node = node.expect("a good URL");
    fails(&node).await;
    let error = fails(&node).await;
    let cause = std::error::Error::source(&error)
        .expect("a cause")
        .to_string();
    assert_eq!(cause, "Redis failed and is left alone");
}

#[test]
fn a_url_of_something_else_is_refused() {
    let made = RedisBuckets::connect(
        &"http://user:hush@localhost".into(),
        &"a secret".into(),
        RedisBucketsOptions::default(),
    );
    assert!(matches!(made.err(), Some(RedisLinkError::Url(_))));
}
