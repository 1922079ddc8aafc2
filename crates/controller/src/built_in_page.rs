//! Pages that show what the API can do. They need no build step and nothing from elsewhere; their files are compiled in.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, Route};

use crate::http::{Asset, RouteTable};

/// The content type of scripts.
pub(crate) const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The content type of styles.
pub(crate) const STYLE: &str = "text/css; charset=utf-8";

/// A file beside a page: address, type and content.
pub(crate) type File = (&'static str, &'static str, &'static str);

/// A page and its files, made once and shared by all workers.
#[derive(Clone, Debug)]
pub(crate) struct BuiltInPage(Vec<(&'static str, Asset)>);

impl BuiltInPage {
    /// Makes the page at `path`, under a content security policy.
    pub(crate) fn new(
        path: &'static str,
        page: &'static str,
        policy: &'static str,
        files: &[File],
    ) -> Self {
        let page = Asset::new(page, "text/html; charset=utf-8", Some(policy));
        let files = files
            .iter()
            .map(|(path, content_type, content)| (*path, Asset::new(*content, content_type, None)));
        Self(std::iter::once((path, page)).chain(files).collect())
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

/// What holds for every such page.
#[cfg(test)]
pub(crate) mod testing {
    use std::collections::BTreeSet;

    use actix_web::App;
    use actix_web::body::to_bytes;
    use actix_web::test::{TestRequest, call_service, init_service};

    use super::{BuiltInPage, File};
    use crate::collect;
    use crate::http::RouteTable;

    async fn get(page: &BuiltInPage, path: &str) -> (u16, Option<String>, String) {
        let app = App::new().configure(|config| page.clone().configure(config));
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

    /// A page lets nothing foreign in.
    pub(crate) async fn is_closed(page: &BuiltInPage, path: &str) {
        let (status, policy, page) = get(page, path).await;
        assert_eq!(status, 200);
        let policy = policy.expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(!policy.contains("unsafe"));
        // What the policy would refuse is not there to begin with.
        assert!(!page.contains("<script>") && !page.contains("<style") && !page.contains("style="));
        assert!(!page.contains("https://") && !page.contains("http://"));
    }

    /// Every file that page and files ask for is there, and no other.
    pub(crate) async fn is_complete(page: &BuiltInPage, path: &str, files: &[File]) {
        let (_, _, text) = get(page, path).await;
        let folder = format!("{path}/");
        let named = quoted(&text, &format!("\"{folder}"))
            .map(|name| format!("{folder}{name}"))
            .collect::<Vec<_>>();
        let mut wanted: BTreeSet<String> = named.into_iter().collect();
        for (_, _, content) in files {
            let imports = quoted(content, "from \"./");
            wanted.extend(imports.map(|name| format!("{folder}{name}")));
        }
        let served: BTreeSet<String> = files.iter().map(|(path, ..)| (*path).to_owned()).collect();
        assert_eq!(wanted, served);
        for path in served {
            let (status, _, body) = get(page, &path).await;
            assert_eq!(status, 200, "{path}");
            assert!(!body.is_empty(), "{path}");
        }
    }

    /// A wrong method is told from a wrong address.
    pub(crate) fn is_told(page: &BuiltInPage, path: &str, files: &[File]) {
        let table = page.tell(RouteTable::new(&collect()));
        for path in std::iter::once(path).chain(files.iter().map(|(path, ..)| *path)) {
            let allow = table.allow(path).expect("a known address");
            assert_eq!(allow, "GET, HEAD, OPTIONS", "{path}");
        }
        assert!(table.allow(&format!("{path}/nothing.js")).is_none());
    }

    /// Data never becomes markup.
    pub(crate) fn makes_no_markup(files: &[File]) {
        for (path, _, content) in files.iter().filter(|(path, ..)| path.ends_with(".js")) {
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
