//! Letting go of clients before the node stops.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use service::health::Departure;

/// Middleware that closes kept connections after their next answer once the node is about to stop
/// (a [`Departure`] in the app's data). A client that is not told would send its next request into
/// a connection that is being closed, and could not know whether it was done.
///
/// # Errors
/// Passes on what the inner service failed with.
pub async fn farewell<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let departure = request.app_data::<web::Data<Departure>>().cloned();
    let mut outcome = next.call(request).await;
    if !departure.is_some_and(|departure| departure.is_announced()) {
        return outcome;
    }
    match &mut outcome {
        // A socket is no request any more; the hub says goodbye to it.
        Ok(response) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {}
        Ok(response) => {
            let head = response.response_mut().head_mut();
            head.set_connection_type(ConnectionType::Close);
        }
        Err(error) => error.add_response_mapper(|mut response| {
            let head = response.head_mut();
            head.set_connection_type(ConnectionType::Close);
            response
        }),
    }
    outcome
}
