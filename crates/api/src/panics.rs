//! Panics, told where everything else is told.

use std::panic::{PanicHookInfo, set_hook};

/// From now on a panic is one event in the log, like everything else, and no text beside it.
pub(crate) fn log() {
    set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload_as_str().unwrap_or("no text");
        tracing::error!(target: "panic", place, said, "a bug: the program panicked");
    }));
}
