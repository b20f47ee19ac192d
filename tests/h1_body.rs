//! Bodies off the wire: by length, by chunks, until the end; every error with its place, in every cut.

mod support;

use nethttp::h1::{
    BodyDecoder, BodyEvent, Config, Framing, Leniency, Limits, ParseError, ParseErrorKind as Kind,
};
use support::feed::{feed, feed_cuts};

const SERVER: Config = Config::SERVER;
const CLIENT: Config = Config::CLIENT;

/// What a decoder made of its input.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    data: String,
    /// Where the body ended, if it did.
    end: Option<usize>,
    trailers: String,
    error: Option<ParseError>,
}

/// Decodes what comes in pieces, until the body ends, fails, or the pieces do.
fn decode(framing: Framing, config: &Config, pieces: &[&[u8]]) -> Seen {
    let mut decoder = BodyDecoder::new(framing, config);
    let (mut seen, mut data, mut taken) = (Seen::default(), Vec::new(), 0);
    // An end may need a call of its own.
    'pieces: for piece in pieces.iter().chain([&&b""[..]]) {
        let mut rest = *piece;
        loop {
            let (used, event) = match decoder.decode(rest) {
                Ok(decoded) => decoded,
                Err(error) => {
                    assert_eq!(decoder.decode(rest), Err(error), "an error stays");
                    assert_eq!(decoder.end_of_input(), Err(error), "an error stays");
                    seen.error = Some(error);
                    break 'pieces;
                }
            };
            taken += used;
            rest = &rest[used..];
            match event {
                BodyEvent::Data(some) => {
                    assert!(!some.is_empty(), "data is never empty");
                    data.extend_from_slice(some);
                }
                BodyEvent::NeedMore => {
                    assert!(rest.is_empty(), "more is asked for only when all is used");
                    break;
                }
                BodyEvent::End => {
                    assert!(decoder.is_done() && decoder.remaining() == Some(0));
                    assert_eq!(decoder.decode(rest), Ok((0, BodyEvent::End)), "an end stays");
                    seen.end = Some(taken);
                    break 'pieces;
                }
            }
        }
    }
    seen.data = data.escape_ascii().to_string();
    for (name, value) in decoder.trailers() {
        seen.trailers += &format!("{name}={};", value.escape_ascii());
    }
    seen
}

/// A chunked body: its data and trailers.
#[track_caller]
fn accepts(config: &Config, input: impl AsRef<[u8]>, data: &str, trailers: &str) {
    let input = input.as_ref();
    let seen = feed(input, |pieces| decode(Framing::Chunked, config, pieces));
    let text = input.escape_ascii();
    assert_eq!(seen.error, None, "{text}");
    assert_eq!((seen.data.as_str(), seen.end), (data, Some(input.len())), "{text}");
    assert_eq!(seen.trailers, trailers, "{text}");
    is_truncated_everywhere(config, input);
}

/// A body without its last bytes is incomplete, and at the connection's end truncated.
#[track_caller]
fn is_truncated_everywhere(config: &Config, input: &[u8]) {
    for len in (0..input.len()).rev().take(200) {
        let seen = decode(Framing::Chunked, config, &[&input[..len]]);
        assert_eq!((seen.end, seen.error), (None, None), "the first {len} bytes");
        let mut decoder = BodyDecoder::new(Framing::Chunked, config);
        let mut rest = &input[..len];
        while let Ok((used @ 1.., _)) = decoder.decode(rest) {
            rest = &rest[used..];
        }
        let error = decoder.end_of_input().unwrap_err();
        assert_eq!(error.kind(), Kind::Truncated);
        assert_eq!(error.offset(), u64::try_from(len).unwrap());
        assert_eq!(decoder.decode(b"0\r\n\r\n"), Err(error), "an error stays");
    }
}

#[track_caller]
fn refuses(config: &Config, input: impl AsRef<[u8]>, kind: Kind, offset: u64) {
    let input = input.as_ref();
    let seen = feed(input, |pieces| decode(Framing::Chunked, config, pieces));
    let error = seen.error.unwrap_or_else(|| panic!("{} is accepted", input.escape_ascii()));
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{}", input.escape_ascii());
    assert_eq!(error.status().as_u16(), 400);
}

fn within(limits: Limits) -> Config {
    SERVER.limits(limits)
}

#[test]
fn a_length_takes_that_many_bytes() {
    let seen = feed(b"hello", |pieces| decode(Framing::Length(5), &SERVER, pieces));
    assert_eq!((seen.data.as_str(), seen.end, seen.error), ("hello", Some(5), None));
    for framing in [Framing::Length(0), Framing::None, Framing::Tunnel] {
        let seen = feed(b"", |pieces| decode(framing, &SERVER, pieces));
        assert_eq!((seen.data.as_str(), seen.end, seen.error), ("", Some(0), None));
        assert_eq!(BodyDecoder::new(framing, &SERVER).remaining(), Some(0));
    }
    let seen = feed_cuts(b"hell", |pieces| decode(Framing::Length(5), &SERVER, pieces));
    assert_eq!((seen.data.as_str(), seen.end), ("hell", None));
}

#[test]
fn a_length_counts_down() {
    let mut decoder = BodyDecoder::new(Framing::Length(u64::MAX), &SERVER);
    assert_eq!(decoder.remaining(), Some(u64::MAX));
    assert_eq!(decoder.decode(b"abc"), Ok((3, BodyEvent::Data(b"abc"))));
    assert_eq!(decoder.remaining(), Some(u64::MAX - 3));
    let error = decoder.end_of_input().unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::Truncated, 3));
    assert_eq!(decoder.remaining(), None);
}

#[test]
fn a_body_until_close_ends_when_it_is_told() {
    let mut decoder = BodyDecoder::new(Framing::UntilClose, &CLIENT);
    assert_eq!(decoder.decode(b""), Ok((0, BodyEvent::NeedMore)));
    assert_eq!(decoder.decode(b"a\0b"), Ok((3, BodyEvent::Data(b"a\0b"))));
    assert_eq!((decoder.remaining(), decoder.is_done()), (None, false));
    assert_eq!(decoder.end_of_input(), Ok(()));
    assert_eq!(decoder.decode(b""), Ok((0, BodyEvent::End)));
    assert_eq!(decoder.end_of_input(), Ok(()));
}

#[test]
fn accepts_chunks() {
    for (input, data) in [
        ("0\r\n\r\n", ""),
        ("000\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("1\r\na\r\n01\r\nb\r\n0\r\n\r\n", "ab"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a\r\n0\r\n\r\n56789\r\n0\r\n\r\n", "0\\r\\n\\r\\n56789"),
        ("000000000000000000000000000001\r\n\0\r\n0\r\n\r\n", "\\x00"),
    ] {
        accepts(&SERVER, input, data, "");
    }
}

#[test]
fn accepts_extensions() {
    for line in [
        ";a",
        ";a=b",
        ";a=\"b\"",
        ";a=\"\"",
        ";a=\"b;c\\\"d\\\\\"",
        ";a;b=c;d=\"e\"",
        " ; a = b",
        "\t;\ta\t=\t\"b\"\t;c",
        ";a = b ; c",
        ";a=\"\t \u{e9}\"",
        ";a=\"\\\u{e9}\\ \"",
        ";!#$=%&'",
    ] {
        accepts(&SERVER, format!("1{line}\r\nx\r\n0{line}\r\n\r\n"), "x", "");
    }
}

#[test]
fn refuses_sizes() {
    for (input, octet, offset) in [
        ("\r\n", b'\r', 0),
        ("\n", b'\n', 0),
        (" 5\r\n", b' ', 0),
        ("\t5\r\n", b'\t', 0),
        ("+5\r\n", b'+', 0),
        ("-5\r\n", b'-', 0),
        (";a\r\n", b';', 0),
        ("g\r\n", b'g', 0),
        ("0x5\r\n", b'x', 1),
        ("0_5\r\n", b'_', 1),
        ("5g\r\n", b'g', 1),
        ("5\n", b'\n', 1),
        ("5,\r\n", b',', 1),
        ("5 5\r\n", b'5', 2),
        ("5\0\r\n", 0, 1),
        ("1\r\na\r\nx", b'x', 6),
        ("1\r\na\r\n\r\n", b'\r', 6),
        ("0\n\r\n", b'\n', 1),
    ] {
        refuses(&SERVER, input, Kind::ChunkSize(octet), offset);
    }
    refuses(&SERVER, "5\rX", Kind::LineEnd(b'X'), 2);
    refuses(&SERVER, "5\r\r\n", Kind::LineEnd(b'\r'), 2);
    refuses(&SERVER, "0\r;a\r\n", Kind::LineEnd(b';'), 2);
}

#[test]
fn sizes_never_wrap() {
    refuses(&SERVER, "10000000000000000\r\n", Kind::ChunkSizeOverflow, 16);
    refuses(&SERVER, "0010000000000000005\r\n", Kind::ChunkSizeOverflow, 18);
    refuses(&SERVER, "fffffffffffffffff\r\n", Kind::ChunkSizeOverflow, 16);
    let input = b"ffffffffffffffff\r\nhello";
    let seen = feed_cuts(input, |pieces| decode(Framing::Chunked, &SERVER, pieces));
    assert_eq!((seen.data.as_str(), seen.end, seen.error), ("hello", None, None));
}

#[test]
fn refuses_extensions() {
    for (line, octet, offset) in [
        (";\r\n", b'\r', 1),
        (";;\r\n", b';', 1),
        (";a\n", b'\n', 2),
        (";a@\r\n", b'@', 2),
        (";a b\r\n", b'b', 3),
        (";a \r\n", b'\r', 3),
        (";a=b \r\n", b'\r', 5),
        (";a=\r\n", b'\r', 3),
        (";a=;\r\n", b';', 3),
        (";a==\r\n", b'=', 3),
        (";=a\r\n", b'=', 1),
        (";a=b=c\r\n", b'=', 4),
        (";a=b\"c\"\r\n", b'"', 4),
        (";a=b c\r\n", b'c', 5),
        (";a=\"b\"c\r\n", b'c', 6),
        (";a=\"b\r\n", b'\r', 5),
        (";a=\"b\nc\"\r\n", b'\n', 5),
        (";a=\"\\\r\n\"", b'\r', 5),
        (";a=\"\\\0\"", 0, 5),
        (";a=\"\x7f\"\r\n", 0x7f, 4),
        (";\x01\r\n", 1, 1),
        (";\u{e9}\r\n", 0xc3, 1),
    ] {
        refuses(&SERVER, format!("1{line}"), Kind::ChunkExtension(octet), offset + 1);
        refuses(&SERVER, format!("0{line}"), Kind::ChunkExtension(octet), offset + 1);
    }
    refuses(&SERVER, "5;a\rb\r\n", Kind::LineEnd(b'b'), 4);
}

#[test]
fn refuses_what_stands_between_chunks() {
    for (input, octet, offset) in [
        ("1\r\naX\r\n", b'X', 4),
        ("1\r\na\n0\r\n\r\n", b'\n', 4),
        ("1\r\na0\r\n\r\n", b'0', 4),
        ("1\r\na\rX", b'X', 5),
        ("1\r\na\r\r\n", b'\r', 5),
        ("5\r\nhello \r\n", b' ', 8),
    ] {
        refuses(&SERVER, input, Kind::ChunkEnd(octet), offset);
        refuses(&CLIENT, input, Kind::ChunkEnd(octet), offset);
    }
}

#[test]
fn spaces_follow_a_size_where_they_may() {
    let lenient = SERVER.leniency(Leniency::STRICT.chunk_trailing_ws(true));
    for (line, kind) in [
        ("1 \r\n", Kind::ChunkSize(b'\r')),
        ("1 \t \r\n", Kind::ChunkSize(b'\r')),
        ("1;a \r\n", Kind::ChunkExtension(b'\r')),
        ("1;a=b\t\r\n", Kind::ChunkExtension(b'\r')),
        ("1;a=\"b\" \r\n", Kind::ChunkExtension(b'\r')),
    ] {
        let input = format!("{line}x\r\n0\r\n\r\n");
        accepts(&lenient, &input, "x", "");
        accepts(&CLIENT, &input, "x", "");
        let offset = u64::try_from(line.len() - 2).unwrap();
        refuses(&SERVER, &input, kind, offset);
    }
    refuses(&lenient, " 1\r\n", Kind::ChunkSize(b' '), 0);
    refuses(&lenient, "1 \n", Kind::ChunkSize(b'\n'), 2);
    refuses(&lenient, "1 1\r\n", Kind::ChunkSize(b'1'), 2);
}

#[test]
fn a_bare_lf_never_ends_anything() {
    let lenient = CLIENT;
    assert!(lenient.leniency.bare_lf);
    refuses(&lenient, "1\na\r\n", Kind::ChunkSize(b'\n'), 1);
    refuses(&lenient, "1\r\na\n", Kind::ChunkEnd(b'\n'), 4);
    refuses(&lenient, "0\r\n\n", Kind::BareLf, 3);
    refuses(&lenient, "0\r\nA: b\n\r\n", Kind::BareLf, 7);
    refuses(&lenient, "0\r\nA: b\r\n\n", Kind::BareLf, 9);
}

#[test]
fn accepts_trailers() {
    for (section, trailers) in [
        ("", ""),
        ("A: b\r\n", "A=b;"),
        ("A:\r\nB: c\r\na: \td \r\n", "A=;B=c;a=d;"),
        ("Digest: x=\u{e9}\r\n", "Digest=x=\\xc3\\xa9;"),
    ] {
        accepts(&SERVER, format!("1\r\nx\r\n0\r\n{section}\r\n"), "x", trailers);
    }
    accepts(&CLIENT, "0\r\nA: b\r\n c\r\n\r\n", "", "A=b   c;");
    accepts(&CLIENT, "0\r\nA: b\r\n  \r\n\r\n", "", "A=b;");
}

#[test]
fn fields_that_may_not_come_in_trailers_are_dropped() {
    for name in [
        "Content-Length",
        "transfer-encoding",
        "HOST",
        "Connection",
        "Set-Cookie",
        "Authorization",
        "Content-Encoding",
        "Content-Type",
        "Trailer",
        "TE",
        "Upgrade",
        "Expect",
        "Cache-Control",
    ] {
        accepts(&SERVER, format!("0\r\nA: 1\r\n{name}: 3\r\nB: 2\r\n\r\n"), "", "A=1;B=2;");
    }
}

#[test]
fn refuses_trailers() {
    for (section, kind, offset) in [
        ("not-a-field\r\n", Kind::FieldName(b'\r'), 11),
        ("A : b\r\n", Kind::FieldName(b' '), 1),
        (" A: b\r\n", Kind::LeadingWhitespace, 0),
        ("A: b\r\n c\r\n", Kind::ObsFold, 6),
        ("A: \0\r\n", Kind::FieldValue(0), 3),
        ("A: b\rc", Kind::LineEnd(b'c'), 5),
        ("\rX", Kind::LineEnd(b'X'), 1),
        ("A: b\r\n\rX", Kind::LineEnd(b'X'), 7),
    ] {
        refuses(&SERVER, format!("0\r\n{section}"), kind, offset + 3);
        refuses(&SERVER, format!("2\r\nab\r\n0\r\n{section}"), kind, offset + 10);
    }
}

#[test]
fn a_trailer_section_may_be_as_long_as_the_limit() {
    let section = "A: b\r\nC: d\r\n";
    let input = format!("0\r\n{section}\r\n");
    let limit = |len| within(Limits::DEFAULT.trailers(len));
    accepts(&limit(12), &input, "", "A=b;C=d;");
    accepts(&limit(0), "0\r\n\r\n", "", "");
    accepts(&limit(1), "0\r\n\r\n", "", "");
    for len in 0..12 {
        let offset = 3 + 2 + u64::try_from(len).unwrap();
        refuses(&limit(len), &input, Kind::TrailersTooLarge, offset);
    }
    let long = |len: usize| format!("0\r\nA:{}\r\n\r\n", "x".repeat(len - 4));
    let most = 16 << 10;
    let seen = decode(Framing::Chunked, &SERVER, &[long(most).as_bytes()]);
    assert!(seen.end.is_some());
    let seen = decode(Framing::Chunked, &SERVER, &[long(most + 1).as_bytes()]);
    assert_eq!(seen.error.unwrap().kind(), Kind::TrailersTooLarge);
}

#[test]
fn there_may_be_as_many_trailers_as_the_limit() {
    let input = |count: usize| format!("0\r\n{}\r\n", "A:b\r\n".repeat(count));
    let trailers = |count: usize| "A=b;".repeat(count);
    accepts(&SERVER, input(64), "", &trailers(64));
    refuses(&SERVER, input(65), Kind::TooManyTrailers, 3 + 64 * 5);
    let limit = |count| within(Limits::DEFAULT.trailer_fields(count));
    accepts(&limit(0), input(0), "", "");
    refuses(&limit(0), input(1), Kind::TooManyTrailers, 3);
    accepts(&limit(usize::MAX), input(65), "", &trailers(65));
}

#[test]
fn a_chunk_line_may_be_as_long_as_the_limit() {
    let input = |len: usize| format!("1;{}\r\nx\r\n0\r\n\r\n", "a".repeat(len - 2));
    let limit = |len| within(Limits::DEFAULT.chunk_line(len));
    for len in [3, 8, 64] {
        let end = u64::try_from(len).unwrap();
        accepts(&limit(len), input(len), "x", "");
        refuses(&limit(len), input(len + 1), Kind::ChunkLineTooLong, end);
    }
    accepts(&limit(1), "1\r\nx\r\n0\r\n\r\n", "x", "");
    refuses(&limit(1), "01\r\nx\r\n0\r\n\r\n", Kind::ChunkLineTooLong, 1);
    let seen = |len| decode(Framing::Chunked, &SERVER, &[input(len).as_bytes()]);
    assert_eq!(seen(4096).end, Some(4096 + 2 + 3 + 5));
    assert_eq!(seen(4097).error.unwrap().kind(), Kind::ChunkLineTooLong);
}

#[test]
fn framing_may_outweigh_data_as_far_as_the_limit() {
    // Each of these chunks has 30 + 2 bytes of framing for 1 byte: 14 more than honest chunking.
    let chunk = format!("1;{}\r\nx\r\n", "a".repeat(28));
    let input = |count| format!("{}0\r\n\r\n", chunk.repeat(count));
    let limit = |bytes| within(Limits::DEFAULT.chunk_overhead(bytes));
    accepts(&limit(28), input(2), "xx", "");
    refuses(&limit(27), input(2), Kind::ChunkOverhead, 35 + 32);
    refuses(&limit(28), input(3), Kind::ChunkOverhead, 70 + 32);
    accepts(&limit(u64::MAX), input(9), "xxxxxxxxx", "");
    // The last chunk pays back what an honest one would.
    accepts(&limit(14), input(1), "x", "");
    refuses(&limit(0), "1;aaaaaaaaaaaaaaaaa\r\nx\r\n", Kind::ChunkOverhead, 21);
    accepts(&limit(0), "1;aaaaaaaaaaaaaa\r\nx\r\n0;aaaaaaaaaaaa\r\n\r\n", "x", "");
}

#[test]
fn honest_chunks_never_reach_the_limit() {
    let body = "1\r\nx\r\n".repeat(50_000) + "0\r\n\r\n";
    let strict = within(Limits::DEFAULT.chunk_overhead(0));
    assert_eq!(decode(Framing::Chunked, &strict, &[body.as_bytes()]).end, Some(body.len()));
}
