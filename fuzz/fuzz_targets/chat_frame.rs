//! Frames of the socket.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| controller::fuzzing::frame(text));
