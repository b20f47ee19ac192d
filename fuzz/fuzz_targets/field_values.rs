#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nethttp::fuzz::field_values(data));
