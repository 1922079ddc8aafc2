use domain::chat::Pair;

use super::*;
use crate::chat::What;
use crate::testing::FakeBus;

fn connection(user: i64, session: i64) -> Connection {
    Connection {
        user: user.into(),
        session: session.into(),
    }
}

fn told(ticket: &Ticket) -> (Seq, u64) {
    let wake = *ticket.wakes.borrow();
    (wake.reached, wake.doubts)
}

#[tokio::test]
async fn every_device_of_the_people_hears_of_news_and_nobody_else() {
    let bus = FakeBus::new();
    let hub = Hub::new(bus.clone());
    let tickets = [(1, 10), (1, 11), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
    let people = |seq| -> Vec<(UserId, Seq)> { vec![(1.into(), seq), (3.into(), 9)] };
    let moved = Event::ChatMoved { people: people(4) };
    hub.moved(people(4)).await;
    assert_eq!(bus.told(), std::slice::from_ref(&moved));
    hub.hear(&Signal::Event(moved.clone()));
    assert_eq!(tickets.each_ref().map(told), [(4, 0), (4, 0), (0, 0)]);
    // Without the bus this node's devices hear it all the same.
    bus.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    hub.moved(people(5)).await;
    assert_eq!(tickets.each_ref().map(told), [(5, 0), (5, 0), (0, 0)]);
    // What comes late, or back from the bus, wakes nobody.
    let [mut one, _, _] = tickets;
    one.wakes.mark_unchanged();
    hub.hear(&Signal::Event(moved));
    assert!(!one.wakes.has_changed().expect("a hub"));
}

#[tokio::test]
async fn what_was_stored_here_is_handed_over_and_never_piles_up() {
    let bus = FakeBus::new();
    let hub = Hub::new(bus.clone());
    let tickets = [(1, 10), (1, 11), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
    let moment = |seq| Moment {
        seq,
        what: What::Read {
            id: 5.into(),
            pair: Pair::of(1.into(), 2.into()).expect("a pair"),
            reader: 2.into(),
        },
    };
    hub.deliver(vec![(1.into(), moment(7)), (1.into(), moment(8))])
        .await;
    let people = vec![(1.into(), 8)];
    assert_eq!(bus.told(), [Event::ChatMoved { people }]);
    let seqs = |ticket: &Ticket| -> Vec<Seq> {
        ticket.moments().iter().map(|moment| moment.seq).collect()
    };
    for ticket in &tickets[..2] {
        assert_eq!((told(ticket), seqs(ticket)), ((8, 0), vec![7, 8]));
        assert!(seqs(ticket).is_empty());
    }
    assert!(seqs(&tickets[2]).is_empty());
    for seq in 9..1_000 {
        hub.deliver(vec![(1.into(), moment(seq))]).await;
    }
    let kept = seqs(&tickets[0]);
    assert_eq!((kept.len(), kept[0]), (place::MOMENTS, 9));
    assert_eq!(told(&tickets[0]), (999, 0));
}

#[tokio::test]
async fn who_may_be_signed_out_is_doubted() {
    let hub = Hub::new(FakeBus::new());
    let tickets = [(1, 10), (1, 11), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
    let session = 11.into();
    hub.hear(&Signal::Event(Event::SessionEnded { session }));
    assert_eq!(tickets.each_ref().map(told), [(0, 0), (0, 1), (0, 0)]);
    hub.hear(&Signal::Event(Event::UserChanged { user: 1.into() }));
    assert_eq!(tickets.each_ref().map(told), [(0, 1), (0, 2), (0, 0)]);
    hub.hear(&Signal::Missed);
    assert_eq!(tickets.each_ref().map(told), [(0, 2), (0, 3), (0, 1)]);
    let missed = tickets.each_ref().map(|one| one.wakes.borrow().missed);
    assert_eq!(missed, [1, 1, 1]);
}

#[tokio::test]
async fn typing_is_heard_by_the_other_once_and_never_piles_up() {
    let bus = FakeBus::new();
    let hub = Hub::new(bus.clone());
    let tickets = [(1, 10), (2, 20)].map(|(u, s)| hub.join(connection(u, s)));
    hub.typing(2.into(), 1.into()).await;
    let typing = Event::ChatTyping {
        from: 2.into(),
        to: 1.into(),
    };
    assert_eq!(bus.told(), std::slice::from_ref(&typing));
    for _ in 0..2 {
        hub.hear(&Signal::Event(typing.clone()));
    }
    for from in 3..100 {
        let (from, to) = (from.into(), 1.into());
        hub.hear(&Signal::Event(Event::ChatTyping { from, to }));
    }
    let heard = tickets[0].typing();
    assert_eq!((heard.len(), heard[0]), (place::TYPISTS, UserId::from(2)));
    assert!(tickets[0].typing().is_empty() && tickets[1].typing().is_empty());
    assert_eq!(tickets.each_ref().map(told), [(0, 0), (0, 0)]);
}

#[tokio::test]
async fn who_left_has_no_place() {
    let hub = Hub::new(FakeBus::new());
    let (one, mut other) = (hub.join(connection(1, 10)), hub.join(connection(1, 11)));
    drop(one);
    assert_eq!(hub.connections(), 1);
    // Their own doubt is nobody else's.
    let third = hub.join(connection(1, 12));
    other.doubt();
    assert_eq!((told(&other), told(&third)), ((0, 1), (0, 0)));
    assert!(other.wakes.has_changed().expect("a hub"));
    drop((other, third));
    assert_eq!(hub.connections(), 0);
}

#[tokio::test]
async fn draining_ends_when_all_have_left_and_who_comes_late_hears_of_it() {
    let hub = Hub::new(FakeBus::new());
    let mut early = hub.attend();
    assert!(!early.is_over());
    let draining = tokio::spawn({
        let hub = hub.clone();
        async move { hub.drain().await }
    });
    early.over().await;
    let mut late = hub.attend();
    late.over().await;
    assert!(late.is_over() && hub.sockets() == 2);
    assert_ne!(early.number(), late.number());
    drop(early);
    assert!(!draining.is_finished());
    drop(late);
    draining.await.expect("it ends");
}

#[tokio::test(start_paused = true)]
async fn draining_waits_for_nobody_for_ever() {
    let hub = Hub::new(FakeBus::new());
    let stuck = hub.attend();
    hub.drain().await;
    assert!(stuck.is_over());
}

fn turns(ticket: &Ticket) -> Vec<(i64, bool)> {
    let turns = ticket.turns().into_iter();
    turns
        .map(|(user, is_there)| (user.get(), is_there))
        .collect()
}

#[tokio::test]
async fn who_watches_hears_of_friends_on_every_node() {
    const ELSEWHERE: NodeTag = 5;
    let hub = Hub::new(FakeBus::new());
    let hear = |event| hub.hear(&Signal::Event(event));
    let news = || hub.places.lock().news(hub.node, Instant::now());
    let one = hub.join(connection(1, 10));
    assert!(one.watch(&[2.into()]).is_empty());
    let two = hub.join(connection(2, 20));
    assert_eq!((turns(&one), turns(&two)), (vec![(2, true)], vec![]));
    let node = hub.node;
    let here = |people: Vec<i64>| Event::ChatHere {
        node,
        people: people.into_iter().map(Into::into).collect(),
    };
    let who = Event::ChatWho {
        people: vec![2.into()],
    };
    assert_eq!(news(), [here(vec![1, 2]), who.clone(), here(vec![])]);
    // Asked, it answers; what it says itself comes back and is nothing new.
    hear(who);
    assert_eq!(news(), [here(vec![2])]);
    hear(here(vec![2]));
    let people = vec![3.into()];
    let elsewhere = || Event::ChatHere {
        node: ELSEWHERE,
        people: people.clone(),
    };
    hear(elsewhere());
    assert_eq!(turns(&one), []);
    let tie = |are_friends| Event::ChatTie {
        pair: (1.into(), 3.into()),
        are_friends,
    };
    hear(tie(true));
    assert_eq!(
        news(),
        [Event::ChatWho {
            people: people.clone()
        }]
    );
    hear(elsewhere());
    assert_eq!(turns(&one), [(3, true)]);
    hear(tie(false));
    hear(Event::ChatGone {
        node: ELSEWHERE,
        people: people.clone(),
    });
    assert_eq!(turns(&one), []);
    // After a gap everybody who is watched is asked for again.
    hub.hear(&Signal::Missed);
    assert_eq!(news().len(), 1);
    drop(one);
    hub.hear(&Signal::Missed);
    assert_eq!(news(), []);
}

#[tokio::test]
async fn who_asks_is_told_all_at_once_and_nothing_twice() {
    let hub = Hub::new(FakeBus::new());
    let one = hub.join(connection(1, 10));
    assert!(one.watch(&[2.into()]).is_empty());
    let _two = hub.join(connection(2, 20));
    assert_eq!(one.watch(&[2.into()]), [UserId::from(2)]);
    assert_eq!(turns(&one), []);
}

#[tokio::test(start_paused = true)]
async fn going_is_told_after_a_while_and_a_broken_line_is_not() {
    let bus = FakeBus::new();
    let hub = Hub::new(bus.clone());
    let keeping = tokio::spawn(hub.clone().keep_presence());
    let one = hub.join(connection(1, 10));
    let _ = one.watch(&[2.into()]);
    let two = hub.join(connection(2, 20));
    let round = async |seconds| tokio::time::advance(Duration::from_secs(seconds)).await;
    let gone = || {
        let told = bus.told().into_iter();
        told.filter(|event| matches!(event, Event::ChatGone { .. }))
            .count()
    };
    assert_eq!(turns(&one), [(2, true)]);
    drop(two);
    round(5).await;
    let again = hub.join(connection(2, 20));
    round(20).await;
    tokio::task::yield_now().await;
    assert_eq!((turns(&one), gone()), (vec![], 0));
    drop(again);
    let mut wakes = one.wakes.clone();
    wakes.mark_unchanged();
    wakes.changed().await.expect("a hub");
    assert_eq!(turns(&one), [(2, false)]);
    while gone() == 0 {
        tokio::task::yield_now().await;
    }
    keeping.abort();
}
