//! Sends back what comes, over the WebSocket that the chat stands on: for the protocol tests of
//! Autobahn|Testsuite (see docs/RELIABILITY.md). It is no part of the program.
//!
//! `cargo run -p controller --example echo -- 9001`

use actix_web::web::{self, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt};
use controller::websocket::{End, Whole, Wire};

/// The longest message of the tests, in bytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

async fn echo(request: HttpRequest, payload: Payload) -> actix_web::Result<HttpResponse> {
    let (response, mut wire) = Wire::open(&request, payload, MAX_MESSAGE).await?;
    rt::spawn(async move {
        let end = loop {
            if let Err(end) = answer(&mut wire).await {
                break end;
            }
        };
        wire.end(end).await;
    });
    Ok(response)
}

/// Answers what comes next.
async fn answer(wire: &mut Wire) -> Result<(), End> {
    match wire.next().await? {
        Some(Whole::Text(text)) => wire.text(text).await,
        Some(Whole::Binary(bytes)) => wire.binary(bytes).await,
        Some(Whole::Ping(payload)) => wire.pong(&payload).await,
        Some(Whole::Close(code)) => Err(End::Close(code)),
        Some(Whole::Pong) | None => Ok(()),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    HttpServer::new(|| App::new().route("/", web::get().to(echo)))
        .bind(("127.0.0.1", port.unwrap_or(9001)))?
        .run()
        .await
}
