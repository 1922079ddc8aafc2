//! The ground that all routes stand on: how requests are read, refused, named and logged.
//!
//! The middleware, from the outside to the inside (actix runs the one that is wrapped **last** first):
//!
//! 1. [`count_in_flight`], which knows of each request until its answer is handed over;
//! 2. [`identify`] with the request id, the span, the access log and the [`Traffic`];
//! 3. [`farewell`], which closes kept connections when the node is about to stop;
//! 4. [`harden`], which adds what browsers and caches have to know;
//! 5. compression and CORS, which see every answer in its final form;
//! 6. [`methods`], which answers HEAD;
//! 7. [`problems`], which makes every refusal a problem document;
//! 8. [`limited`](crate::limited), which counts who asks how often;
//! 9. [`see_through`], which lets no hang-up interrupt a change;
//! 10. [`shed`], which turns requests away where there are too many;
//! 11. the routes, and [`unmatched`] as the default service.
//!
//! ```ignore
//! App::new()
//!     .configure(configure_errors)
//!     .app_data(route_table)                       // web::Data<RouteTable>
//!     .default_service(web::to(unmatched))
//!     .wrap(from_fn(shed))
//!     .wrap(from_fn(see_through))
//!     .wrap(from_fn(limited))
//!     .wrap(from_fn(problems))
//!     .wrap(from_fn(methods))
//!     .wrap(cors)
//!     .wrap(Compress::default())
//!     .wrap(from_fn(harden))
//!     .wrap(from_fn(farewell))
//!     .wrap(from_fn(identify))
//!     .wrap(from_fn(count_in_flight))
//! ```

mod access_log;
mod answered;
mod asset;
mod body;
mod catalogue;
mod client_address;
mod completion;
mod conditional;
mod config;
mod decode;
mod dialect;
mod document;
mod documented;
mod farewell;
mod field_error;
mod gate;
mod hardening;
mod id_text;
mod in_flight;
mod language;
mod messages;
mod methods;
mod pages;
mod pairs;
mod patch;
mod pressure;
mod problem;
mod range;
mod render;
mod request_id;
mod route_table;
mod shed;
mod standing;
mod traffic;
mod valid;

#[cfg(test)]
mod tests;

pub use access_log::TARGET as ACCESS_LOG_TARGET;
pub use asset::Asset;
pub use body::BodyLimits;
pub(crate) use body::{is_readable_encoding, read_file, read_raw};
pub use catalogue::Code;
pub use client_address::{ClientAddress, ForwardedBy, TrustedProxies};
pub use completion::see_through;
pub use conditional::{Conditions, EntityTag, Verdict, not_modified};
pub use config::configure_errors;
pub use dialect::{Dialect, Speak, Speaking, Told};
pub use documented::{
    AuthProblems, BodyProblems, ConfirmationProblems, ConflictProblems, DrawingProblems,
    FieldProblem, HandshakeProblems, HashingProblems, LinkProblems, LookupProblems, PageProblems,
    PictureProblems, PreconditionProblems, ProblemDocument, ProviderProblems,
    ProviderSignInProblems, QueryProblems, ReadinessProblems, RefreshProblems, SendProblems,
    SignInProblems, SignatureProblems, ThrottleProblems, add_shared_schemas, problem_response,
};
pub use farewell::farewell;
pub use field_error::FieldError;
pub use gate::{Gate, Kind, ShedFigures};
pub use hardening::{StrictTransport, harden};
pub use id_text::{Anything, IdText, Named, NotAnId, PathId};
pub use in_flight::{Counted, InFlight, count_in_flight};
pub use language::Language;
pub use methods::{Bodiless, is_head, methods};
pub(crate) use pages::SWAGGER_FILES;
pub use pages::{OPENAPI_JSON, Pages};
pub use patch::{not_null, nullable};
pub(crate) use pressure::Pressure;
pub use problem::{PROBLEM_JSON, Problem};
pub(crate) use range::{Part, part};
pub use render::problems;
pub use request_id::{RequestId, X_REQUEST_ID, identify};
pub use route_table::{RouteTable, unmatched};
pub(crate) use shed::shed;
pub(crate) use standing::{limits_of, tell_standing};
pub use traffic::{RouteFigures, Traffic, UNMATCHED};
pub use valid::{MaybeValid, Valid, ValidForm, ValidQuery};
pub(crate) use valid::{read_json, read_large};
