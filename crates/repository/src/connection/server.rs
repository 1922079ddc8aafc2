//! A database server that may be away for a while.
//!
//! A pool alone does not know: whoever asks it while the server is away waits until its patience
//! ends, and so does everybody behind them. Here one task finds out, and all others are told at
//! once. See docs/adr/0020-database-away.md.

mod watch;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sea_orm::{ConnectOptions, DatabaseConnection, DbBackend, DbErr, RuntimeErr};
use tokio::sync::{Notify, watch as channel};

use crate::error::is_broken_line;

/// A server, and what is known of it.
pub(crate) struct Server {
    options: ConnectOptions,
    backend: DbBackend,
    state: channel::Sender<State>,
    traffic: Mutex<Traffic>,
    /// A line broke since the pool was made.
    is_broken: AtomicBool,
    doubts: Arc<Notify>,
}

#[derive(Debug)]
struct State {
    pool: DatabaseConnection,
    standing: Standing,
    /// How often the server went away: what was begun before it last did is over.
    cuts: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Here,
    Away,
    Closed,
}

/// Whether anything is waited for, and since when nothing was heard.
#[derive(Debug)]
struct Traffic {
    under_way: usize,
    silent_since: Instant,
}

/// What is asked of a server belongs to the time between two cuts.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    server: Arc<Server>,
    cuts: u64,
}

impl Server {
    /// Connects, and keeps watch from now on.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub(super) async fn connect(options: ConnectOptions) -> Result<Arc<Self>, DbErr> {
        let pool = super::opened(options.clone()).await?;
        let backend = pool.get_database_backend();
        let state = State {
            pool,
            standing: Standing::Here,
            cuts: 0,
        };
        let server = Arc::new(Self {
            options,
            backend,
            state: channel::Sender::new(state),
            traffic: Mutex::new(Traffic {
                under_way: 0,
                silent_since: Instant::now(),
            }),
            is_broken: AtomicBool::new(false),
            doubts: Arc::default(),
        });
        watch::begin(&server);
        Ok(server)
    }

    /// What kind it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.backend
    }

    /// The pool as it is now, also while the server is away.
    pub(crate) fn pool(&self) -> DatabaseConnection {
        self.state.borrow().pool.clone()
    }

    /// The pool, unless the server is known to be away.
    ///
    /// # Errors
    /// Where it is.
    pub(crate) fn reach(self: &Arc<Self>) -> Result<(DatabaseConnection, Reached), DbErr> {
        let state = self.state.borrow();
        if state.standing == Standing::Away {
            return Err(away());
        }
        let reached = Reached {
            server: self.clone(),
            cuts: state.cuts,
        };
        Ok((state.pool.clone(), reached))
    }

    /// Closes every connection.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.state
            .send_modify(|state| state.standing = Standing::Closed);
        self.pool().close().await
    }

    /// For how long somebody has been waiting and nobody heard anything.
    fn silence(&self) -> Option<Duration> {
        let traffic = self.traffic.lock();
        (traffic.under_way > 0).then(|| traffic.silent_since.elapsed())
    }

    /// A pool without connections: those of the old one are no good any more. Who uses them still
    /// may go on, and they end with their last user.
    async fn renew(&self, standing: Standing) -> Result<(), DbErr> {
        let mut options = self.options.clone();
        options.connect_lazy(true);
        let pool = super::opened(options).await?;
        self.is_broken.store(false, Ordering::Relaxed);
        self.state.send_modify(|state| {
            if state.standing == Standing::Closed {
                return;
            }
            state.pool = pool;
            if standing == Standing::Away {
                state.cuts += 1;
            }
            state.standing = standing;
        });
        Ok(())
    }

    /// Something was heard of it.
    fn heard(&self) {
        self.traffic.lock().silent_since = Instant::now();
    }

    fn is_back(&self) {
        self.state.send_modify(|state| {
            if state.standing == Standing::Away {
                state.standing = Standing::Here;
            }
        });
    }

    fn is_closed(&self) -> bool {
        self.state.borrow().standing == Standing::Closed
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The options know the password.
        let mut shown = out.debug_struct("Server");
        shown
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

impl Reached {
    /// Waits for what was asked of the server, and no longer once that is away: what was sent may
    /// have been done then, or not.
    ///
    /// # Errors
    /// What came of it, or that the server went away.
    pub(crate) async fn wait<T>(
        &self,
        asked: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let mut state = self.server.state.subscribe();
        let _waiting = Waiting::begin(&self.server);
        let outcome = tokio::select! {
            biased;
            outcome = asked => outcome,
            _ = state.wait_for(|state| state.cuts != self.cuts) => return Err(away()),
        };
        match &outcome {
            Err(error) if is_broken_line(error) => {
                // What broke before the last cut is known.
                if self.server.state.borrow().cuts == self.cuts {
                    self.server.is_broken.store(true, Ordering::Relaxed);
                    self.server.doubts.notify_one();
                }
            }
            _ => self.server.heard(),
        }
        outcome
    }
}

/// Somebody who waits for the server.
struct Waiting<'a>(&'a Server);

impl<'a> Waiting<'a> {
    fn begin(server: &'a Server) -> Self {
        let mut traffic = server.traffic.lock();
        if traffic.under_way == 0 {
            traffic.silent_since = Instant::now();
        }
        traffic.under_way += 1;
        Self(server)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.traffic.lock().under_way -= 1;
    }
}

fn away() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the database is away".into()))
}
