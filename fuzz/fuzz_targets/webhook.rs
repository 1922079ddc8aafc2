//! Kakao's word that somebody left.
#![no_main]

libfuzzer_sys::fuzz_target!(|query: &str| controller::fuzzing::webhook(query));
