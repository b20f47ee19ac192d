//! A form that is read while it is sent.

use alloc::vec::{self, Vec};
use std::boxed::Box;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};

use super::Piece;
use crate::form::FormError;

/// Content that is not in memory.
pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    /// The bytes that are to come, if that is known.
    left: Option<u64>,
    /// Whether it may be asked for more than was announced, without waiting for it.
    is_file: bool,
}

impl Source {
    pub(super) fn reader(reader: impl Read + Send + 'static, len: Option<u64>) -> Self {
        Self { reader: Box::new(reader), left: len, is_file: false }
    }

    pub(super) fn file(file: File, len: u64) -> Self {
        Self { reader: Box::new(file), left: Some(len), is_file: true }
    }

    pub(super) const fn len(&self) -> Option<u64> {
        self.left
    }

    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.left else {
            return Ok(self.reader.read(buf)?.min(buf.len()));
        };
        if left == 0 {
            return self.read_end();
        }
        let most = usize::try_from(left).map_or(buf.len(), |left| left.min(buf.len()));
        let count = self.reader.read(buf.get_mut(..most).unwrap_or_default())?;
        // A reader that says more has not given more.
        let count = count.min(most);
        if count == 0 {
            let text = if self.is_file {
                "expected more of the file, found its end"
            } else {
                "expected more of the part, as its length was announced"
            };
            return Err(io::Error::new(ErrorKind::UnexpectedEof, text));
        }
        self.left = Some(left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX)));
        Ok(count)
    }

    /// Looks whether the file has grown. What is behind the end of any other reader is not touched: it
    /// may wait there for ever.
    fn read_end(&mut self) -> io::Result<usize> {
        if self.is_file && self.reader.read(&mut [0])? > 0 {
            // That byte is lost, so that whoever reads on meets the error again.
            *self = Self { reader: Box::new(io::empty()), left: Some(1), is_file: true };
            let text = "expected the end of the file, found more";
            return Err(io::Error::new(ErrorKind::InvalidData, text));
        }
        Ok(0)
    }
}

/// The bytes of a form, piece by piece.
pub(super) struct Stream {
    error: Option<FormError>,
    pieces: vec::IntoIter<Piece>,
    current: Current,
}

enum Current {
    Bytes(Cursor<Vec<u8>>),
    Source(Source),
}

impl Stream {
    pub(super) fn new(error: Option<FormError>, pieces: Vec<Piece>) -> Self {
        let current = Current::Bytes(Cursor::default());
        Self { error, pieces: pieces.into_iter(), current }
    }
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.error {
            return Err(io::Error::new(ErrorKind::InvalidInput, error));
        }
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            let count = match &mut self.current {
                Current::Bytes(bytes) => bytes.read(buf)?,
                Current::Source(source) => source.read(buf)?,
            };
            if count > 0 {
                return Ok(count);
            }
            self.current = match self.pieces.next() {
                Some(Piece::Bytes(bytes)) => Current::Bytes(Cursor::new(bytes)),
                Some(Piece::Source(source)) => Current::Source(source),
                None => return Ok(0),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Boundary;
    use crate::form::writer::LARGE;
    use crate::form::{FormErrorKind, FormPart, MultipartForm, MultipartLimits, MultipartReader};
    use proptest::prelude::*;
    use std::format;
    use std::string::{String, ToString};

    fn stream(sources: impl IntoIterator<Item = Source>) -> Stream {
        let pieces = sources.into_iter().map(Piece::Source).collect();
        Stream::new(None, pieces)
    }

    /// Reads with a buffer of that size, past interruptions, and returns what was read and the error.
    fn read(stream: &mut Stream, size: usize) -> (String, Option<io::Error>) {
        let (mut text, mut buf) = (String::new(), vec![0; size]);
        loop {
            match stream.read(&mut buf) {
                Ok(0) => return (text, None),
                Ok(count) => text += str::from_utf8(&buf[..count]).unwrap(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return (text, Some(error)),
            }
        }
    }

    #[test]
    fn no_more_is_read_than_was_announced() {
        for size in 1..9 {
            let sources = [Some(3), Some(0), Some(2)];
            let mut all = stream(sources.map(|len| Source::reader(io::repeat(b'x'), len)));
            assert!(matches!(read(&mut all, size), (text, None) if text == "xxxxx"));
        }
    }

    #[test]
    fn a_reader_that_says_more_than_it_gives_gives_no_more() {
        struct Boast(u8);
        impl Read for Boast {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                buf.fill(b'x');
                Ok(if self.0 > 2 { 0 } else { buf.len() + 1 })
            }
        }
        let count = |len, buf: &mut [u8]| stream([Source::reader(Boast(0), len)]).read(buf);
        assert_eq!(count(Some(3), &mut [0; 8]).unwrap(), 3);
        assert_eq!(count(Some(9), &mut [0; 8]).unwrap(), 8);
        assert_eq!(count(None, &mut [0; 8]).unwrap(), 8);
        let boundary = Boundary::parse(b"b").unwrap();
        let mut reader = MultipartReader::new(Boast(0), &boundary, MultipartLimits::DEFAULT);
        let error = reader.next_part().unwrap_err().downcast::<FormError>().unwrap();
        assert_eq!(error.kind(), FormErrorKind::PreambleTooLong(8 << 10));
    }

    #[test]
    fn a_reader_that_ends_early_is_an_error_that_stays() {
        let mut short = stream([Source::reader(&b"ab"[..], Some(3))]);
        for expected in ["ab", ""] {
            let (text, error) = read(&mut short, 8);
            assert_eq!(text, expected);
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
            let pinned = "expected more of the part, as its length was announced";
            assert_eq!(error.to_string(), pinned);
        }
    }

    #[test]
    fn an_error_of_a_source_is_passed_on_and_reading_goes_on() {
        struct Sometimes(u8);
        impl Read for Sometimes {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 | 3 => Err(ErrorKind::Interrupted.into()),
                    2 | 4 => (&b"ab"[..]).read(buf),
                    _ => Ok(0),
                }
            }
        }
        for len in [None, Some(4)] {
            let mut all = stream([Source::reader(Sometimes(0), len)]);
            assert!(matches!(read(&mut all, 8), (text, None) if text == "abab"));
        }
    }

    #[test]
    fn a_file_that_changes_its_length_is_an_error_that_stays() {
        let path = std::env::temp_dir().join(format!("nethttp-form-{}", std::process::id()));
        for (content, text, kind, pinned) in [
            ("abc", "abc", None, ""),
            (
                "ab",
                "ab",
                Some(ErrorKind::UnexpectedEof),
                "expected more of the file, found its end",
            ),
            (
                "abcd",
                "abc",
                Some(ErrorKind::InvalidData),
                "expected the end of the file, found more",
            ),
        ] {
            std::fs::write(&path, content).unwrap();
            for size in 1..6 {
                let file = Source::file(File::open(&path).unwrap(), 3);
                let mut file = stream([file]);
                let (read_text, error) = read(&mut file, size);
                assert_eq!(read_text, text);
                assert_eq!(error.as_ref().map(io::Error::kind), kind);
                assert_eq!(error.map(|error| error.to_string()).unwrap_or_default(), pinned);
                let (rest, again) = read(&mut file, size);
                assert_eq!((rest.as_str(), again.is_some()), ("", kind.is_some()));
            }
        }
        std::fs::remove_file(path).unwrap();
    }

    fn form() -> MultipartForm {
        MultipartForm::with_boundary(&Boundary::parse(b"a-b").unwrap())
    }

    #[test]
    fn large_content_and_readers_stand_where_they_belong() {
        let large = "x".repeat(LARGE);
        let head = "--a-b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n";
        let expected =
            format!("{head}1\r\n{head}{large}\r\n{head}{large}\r\n{head}2\r\n--a-b--\r\n");
        let both = || form().text("n", "1").text("n", large.clone());
        let all = both().text("n", large.clone()).text("n", "2");
        assert!(all.encode().unwrap() == expected.as_bytes());
        assert!(io::read_to_string(all.into_reader()).unwrap() == expected);
        let reader = || Cursor::new(large.clone());
        for len in [None, u64::try_from(LARGE).ok()] {
            let form = both().part(FormPart::reader("n", reader(), len)).text("n", "2");
            let offset = u64::try_from(head.len() * 3 + LARGE + 5).unwrap();
            let error = FormError::new(FormErrorKind::NotInMemory, offset);
            assert_eq!(form.encode(), Err(error));
            assert_eq!(form.len(), len.and(u64::try_from(expected.len()).ok()));
            let text = io::read_to_string(form.into_reader()).unwrap();
            assert!(text == expected);
        }
    }

    #[test]
    fn a_file_is_sent_under_its_name() {
        let name = format!("nethttp-writer-{}.txt", std::process::id());
        let path = std::env::temp_dir().join(&name);
        std::fs::write(&path, "hello").unwrap();
        let form = form().file("f", &path).unwrap();
        let expected = format!(
            "--a-b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\
             Content-Type: text/plain\r\n\r\nhello\r\n--a-b--\r\n"
        );
        assert_eq!(form.len(), u64::try_from(expected.len()).ok());
        assert_eq!(io::read_to_string(form.into_reader()).unwrap(), expected);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(FormPart::file("f", &path).unwrap_err().kind(), ErrorKind::NotFound);
        let folder = FormPart::file("f", std::env::temp_dir()).unwrap_err();
        assert!(folder.to_string().ends_with(": expected a file, found a directory"), "{folder}");
    }

    #[test]
    fn what_cannot_be_sent_is_an_error_when_it_is_read() {
        let form = form().text("a\0", "").text("b", "");
        let error = form.check().unwrap_err();
        let mut reader = form.into_reader();
        for _ in 0..2 {
            let read = reader.read(&mut [0]).unwrap_err();
            assert_eq!(read.kind(), ErrorKind::InvalidInput);
            assert_eq!(read.downcast::<FormError>().unwrap(), error);
        }
    }

    #[test]
    fn boundaries_differ() {
        let (one, other) = (MultipartForm::new(), MultipartForm::default());
        assert_ne!(one.content_type(), other.content_type());
    }

    /// Names of what may go wrong: the pieces of escapes, and what ends a name.
    fn name() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\\"),
            Just("\""),
            Just("\r"),
            Just("\n"),
            Just(";"),
            Just("="),
            Just("%2"),
            Just("/"),
            Just(" "),
            Just("\t"),
            Just("name"),
            Just("x"),
            Just("é"),
            Just("😀")
        ];
        proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn content() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![Just("\r\n"), Just("--"), Just("a-"), Just("\0"), Just("x")];
        let vec = proptest::collection::vec(piece, 0..8);
        vec.prop_map(|pieces| pieces.concat().into_bytes())
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(
            parts in proptest::collection::vec((name(), proptest::option::of(name()), content()), 0..4)
        ) {
            let mut form = form();
            for (name, file_name, content) in &parts {
                let part = FormPart::bytes(name.clone(), content.clone());
                form = form.part(match file_name {
                    Some(file_name) => part.file_name(file_name.clone()),
                    None => part,
                });
            }
            let bytes = form.encode().unwrap();
            let boundary = Boundary::parse(b"a-b").unwrap();
            let mut reader = MultipartReader::new(&bytes[..], &boundary, MultipartLimits::DEFAULT);
            for (name, file_name, content) in &parts {
                let mut part = reader.next_part().unwrap().unwrap();
                prop_assert_eq!(part.name(), name);
                prop_assert_eq!(part.head().raw_file_name(), file_name.as_deref());
                prop_assert_eq!(part.head().media_type().is_some(), file_name.is_some());
                let mut read = Vec::new();
                part.read_to_end(&mut read).unwrap();
                prop_assert_eq!(&read, content);
            }
            prop_assert!(reader.next_part().unwrap().is_none());
        }
    }
}
