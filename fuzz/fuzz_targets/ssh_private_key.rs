#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchkey_fuzzing::ssh_private_key::check(data));
