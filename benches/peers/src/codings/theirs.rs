//! The half of the peers.

use nethttp::coding::Format;

pub mod miniz_oxide {
    use ::miniz_oxide::{deflate, inflate};

    use super::Format;

    pub fn decode(format: Format, data: &[u8]) -> Vec<u8> {
        match format {
            Format::Raw => inflate::decompress_to_vec(data),
            Format::Zlib => inflate::decompress_to_vec_zlib(data),
            _ => panic!("{format:?} is left to flate2"),
        }
        .expect("valid data")
    }

    pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
        match format {
            Format::Raw => deflate::compress_to_vec(data, level),
            Format::Zlib => deflate::compress_to_vec_zlib(data, level),
            _ => panic!("{format:?} is left to flate2"),
        }
    }
}

pub mod flate2 {
    use std::io::Read;

    use ::flate2::Compression;
    use ::flate2::read::{
        DeflateDecoder, DeflateEncoder, GzDecoder, GzEncoder, ZlibDecoder, ZlibEncoder,
    };

    use super::Format;

    pub fn decode(format: Format, data: &[u8]) -> Vec<u8> {
        match format {
            Format::Raw => all(DeflateDecoder::new(data)),
            Format::Zlib => all(ZlibDecoder::new(data)),
            _ => all(gunzip(data)),
        }
    }

    pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
        let level = Compression::new(level.into());
        match format {
            Format::Raw => all(DeflateEncoder::new(data, level)),
            Format::Zlib => all(ZlibEncoder::new(data, level)),
            _ => all(GzEncoder::new(data, level)),
        }
    }

    pub fn gunzip(data: &[u8]) -> impl Read {
        GzDecoder::new(data)
    }

    fn all(mut stream: impl Read) -> Vec<u8> {
        let mut data = Vec::new();
        stream.read_to_end(&mut data).expect("valid data");
        data
    }
}

/// What zlib takes for the format: the window, negative without a header, plus 16 for gzip.
fn window_bits(format: Format) -> i32 {
    match format {
        Format::Raw => -15,
        Format::Zlib => 15,
        _ => 15 + 16,
    }
}

/// More than any library makes of data that cannot be compressed.
fn bound(len: usize) -> usize {
    len + len / 8 + 256
}

pub mod zlib_rs {
    use ::zlib_rs::{DeflateConfig, InflateConfig, ReturnCode, compress_slice, decompress_slice};

    use super::{Format, bound, window_bits};

    pub fn decode(format: Format, data: &[u8], len: usize) -> Vec<u8> {
        let mut decoded = vec![0; len];
        let config = InflateConfig { window_bits: window_bits(format) };
        let (written, code) = decompress_slice(&mut decoded, data, config);
        assert_eq!((written.len(), code), (len, ReturnCode::Ok));
        decoded
    }

    pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
        let mut encoded = vec![0; bound(data.len())];
        let window_bits = window_bits(format);
        let config = DeflateConfig { window_bits, ..DeflateConfig::new(level.into()) };
        let (written, code) = compress_slice(&mut encoded, data, config);
        assert_eq!(code, ReturnCode::Ok);
        let len = written.len();
        encoded.truncate(len);
        encoded
    }
}

/// zlib through compu, since a build of flate2 has one backend.
pub mod zlib {
    use compu::decoder::{self, DecodeStatus, Decoder};
    use compu::encoder::{self, EncodeOp, EncodeStatus, Encoder, ZlibOptions};

    use super::{Format, bound};

    pub fn decode(format: Format, data: &[u8], len: usize) -> Vec<u8> {
        let mode = match format {
            Format::Raw => decoder::ZlibMode::Deflate,
            Format::Zlib => decoder::ZlibMode::Zlib,
            _ => decoder::ZlibMode::Gzip,
        };
        // One more, for the decoder to arrive at the end when it has no data to write.
        let mut decoded = vec![0; len + 1];
        let mut decoder = decoder::ZlibC::new(mode).expect("memory");
        let result = decoder.decode(data, &mut decoded);
        assert_eq!(result.output_remain, 1);
        assert!(matches!(result.status, Ok(DecodeStatus::Finished)));
        decoded.truncate(len);
        decoded
    }

    pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
        let mode = match format {
            Format::Raw => encoder::ZlibMode::Deflate,
            Format::Zlib => encoder::ZlibMode::Zlib,
            _ => encoder::ZlibMode::Gzip,
        };
        let mut encoded = vec![0; bound(data.len())];
        let level = i8::try_from(level).expect("a level from 0 to 9");
        let options = ZlibOptions::new().mode(mode).compression(level);
        let mut encoder = encoder::ZlibC::new(options).expect("memory");
        let result = encoder.encode(data, &mut encoded, EncodeOp::Finish);
        assert!(matches!(result.status, EncodeStatus::Finished));
        encoded.truncate(encoded.len() - result.output_remain);
        encoded
    }
}

pub mod libdeflate {
    use libdeflater::{CompressionLvl, Compressor, Decompressor};

    use super::{Format, bound};

    pub fn decode(format: Format, data: &[u8], len: usize) -> Vec<u8> {
        let mut decoded = vec![0; len];
        let mut decompressor = Decompressor::new();
        let written = match format {
            Format::Raw => decompressor.deflate_decompress(data, &mut decoded),
            Format::Zlib => decompressor.zlib_decompress(data, &mut decoded),
            _ => decompressor.gzip_decompress(data, &mut decoded),
        };
        assert_eq!(written.expect("valid data"), len);
        decoded
    }

    pub fn encode(format: Format, data: &[u8], level: u8) -> Vec<u8> {
        let mut encoded = vec![0; bound(data.len())];
        let level = CompressionLvl::new(level.into()).expect("a level from 0 to 12");
        let mut compressor = Compressor::new(level);
        let written = match format {
            Format::Raw => compressor.deflate_compress(data, &mut encoded),
            Format::Zlib => compressor.zlib_compress(data, &mut encoded),
            _ => compressor.gzip_compress(data, &mut encoded),
        };
        encoded.truncate(written.expect("a buffer that is large enough"));
        encoded
    }
}

/// Checksums of whole inputs.
pub mod checksums {
    pub fn crc32fast(data: &[u8]) -> u32 {
        ::crc32fast::hash(data)
    }

    pub fn libdeflate_crc32(data: &[u8]) -> u32 {
        libdeflater::crc32(data)
    }

    pub fn adler2(data: &[u8]) -> u32 {
        ::adler2::adler32_slice(data)
    }

    pub fn simd_adler32(data: &[u8]) -> u32 {
        let mut adler = ::simd_adler32::Adler32::new();
        adler.write(data);
        adler.finish()
    }

    pub fn libdeflate_adler32(data: &[u8]) -> u32 {
        libdeflater::adler32(data)
    }
}
