//! A document that is made once and served unchanged: tagged, and compressed no more than once.

use std::{
    hash::{DefaultHasher, Hasher},
    io::Write,
    sync::{Arc, OnceLock},
};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::header::{
        AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        Encoding, HeaderValue, VARY,
    },
    web,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::conditional::{Conditions, EntityTag, Verdict, not_modified};

/// A ready-made document. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Asset(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    content: Bytes,
    compressed: OnceLock<Bytes>,
    content_type: &'static str,
    policy: Option<&'static str>,
    fingerprint: u64,
}

impl Asset {
    /// A document of this type; a page also has a `Content-Security-Policy`.
    #[must_use]
    pub fn new(
        content: impl Into<Bytes>,
        content_type: &'static str,
        policy: Option<&'static str>,
    ) -> Self {
        let content = content.into();
        // Unkeyed, so that every node gives the same document the same tag.
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        Self(Arc::new(Inner {
            fingerprint: hasher.finish(),
            content,
            compressed: OnceLock::new(),
            content_type,
            policy,
        }))
    }

    /// Answers a GET: 304 when the client has it, compressed when the client can read that.
    pub async fn serve(&self, request: &HttpRequest) -> HttpResponse {
        let gzip = accepts_gzip(request);
        let suffix = if gzip { "-gzip" } else { "" };
        let tag = EntityTag::new(&format!("{:016x}{suffix}", self.0.fingerprint));
        let mut response = match Conditions::of(request.headers()).on_read(&tag) {
            Verdict::NotModified => not_modified(&tag),
            // `If-Match` makes no sense on a document that nobody can change.
            Verdict::Proceed | Verdict::Failed => {
                let mut response = HttpResponse::Ok();
                response.insert_header((CONTENT_TYPE, self.0.content_type));
                response.insert_header(tag.header());
                if let Some(policy) = self.0.policy {
                    response.insert_header((CONTENT_SECURITY_POLICY, policy));
                }
                match gzip {
                    true => response
                        .insert_header((CONTENT_ENCODING, "gzip"))
                        .body(self.compressed().await),
                    false => response.body(self.0.content.clone()),
                }
            }
        };
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }

    /// Compressed when first asked for, on a thread that may block: not every start needs it, and a megabyte takes
    /// some 50 ms.
    async fn compressed(&self) -> Bytes {
        if let Some(known) = self.0.compressed.get() {
            return known.clone();
        }
        let inner = Arc::clone(&self.0);
        let fresh = web::block(move || {
            inner
                .compressed
                .get_or_init(|| gzip(&inner.content))
                .clone()
        });
        // Only a panic inside could get here, and compressing into memory has none.
        fresh.await.unwrap_or_default()
    }
}

fn gzip(content: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(
        Vec::with_capacity(content.len() / 3),
        Compression::default(),
    );
    // Writing into memory cannot fail.
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.unwrap_or_default().into()
}

fn accepts_gzip(request: &HttpRequest) -> bool {
    let supported = [Encoding::gzip(), Encoding::identity()];
    let accepted = request.get_header::<AcceptEncoding>();
    accepted.and_then(|accepted| accepted.negotiate(supported.iter())) == Some(Encoding::gzip())
}
