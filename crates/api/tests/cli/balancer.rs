//! What stands before the nodes of an installation: connections go to the nodes that say they are
//! ready, in turn, and one that is refused goes to the next. Nothing else is done again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How often each node is asked, and how soon one is looked for again where there is none.
const ROUND: Duration = Duration::from_millis(25);

pub(crate) struct Balancer {
    base: String,
    nodes: Arc<Nodes>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Nodes {
    all: Mutex<Vec<Node>>,
    next: AtomicUsize,
}

#[derive(Clone)]
struct Node {
    address: SocketAddr,
    is_ready: bool,
}

impl Balancer {
    /// Before these nodes.
    pub(crate) async fn before(bases: &[&str]) -> Self {
        let nodes = Arc::new(Nodes::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let mut tasks = JoinSet::new();
        tasks.spawn(look_after(nodes.clone()));
        tasks.spawn(accept(listener, nodes.clone()));
        let balancer = Self {
            base,
            nodes,
            _tasks: tasks,
        };
        for base in bases {
            balancer.add(base);
        }
        balancer
    }

    /// Where it is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// One more node.
    pub(crate) fn add(&self, base: &str) {
        let address = base.trim_start_matches("http://").parse();
        let address = address.expect("an address");
        let is_ready = false;
        self.nodes.all.lock().push(Node { address, is_ready });
    }

    /// A node that is not coming back.
    pub(crate) fn forget(&self, base: &str) {
        let address = base.trim_start_matches("http://");
        let mut all = self.nodes.all.lock();
        all.retain(|node| node.address.to_string() != address);
    }

    /// Waits until so many nodes are ready.
    pub(crate) async fn has_ready(&self, count: usize) {
        let ready = || {
            self.nodes
                .all
                .lock()
                .iter()
                .filter(|node| node.is_ready)
                .count()
        };
        let waits = async {
            let mut rounds = tokio::time::interval(ROUND);
            while ready() != count {
                rounds.tick().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waits).await;
        waited.expect("so many are ready");
    }
}

/// Asks every node whether it is ready.
async fn look_after(nodes: Arc<Nodes>) {
    let http = reqwest::Client::new();
    let mut rounds = tokio::time::interval(ROUND);
    loop {
        rounds.tick().await;
        let all = nodes.all.lock().clone();
        for node in all {
            let answer = http
                .get(format!("http://{}/readyz", node.address))
                .send()
                .await;
            let is_ready = answer.is_ok_and(|answer| answer.status().is_success());
            let mut all = nodes.all.lock();
            if let Some(known) = all.iter_mut().find(|known| known.address == node.address) {
                known.is_ready = is_ready;
            }
        }
    }
}

async fn accept(listener: TcpListener, nodes: Arc<Nodes>) {
    let mut connections = JoinSet::new();
    while let Ok((inbound, _)) = listener.accept().await {
        connections.spawn(carry(inbound, nodes.clone()));
    }
}

async fn carry(mut inbound: TcpStream, nodes: Arc<Nodes>) {
    loop {
        let ready: Vec<SocketAddr> = {
            let all = nodes.all.lock();
            let ready = all.iter().filter(|node| node.is_ready);
            ready.map(|node| node.address).collect()
        };
        let first = nodes.next.fetch_add(1, Ordering::Relaxed);
        for turn in 0..ready.len() {
            let address = ready[(first + turn) % ready.len()];
            if let Ok(mut outbound) = TcpStream::connect(address).await {
                // However it ends, both ends hear of it.
                let _ = tokio::io::copy_bidirectional(&mut inbound, &mut outbound).await;
                return;
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}
