//! The chat as a page: two tabs are two people. It shares a script with the feed.

use crate::built_in_page::{BuiltInPage, File, SCRIPT, STYLE};

/// Scripts and styles are files of ours, nothing may stand in the page itself, and no text ever becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

macro_rules! files {
    ($($name:literal $content_type:expr;)*) => {
        /// Every file beside the page.
        const FILES: &[File] = &[$((
            concat!("/chat/", $name),
            $content_type,
            include_str!(concat!("../assets/chat/", $name)),
        ),)*];
    };
}

files! {
    "api.js" SCRIPT;
    "chat.css" STYLE;
    "chat.js" SCRIPT;
    "line.js" SCRIPT;
    "talk.js" SCRIPT;
    "words.js" SCRIPT;
}

/// Makes the page and its files.
pub(crate) fn chat_page() -> BuiltInPage {
    let page = include_str!("../assets/chat/index.html");
    BuiltInPage::new("/chat", page, POLICY, FILES)
}

#[cfg(test)]
mod tests {
    use super::{FILES, chat_page};
    use crate::built_in_page::testing;

    #[actix_web::test]
    async fn the_page_lets_nothing_foreign_in() {
        testing::is_closed(&chat_page(), "/chat").await;
    }

    #[actix_web::test]
    async fn everything_that_is_asked_for_is_there() {
        testing::is_complete(&chat_page(), "/chat", FILES).await;
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_address() {
        testing::is_told(&chat_page(), "/chat", FILES);
    }

    #[test]
    fn data_never_becomes_markup() {
        testing::makes_no_markup(FILES);
    }
}
