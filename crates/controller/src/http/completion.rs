//! Seeing a change through, whoever is still there to hear of it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, rt};
use tracing::Instrument;

use super::problem::Problem;

/// Middleware that runs requests which may change something to their end, also when the client
/// hangs up meanwhile.
///
/// actix drops the work of a request with its connection. Between a commit and what has to follow
/// it (caches told, other nodes told) that would leave a change half done.
///
/// # Errors
/// What the inner service answers.
pub async fn see_through<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.method().is_safe() {
        return next.call(request).await;
    }
    // It goes on for the same request: in its log lines, and in its trace.
    let work = trace::carried(next.call(request)).in_current_span();
    match rt::spawn(work).await {
        Ok(answered) => answered,
        Err(error) => Err(Problem::internal(error).into()),
    }
}
