//! The reader of forms, over sources of every kind.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use nethttp::form::{MultipartReader, PartReader};

use super::kit::{UNLIMITED, boundary, form};
use super::{FormError, FormErrorKind, MultipartLimits};
use crate::support::fault::{Fault, Faulty, Script};

type Parts = Vec<(String, Vec<u8>)>;

const PARTS: [(&str, &[u8]); 4] =
    [("a", b"one\r\ntwo\r\n"), ("b", b""), ("c", b"\r\n--\r\r\n--c"), ("d", "größe".as_bytes())];

fn whole() -> Vec<u8> {
    form("b", &PARTS)
}

fn expected() -> Parts {
    PARTS.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect()
}

fn reader<R: Read>(source: R) -> MultipartReader<R> {
    MultipartReader::new(source, &boundary("b"), MultipartLimits::DEFAULT)
}

/// Reads all parts; an error stands behind those that are complete.
fn read_all<R: Read>(reader: &mut MultipartReader<R>) -> (Parts, io::Result<()>) {
    let mut parts = Parts::new();
    loop {
        let mut part = match reader.next_part() {
            Ok(Some(part)) => part,
            Ok(None) => return (parts, Ok(())),
            Err(error) => return (parts, Err(error)),
        };
        let mut content = Vec::new();
        match part.read_to_end(&mut content) {
            Ok(len) => assert_eq!(len, content.len()),
            Err(error) => return (parts, Err(error)),
        }
        parts.push((part.name().to_owned(), content));
    }
}

#[track_caller]
fn form_error(error: io::Error) -> FormError {
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    error.downcast().unwrap()
}

#[test]
fn sources_may_give_as_little_as_they_like() {
    let form = whole();
    for size in 1..=form.len() {
        let source = form.chunks(size).fold(Script::new(), Script::give);
        let (parts, end) = read_all(&mut reader(source));
        assert_eq!(parts, expected());
        assert!(end.is_ok());
    }
}

#[test]
fn an_interrupted_source_is_read_again() {
    let form = whole();
    for at in 0..=form.len() {
        let source = Faulty::reading(&form[..], at, Fault::FailOnce(ErrorKind::Interrupted));
        let (parts, end) = read_all(&mut reader(source));
        assert_eq!(parts, expected());
        assert!(end.is_ok());
    }
}

#[test]
fn errors_of_the_source_are_passed_on_behind_what_came_before() {
    let form = whole();
    for at in 0..=form.len() {
        for (fault, kind) in [
            (Fault::Fail(ErrorKind::ConnectionReset), ErrorKind::ConnectionReset),
            (Fault::Stall, ErrorKind::WouldBlock),
        ] {
            let mut reader = reader(Faulty::reading(&form[..], at, fault));
            let (parts, end) = read_all(&mut reader);
            assert_eq!(end.unwrap_err().kind(), kind);
            assert!(expected().starts_with(&parts));
            assert_eq!(reader.next_part().unwrap_err().kind(), kind);
        }
    }
}

#[test]
fn reading_goes_on_behind_an_error_of_the_source() {
    let form = whole();
    for at in 0..=form.len() {
        let source = Faulty::reading(&form[..], at, Fault::FailOnce(ErrorKind::WouldBlock));
        let (mut reader, mut parts, mut errors) = (reader(source), Parts::new(), 0);
        let mut again = |error: io::Error| {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            errors += 1;
        };
        loop {
            match reader.next_part() {
                Ok(None) => break,
                Err(error) => again(error),
                Ok(Some(mut part)) => {
                    let mut content = Vec::new();
                    while let Err(error) = part.read_to_end(&mut content) {
                        again(error);
                    }
                    parts.push((part.name().to_owned(), content));
                }
            }
        }
        assert_eq!((parts, errors), (expected(), 1));
    }
}

#[test]
fn a_source_that_ends_too_early_is_an_error() {
    let form = whole();
    let ends = form.len() - 2;
    for at in 0..=form.len() {
        let mut reader = reader(Faulty::reading(&form[..], at, Fault::End));
        let (parts, end) = read_all(&mut reader);
        if at >= ends {
            assert_eq!(parts, expected());
            assert!(end.is_ok() && reader.next_part().unwrap().is_none());
            continue;
        }
        let kind = if at < 3 { FormErrorKind::MissingBoundary } else { FormErrorKind::Truncated };
        let error = form_error(end.unwrap_err());
        assert_eq!((error.kind(), error.offset()), (kind, at as u64));
        assert!(expected().starts_with(&parts));
        assert_eq!(form_error(reader.next_part().unwrap_err()), error);
    }
}

/// `Some` of so many bytes, or all.
fn take<R: Read>(part: &mut PartReader<'_, R>, len: usize) -> Vec<u8> {
    let mut content = Vec::new();
    part.take(len as u64).read_to_end(&mut content).unwrap();
    content
}

#[test]
fn what_is_not_read_is_skipped() {
    let form = whole();
    for len in 0..12 {
        for size in [1, 7, form.len()] {
            let source = form.chunks(size).fold(Script::new(), Script::give);
            let mut reader = reader(source);
            for (name, content) in PARTS {
                let mut part = reader.next_part().unwrap().unwrap();
                assert_eq!(part.name(), name);
                assert_eq!(take(&mut part, len), content[..len.min(content.len())]);
            }
            assert!(reader.next_part().unwrap().is_none());
            assert!(reader.next_part().unwrap().is_none());
        }
    }
}

#[test]
fn behind_the_end_of_a_part_there_is_nothing() {
    let form = whole();
    let mut reader = reader(&form[..]);
    let mut part = reader.next_part().unwrap().unwrap();
    assert_eq!(part.read_all().unwrap(), PARTS[0].1);
    for _ in 0..3 {
        assert_eq!(part.read(&mut [0; 8]).unwrap(), 0);
        assert!(part.fill_buf().unwrap().is_empty());
        assert_eq!(part.read_all().unwrap(), b"");
        assert_eq!(part.text().unwrap(), "");
    }
    // More is consumed than there is.
    let mut part = reader.next_part().unwrap().unwrap();
    part.consume(100);
    let mut part = reader.next_part().unwrap().unwrap();
    assert_eq!(part.read(&mut []).unwrap(), 0);
    assert_eq!(part.read_all().unwrap(), PARTS[2].1);
}

#[test]
fn a_part_is_read_by_lines_and_as_text() {
    let form = whole();
    let mut reader = reader(BufReader::with_capacity(3, &form[..]));
    let part = reader.next_part().unwrap().unwrap();
    assert_eq!(part.lines().collect::<io::Result<Vec<_>>>().unwrap(), ["one", "two"]);
    reader.next_part().unwrap().unwrap();
    let mut part = reader.next_part().unwrap().unwrap();
    let mut line = Vec::new();
    part.read_until(b'\r', &mut line).unwrap();
    assert_eq!((&*line, &*part.text().unwrap()), (&b"\r"[..], "\n--\r\r\n--c"));
    let mut part = reader.next_part().unwrap().unwrap();
    assert_eq!(part.text().unwrap(), "größe");
    assert!(reader.next_part().unwrap().is_none());
}

#[test]
fn text_is_utf_8_and_not_long() {
    let form = form("b", &[("a", b"gr\xc3\xb6\xdfe"), ("b", b"2")]);
    let at = form.iter().position(|&octet| octet == 0xdf).unwrap();
    let mut reader = reader(&form[..]);
    let error = form_error(reader.next_part().unwrap().unwrap().text().unwrap_err());
    assert_eq!((error.kind(), error.offset()), (FormErrorKind::Utf8, at as u64));
    // That one is of the text and not of the form.
    assert_eq!(reader.next_part().unwrap().unwrap().text().unwrap(), "2");

    let file = "--b\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n12345\r\n--b--";
    let limits = UNLIMITED.text(4);
    let mut reader = MultipartReader::new(file.as_bytes(), &boundary("b"), limits);
    let error = form_error(reader.next_part().unwrap().unwrap().text().unwrap_err());
    let at = file.find("12345").unwrap() + 4;
    assert_eq!((error.kind(), error.offset()), (FormErrorKind::TextTooLong(4), at as u64));
    let mut reader = MultipartReader::new(file.as_bytes(), &boundary("b"), limits);
    assert_eq!(reader.next_part().unwrap().unwrap().read_all().unwrap(), b"12345");
}

/// No more than a buffer of it is asked of the source.
#[test]
fn refuses_a_preamble_without_an_end() {
    let mut source = io::repeat(b'x').take(1 << 30);
    let mut reader = MultipartReader::new(&mut source, &boundary("b"), MultipartLimits::DEFAULT);
    let error = form_error(reader.next_part().unwrap_err());
    assert_eq!(error.kind(), FormErrorKind::PreambleTooLong(8 << 10));
    drop(reader);
    assert!(source.limit() >= (1 << 30) - (64 << 10));
}
