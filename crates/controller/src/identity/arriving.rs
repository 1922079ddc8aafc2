//! Where somebody comes from who is about to sign in.

use actix_web::http::header::USER_AGENT;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use domain::user::Device;
use futures_util::future::LocalBoxFuture;
use service::user::{Arrival, CookieHolder};

use super::credentials;
use super::person::guest;
use crate::http::{ClientAddress, Problem};

/// The device a request comes from, and the guest it was until now. A page of another site that
/// sends our cookie along comes no further.
#[derive(Clone, Debug)]
pub(crate) struct Arriving(pub(crate) Arrival);

impl Arriving {
    /// Where the answer sets the session cookie: the session of the one it takes the place of ends.
    pub(crate) fn in_browser(self, request: &HttpRequest) -> Arrival {
        let replaces = match credentials::cookie(request) {
            Some(CookieHolder::Session(owner, session)) => Some((owner, session)),
            Some(CookieHolder::Guest(_)) | None => None,
        };
        Arrival { replaces, ..self.0 }
    }
}

impl FromRequest for Arriving {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let address = ClientAddress::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let agent = request.headers().get(USER_AGENT);
            let agent = agent.and_then(|agent| agent.to_str().ok());
            let Ok(address) = address.await;
            Ok(Self(Arrival {
                device: Device::new(agent, Some(address.0)),
                guest: guest(&request).await?,
                replaces: None,
            }))
        })
    }
}
