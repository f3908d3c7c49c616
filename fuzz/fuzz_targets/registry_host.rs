#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchkey_fuzzing::registry_host::check(data));
