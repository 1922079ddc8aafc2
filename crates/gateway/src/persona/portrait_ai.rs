//! The portrait service over HTTP: `POST {base}/predict`, which answers `{"image":"data:…"}`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use domain::persona::{
    MAX_PICTURE_BYTES, PortraitAi, PortraitAiError, PortraitRequest, decode_data_uri,
};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::breaker::Breaker;
use super::gathered::{Gathered, Overflow, Room};
use crate::outgoing::send;

/// The longest answer: the largest picture in base64, and what stands around it.
const MAX_ANSWER_BYTES: usize = MAX_PICTURE_BYTES / 3 * 4 + 64 * 1024;

/// How the service is asked.
#[derive(Clone, Debug)]
pub struct PortraitAiSettings {
    /// Where it is.
    pub base_url: Url,
    /// How long an answer may take, to its last byte.
    pub timeout: Duration,
    /// How long it is left alone after it failed three times in a row.
    pub cooldown: Duration,
    /// Requests at the same time.
    pub concurrency: usize,
}

/// [`PortraitAi`] over HTTP.
#[derive(Debug)]
pub struct HttpPortraitAi {
    client: Client,
    address: Url,
    timeout: Duration,
    places: Arc<Semaphore>,
    room: Room,
    breaker: Breaker,
}

#[derive(Deserialize)]
struct Answer {
    image: String,
}

impl HttpPortraitAi {
    /// A client of the service.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn new(settings: &PortraitAiSettings) -> Result<Self, PortraitAiError> {
        let mut address = settings.base_url.clone();
        let path = format!("{}/predict", address.path().trim_end_matches('/'));
        address.set_path(&path);
        let client = Client::builder()
            // A service that sends us elsewhere could send us anywhere.
            .redirect(Policy::none())
            .connect_timeout(settings.timeout)
            .build()
            .map_err(unreachable)?;
        Ok(Self {
            client,
            address,
            timeout: settings.timeout,
            places: Arc::new(Semaphore::new(settings.concurrency.max(1))),
            room: Room::new(),
            breaker: Breaker::new(settings.cooldown),
        })
    }

    async fn ask(&self, request: &PortraitRequest) -> Result<Bytes, PortraitAiError> {
        let request = self.client.post(self.address.clone()).json(request);
        let mut response = send(request).await.map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(PortraitAiError::Refused(status.as_u16()));
        }
        let announced = response.content_length().unwrap_or_default();
        if announced > MAX_ANSWER_BYTES as u64 {
            return Err(PortraitAiError::TooLarge);
        }
        let mut body = Gathered::new(&self.room, MAX_ANSWER_BYTES);
        while let Some(piece) = response.chunk().await.map_err(unreachable)? {
            body.take(piece).map_err(|overflow| match overflow {
                Overflow::TooLong => PortraitAiError::TooLarge,
                Overflow::NoRoom => PortraitAiError::Busy,
            })?;
        }
        let answer = tokio::task::spawn_blocking(move || picture(&body.whole()));
        answer.await.map_err(unreachable)?
    }
}

/// The file in the answer.
pub(crate) fn picture(body: &[u8]) -> Result<Bytes, PortraitAiError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| PortraitAiError::NoPicture)?;
    let file = decode_data_uri(&answer.image).ok_or(PortraitAiError::NoPicture)?;
    if file.is_empty() {
        return Err(PortraitAiError::NoPicture);
    }
    Ok(file.into())
}

/// Whether a service that ends a request like this is in good order. One that finds fault with what
/// was asked is; one that has no time, or cannot say, is not.
fn is_well(error: &PortraitAiError) -> bool {
    match error {
        PortraitAiError::Refused(408 | 429) => false,
        PortraitAiError::Refused(status) => (400..500).contains(status),
        PortraitAiError::Resting
        | PortraitAiError::Busy
        | PortraitAiError::Slow
        | PortraitAiError::Unreachable(_)
        | PortraitAiError::TooLarge
        | PortraitAiError::NoPicture => false,
    }
}

fn unreachable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortraitAiError {
    PortraitAiError::Unreachable(error.into())
}

#[async_trait]
impl PortraitAi for HttpPortraitAi {
    async fn draw(&self, request: &PortraitRequest) -> Result<Bytes, PortraitAiError> {
        // Nobody queues: a portrait drawn here is better than one that comes too late.
        let place = self.places.clone().try_acquire_owned();
        let _place = place.map_err(|_| PortraitAiError::Busy)?;
        if !self.breaker.admits(Instant::now()) {
            return Err(PortraitAiError::Resting);
        }
        let answer = tokio::time::timeout(self.timeout, self.ask(request)).await;
        let answer = answer.unwrap_or(Err(PortraitAiError::Slow));
        match &answer {
            // Whether it holds a picture is found out where it is decoded.
            Ok(_) => {}
            Err(error) => self.judge(is_well(error)),
        }
        answer
    }

    fn judge(&self, is_good: bool) {
        if is_good {
            self.breaker.succeeded();
        } else {
            self.breaker.failed(Instant::now());
        }
    }

    fn is_resting(&self) -> bool {
        self.breaker.is_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_taken_out_of_the_answer() {
        let file = picture(br#"{"image":"data:image\/png;base64,aGVsbG8=","took":1}"#);
        assert_eq!(file.expect("a file"), "hello");
    }

    #[test]
    fn only_a_service_that_finds_fault_with_the_request_is_well() {
        for (status, expected) in [
            (400, true),
            (401, true),
            (404, true),
            (422, true),
            (408, false),
            (429, false),
            (302, false),
            (500, false),
            (503, false),
        ] {
            let refused = PortraitAiError::Refused(status);
            assert_eq!(is_well(&refused), expected, "{status}");
        }
        for error in [
            PortraitAiError::Slow,
            PortraitAiError::TooLarge,
            PortraitAiError::NoPicture,
            unreachable("it is gone"),
        ] {
            assert!(!is_well(&error), "{error}");
        }
    }

    #[tokio::test]
    async fn pictures_that_are_none_open_the_circuit_and_a_good_one_closes_it() {
        let service = HttpPortraitAi::new(&PortraitAiSettings {
            // Never reached while the circuit is open.
            base_url: "http://127.0.0.1:9/".parse().expect("an address"),
            timeout: Duration::from_secs(1),
            cooldown: Duration::from_secs(3600),
            concurrency: 1,
        });
        let service = service.expect("a client");
        service.judge(false);
        service.judge(false);
        service.judge(true);
        for _ in 0..3 {
            service.judge(false);
        }
        let resting = service.draw(&PortraitRequest::default()).await;
        assert!(matches!(resting, Err(PortraitAiError::Resting)));
        assert!(service.is_resting());
    }

    #[test]
    fn what_holds_no_picture_is_refused() {
        for body in [
            "",
            "<html>",
            "{}",
            r#"{"image":null}"#,
            r#"{"image":"https://elsewhere.example/a.png"}"#,
            r#"{"image":"data:image/png;base64,"}"#,
            r#"{"image":"data:image/png;base64,!!"}"#,
        ] {
            let refused = picture(body.as_bytes());
            assert!(matches!(refused, Err(PortraitAiError::NoPicture)), "{body}");
        }
    }
}
