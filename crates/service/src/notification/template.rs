//! Texts with variables, and the mails that are ours to lay out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::notification::Language;

use super::page::{SMALL, escape, frame};

/// What stands for what, by name.
pub type Values = BTreeMap<String, String>;

/// Puts values in the place of `{{name}}`. In a page (`is_page`) they are escaped: a value is text,
/// whatever it looks like.
///
/// # Errors
/// The name that there is no value for.
pub(super) fn fill(template: &str, values: &Values, is_page: bool) -> Result<String, String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let named = after
            .split_once("}}")
            .map(|(name, next)| (name.trim(), next))
            .filter(|(name, _)| is_name(name));
        let Some((name, next)) = named else {
            // No variable: braces as they are.
            filled.push_str("{{");
            rest = after;
            continue;
        };
        let value = values.get(name).ok_or(name)?;
        if is_page {
            filled.push_str(&escape(value));
        } else {
            filled.push_str(value);
        }
        rest = next;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether a variable may be called so.
fn is_name(name: &str) -> bool {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    (1..=64).contains(&name.len()) && name.chars().all(fits)
}

/// A mail that is laid out by us. What is empty is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// "Dear Yuna"
    pub greetings: String,
    /// What it begins with.
    pub introduction: String,
    /// The headline.
    pub title: String,
    /// What there is to say.
    pub description: String,
}

impl Notice {
    /// What somebody gets who is sent a mail without any text.
    pub(super) fn greeting(language: Language) -> Self {
        let text = |english: &str, korean: &str| language.choose(english, korean).to_owned();
        Self {
            greetings: text("Hello {{name}}", "{{name}}님, 안녕하세요"),
            description: text(
                "Somebody who uses Ensemble sends you their regards.",
                "Ensemble 사용자가 안부를 전합니다.",
            ),
            ..Self::default()
        }
    }

    /// As text and as page.
    ///
    /// # Errors
    /// The name of a variable that there is no value for.
    pub(super) fn write(
        &self,
        subject: &str,
        values: &Values,
        language: Language,
        unsubscribe: &str,
    ) -> Result<(String, String), String> {
        let (mut text, mut body) = (String::new(), String::new());
        for (part, element) in [
            (&self.greetings, "p"),
            (&self.introduction, "p"),
            (&self.title, "h2"),
            (&self.description, "p"),
        ] {
            if part.is_empty() {
                continue;
            }
            let filled = fill(part, values, false)?;
            let lines = escape(&filled).replace('\n', "<br>");
            // Writing to a text cannot fail.
            let _ = write!(text, "{filled}\n\n");
            let _ = write!(body, "<{element}>{lines}</{element}>");
        }
        let words = language.choose("Unsubscribe", "수신 거부");
        let address = escape(unsubscribe);
        let _ = write!(text, "-- \n{words}: {unsubscribe}\n");
        let _ = write!(
            body,
            "<p style=\"{SMALL}\"><a href=\"{address}\">{words}</a></p>"
        );
        Ok((text, frame(language, subject, &body)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        [("name", "유나"), ("shop", "<b>A&B</b>")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn values_stand_as_text_in_pages_too() {
        let template = "{{name}} {{ shop }}";
        assert_eq!(
            fill(template, &values(), false).as_deref(),
            Ok("유나 <b>A&B</b>")
        );
        let page = fill(template, &values(), true).expect("a page");
        assert_eq!(page, "유나 &lt;b&gt;A&amp;B&lt;/b&gt;");
    }

    #[test]
    fn what_has_no_value_is_named_and_other_braces_stay() {
        assert_eq!(fill("{{nome}}", &values(), false), Err("nome".to_owned()));
        for text in ["{{", "{{ a b }}", "}}{", "{name}", "{{}}", "p{{color:red}"] {
            assert_eq!(fill(text, &values(), true).as_deref(), Ok(text));
        }
        // A value is not read again.
        let tricky: Values = [("name".to_owned(), "{{shop}}".to_owned())].into();
        assert_eq!(fill("{{name}}", &tricky, false).as_deref(), Ok("{{shop}}"));
    }

    #[test]
    fn a_notice_leaves_out_what_is_empty_and_can_be_ended() {
        let notice = Notice {
            greetings: "{{name}}님".into(),
            description: "하나\n둘 <둘>".into(),
            ..Notice::default()
        };
        let end = "https://shop.example/end?a=1&b=2";
        let written = notice.write("소식", &values(), Language::Korean, end);
        let (text, page) = written.expect("a notice");
        assert!(text.starts_with("유나님\n\n하나\n둘 <둘>\n\n"), "{text}");
        assert!(text.contains(end) && page.contains("end?a=1&amp;b=2"));
        assert!(
            page.contains("하나<br>둘 &lt;둘&gt;") && !page.contains("<h2>"),
            "{page}"
        );
        assert!(page.contains("수신 거부") && page.contains("lang=\"ko\""));
    }
}
