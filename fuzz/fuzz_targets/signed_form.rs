//! What an API key signs.
#![no_main]

libfuzzer_sys::fuzz_target!(|call: ([&str; 5], &[u8])| {
    service::fuzzing::signed_form(call.0, call.1);
});
