//! The feed as a page: what the API can do, to look at and to play with.

use crate::built_in_page::{BuiltInPage, File, SCRIPT, STYLE};

/// Scripts and styles are files of ours, nothing may stand in the page itself, and no text ever becomes markup. Only
/// pictures come from elsewhere: from wherever the catalogue's owner keeps them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

macro_rules! files {
    ($($name:literal $content_type:expr;)*) => {
        /// Every file beside the page.
        const FILES: &[File] = &[$((
            concat!("/feed/", $name),
            $content_type,
            include_str!(concat!("../assets/feed/", $name)),
        ),)*];
    };
}

files! {
    "account.js" SCRIPT;
    "api.js" SCRIPT;
    "card.js" SCRIPT;
    "cards.css" STYLE;
    "dialogs.css" STYLE;
    "dislikes.js" SCRIPT;
    "dom.js" SCRIPT;
    "feed.css" STYLE;
    "feed.js" SCRIPT;
    "filters.js" SCRIPT;
    "hearts.js" SCRIPT;
    "icon.svg" "image/svg+xml";
    "motion.js" SCRIPT;
    "sheet.js" SCRIPT;
    "stream.js" SCRIPT;
    "toast.js" SCRIPT;
    "views.js" SCRIPT;
    "words.js" SCRIPT;
}

/// Makes the page and its files.
pub(crate) fn feed_page() -> BuiltInPage {
    let page = include_str!("../assets/feed/index.html");
    BuiltInPage::new("/feed", page, POLICY, FILES)
}

#[cfg(test)]
mod tests {
    use super::{FILES, feed_page};
    use crate::built_in_page::testing;

    #[actix_web::test]
    async fn the_page_lets_nothing_foreign_in() {
        testing::is_closed(&feed_page(), "/feed").await;
    }

    #[actix_web::test]
    async fn everything_that_is_asked_for_is_there() {
        testing::is_complete(&feed_page(), "/feed", FILES).await;
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_address() {
        testing::is_told(&feed_page(), "/feed", FILES);
    }

    #[test]
    fn data_never_becomes_markup() {
        testing::makes_no_markup(FILES);
    }
}
