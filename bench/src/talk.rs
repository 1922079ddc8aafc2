//! Pairs of friends who write to each other, both at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::user::UserId;
use parking_lot::Mutex;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::Outcome;
use crate::client::Load;
use crate::friends::{Friend, Friends};
use crate::socket::{self, Ear, Mouth};

/// Everything that was written arrives within this time.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a heartbeat is sent.
const BEAT: Duration = Duration::from_secs(15);

/// How fast everybody writes.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// So many messages are on their way at once, of each person.
    Window(usize),
    /// So many messages a second, of all together.
    PerSecond(f64),
}

/// What is shared by all who write.
struct Hall {
    begin: Instant,
    duration: Duration,
    sent: AtomicU64,
    /// When the last message came, in nanoseconds after the beginning.
    last: AtomicU64,
    latencies: Mutex<Vec<Duration>>,
}

/// Lets these pairs talk; how long each message took from being written until the friend had it.
/// One of each pair is connected to the first server, the other to the second, which may be the
/// same.
///
/// # Errors
/// Where a socket breaks, and where a message does not arrive.
pub async fn run(
    servers: [SocketAddr; 2],
    pairs: &[Friends],
    pace: Pace,
    duration: Duration,
) -> Outcome<Load> {
    let mut opening = JoinSet::new();
    for (one, other) in pairs {
        for ((me, friend), address) in [(one, other), (other, one)].into_iter().zip(servers) {
            let (me, friend) = (me.clone(), friend.id);
            opening.spawn(async move {
                let (mouth, ear) = socket::open(address, &me).await?;
                Outcome::Ok((me, friend, mouth, ear))
            });
        }
    }
    let mut open = Vec::with_capacity(pairs.len() * 2);
    while let Some(opened) = opening.join_next().await {
        open.push(opened??);
    }
    let hall = Arc::new(Hall {
        begin: Instant::now(),
        duration,
        sent: AtomicU64::new(0),
        last: AtomicU64::new(0),
        latencies: Mutex::default(),
    });
    let people = open.len();
    let (mut writing, mut ears) = (JoinSet::new(), Vec::new());
    for (number, (me, friend, mouth, ear)) in open.into_iter().enumerate() {
        let window = match pace {
            Pace::Window(window) => window,
            Pace::PerSecond(_) => Semaphore::MAX_PERMITS,
        };
        let echoes = Arc::new(Semaphore::new(window));
        ears.push(listen(hall.clone(), me.id, ear, echoes.clone()));
        let every = match pace {
            Pace::Window(_) => None,
            Pace::PerSecond(rate) => Some(Duration::from_secs_f64(people as f64 / rate)),
        };
        let first = every.unwrap_or_default() * number as u32 / people as u32;
        writing.spawn(write(
            hall.clone(),
            (me, friend),
            mouth,
            echoes,
            (first, every),
        ));
    }
    // The sockets stay open until everything has arrived.
    let mut mouths = Vec::with_capacity(people);
    while let Some(mouth) = writing.join_next().await {
        mouths.push(mouth??);
    }
    let sent = hall.sent.load(Ordering::SeqCst);
    while (hall.latencies.lock().len() as u64) < sent {
        if hall.begin.elapsed() > duration + PATIENCE {
            let came = hall.latencies.lock().len();
            return Err(format!("{sent} were sent, {came} came").into());
        }
        if let Some(broken) = ears.iter_mut().find(|ear| ear.is_finished()) {
            broken.await??;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let elapsed = Duration::from_nanos(hall.last.load(Ordering::SeqCst));
    ears.iter().for_each(JoinHandle::abort);
    let mut latencies = std::mem::take(&mut *hall.latencies.lock());
    latencies.sort_unstable();
    Ok(Load {
        requests: sent,
        failures: 0,
        elapsed,
        latencies,
    })
}

/// Writes until the time is over.
async fn write(
    hall: Arc<Hall>,
    (me, friend): (Friend, UserId),
    mut mouth: Mouth,
    echoes: Arc<Semaphore>,
    (first, every): (Duration, Option<Duration>),
) -> Outcome<Mouth> {
    let room = (me.id.get() ^ friend.get()).to_string();
    let (mut due, mut beaten) = (hall.begin + first, Instant::now());
    loop {
        echoes.acquire().await?.forget();
        if every.is_some() {
            tokio::time::sleep_until(due.into()).await;
        }
        if hall.begin.elapsed() >= hall.duration {
            return Ok(mouth);
        }
        if beaten.elapsed() > BEAT {
            beaten = Instant::now();
            mouth.beat().await?;
        }
        // It says when it was written; at a pace, when it should have been.
        let at = match every {
            None => hall.begin.elapsed(),
            Some(every) => {
                let at = due - hall.begin;
                due += every;
                at
            }
        };
        let payload =
            json!({"type": "send", "chat_id": room, "content": at.as_nanos().to_string()});
        let frame = json!({"type": "chat", "payload": payload});
        mouth.say(frame.to_string()).await?;
        hall.sent.fetch_add(1, Ordering::SeqCst);
    }
}

/// Hears until it is stopped: own messages come back, the friend's are timed.
fn listen(
    hall: Arc<Hall>,
    me: UserId,
    mut ear: Ear,
    echoes: Arc<Semaphore>,
) -> JoinHandle<Outcome<()>> {
    tokio::spawn(async move {
        let own = format!(r#""user_id":"{me}""#);
        loop {
            let frame = ear.next().await?;
            if frame.contains(r#""type":"error""#) {
                return Err(frame.into());
            }
            if !frame.contains(r#""type":"chat""#) {
                continue;
            }
            if frame.contains(&own) {
                echoes.add_permits(1);
                continue;
            }
            let text = frame.split(r#""content":""#).nth(1).unwrap_or_default();
            let text = text.split('"').next().unwrap_or_default();
            let at = Duration::from_nanos(text.parse()?);
            let now = hall.begin.elapsed();
            let took = now.saturating_sub(at);
            hall.last
                .fetch_max(u64::try_from(now.as_nanos())?, Ordering::SeqCst);
            hall.latencies.lock().push(took);
        }
    })
}
