//! What providers answer: tokens, accounts, pictures.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| gateway::fuzzing::provider_answer(body));
