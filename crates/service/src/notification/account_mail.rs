//! The mails of accounts, in both languages.

use domain::notification::{Language, Mail, MailProfile, Recipient};
use domain::user::Email;

use super::page::Content;

/// A mail of an account, and the addresses that stand in it. None names a person: it may reach
/// somebody who only shares a letter with them.
#[derive(Clone, PartialEq, Eq)]
pub enum AccountMail {
    /// Open the link and the account exists.
    ConfirmSignUp {
        /// The link.
        link: String,
    },
    /// Somebody wanted an account with the address of one that exists.
    AlreadyRegistered {
        /// Where to sign in.
        sign_in: String,
    },
    /// Open the link and the address is the account's.
    ConfirmAddress {
        /// The link.
        link: String,
    },
    /// Somebody wanted an address for their account that is another's.
    AddressInUse,
    /// To the address of before: another one was asked for.
    AddressChangeAsked {
        /// Where to set a new password.
        forgot: String,
    },
    /// To both: the address was changed.
    AddressChanged {
        /// Where to set a new password; `None` in the mail to the address of before, which opens
        /// nothing any more.
        forgot: Option<String>,
    },
    /// Open the link and set a new password.
    ResetPassword {
        /// The link.
        link: String,
    },
    /// Instagram no longer takes the token of one of their personas.
    InstagramDisconnected {
        /// Where to connect it again.
        page: String,
    },
    /// The password was changed.
    PasswordChanged {
        /// Where to set a new password.
        forgot: String,
    },
}

impl AccountMail {
    /// The mail to this address in this language.
    #[must_use]
    pub fn write(self, to: &Email, language: Language) -> Mail {
        let content = match language {
            Language::English => self.english(),
            Language::Korean => self.korean(),
        };
        Mail {
            profile: MailProfile::Any,
            to: vec![Recipient {
                name: None,
                email: to.as_str().to_owned(),
            }],
            subject: content.subject.to_owned(),
            text: content.text(),
            html: Some(content.html(language)),
            unsubscribe: None,
        }
    }

    fn english(self) -> Content {
        match self {
            Self::ConfirmSignUp { link } => Content {
                subject: "Confirm your e-mail address",
                paragraphs: vec![
                    "Welcome to Ensemble. Confirm your address, and your account is ready.",
                    "The link works once, for 24 hours.",
                ],
                action: Some(("Confirm my address", link)),
                note: "You did not ask for an account? Then do nothing: none is made.",
            },
            Self::AlreadyRegistered { sign_in } => Content {
                subject: "You have an account already",
                paragraphs: vec![
                    "Somebody, probably you, wanted to make an Ensemble account with this address. There is one already.",
                    "Sign in with it. Forgotten the password? The sign-in page helps.",
                ],
                action: Some(("Sign in", sign_in)),
                note: "It was not you? Nothing was changed, and nobody was told that you have an account.",
            },
            Self::ConfirmAddress { link } => Content {
                subject: "Confirm your e-mail address",
                paragraphs: vec![
                    "Somebody who is signed in to Ensemble gave this as their address. Confirm it if that was you.",
                    "The link works once, for 24 hours.",
                ],
                action: Some(("Confirm my address", link)),
                note: "It was not you? Then do nothing: whoever asked does not get your address.",
            },
            Self::AddressInUse => Content {
                subject: "Your address was asked for",
                paragraphs: vec![
                    "Somebody wanted to use this address for another Ensemble account. It belongs to yours, and stays there.",
                ],
                action: None,
                note: "Nothing was changed. Was it you? Give this account another address first.",
            },
            Self::AddressChangeAsked { forgot } => Content {
                subject: "Another e-mail address was asked for",
                paragraphs: vec![
                    "Another address was asked for your Ensemble account. Once it is confirmed, mails go there and no longer here.",
                ],
                action: Some(("Set a new password", forgot)),
                note: "It was not you? Set a new password now: that signs everybody else out, and the change cannot be completed.",
            },
            Self::AddressChanged { forgot } => Content {
                subject: "Your e-mail address was changed",
                paragraphs: vec!["The address of your Ensemble account was changed."],
                action: forgot.map(|link| ("Set a new password", link)),
                note: "It was not you? Write to whoever runs this service.",
            },
            Self::ResetPassword { link } => Content {
                subject: "Set a new password",
                paragraphs: vec![
                    "A new password was asked for your Ensemble account. With it, everybody is signed out everywhere.",
                    "The link works once, for 24 hours.",
                ],
                action: Some(("Set a new password", link)),
                note: "It was not you? Then do nothing: your password stays as it is.",
            },
            Self::InstagramDisconnected { page } => Content {
                subject: "Connect Instagram again",
                paragraphs: vec![
                    "Instagram no longer lets Ensemble in for one of your personas: the permission ended or was taken back.",
                    "Connect it again whenever you like. Your other personas are not affected.",
                ],
                action: Some(("To my personas", page)),
                note: "You took the permission back yourself? Then there is nothing to do.",
            },
            Self::PasswordChanged { forgot } => Content {
                subject: "Your password was changed",
                paragraphs: vec![
                    "The password of your Ensemble account was changed, and other devices were signed out.",
                ],
                action: Some(("Set a new password", forgot)),
                note: "It was not you? Set a new password now.",
            },
        }
    }

    fn korean(self) -> Content {
        match self {
            Self::ConfirmSignUp { link } => Content {
                subject: "이메일 주소를 확인해 주세요",
                paragraphs: vec![
                    "Ensemble에 오신 것을 환영합니다. 이메일 주소를 확인하면 계정이 만들어집니다.",
                    "링크는 24시간 동안 한 번만 사용할 수 있습니다.",
                ],
                action: Some(("이메일 확인하기", link)),
                note: "가입을 신청한 적이 없다면 이 메일을 무시하세요. 계정은 만들어지지 않습니다.",
            },
            Self::AlreadyRegistered { sign_in } => Content {
                subject: "이미 가입한 계정이 있습니다",
                paragraphs: vec![
                    "누군가 이 이메일 주소로 Ensemble 가입을 신청했습니다. 이미 같은 주소의 계정이 있습니다.",
                    "기존 계정으로 로그인하세요. 비밀번호를 잊었다면 로그인 화면에서 다시 설정할 수 있습니다.",
                ],
                action: Some(("로그인하기", sign_in)),
                note: "본인이 신청하지 않았다면 무시하세요. 바뀐 것은 없으며, 계정이 있다는 사실도 알려 주지 않았습니다.",
            },
            Self::ConfirmAddress { link } => Content {
                subject: "이메일 주소를 확인해 주세요",
                paragraphs: vec![
                    "Ensemble에 로그인한 사용자가 이 주소를 자신의 이메일로 입력했습니다. 본인이라면 확인해 주세요.",
                    "링크는 24시간 동안 한 번만 사용할 수 있습니다.",
                ],
                action: Some(("이메일 확인하기", link)),
                note: "본인이 아니라면 이 메일을 무시하세요. 주소는 등록되지 않습니다.",
            },
            Self::AddressInUse => Content {
                subject: "이메일 주소 사용 요청이 있었습니다",
                paragraphs: vec![
                    "누군가 이 이메일 주소를 다른 Ensemble 계정에 등록하려고 했습니다. 주소는 기존 계정에 그대로 남아 있습니다.",
                ],
                action: None,
                note: "바뀐 것은 없습니다. 본인이 요청했다면 이 계정에서 주소를 먼저 바꿔 주세요.",
            },
            Self::AddressChangeAsked { forgot } => Content {
                subject: "이메일 주소 변경 요청이 있었습니다",
                paragraphs: vec![
                    "Ensemble 계정의 이메일 주소를 바꾸려는 요청이 있었습니다. 새 주소가 확인되면 메일은 그 주소로 발송됩니다.",
                ],
                action: Some(("비밀번호 다시 설정하기", forgot)),
                note: "본인이 아니라면 지금 비밀번호를 다시 설정하세요. 모든 기기에서 로그아웃되고 주소 변경도 취소됩니다.",
            },
            Self::AddressChanged { forgot } => Content {
                subject: "이메일 주소가 변경되었습니다",
                paragraphs: vec!["Ensemble 계정의 이메일 주소가 변경되었습니다."],
                action: forgot.map(|link| ("비밀번호 다시 설정하기", link)),
                note: "본인이 변경하지 않았다면 서비스 운영자에게 알려 주세요.",
            },
            Self::ResetPassword { link } => Content {
                subject: "비밀번호를 다시 설정하세요",
                paragraphs: vec![
                    "Ensemble 계정의 비밀번호를 다시 설정하려는 요청이 있었습니다. 새 비밀번호를 설정하면 모든 기기에서 로그아웃됩니다.",
                    "링크는 24시간 동안 한 번만 사용할 수 있습니다.",
                ],
                action: Some(("비밀번호 다시 설정하기", link)),
                note: "본인이 요청하지 않았다면 이 메일을 무시하세요. 비밀번호는 바뀌지 않습니다.",
            },
            Self::InstagramDisconnected { page } => Content {
                subject: "인스타그램을 다시 연결해 주세요",
                paragraphs: vec![
                    "페르소나 하나의 인스타그램 연결이 끊어졌습니다. 허용 기간이 끝났거나 권한이 취소되었습니다.",
                    "원할 때 다시 연결할 수 있으며, 다른 페르소나에는 영향이 없습니다.",
                ],
                action: Some(("내 페르소나로 가기", page)),
                note: "직접 권한을 취소했다면 이 메일을 무시하세요.",
            },
            Self::PasswordChanged { forgot } => Content {
                subject: "비밀번호가 변경되었습니다",
                paragraphs: vec![
                    "Ensemble 계정의 비밀번호가 변경되었고 다른 기기에서는 로그아웃되었습니다.",
                ],
                action: Some(("비밀번호 다시 설정하기", forgot)),
                note: "본인이 변경하지 않았다면 지금 비밀번호를 다시 설정하세요.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<AccountMail> {
        let link = || "https://shop.example/login?a=1&b=%22".to_owned();
        vec![
            AccountMail::ConfirmSignUp { link: link() },
            AccountMail::AlreadyRegistered { sign_in: link() },
            AccountMail::ConfirmAddress { link: link() },
            AccountMail::AddressInUse,
            AccountMail::AddressChangeAsked { forgot: link() },
            AccountMail::AddressChanged {
                forgot: Some(link()),
            },
            AccountMail::AddressChanged { forgot: None },
            AccountMail::ResetPassword { link: link() },
            AccountMail::InstagramDisconnected { page: link() },
            AccountMail::PasswordChanged { forgot: link() },
        ]
    }

    fn is_korean(text: &str) -> bool {
        text.chars().any(|sign| ('가'..='힣').contains(&sign))
    }

    #[test]
    fn every_mail_exists_in_both_languages_as_text_and_as_a_page() {
        let to = Email::parse("yuna@example.com").expect("an address");
        for mail in all() {
            for language in [Language::English, Language::Korean] {
                let written = mail.clone().write(&to, language);
                let html = written.html.expect("a page");
                for text in [&written.subject, &written.text, &html] {
                    assert_eq!(is_korean(text), language == Language::Korean, "{text}");
                }
                assert!(html.contains(&format!("lang=\"{}\"", language.tag())));
                assert!(!written.text.contains("yuna") && !html.contains("yuna"));
            }
        }
    }

    #[test]
    fn a_link_stands_in_the_text_as_it_is_and_in_the_page_escaped() {
        let to = Email::parse("yuna@example.com").expect("an address");
        let link = "https://shop.example/?a=1&b=\"><script>".to_owned();
        let mail = AccountMail::ResetPassword { link: link.clone() };
        let written = mail.write(&to, Language::English);
        assert!(written.text.contains(&link));
        let html = written.html.expect("a page");
        assert!(html.contains("?a=1&amp;b=&quot;&gt;&lt;script&gt;"));
        assert!(!html.contains("<script>"));
    }
}
