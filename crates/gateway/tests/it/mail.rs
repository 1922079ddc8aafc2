//! Mails over connections that are kept: one after the other, and past one that hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::DateTime;
use domain::notification::{Mail, MailProfile, Mailer, Recipient};
use gateway::mail::{SmtpMailer, SmtpOptions, Tls};
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::PATIENCE;

/// The address whose mails are not answered until the server is told to.
const SLOW: &str = "slow@example.com";

/// A mail server that notes who got something.
struct MailServer {
    port: u16,
    connections: AtomicUsize,
    delivered: Mutex<Vec<String>>,
    /// Mails to [`SLOW`] that were begun, and those that may go on.
    begun: Semaphore,
    may_go_on: Semaphore,
}

impl MailServer {
    async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Arc::new(Self {
            port: listener.local_addr().expect("an address").port(),
            connections: AtomicUsize::new(0),
            delivered: Mutex::default(),
            begun: Semaphore::new(0),
            may_go_on: Semaphore::new(0),
        });
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.connections.fetch_add(1, Ordering::SeqCst);
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        server
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 sink\r\n").await.ok()?;
        let mut to = String::new();
        loop {
            let line = line(&mut stream).await?;
            let command = line.get(..4).unwrap_or_default();
            match command {
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1);
                    to = address.unwrap_or_default().to_owned();
                    if to == SLOW {
                        self.begun.add_permits(1);
                        self.may_go_on.acquire().await.ok()?.forget();
                    }
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.ok()?;
                    while self::line(&mut stream).await? != ".\r\n" {}
                    self.delivered.lock().push(std::mem::take(&mut to));
                }
                _ => {}
            }
            stream.write_all(b"250 ok\r\n").await.ok()?;
        }
    }

    fn mailer(&self) -> SmtpMailer {
        let mailer = SmtpMailer::new(&SmtpOptions {
            sender: "no-reply@shop.example".into(),
            host: "127.0.0.1".into(),
            port: self.port,
            tls: Tls::None,
            credentials: None,
        });
        mailer.expect("a mailer")
    }
}

/// A line; `None` where the client hung up.
async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then_some(line)
}

fn mail(to: &str) -> Mail {
    Mail {
        profile: MailProfile::Any,
        to: vec![Recipient {
            name: None,
            email: to.into(),
        }],
        subject: "확인".into(),
        text: "안녕하세요".into(),
        html: None,
        unsubscribe: None,
    }
}

#[tokio::test]
async fn mails_one_after_the_other_share_a_connection() {
    let server = MailServer::start().await;
    let mailer = server.mailer();
    for number in 0..5 {
        let mail = mail(&format!("{number}@example.com"));
        let sent = mailer
            .send(number.into(), DateTime::UNIX_EPOCH, &mail)
            .await;
        sent.expect("a mail that is sent");
    }
    assert_eq!(server.delivered.lock().len(), 5);
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_not_taken_for_that_to_the_next_mail() {
    let server = MailServer::start().await;
    let mailer = server.mailer();
    let to = |address: &str, number: i64| {
        let (mailer, mail) = (&mailer, mail(address));
        async move {
            mailer
                .send(number.into(), DateTime::UNIX_EPOCH, &mail)
                .await
        }
    };
    to("first@example.com", 1).await.expect("sent");
    {
        // Somebody begins to wait, and gives up in the middle of a command.
        let slow = to(SLOW, 2);
        tokio::select! {
            _ = slow => panic!("the server said nothing yet"),
            begun = server.begun.acquire() => begun.expect("a server").forget(),
        }
    }
    to("next@example.com", 3).await.expect("sent meanwhile");
    server.may_go_on.add_permits(1);
    let arrived = async {
        while !server.delivered.lock().iter().any(|to| to == SLOW) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, arrived).await.expect("the slow one too");
    to("last@example.com", 4).await.expect("sent afterwards");
    let delivered = server.delivered.lock().clone();
    let expected = [
        "first@example.com",
        "next@example.com",
        SLOW,
        "last@example.com",
    ];
    assert_eq!(delivered, expected);
}
