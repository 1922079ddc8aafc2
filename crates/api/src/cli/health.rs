//! `ensemble health`

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::Outcome;
use crate::configuration::Configuration;

mod secure;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// What the answer of a server that is well begins with.
const WELL: &str = "HTTP/1.1 200 ";

/// Asks the server of these settings, on this machine, whether it is up: what a container's
/// health check calls, so that an image needs no HTTP client for it.
pub(super) fn run(configuration: &Configuration) -> Outcome {
    let server = &configuration.server;
    if server.port == 0 {
        return Err("the port is 0: the system chose one, and only the server knows it".into());
    }
    let address = SocketAddr::new(reachable(server.host.ip()), server.port);
    let is_tls = server.tls.is_some();
    let status = ask(address, is_tls, PATIENCE).map_err(|error| format!("{address}: {error}"))?;
    match status.starts_with(WELL) {
        true => {
            println!("{address} is well");
            Ok(())
        }
        false => Err(format!("{address} answered: {}", status.trim_end()).into()),
    }
}

/// Where to find a server that listens on `host`: "every address" is none to connect to.
fn reachable(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(host) if host.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(host) if host.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        host => host,
    }
}

/// A connection that is read from and written to.
trait Line: Read + Write {}

impl<T: Read + Write> Line for T {}

/// The status line with which `/health` is answered within `patience`.
fn ask(address: SocketAddr, is_tls: bool, patience: Duration) -> Result<String> {
    let deadline = Instant::now() + patience;
    let left = || {
        let left = deadline.saturating_duration_since(Instant::now());
        // A time-out of nothing would mean none at all.
        match left.is_zero() {
            true => Err(Error::from(ErrorKind::TimedOut)),
            false => Ok(left),
        }
    };
    let stream = TcpStream::connect_timeout(&address, left()?)?;
    let clock = stream.try_clone()?;
    clock.set_write_timeout(Some(left()?))?;
    clock.set_read_timeout(Some(left()?))?;
    let mut line: Box<dyn Line> = match is_tls {
        true => Box::new(secure::over(stream, address.ip())?),
        false => Box::new(stream),
    };
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    line.write_all(request.as_bytes())?;
    let (mut answer, mut piece) = (Vec::new(), [0; 256]);
    while !answer.contains(&b'\n') && answer.len() < 1024 {
        clock.set_read_timeout(Some(left()?))?;
        match line.read(&mut piece)? {
            0 => break,
            length => answer.extend_from_slice(&piece[..length]),
        }
    }
    let line = answer.split(|byte| *byte == b'\n').next();
    Ok(String::from_utf8_lossy(line.unwrap_or_default()).into_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that reads one request, sends `pieces`, and closes.
    fn server(pieces: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut request = [0; 512];
            let _ = stream.read(&mut request);
            for piece in pieces {
                let _ = stream.write_all(piece.as_bytes());
                thread::sleep(Duration::from_millis(20));
            }
        });
        address
    }

    #[test]
    fn the_status_line_is_read_however_it_arrives() {
        let whole = ask(
            server(&["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"]),
            false,
            PATIENCE,
        );
        assert_eq!(whole.expect("an answer").trim_end(), "HTTP/1.1 200 OK");
        let in_pieces = ask(
            server(&["HTTP/1.1 5", "03 Service Unavailable\r\n"]),
            false,
            PATIENCE,
        );
        let line = in_pieces.expect("an answer");
        assert_eq!(line.trim_end(), "HTTP/1.1 503 Service Unavailable");
        assert!(!line.starts_with(WELL));
        assert_eq!(ask(server(&[]), false, PATIENCE).expect("an end"), "");
    }

    #[test]
    fn a_server_that_says_nothing_is_not_waited_for_longer_than_patience() {
        // It accepts (the system does), and never answers.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let begin = Instant::now();
        ask(address, false, Duration::from_millis(100)).expect_err("no answer came");
        assert!(begin.elapsed() < PATIENCE);
    }

    #[test]
    fn where_nobody_listens_there_is_no_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        ask(address, false, PATIENCE).expect_err("nobody is there");
    }

    #[test]
    fn a_server_on_every_address_is_found_on_this_machine() {
        for (host, expected) in [
            ("0.0.0.0", "127.0.0.1"),
            ("::", "::1"),
            ("10.1.2.3", "10.1.2.3"),
        ] {
            let host: IpAddr = host.parse().expect("an address");
            assert_eq!(reachable(host).to_string(), expected);
        }
    }
}
