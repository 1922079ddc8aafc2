//! Mails as files, for installations without a mail server.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notification::{DeliveryError, Mail, Mailer, MessageId};
use lettre::Address;

use super::compose::compose;
use super::smtp::SmtpError;
use crate::private::create_dir;

/// Writes each mail to `ID.eml` in a folder: one file a message, however often it is sent.
#[derive(Clone, Debug)]
pub struct FileMailer {
    folder: PathBuf,
    sender: Address,
}

impl FileMailer {
    /// Writes to `folder`, which is made when the first mail is.
    ///
    /// # Errors
    /// Where the sender is no address.
    pub fn new(folder: PathBuf, sender: &str) -> Result<Self, SmtpError> {
        let sender = sender.parse().map_err(|_| SmtpError::Sender)?;
        Ok(Self { folder, sender })
    }
}

/// Writes a file for its owner's eyes only: whoever reads it can use the links in it. It takes its
/// name once it is whole.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    create_dir(folder)?;
    let beside = folder.join(format!("{name}.new"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, folder.join(format!("{name}.eml")))
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(
        &self,
        id: MessageId,
        written_at: DateTime<Utc>,
        mail: &Mail,
    ) -> Result<(), DeliveryError> {
        let message = compose(&self.sender, id, written_at, mail)?.formatted();
        let (folder, name) = (self.folder.clone(), id.to_string());
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &message)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            _ => Err(DeliveryError::Later {
                reason: "file",
                status: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::{MailProfile, Recipient};

    use super::*;

    #[tokio::test]
    async fn a_mail_becomes_one_file_however_often_it_is_sent() {
        let folder = tempfile::tempdir().expect("a folder");
        let mail_dir = folder.path().join("mail");
        let mailer = FileMailer::new(mail_dir.clone(), "no-reply@localhost").expect("a mailer");
        let mail = Mail {
            profile: MailProfile::Any,
            to: vec![Recipient {
                name: None,
                email: "yuna@example.com".into(),
            }],
            subject: "hello".into(),
            text: "a text".into(),
            html: None,
            unsubscribe: None,
        };
        let written_at = DateTime::from_timestamp(1_795_262_400, 0).expect("a time");
        for _ in 0..2 {
            let sent = mailer.send(7.into(), written_at, &mail).await;
            sent.expect("a file");
        }
        let files: Vec<_> = std::fs::read_dir(&mail_dir)
            .expect("a folder")
            .map(|entry| entry.expect("a file").file_name())
            .collect();
        assert_eq!(files, ["7.eml"]);
        let text = std::fs::read_to_string(mail_dir.join("7.eml")).expect("a mail");
        assert!(text.contains("To: yuna@example.com") && text.contains("a text"));
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_made_is_tried_again_later() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mailer = FileMailer::new(file.path().join("mail"), "no-reply@localhost");
        let mail = Mail {
            profile: MailProfile::Any,
            to: vec![Recipient {
                name: None,
                email: "yuna@example.com".into(),
            }],
            subject: "hello".into(),
            text: String::new(),
            html: None,
            unsubscribe: None,
        };
        let now = DateTime::from_timestamp(1_795_262_400, 0).expect("a time");
        let sent = mailer.expect("a mailer").send(7.into(), now, &mail).await;
        let refused = DeliveryError::Later {
            reason: "file",
            status: None,
        };
        assert_eq!(sent, Err(refused));
    }
}
