//! Reading the content of a response: as text, as bytes, as a stream.

use std::error::Error;
use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::string::String;
use std::vec;
use std::vec::Vec;

use super::{Lines, Response};
use crate::header::HeaderMap;
use crate::message::{Body, Charset};

/// How much is read at once into a reader's buffer: no less than a client's connection has, which is then read
/// into straight.
const BUFFER: usize = 16 << 10;

/// How much is copied at once.
const PIECE: usize = 64 << 10;

impl Response {
    /// Reads the content as text in the [charset](Self::charset) that Content-Type says, which is UTF-8 if
    /// it says none. A byte order mark is left out.
    ///
    /// # Errors
    ///
    /// As for [`Body::read_all`]; and, inside of an [`io::Error`], an
    /// [`UnknownCharset`](crate::message::UnknownCharset) and a [`TextError`](crate::message::TextError). As an
    /// [`Error`](crate::error) those are of the kind `Coding`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).with_body("hello").text()?, "hello");
    ///
    /// let response = Response::new(StatusCode::OK)
    ///     .with_header("Content-Type", "text/plain; charset=iso-8859-1")?
    ///     .with_body(&b"caf\xe9"[..]);
    /// assert_eq!(response.text()?, "café");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn text(mut self) -> io::Result<String> {
        // One that is not known is not worth the reading.
        let charset = self.charset()?;
        let is_of_response = self.body.is_of_response();
        let text = charset.decode_vec(self.body.read_all()?);
        text.map_err(|error| error.of_response(is_of_response).into())
    }

    /// Reads the content as text, as [`text`](Self::text) does, with U+FFFD in the place of what is none. A
    /// charset that is not known is read as UTF-8.
    ///
    /// # Errors
    ///
    /// As for [`Body::read_all`].
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_body(&b"caf\xe9"[..]);
    /// assert_eq!(response.text_lossy()?, "caf\u{fffd}");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn text_lossy(mut self) -> io::Result<String> {
        let charset = self.charset().unwrap_or(Charset::Utf8);
        let bytes = self.body.read_all()?;
        Ok(charset.decode_lossy(&bytes).into_owned())
    }

    /// Reads the content.
    ///
    /// # Errors
    ///
    /// As for [`Body::read_all`].
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).with_body("hello").bytes()?, b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn bytes(mut self) -> io::Result<Vec<u8>> {
        self.body.read_all()
    }

    /// Returns the content as an [`io::BufRead`], while it comes.
    ///
    /// ```
    /// use std::io::BufRead;
    ///
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut reader = Response::new(StatusCode::OK).with_body("a\0b").into_reader();
    /// let mut word = Vec::new();
    /// reader.read_until(0, &mut word)?;
    /// assert_eq!(word, b"a\0");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn into_reader(self) -> BufReader<Body> {
        BufReader::with_capacity(BUFFER, self.body)
    }

    /// Returns the lines of the content, each as soon as it is there.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_body("one\r\ntwo\n");
    /// let lines: Vec<String> = response.lines().collect::<Result<_, _>>()?;
    /// assert_eq!(lines, ["one", "two"]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn lines(self) -> Lines {
        let charset = self.charset();
        Lines::new(charset, self.into_reader())
    }

    /// Copies the rest of the content to a file, or to whatever else takes it, while it comes; returns how many bytes that
    /// were. The writer is not flushed.
    ///
    /// There is no limit but the body's [own](Body::set_limit).
    ///
    /// # Errors
    ///
    /// What reading the body reports; and what the writer reports, inside of a [`WriteError`]. In both cases
    /// a part may have been written.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut copy = Vec::new();
    /// let mut response = Response::new(StatusCode::OK).with_body("hello");
    /// assert_eq!(response.copy_to(&mut copy)?, 5);
    /// assert_eq!(copy, b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn copy_to(&mut self, writer: &mut (impl Write + ?Sized)) -> io::Result<u64> {
        let mut piece = vec![0; PIECE];
        let mut copied: u64 = 0;
        loop {
            let len = match self.body.read(&mut piece) {
                Ok(0) => return Ok(copied),
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            writer.write_all(piece.get(..len).unwrap_or_default()).map_err(WriteError::wrap)?;
            copied = copied.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        }
    }

    /// Returns the trailers: see [`Body::trailers`].
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).trailers().is_none());
    /// ```
    #[must_use]
    pub fn trailers(&self) -> Option<&HeaderMap> {
        self.body.trailers()
    }
}

/// Reads the content: see the [`Read`] of [`Body`].
impl Read for Response {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.body.read(buf)
    }
}

/// What a response was copied to has failed, not the response: see [`Response::copy_to`].
///
/// # Examples
///
/// ```
/// use nethttp::message::WriteError;
/// use nethttp::{Response, StatusCode};
///
/// let mut short = [0; 4];
/// let mut response = Response::new(StatusCode::OK).with_body("hello");
/// let error = response.copy_to(&mut &mut short[..]).unwrap_err();
/// assert!(error.get_ref().is_some_and(|inner| inner.is::<WriteError>()));
/// assert_eq!(error.kind(), std::io::ErrorKind::WriteZero);
/// ```
#[derive(Debug)]
pub struct WriteError {
    source: io::Error,
}

impl WriteError {
    fn wrap(source: io::Error) -> io::Error {
        io::Error::new(source.kind(), Self { source })
    }

    /// Returns what the writer has reported.
    ///
    /// ```
    /// use nethttp::message::WriteError;
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut response = Response::new(StatusCode::OK).with_body("hello");
    /// let error = response.copy_to(&mut &mut [0; 4][..]).unwrap_err();
    /// let error = error.downcast::<WriteError>()?.into_inner();
    /// assert_eq!(error.kind(), std::io::ErrorKind::WriteZero);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn into_inner(self) -> io::Error {
        self.source
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected the copy to be written: {}", self.source)
    }
}

impl Error for WriteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{BodyTooLarge, TextError, UnknownCharset};
    use crate::status::StatusCode;
    use std::string::ToString;

    fn response(content_type: &str, body: impl Into<Body>) -> Response {
        let response = Response::new(StatusCode::OK).with_body(body);
        match content_type {
            "" => response,
            _ => response.with_header("Content-Type", content_type).unwrap(),
        }
    }

    /// Yields a few bytes at a time, and fails behind them.
    struct Faulty(&'static [u8], io::ErrorKind);

    impl Read for Faulty {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(self.1.into());
            }
            let len = buf.len().min(3);
            self.0.read(&mut buf[..len])
        }
    }

    /// Is interrupted before each byte that it reads or writes.
    struct Fitful<T>(T, bool);

    impl<T> Fitful<T> {
        fn turn(&mut self) -> io::Result<()> {
            self.1 = !self.1;
            if self.1 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        }
    }

    impl<T: Read> Read for Fitful<T> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.turn()?;
            let len = buf.len().min(1);
            self.0.read(&mut buf[..len])
        }
    }

    impl<T: Write> Write for Fitful<T> {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.turn()?;
            self.0.write(&buf[..buf.len().min(1)])
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    #[track_caller]
    fn says(content_type: &str, body: &'static [u8], text: &str, lossy: &str) {
        let found = response(content_type, body).text();
        assert_eq!(found.unwrap_or_else(|error| error.to_string()), text, "{content_type}");
        assert_eq!(response(content_type, body).text_lossy().unwrap(), lossy, "{content_type}");
    }

    #[test]
    fn text_is_in_the_charset_of_the_content_type() {
        for utf_8 in ["", "text/plain", "text/html; charset=UTF-8", "a/b;charset=\"utf8\"", "???"] {
            says(utf_8, "caf\u{e9}".as_bytes(), "café", "café");
            says(utf_8, b"\xef\xbb\xbfhi", "hi", "hi");
            says(utf_8, b"caf\xe9", "expected text in UTF-8 at byte 3", "caf\u{fffd}");
        }
        says("text/plain; charset=latin1", b"caf\xe9 \x80", "café €", "café €");
        says("text/plain; charset=windows-1252", b"caf\xe9 \x80", "café €", "café €");
        says("text/plain; charset=utf-16", b"h\0i\0", "hi", "hi");
        let not_ascii = "expected text in US-ASCII at byte 1";
        says("text/plain; charset=us-ascii", b"h\xe9", not_ascii, "h\u{fffd}");
        let unknown = "expected a charset that can be decoded, found \"koi8-r\"";
        says("text/plain; charset=koi8-r", b"h\xe9\xc3\xa9", unknown, "h\u{fffd}é");
    }

    #[test]
    fn text_that_cannot_be_had_is_an_error_of_its_own() {
        let error = response("a/b; charset=x", "").text().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        assert!(error.get_ref().unwrap().is::<UnknownCharset>());
        let error = response("", &b"\xff"[..]).text().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.get_ref().unwrap().is::<TextError>());
    }

    #[test]
    fn lossy_text_still_has_limits_and_can_fail() {
        let mut long = response("", "four");
        long.body_mut().set_limit(Some(3));
        let error = long.text_lossy().unwrap_err();
        assert!(error.get_ref().unwrap().is::<BodyTooLarge>());
        let reader = Faulty(b"four", io::ErrorKind::ConnectionReset);
        let error = response("", Body::reader(reader, None)).text_lossy().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn a_response_is_read_like_its_body() {
        let mut text = String::new();
        response("", "hello").read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello");
        let mut reader = response("", "hello").into_reader();
        assert_eq!(reader.capacity(), BUFFER);
        text.clear();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello");
    }

    #[test]
    fn everything_is_copied() {
        for len in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let content: Vec<u8> = (0..=250).cycle().take(len).collect();
            let mut copy = Vec::new();
            let mut copied = response("", content.clone());
            assert_eq!(copied.copy_to(&mut copy).unwrap(), u64::try_from(len).unwrap());
            assert!(copy == content, "{len}");
            assert_eq!(copied.copy_to(&mut copy).unwrap(), 0, "there is no more");
        }
        let mut fitful = response("", Body::reader(Fitful(&b"hello"[..], false), None));
        let mut copy = Fitful(Vec::new(), false);
        assert_eq!(fitful.copy_to(&mut copy).unwrap(), 5);
        assert_eq!(copy.0, b"hello");
    }

    #[test]
    fn a_copy_tells_the_reader_from_the_writer() {
        let faulty = || Body::reader(Faulty(b"hello", io::ErrorKind::TimedOut), None);
        let mut copy = Vec::new();
        let error = response("", faulty()).copy_to(&mut copy).unwrap_err();
        assert_eq!((error.kind(), &copy[..]), (io::ErrorKind::TimedOut, &b"hello"[..]));
        assert!(error.get_ref().is_none());
        for most in 0..5 {
            let mut room = [0; 5];
            let error = response("", faulty()).copy_to(&mut &mut room[..most]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::WriteZero);
            let text = "expected the copy to be written: failed to write whole buffer";
            assert_eq!(error.to_string(), text);
            let inner = error.downcast::<WriteError>().unwrap();
            assert_eq!(inner.source().unwrap().to_string(), "failed to write whole buffer");
            assert_eq!(room[..most], b"hello"[..most]);
        }
    }
}
