//! Search: a query and a text.
#![no_main]

libfuzzer_sys::fuzz_target!(|both: (&str, &str)| domain::fuzzing::hangul(both.0, both.1));
