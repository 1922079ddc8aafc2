//! What programs ask to be sent, on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{KakaoNote, Language, Mail, MailProfile, MessageId, Priority};
use domain::user::{Email, User};
use domain::{Clock, SystemClock};
use serde::{Deserialize, Serialize};
use service::notification::{Content, MailOrder, Notice, OnceKey, Terms};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::http::IdText;
use crate::rules;

/// How far ahead something may be sent.
const AHEAD: TimeDelta = TimeDelta::days(30);
/// The longest page or text, in characters.
const MAX_TEXT: u64 = 200_000;
/// What Kakao shows of a note, in characters.
const MAX_NOTE: usize = 200;

/// Somebody to write to: an address, or an object with `name` and `email`.
#[derive(Clone, Validate, Serialize, ToSchema)]
#[schema(as = Recipient, example = json!({"name": "유나", "email": "yuna@example.com"}))]
pub(crate) struct To {
    /// What they are called.
    #[validate(custom(function = "rules::recipient_name"))]
    name: Option<String>,
    /// Their address.
    #[validate(custom(function = "rules::email"))]
    email: String,
}

impl<'de> Deserialize<'de> for To {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Named { name: Option<String>, email: String },
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Text(email) => Self { name: None, email },
            Either::Named { name, email } => Self { name, email },
        })
    }
}

/// The validated recipients.
fn recipients(to: Option<Vec<To>>) -> Vec<(Option<String>, Email)> {
    let to = to.unwrap_or_default().into_iter();
    to.filter_map(|to| {
        let name = to.name.map(|name| name.trim().to_owned());
        Some((
            name.filter(|name| !name.is_empty()),
            Email::parse(&to.email).ok()?,
        ))
    })
    .collect()
}

/// Mails through Gmail.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "has_recipients", skip_on_field_errors = false))]
#[schema(example = json!({"email_to": [{"name": "유나", "email": "yuna@example.com"}], "subject": "{{name}}님, 신상품", "text": "{{shop}}에서 새 상품이 나왔습니다.", "variables": {"shop": "Ensemble"}}))]
pub(crate) struct GmailBody {
    /// Who gets it, each a mail of their own: 1 to 100.
    #[validate(nested, length(min = 1, max = 100))]
    email_to: Option<Vec<To>>,
    /// Another name of `email_to`.
    #[validate(nested, length(min = 1, max = 100))]
    mailing_list: Option<Vec<To>>,
    /// What it is about; a default where absent.
    #[validate(length(min = 1, max = 200))]
    subject: Option<String>,
    /// It as text.
    #[validate(length(max = "MAX_TEXT"))]
    text: Option<String>,
    /// It as a page.
    #[validate(length(max = "MAX_TEXT"))]
    html: Option<String>,
    /// `notice`: laid out by us, of the variables `greetings`, `introduction`, `title` and `description`.
    #[validate(custom(function = "is_template"))]
    template: Option<String>,
    /// What stands in the place of `{{name}}` in subject, text and page. `name` and `email` are the recipient's,
    /// `unsubscribe` is where such mails end.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// `en` or `ko`: what our own words are in. The sender's own unless told.
    #[validate(custom(function = "is_language"))]
    language: Option<String>,
    /// Not before this, within 30 days; at once unless told.
    #[validate(custom(function = "is_near"))]
    send_at: Option<DateTime<Utc>>,
    /// `high`, `normal` (the default) or `low`: what goes first of what is due.
    #[validate(custom(function = "is_priority"))]
    priority: Option<String>,
}

fn has_recipients(body: &GmailBody) -> Result<(), ValidationError> {
    let lists = [&body.email_to, &body.mailing_list];
    if lists.iter().filter(|list| list.is_some()).count() == 1 {
        return Ok(());
    }
    let mut finding = ValidationError::new("required");
    finding.add_param("pointer".into(), &"email_to");
    Err(finding)
}

fn is_template(name: &str) -> Result<(), ValidationError> {
    (name == "notice")
        .then_some(())
        .ok_or_else(|| ValidationError::new("choice"))
}

/// A mail through Amazon SES, laid out by us.
#[derive(Deserialize, Validate, ToSchema)]
#[schema(example = json!({"recipients": ["yuna@example.com"], "mail_title": "신상품 안내", "greetings": "{{name}}님, 안녕하세요", "introduction": "이번 주 소식입니다.", "title": "가을 코트", "description": "새 코트가 나왔습니다."}))]
pub(crate) struct SesBody {
    /// Who gets it, each a mail of their own: 1 to 100.
    #[validate(required, nested, length(min = 1, max = 100))]
    #[schema(required, nullable = false)]
    recipients: Option<Vec<To>>,
    /// What it is about; a default where absent.
    #[validate(length(min = 1, max = 200))]
    mail_title: Option<String>,
    /// "Dear {{name}}"
    #[validate(length(max = 1_000))]
    greetings: Option<String>,
    /// What it begins with.
    #[validate(length(max = 10_000))]
    introduction: Option<String>,
    /// The headline.
    #[validate(length(max = 1_000))]
    title: Option<String>,
    /// What there is to say.
    #[validate(length(max = "MAX_TEXT"))]
    description: Option<String>,
    /// What stands in the place of `{{name}}` in all of these.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// `en` or `ko`: what our own words are in. The sender's own unless told.
    #[validate(custom(function = "is_language"))]
    language: Option<String>,
    /// Not before this, within 30 days; at once unless told.
    #[validate(custom(function = "is_near"))]
    send_at: Option<DateTime<Utc>>,
    /// `high`, `normal` (the default) or `low`: what goes first of what is due.
    #[validate(custom(function = "is_priority"))]
    priority: Option<String>,
}

fn is_language(text: &str) -> Result<(), ValidationError> {
    ["en", "ko"]
        .contains(&text)
        .then_some(())
        .ok_or_else(|| ValidationError::new("choice"))
}

fn is_near(at: &DateTime<Utc>) -> Result<(), ValidationError> {
    (*at <= SystemClock.now() + AHEAD)
        .then_some(())
        .ok_or_else(|| ValidationError::new("too_far"))
}

fn priority(text: &str) -> Option<Priority> {
    match text {
        "high" => Some(Priority::High),
        "normal" => Some(Priority::Normal),
        "low" => Some(Priority::Low),
        _ => None,
    }
}

fn is_priority(text: &str) -> Result<(), ValidationError> {
    priority(text)
        .map(|_| ())
        .ok_or_else(|| ValidationError::new("choice"))
}

fn language(told: Option<&str>, sender: &User) -> Language {
    match (told, &sender.locale) {
        (Some("ko"), _) => Language::Korean,
        (None, Some(locale)) if locale.is_korean() => Language::Korean,
        _ => Language::English,
    }
}

fn terms(send_at: Option<DateTime<Utc>>, told: Option<&str>, once: Option<OnceKey>) -> Terms {
    Terms {
        send_at,
        priority: told.and_then(priority).unwrap_or_default(),
        once,
    }
}

/// What to send, and when.
pub(super) trait MailBody {
    fn into_order(self, sender: &User, once: Option<OnceKey>) -> (MailOrder, Terms);
}

impl MailBody for GmailBody {
    fn into_order(mut self, sender: &User, once: Option<OnceKey>) -> (MailOrder, Terms) {
        let mut part = |name: &str| self.variables.remove(name).unwrap_or_default();
        let content = match (self.template, self.text, self.html) {
            (Some(_), ..) => Content::Notice(Notice {
                greetings: part("greetings"),
                introduction: part("introduction"),
                title: part("title"),
                description: part("description"),
            }),
            (None, None, None) => Content::Greeting,
            (None, text, html) => Content::Written { text, html },
        };
        let order = MailOrder {
            profile: MailProfile::Gmail,
            to: recipients(self.email_to.or(self.mailing_list)),
            subject: self.subject,
            content,
            values: self.variables,
            language: language(self.language.as_deref(), sender),
        };
        (order, terms(self.send_at, self.priority.as_deref(), once))
    }
}

impl MailBody for SesBody {
    fn into_order(self, sender: &User, once: Option<OnceKey>) -> (MailOrder, Terms) {
        let notice = Notice {
            greetings: self.greetings.unwrap_or_default(),
            introduction: self.introduction.unwrap_or_default(),
            title: self.title.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
        };
        let order = MailOrder {
            profile: MailProfile::Ses,
            to: recipients(self.recipients),
            subject: self.mail_title,
            content: if notice == Notice::default() {
                Content::Greeting
            } else {
                Content::Notice(notice)
            },
            values: self.variables,
            language: language(self.language.as_deref(), sender),
        };
        (order, terms(self.send_at, self.priority.as_deref(), once))
    }
}

/// A note to one's own Kakao chat: `msg`, or `title` and `message`. At most 200 characters in all, which is what Kakao
/// shows.
#[derive(Deserialize, Validate, ToSchema)]
#[validate(schema(function = "says_something", skip_on_field_errors = false))]
#[schema(example = json!({"msg": "새 주문이 들어왔습니다."}))]
pub(crate) struct KakaoBody {
    /// What it says.
    msg: Option<String>,
    /// Its first line.
    title: Option<String>,
    /// What follows.
    message: Option<String>,
    /// Where a tap on it leads; the front end unless told. Kakao wants its domain registered with the app.
    #[validate(custom(function = "rules::link"))]
    link: Option<String>,
    /// Not before this, within 30 days; at once unless told.
    #[validate(custom(function = "is_near"))]
    send_at: Option<DateTime<Utc>>,
    /// `high`, `normal` (the default) or `low`: what goes first of what is due.
    #[validate(custom(function = "is_priority"))]
    priority: Option<String>,
}

fn says_something(body: &KakaoBody) -> Result<(), ValidationError> {
    let length = body.text().chars().count();
    let code = match length {
        0 => "required",
        1..=MAX_NOTE => return Ok(()),
        _ => "length",
    };
    let mut finding = ValidationError::new(code);
    let field = if body.msg.is_some() || length == 0 {
        "msg"
    } else {
        "message"
    };
    finding.add_param("pointer".into(), &field);
    if length > 0 {
        finding.add_param("max".into(), &MAX_NOTE);
    }
    Err(finding)
}

impl KakaoBody {
    fn text(&self) -> String {
        let parts = match &self.msg {
            Some(_) => [&self.msg, &None],
            None => [&self.title, &self.message],
        };
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect();
        parts.join("\n")
    }

    pub(super) fn into_note(self, front_end: &str, once: Option<OnceKey>) -> (KakaoNote, Terms) {
        let note = KakaoNote {
            text: self.text(),
            link: self.link.unwrap_or_else(|| front_end.to_owned()),
        };
        (note, terms(self.send_at, self.priority.as_deref(), once))
    }
}

/// Whether to send at all.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SendQuery {
    /// `true`: answers what would be sent, and sends nothing.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// Messages were accepted. They are delivered at least once, or end as given up.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    #[schema(example = "OK")]
    message: &'static str,
    /// Of each message, in the order of the recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<IdText>>,
    /// With `dry_run=true`: what would be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Vec<PreviewDto>>,
}

impl Accepted {
    pub(super) fn ids(ids: &[MessageId]) -> Self {
        Self {
            message: "OK",
            ids: Some(ids.iter().map(|id| IdText(id.get())).collect()),
            preview: None,
        }
    }

    pub(super) fn preview(mails: Vec<PreviewDto>) -> Self {
        Self {
            message: "OK",
            ids: None,
            preview: Some(mails),
        }
    }
}

/// What would be sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Preview)]
pub(crate) struct PreviewDto {
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<To>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    text: String,
    html: Option<String>,
}

impl From<Mail> for PreviewDto {
    fn from(mail: Mail) -> Self {
        let to = mail.to.into_iter().next();
        Self {
            to: to.map(|to| To {
                name: to.name,
                email: to.email,
            }),
            subject: Some(mail.subject),
            text: mail.text,
            html: mail.html,
        }
    }
}

impl From<KakaoNote> for PreviewDto {
    fn from(note: KakaoNote) -> Self {
        Self {
            to: None,
            subject: None,
            text: note.text,
            html: None,
        }
    }
}
