//! Settings that keep actix's own plain-text answers away.

use actix_web::web::{FormConfig, JsonConfig, PathConfig, QueryConfig, ServiceConfig};

use super::{catalogue::Code, problem::Problem};

/// Gives actix's own extractors our form of errors; for `App::configure`. Bodies and queries are read by `Valid` and
/// its kin, so this matters for `web::Path` and for what a library extracts.
pub fn configure_errors(config: &mut ServiceConfig) {
    config
        .app_data(PathConfig::default().error_handler(|error, _| {
            // A path whose parameters cannot be read is a path that we do not have.
            Problem::new(Code::NotFound)
                .caused_by(error.to_string())
                .into()
        }))
        .app_data(JsonConfig::default().error_handler(|error, _| {
            use actix_web::error::JsonPayloadError as E;
            let code = match &error {
                E::Overflow { .. } | E::OverflowKnownLength { .. } => Code::PayloadTooLarge,
                E::ContentType => Code::UnsupportedMediaType,
                E::Deserialize(error) if error.is_data() => Code::InvalidRequest,
                _ => Code::UnreadableBody,
            };
            Problem::new(code).caused_by(error.to_string()).into()
        }))
        .app_data(FormConfig::default().error_handler(|error, _| {
            use actix_web::error::UrlencodedError as E;
            let code = match &error {
                E::Overflow { .. } => Code::PayloadTooLarge,
                E::ContentType => Code::UnsupportedMediaType,
                E::Parse(_) => Code::InvalidRequest,
                _ => Code::UnreadableBody,
            };
            Problem::new(code).caused_by(error.to_string()).into()
        }))
        .app_data(QueryConfig::default().error_handler(|error, _| {
            Problem::new(Code::InvalidRequest)
                .caused_by(error.to_string())
                .into()
        }));
}
