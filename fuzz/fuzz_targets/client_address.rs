//! Lines of `X-Forwarded-For`.
#![no_main]

libfuzzer_sys::fuzz_target!(|lines: &[u8]| controller::fuzzing::client_address(lines));
