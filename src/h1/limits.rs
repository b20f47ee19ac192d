//! What the wire may ask for: sizes, counts, and the named deviations from strictness.

use crate::setters::setters;

/// How much a peer may send before it is refused.
///
/// | limit | default | exceeding it |
/// |---|---|---|
/// | [`head`](Self::head): bytes of a head, empty lines before it included | 64 KiB | 431 |
/// | [`fields`](Self::fields): field lines in a head | 100 | 431 |
/// | [`target`](Self::target): bytes of a request target | 16 KiB | 414 |
/// | method ([`Method::MAX_LEN`](crate::method::Method::MAX_LEN)), fixed | 32 bytes | 501 |
/// | [`empty_lines`](Self::empty_lines): empty lines before a start-line | 8 | 400 |
/// | [`chunk_line`](Self::chunk_line): bytes of a chunk's size and extensions | 4 KiB | 400 |
/// | [`chunk_overhead`](Self::chunk_overhead): framing bytes of one body beyond what honest chunking needs | 16 KiB | 400 |
/// | [`trailers`](Self::trailers): bytes of a trailer section | 16 KiB | 400 |
/// | [`trailer_fields`](Self::trailer_fields): field lines in a trailer section | 64 | 400 |
/// | [`interim`](Self::interim): interim (1xx) responses before the final one | 16 | error |
///
/// Offsets into a head are 32 bits wide, so no head is ever longer than 4 GiB.
///
/// # Examples
///
/// ```
/// use nethttp::h1::Limits;
///
/// const SMALL: Limits = Limits::DEFAULT.head(8 << 10).fields(32);
/// assert_eq!(SMALL.head, 8192);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a head, from its first byte (empty lines included) through the empty line at its end.
    pub head: usize,
    /// Field lines in a head.
    pub fields: usize,
    /// Bytes of a request target.
    pub target: usize,
    /// Empty lines that are skipped before a start-line.
    pub empty_lines: usize,
    /// Bytes of a chunk's first line, without its line end.
    pub chunk_line: usize,
    /// Bytes of chunk framing in one body beyond 16 bytes and twice the size of each chunk.
    pub chunk_overhead: u64,
    /// Bytes of a trailer section, without the empty line behind it.
    pub trailers: usize,
    /// Field lines in a trailer section.
    pub trailer_fields: usize,
    /// Interim (1xx) responses before a final one.
    pub interim: u32,
}

impl Limits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        head: 64 << 10,
        fields: 100,
        target: 16 << 10,
        empty_lines: 8,
        chunk_line: 4 << 10,
        chunk_overhead: 16 << 10,
        trailers: 16 << 10,
        trailer_fields: 64,
        interim: 16,
    };

    setters! { "nethttp::h1::Limits":
        /// Sets the bytes of a head.
        head: usize = "32768";
        /// Sets the number of field lines in a head.
        fields: usize = "64";
        /// Sets the bytes of a request target.
        target: usize = "2048";
        /// Sets the number of empty lines before a start-line.
        empty_lines: usize = "1";
        /// Sets the bytes of a chunk's first line.
        chunk_line: usize = "256";
        /// Sets the bytes of chunk framing beyond what honest chunking needs.
        chunk_overhead: u64 = "4096";
        /// Sets the bytes of a trailer section.
        trailers: usize = "4096";
        /// Sets the number of field lines in a trailer section.
        trailer_fields: usize = "8";
        /// Sets the number of interim responses before a final one.
        interim: u32 = "4";
    }
}

impl Limits {
    /// How long a head may be, given that offsets into it are 32 bits wide.
    pub(super) fn longest_head(&self) -> usize {
        self.head.min(usize::try_from(u32::MAX).unwrap_or(usize::MAX))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The deviations from strictness that can be switched on, one field each.
///
/// [`STRICT`](Self::STRICT) is for requests: where two readers of a message may disagree, an attacker
/// lives between them. [`CLIENT`](Self::CLIENT) is for responses, where old and odd servers have to be
/// read. Nothing is lenient that has no name here.
///
/// | leniency | who needs it | `STRICT` | `CLIENT` |
/// |---|---|---|---|
/// | [`bare_lf`](Self::bare_lf) | embedded devices that end lines with LF alone | - | on |
/// | [`obs_fold`](Self::obs_fold) | old servers; a user agent MUST read it ([RFC 9112 §5.2]) | - | on |
/// | [`request_spaces`](Self::request_spaces) | hand-written requests ([RFC 9112 §3] allows it) | - | - |
/// | [`ctl_in_value`](Self::ctl_in_value) | servers that put control bytes into cookies | - | - |
/// | [`raw_target_bytes`](Self::raw_target_bytes) | old browsers that send UTF-8 targets unescaped | - | - |
/// | [`chunk_trailing_ws`](Self::chunk_trailing_ws) | servers that pad chunk sizes with spaces | - | on |
/// | [`duplicate_equal_length`](Self::duplicate_equal_length) | servers that send `Content-Length` twice | - | on |
/// | [`skip_invalid_fields`](Self::skip_invalid_fields) | reading on like a browser when one field is broken | - | - |
///
/// A bare LF is never accepted in chunk framing, and CR and NUL never inside a field value.
///
/// # Examples
///
/// ```
/// use nethttp::h1::Leniency;
///
/// const MINE: Leniency = Leniency::STRICT.raw_target_bytes(true);
/// assert!(MINE.raw_target_bytes && !MINE.bare_lf);
/// ```
///
/// [RFC 9112 §3]: https://www.rfc-editor.org/rfc/rfc9112#section-3
/// [RFC 9112 §5.2]: https://www.rfc-editor.org/rfc/rfc9112#section-5.2
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leniency {
    /// A line of the head may end with LF alone.
    pub bare_lf: bool,
    /// A field value may go on in lines that start with whitespace; each line end reads as spaces.
    pub obs_fold: bool,
    /// Several spaces or tabs may separate the parts of a request-line, and follow it.
    pub request_spaces: bool,
    /// A field value may hold control bytes other than NUL, CR and LF.
    pub ctl_in_value: bool,
    /// A request target may hold bytes from 0x80 on.
    pub raw_target_bytes: bool,
    /// Spaces and tabs may follow a chunk size.
    pub chunk_trailing_ws: bool,
    /// `Content-Length` may be repeated when every value is the same.
    pub duplicate_equal_length: bool,
    /// A field line that is malformed, but ends properly, is left out instead of failing the head,
    /// unless it is one of Content-Length or Transfer-Encoding.
    pub skip_invalid_fields: bool,
}

macro_rules! leniencies {
    ($($name:ident)*) => {$(
        #[doc = concat!("Switches [`", stringify!($name), "`](#structfield.", stringify!($name), ") on or off.")]
        ///
        /// ```
        #[doc = concat!("assert!(nethttp::h1::Leniency::STRICT.", stringify!($name), "(true).", stringify!($name), ");")]
        /// ```
        #[must_use]
        pub const fn $name(mut self, on: bool) -> Self {
            self.$name = on;
            self
        }
    )*};
}

impl Leniency {
    /// Nothing is tolerated: for requests.
    pub const STRICT: Self = Self {
        bare_lf: false,
        obs_fold: false,
        request_spaces: false,
        ctl_in_value: false,
        raw_target_bytes: false,
        chunk_trailing_ws: false,
        duplicate_equal_length: false,
        skip_invalid_fields: false,
    };

    /// What real servers need: for responses.
    pub const CLIENT: Self = Self::STRICT
        .bare_lf(true)
        .obs_fold(true)
        .chunk_trailing_ws(true)
        .duplicate_equal_length(true);

    leniencies! {
        bare_lf obs_fold request_spaces ctl_in_value raw_target_bytes chunk_trailing_ws
        duplicate_equal_length skip_invalid_fields
    }
}

impl Default for Leniency {
    fn default() -> Self {
        Self::STRICT
    }
}

/// The limits and leniencies that a reader works with.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Leniency, Limits};
///
/// const CONFIG: Config = Config::SERVER.limits(Limits::DEFAULT.head(16 << 10));
/// assert_eq!(CONFIG.leniency, Leniency::STRICT);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// How much a peer may send.
    pub limits: Limits,
    /// What is tolerated.
    pub leniency: Leniency,
}

impl Config {
    /// For reading requests: default limits, [`Leniency::STRICT`].
    pub const SERVER: Self = Self { limits: Limits::DEFAULT, leniency: Leniency::STRICT };
    /// For reading responses: default limits, [`Leniency::CLIENT`].
    pub const CLIENT: Self = Self { limits: Limits::DEFAULT, leniency: Leniency::CLIENT };

    /// Sets the limits.
    ///
    /// ```
    /// use nethttp::h1::{Config, Limits};
    ///
    /// assert_eq!(Config::CLIENT.limits(Limits::DEFAULT.fields(9)).limits.fields, 9);
    /// ```
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the leniencies.
    ///
    /// ```
    /// use nethttp::h1::{Config, Leniency};
    ///
    /// assert!(!Config::CLIENT.leniency(Leniency::STRICT).leniency.bare_lf);
    /// ```
    #[must_use]
    pub const fn leniency(mut self, leniency: Leniency) -> Self {
        self.leniency = leniency;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_head_is_longer_than_its_offsets_can_say() {
        assert_eq!(Limits::DEFAULT.longest_head(), 64 << 10);
        let all = Limits::DEFAULT.head(usize::MAX).longest_head();
        assert!(u32::try_from(all).is_ok() && all >= 1 << 16);
    }
}
