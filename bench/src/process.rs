//! A server in a process of its own, so that what it spends can be told from what the load costs.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::client::{Connection, Request};

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts `program` with the environment given and the port in `port_variable`; waits until
    /// it answers `/health`.
    ///
    /// # Errors
    /// Where it does not start or answer within 30 s.
    pub async fn start(
        program: &Path,
        arguments: &[&str],
        port_variable: &str,
        environment: &[(&str, &str)],
    ) -> io::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new(program)
            .args(arguments)
            .env(port_variable, address.port().to_string())
            .envs(environment.iter().copied())
            .stderr(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let begin = Instant::now();
        loop {
            if let Ok(mut connection) = Connection::open(address).await
                && connection.ask(&Request::get("/health", None)).await.is_ok()
            {
                return Ok(Self { child, address });
            }
            if begin.elapsed() > Duration::from_secs(30) {
                return Err(io::Error::other("the server does not answer"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The processor time it has spent, in user and system mode together.
    ///
    /// # Errors
    /// Where `/proc` does not tell (this needs Linux).
    pub fn processor_time(&self) -> io::Result<Duration> {
        processor_time(self.id())
    }

    fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Its resident memory in bytes.
    ///
    /// # Errors
    /// Where `/proc` does not tell.
    pub fn resident(&self) -> io::Result<u64> {
        resident(self.id())
    }

    /// Asks it to stop, and waits until it has: it writes down what it keeps for the next start.
    ///
    /// # Errors
    /// Whatever the system says, and where it takes longer than a minute.
    pub async fn finish(mut self) -> io::Result<()> {
        let id = self.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        let ended = tokio::time::timeout(Duration::from_secs(60), self.child.wait()).await;
        ended?.map(|_| ())
    }

    /// Ends it.
    ///
    /// # Errors
    /// Whatever the system says.
    pub async fn stop(mut self) -> io::Result<()> {
        self.child.kill().await
    }
}

/// The processor time a process has spent, to within 10 ms.
///
/// # Errors
/// Where `/proc` does not tell (this needs Linux).
pub fn processor_time(process: u32) -> io::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The second field is the program's name in parentheses and may hold anything.
    let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = |at: usize| {
        fields
            .split(' ')
            .nth(at)
            .and_then(|text| text.parse::<u64>().ok())
    };
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => Ok(Duration::from_millis((user + system) * 10)),
        _ => Err(io::Error::other("unreadable /proc/stat")),
    }
}

/// The resident memory of a process, in bytes.
///
/// # Errors
/// Where `/proc` does not tell (this needs Linux).
pub fn resident(process: u32) -> io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map(|kib| kib * 1024)
        .ok_or_else(|| io::Error::other("unreadable /proc/status"))
}

/// How many descriptors a process has open.
///
/// # Errors
/// Where `/proc` does not tell (this needs Linux).
pub fn open_descriptors(process: u32) -> io::Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{process}/fd"))?.count())
}
