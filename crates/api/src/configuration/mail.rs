//! Section `mail`: two mail servers, called profiles.

use secrecy::SecretString;

use super::address::BaseUrl;
use super::reader::Reader;

/// Where mails go out. With neither profile configured they become files: [`super::Storage::mail_dir`].
#[derive(Clone, Debug)]
pub struct Mail {
    /// From whom mails are, where no profile has a say: `MAIL_ADDRESS`, else one made from the public URL.
    pub sender: String,
    /// The default profile.
    pub gmail: Option<SmtpProfile>,
    /// Amazon SES through its SMTP endpoint.
    pub ses: Option<SmtpProfile>,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct SmtpProfile {
    /// From whom its mails are.
    pub sender: String,
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: SmtpTls,
    /// Name and password, where it wants them.
    pub credentials: Option<(String, SecretString)>,
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte on (port 465).
    Implicit,
    /// By a command at the start, without which nothing is sent (port 587).
    StartTls,
    /// Not at all: for servers on this machine.
    None,
}

impl Mail {
    pub(super) fn read(reader: &mut Reader, public_url: &BaseUrl) -> Self {
        let own = sender(reader, "mail.gmail.sender");
        let sender = own.unwrap_or_else(|| format!("no-reply@{}", mail_domain(public_url)));
        let gmail = SmtpProfile::read(reader, "gmail", &sender);
        let ses = SmtpProfile::read(reader, "ses", &sender);
        Self { sender, gmail, ses }
    }
}

impl SmtpProfile {
    /// A profile is configured where its host is set. Gmail's need not be: address and password are enough.
    fn read(reader: &mut Reader, profile: &str, default_sender: &str) -> Option<Self> {
        let key = |name: &str| format!("mail.{profile}.{name}");
        let own = sender(reader, &key("sender"));
        let host = reader.text(&key("host"));
        let port = reader.whole(&key("port"), 1..=65_535);
        let kinds = [
            ("implicit", SmtpTls::Implicit),
            ("starttls", SmtpTls::StartTls),
            ("none", SmtpTls::None),
        ];
        let tls = reader.choice(&key("tls"), &kinds, SmtpTls::Implicit);
        let username = reader.text(&key("username"));
        let password = reader.secret(&key("password"));
        let host = match host {
            Some(host) => host,
            None if profile == "gmail" && password.is_some() => "smtp.gmail.com".to_owned(),
            None if password.is_some() || username.is_some() => {
                reader.fault(
                    &key("host"),
                    "is missing, while a user name or password is set",
                );
                return None;
            }
            None => return None,
        };
        // An address without a password is not a user name: a server on this machine wants neither.
        let username = username.or_else(|| own.clone().filter(|_| password.is_some()));
        let credentials = match (username, password) {
            (Some(username), Some(password)) => Some((username, password)),
            (None, None) => None,
            (Some(_), None) => {
                reader.fault(&key("password"), "is missing, while a user name is set");
                None
            }
            (None, Some(_)) => {
                let missing = if profile == "gmail" {
                    "sender"
                } else {
                    "username"
                };
                reader.fault(&key(missing), "is missing, while a password is set");
                None
            }
        };
        Some(Self {
            sender: own.unwrap_or_else(|| default_sender.to_owned()),
            host,
            port,
            tls,
            credentials,
        })
    }
}

fn sender(reader: &mut Reader, key: &str) -> Option<String> {
    let text = reader.text(key)?;
    let is_plain = !text
        .chars()
        .any(|letter| letter.is_whitespace() || letter.is_control() || "<>,;".contains(letter));
    let has_both_sides = text
        .rsplit_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if !is_plain || !has_both_sides {
        reader.fault(
            key,
            "must be a single mail address, without a name around it",
        );
    }
    Some(text)
}

/// The public host if mails can come from it: a name, not an address.
fn mail_domain(public_url: &BaseUrl) -> &str {
    let host = public_url.host();
    let is_name = host.contains('.')
        && host.contains(|letter: char| letter.is_ascii_alphabetic())
        && !host.starts_with('[');
    if is_name { host } else { "localhost" }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{faults, loaded};
    use super::*;

    #[test]
    fn nothing_is_configured_at_first_nor_by_an_address_alone() {
        let mail = loaded(&[]).mail;
        assert!(mail.gmail.is_none() && mail.ses.is_none());
        assert_eq!(mail.sender, "no-reply@localhost");
        let mail = loaded(&[("MAIL_ADDRESS", "shop@shop.example")]).mail;
        assert_eq!(
            (mail.gmail.is_none(), mail.sender.as_str()),
            (true, "shop@shop.example")
        );
        assert_eq!(
            loaded(&[("BACKEND_URL", "https://shop.example")])
                .mail
                .sender,
            "no-reply@shop.example"
        );
    }

    #[test]
    fn address_and_password_are_enough_for_gmail() {
        let mail = loaded(&[
            ("MAIL_ADDRESS", "shop@gmail.com"),
            ("MAIL_PASSWD", "hunter2"),
        ])
        .mail;
        let gmail = mail.gmail.expect("is configured");
        assert_eq!(
            (gmail.host.as_str(), gmail.port, gmail.tls),
            ("smtp.gmail.com", 465, SmtpTls::Implicit)
        );
        assert_eq!(gmail.credentials.expect("are set").0, "shop@gmail.com");
    }

    #[test]
    fn a_server_on_this_machine_needs_a_host_only() {
        let mail = loaded(&[
            ("ENSEMBLE__MAIL__SES__HOST", "127.0.0.1"),
            ("ENSEMBLE__MAIL__SES__PORT", "1025"),
            ("ENSEMBLE__MAIL__SES__TLS", "none"),
            ("MAIL_ADDRESS", "shop@shop.example"),
        ])
        .mail;
        let ses = mail.ses.expect("is configured");
        assert_eq!(
            (ses.port, ses.tls, ses.credentials.is_none()),
            (1025, SmtpTls::None, true)
        );
        assert_eq!(ses.sender, "shop@shop.example");
    }

    #[test]
    fn halves_are_faults() {
        for (pairs, named) in [
            (&[("MAIL_PASSWD", "hunter2")][..], "MAIL_ADDRESS"),
            (
                &[("ENSEMBLE__MAIL__SES__PASSWORD", "hunter2")],
                "ENSEMBLE__MAIL__SES__HOST",
            ),
            (
                &[
                    ("ENSEMBLE__MAIL__SES__HOST", "h"),
                    ("ENSEMBLE__MAIL__SES__USERNAME", "u"),
                ],
                "ENSEMBLE__MAIL__SES__PASSWORD",
            ),
            (
                &[("MAIL_ADDRESS", "Shop <shop@shop.example>")],
                "MAIL_ADDRESS",
            ),
            (
                &[("ENSEMBLE__MAIL__GMAIL__TLS", "ssl")],
                "ENSEMBLE__MAIL__GMAIL__TLS",
            ),
            (
                &[("ENSEMBLE__MAIL__GMAIL__PORT", "0")],
                "ENSEMBLE__MAIL__GMAIL__PORT",
            ),
        ] {
            let found = faults(pairs);
            assert!(
                found.iter().any(|fault| fault.name.starts_with(named)),
                "{pairs:?}: {found:?}"
            );
            assert!(!format!("{found:?}").contains("hunter2"));
        }
    }
}
