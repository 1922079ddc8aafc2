//! Where metrics are told: a listener of its own, so that nobody reads them who only reaches the
//! API.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use controller::http::{RouteTable, identify, methods, problems, unmatched};
use tokio::task::JoinHandle;
use tracing::{info, warn};
use utoipa::openapi::OpenApi;

use super::{Metrics, exposition};
use crate::configuration::{self, Stage};

/// The one address there is.
const PATH: &str = "/metrics";

/// A place to listen, taken before there is anything to tell.
pub(crate) struct Place(TcpListener);

/// Metrics being told.
pub(crate) struct Listening {
    /// Where.
    pub(crate) address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Place {
    /// Takes the place of the settings, where they name one.
    ///
    /// In development a place that is taken costs the metrics and no more: somebody who tries out
    /// two servers beside each other has hardly thought of it.
    ///
    /// # Errors
    /// In production, where it is taken.
    pub(crate) fn take(
        settings: &configuration::Metrics,
        stage: Stage,
    ) -> Result<Option<Self>, Box<dyn Error + Send + Sync>> {
        let Some(port) = settings.port else {
            return Ok(None);
        };
        let place = settings.host.authority(port);
        match TcpListener::bind((settings.host.ip(), port)) {
            Ok(listener) => Ok(Some(Self(listener))),
            Err(error) if stage == Stage::Development => {
                warn!(%error, place, "cannot listen there: no metrics");
                Ok(None)
            }
            Err(error) => Err(format!("cannot listen on {place} for metrics: {error}").into()),
        }
    }

    /// Begins to tell them.
    ///
    /// # Errors
    /// Where the system does not allow it.
    pub(crate) fn serve(self, metrics: Metrics) -> std::io::Result<Listening> {
        let address = self.0.local_addr()?;
        let metrics = web::Data::new(metrics);
        // An empty document: nothing but the route below.
        let table = web::Data::new(RouteTable::new(&OpenApi::default()).with(PATH, &[Method::GET]));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(metrics.clone())
                .app_data(table.clone())
                .route(PATH, web::get().to(tell))
                .default_service(web::to(unmatched))
                .wrap(from_fn(problems))
                .wrap(from_fn(methods))
                .wrap(from_fn(identify))
        });
        // Whoever asks is one program, now and then.
        let server = server.workers(1).shutdown_timeout(1).disable_signals();
        let server = server.listen(self.0)?.run();
        info!(%address, "telling metrics");
        Ok(Listening {
            address,
            handle: server.handle(),
            serving: tokio::spawn(server),
        })
    }
}

impl Listening {
    /// Stops telling them; who is being told hears it to the end, for a second.
    pub(crate) async fn stop(self) {
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.serving.await {
            warn!(%error, "the listener for metrics did not end well");
        }
    }
}

async fn tell(metrics: web::Data<Metrics>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, exposition::CONTENT_TYPE))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(metrics.write().await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_taken_stops_a_server_of_real_people_only() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut settings = configuration::Metrics {
            host: configuration::BindHost::default(),
            port: Some(taken.local_addr().expect("its address").port()),
        };
        let development = Place::take(&settings, Stage::Development);
        assert!(development.expect("it goes on").is_none());
        let error = Place::take(&settings, Stage::Production).err();
        let error = error.expect("it stops").to_string();
        assert!(error.contains("for metrics"), "{error}");
        for stage in [Stage::Development, Stage::Production] {
            settings.port = Some(0);
            let free = Place::take(&settings, stage).expect("a place");
            assert!(free.is_some());
            settings.port = None;
            let none = Place::take(&settings, stage).expect("no place");
            assert!(none.is_none());
        }
    }
}
