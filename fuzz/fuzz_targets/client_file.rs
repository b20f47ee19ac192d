#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nethttp::fuzz::client_file(data));
