//! What is recorded, with a real tracer that keeps it.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use opentelemetry::trace::{SpanId, Status, TraceId, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use trace::{Kind, Origin, Span, carried, over};

/// Keeps what ended.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Kept {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().expect("nobody panicked").extend(batch);
        Ok(())
    }
}

static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let kept = Kept::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(kept.clone())
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .build();
    trace::install(Box::new(provider.tracer("tests")));
    kept
});

/// What ended in a trace.
fn ended(trace: &str) -> Vec<SpanData> {
    let id = TraceId::from_hex(trace).expect("an id");
    let spans = KEPT.0.lock().expect("nobody panicked");
    let of_it = |span: &&SpanData| span.span_context.trace_id() == id;
    spans.iter().filter(of_it).cloned().collect()
}

fn origin(trace: &str, flags: &str) -> Origin {
    let parent = format!("00-{trace}-00f067aa0ba902b7-{flags}");
    Origin::read(&parent, Some("vendor=1")).expect("an origin")
}

#[tokio::test]
async fn what_is_done_on_account_of_something_belongs_to_its_trace() {
    LazyLock::force(&KEPT);
    let trace = "11111111111111111111111111111111";
    let span = Span::begin("request", Kind::Server, Some(&origin(trace, "01")));
    let here = span.origin().expect("an origin");
    assert_eq!(here.trace_id(), trace);
    assert_eq!(here.state().as_deref(), Some("vendor=1"));
    let inside = span.around(async {
        assert_eq!(Origin::current(), Some(here.clone()));
        drop(Span::part("part", Kind::Client));
        over(|| "statement".to_owned(), Duration::from_millis(5), true);
        let work = carried(async { Origin::current() });
        tokio::spawn(work).await.expect("an end")
    });
    assert_eq!(
        inside.await,
        Some(here.clone()),
        "in a task of its own, too"
    );
    assert_eq!(Origin::current(), None, "and not outside");
    span.rename("GET /health".into());
    span.fail("5xx");
    drop(span);

    let spans = ended(trace);
    let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
    assert_eq!(names, ["part", "statement", "GET /health"]);
    let request = &spans[2];
    let caller = SpanId::from_hex("00f067aa0ba902b7").expect("an id");
    assert_eq!(
        (request.parent_span_id, request.parent_span_is_remote),
        (caller, true)
    );
    assert_eq!(request.status, Status::error("5xx"));
    for part in &spans[..2] {
        assert_eq!(part.parent_span_id, request.span_context.span_id());
    }
    let took = spans[1].end_time.duration_since(spans[1].start_time);
    assert_eq!(took.expect("forwards"), Duration::from_millis(5));
}

#[tokio::test]
async fn what_the_caller_does_not_record_is_passed_on_and_not_recorded() {
    LazyLock::force(&KEPT);
    let trace = "22222222222222222222222222222222";
    let span = Span::begin("request", Kind::Server, Some(&origin(trace, "00")));
    assert!(!span.is_recorded());
    span.around(async {
        let here = Origin::current().expect("an origin");
        assert_eq!(here.trace_id(), trace);
        assert!(here.parent().ends_with("-00"));
        drop(Span::part("part", Kind::Client));
        over(|| "statement".to_owned(), Duration::ZERO, false);
    })
    .await;
    drop(span);
    assert!(ended(trace).is_empty());
}

#[test]
fn what_is_done_for_several_is_linked_to_each() {
    LazyLock::force(&KEPT);
    let (first, second) = (
        "33333333333333333333333333333333",
        "44444444444444444444444444444444",
    );
    let others = [origin(second, "01")];
    drop(Span::gathered(
        "batch",
        Kind::Consumer,
        Some(&origin(first, "01")),
        &others,
    ));
    let spans = ended(first);
    assert_eq!(spans.len(), 1);
    let linked: Vec<_> = spans[0]
        .links
        .iter()
        .map(|link| link.span_context.trace_id().to_string())
        .collect();
    assert_eq!(linked, [second]);
}

#[test]
fn a_part_of_nothing_is_nothing() {
    LazyLock::force(&KEPT);
    let part = Span::part("part", Kind::Client);
    assert!(!part.is_recorded() && part.origin().is_none());
}
