#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchkey_fuzzing::token_answer::check(data));
