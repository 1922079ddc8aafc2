//! How long requests wait for a connection to the database, found out by standing in line.

use std::sync::Arc;
use std::time::Duration;

use controller::http::{Gate, Kind};
use repository::{Database, Engine, Line};
use tokio::time::{Instant, timeout};

/// How often the gate hears of it.
const EVERY: Duration = Duration::from_millis(100);

/// Tells the gate how long requests wait, for ever.
pub(crate) async fn watch(database: Database, gate: Arc<Gate>) {
    if database.engine() == Engine::Sqlite {
        tokio::join!(
            stand(&database, Line::Read, &gate, &[Kind::Read]),
            stand(&database, Line::Write, &gate, &[Kind::Change]),
        );
    } else {
        stand(&database, Line::Write, &gate, &Kind::ALL).await;
    }
}

/// Stands in line again and again. As long as it stands, it tells for how long already.
async fn stand(database: &Database, line: Line, gate: &Gate, kinds: &[Kind]) {
    let tell = |waited| kinds.iter().for_each(|kind| gate.heed(*kind, waited));
    loop {
        let begin = Instant::now();
        let mut standing = Box::pin(database.stand_in_line(line));
        // That none could be had is told by the time it took.
        while timeout(EVERY, &mut standing).await.is_err() {
            tell(begin.elapsed());
        }
        tell(begin.elapsed());
        tokio::time::sleep(EVERY).await;
    }
}
