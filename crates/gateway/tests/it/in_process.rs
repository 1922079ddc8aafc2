use domain::event::{EventBus, Signal};
use gateway::event_bus::InProcessBus;

use crate::{changed, hear, hears};

#[tokio::test]
async fn every_subscriber_hears_what_is_published_after_it_came() {
    let bus = InProcessBus::new();
    bus.publish(changed(1)).await.expect("nobody need listen");
    let mut early = bus.subscribe();
    bus.publish(changed(2)).await.expect("published");
    let mut late = bus.subscribe();
    bus.publish(changed(3)).await.expect("published");

    hears(&mut early, [2, 3]).await;
    hears(&mut late, [3]).await;
    assert!(bus.is_live());
}

#[tokio::test]
async fn a_slow_subscriber_learns_that_it_missed_something() {
    let bus = InProcessBus::with_capacity(2);
    let mut slow = bus.subscribe();
    for user in 1..=5 {
        bus.publish(changed(user)).await.expect("published");
    }

    assert_eq!(hear(&mut slow).await, Some(Signal::Missed));
    hears(&mut slow, [4, 5]).await;
    bus.publish(changed(6)).await.expect("published");
    hears(&mut slow, [6]).await;
}

#[tokio::test]
async fn subscriptions_end_with_the_bus() {
    let bus = InProcessBus::new();
    let mut subscription = bus.subscribe();
    bus.publish(changed(1)).await.expect("published");
    bus.shutdown();

    hears(&mut subscription, [1]).await;
    assert_eq!(hear(&mut subscription).await, None);
    assert_eq!(hear(&mut bus.subscribe()).await, None);
    bus.publish(changed(2)).await.expect("nobody need listen");

    let bus = InProcessBus::new();
    let mut subscription = bus.subscribe();
    drop(bus);
    assert_eq!(hear(&mut subscription).await, None);
}
