//! Decoding what a reader yields.

use core::fmt;
use std::io::{self, BufRead, Read};
use std::vec::Vec;

use super::{CodingError, Decoder, Format, Limits};

/// How much is asked of a reader at once.
const BUFFER: usize = 32 << 10;

/// A decoder over a reader, of any format.
pub(super) struct DecodeReader<R> {
    pub(super) reader: R,
    decoder: Decoder,
    buf: Vec<u8>,
    /// Where in the buffer the input begins and ends that was not used yet.
    at: usize,
    end: usize,
    /// Whether no input at all is no data, rather than an error.
    permits_nothing: bool,
}

impl<R> DecodeReader<R> {
    pub(super) fn new(format: Format, reader: R) -> Self {
        let decoder = Decoder::new(format);
        Self { reader, decoder, buf: Vec::new(), at: 0, end: 0, permits_nothing: false }
    }

    pub(super) fn with_limits(mut self, limits: Limits) -> Self {
        self.decoder = self.decoder.with_limits(limits);
        self
    }

    pub(super) const fn permitting_nothing(mut self) -> Self {
        self.permits_nothing = true;
        self
    }
}

impl<R: fmt::Debug> fmt::Debug for DecodeReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeReader")
            .field("reader", &self.reader)
            .field("decoder", &self.decoder)
            .finish_non_exhaustive()
    }
}

impl<R: Read> DecodeReader<R> {
    /// Reads more input; returns whether there was any.
    fn refill(&mut self) -> io::Result<bool> {
        if self.buf.is_empty() {
            self.buf.resize(BUFFER, 0);
        }
        self.at = 0;
        self.end = 0;
        self.end = self.reader.read(&mut self.buf)?.min(self.buf.len());
        Ok(self.end > 0)
    }

    /// Says that there is no more input.
    fn finish(&mut self) -> Result<(), CodingError> {
        if self.permits_nothing && self.decoder.is_untouched() {
            return Ok(());
        }
        self.decoder.finish()
    }
}

impl<R: Read> BufRead for DecodeReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.decoder.data().is_empty() {
            let input = self.buf.get(self.at..self.end).unwrap_or_default();
            let used = self.decoder.advance(input)?;
            self.at += used;
            if used == 0 && self.decoder.data().is_empty() && !self.refill()? {
                self.finish()?;
                break;
            }
        }
        Ok(self.decoder.data())
    }

    fn consume(&mut self, len: usize) {
        self.decoder.take(len);
    }
}

impl<R: Read> Read for DecodeReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let len = self.fill_buf()?.read(buf)?;
        self.consume(len);
        Ok(len)
    }
}

macro_rules! decoders {
    ($($(#[doc = $doc:literal])* $name:ident $format:ident;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// It reads to the end of its reader, and what stands behind the data is an error. Whoever has an
        /// error at hand, an [`io::Error`], finds the [`CodingError`] in it. An error of the reader that
        /// passes, such as [`Interrupted`](io::ErrorKind::Interrupted), does no harm.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::io::Read;
        ///
        #[doc = concat!("use nethttp::coding::{Format, ", stringify!($name), ", Level, encode};")]
        ///
        #[doc = concat!("let encoded = encode(Format::", stringify!($format), ", b\"hello\", Level::DEFAULT);")]
        /// let mut text = String::new();
        #[doc = concat!(stringify!($name), "::new(&encoded[..]).read_to_string(&mut text)?;")]
        /// assert_eq!(text, "hello");
        /// # Ok::<(), std::io::Error>(())
        /// ```
        #[derive(Debug)]
        pub struct $name<R>(DecodeReader<R>);

        impl<R: Read> $name<R> {
            /// Creates a decoder with [`Limits::DEFAULT`].
            ///
            /// ```no_run
            #[doc = concat!("use nethttp::coding::", stringify!($name), ";")]
            ///
            #[doc = concat!("let data = ", stringify!($name), "::new(std::fs::File::open(\"data\")?);")]
            /// # Ok::<(), std::io::Error>(())
            /// ```
            #[must_use]
            pub fn new(reader: R) -> Self {
                Self(DecodeReader::new(Format::$format, reader))
            }

            /// Sets the limits.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Limits};")]
            ///
            #[doc = concat!("let trusted = ", stringify!($name), "::new(std::io::empty()).with_limits(Limits::unlimited());")]
            /// ```
            #[must_use]
            pub fn with_limits(self, limits: Limits) -> Self {
                Self(self.0.with_limits(limits))
            }

            /// Returns the reader.
            ///
            /// ```
            #[doc = concat!("let decoder = nethttp::coding::", stringify!($name), "::new(&b\"abc\"[..]);")]
            /// assert_eq!(decoder.get_ref(), b"abc");
            /// ```
            #[must_use]
            pub const fn get_ref(&self) -> &R {
                &self.0.reader
            }

            /// Returns the reader, to set a timeout, say: what is read from it here is missing from the data.
            ///
            /// ```
            #[doc = concat!("let mut decoder = nethttp::coding::", stringify!($name), "::new(std::io::empty());")]
            /// *decoder.get_mut() = std::io::empty();
            /// ```
            #[must_use]
            pub const fn get_mut(&mut self) -> &mut R {
                &mut self.0.reader
            }

            /// Returns the reader, from which more may have been read than was decoded.
            ///
            /// ```
            #[doc = concat!("let decoder = nethttp::coding::", stringify!($name), "::new(&b\"\"[..]);")]
            /// assert!(decoder.into_inner().is_empty());
            /// ```
            #[must_use]
            pub fn into_inner(self) -> R {
                self.0.reader
            }
        }

        impl<R: Read> Read for $name<R> {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.0.read(buf)
            }
        }

        impl<R: Read> BufRead for $name<R> {
            fn fill_buf(&mut self) -> io::Result<&[u8]> {
                self.0.fill_buf()
            }

            fn consume(&mut self, len: usize) {
                self.0.consume(len);
            }
        }
    )*};
}

decoders! {
    /// Decodes gzip from a reader, [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952): all members, one after
    /// the other.
    GzDecoder Gzip;
    /// Decodes zlib from a reader, [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950).
    ZlibDecoder Zlib;
    /// Decodes raw deflate from a reader, [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951). What HTTP calls
    /// `deflate` is zlib: that is [`ZlibDecoder`], or [`Decoders`](super::Decoders) for either.
    DeflateDecoder Raw;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[derive(Debug)]
    struct Once(Option<&'static [u8]>);

    impl Read for Once {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0.take().unwrap_or_default().read(buf)
        }
    }

    #[test]
    fn debug_shows_the_reader_and_no_data() {
        let mut decoder = DeflateDecoder::new(Once(Some(b"\x00\x06\x00\xf9\xffsecret")));
        assert_eq!(decoder.fill_buf().unwrap(), b"secret");
        let text = format!("{decoder:?}");
        assert!(text.contains("Once(None)") && text.len() < 400, "{text}");
    }

    #[test]
    fn no_room_is_no_data_and_no_error() {
        let mut decoder = GzDecoder::new(&b"broken"[..]);
        assert_eq!(decoder.read(&mut []).unwrap(), 0);
        assert!(decoder.read(&mut [0]).is_err());
    }
}
