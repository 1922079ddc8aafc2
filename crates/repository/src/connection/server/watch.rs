//! Finding out whether a server is there.

use std::str::FromStr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions as _, Connection as _, Error};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::{Server, Standing};
use crate::error::says_it_is_away;

/// How often it is looked whether nothing has been heard for too long.
const ROUND: Duration = Duration::from_millis(500);
/// When nothing was heard of the server for so long though somebody waits, it is knocked at.
const SILENCE: Duration = Duration::from_secs(1);
/// How long it may take to open before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is knocked at while it is away.
const AGAIN: Duration = Duration::from_millis(200);
/// How long that is waited for. Less than before: where packets vanished, a knock of that time
/// comes to nothing though the next would be heard.
const AGAIN_PATIENCE: Duration = Duration::from_millis(800);

/// Keeps watch until the server is closed or given up.
pub(super) fn begin(server: &Arc<Server>) {
    let doubts = server.doubts.clone();
    let server = Arc::downgrade(server);
    tokio::spawn(async move {
        loop {
            let is_doubted = tokio::select! {
                () = doubts.notified() => true,
                () = sleep(ROUND) => false,
            };
            let Some(server) = still(&server) else {
                return;
            };
            let is_silent = server.silence().is_some_and(|silence| silence > SILENCE);
            if is_doubted || is_silent {
                look(server).await;
            }
        }
    });
}

fn still(server: &Weak<Server>) -> Option<Arc<Server>> {
    server.upgrade().filter(|server| !server.is_closed())
}

/// Knocks, and draws the conclusions.
async fn look(server: Arc<Server>) {
    if is_there(server.options.get_url(), PATIENCE).await {
        server.heard();
        // One line that broke is seldom alone: a server that was started anew has closed all.
        if server.is_broken.load(Ordering::Relaxed) {
            renew(&server, Standing::Here).await;
        }
        return;
    }
    warn!("the database is away");
    renew(&server, Standing::Away).await;
    let server = {
        let weak = Arc::downgrade(&server);
        drop(server);
        weak
    };
    loop {
        sleep(AGAIN).await;
        let Some(server) = still(&server) else {
            return;
        };
        if is_there(server.options.get_url(), AGAIN_PATIENCE).await {
            server.is_back();
            info!("the database is back");
            return;
        }
    }
}

async fn renew(server: &Server, standing: Standing) {
    if let Err(error) = server.renew(standing).await {
        warn!(%error, "no new pool could be made");
    }
}

/// Whether the server lets anybody in, or at least says why it does not.
async fn is_there(url: &str, patience: Duration) -> bool {
    match timeout(patience, knock(url)).await {
        Ok(Ok(())) => true,
        Ok(Err(Error::Database(error))) => !says_it_is_away(error.as_ref()),
        Ok(Err(_)) | Err(_) => false,
    }
}

async fn knock(url: &str) -> Result<(), Error> {
    if url.starts_with("postgres") {
        let options = PgConnectOptions::from_str(url)?.disable_statement_logging();
        return options.connect().await?.close().await;
    }
    let options = MySqlConnectOptions::from_str(url)?.disable_statement_logging();
    options.connect().await?.close().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_is_there_where_nobody_listens_or_answers() {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        let any = "127.0.0.1:0".parse().expect("an address");
        socket.bind(any).expect("a port");
        let address = socket.local_addr().expect("its address");
        for scheme in ["postgres", "mysql"] {
            let url = format!("{scheme}://{address}/d");
            assert!(!is_there(&url, AGAIN_PATIENCE).await);
        }
        // Connections are accepted by the system, and nothing ever comes of them.
        let _listener = socket.listen(8).expect("it listens");
        for scheme in ["postgres", "mysql"] {
            let url = format!("{scheme}://{address}/d");
            assert!(!is_there(&url, AGAIN_PATIENCE).await);
        }
    }
}
