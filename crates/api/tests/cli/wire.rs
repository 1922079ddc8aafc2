//! The line between the program and its database, which can be cut and restored.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Carries.
    Whole,
    /// Connections are closed, and new ones refused.
    Cut,
    /// New connections are made and nothing comes through. Those that were there before never
    /// come to life again, nor does the program hear that they are dead.
    Dark,
}

pub(crate) struct Wire {
    address: SocketAddr,
    state: watch::Sender<State>,
    _task: JoinSet<()>,
}

impl Wire {
    /// A line to the server that a URL names.
    pub(crate) async fn to(url: &str) -> Self {
        let url = Url::parse(url).expect("a URL");
        let port = url.port().expect("a port");
        let target = format!("{}:{port}", url.host_str().expect("a host"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (state, receiver) = watch::channel(State::Whole);
        let mut task = JoinSet::new();
        task.spawn(accept(listener, address, target, receiver));
        Self {
            address,
            state,
            _task: task,
        }
    }

    /// The same URL, by way of this line.
    pub(crate) fn lead(&self, url: &str) -> String {
        let mut url = Url::parse(url).expect("a URL");
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(self.address.port())).expect("a port");
        url.into()
    }

    pub(crate) fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    pub(crate) fn darken(&self) {
        self.state.send_replace(State::Dark);
    }

    pub(crate) fn restore(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn accept(
    mut listener: TcpListener,
    address: SocketAddr,
    target: String,
    mut state: watch::Receiver<State>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (inbound, _) = accepted.expect("a connection");
                connections.spawn(carry(inbound, target.clone(), state.clone()));
            }
            is_over = async { state.wait_for(|state| *state == State::Cut).await.is_err() } => {
                if is_over {
                    return;
                }
                // The port stays ours, and nobody listens.
                drop(listener);
                let socket = TcpSocket::new_v4().expect("a socket");
                socket.set_reuseaddr(true).expect("an option");
                socket.bind(address).expect("the same port");
                if state.wait_for(|state| *state != State::Cut).await.is_err() {
                    return;
                }
                listener = socket.listen(64).expect("it listens again");
            }
        }
    }
}

async fn carry(mut inbound: TcpStream, target: String, mut state: watch::Receiver<State>) {
    if *state.borrow_and_update() == State::Whole {
        let Ok(mut outbound) = TcpStream::connect(&target).await else {
            return;
        };
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut inbound, &mut outbound) => return,
            _ = state.changed() => {}
        }
    }
    // The server hears that the connection is gone. The program does not, unless it was cut.
    let _ = state.wait_for(|state| *state == State::Cut).await;
}
