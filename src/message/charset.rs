//! Text in the charsets that are met with: UTF-8 and what came before it.
//!
//! A [`Charset`] is found by the label that the parameter `charset` of Content-Type has,
//! [RFC 9110 §8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.2), and turns bytes into text. The
//! labels and the tables are those of the [Encoding Standard](https://encoding.spec.whatwg.org/). What a
//! page says of itself (`<meta charset>`) and what bytes look like are not looked at, and the charsets of
//! East Asia are not here: who needs them has [`Response::bytes`](super::Response::bytes) and a library of tables.
//!
//! ```
//! use nethttp::message::Charset;
//!
//! let charset = Charset::from_label("Latin1").ok_or("a charset")?;
//! assert_eq!(charset.decode(b"caf\xe9 \x80 2")?, "café € 2");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
#[cfg(feature = "std")]
use alloc::vec::Vec;
use core::{char, fmt, str};

/// How bytes stand for text.
///
/// # Deviations
///
/// `iso-8859-1` and its other labels are read as windows-1252, which is ISO-8859-1 with printable
/// characters in the place of 32 controls that no text has. So do all browsers, since what is labelled thus is
/// written on Windows as often as not. `us-ascii`, which browsers read as windows-1252 too, is ASCII here.
///
/// # Examples
///
/// ```
/// use nethttp::message::Charset;
///
/// assert_eq!(Charset::from_label("ISO-8859-1"), Some(Charset::Windows1252));
/// assert_eq!(Charset::from_label("utf8"), Some(Charset::Utf8));
/// assert_eq!(Charset::from_label("shift_jis"), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charset {
    /// UTF-8, with or without a byte order mark, [RFC 3629](https://www.rfc-editor.org/rfc/rfc3629).
    #[default]
    Utf8,
    /// US-ASCII: no byte above 127.
    Ascii,
    /// windows-1252, and ISO-8859-1.
    Windows1252,
    /// UTF-16, little-endian unless a byte order mark says otherwise,
    /// [RFC 2781](https://www.rfc-editor.org/rfc/rfc2781).
    Utf16Le,
    /// UTF-16, big-endian unless a byte order mark says otherwise.
    Utf16Be,
}

/// The labels of charsets, in lower case.
const LABELS: [(&[&str], Charset); 5] = [
    (
        &[
            "utf-8",
            "utf8",
            "unicode-1-1-utf-8",
            "unicode11utf8",
            "unicode20utf8",
            "x-unicode20utf8",
            "csutf8",
        ],
        Charset::Utf8,
    ),
    (
        &[
            "us-ascii",
            "ascii",
            "ansi_x3.4-1968",
            "ansi_x3.4-1986",
            "iso-ir-6",
            "iso_646.irv:1991",
            "iso646-us",
            "us",
            "ibm367",
            "cp367",
            "csascii",
        ],
        Charset::Ascii,
    ),
    (
        &[
            "iso-8859-1",
            "iso8859-1",
            "iso88591",
            "iso_8859-1",
            "iso_8859-1:1987",
            "latin1",
            "l1",
            "iso-ir-100",
            "ibm819",
            "cp819",
            "csisolatin1",
            "windows-1252",
            "cp1252",
            "x-cp1252",
            "cswindows1252",
        ],
        Charset::Windows1252,
    ),
    (
        &[
            "utf-16",
            "utf-16le",
            "unicode",
            "unicodefeff",
            "csunicode",
            "ucs-2",
            "iso-10646-ucs-2",
            "csutf16",
            "csutf16le",
        ],
        Charset::Utf16Le,
    ),
    (&["utf-16be", "unicodefffe", "csutf16be"], Charset::Utf16Be),
];

/// What windows-1252 has from 0x80 to 0x9f; the five bytes that it leaves free are the controls of
/// ISO-8859-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

impl Charset {
    /// Finds the charset that has this label, in any case and with whitespace around it.
    ///
    /// ```
    /// use nethttp::message::Charset;
    ///
    /// assert_eq!(Charset::from_label("US-ASCII"), Some(Charset::Ascii));
    /// assert_eq!(Charset::from_label("x-user-defined"), None);
    /// ```
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        let label = label.trim_ascii();
        let found = LABELS
            .iter()
            .find(|(labels, _)| labels.iter().any(|known| known.eq_ignore_ascii_case(label)));
        found.map(|(_, charset)| *charset)
    }

    /// Returns the name, which is one of the labels.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Charset::Utf8.name(), "utf-8");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "us-ascii",
            Self::Windows1252 => "windows-1252",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// Returns the text, without the byte order mark that UTF-8 and UTF-16 may have in front.
    ///
    /// # Errors
    ///
    /// The bytes are no text in this charset; in windows-1252 all are.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Charset;
    ///
    /// assert_eq!(Charset::Utf16Le.decode(b"\xfe\xff\0h\0i")?, "hi");
    /// let error = Charset::Ascii.decode(b"caf\xe9").unwrap_err();
    /// assert_eq!(error.to_string(), "expected text in US-ASCII at byte 3");
    /// # Ok::<(), nethttp::message::TextError>(())
    /// ```
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
        let (charset, text) = self.behind_mark(bytes);
        let wrong = |kind, at: usize| TextError::new(kind, bytes.len() - text.len() + at);
        match charset {
            Self::Utf8 => match str::from_utf8(text) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) => Err(wrong(TextErrorKind::Utf8, error.valid_up_to())),
            },
            Self::Ascii => match (text.is_ascii(), str::from_utf8(text)) {
                (true, Ok(text)) => Ok(Cow::Borrowed(text)),
                _ => {
                    let at = text.iter().take_while(|octet| octet.is_ascii()).count();
                    Err(wrong(TextErrorKind::Ascii, at))
                }
            },
            Self::Windows1252 => Ok(windows_1252(text)),
            Self::Utf16Le | Self::Utf16Be => {
                let mut at = 0;
                let read = charset.characters(text).inspect(|read| {
                    at += read.as_ref().map_or(0, |c| 2 * c.len_utf16());
                });
                let text: Result<String, _> = read.collect();
                text.map(Cow::Owned).map_err(|_| wrong(TextErrorKind::Utf16, at))
            }
        }
    }

    /// Returns the text as [`decode`](Self::decode) does, with U+FFFD for what is none.
    ///
    /// ```
    /// use nethttp::message::Charset;
    ///
    /// assert_eq!(Charset::Utf8.decode_lossy(b"caf\xe9"), "caf\u{fffd}");
    /// ```
    #[must_use]
    pub fn decode_lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        let (charset, text) = self.behind_mark(bytes);
        let lost = char::REPLACEMENT_CHARACTER;
        match charset {
            Self::Utf8 => String::from_utf8_lossy(text),
            Self::Ascii => {
                let one = |octet: &u8| if octet.is_ascii() { char::from(*octet) } else { lost };
                Cow::Owned(text.iter().map(one).collect())
            }
            Self::Windows1252 => windows_1252(text),
            Self::Utf16Le | Self::Utf16Be => {
                Cow::Owned(charset.characters(text).map(|read| read.unwrap_or(lost)).collect())
            }
        }
    }

    /// Decodes bytes that are at hand, which stay where they are if they are UTF-8.
    #[cfg(feature = "std")]
    pub(super) fn decode_vec(self, mut bytes: Vec<u8>) -> Result<String, TextError> {
        if self != Self::Utf8 {
            return self.decode(&bytes).map(Cow::into_owned);
        }
        let start = if bytes.starts_with(UTF_8_MARK) { UTF_8_MARK.len() } else { 0 };
        bytes.drain(..start);
        String::from_utf8(bytes).map_err(|error| {
            TextError::new(TextErrorKind::Utf8, start + error.utf8_error().valid_up_to())
        })
    }

    /// Returns whether the byte 0x0A is the end of a line, and nothing else.
    #[cfg(feature = "std")]
    pub(super) const fn has_lines(self) -> bool {
        matches!(self, Self::Utf8 | Self::Ascii | Self::Windows1252)
    }

    /// Returns what stands behind a byte order mark, and the charset if that is told by one.
    fn behind_mark(self, bytes: &[u8]) -> (Self, &[u8]) {
        match (self, bytes) {
            (Self::Utf8, bytes) => (self, bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes)),
            (Self::Utf16Le | Self::Utf16Be, [0xff, 0xfe, text @ ..]) => (Self::Utf16Le, text),
            (Self::Utf16Le | Self::Utf16Be, [0xfe, 0xff, text @ ..]) => (Self::Utf16Be, text),
            (_, bytes) => (self, bytes),
        }
    }

    /// Reads UTF-16. A byte without a second one is no character.
    fn characters(self, text: &[u8]) -> impl Iterator<Item = Result<char, ()>> {
        let (pairs, rest) = text.as_chunks::<2>();
        let unit = match self {
            Self::Utf16Be => u16::from_be_bytes,
            _ => u16::from_le_bytes,
        };
        let whole = char::decode_utf16(pairs.iter().map(move |pair| unit(*pair)));
        whole.map(|read| read.map_err(drop)).chain(rest.iter().map(|_| Err(())))
    }
}

fn windows_1252(text: &[u8]) -> Cow<'_, str> {
    if let (true, Ok(text)) = (text.is_ascii(), str::from_utf8(text)) {
        return Cow::Borrowed(text);
    }
    let one = |octet: &u8| {
        let high = octet.checked_sub(0x80).and_then(|at| WINDOWS_1252.get(usize::from(at)));
        high.copied().unwrap_or(char::from(*octet))
    };
    Cow::Owned(text.iter().map(one).collect())
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why content is no text, and where.
///
/// # Examples
///
/// ```
/// use nethttp::message::{Charset, TextErrorKind};
///
/// let error = Charset::Utf8.decode(b"na\xefve").unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (TextErrorKind::Utf8, 2));
/// assert_eq!(error.to_string(), "expected text in UTF-8 at byte 2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextError {
    kind: TextErrorKind,
    offset: u64,
    /// Counted from one; zero where nobody counts.
    line: u64,
    is_of_response: bool,
}

/// The kinds of [`TextError`].
///
/// # Examples
///
/// ```
/// use nethttp::message::{Charset, TextErrorKind};
///
/// let error = Charset::Utf16Be.decode(b"\0h\0").unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (TextErrorKind::Utf16, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextErrorKind {
    /// Not UTF-8, [RFC 3629 §3](https://www.rfc-editor.org/rfc/rfc3629#section-3).
    Utf8,
    /// Not US-ASCII, [RFC 20](https://www.rfc-editor.org/rfc/rfc20): a byte above 127.
    Ascii,
    /// Not UTF-16, [RFC 2781 §2.2](https://www.rfc-editor.org/rfc/rfc2781#section-2.2): half of a pair of
    /// surrogates, or half of a code unit.
    Utf16,
    /// A line is longer than this many bytes.
    LineTooLong(u64),
}

impl TextError {
    pub(super) fn new(kind: TextErrorKind, offset: usize) -> Self {
        let offset = u64::try_from(offset).unwrap_or(u64::MAX);
        Self { kind, offset, line: 0, is_of_response: false }
    }

    /// Says that a client has received it, or not.
    #[cfg(feature = "std")]
    pub(super) const fn of_response(mut self, is_of_response: bool) -> Self {
        self.is_of_response = is_of_response;
        self
    }

    /// Says in which line it is, counted from one, and where that begins.
    #[cfg(feature = "std")]
    pub(super) const fn on_line(mut self, line: u64, start: u64) -> Self {
        self.line = line;
        self.offset = self.offset.saturating_add(start);
        self
    }

    /// Returns whether a client has received it: whoever a server answers has not sent it.
    #[cfg(feature = "std")]
    pub(crate) const fn is_of_response(&self) -> bool {
        self.is_of_response
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::message::{Charset, TextErrorKind};
    ///
    /// assert_eq!(Charset::Ascii.decode(b"\xe9").unwrap_err().kind(), TextErrorKind::Ascii);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> TextErrorKind {
        self.kind
    }

    /// Returns the offset in bytes of what is wrong, from the start of the content: how many bytes before it
    /// are good. For a line that is too long, where it begins.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Charset::Utf8.decode(b"caf\xe9").unwrap_err().offset(), 3);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the number of the line, from one, where content was read [by
    /// lines](super::Response::lines).
    ///
    /// ```
    /// assert_eq!(nethttp::message::Charset::Utf8.decode(b"\xe9").unwrap_err().line(), None);
    /// ```
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self.line {
            0 => None,
            line => Some(line),
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TextErrorKind::Utf8 => f.write_str("expected text in UTF-8")?,
            TextErrorKind::Ascii => f.write_str("expected text in US-ASCII")?,
            TextErrorKind::Utf16 => f.write_str("expected text in UTF-16")?,
            TextErrorKind::LineTooLong(most) => {
                write!(f, "expected a line of at most {most} bytes")?;
            }
        }
        if let Some(line) = self.line() {
            write!(f, " on line {line}")?;
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for TextError {}

/// The kind is [`InvalidData`](std::io::ErrorKind::InvalidData).
#[cfg(feature = "std")]
impl From<TextError> for std::io::Error {
    fn from(error: TextError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

/// Content is in a charset that cannot be decoded, or not in the way that was asked for.
///
/// # Examples
///
/// ```
/// use nethttp::{Response, StatusCode};
///
/// let response = Response::new(StatusCode::OK).with_header("Content-Type", "text/plain; charset=big5")?;
/// let error = response.charset().unwrap_err();
/// assert_eq!(error.name(), "big5");
/// assert_eq!(error.to_string(), "expected a charset that can be decoded, found \"big5\"");
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCharset {
    name: Box<str>,
}

impl UnknownCharset {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into() }
    }

    /// Returns the label that was found.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_header("Content-Type", "a/b; charset=EUC-KR")?;
    /// assert_eq!(response.charset().unwrap_err().name(), "EUC-KR");
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub const fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for UnknownCharset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a charset that can be decoded, found {:?}", self.name)
    }
}

impl core::error::Error for UnknownCharset {}

/// The kind is [`Unsupported`](std::io::ErrorKind::Unsupported).
#[cfg(feature = "std")]
impl From<UnknownCharset> for std::io::Error {
    fn from(error: UnknownCharset) -> Self {
        Self::new(std::io::ErrorKind::Unsupported, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn decodes(charset: Charset, bytes: &[u8], expected: &str) {
        assert_eq!(charset.decode(bytes).as_deref(), Ok(expected));
        assert_eq!(charset.decode_lossy(bytes), expected);
        #[cfg(feature = "std")]
        assert_eq!(charset.decode_vec(bytes.to_vec()).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn refuses(charset: Charset, bytes: &[u8], text: &str, lossy: &str) {
        let error = charset.decode(bytes).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(charset.decode_lossy(bytes), lossy);
        #[cfg(feature = "std")]
        assert_eq!(charset.decode_vec(bytes.to_vec()), Err(error));
    }

    #[test]
    fn labels_are_found_in_any_case_and_once() {
        for (labels, charset) in LABELS {
            assert!(labels.contains(&charset.name()));
            for label in labels {
                assert_eq!(Charset::from_label(label), Some(charset), "{label}");
                let loud = [" ", &label.to_ascii_uppercase(), "\t"].concat();
                assert_eq!(Charset::from_label(&loud), Some(charset), "{label}");
            }
        }
        let count: usize = LABELS.iter().map(|(labels, _)| labels.len()).sum();
        let all = LABELS.iter().flat_map(|(labels, _)| *labels);
        assert_eq!(all.collect::<alloc::collections::BTreeSet<_>>().len(), count);
        for label in ["", "utf", "utf-32", "iso-8859-15", "windows-1251", "gb18030", "utf-8\0"] {
            assert_eq!(Charset::from_label(label), None, "{label}");
        }
    }

    #[test]
    fn text_is_decoded() {
        use Charset::{Ascii, Utf8, Utf16Be, Utf16Le, Windows1252};
        for charset in [Utf8, Ascii, Windows1252, Utf16Le, Utf16Be] {
            decodes(charset, b"", "");
        }
        for charset in [Utf8, Ascii, Windows1252] {
            decodes(charset, b"a\r\n\0~\x7f", "a\r\n\0~\x7f");
        }
        decodes(Utf8, "naïve €".as_bytes(), "naïve €");
        decodes(Windows1252, b"na\xefve \x80 \xa0\xff", "naïve € \u{a0}ÿ");
        decodes(Utf16Le, b"h\0\xac\x20\x3d\xd8\x00\xde", "h€\u{1f600}");
        decodes(Utf16Be, b"\0h\x20\xac\xd8\x3d\xde\x00", "h€\u{1f600}");
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        use Charset::{Utf8, Utf16Be, Utf16Le, Windows1252};
        decodes(Utf8, b"\xef\xbb\xbfa", "a");
        decodes(Utf8, b"\xef\xbb\xbf\xef\xbb\xbfa", "\u{feff}a");
        for charset in [Utf16Le, Utf16Be] {
            decodes(charset, b"\xff\xfea\0", "a");
            decodes(charset, b"\xfe\xff\0a", "a");
        }
        decodes(Windows1252, b"\xef\xbb\xbfa", "ï»¿a");
    }

    #[test]
    fn every_byte_is_a_character_of_windows_1252() {
        let high = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
        let numbers = [
            0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160,
            0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
            0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
        ];
        assert!(high.chars().map(u32::from).eq(numbers));
        let low = (0..=0x7f).chain(0xa0..=0xff_u8).map(|octet| (octet, char::from(octet)));
        for (octet, expected) in (0x80..=0x9f).zip(high.chars()).chain(low) {
            decodes(Charset::Windows1252, &[octet], expected.encode_utf8(&mut [0; 4]));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_where_it_stands() {
        use Charset::{Ascii, Utf8, Utf16Be, Utf16Le};
        refuses(Utf8, b"caf\xe9!", "expected text in UTF-8 at byte 3", "caf\u{fffd}!");
        refuses(Utf8, b"\xef\xbb\xbfa\xff", "expected text in UTF-8 at byte 4", "a\u{fffd}");
        refuses(Utf8, b"\xff\xfea\0", "expected text in UTF-8 at byte 0", "\u{fffd}\u{fffd}a\0");
        refuses(Ascii, b"na\xc3\xaf", "expected text in US-ASCII at byte 2", "na\u{fffd}\u{fffd}");
        refuses(Utf16Le, b"a\0b", "expected text in UTF-16 at byte 2", "a\u{fffd}");
        refuses(Utf16Be, b"\xff\xfea\0\0\xdc", "expected text in UTF-16 at byte 4", "a\u{fffd}");
        for (charset, kind) in [
            (Utf8, TextErrorKind::Utf8),
            (Ascii, TextErrorKind::Ascii),
            (Utf16Le, TextErrorKind::Utf16),
        ] {
            let error = charset.decode(b"\xff").unwrap_err();
            assert_eq!((error.kind(), error.offset(), error.line()), (kind, 0, None));
        }
        let half = b"\xd8\x3d\xde\x00\xd8\x3d\0a";
        refuses(Utf16Be, half, "expected text in UTF-16 at byte 4", "\u{1f600}\u{fffd}a");
    }

    #[test]
    fn texts_are_pinned() {
        let long = TextError::new(TextErrorKind::LineTooLong(7), 2);
        assert_eq!(long.to_string(), "expected a line of at most 7 bytes at byte 2");
        #[cfg(feature = "std")]
        {
            let long = long.on_line(3, 40);
            let text = "expected a line of at most 7 bytes on line 3 at byte 42";
            assert_eq!((long.to_string().as_str(), long.line()), (text, Some(3)));
        }
        let unknown = UnknownCharset::new("a\n\u{1b}");
        let text = "expected a charset that can be decoded, found \"a\\n\\u{1b}\"";
        assert_eq!(unknown.to_string(), text);
    }
}
