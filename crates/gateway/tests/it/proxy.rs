//! A TCP proxy that can be cut, frozen and restored.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Carries.
    Up,
    /// Connections stay open, but nothing comes through.
    Frozen,
    /// Connections are closed, new ones at once.
    Cut,
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: watch::Sender<State>,
    _task: JoinSet<()>,
}

/// A port that is taken and refuses connections.
pub(crate) struct Absent {
    socket: TcpSocket,
    pub(crate) address: SocketAddr,
}

impl Absent {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .expect("a free port");
        let address = socket.local_addr().expect("its address");
        Self { socket, address }
    }

    pub(crate) fn appear(self, target: String) -> Proxy {
        let listener = self.socket.listen(64).expect("the port listens");
        let (state, receiver) = watch::channel(State::Up);
        let mut task = JoinSet::new();
        task.spawn(accept(listener, target, receiver));
        Proxy {
            address: self.address,
            state,
            _task: task,
        }
    }
}

impl Proxy {
    pub(crate) fn new(target: String) -> Self {
        Absent::new().appear(target)
    }

    pub(crate) fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub(crate) fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    pub(crate) fn restore(&self) {
        self.state.send_replace(State::Up);
    }
}

async fn accept(listener: TcpListener, target: String, state: watch::Receiver<State>) {
    let mut connections = JoinSet::new();
    while let Ok((inbound, _)) = listener.accept().await {
        connections.spawn(carry(inbound, target.clone(), state.clone()));
    }
}

async fn carry(mut inbound: TcpStream, target: String, mut state: watch::Receiver<State>) {
    let Ok(mut outbound) = TcpStream::connect(&target).await else {
        return;
    };
    let copy = tokio::io::copy_bidirectional(&mut inbound, &mut outbound);
    tokio::pin!(copy);
    loop {
        let now = *state.borrow_and_update();
        tokio::select! {
            _ = &mut copy, if now == State::Up => return,
            changed = state.changed(), if now != State::Cut => if changed.is_err() { return },
            else => return,
        }
    }
}
