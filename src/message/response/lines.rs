//! The lines of a response, one after the other.

use std::io::{self, BufRead, BufReader};
use std::string::String;
use std::vec::Vec;

use crate::message::{Body, Charset, TextError, TextErrorKind, UnknownCharset};

/// The lines of a response: see [`Response::lines`](super::Response::lines).
///
/// A line ends with LF or CR LF, which is not a part of it, or with the content; a CR alone ends none. It is
/// text in the charset of the response, and no longer than [permitted](Self::with_limit), so that a response
/// without end can be read for ever. After an error there are no more lines.
///
/// # Errors
///
/// What reading the body reports; inside of an [`io::Error`], a [`TextError`], which says the line; and an
/// [`UnknownCharset`], which UTF-16 is too here.
///
/// # Examples
///
/// ```no_run
/// for line in nethttp::get("http://example.org/log").send()?.lines() {
///     println!("{}", line?);
/// }
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
pub struct Lines {
    reader: BufReader<Body>,
    charset: Result<Charset, UnknownCharset>,
    limit: u64,
    /// The lines that were read.
    count: u64,
    /// Their bytes, with what ends them.
    offset: u64,
    is_over: bool,
}

impl Lines {
    pub(super) fn new(charset: Result<Charset, UnknownCharset>, reader: BufReader<Body>) -> Self {
        let charset = charset.and_then(|charset| match charset.has_lines() {
            true => Ok(charset),
            false => Err(UnknownCharset::new(charset.name())),
        });
        let limit = Body::COLLECT_LIMIT;
        Self { reader, charset, limit, count: 0, offset: 0, is_over: false }
    }

    /// Sets the most bytes that a line may have before its LF. It is
    /// [`COLLECT_LIMIT`](Body::COLLECT_LIMIT) otherwise.
    ///
    /// ```
    /// use nethttp::message::{TextError, TextErrorKind};
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_body("short\nmuch too long\n");
    /// let mut lines = response.lines().with_limit(8);
    /// assert_eq!(lines.next().transpose()?.as_deref(), Some("short"));
    /// let error = lines.next().ok_or("an error")?.unwrap_err().downcast::<TextError>()?;
    /// assert_eq!((error.kind(), error.line()), (TextErrorKind::LineTooLong(8), Some(2)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_limit(mut self, most: u64) -> Self {
        self.limit = most;
        self
    }

    /// Reads the next line, or none at the end.
    fn read(&mut self) -> io::Result<Option<String>> {
        let charset = self.charset.clone()?;
        let Some((line, len)) = self.collect()? else {
            return Ok(None);
        };
        // A byte order mark stands only in front of the first one.
        let text = match charset {
            Charset::Utf8 if self.count > 0 => String::from_utf8(line).map_err(|error| {
                TextError::new(TextErrorKind::Utf8, error.utf8_error().valid_up_to())
            }),
            _ => charset.decode_vec(line),
        };
        let text = text.map_err(|error| self.locate(error))?;
        self.count = self.count.saturating_add(1);
        self.offset = self.offset.saturating_add(len);
        Ok(Some(text))
    }

    /// Collects the bytes of a line without what ends it, and says how many they are with it.
    fn collect(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        let mut line = Vec::new();
        loop {
            let ahead = match self.reader.fill_buf() {
                Ok([]) if line.is_empty() => return Ok(None),
                Ok([]) => break,
                Ok(ahead) => ahead,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = ahead.iter().position(|&octet| octet == b'\n');
            let piece = end.and_then(|end| ahead.get(..end)).unwrap_or(ahead);
            if length(line.len()).saturating_add(length(piece.len())) > self.limit {
                let error = TextError::new(TextErrorKind::LineTooLong(self.limit), 0);
                return Err(self.locate(error).into());
            }
            line.extend_from_slice(piece);
            let len = piece.len();
            self.reader.consume(len + usize::from(end.is_some()));
            if end.is_some() {
                let len = length(line.len()).saturating_add(1);
                line.pop_if(|last| *last == b'\r');
                return Ok(Some((line, len)));
            }
        }
        let len = length(line.len());
        Ok(Some((line, len)))
    }

    fn locate(&self, error: TextError) -> TextError {
        let is_of_response = self.reader.get_ref().is_of_response();
        error.on_line(self.count.saturating_add(1), self.offset).of_response(is_of_response)
    }
}

fn length(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

impl Iterator for Lines {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<io::Result<String>> {
        if self.is_over {
            return None;
        }
        let line = self.read().transpose();
        self.is_over = !matches!(line, Some(Ok(_)));
        line
    }
}

impl std::iter::FusedIterator for Lines {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{BodyTooLarge, Response};
    use crate::status::StatusCode;
    use std::io::Read;
    use std::string::ToString;

    /// Yields so many bytes at a time.
    struct Cut(&'static [u8], usize);

    impl Read for Cut {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let len = buf.len().min(self.1);
            self.0.read(&mut buf[..len])
        }
    }

    fn lines(charset: &str, body: impl Into<Body>) -> Lines {
        let content_type = ["text/plain; charset=", charset].concat();
        let response = Response::new(StatusCode::OK).with_body(body);
        response.with_header("Content-Type", content_type).unwrap().lines()
    }

    /// What comes, with the error at its end.
    #[track_caller]
    fn reads(charset: &str, body: &'static [u8], expected: &[&str]) {
        for piece in 1..=body.len().max(1) {
            let cut = Body::reader(Cut(body, piece), None);
            let mut found = lines(charset, cut).with_limit(9);
            let texts: Vec<String> =
                found.by_ref().map(|line| line.unwrap_or_else(|error| error.to_string())).collect();
            assert_eq!(texts, expected, "{piece} at a time");
            assert!(found.next().is_none(), "nothing comes behind the end");
        }
    }

    #[test]
    fn lines_end_with_lf_or_cr_lf_or_the_content() {
        reads("utf-8", b"", &[]);
        reads("utf-8", b"\n", &[""]);
        reads("utf-8", b"\r\n", &[""]);
        reads("utf-8", b"a", &["a"]);
        reads("utf-8", b"a\n", &["a"]);
        reads("utf-8", b"a\r\nb\n\nc\r\n\r\nd", &["a", "b", "", "c", "", "d"]);
        reads("utf-8", b"a\rb\r", &["a\rb\r"]);
        reads("utf-8", b"a\r\r\n", &["a\r"]);
    }

    #[test]
    fn lines_are_text_in_the_charset_of_the_response() {
        reads("utf-8", b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", &["a", "\u{feff}b"]);
        reads("latin1", b"caf\xe9\r\n\x80", &["café", "€"]);
        reads("us-ascii", b"a\nb", &["a", "b"]);
        for charset in ["utf-16le", "utf-16be", "big5"] {
            let found = ["expected a charset that can be decoded, found \"", charset, "\""];
            reads(charset, b"a\0\n\0", &[&found.concat()]);
        }
    }

    #[test]
    fn what_is_no_text_is_found_where_it_stands() {
        let wrong = "expected text in UTF-8 on line 3 at byte 7";
        reads("utf-8", b"a\r\nb\nab\xff\nc", &["a", "b", wrong]);
        let wrong = "expected text in US-ASCII on line 1 at byte 0";
        reads("us-ascii", b"\xe9\nb", &[wrong]);
    }

    #[test]
    fn a_line_has_a_limit_and_the_content_none() {
        reads(
            "utf-8",
            b"123456789\n12345678\r\n123456789",
            &["123456789", "12345678", "123456789"],
        );
        let long = "expected a line of at most 9 bytes on line 2 at byte 2";
        reads("utf-8", b"a\n1234567890\nb", &["a", long]);
        reads("utf-8", b"a\n1234567890", &["a", long]);
        reads("utf-8", b"a\n123456789\r\n", &["a", long]);
        let endless = Body::reader(io::repeat(b'a'), None);
        let error = lines("utf-8", endless).with_limit(1 << 20).next().unwrap().unwrap_err();
        let text = "expected a line of at most 1048576 bytes on line 1 at byte 0";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn the_limit_of_the_body_counts_too() {
        let mut body = Body::reader(io::repeat(b'\n'), None);
        body.set_limit(Some(3));
        let mut all = lines("utf-8", body);
        let error = all.find_map(Result::err).unwrap();
        assert!(error.get_ref().unwrap().is::<BodyTooLarge>());
        assert!(all.next().is_none());
    }
}
