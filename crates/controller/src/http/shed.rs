//! Turning requests away where there are too many: at once, so that those which are let in are
//! answered in time.

use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, web};

use super::gate::{Gate, Kind};
use super::pressure::Pressure;
use super::problem::Problem;
use crate::limited::is_free;

/// Who is let in whatever goes on: whoever leaves frees something, and a handshake is short.
const ALWAYS: [&str; 3] = ["/api/v1/users/sign-out", "/auth/logout", "/ws"];
/// The same for ending sessions.
const SESSIONS: &str = "/api/v1/users/me/sessions";

fn is_always_let_in(method: &Method, path: &str) -> bool {
    let ends_a_session = *method == Method::DELETE && path.starts_with(SESSIONS);
    ends_a_session || ALWAYS.contains(&path) || is_free(method, path)
}

/// Middleware for `from_fn`, within [`see_through`](super::see_through): a request is in hand until
/// it is answered, also where nobody waits for the answer any more.
pub(crate) async fn shed<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let gate = request.app_data::<web::Data<Gate>>();
    let gate = gate.map(|gate| gate.clone().into_inner());
    let (Some(gate), false) = (gate, is_always_let_in(request.method(), request.path())) else {
        return next.call(request).await;
    };
    let kind = Kind::of(request.method());
    let pressure = request.app_data::<Rc<Pressure>>();
    if pressure.is_some_and(|pressure| !pressure.admits(kind)) {
        gate.note_late(kind);
        return Err(Problem::overloaded().into());
    }
    let Some(_in_hand) = gate.enter(kind) else {
        return Err(Problem::overloaded().into());
    };
    next.call(request).await
}
