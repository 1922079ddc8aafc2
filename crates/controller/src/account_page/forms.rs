//! The forms of these pages. They post to the routes that programs use, too.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::shell::{Page, escape};
use crate::http::Language;

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// Asking for an account.
    Register,
    /// Signing in.
    Login,
    /// Asking for a new password.
    Forgot,
    /// Setting a new password, with the key of a mailed link.
    Reset(&'a str),
    /// Doing what a mailed link with this key is for.
    Open(&'a str),
    /// Ending the mails that this key stands for.
    Unsubscribe(&'a str),
}

/// Name, type, `autocomplete`, and the words for it in English and Korean.
type Field = (
    &'static str,
    &'static str,
    &'static str,
    (&'static str, &'static str),
);

const NAME: Field = ("name", "text", "nickname", ("Name", "이름"));
const EMAIL: Field = ("email", "email", "username", ("E-mail", "이메일"));
const PASSWORD: Field = (
    "password",
    "password",
    "current-password",
    ("Password", "비밀번호"),
);
const NEW_PASSWORD: Field = (
    "password",
    "password",
    "new-password",
    ("New password", "새 비밀번호"),
);

impl Form<'_> {
    fn action(self) -> Cow<'static, str> {
        match self {
            Self::Register => "/api/v1/auth/register".into(),
            Self::Login => "/api/v1/auth/login".into(),
            Self::Forgot => "/api/v1/auth/password/forgot".into(),
            Self::Reset(_) => "/api/v1/auth/password/reset".into(),
            Self::Open(key) => format!("/api/v1/auth/email_verify/{key}").into(),
            Self::Unsubscribe(key) => format!("/api/v1/unsubscribe/{key}").into(),
        }
    }

    fn title(self, language: Language) -> &'static str {
        let (english, korean) = match self {
            Self::Register => ("Sign up", "회원가입"),
            Self::Login => ("Sign in", "로그인"),
            Self::Forgot => ("Forgot the password", "비밀번호 찾기"),
            Self::Reset(_) => ("Set a new password", "새 비밀번호 설정"),
            Self::Open(_) => ("Confirm your e-mail address", "이메일 주소 확인"),
            Self::Unsubscribe(_) => ("Get no more of these mails", "이 메일 그만 받기"),
        };
        language.choose(english, korean)
    }

    fn button(self, language: Language) -> &'static str {
        let (english, korean) = match self {
            Self::Register => ("Sign up", "가입하기"),
            Self::Login => ("Sign in", "로그인"),
            Self::Forgot => ("Send me a link", "링크 받기"),
            Self::Reset(_) => ("Set the password", "비밀번호 설정"),
            Self::Open(_) => ("Confirm", "확인하기"),
            Self::Unsubscribe(_) => ("Unsubscribe", "수신 거부"),
        };
        language.choose(english, korean)
    }

    fn fields(self) -> &'static [Field] {
        match self {
            Self::Register => &[NAME, EMAIL, NEW_PASSWORD],
            Self::Login => &[EMAIL, PASSWORD],
            Self::Forgot => &[EMAIL],
            Self::Reset(_) => &[NEW_PASSWORD],
            Self::Open(_) | Self::Unsubscribe(_) => &[],
        }
    }

    /// Where else one may want to go from here.
    fn links(self, language: Language) -> Vec<(&'static str, &'static str)> {
        let register = ("/register", language.choose("Sign up", "회원가입"));
        let login = ("/login", language.choose("Sign in", "로그인"));
        let words = language.choose("Forgot the password?", "비밀번호를 잊으셨나요?");
        let forgot = ("/password/forgot", words);
        match self {
            Self::Register | Self::Reset(_) | Self::Open(_) => vec![login],
            Self::Login => vec![register, forgot],
            Self::Forgot => vec![login, register],
            Self::Unsubscribe(_) => vec![],
        }
    }

    /// What a field is called on the page.
    pub(super) fn label(self, field: &str, language: Language) -> Option<&'static str> {
        let named = self.fields().iter().find(|(name, ..)| *name == field);
        named.map(|(.., (english, korean))| language.choose(*english, *korean))
    }

    /// The page with this form, under what went wrong with the last try.
    pub(crate) fn page(self, language: Language, problems: &[String]) -> Page {
        let mut page = Page::new(language, self.title(language));
        for problem in problems {
            page = page.problem(problem);
        }
        page.markup(&self.markup(language))
            .links(&self.links(language))
    }

    fn markup(self, language: Language) -> String {
        let mut markup = format!(
            "<form method=\"post\" action=\"{}\">",
            escape(&self.action())
        );
        if let Self::Reset(key) = self {
            let key = escape(key);
            // Writing to a text cannot fail.
            let _ = write!(
                markup,
                "<input type=\"hidden\" name=\"token\" value=\"{key}\">"
            );
        }
        for (name, kind, autocomplete, (english, korean)) in self.fields() {
            let words = escape(language.choose(english, korean));
            let _ = write!(
                markup,
                "<label>{words}<input name=\"{name}\" type=\"{kind}\" \
                 autocomplete=\"{autocomplete}\" required></label>",
            );
        }
        let button = escape(self.button(language));
        let _ = write!(markup, "<button type=\"submit\">{button}</button></form>");
        markup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_and_may_be_pasted() {
        for (form, autocomplete) in [
            (Form::Register, "new-password"),
            (Form::Login, "current-password"),
            (Form::Reset("key"), "new-password"),
        ] {
            let markup = form.markup(Language::default());
            let field =
                format!("name=\"password\" type=\"password\" autocomplete=\"{autocomplete}\"");
            assert!(markup.contains(&field), "{markup}");
            assert_eq!(markup.matches("name=\"password\"").count(), 1, "{markup}");
            assert!(!markup.contains(" on"), "nothing listens: {markup}");
        }
    }
}
