//! Load at a given rate, whether or not the server keeps up: what people do does not wait.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::client::{Connection, Load, Requests};

/// Asks `rate` times a second for `duration`, over `connections` connections that take turns.
///
/// A request's latency is counted from when it was due. A timer wakes up to a millisecond late;
/// that is the client's own, so where a connection was idle it is counted from when it woke.
///
/// # Errors
/// Where a connection breaks.
pub async fn run(
    address: SocketAddr,
    requests: &Requests,
    rate: u32,
    connections: u32,
    duration: Duration,
) -> io::Result<Load> {
    let begin = Instant::now();
    let every = Duration::from_secs(1) / rate.max(1);
    let workers: Vec<_> = (0..connections)
        .map(|worker| {
            let requests = requests.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                let (mut latencies, mut failures) = (Vec::new(), 0);
                for turn in (worker..).step_by(connections as usize) {
                    let offset = every * turn;
                    if offset > duration {
                        break;
                    }
                    let mut due = begin + offset;
                    if Instant::now() < due {
                        tokio::time::sleep_until(due.into()).await;
                        due = Instant::now();
                    }
                    let (status, _) = connection.ask(&requests.next()).await?;
                    latencies.push(due.elapsed());
                    failures += u64::from(!(200..300).contains(&status));
                }
                io::Result::Ok((latencies, failures))
            })
        })
        .collect();
    let (mut latencies, mut failures) = (Vec::new(), 0);
    for worker in workers {
        let (own, failed) = worker.await??;
        latencies.extend(own);
        failures += failed;
    }
    latencies.sort_unstable();
    Ok(Load {
        requests: latencies.len() as u64,
        failures,
        elapsed: begin.elapsed(),
        latencies,
    })
}
