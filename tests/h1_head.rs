//! Heads: every error with its place and status, every limit at its boundary, every leniency on and off.
//!
//! Each row goes through the parser in one piece and through the scanner in every cut; both must agree.

mod support;

use nethttp::h1::{
    Config, Field, HeadScanner, Leniency, Limits, Parse, ParseError, ParseErrorKind as Kind,
    parse_fields, parse_request, parse_response,
};
use nethttp::header::FieldSpan;
use support::feed::{feed, feed_cuts};

const SERVER: Config = Config::SERVER;
const CLIENT: Config = Config::CLIENT;
const STRICT: Leniency = Leniency::STRICT;

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Request,
    Response,
    Fields,
}
use What::{Fields, Request, Response};

/// What a parser makes of a head: its length and its parts in one text, or where it refuses it.
type Outcome = Result<Option<(usize, String)>, ParseError>;

/// Parses a buffer in one go.
fn parse(what: What, buf: &[u8], config: &Config) -> Outcome {
    let mut slots = [FieldSpan::EMPTY; 300];
    let lines = |fields: &mut dyn Iterator<Item = Field<'_>>| -> String {
        fields
            .map(|f| format!("|{}:{}", f.name().escape_ascii(), f.value().escape_ascii()))
            .collect()
    };
    Ok(match what {
        Request => match parse_request(buf, &mut slots, config)? {
            Parse::Complete(head) => {
                let start = format!("{} {}", head.method(), head.target().escape_ascii());
                let rest = lines(&mut head.fields().iter());
                Some((head.len(), format!("{start} {}{rest}", head.version())))
            }
            Parse::Partial => None,
        },
        Response => match parse_response(buf, &mut slots, config)? {
            Parse::Complete(head) => {
                let start = format!("{} {}", head.version(), head.status().as_u16());
                let rest = lines(&mut head.fields().iter());
                Some((head.len(), format!("{start} {}{rest}", head.reason().escape_ascii())))
            }
            Parse::Partial => None,
        },
        Fields => match parse_fields(buf, &mut slots, config)? {
            // The section ends where the scanner says, which `scan` compares.
            Parse::Complete(fields) => {
                let len = HeadScanner::fields(config).push(buf)?.unwrap_or(0);
                Some((len, lines(&mut fields.iter())))
            }
            Parse::Partial => None,
        },
    })
}

/// Scans a head that comes in pieces, then parses it.
fn scan(what: What, pieces: &[&[u8]], config: &Config) -> Outcome {
    let mut scanner = match what {
        Request => HeadScanner::request(config),
        Response => HeadScanner::response(config),
        Fields => HeadScanner::fields(config),
    };
    let (mut buf, mut len) = (Vec::new(), None);
    for piece in pieces {
        buf.extend_from_slice(piece);
        len = scanner.push(&buf).inspect_err(|&error| {
            assert_eq!(scanner.push(&buf), Err(error), "an error stays");
        })?;
        assert!(len.is_some() || scanner.offset() == buf.len(), "the scanner stopped early");
    }
    let outcome = parse(what, &buf, config)?;
    assert_eq!(outcome.as_ref().map(|(len, _)| *len), len, "the scanner and the parser differ");
    Ok(outcome)
}

/// The one outcome of an input in every cut, and of the parser.
#[track_caller]
fn outcome(what: What, input: &[u8], config: &Config) -> Outcome {
    let scanned = match parse(what, input, config) {
        // What follows a partial head would complete it.
        Ok(None) => feed_cuts(input, |pieces| scan(what, pieces, config)),
        _ => feed(input, |pieces| scan(what, pieces, config)),
    };
    assert_eq!(scanned, parse(what, input, config), "the scanner and the parser differ");
    scanned
}

#[track_caller]
fn refuses(
    what: What,
    input: impl AsRef<[u8]>,
    config: &Config,
    kind: Kind,
    offset: u64,
    status: u16,
) {
    let input = input.as_ref();
    let error = outcome(what, input, config).expect_err(&input.escape_ascii().to_string());
    let found = (error.kind(), error.offset(), error.status().as_u16());
    assert_eq!(found, (kind, offset, status), "{}", input.escape_ascii());
}

/// The whole input is a head, with these parts.
#[track_caller]
fn accepts(what: What, input: impl AsRef<[u8]>, config: &Config, parts: &str) {
    let input = input.as_ref();
    let found =
        outcome(what, input, config).unwrap_or_else(|e| panic!("{}: {e}", input.escape_ascii()));
    assert_eq!(found, Some((input.len(), parts.to_owned())), "{}", input.escape_ascii());
}

#[track_caller]
fn is_partial(what: What, input: impl AsRef<[u8]>, config: &Config) {
    let input = input.as_ref();
    assert_eq!(outcome(what, input, config), Ok(None), "{}", input.escape_ascii());
}

fn with(leniency: Leniency) -> Config {
    SERVER.leniency(leniency)
}

fn within(limits: Limits) -> Config {
    SERVER.limits(limits)
}

#[test]
fn accepts_request_heads() {
    for (head, parts) in [
        ("GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1"),
        ("GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0"),
        ("GET / HTTP/1.9\r\n\r\n", "GET / HTTP/1.9"),
        ("get / HTTP/1.1\r\n\r\n", "get / HTTP/1.1"),
        ("!#$%&'*+-.^_`|~09aZ / HTTP/1.1\r\n\r\n", "!#$%&'*+-.^_`|~09aZ / HTTP/1.1"),
        (
            "G !\"$%&'()*+,-./:;<=>?@[]^_`{|}~ HTTP/1.1\r\n\r\n",
            "G !\\\"$%&\\'()*+,-./:;<=>?@[]^_`{|}~ HTTP/1.1",
        ),
        ("\r\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1|Host:a"),
        ("GET / HTTP/1.1\r\nHost:a\r\n\r\n", "GET / HTTP/1.1|Host:a"),
        ("GET / HTTP/1.1\r\nA:\r\nB: \r\nC:\t \t\r\n\r\n", "GET / HTTP/1.1|A:|B:|C:"),
        ("GET / HTTP/1.1\r\nA: \t b c \t d\t \r\n\r\n", "GET / HTTP/1.1|A:b c \\t d"),
        ("GET / HTTP/1.1\r\nA: :b:\r\nA: ,\r\n\r\n", "GET / HTTP/1.1|A::b:|A:,"),
        (
            "GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~09aZ: x\r\n\r\n",
            "GET / HTTP/1.1|!#$%&\\'*+-.^_`|~09aZ:x",
        ),
        (
            "GET / HTTP/1.1\r\nA-name-longer-than-16-octets: x\r\n\r\n",
            "GET / HTTP/1.1|A-name-longer-than-16-octets:x",
        ),
    ] {
        accepts(Request, head, &SERVER, parts);
    }
    accepts(
        Request,
        b"GET / HTTP/1.1\r\nA: \x80\xff\r\n\r\n",
        &SERVER,
        "GET / HTTP/1.1|A:\\x80\\xff",
    );
}

#[test]
fn refuses_request_lines() {
    for (head, kind, offset, status) in [
        (" GET / HTTP/1.1\r\n", Kind::Method(b' '), 0, 400),
        ("\0", Kind::Method(0), 0, 400),
        ("G@T / HTTP/1.1\r\n", Kind::Method(b'@'), 1, 400),
        ("GET\t/ HTTP/1.1\r\n", Kind::Method(b'\t'), 3, 400),
        ("GET\r\n", Kind::Method(b'\r'), 3, 400),
        ("\r\nG\n", Kind::Method(b'\n'), 3, 400),
        ("GET  / HTTP/1.1\r\n", Kind::TargetByte(b' '), 4, 400),
        ("GET \r\n", Kind::TargetByte(b'\r'), 4, 400),
        ("GET /a\tb HTTP/1.1\r\n", Kind::TargetByte(b'\t'), 6, 400),
        ("GET /a#b HTTP/1.1\r\n", Kind::TargetByte(b'#'), 6, 400),
        ("GET /a\0b HTTP/1.1\r\n", Kind::TargetByte(0), 6, 400),
        ("GET /a\x7fb HTTP/1.1\r\n", Kind::TargetByte(0x7f), 6, 400),
        ("GET /\u{e9} HTTP/1.1\r\n", Kind::TargetByte(0xc3), 5, 400),
        ("GET /\r\n", Kind::Version(b'\r'), 5, 400),
        ("GET /\n", Kind::Version(b'\n'), 5, 400),
        ("GET / \r\n", Kind::Version(b'\r'), 6, 400),
        ("GET /  HTTP/1.1\r\n", Kind::Version(b' '), 6, 400),
        ("GET / http/1.1\r\n", Kind::Version(b'h'), 6, 400),
        ("GET / HTTP/01.1\r\n", Kind::Version(b'1'), 12, 400),
        ("GET / HTTP/1,1\r\n", Kind::Version(b','), 12, 400),
        ("GET / HTTP/1\r\n", Kind::Version(b'\r'), 12, 400),
        ("GET / HTTP/2\r\n", Kind::Version(b'\r'), 12, 400),
        ("GET / HTTP/1.x\r\n", Kind::Version(b'x'), 13, 400),
        ("GET / HTTP/1.10\r\n", Kind::LineEnd(b'0'), 14, 400),
        ("GET / HTTP/1.1 \r\n", Kind::LineEnd(b' '), 14, 400),
        ("GET / HTTP/1.1\rX", Kind::LineEnd(b'X'), 15, 400),
        ("GET / HTTP/1.1\r\r\n", Kind::LineEnd(b'\r'), 15, 400),
        ("GET / HTTP/1.1\n", Kind::BareLf, 14, 400),
        ("GET / HTTP/0.9\r\n", Kind::VersionUnsupported, 11, 505),
        ("GET / HTTP/2.0\r\n", Kind::VersionUnsupported, 11, 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Kind::Http2Preface, 11, 505),
        ("PRI * HTTP/2.1\r\n", Kind::VersionUnsupported, 11, 505),
        ("PRI / HTTP/2.0\r\n", Kind::VersionUnsupported, 11, 505),
        ("\n", Kind::BareLf, 0, 400),
        ("\rX", Kind::LineEnd(b'X'), 1, 400),
        ("\r\r\n", Kind::LineEnd(b'\r'), 1, 400),
    ] {
        refuses(Request, head, &SERVER, kind, offset, status);
    }
}

#[test]
fn refuses_field_lines() {
    for (lines, kind, offset) in [
        (" a: b\r\n", Kind::LeadingWhitespace, 0),
        ("\ta: b\r\n", Kind::LeadingWhitespace, 0),
        ("a : b\r\n", Kind::FieldName(b' '), 1),
        ("a\t: b\r\n", Kind::FieldName(b'\t'), 1),
        ("a\r\n", Kind::FieldName(b'\r'), 1),
        ("a\n", Kind::FieldName(b'\n'), 1),
        (":\r\n", Kind::FieldName(b':'), 0),
        (": b\r\n", Kind::FieldName(b':'), 0),
        ("\0: b\r\n", Kind::FieldName(0), 0),
        ("a\0: b\r\n", Kind::FieldName(0), 1),
        ("a[]: b\r\n", Kind::FieldName(b'['), 1),
        ("\u{ef}a: b\r\n", Kind::FieldName(0xc3), 0),
        ("a-name-longer-than-16-octets@: b\r\n", Kind::FieldName(b'@'), 28),
        ("a: b\r\n c\r\n", Kind::ObsFold, 6),
        ("a: b\r\n\tc\r\n", Kind::ObsFold, 6),
        ("a: b\r\n \r\n\r\n", Kind::ObsFold, 6),
        ("a:\r\n b\r\n", Kind::ObsFold, 4),
        ("a: b\0\r\n", Kind::FieldValue(0), 4),
        ("a: b\x01\r\n", Kind::FieldValue(1), 4),
        ("a: b\x0bc\r\n", Kind::FieldValue(0x0b), 4),
        ("a: b\x7fc\r\n", Kind::FieldValue(0x7f), 4),
        ("a: b\rc\r\n", Kind::LineEnd(b'c'), 5),
        ("a: b\r\r\n", Kind::LineEnd(b'\r'), 5),
        ("a: b\n", Kind::BareLf, 4),
        ("a: b\r\n\n", Kind::BareLf, 6),
        ("a: b\r\n\rX", Kind::LineEnd(b'X'), 7),
        ("\n", Kind::BareLf, 0),
    ] {
        refuses(Fields, lines, &SERVER, kind, offset, 400);
        let start = "GET / HTTP/1.1\r\n";
        refuses(Request, format!("{start}{lines}"), &SERVER, kind, offset + 16, 400);
        let start = "HTTP/1.1 200 OK\r\n";
        refuses(Response, format!("{start}{lines}"), &SERVER, kind, offset + 17, 400);
    }
}

#[test]
fn accepts_response_heads() {
    for (head, parts) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK"),
        ("HTTP/1.0 200 \r\n\r\n", "HTTP/1.0 200 "),
        ("HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 "),
        ("HTTP/1.7 999 \tnine  \r\n\r\n", "HTTP/1.7 999 \\tnine  "),
        ("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue"),
        ("HTTP/1.1 600 x\x01\x7fy\r\n\r\n", "HTTP/1.1 600 x\\x01\\x7fy"),
        ("HTTP/1.1 404 Not\r\nA: b\r\n\r\n", "HTTP/1.1 404 Not|A:b"),
        ("\r\n\r\nHTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 "),
        ("HTTP/1.1 200 OK\nA: b\n\n", "HTTP/1.1 200 OK|A:b"),
        ("HTTP/1.1 200\n\r\n", "HTTP/1.1 200 "),
        ("\nHTTP/1.1 200\r\nA: b\n\r\n", "HTTP/1.1 200 |A:b"),
    ] {
        accepts(Response, head, &CLIENT, parts);
    }
    let head = b"HTTP/1.1 200 \xfcber\r\nA: \xe9\r\n\r\n";
    accepts(Response, head, &CLIENT, "HTTP/1.1 200 \\xfcber|A:\\xe9");
}

#[test]
fn refuses_status_lines() {
    for (head, kind, offset) in [
        ("ICY 200 OK\r\n", Kind::Version(b'I'), 0),
        (" HTTP/1.1 200\r\n", Kind::Version(b' '), 0),
        ("<html>", Kind::Version(b'<'), 0),
        ("http/1.1 200\r\n", Kind::Version(b'h'), 0),
        ("HTTP/1.1200\r\n", Kind::Version(b'2'), 8),
        ("HTTP/1.1\r\n", Kind::Version(b'\r'), 8),
        ("HTTP/1.1\t200\r\n", Kind::Version(b'\t'), 8),
        ("HTTP/1.1  200\r\n", Kind::Status(b' '), 9),
        ("HTTP/1.1 099\r\n", Kind::Status(b'0'), 9),
        ("HTTP/1.1 000\r\n", Kind::Status(b'0'), 9),
        ("HTTP/1.1 +20\r\n", Kind::Status(b'+'), 9),
        ("HTTP/1.1 20\r\n", Kind::Status(b'\r'), 11),
        ("HTTP/1.1 20x\r\n", Kind::Status(b'x'), 11),
        ("HTTP/1.1 2000\r\n", Kind::Status(b'0'), 12),
        ("HTTP/1.1 200\tOK\r\n", Kind::Status(b'\t'), 12),
        ("HTTP/1.1 200OK\r\n", Kind::Status(b'O'), 12),
        ("HTTP/1.1 200 O\0K\r\n", Kind::Reason(0), 14),
        ("HTTP/1.1 200 O\rK\r\n", Kind::LineEnd(b'K'), 15),
        ("HTTP/1.1 200 OK\r\r\n", Kind::LineEnd(b'\r'), 16),
    ] {
        refuses(Response, head, &CLIENT, kind, offset, 400);
    }
    refuses(Response, "HTTP/2.0 200\r\n", &CLIENT, Kind::VersionUnsupported, 5, 505);
    refuses(Response, "HTTP/0.9 200\r\n", &CLIENT, Kind::VersionUnsupported, 5, 505);
}

#[test]
fn what_is_good_so_far_is_partial() {
    let request = "\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\nLong-name-of-a-field: \tx\r\nE:\r\n\r";
    (0..=request.len()).for_each(|len| is_partial(Request, &request[..len], &SERVER));
    let response = "HTTP/1.1 200 Fine\r\nA: b\r\n c\r\n\r";
    (0..=response.len()).for_each(|len| is_partial(Response, &response[..len], &CLIENT));
    let fields = "A: b\r\nC:\r\n\r";
    (0..=fields.len()).for_each(|len| is_partial(Fields, &fields[..len], &SERVER));
}

#[test]
fn the_head_may_be_as_long_as_the_limit() {
    let head = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let limit = |len| within(Limits::DEFAULT.head(len));
    accepts(Request, head, &limit(head.len()), "GET / HTTP/1.1|Host:a");
    for len in 0..head.len() {
        let offset = u64::try_from(len).unwrap();
        refuses(Request, head, &limit(len), Kind::HeadTooLarge, offset, 431);
    }
    let whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    refuses(Request, whole, &limit(whole.len() - 1), Kind::HeadTooLarge, 26, 431);
    refuses(Response, "HTTP/1.1 200 OK\r\n\r\n", &limit(18), Kind::HeadTooLarge, 18, 431);
    refuses(Fields, "a:b\r\n\r\n", &limit(6), Kind::HeadTooLarge, 6, 431);
}

#[test]
fn the_default_head_is_64_kib() {
    let head = |len: usize| format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(len - 23));
    let mut slots = [FieldSpan::EMPTY; 1];
    let whole = head(64 << 10);
    assert!(matches!(parse_request(whole.as_bytes(), &mut slots, &SERVER), Ok(Parse::Complete(_))));
    let error = parse_request(head((64 << 10) + 1).as_bytes(), &mut slots, &SERVER).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::HeadTooLarge, 64 << 10));
}

#[test]
fn there_may_be_as_many_fields_as_the_limit() {
    let head = |count: usize| format!("GET / HTTP/1.1\r\n{}\r\n", "a:b\r\n".repeat(count));
    let parts = |count: usize| format!("GET / HTTP/1.1{}", "|a:b".repeat(count));
    accepts(Request, head(100), &SERVER, &parts(100));
    refuses(Request, head(101), &SERVER, Kind::TooManyFields, 516, 431);
    let limit = |count| within(Limits::DEFAULT.fields(count));
    accepts(Request, head(0), &limit(0), &parts(0));
    refuses(Request, head(1), &limit(0), Kind::TooManyFields, 16, 431);
    accepts(Request, head(2), &limit(2), &parts(2));
    refuses(Request, head(3), &limit(2), Kind::TooManyFields, 26, 431);
    accepts(Request, head(101), &limit(usize::MAX), &parts(101));
}

#[test]
fn fewer_slots_than_fields_are_too_few() {
    let head = b"GET / HTTP/1.1\r\na:b\r\nc:d\r\n\r\n";
    let error = parse_request(head, &mut [FieldSpan::EMPTY], &SERVER).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::TooManyFields, 21));
    let head = b"HTTP/1.1 200 OK\r\na:b\r\n\r\n";
    let error = parse_response(head, &mut [], &SERVER).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::TooManyFields, 17));
    let error = parse_fields(b"a:b\r\n\r\n", &mut [], &SERVER).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::TooManyFields, 0));
}

#[test]
fn the_target_may_be_as_long_as_the_limit() {
    let head = |len: usize| format!("GET {} HTTP/1.1\r\n\r\n", "/".repeat(len));
    let parts = |len: usize| format!("GET {} HTTP/1.1", "/".repeat(len));
    let limit = |len| within(Limits::DEFAULT.target(len));
    for len in [1, 7, 8, 9, 63, 64, 65] {
        let end = u64::try_from(4 + len).unwrap();
        accepts(Request, head(len), &limit(len), &parts(len));
        refuses(Request, head(len + 1), &limit(len), Kind::TargetTooLong, end, 414);
    }
    let mut slots = [FieldSpan::EMPTY; 1];
    assert!(parse_request(head(16 << 10).as_bytes(), &mut slots, &SERVER).is_ok());
    let error = parse_request(head((16 << 10) + 1).as_bytes(), &mut slots, &SERVER).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (Kind::TargetTooLong, 4 + (16 << 10)));
    // Bytes that a leniency lets through count alike.
    let raw = |len| limit(len).leniency(STRICT.raw_target_bytes(true));
    accepts(Request, "GET /\u{e9} HTTP/1.1\r\n\r\n", &raw(3), "GET /\\xc3\\xa9 HTTP/1.1");
    refuses(Request, "GET /\u{e9} HTTP/1.1\r\n\r\n", &raw(2), Kind::TargetTooLong, 6, 414);
}

#[test]
fn the_method_may_be_32_octets_long() {
    let head = |len: usize| format!("{} / HTTP/1.1\r\n\r\n", "M".repeat(len));
    accepts(Request, head(32), &SERVER, &format!("{} / HTTP/1.1", "M".repeat(32)));
    refuses(Request, head(33), &SERVER, Kind::MethodTooLong, 32, 501);
    refuses(Request, "\r\n".to_owned() + &head(99), &SERVER, Kind::MethodTooLong, 34, 501);
}

#[test]
fn as_many_empty_lines_as_the_limit_are_skipped() {
    let head = |count: usize| format!("{}GET / HTTP/1.1\r\n\r\n", "\r\n".repeat(count));
    accepts(Request, head(8), &SERVER, "GET / HTTP/1.1");
    refuses(Request, head(9), &SERVER, Kind::TooManyEmptyLines, 17, 400);
    let none = within(Limits::DEFAULT.empty_lines(0));
    accepts(Request, head(0), &none, "GET / HTTP/1.1");
    refuses(Request, head(1), &none, Kind::TooManyEmptyLines, 1, 400);
    refuses(Response, "\n".repeat(9), &CLIENT, Kind::TooManyEmptyLines, 8, 400);
}

#[test]
fn bare_lf_ends_lines_where_it_may() {
    let lenient = with(STRICT.bare_lf(true));
    for (head, parts, offset) in [
        ("\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1", 0),
        ("GET / HTTP/1.1\n\r\n", "GET / HTTP/1.1", 14),
        ("GET / HTTP/1.1\r\n\n", "GET / HTTP/1.1", 16),
        ("GET / HTTP/1.1\r\nA: b\n\r\n", "GET / HTTP/1.1|A:b", 20),
        ("GET / HTTP/1.1\r\nA:\nB:\n\n", "GET / HTTP/1.1|A:|B:", 18),
    ] {
        accepts(Request, head, &lenient, parts);
        refuses(Request, head, &SERVER, Kind::BareLf, offset, 400);
    }
    refuses(Request, "GET / HTTP/1.1\r\nA\nB:\n\n", &lenient, Kind::FieldName(b'\n'), 17, 400);
}

#[test]
fn folds_are_part_of_the_value_where_they_may_be() {
    let lenient = with(STRICT.obs_fold(true));
    for (lines, parts, unfolded, offset) in [
        ("A: b\r\n c\r\n\r\n", "|A:b\\r\\n c", "b   c", 6),
        ("A: b\r\n\tc\r\n\r\n", "|A:b\\r\\n\\tc", "b  \tc", 6),
        ("A: b \r\n  c \r\n \td\r\n\r\n", "|A:b \\r\\n  c \\r\\n \\td", "b     c    \td", 7),
        ("A:\r\n b\r\n\r\n", "|A:b", "b", 4),
        ("A: b\r\n \r\n\r\n", "|A:b", "b", 6),
        ("A:\r\n \r\n\t\r\n\r\n", "|A:", "", 4),
        ("A: b\r\n \r\n c\r\n\r\n", "|A:b\\r\\n \\r\\n c", "b      c", 6),
    ] {
        accepts(Fields, lines, &lenient, parts);
        refuses(Fields, lines, &SERVER, Kind::ObsFold, offset, 400);
        let mut slots = [FieldSpan::EMPTY; 4];
        let parsed = parse_fields(lines.as_bytes(), &mut slots, &lenient).unwrap();
        let Parse::Complete(fields) = parsed else { panic!("{lines:?} is complete") };
        let field = fields.iter().next().unwrap();
        assert_eq!(field.unfolded(), unfolded.as_bytes(), "{lines:?}");
        assert_eq!(field.is_folded(), field.value().contains(&b'\n'));
    }
    let line = "A: b\n c\n\n";
    accepts(Fields, line, &with(STRICT.obs_fold(true).bare_lf(true)), "|A:b\\n c");
    refuses(Fields, line, &lenient, Kind::BareLf, 4, 400);
    refuses(Fields, " A: b\r\n\r\n", &lenient, Kind::LeadingWhitespace, 0, 400);
}

#[test]
fn spaces_separate_the_parts_of_a_request_line_where_they_may() {
    let lenient = with(STRICT.request_spaces(true));
    for (head, kind, offset) in [
        ("GET  /a HTTP/1.1\r\n\r\n", Kind::TargetByte(b' '), 4),
        ("GET /a  HTTP/1.1\r\n\r\n", Kind::Version(b' '), 7),
        ("GET\t/a HTTP/1.1\r\n\r\n", Kind::Method(b'\t'), 3),
        ("GET /a\tHTTP/1.1\r\n\r\n", Kind::TargetByte(b'\t'), 6),
        ("GET /a HTTP/1.1 \t\r\n\r\n", Kind::LineEnd(b' '), 15),
        ("GET \t /a \t HTTP/1.1\t\r\n\r\n", Kind::TargetByte(b'\t'), 4),
    ] {
        accepts(Request, head, &lenient, "GET /a HTTP/1.1");
        refuses(Request, head, &SERVER, kind, offset, 400);
    }
    refuses(Request, " GET / HTTP/1.1\r\n", &lenient, Kind::Method(b' '), 0, 400);
    refuses(Request, "GET / HTTP/1.1 x\r\n", &lenient, Kind::LineEnd(b'x'), 15, 400);
    refuses(Request, "GET  \r\n", &lenient, Kind::TargetByte(b'\r'), 5, 400);
}

#[test]
fn controls_stand_in_values_where_they_may() {
    let lenient = with(STRICT.ctl_in_value(true));
    for octet in (1..=31).chain([127]).filter(|octet| !matches!(octet, b'\t' | b'\r' | b'\n')) {
        let line = format!("A: b{}c\r\n\r\n", char::from(octet));
        let parts = format!("|A:b{}c", octet.escape_ascii());
        accepts(Fields, &line, &lenient, &parts);
        refuses(Fields, &line, &SERVER, Kind::FieldValue(octet), 4, 400);
    }
    refuses(Fields, "A: b\0\r\n", &lenient, Kind::FieldValue(0), 4, 400);
    refuses(Fields, "A: b\rc\r\n", &lenient, Kind::LineEnd(b'c'), 5, 400);
    refuses(Fields, "A\x01: b\r\n", &lenient, Kind::FieldName(1), 1, 400);
}

#[test]
fn high_octets_stand_in_targets_where_they_may() {
    let lenient = with(STRICT.raw_target_bytes(true));
    let head = b"GET /\x80\xff?\xe9 HTTP/1.1\r\n\r\n";
    accepts(Request, head, &lenient, "GET /\\x80\\xff?\\xe9 HTTP/1.1");
    refuses(Request, head, &SERVER, Kind::TargetByte(0x80), 5, 400);
    refuses(Request, b"GET /\xe9# HTTP/1.1\r\n", &lenient, Kind::TargetByte(b'#'), 6, 400);
}

#[test]
fn broken_fields_are_left_out_where_they_may_be() {
    let lenient = with(STRICT.skip_invalid_fields(true));
    for (line, kind, offset) in [
        ("b : c\r\n", Kind::FieldName(b' '), 7),
        ("b\r\n", Kind::FieldName(b'\r'), 7),
        (":\r\n", Kind::FieldName(b':'), 6),
        (": c\r\n", Kind::FieldName(b':'), 6),
        ("[b]: c\r\n", Kind::FieldName(b'['), 6),
        ("b: c\x01d\r\n", Kind::FieldValue(1), 10),
        ("b: \x7f\r\n", Kind::FieldValue(0x7f), 9),
        ("b c: d\x01e\r\n", Kind::FieldName(b' '), 7),
    ] {
        let lines = format!("A: 1\r\n{line}Z: 2\r\n\r\n");
        accepts(Fields, &lines, &lenient, "|A:1|Z:2");
        refuses(Fields, &lines, &SERVER, kind, offset, 400);
    }
    for (line, kind, offset) in [
        ("b\n\r\n", Kind::BareLf, 1),
        ("b c\n\r\n", Kind::FieldValue(b'\n'), 3),
        ("b\0: c\r\n", Kind::FieldName(0), 1),
        ("b c\0\r\n", Kind::FieldValue(0), 3),
        ("b: c\0\r\n", Kind::FieldValue(0), 4),
        ("b c\rd\r\n", Kind::LineEnd(b'd'), 4),
        ("b\rd\r\n", Kind::LineEnd(b'd'), 2),
        ("b: \x01\r\n c\r\n\r\n", Kind::ObsFold, 6),
    ] {
        refuses(Fields, line, &lenient, kind, offset, 400);
    }
    // With folds, a broken line takes those that continue it along.
    let folding = with(STRICT.skip_invalid_fields(true).obs_fold(true).bare_lf(true));
    accepts(Fields, "b c\r\n d\r\nZ: 2\r\n\r\n", &folding, "|Z:2");
    accepts(Fields, "b: c\r\n \x01\r\nZ: 2\r\n\r\n", &folding, "|Z:2");
    accepts(Fields, "b\nZ: 2\n c\n\n", &folding, "|Z:2\\n c");
    // Not what says where the message ends.
    for (line, kind, offset) in [
        ("Content-Length : 5\r\n", Kind::FieldName(b' '), 20),
        ("content-length: 5\x0b\r\n", Kind::FieldValue(0x0b), 23),
        ("Transfer-Encoding\t: chunked\r\n", Kind::FieldName(b'\t'), 23),
        ("Transfer-Encoding: \x01chunked\r\n", Kind::FieldValue(1), 25),
        ("Transfer-Encoding:\r\n \x0cchunked\r\n", Kind::FieldValue(0x0c), 27),
        ("Transfer-Encoding\r\n", Kind::FieldName(b'\r'), 23),
        ("Transfer-Encoding\n", Kind::FieldName(b'\n'), 23),
    ] {
        refuses(Fields, format!("A: 1\r\n{line}\r\n"), &folding, kind, offset, 400);
    }
    // What is left out counts all the same.
    let few = lenient.limits(Limits::DEFAULT.fields(1));
    refuses(Fields, "b c\r\nZ: 2\r\n\r\n", &few, Kind::TooManyFields, 5, 431);
}

#[test]
fn a_scanner_that_is_done_stays_done() {
    let mut scanner = HeadScanner::request(&SERVER);
    let buf = b"GET / HTTP/1.1\r\n\r\nGET /";
    assert_eq!(scanner.push(buf), Ok(Some(18)));
    assert_eq!(scanner.push(buf), Ok(Some(18)));
    assert_eq!(scanner.offset(), 18);
    scanner.reset();
    assert_eq!(scanner.push(&buf[18..]), Ok(None));
}

#[test]
fn a_reset_scanner_is_a_new_one() {
    let mut fields = HeadScanner::fields(&SERVER);
    assert!(fields.push(b"a: b\r\n c").is_err());
    fields.reset();
    assert_eq!(fields.push(b"\r\n"), Ok(Some(2)));
    let mut response = HeadScanner::response(&CLIENT);
    assert!(response.push(b"HTTP/2.0 200\r\n").is_err());
    response.reset();
    assert_eq!(response.push(b"HTTP/1.1 200\r\n\r\n"), Ok(Some(16)));
}
