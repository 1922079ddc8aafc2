//! Where something was caused, as it is told from program to program: W3C Trace Context.

use std::fmt;
use std::str::FromStr;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};

/// The header that names trace and span.
pub const TRACEPARENT: &str = "traceparent";
/// The header with what tracing systems add to it.
pub const TRACESTATE: &str = "tracestate";

/// The only version there is of what the header says.
const VERSION: &str = "00";
/// `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
const LENGTH: usize = 55;
/// Longer state is left out, as the specification allows: it goes along with every call and into the outbox.
const MAX_STATE: usize = 512;

/// The span on whose account something is done, in this program or another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(SpanContext);

impl Origin {
    /// What the two headers say; `None` where they say nothing that can be understood. State that cannot be is left out.
    #[must_use]
    pub fn read(parent: &str, state: Option<&str>) -> Option<Self> {
        let (trace, span, flags) = fields(parent)?;
        let state = state.filter(|state| state.len() <= MAX_STATE);
        let state = state.and_then(|state| TraceState::from_str(state).ok());
        let context = SpanContext::new(trace, span, flags, true, state.unwrap_or_default());
        context.is_valid().then_some(Self(context))
    }

    /// That of what is being done right here, if it belongs to a trace.
    #[must_use]
    pub fn current() -> Option<Self> {
        if !crate::is_on() {
            return None;
        }
        Context::map_current(Self::of)
    }

    /// That of a context.
    pub(crate) fn of(context: &Context) -> Option<Self> {
        let span = context.span().span_context().clone();
        span.is_valid().then_some(Self(span))
    }

    /// What it stands for in a context of its own.
    pub(crate) fn context(&self) -> Context {
        Context::new().with_remote_span_context(self.0.clone())
    }

    pub(crate) fn span_context(&self) -> SpanContext {
        self.0.clone()
    }

    /// The trace's id: 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        self.0.trace_id().to_string()
    }

    /// What the header [`TRACEPARENT`] says of it.
    #[must_use]
    pub fn parent(&self) -> String {
        let (trace, span) = (self.0.trace_id(), self.0.span_id());
        format!("{VERSION}-{trace}-{span}-{:02x}", self.0.trace_flags())
    }

    /// What the header [`TRACESTATE`] says of it, if anything.
    #[must_use]
    pub fn state(&self) -> Option<String> {
        Some(self.0.trace_state().header()).filter(|state| !state.is_empty())
    }

    /// What [`Display`](fmt::Display) wrote, at most 568 bytes; `None` where something else stands there.
    #[must_use]
    pub fn recall(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            Some((parent, state)) => Self::read(parent, Some(state)),
            None => Self::read(text, None),
        }
    }
}

/// Both headers in one line, to be kept: see [`Origin::recall`].
impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.parent())?;
        match self.state() {
            Some(state) => write!(formatter, " {state}"),
            None => Ok(()),
        }
    }
}

/// Reads `traceparent`. A later version may have more behind what is known of this one.
fn fields(parent: &str) -> Option<(TraceId, SpanId, TraceFlags)> {
    let is_digit = |sign: u8| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign);
    let known = parent.as_bytes().get(..LENGTH)?;
    let is_well_formed = known.iter().enumerate().all(|(at, sign)| match at {
        2 | 35 | 52 => *sign == b'-',
        _ => is_digit(*sign),
    });
    let (version, rest) = (parent.get(..2)?, parent.get(LENGTH..)?);
    let rest_is_allowed = rest.is_empty() || (version != VERSION && rest.starts_with('-'));
    if !is_well_formed || !rest_is_allowed || version == "ff" {
        return None;
    }
    let trace = TraceId::from_hex(parent.get(3..35)?).ok()?;
    let span = SpanId::from_hex(parent.get(36..52)?).ok()?;
    let flags = u8::from_str_radix(parent.get(53..55)?, 16).ok()?;
    // What else a later version may flag is not ours to pass on.
    Some((trace, span, TraceFlags::new(flags) & TraceFlags::SAMPLED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_is_told_is_told_on() {
        let origin = Origin::read(PARENT, Some("vendor=a b,other=1")).expect("an origin");
        assert_eq!(origin.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(origin.parent(), PARENT);
        assert_eq!(origin.state().as_deref(), Some("vendor=a b,other=1"));
        let kept = origin.to_string();
        assert_eq!(Origin::recall(&kept), Some(origin));
        let bare = Origin::read(PARENT, None).expect("an origin");
        assert_eq!(bare.to_string(), PARENT);
        assert_eq!(Origin::recall(PARENT), Some(bare));
    }

    #[test]
    fn what_cannot_be_understood_is_as_if_it_were_not_there() {
        for parent in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
        ] {
            assert_eq!(Origin::read(parent, None), None, "{parent}");
        }
        let later = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more";
        assert_eq!(
            Origin::read(later, None).expect("an origin").parent(),
            PARENT
        );
    }

    #[test]
    fn state_that_cannot_be_passed_on_is_left_out() {
        for state in ["no equals sign", &format!("key={}", "x".repeat(600))] {
            let origin = Origin::read(PARENT, Some(state)).expect("an origin");
            assert_eq!(origin.state(), None);
        }
    }

    #[test]
    fn while_nothing_is_recorded_nothing_has_an_origin() {
        let context = Origin::read(PARENT, None).expect("an origin").context();
        let _attached = context.attach();
        assert_eq!(Origin::current(), None);
    }
}
