//! The half of nethttp.

use std::io::Read;

use nethttp::coding::{self, Format, GzDecoder, Level, Limits};

pub fn decode(format: Format, data: &[u8]) -> Vec<u8> {
    coding::decode(format, data, &Limits::DEFAULT).expect("valid data")
}

pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
    coding::encode(format, data, Level::new(level).expect("a level from 0 to 9"))
}

pub fn gunzip(data: &[u8]) -> impl Read {
    GzDecoder::new(data)
}
