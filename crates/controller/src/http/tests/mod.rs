//! Tests of the foundation, each against a small application with all of the middleware.

mod addresses;
mod bodies;
mod conditions;
mod documents;
mod fields;
mod identity;
mod methods;
mod pages;
mod queries;
mod refusals;

use std::net::SocketAddr;

use actix_web::{
    App,
    body::to_bytes,
    http::{
        Method, StatusCode,
        header::{HeaderMap, HeaderName},
    },
    middleware::from_fn,
    test::{TestRequest, init_service, try_call_service},
    web::{self, ServiceConfig},
};
use bytes::Bytes;
use serde_json::Value;

use super::{RouteTable, configure_errors, identify, methods as head_for_get, problems, unmatched};

/// What came back.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("a readable header"))
    }

    /// The pointers and codes of `errors`.
    fn findings(&self) -> Vec<(String, String)> {
        let body = self.json();
        let errors = body["errors"].as_array().expect("errors");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        errors
            .iter()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect()
    }

    #[track_caller]
    fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{:?}", self.body);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let body = self.json();
        assert_eq!(body["code"], code);
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], format!("urn:ensemble:problem:{code}"));
        assert!(body["request_id"].is_string() && body["title"].is_string());
    }
}

/// Sends one request to an application with these routes.
async fn ask(routes: impl FnOnce(&mut ServiceConfig), request: TestRequest) -> Answer {
    let table = RouteTable::new(&documents::document()).with("/ws", &[Method::GET]);
    let app = App::new()
        .configure(configure_errors)
        .configure(routes)
        .app_data(web::Data::new(table))
        .default_service(web::to(unmatched))
        .wrap(from_fn(problems))
        .wrap(from_fn(head_for_get))
        .wrap(from_fn(identify));
    let app = init_service(app).await;
    let response = match try_call_service(&app, request.to_request()).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        // What actix does with a failure that reaches the outside.
        Err(error) => error.error_response(),
    };
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: to_bytes(response.into_body()).await.expect("a body"),
    }
}

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

fn post_json(path: &str, body: &str) -> TestRequest {
    let request = TestRequest::post()
        .uri(path)
        .insert_header(("content-type", "application/json"));
    request.set_payload(body.to_owned())
}

fn from_peer(address: &str) -> TestRequest {
    get("/who").peer_addr(SocketAddr::new(address.parse().expect("an address"), 4711))
}

fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

fn findings(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned()))
        .collect()
}
