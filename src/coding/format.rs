//! What stands around deflated data.

/// A format of deflated data.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Format, Level, Limits, decode, encode};
///
/// for format in [Format::Raw, Format::Zlib, Format::Gzip, Format::Deflate] {
///     let encoded = encode(format, b"hello", Level::DEFAULT);
///     assert_eq!(decode(format, &encoded, &Limits::DEFAULT)?, b"hello");
/// }
/// # Ok::<(), nethttp::coding::CodingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Nothing, [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951).
    Raw,
    /// Two bytes and an Adler-32, [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950).
    Zlib,
    /// A header, a CRC-32 and a length, once or several times,
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
    /// What HTTP calls `deflate`: the format of zlib. Since some senders leave its header out, what does not
    /// begin as zlib does is read as [`Raw`](Self::Raw),
    /// [RFC 9110 §8.4.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2).
    Deflate,
}

impl Format {
    /// Returns the format of a content coding, whose name is case-insensitive,
    /// [RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1).
    ///
    /// ```
    /// use nethttp::coding::Format;
    ///
    /// assert_eq!(Format::of_coding("GZIP"), Some(Format::Gzip));
    /// assert_eq!(Format::of_coding("x-gzip"), Some(Format::Gzip));
    /// assert_eq!(Format::of_coding("deflate"), Some(Format::Deflate));
    /// assert_eq!(Format::of_coding("br"), None);
    /// ```
    #[must_use]
    pub fn of_coding(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            Some(Self::Gzip)
        } else if name.eq_ignore_ascii_case("deflate") {
            Some(Self::Deflate)
        } else {
            None
        }
    }
}
