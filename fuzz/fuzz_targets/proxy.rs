#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nethttp::fuzz::proxy(data));
