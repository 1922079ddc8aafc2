//! What all mails look like, as text and as a page.

use std::fmt::Write as _;

use domain::notification::Language;

/// A mail in one language, before it has a form.
pub(super) struct Content {
    /// What it is about, in one line.
    pub(super) subject: &'static str,
    /// Its paragraphs.
    pub(super) paragraphs: Vec<&'static str>,
    /// What the reader may do: the words on the button, and where it leads.
    pub(super) action: Option<(&'static str, String)>,
    /// What follows the button.
    pub(super) note: &'static str,
}

impl Content {
    /// As plain text.
    pub(super) fn text(&self) -> String {
        let mut text = self.paragraphs.join("\n\n");
        if let Some((words, address)) = &self.action {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n\n{words}:\n{address}");
        }
        let _ = write!(text, "\n\n{}\n\n-- \nEnsemble\n", self.note);
        text
    }

    /// As a page. Styles stand at the elements: mail programs take nothing else.
    pub(super) fn html(&self, language: Language) -> String {
        let mut body = String::new();
        for paragraph in &self.paragraphs {
            let _ = write!(body, "<p>{}</p>", escape(paragraph));
        }
        if let Some((words, address)) = &self.action {
            let (words, address) = (escape(words), escape(address));
            let _ = write!(
                body,
                "<p><a href=\"{address}\" style=\"display:inline-block;padding:12px 20px;\
                 background:#1f2937;color:#ffffff;border-radius:6px;text-decoration:none\">{words}</a></p>\
                 <p style=\"font-size:13px;color:#6b7280;word-break:break-all\">{address}</p>",
            );
        }
        let note = escape(self.note);
        let _ = write!(body, "<p style=\"{SMALL}\">{note}</p>");
        let _ = write!(body, "<p style=\"{SMALL}\">Ensemble</p>");
        frame(language, self.subject, &body)
    }
}

/// The style of what is beside the point.
pub(super) const SMALL: &str = "font-size:13px;color:#6b7280";

/// A whole page around its body.
pub(super) fn frame(language: Language, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"margin:0;padding:24px;font-family:sans-serif;line-height:1.6;color:#111827\">\
         <div style=\"max-width:520px;margin:0 auto\">{body}</div></body></html>",
        language.tag(),
        escape(title),
    )
}

/// A text as it may stand in a page, in an attribute too.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            plain => escaped.push(plain),
        }
    }
    escaped
}
