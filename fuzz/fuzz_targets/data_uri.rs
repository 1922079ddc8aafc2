//! Files written as `data:` addresses.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::fuzzing::data_uri(text));
