//! The feed as a page: what the API can do, to look at and to play with. It needs no build step and nothing from
//! elsewhere; its files are compiled in.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, Route};

use crate::http::{Asset, RouteTable};

/// Scripts and styles are files of ours, nothing may stand in the page itself, and no text ever becomes markup. Only
/// pictures come from elsewhere: from wherever the catalogue's owner keeps them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! files {
    ($($name:literal $content_type:expr;)*) => {
        /// Address, type and content of every file beside the page.
        const FILES: &[(&str, &str, &str)] = &[$((
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

/// The page and its files, made once and shared by all workers.
#[derive(Clone, Debug)]
pub(crate) struct FeedPage(Vec<(&'static str, Asset)>);

impl FeedPage {
    /// Makes them.
    pub(crate) fn new() -> Self {
        let page = Asset::new(
            include_str!("../assets/feed/index.html"),
            "text/html; charset=utf-8",
            Some(POLICY),
        );
        let files = FILES
            .iter()
            .map(|(path, content_type, content)| (*path, Asset::new(*content, content_type, None)));
        Self(std::iter::once(("/feed", page)).chain(files).collect())
    }

    /// Adds the addresses to those that are known, so that a wrong method is told from a wrong address.
    pub(crate) fn tell(&self, table: RouteTable) -> RouteTable {
        let paths = self.0.iter().map(|(path, _)| path);
        paths.fold(table, |table, path| table.with(path, &[Method::GET]))
    }

    /// Adds the routes; for `App::configure`.
    pub(crate) fn configure(self, config: &mut ServiceConfig) {
        for (path, asset) in self.0 {
            config.route(path, served(asset));
        }
    }
}

fn served(asset: Asset) -> Route {
    web::get().to(move |request: HttpRequest| {
        let asset = asset.clone();
        async move { asset.serve(&request).await }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::App;
    use actix_web::body::to_bytes;
    use actix_web::test::{TestRequest, call_service, init_service};

    use super::{FILES, FeedPage};
    use crate::collect;
    use crate::http::RouteTable;

    async fn get(path: &str) -> (u16, Option<String>, String) {
        let app = App::new().configure(|config| FeedPage::new().configure(config));
        let app = init_service(app).await;
        let answer = call_service(&app, TestRequest::get().uri(path).to_request()).await;
        let policy = answer.headers().get("content-security-policy");
        let policy = policy.map(|policy| policy.to_str().expect("ASCII").to_owned());
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body()).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("UTF-8");
        (status, policy, body)
    }

    /// What follows each occurrence of `before`, up to the quotation mark.
    fn quoted<'a>(text: &'a str, before: &str) -> impl Iterator<Item = &'a str> {
        let parts = text.split(before).skip(1);
        parts.filter_map(|part| part.split('"').next())
    }

    #[actix_web::test]
    async fn the_page_lets_nothing_foreign_in() {
        let (status, policy, page) = get("/feed").await;
        assert_eq!(status, 200);
        let policy = policy.expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(!policy.contains("unsafe"));
        // What the policy would refuse is not there to begin with.
        assert!(!page.contains("<script>") && !page.contains("<style") && !page.contains("style="));
        assert!(!page.contains("https://") && !page.contains("http://"));
    }

    #[actix_web::test]
    async fn everything_that_is_asked_for_is_there() {
        let (_, _, page) = get("/feed").await;
        let named = quoted(&page, "\"/feed/");
        let mut wanted: BTreeSet<String> = named.map(|name| format!("/feed/{name}")).collect();
        for (_, _, content) in FILES {
            let imports = quoted(content, "from \"./");
            wanted.extend(imports.map(|name| format!("/feed/{name}")));
        }
        let served: BTreeSet<String> = FILES.iter().map(|(path, ..)| (*path).to_owned()).collect();
        assert_eq!(wanted, served);
        for path in served {
            let (status, _, body) = get(&path).await;
            assert_eq!(status, 200, "{path}");
            assert!(!body.is_empty(), "{path}");
        }
    }

    #[test]
    fn a_wrong_method_is_told_from_a_wrong_address() {
        let table = FeedPage::new().tell(RouteTable::new(&collect()));
        for path in ["/feed", "/feed/feed.js"] {
            let allow = table.allow(path).expect("a known address");
            assert_eq!(allow, "GET, HEAD, OPTIONS", "{path}");
        }
        assert!(table.allow("/feed/nothing.js").is_none());
    }

    #[test]
    fn data_never_becomes_markup() {
        for (path, _, content) in FILES.iter().filter(|(path, ..)| path.ends_with(".js")) {
            for way in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(!content.contains(way), "{path} uses {way}");
            }
        }
    }
}
