use std::time::Duration;

use domain::event::{EventBus, Signal};
use futures_util::FutureExt;
use gateway::event_bus::{RedisBus, RedisBusOptions};
use url::Url;

use crate::proxy::Absent;
use crate::redis_server::Redis;
use crate::{PATIENCE, changed, hear, hears};

impl Redis {
    fn connect(&self, url: &Url) -> RedisBus {
        let options = RedisBusOptions {
            prefix: self.prefix.clone(),
            heartbeat: Duration::from_millis(100),
            longest_pause: Duration::from_millis(200),
            ..RedisBusOptions::default()
        };
        RedisBus::connect(&url.as_str().into(), options).expect("the URL is good")
    }

    async fn live(&self, url: &Url) -> RedisBus {
        let bus = self.connect(url);
        becomes(&bus, true).await;
        bus
    }

    /// Says something on the channel that no bus would.
    async fn say(&self, payload: &str) {
        let client = redis::Client::open(self.url.as_str()).expect("the URL is good");
        let mut connection = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis is there");
        redis::cmd("PUBLISH")
            .arg(format!("{}:events:v1", self.prefix))
            .arg(payload)
            .exec_async(&mut connection)
            .await
            .expect("Redis takes it");
    }
}

async fn becomes(bus: &RedisBus, live: bool) {
    let mut liveness = bus.liveness();
    tokio::time::timeout(PATIENCE, liveness.wait_for(|now| *now == live))
        .await
        .expect("it becomes so in time")
        .expect("the bus is there");
}

#[tokio::test]
async fn nodes_hear_each_other_and_themselves_once() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let (one, two) = (redis.live(&redis.url).await, redis.live(&redis.url).await);
    assert!(one.is_live() && two.is_live());
    let (mut at_one, mut at_two) = (one.subscribe(), two.subscribe());

    one.publish(changed(1)).await.expect("published");
    hears(&mut at_one, [1]).await;
    hears(&mut at_two, [1]).await;
    // Redis keeps the order: had node one heard itself twice, it would be before this.
    two.publish(changed(2)).await.expect("published");
    hears(&mut at_one, [2]).await;
    one.publish(changed(3)).await.expect("published");
    hears(&mut at_two, [2, 3]).await;
    hears(&mut at_one, [3]).await;
}

#[tokio::test]
async fn who_hangs_up_while_publishing_is_heard_all_the_same() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let (one, two) = (redis.live(&redis.url).await, redis.live(&redis.url).await);
    let mut at_two = two.subscribe();

    let unfinished = one.publish(changed(1)).now_or_never();
    assert!(unfinished.is_none());
    hears(&mut at_two, [1]).await;
}

#[tokio::test]
async fn installations_with_other_prefixes_are_not_heard() {
    let (Some(ours), Some(theirs)) = (Redis::from_environment(), Redis::from_environment()) else {
        return;
    };
    let (our_one, our_two) = (ours.live(&ours.url).await, ours.live(&ours.url).await);
    let their_bus = theirs.live(&theirs.url).await;
    let mut subscription = our_one.subscribe();

    their_bus.publish(changed(1)).await.expect("published");
    our_two.publish(changed(2)).await.expect("published");
    hears(&mut subscription, [2]).await;
}

#[tokio::test]
async fn a_cut_is_known_on_both_edges_and_made_good() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let proxy = redis.proxy();
    let cut_off = redis.live(&redis.via(proxy.address.port())).await;
    let other = redis.live(&redis.url).await;
    let (mut at_cut_off, mut at_other) = (cut_off.subscribe(), other.subscribe());

    proxy.cut();
    becomes(&cut_off, false).await;
    assert!(!cut_off.is_live());
    assert_eq!(hear(&mut at_cut_off).await, Some(Signal::Missed));

    other.publish(changed(1)).await.expect("published");
    hears(&mut at_other, [1]).await;
    cut_off
        .publish(changed(2))
        .await
        .expect_err("Redis cannot be reached");
    cut_off.ping().await.expect_err("Redis cannot be reached");
    hears(&mut at_cut_off, [2]).await;

    proxy.restore();
    becomes(&cut_off, true).await;
    assert_eq!(hear(&mut at_cut_off).await, Some(Signal::Missed));
    // What could not be sent was lost, but the other node learns that it was.
    assert_eq!(hear(&mut at_other).await, Some(Signal::Missed));

    cut_off.publish(changed(3)).await.expect("published");
    other.publish(changed(4)).await.expect("published");
    hears(&mut at_other, [3, 4]).await;
    hears(&mut at_cut_off, [3, 4]).await;
}

#[tokio::test]
async fn a_connection_that_died_while_idle_costs_no_event() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let proxy = redis.proxy();
    let idle = redis.live(&redis.via(proxy.address.port())).await;
    let other = redis.live(&redis.url).await;
    let mut at_other = other.subscribe();
    idle.publish(changed(1)).await.expect("published");

    proxy.cut();
    becomes(&idle, false).await;
    proxy.restore();
    becomes(&idle, true).await;

    idle.publish(changed(2)).await.expect("published");
    hears(&mut at_other, [1, 2]).await;
}

#[tokio::test]
async fn a_connection_that_dies_without_a_word_is_noticed() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let proxy = redis.proxy();
    let bus = redis.live(&redis.via(proxy.address.port())).await;
    let mut subscription = bus.subscribe();
    bus.ping().await.expect("Redis answers");

    proxy.freeze();
    bus.publish(changed(1))
        .await
        .expect_err("Redis does not answer in time");
    hears(&mut subscription, [1]).await;
    becomes(&bus, false).await;
    assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));

    proxy.restore();
    becomes(&bus, true).await;
    assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));
    bus.ping().await.expect("Redis answers again");
}

#[tokio::test]
async fn redis_may_come_later_than_the_node() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let absent = Absent::new();
    let early = redis.connect(&redis.via(absent.address.port()));
    let other = redis.live(&redis.url).await;
    let mut subscription = early.subscribe();
    early.ping().await.expect_err("there is no Redis yet");
    assert!(!early.is_live());

    let _proxy = absent.appear(redis.target());
    becomes(&early, true).await;
    early.ping().await.expect("Redis is there");
    assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));
    other.publish(changed(1)).await.expect("published");
    hears(&mut subscription, [1]).await;
}

#[tokio::test]
async fn what_a_newer_node_says_counts_as_missed() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let bus = redis.live(&redis.url).await;
    let mut subscription = bus.subscribe();

    for payload in [
        r#"{"from":"other","event":{"event":"weather_changed","city":"Seoul"}}"#,
        r#"{"from":"other","event":7}"#,
        r#"{"event":{"event":"user_changed","user":1}}"#,
        "not even JSON",
    ] {
        redis.say(payload).await;
        assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));
    }
    redis
        .say(r#"{"from":"other","event":{"event":"user_changed","user":1,"why":"new"}}"#)
        .await;
    hears(&mut subscription, [1]).await;
    assert!(bus.is_live());
}

#[tokio::test]
async fn after_a_shutdown_nothing_is_heard_or_taken() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let bus = redis.live(&redis.url).await;
    let mut subscription = bus.subscribe();

    bus.shutdown().await;
    assert!(!bus.is_live());
    assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));
    assert_eq!(hear(&mut subscription).await, None);
    assert_eq!(hear(&mut bus.subscribe()).await, None);
    bus.publish(changed(1)).await.expect_err("the bus is gone");
    bus.shutdown().await;
}

#[tokio::test]
async fn subscriptions_end_when_the_bus_is_dropped() {
    let Some(redis) = Redis::from_environment() else {
        return;
    };
    let bus = redis.live(&redis.url).await;
    let mut subscription = bus.subscribe();
    drop(bus);
    assert_eq!(hear(&mut subscription).await, Some(Signal::Missed));
    assert_eq!(hear(&mut subscription).await, None);
}
