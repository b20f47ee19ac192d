//! Forms that nobody means well with: each is understood or refused at once, and nothing of it is kept.

use std::iter;

use nethttp::HeaderMap;

use super::kit::{FIRST, UNLIMITED, agreed, boundary, form, gives};
use super::{
    FieldErrorKind, FormErrorKind as Kind, MultipartEvent, MultipartLimits, MultipartParser,
};

const PIECE: usize = 64 << 10;
/// A debug build takes seconds for more; `benches/form.rs` has 64 MiB of each.
const LARGE: usize = 1 << 20;

/// What became of a form that is too long to be kept.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    parts: usize,
    /// Bytes of content.
    content: usize,
    end: Option<(Kind, u64)>,
}

/// Parses pieces up to the first error, and takes no more of them. What is handed out lies in the piece, or
/// is shorter than the delimiter.
fn run<'a>(
    delimiter: &str,
    limits: &MultipartLimits,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Outcome {
    let mut parser = MultipartParser::new(&boundary(delimiter), *limits);
    let mut outcome = Outcome::default();
    for piece in pieces {
        let mut rest = piece;
        loop {
            let (used, event) = match parser.receive(rest) {
                Ok(found) => found,
                Err(error) => {
                    outcome.end = Some((error.kind(), error.offset()));
                    return outcome;
                }
            };
            match event {
                MultipartEvent::NeedMore => break,
                MultipartEvent::Part(_) => outcome.parts += 1,
                MultipartEvent::Data(data) => {
                    let is_inside = piece.as_ptr_range().contains(&data.as_ptr());
                    assert!(is_inside || data.len() < delimiter.len() + 4);
                    outcome.content += data.len();
                }
                _ => {}
            }
            rest = &rest[used..];
        }
    }
    outcome.end = parser.finish().err().map(|error| (error.kind(), error.offset()));
    outcome
}

#[track_caller]
fn refused_at_once<'a>(
    start: &'a [u8],
    piece: &'a [u8],
    limits: &MultipartLimits,
    kind: Kind,
    offset: usize,
) {
    let mut taken = 0;
    let endless = iter::repeat_n(piece, (1 << 30) / piece.len()).inspect(|_| taken += piece.len());
    let outcome = run("b", limits, iter::once(start).chain(endless));
    assert_eq!(outcome.end, Some((kind, offset as u64)));
    assert!(start.len() + taken < offset + piece.len() + 8, "{taken} bytes were looked at");
}

#[test]
fn refuses_a_gigabyte_of_preamble() {
    let limits = &MultipartLimits::DEFAULT;
    for octets in [&b"x"[..], b"\r\n", b"\r\n--", b"\r\n--c\r\n", b"\r", b"-"] {
        let kind = Kind::PreambleTooLong(8 << 10);
        refused_at_once(b"", &octets.repeat(PIECE / octets.len()), limits, kind, 8 << 10);
        refused_at_once(b"", octets, limits, kind, 8 << 10);
    }
}

#[test]
fn refuses_a_gigabyte_of_epilogue() {
    let limits = &MultipartLimits::DEFAULT;
    for (start, octets) in
        [(&b"--b--\r\n"[..], &b"x"[..]), (b"--b--", b" "), (b"--b--\r\n", b"\r\n--b")]
    {
        let kind = Kind::EpilogueTooLong(8 << 10);
        let offset = b"--b--".len() + (8 << 10);
        refused_at_once(start, &octets.repeat(PIECE / octets.len()), limits, kind, offset);
        refused_at_once(start, octets, limits, kind, offset);
    }
}

#[test]
fn refuses_a_header_without_an_end() {
    let limits = &MultipartLimits::DEFAULT;
    for (start, octets) in [
        (&b"--b"[..], &b" "[..]),
        (b"--b\r\n", b"X"),
        (b"--b\r\nX:", b" "),
        (b"--b\r\nX: ", b"\r"),
        (b"--b\r\nX: ", b"\0"),
        (b"--b\r\nContent-Disposition: form-data; name=\"", b"\\\""),
    ] {
        let start = [FIRST.as_bytes(), start].concat();
        let (kind, offset) = (Kind::HeaderTooLong(8 << 10), FIRST.len() + 3 + (8 << 10));
        refused_at_once(&start, &octets.repeat(PIECE / octets.len()), limits, kind, offset);
        refused_at_once(&start, octets, limits, kind, offset);
    }
    let (line, kind) = (b"X: y\r\n", Kind::TooManyFields(32));
    refused_at_once(b"--b\r\n", line, limits, kind, 5 + 32 * line.len());
}

#[test]
fn refuses_contents_without_an_end() {
    let limits = MultipartLimits::DEFAULT.text(1 << 20).file(2 << 20).total(3 << 20);
    let text = [FIRST, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n"].concat();
    let file =
        [FIRST, "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n"].concat();
    for octets in [&b"x"[..], b"\r\n", b"\r\n--c", b"\r\n-"] {
        let piece = octets.repeat(PIECE / octets.len());
        let kind = Kind::TextTooLong(1 << 20);
        refused_at_once(text.as_bytes(), &piece, &limits, kind, text.len() + (1 << 20));
        let kind = Kind::FileTooLong(2 << 20);
        refused_at_once(file.as_bytes(), &piece, &limits, kind, file.len() + (2 << 20));
        let limits = limits.file(u64::MAX);
        refused_at_once(file.as_bytes(), &piece, &limits, Kind::TooLong(3 << 20), 3 << 20);
    }
}

#[test]
fn refuses_a_million_parts_and_takes_many_where_it_may() {
    let part = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
    let parts = |count| iter::repeat_n(&part[..], count).chain(iter::once(&b"--b--"[..]));
    let offset = 1000 * part.len() + b"--b\r\n".len();
    let end = Some((Kind::TooManyParts(1000), offset as u64));
    let outcome = run("b", &MultipartLimits::DEFAULT, parts(1_000_000));
    assert_eq!(outcome, Outcome { parts: 1000, content: 1000, end });
    let outcome = run("b", &UNLIMITED, parts(100_000));
    assert_eq!(outcome, Outcome { parts: 100_000, content: 100_000, end: None });
}

#[test]
fn large_contents_are_all_there_whatever_they_are() {
    let text = "----WebKitFormBoundary6Uj3T02p6JBfLOOn";
    let near = format!("\r\n--{}", &text[..text.len() - 1]);
    for octets in [&b"\r\n"[..], b"\r", b"\r\n--", b"\r\n-", b"-", near.as_bytes(), b"\0"] {
        let content = octets.repeat(LARGE / octets.len());
        let form = form(text, &[("a", &content)]);
        for size in [PIECE, form.len(), 4099, 61] {
            let outcome = run(text, &UNLIMITED, form.chunks(size));
            assert_eq!(outcome, Outcome { parts: 1, content: content.len(), end: None });
        }
    }
}

#[test]
fn a_boundary_has_1_to_70_bytes() {
    for text in [&*"-".repeat(70), &*"b".repeat(70), "b", "-", "--", "'()+_,-./:=?", "a b"] {
        let near = format!("\r\n--{}", &text[..text.len() - 1]);
        let doubled = format!("\r\n-{text}");
        let parts = [("a", near.as_bytes()), ("b", b"\r\n-"), ("c", b"\r\n\r")];
        gives(text, &form(text, &parts), &parts);
        if !text.starts_with('-') {
            let parts = [("a", doubled.as_bytes())];
            gives(text, &form(text, &parts), &parts);
        }
    }
    for (parameter, kind) in [
        ("; boundary=\"\"", FieldErrorKind::Boundary),
        ("; boundary=\"a \"", FieldErrorKind::Boundary),
        ("; boundary=\"a\\\"\"", FieldErrorKind::Boundary),
        (&format!("; boundary={}", "b".repeat(71)), FieldErrorKind::Boundary),
        ("", FieldErrorKind::MissingParameter("boundary")),
        ("; charset=utf-8", FieldErrorKind::MissingParameter("boundary")),
    ] {
        let mut headers = HeaderMap::new();
        headers.append("Content-Type", format!("multipart/form-data{parameter}")).unwrap();
        let parser = MultipartParser::from_headers(&headers, MultipartLimits::DEFAULT);
        assert_eq!(parser.unwrap_err().kind(), Kind::ContentType(kind), "{parameter}");
    }
}

/// RFC 2046 §5.1.1: none may begin with one outside of it.
#[test]
fn boundaries_within_boundaries_are_told_apart() {
    let inner = |boundary: &str| {
        let head = "Content-Disposition: attachment; filename=\"a.txt\"";
        format!("--{boundary}\r\n{head}\r\n\r\nx\r\n--{boundary}--\r\n").into_bytes()
    };
    for (outside, inside) in [("a", "b"), ("ab", "a"), ("ab", "b"), ("ab", "ac")] {
        let content = inner(inside);
        let parts = [("files", &*content), ("last", b"x")];
        gives(outside, &form(outside, &parts), &parts);
    }
    for (outside, inside, octet) in [("a", "ab", b'b'), ("-", "--", b'\r'), ("a", "a-", b'\r')] {
        let content = [b"x\r\n", &*inner(inside)].concat();
        let parts = [("first", &b"1"[..]), ("files", &*content)];
        let form = agreed(outside, &form(outside, &parts), &MultipartLimits::DEFAULT);
        assert!(matches!(form.end, Err((Kind::DelimiterEnd(found), _)) if found == octet));
        let [first, files] = form.parts.as_slice() else { panic!("{form:?}") };
        assert!(first.is_complete && first.content == b"1");
        assert!(!files.is_complete && files.content == b"x");
    }
}

/// A limit permits as much as it says, and refuses the next byte.
#[test]
fn limits_are_the_most_that_is_permitted() {
    let form = "before\r\n--b \r\nContent-Disposition: form-data; name=a\r\nX: 1234567890\r\n\r\ntext\r\n--b\r\n\
        Content-Disposition: form-data; name=b; filename=c\r\n\r\nfile it is\r\n--b--\t\r\nbehind";
    let at = |text: &str| form.find(text).unwrap();
    let (header, second) = (at(" \r\nContent"), at("\r\nContent-Disposition: form-data; name=b"));
    let first_len = at("text") - header;
    let limits = MultipartLimits::DEFAULT;
    for (enough, few, kind, offset) in [
        (limits.total(form.len() as u64), limits.total(20), Kind::TooLong(20), 20),
        (limits.parts(2), limits.parts(1), Kind::TooManyParts(1), second + 2),
        (limits.parts(2), limits.parts(0), Kind::TooManyParts(0), header + 3),
        (limits.fields(2), limits.fields(1), Kind::TooManyFields(1), at("X: 1")),
        (
            limits.header(first_len),
            limits.header(first_len - 1),
            Kind::HeaderTooLong(first_len - 1),
            at("text") - 1,
        ),
        (limits.header(80), limits.header(0), Kind::HeaderTooLong(0), header),
        (limits.text(4), limits.text(3), Kind::TextTooLong(3), at("text") + 3),
        (limits.text(4), limits.text(0), Kind::TextTooLong(0), at("text")),
        (limits.file(10), limits.file(9), Kind::FileTooLong(9), at("file it is") + 9),
        (limits.preamble(6), limits.preamble(5), Kind::PreambleTooLong(5), 5),
        (limits.preamble(6), limits.preamble(0), Kind::PreambleTooLong(0), 0),
        (limits.epilogue(9), limits.epilogue(8), Kind::EpilogueTooLong(8), form.len() - 1),
        (limits.epilogue(9), limits.epilogue(0), Kind::EpilogueTooLong(0), at("\t\r\nbehind")),
    ] {
        assert_eq!(agreed("b", form.as_bytes(), &enough).end, Ok(()), "{enough:?}");
        assert_eq!(agreed("b", form.as_bytes(), &few).end, Err((kind, offset as u64)));
    }
}

/// What was taken for a delimiter is counted when it turns out to be none, wherever it was cut.
#[test]
fn limits_count_what_is_nearly_a_delimiter() {
    let content = "\r\n-\r\n--\r\r\n--c\r\n";
    let form = [FIRST, &FIRST.replacen('1', content, 1), "--b--"].concat();
    for most in 1..=content.len() as u64 {
        let end = agreed("b", form.as_bytes(), &MultipartLimits::DEFAULT.text(most)).end;
        assert_eq!(end.is_ok(), most == content.len() as u64);
    }
    let before = "-\r\n-\r\n--";
    for form in [format!("{before}\r\n--b--"), before.to_owned()] {
        for most in 0..=before.len() as u64 {
            agreed("b", form.as_bytes(), &MultipartLimits::DEFAULT.preamble(most));
        }
    }
    for most in 0..5 {
        let limits = MultipartLimits::DEFAULT.header(most);
        let end = agreed("b", b"--b\t\r\n", &limits).end;
        assert_eq!(end == Err((Kind::Truncated, 6)), most >= 3);
    }
    let limits = MultipartLimits::DEFAULT.preamble(0);
    let end = agreed("b", b"-\r\n--b--", &limits).end;
    assert_eq!(end, Err((Kind::PreambleTooLong(0), 0)));
}

#[test]
fn every_byte_at_every_place_is_understood_alike() {
    let form = [
        FIRST.as_bytes(),
        b"--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n\r\n--\r\n--b--\r\n",
    ]
    .concat();
    let boundary = boundary("b");
    for at in 0..form.len() {
        for octet in 0..=255 {
            let mut form = form.clone();
            form[at] = octet;
            let expected = super::model::parse(&form, "b", &MultipartLimits::DEFAULT);
            for size in [form.len(), 1] {
                let mut parser = MultipartParser::new(&boundary, MultipartLimits::DEFAULT);
                let found = super::drive::drive(&mut parser, form.chunks(size));
                assert_eq!(found, expected, "{octet} at {at}");
            }
        }
    }
}
