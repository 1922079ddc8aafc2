//! Problems as `#[utoipa::path]` tells of them.
//!
//! Each type here stands for the refusals of one kind of route; name them in `responses(..)` beside the success:
//! `responses((status = 201, body = Product), BodyProblems, AuthProblems)`. Where two of them have the same status, the
//! later one's text stays, so list the more telling one last.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder},
};

use super::{id_text::IdText, problem::PROBLEM_JSON};

/// An error as RFC 9457 has it. Some older routes add members of their own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Names the kind of problem; the same for every occurrence.
    #[schema(example = "urn:ensemble:problem:invalid_request")]
    pub r#type: String,
    /// A short summary in the client's language.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time, in the client's language.
    pub detail: String,
    /// The path that was asked for.
    #[schema(example = "/api/v1/products")]
    pub instance: String,
    /// The stable reason; never translated.
    #[schema(example = "invalid_request")]
    pub code: String,
    /// The request's name in our logs, also in `X-Request-Id`.
    pub request_id: String,
    /// The failing fields, if it is about fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldProblem>>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// RFC 6901 pointer into the body; for a query, `/` and the parameter's name.
    #[schema(example = "/name")]
    pub pointer: String,
    /// The stable reason.
    #[schema(example = "required")]
    pub code: String,
    /// The reason in the client's language.
    #[schema(example = "This field is required.")]
    pub detail: String,
}

/// Adds the schemas that responses and path parameters only refer to: utoipa collects those of bodies, but not these.
pub fn add_shared_schemas(document: &mut OpenApi) {
    let mut schemas = vec![
        (IdText::name().into_owned(), IdText::schema()),
        (
            ProblemDocument::name().into_owned(),
            ProblemDocument::schema(),
        ),
    ];
    ProblemDocument::schemas(&mut schemas);
    let components = document.components.get_or_insert_default();
    components.schemas.extend(schemas);
}

/// One response that holds a problem document.
#[must_use]
pub fn problem_response(description: &str) -> RefOr<Response> {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = Content::new(Some(schema));
    ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content)
        .build()
        .into()
}

/// Declares a set of refusals: its name and the text of each status.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident { $($status:literal $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(($status.to_owned(), problem_response($text))),*].into()
            }
        }
    )*};
}

problems! {
    /// A route that reads a body.
    BodyProblems {
        "400" "`unreadable_body`: not JSON",
        "408" "`request_timeout`: the body did not arrive in time",
        "413" "`payload_too_large`",
        "415" "`unsupported_media_type`",
        "422" "`invalid_request`: every failing field is named",
    }
    /// A route that reads a query.
    QueryProblems {
        "422" "`invalid_request`: every failing parameter is named",
    }
    /// A route with pages.
    PageProblems {
        "422" "`invalid_request`: every failing parameter is named; `invalid_cursor`",
    }
    /// A route for members only.
    AuthProblems {
        "401" "`unauthenticated`, `invalid_token`",
        "403" "`csrf`: a cookie request from another site",
    }
    /// A route for programs that sign with an API key.
    SignatureProblems {
        "400" "`signature_missing`",
        "401" "`signature_invalid`, `timestamp_out_of_window`, `replayed`, `key_unknown`",
        "403" "`address_not_allowed`, `scope_missing`",
        "408" "`request_timeout`: the body did not arrive in time",
        "413" "`payload_too_large`",
    }
    /// A signed route that sends something. Name it after [`SignatureProblems`].
    SendProblems {
        "400" "`signature_missing`, `unreadable_body`, `idempotency_key_invalid`, `kakao_not_linked`",
        "422" "`invalid_request`: see `errors`; `idempotency_key_reused`",
        "429" "`too_many_requests`: the account sent too much; see `Retry-After`",
        "503" "`unavailable`: see `Retry-After`; `provider_not_configured`",
    }
    /// A route that lets somebody in by their password.
    SignInProblems {
        "401" "`invalid_credentials`: no account with that password",
        "403" "`forbidden`: the password is right, but the account is blocked",
        "503" "`overloaded`: too many passwords are being checked; `unavailable`: see `Retry-After`",
    }
    /// A route that lets somebody in by a refresh token.
    RefreshProblems {
        "401" "`invalid_token`: the refresh token is unknown, used or expired, or its session ended",
        "503" "`unavailable`: see `Retry-After`",
    }
    /// A route that wants the password once more. Name it after [`AuthProblems`].
    ConfirmationProblems {
        "403" "`confirmation_required`: the password is missing or wrong; `csrf`: a cookie request from another site",
    }
    /// A route that becomes a WebSocket.
    HandshakeProblems {
        "400" "`bad_request`: not a WebSocket handshake",
        "403" "`csrf`: from a page of another site, where those are refused (`STRICT_CORS`)",
    }
    /// A route that hashes a password.
    HashingProblems {
        "503" "`overloaded`: too many passwords are being checked; `unavailable`: see `Retry-After`",
    }
    /// A route that names something by its id.
    LookupProblems {
        "404" "There is no such thing, or it is not yours",
    }
    /// A route whose change can collide with another one.
    ConflictProblems {
        "409" "`conflict` or a more telling code",
    }
    /// A route that tells whether the server can work.
    ReadinessProblems {
        "503" "`unavailable`: the database does not answer; see `Retry-After`",
    }
    /// A route with `If-Match`.
    PreconditionProblems {
        "412" "`precondition_failed`: changed since it was read",
    }
    /// A route that is throttled.
    ThrottleProblems {
        "429" "`too_many_requests`: see `Retry-After`",
    }
    /// A route that takes a picture. Name it after [`BodyProblems`].
    PictureProblems {
        "409" "`media_quota_exceeded`",
        "413" "`payload_too_large`: more than 10 MiB",
        "415" "`unsupported_media_type`: not multipart, JSON or a picture",
        "422" "`invalid_picture`: damaged, of an unknown kind, or more than 24 million pixels; `invalid_request`",
        "503" "`overloaded`: too many pictures are being worked on; `unavailable`: see `Retry-After`",
    }
    /// A route that draws or scales a picture.
    DrawingProblems {
        "503" "`overloaded`: too many pictures are being worked on; `unavailable`: see `Retry-After`",
    }
    /// A route that begins at a provider, or ends there.
    ProviderProblems {
        "502" "`oauth_userinfo`, `upstream_failed`: the provider does not answer as it should",
        "503" "`provider_not_configured`; `unavailable`: see `Retry-After`",
    }
    /// A route that lets somebody in by what a provider gave them.
    ProviderSignInProblems {
        "401" "`oauth_token`: the provider does not confirm it, or not for this app",
        "403" "`forbidden`: the account is blocked",
    }
    /// A route that links or unlinks an account elsewhere.
    LinkProblems {
        "404" "`identity_not_found`: no account of that provider is linked",
        "409" "`identity_taken`, `provider_already_linked`, `last_way_in`",
    }
}
