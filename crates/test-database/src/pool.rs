//! PostgreSQL databases between two tests.
//!
//! Whenever a database is dropped, PostgreSQL writes a checkpoint, which takes longer than most
//! tests do; emptying one takes next to nothing. So a database that served one test well serves
//! the next, and whoever finds no other test running drops what is left. MySQL's are dropped at
//! once.

use std::sync::{Mutex, PoisonError};

use crate::server::Server;

/// How many tests run, and the empty databases none of them uses.
struct Pool {
    running: usize,
    idle: Vec<String>,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    running: 0,
    idle: Vec::new(),
});

fn with<T>(act: impl FnOnce(&mut Pool) -> T) -> T {
    act(&mut POOL.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Notes that a test begins.
pub(crate) fn enter() {
    with(|pool| pool.running += 1);
}

/// Notes that a test has ended.
pub(crate) async fn leave() {
    let unneeded = with(|pool| {
        pool.running -= 1;
        match pool.running {
            0 => std::mem::take(&mut pool.idle),
            _ => Vec::new(),
        }
    });
    if let Some(server) = Server::postgres() {
        for name in unneeded {
            server.drop(&name).await;
        }
    }
}

/// An empty database that nobody else uses.
pub(crate) async fn take(server: &Server) -> String {
    let idle = if server.is_postgres() {
        with(|pool| pool.idle.pop())
    } else {
        None
    };
    match idle {
        Some(name) => name,
        None => server.create().await,
    }
}

/// Ends the use of a database; one whose test failed may still be in somebody's hands.
pub(crate) async fn give_back(server: &Server, name: String, unharmed: bool) {
    if unharmed && server.is_postgres() {
        server.empty(&name).await;
        with(|pool| pool.idle.push(name));
    } else {
        server.drop(&name).await;
    }
}
