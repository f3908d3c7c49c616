#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchkey_fuzzing::user_agent::check(data));
