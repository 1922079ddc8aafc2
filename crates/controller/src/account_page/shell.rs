//! What all these pages have around them.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    REFERRER_POLICY, VARY,
};

use crate::http::Language;

/// Nothing but a style sheet of ours, and forms that go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// A page in one language. Texts are escaped here and nowhere else.
pub(crate) struct Page {
    language: Language,
    title: &'static str,
    body: String,
}

impl Page {
    /// An empty page under a title.
    pub(crate) fn new(language: Language, title: &'static str) -> Self {
        let body = format!("<h1>{}</h1>", escape(title));
        Self {
            language,
            title,
            body,
        }
    }

    /// Adds a paragraph.
    pub(crate) fn paragraph(mut self, text: &str) -> Self {
        // Writing to a text cannot fail.
        let _ = write!(self.body, "<p>{}</p>", escape(text));
        self
    }

    /// Adds what went wrong.
    pub(crate) fn problem(mut self, text: &str) -> Self {
        let text = escape(text);
        let _ = write!(self.body, "<p class=\"problem\" role=\"alert\">{text}</p>");
        self
    }

    /// Adds markup that was made with [`escape`].
    pub(super) fn markup(mut self, markup: &str) -> Self {
        self.body.push_str(markup);
        self
    }

    /// Adds links to other pages.
    pub(crate) fn links(mut self, links: &[(&str, &str)]) -> Self {
        self.body.push_str("<nav>");
        for (address, words) in links {
            let (address, words) = (escape(address), escape(words));
            let _ = write!(self.body, "<a href=\"{address}\">{words}</a>");
        }
        self.body.push_str("</nav>");
        self
    }

    /// The answer. No cache keeps it: it may say who somebody is, or hold a key.
    pub(crate) fn answer(self, status: StatusCode) -> HttpResponse {
        let page = format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{} · Ensemble</title><link rel=\"stylesheet\" href=\"/account.css\"></head>\
             <body><main>{}</main></body></html>",
            self.language.choose("en", "ko"),
            escape(self.title),
            self.body,
        );
        HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_LANGUAGE, self.language.tag()))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            // The address of a page may hold a key; forms still have to say where they come from.
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .insert_header((VARY, "Accept, Accept-Language"))
            .body(page)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let page = Page::new(Language::English, "A title").paragraph("<script>alert('x')</script>");
        let page = page.links(&[("/a?b=1&c=\"2\"", "there")]);
        assert!(!page.body.contains("<script>"));
        assert!(page.body.contains("&lt;script&gt;alert(&#39;x&#39;)"));
        assert!(page.body.contains("href=\"/a?b=1&amp;c=&quot;2&quot;\""));
    }
}
