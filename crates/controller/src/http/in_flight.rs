//! How many requests are being answered, until the last byte of each answer is handed over.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use bytes::Bytes;
use tokio::sync::Notify;

/// Counts the requests under way; app data where somebody wants to know.
#[derive(Debug, Default)]
pub struct InFlight {
    under_way: AtomicUsize,
    /// How many have begun: whether any did meanwhile.
    begun: AtomicUsize,
    ended: Notify,
}

impl InFlight {
    /// One more, until what comes back is dropped.
    fn begin(self: Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(self)
    }

    /// Waits until nothing has been under way for as long as `time`.
    pub async fn quiet(&self, time: Duration) {
        loop {
            let ended = self.ended.notified();
            tokio::pin!(ended);
            // From here on no end is missed.
            ended.as_mut().enable();
            if self.under_way.load(Ordering::SeqCst) == 0 {
                let begun = self.begun.load(Ordering::SeqCst);
                tokio::time::sleep(time).await;
                let is_idle = self.under_way.load(Ordering::SeqCst) == 0;
                if is_idle && self.begun.load(Ordering::SeqCst) == begun {
                    return;
                }
                continue;
            }
            ended.await;
        }
    }
}

/// A request that is being answered.
struct UnderWay(Arc<InFlight>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}

/// A body whose request is under way until it has been handed over, or nobody wants it any more.
pub struct Counted<B> {
    body: Pin<Box<B>>,
    _under_way: UnderWay,
}

impl<B: MessageBody> MessageBody for Counted<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().body.as_mut().poll_next(context)
    }
}

/// Middleware for `from_fn`: counts requests where an [`InFlight`] stands in the app's data.
///
/// # Errors
/// What the inner service answers.
pub async fn count_in_flight<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<Counted<B>, B>>, Error> {
    let counter = request.app_data::<web::Data<InFlight>>().cloned();
    let Some(counter) = counter else {
        return next
            .call(request)
            .await
            .map(ServiceResponse::map_into_right_body);
    };
    let under_way = counter.into_inner().begin();
    let response = next.call(request).await?;
    let counted = |body| {
        EitherBody::left(Counted {
            body: Box::pin(body),
            _under_way: under_way,
        })
    };
    Ok(response.map_body(|_, body| counted(body)))
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse};
    use futures_util::FutureExt as _;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    #[actix_web::test]
    async fn a_request_is_under_way_until_its_answer_is_handed_over() {
        let counter = web::Data::new(InFlight::default());
        let app = App::new()
            .app_data(counter.clone())
            .route(
                "/",
                web::get().to(async || HttpResponse::Ok().body("all of it")),
            )
            .wrap(from_fn(count_in_flight));
        let app = init_service(app).await;
        counter.quiet(MOMENT).await;
        let answer = call_service(&app, TestRequest::get().uri("/").to_request()).await;
        assert_eq!(counter.under_way.load(Ordering::SeqCst), 1);
        let waiting = counter.quiet(MOMENT);
        tokio::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none());
        let body = to_bytes(answer.into_body()).await.expect("a body");
        assert_eq!(body, "all of it");
        waiting.await;
    }

    #[actix_web::test]
    async fn where_nobody_wants_to_know_nothing_is_counted() {
        let app = App::new()
            .route(
                "/",
                web::get().to(async || HttpResponse::Ok().body("all of it")),
            )
            .wrap(from_fn(count_in_flight));
        let app = init_service(app).await;
        let answer = call_service(&app, TestRequest::get().uri("/").to_request()).await;
        assert!(matches!(answer.into_body(), EitherBody::Right { .. }));
    }
}
