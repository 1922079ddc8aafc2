//! A piece of work.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    FutureExt, Link, Span as _, SpanBuilder, Status, TraceContextExt, Tracer,
};
use opentelemetry::{Context, KeyValue, Value};

pub use opentelemetry::trace::SpanKind as Kind;

use crate::TRACER;
use crate::origin::Origin;

/// A piece of work that takes time; it ends when this is dropped. Where nothing is recorded it is nothing.
#[must_use = "it ends when it is dropped"]
#[derive(Debug, Default)]
pub struct Span(Option<Context>);

impl Span {
    /// Something that begins here: on account of `origin`, or of nothing that is known.
    pub fn begin(name: impl Into<Cow<'static, str>>, kind: Kind, origin: Option<&Origin>) -> Self {
        Self::gathered(name, kind, origin, &[])
    }

    /// Something done on account of `origin`, and on account of others at the same time.
    pub fn gathered(
        name: impl Into<Cow<'static, str>>,
        kind: Kind,
        origin: Option<&Origin>,
        others: &[Origin],
    ) -> Self {
        let Some(tracer) = TRACER.get() else {
            return Self(None);
        };
        let others = others.iter().map(Origin::span_context);
        let builder = SpanBuilder::from_name(name)
            .with_kind(kind)
            .with_links(others.map(Link::with_context).collect());
        let parent = origin.map_or_else(Context::new, Origin::context);
        let span = tracer.build_with_context(builder, &parent);
        Self(Some(parent.with_span(span)))
    }

    /// A part of what is being done right here. What is not recorded has no recorded parts, and what begins by itself
    /// has to say so ([`Span::begin`]).
    pub fn part(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        let Some(tracer) = TRACER.get() else {
            return Self(None);
        };
        let span = recorded().map(|context| {
            let builder = SpanBuilder::from_name(name).with_kind(kind);
            let span = tracer.build_with_context(builder, &context);
            context.with_span(span)
        });
        Self(span)
    }

    /// Whether anybody will see it: whether it is worth finding out more about it.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.0.as_ref().is_some_and(is_recorded)
    }

    /// What is done on its account comes from here.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        self.0.as_ref().and_then(Origin::of)
    }

    /// Says something about it. The names are OpenTelemetry's where it has any.
    pub fn note(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(context) = &self.0 {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// Gives it the name that was not known when it began.
    pub fn rename(&self, name: String) {
        if let Some(context) = &self.0 {
            context.span().update_name(name);
        }
    }

    /// It came to nothing; why, in a word that tells of nobody.
    pub fn fail(&self, why: &'static str) {
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(why));
            self.note("error.type", why);
        }
    }

    /// Does this on its account.
    pub async fn around<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        // What was done on its account may go on, and holds its context.
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }
}

fn is_recorded(context: &Context) -> bool {
    context.has_active_span() && context.span().is_recording()
}

/// What is being done right here, if it is recorded.
fn recorded() -> Option<Context> {
    Context::map_current(|context| is_recorded(context).then(|| context.clone()))
}

/// Work for a task of its own, done on the same account as what is being done right here.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let here = crate::is_on().then(Context::current);
    async move {
        match here {
            Some(context) => work.with_context(context).await,
            None => work.await,
        }
    }
}

/// Notes a part of what is being done right here that is over already.
pub fn over(name: impl FnOnce() -> String, took: Duration, failed: bool) {
    let Some(tracer) = TRACER.get() else {
        return;
    };
    let Some(context) = recorded() else {
        return;
    };
    let end = SystemTime::now();
    let builder = SpanBuilder::from_name(name())
        .with_kind(Kind::Client)
        .with_start_time(end.checked_sub(took).unwrap_or(end));
    let mut span = tracer.build_with_context(builder, &context);
    if failed {
        span.set_status(Status::error("failed"));
    }
    span.end_with_timestamp(end);
}
