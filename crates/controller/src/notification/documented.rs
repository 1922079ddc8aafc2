//! Signatures as the OpenAPI document tells of them.

use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};

/// Where the routes are that want a signature.
const SIGNED: [&str; 2] = ["/api/v1/services", "/api/services"];

type Part = (
    &'static str,
    fn(ApiKeyValue) -> ApiKey,
    &'static str,
    &'static str,
);

/// All four together sign a request.
const NEWER: [Part; 4] = [
    (
        "signed_key",
        ApiKey::Header,
        "Ensemble-Key",
        "The `access_key`",
    ),
    (
        "signed_timestamp",
        ApiKey::Header,
        "Ensemble-Timestamp",
        "Seconds since 1970",
    ),
    (
        "signed_nonce",
        ApiKey::Header,
        "Ensemble-Nonce",
        "1 to 64 characters, others for each request",
    ),
    (
        "signed_signature",
        ApiKey::Header,
        "Ensemble-Signature",
        "Of the whole request; see docs/SIGNING.md",
    ),
];
/// All three together sign a query, for clients of before.
const OLDER: [Part; 3] = [
    (
        "query_key",
        ApiKey::Query,
        "key",
        "Older form: the `access_key`",
    ),
    (
        "query_timestamp",
        ApiKey::Query,
        "timestamp",
        "Older form: seconds since 1970",
    ),
    (
        "query_secret",
        ApiKey::Header,
        "secret",
        "Older form: the signature of the query string",
    ),
];

/// Adds to every route for programs that it wants a signature, in one of the two forms.
pub(crate) fn document_signatures(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, place, parameter, text) in NEWER.into_iter().chain(OLDER) {
        let value = ApiKeyValue::with_description(parameter, text);
        components.add_security_scheme(name, SecurityScheme::ApiKey(place(value)));
    }
    let wanted = [together(&NEWER), together(&OLDER)];
    for (path, item) in &mut document.paths.paths {
        if SIGNED.iter().any(|signed| path.starts_with(signed)) {
            for operation in operations(item) {
                operation.security = Some(wanted.to_vec());
            }
        }
    }
}

fn together(parts: &[Part]) -> SecurityRequirement {
    parts
        .iter()
        .fold(SecurityRequirement::default(), |all, (name, ..)| {
            all.add::<_, [&str; 0], &str>(*name, [])
        })
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut utoipa::openapi::path::Operation> {
    [&mut item.get, &mut item.post, &mut item.delete]
        .into_iter()
        .flatten()
}
