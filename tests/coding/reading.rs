//! Decoding what a reader yields, over streams that fail, stall or end at any byte.

use std::io::{BufRead, ErrorKind, Read};

use nethttp::coding::{CodingError, Decoders, DeflateDecoder, GzDecoder, Limits, ZlibDecoder};

use super::kit::{Bits, Chance, Header, expand, framed};
use super::{CodingErrorKind as Kind, Format};
use crate::support::fault::{Fault, Faulty};

/// Some data, and what it is compressed to.
fn sample(format: Format) -> (Vec<u8>, Vec<u8>) {
    let tokens = Chance::new(41).tokens(50, 0);
    let mut data = Vec::new();
    expand(&tokens, &mut data);
    let deflated = Bits::new().dynamic(&Header::fitting(&tokens).packed(), &tokens, true);
    let input = framed(format, &deflated.into_bytes(), &data);
    (data, input)
}

/// Reads to the end or the first error, `size` bytes at a time; goes on after what is `Interrupted`.
fn read_all(reader: &mut dyn Read, size: usize) -> (Vec<u8>, Option<std::io::Error>) {
    let (mut all, mut buf) = (Vec::new(), vec![0; size]);
    loop {
        match reader.read(&mut buf) {
            Ok(0) => return (all, None),
            Ok(len) => all.extend_from_slice(&buf[..len]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (all, Some(error)),
        }
    }
}

/// The error that an error of I/O has inside.
fn inner(error: &std::io::Error) -> (Kind, u64) {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<CodingError>()).unwrap();
    (inner.kind(), inner.offset())
}

/// The faces of all formats.
fn decoder<'a>(format: Format, reader: impl Read + Send + 'a) -> Box<dyn Read + 'a> {
    match format {
        Format::Gzip => Box::new(GzDecoder::new(reader)),
        Format::Zlib => Box::new(ZlibDecoder::new(reader)),
        _ => Box::new(DeflateDecoder::new(reader)),
    }
}

const FORMATS: [Format; 3] = [Format::Gzip, Format::Zlib, Format::Raw];

#[test]
fn reads_in_pieces_of_any_size() {
    for format in FORMATS {
        let (data, input) = sample(format);
        for size in [1, 2, 7, 100, 100_000] {
            let (all, error) = read_all(&mut decoder(format, &input[..]), size);
            assert!(all == data && error.is_none());
        }
    }
}

#[test]
fn goes_on_after_an_interruption() {
    for format in FORMATS {
        let (data, input) = sample(format);
        for at in 0..=input.len() {
            let fault = Fault::FailOnce(ErrorKind::Interrupted);
            let mut decoder = decoder(format, Faulty::reading(&input[..], at, fault));
            let (all, error) = read_all(&mut decoder, 13);
            assert!(all == data && error.is_none());
        }
    }
}

/// What passes may be asked again.
#[test]
fn goes_on_after_a_timeout() {
    for format in FORMATS {
        let (data, input) = sample(format);
        for at in 0..=input.len() {
            let fault = Fault::FailOnce(ErrorKind::WouldBlock);
            let mut decoder = decoder(format, Faulty::reading(&input[..], at, fault));
            let (mut all, error) = read_all(&mut decoder, 13);
            assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
            let (rest, error) = read_all(&mut decoder, 13);
            all.extend_from_slice(&rest);
            assert!(all == data && error.is_none());
        }
    }
}

#[test]
fn an_error_of_the_reader_comes_behind_the_data() {
    for format in FORMATS {
        let (data, input) = sample(format);
        let mut before = 0;
        for at in 0..=input.len() {
            for (fault, kind) in [
                (Fault::Fail(ErrorKind::ConnectionReset), ErrorKind::ConnectionReset),
                (Fault::Stall, ErrorKind::WouldBlock),
            ] {
                let mut decoder = decoder(format, Faulty::reading(&input[..], at, fault));
                let (all, error) = read_all(&mut decoder, 13);
                assert_eq!(error.unwrap().kind(), kind);
                assert!(data.starts_with(&all) && all.len() >= before);
                before = all.len();
            }
        }
        assert_eq!(before, data.len());
    }
}

#[test]
fn an_early_end_is_an_error_and_stays_one() {
    for format in FORMATS {
        let (data, input) = sample(format);
        for at in 0..input.len() {
            let mut decoder = decoder(format, Faulty::reading(&input[..], at, Fault::End));
            let (all, error) = read_all(&mut decoder, 13);
            for error in [error, read_all(&mut decoder, 13).1] {
                let error = error.unwrap();
                assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
                assert_eq!(inner(&error), (Kind::Truncated, at as u64));
            }
            assert!(data.starts_with(&all));
        }
    }
}

#[test]
fn what_is_wrong_comes_behind_the_data() {
    for format in FORMATS {
        let (data, input) = sample(format);
        let mut wrong = input.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let kind = if format == Format::Gzip { Kind::GzipLength } else { Kind::Adler32 };
        if format != Format::Raw {
            let (all, error) = read_all(&mut decoder(format, &wrong[..]), 13);
            let error = error.unwrap();
            assert_eq!((&all, error.kind()), (&data, ErrorKind::InvalidData));
            assert_eq!(inner(&error), (kind, input.len() as u64 - 4));
        }
        let behind = [&input[..], b"\0"].concat();
        let (all, error) = read_all(&mut decoder(format, &behind[..]), 13);
        assert_eq!((all, inner(&error.unwrap())), (data, (Kind::TrailingData, input.len() as u64)));
    }
}

#[test]
fn lines_are_read_through_the_buffer() {
    let text = b"one\ntwo\n\nfour";
    let input = framed(Format::Gzip, &Bits::new().stored(text, true).into_bytes(), text);
    let lines: Vec<String> = GzDecoder::new(&input[..]).lines().map(Result::unwrap).collect();
    assert_eq!(lines, ["one", "two", "", "four"]);
}

#[test]
fn limits_hold_for_readers() {
    let (data, input) = sample(Format::Gzip);
    let limits = Limits::DEFAULT.output(100);
    let (all, error) = read_all(&mut GzDecoder::new(&input[..]).with_limits(limits), 13);
    let error = error.unwrap();
    assert_eq!((&all[..], error.kind()), (&data[..100], ErrorKind::FileTooLarge));
    assert_eq!(inner(&error).0, Kind::OutputLimit(100));
}

/// The codings of a field are undone from the last one on, through streams that are cut anywhere.
#[test]
fn codings_are_undone_one_after_the_other() {
    let (data, gzip) = sample(Format::Gzip);
    let deflate = framed(Format::Zlib, &Bits::new().stored(&gzip, true).into_bytes(), &gzip);
    let decoders = Decoders::new();
    for at in 0..=deflate.len() {
        let fault = Fault::FailOnce(ErrorKind::WouldBlock);
        let reader = Faulty::reading(&deflate[..], at, fault);
        let mut decoded = decoders.decode(reader, ["gzip", "identity", "Deflate"]).unwrap();
        let (mut all, error) = read_all(&mut decoded, 13);
        assert_eq!(error.unwrap().kind(), ErrorKind::WouldBlock);
        all.extend_from_slice(&read_all(&mut decoded, 13).0);
        assert!(all == data);
    }
    for at in 1..deflate.len() {
        let mut decoded = decoders.decode(&deflate[..at], ["gzip", "deflate"]).unwrap();
        let (all, error) = read_all(&mut decoded, 13);
        assert_eq!(error.unwrap().kind(), ErrorKind::UnexpectedEof);
        assert!(data.starts_with(&all));
    }
}
