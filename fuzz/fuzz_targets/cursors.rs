//! Cursors of every kind of list.
#![no_main]

libfuzzer_sys::fuzz_target!(|both: (&str, &str)| {
    service::fuzzing::product_cursor(both.0, both.1);
    service::fuzzing::feed_cursor(both.0);
    service::fuzzing::media_cursor(both.0);
});
