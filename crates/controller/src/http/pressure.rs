//! How late a worker is, and how many requests it turns away for that.
//!
//! A worker is one thread that takes turns with everything that is ready. Requests which are
//! answered without waiting for anybody are never in hand together, however many come: what there
//! is too much of waits in the sockets, unseen. It shows in how late the worker comes to a task that
//! was due.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_web::rt;
use tokio::time::{Instant, sleep};

use super::gate::Kind;

/// How often a worker looks at itself.
const EVERY: Duration = Duration::from_millis(20);
/// How late it may be before it turns reads away, and changes.
const LATE: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];
/// How many requests it must have begun meanwhile: a worker that was late because the machine had
/// no time for it is not helped by turning anybody away.
const BUSY: u32 = 16;
/// How many looks in a row must find it so: a single slow request is no crowd.
const IN_A_ROW: u32 = 2;
/// What of the requests is let in at least, so that a worker never only refuses.
const LEAST: f64 = 0.02;

/// One worker's own view of itself.
#[derive(Default)]
pub(crate) struct Pressure {
    begun: Cell<u32>,
    shares: [Share; Kind::ALL.len()],
}

/// What part of one kind of requests is let in.
struct Share {
    part: Cell<f64>,
    /// Parts of requests that may still be let in.
    credit: Cell<f64>,
    late: Cell<u32>,
}

impl Default for Share {
    fn default() -> Self {
        Self {
            part: Cell::new(1.0),
            credit: Cell::new(1.0),
            late: Cell::new(0),
        }
    }
}

impl Share {
    /// A tenth less each time that the worker is late, a twentieth more each time that it is not.
    fn heed(&self, is_late: bool) {
        let late = if is_late { self.late.get() + 1 } else { 0 };
        self.late.set(late);
        let part = self.part.get();
        if late >= IN_A_ROW {
            self.part.set((part * 0.9).max(LEAST));
        } else if late == 0 {
            self.part.set((part + 0.05).min(1.0));
        }
    }

    fn admits(&self) -> bool {
        let part = self.part.get();
        if part >= 1.0 {
            return true;
        }
        let credit = self.credit.get() + part;
        let admitted = credit >= 1.0;
        self.credit
            .set(if admitted { credit - 1.0 } else { credit });
        admitted
    }
}

impl Pressure {
    /// That of this worker; looks at itself until the worker ends. Call it within its runtime.
    pub(crate) fn watched() -> Rc<Self> {
        let pressure = Rc::new(Self::default());
        let watched = Rc::downgrade(&pressure);
        rt::spawn(async move {
            loop {
                let due = Instant::now() + EVERY;
                sleep(EVERY).await;
                let Some(pressure) = watched.upgrade() else {
                    return;
                };
                pressure.heed(due.elapsed());
            }
        });
        pressure
    }

    /// Whether a request is let in.
    pub(crate) fn admits(&self, kind: Kind) -> bool {
        self.begun.set(self.begun.get().saturating_add(1));
        self.shares[kind as usize].admits()
    }

    /// Hears how late it is.
    fn heed(&self, late: Duration) {
        let is_busy = self.begun.replace(0) >= BUSY;
        for (share, most) in self.shares.iter().zip(LATE) {
            share.heed(is_busy && late > most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a thousand reads and changes are let in.
    fn admitted(pressure: &Pressure) -> [usize; 2] {
        Kind::ALL.map(|kind| (0..1_000).filter(|_| pressure.admits(kind)).count())
    }

    fn late(pressure: &Pressure, by: Duration, looks: usize) {
        for _ in 0..looks {
            pressure.begun.set(BUSY);
            pressure.heed(by);
        }
    }

    #[test]
    fn a_worker_that_keeps_up_lets_everybody_in() {
        let pressure = Pressure::default();
        late(&pressure, Duration::from_millis(40), 100);
        assert_eq!(admitted(&pressure), [1_000, 1_000]);
    }

    #[test]
    fn the_later_it_is_the_fewer_are_let_in_and_reads_go_first() {
        let pressure = Pressure::default();
        late(&pressure, Duration::from_millis(100), 8);
        let [reads, changes] = admitted(&pressure);
        assert!((400..600).contains(&reads), "{reads}");
        assert_eq!(changes, 1_000);
        late(&pressure, Duration::from_millis(300), 1_000);
        let [reads, changes] = admitted(&pressure);
        let least = 19..=21;
        assert!(least.contains(&reads) && least.contains(&changes));
        late(&pressure, Duration::ZERO, 20);
        assert_eq!(admitted(&pressure), [1_000, 1_000]);
    }

    #[test]
    fn being_late_once_or_without_work_turns_nobody_away() {
        let pressure = Pressure::default();
        late(&pressure, Duration::from_secs(1), 1);
        assert_eq!(admitted(&pressure), [1_000, 1_000]);
        late(&pressure, Duration::ZERO, 1);
        for _ in 0..100 {
            pressure.begun.set(BUSY - 1);
            pressure.heed(Duration::from_secs(1));
        }
        assert_eq!(admitted(&pressure), [1_000, 1_000]);
    }

    #[actix_web::test]
    async fn nobody_watches_a_worker_that_is_gone() {
        let pressure = Pressure::watched();
        let watched = Rc::downgrade(&pressure);
        assert!(pressure.admits(Kind::Read));
        drop(pressure);
        assert!(watched.upgrade().is_none());
    }
}
