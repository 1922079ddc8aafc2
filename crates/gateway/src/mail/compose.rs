//! From a mail to the text that travels (RFC 5322).

use std::error::Error;

use chrono::{DateTime, Utc};
use domain::notification::{DeliveryError, Mail, MessageId, Recipient};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

/// What stands beside the sender's address.
const SENDER_NAME: &str = "Ensemble";

/// The message. All that could differ from one attempt to the next is made from the id and the
/// time it was written.
pub(super) fn compose(
    sender: &Address,
    id: MessageId,
    written_at: DateTime<Utc>,
    mail: &Mail,
) -> Result<Message, DeliveryError> {
    let from = Mailbox::new(Some(SENDER_NAME.to_owned()), sender.clone());
    let mut message = Message::builder()
        .from(from)
        .subject(mail.subject.clone())
        .date(written_at.into())
        .message_id(Some(format!("<{id}@{}>", sender.domain())));
    for recipient in &mail.to {
        message = message.to(mailbox(recipient)?);
    }
    if let Some(address) = &mail.unsubscribe {
        message = message
            .header(ListUnsubscribe(format!("<{address}>")))
            .header(ListUnsubscribePost);
    }
    let text = mail.text.clone();
    let composed = match mail.html.clone() {
        Some(html) if text.is_empty() => message.singlepart(SinglePart::html(html)),
        Some(html) => message.multipart(MultiPart::alternative_plain_html(text, html)),
        None => message.singlepart(SinglePart::plain(text)),
    };
    composed.map_err(|_| never("content"))
}

/// Where mails like this one can be ended (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// That one request there does it, without any page (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

fn mailbox(recipient: &Recipient) -> Result<Mailbox, DeliveryError> {
    let address: Address = recipient.email.parse().map_err(|_| never("address"))?;
    Ok(Mailbox::new(recipient.name.clone(), address))
}

fn never(reason: &'static str) -> DeliveryError {
    DeliveryError::Never {
        reason,
        status: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            profile: domain::notification::MailProfile::Any,
            to: vec![Recipient {
                name: Some("유나".into()),
                email: to.into(),
            }],
            subject: subject.into(),
            text: "안녕하세요".into(),
            html: Some("<p>안녕하세요</p>".into()),
            unsubscribe: None,
        }
    }

    fn composed(mail: &Mail) -> Result<String, DeliveryError> {
        let sender = "no-reply@shop.example".parse().expect("an address");
        let written_at = DateTime::from_timestamp(1_795_262_400, 0).expect("a time");
        let message = compose(&sender, 42.into(), written_at, mail)?;
        Ok(String::from_utf8(message.formatted()).expect("ASCII"))
    }

    #[test]
    fn the_same_message_is_the_same_to_its_reader() {
        let mail = mail("yuna@example.com", "확인");
        let (one, other) = (composed(&mail).expect("one"), composed(&mail).expect("two"));
        let header = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            line.expect("a header").to_owned()
        };
        assert_eq!(header(&one, "Message-ID:"), "Message-ID: <42@shop.example>");
        for name in ["Message-ID:", "Date:", "Subject:"] {
            assert_eq!(header(&one, name), header(&other, name));
        }
        assert!(one.is_ascii() && one.contains("multipart/alternative"));
    }

    #[test]
    fn a_line_break_makes_no_header() {
        let mail = mail("yuna@example.com", "hello\r\nBcc: eve@example.com");
        let text = composed(&mail).expect("a message");
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    }

    #[test]
    fn a_mail_that_can_be_ended_says_so_to_mail_programs() {
        let address = format!("https://shop.example/end/{}", "k".repeat(200));
        let ending = Mail {
            unsubscribe: Some(address.clone()),
            ..mail("yuna@example.com", "소식")
        };
        let text = composed(&ending).expect("a message");
        let unfolded = text.replace("\r\n ", " ");
        assert!(
            unfolded.contains(&format!("List-Unsubscribe: <{address}>\r\n")),
            "{text}"
        );
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
        let other = composed(&mail("yuna@example.com", "확인")).expect("a message");
        assert!(!other.contains("List-Unsubscribe"));
    }

    #[test]
    fn a_page_alone_travels_alone() {
        let page = Mail {
            text: String::new(),
            ..mail("yuna@example.com", "소식")
        };
        let text = composed(&page).expect("a message");
        assert!(text.contains("Content-Type: text/html") && !text.contains("multipart"));
    }

    #[test]
    fn what_is_no_address_is_never_tried() {
        for to in ["", "nobody", "a@b.co\r\nRCPT TO:<eve@example.com>"] {
            let refused = composed(&mail(to, "hello"));
            assert_eq!(refused, Err(never("address")), "{to}");
        }
    }
}
