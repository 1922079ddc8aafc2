//! Mails through a server.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::{DeliveryError, Mail, Mailer, MessageId};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error as ThisError;
use trace::{Kind, Span};

use super::compose::compose;

/// How long the server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that are kept for the next mails.
const KEPT: u32 = 8;
/// How long a connection is kept: servers close those that are quiet for some minutes.
const IDLE: Duration = Duration::from_secs(60);

/// How the connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte on.
    Implicit,
    /// By a command at the start, without which nothing is sent.
    StartTls,
    /// Not at all.
    None,
}

/// Where the server is, and as whom mails are sent there.
#[derive(Clone, Debug)]
pub struct SmtpOptions {
    /// From whom mails are.
    pub sender: String,
    /// The server's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: Tls,
    /// Name and password, where it wants them.
    pub credentials: Option<(String, SecretString)>,
}

/// Why there is no mailer.
#[derive(Debug, ThisError)]
pub enum SmtpError {
    /// The sender is no address.
    #[error("the sender is no mail address")]
    Sender,
    /// The host cannot be reached over TLS by its name.
    #[error("the mail server's name is not one that TLS can check")]
    Host(#[source] Error),
}

/// Sends through one server, over connections that are kept for a while, and asked whether they are alive before each mail.
///
/// What was begun on a connection is brought to its end even where nobody waits for that any more (a
/// timeout, a stop): left in the middle of a command, it would take the answer to it for the answer
/// to the next.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Address,
}

impl SmtpMailer {
    /// A mailer for this server. Nothing is connected to yet.
    ///
    /// # Errors
    /// Where sender or host cannot be used.
    pub fn new(options: &SmtpOptions) -> Result<Self, SmtpError> {
        let sender = options.sender.parse().map_err(|_| SmtpError::Sender)?;
        let parameters = || TlsParameters::new(options.host.clone()).map_err(SmtpError::Host);
        let tls = match options.tls {
            Tls::Implicit => LettreTls::Wrapper(parameters()?),
            Tls::StartTls => LettreTls::Required(parameters()?),
            Tls::None => LettreTls::None,
        };
        let host = options.host.clone();
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(options.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(KEPT).idle_timeout(IDLE));
        if let Some((name, password)) = &options.credentials {
            let password = password.expose_secret().to_owned();
            transport = transport.credentials(Credentials::new(name.clone(), password));
        }
        Ok(Self {
            transport: transport.build(),
            sender,
        })
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpMailer(…)")
    }
}

/// Whether the enhanced status (RFC 3463) of a refusal tells of the system (5.3), the network (5.4)
/// or a policy (5.7), which an operator can mend and time may, rather than of an address.
fn is_passing(told: &str) -> bool {
    let status = told
        .split(|sign: char| !sign.is_ascii_digit() && sign != '.')
        .find(|word| word.starts_with("5.") && word.split('.').count() == 3);
    status.is_some_and(|status| {
        ["5.3.", "5.4.", "5.7."]
            .iter()
            .any(|s| status.starts_with(s))
    })
}

/// What a failure means. The server's own words stay here: they repeat addresses.
fn translate(error: &Error) -> DeliveryError {
    let status = error.status().map(u16::from);
    let reason = match status {
        // It is us whom the server does not know (RFC 4954): the operator can mend that.
        Some(530 | 534 | 535 | 538) => "sign_in",
        // The server's trouble or its policy, as a daily limit: not the recipient's address.
        Some(500..) if is_passing(&error.to_string()) => "policy",
        Some(500..) => {
            return DeliveryError::Never {
                reason: "refused",
                status,
            };
        }
        Some(_) => "refused",
        None if error.is_timeout() => "timeout",
        None if error.is_tls() => "tls",
        None => "connection",
    };
    DeliveryError::Later { reason, status }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        mail: &Mail,
    ) -> Result<(), DeliveryError> {
        let message = compose(&self.sender, id, written_at, mail)?;
        let span = Span::part("smtp send", Kind::Client);
        let transport = self.transport.clone();
        let sending = tokio::spawn(async move { transport.send(message).await });
        let sent = match sending.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(translate(&error)),
            // The process ends.
            Err(_) => Err(DeliveryError::Later {
                reason: "connection",
                status: None,
            }),
        };
        if let Err(DeliveryError::Later { reason, .. } | DeliveryError::Never { reason, .. }) = sent
        {
            span.fail(reason);
        }
        sent
    }
}
