//! Every library decodes what every library encodes.

use nethttp::coding::{Format, adler32, crc32};

use super::corpora;
use super::libraries::{FLATE2, LIBDEFLATE, Library, MINIZ_OXIDE, NETHTTP, ZLIB, ZLIB_RS};
use super::theirs::checksums;
use crate::random::Random;

const LIBRARIES: [Library; 6] = [NETHTTP, MINIZ_OXIDE, FLATE2, ZLIB_RS, ZLIB, LIBDEFLATE];
const FORMATS: [Format; 3] = [Format::Raw, Format::Zlib, Format::Gzip];

/// Text, noise, one byte over and over, repetitions at all distances, and nothing.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let mut random = Random::new(1);
    let noise: Vec<u8> = (0..70_000).map(|_| random.bits().to_le_bytes()[7]).collect();
    let mut echoes = noise[..300].to_vec();
    while echoes.len() < 100_000 {
        let from = echoes.len() - 1 - random.below(echoes.len().min(32_768));
        let len = 3 + random.below(300).min(echoes.len() - from - 1);
        let echo: Vec<u8> = echoes[from..].iter().copied().take(len).collect();
        echoes.extend(echo);
        echoes.push(random.bits().to_le_bytes()[7]);
    }
    vec![
        ("nothing", Vec::new()),
        ("a byte", b"a".to_vec()),
        ("JSON, 1 KB", corpora::json(1, 1000)),
        ("JSON, 70 KB", corpora::json(2, 70_000)),
        ("noise", noise),
        ("zeros", vec![0; 150_000]),
        ("echoes", echoes),
    ]
}

#[test]
fn everybody_decodes_what_anybody_encodes() {
    for (name, data) in inputs() {
        for format in FORMATS {
            let knowing = || LIBRARIES.iter().filter(|library| library.formats.contains(&format));
            for encoder in knowing() {
                for level in 1..=9 {
                    let encoded = (encoder.encode)(format, &data, level);
                    for decoder in knowing() {
                        let decoded = (decoder.decode)(format, &encoded, data.len());
                        let [from, to] = [encoder.name, decoder.name];
                        assert!(decoded == data, "{name}, {format:?} {level}, {from} to {to}");
                    }
                }
            }
        }
    }
}

#[test]
fn checksums_agree() {
    for (name, data) in inputs() {
        let crc = crc32(&data);
        assert_eq!(crc, checksums::crc32fast(&data), "{name}");
        assert_eq!(crc, checksums::libdeflate_crc32(&data), "{name}");
        let adler = adler32(&data);
        assert_eq!(adler, checksums::adler2(&data), "{name}");
        assert_eq!(adler, checksums::simd_adler32(&data), "{name}");
        assert_eq!(adler, checksums::libdeflate_adler32(&data), "{name}");
    }
}
