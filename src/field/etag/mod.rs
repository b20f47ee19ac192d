//! Entity tags, [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3): the names of
//! the versions of a representation.
//!
//! [`ETag`] is one tag, [`ETagList`] the list of them that `If-Match` and `If-None-Match` hold. What a
//! request that has such a list is owed is decided by [`conditional`](crate::field::conditional).
//!
//! ```
//! use nethttp::HeaderMap;
//! use nethttp::field::{ETag, ETagList};
//! use nethttp::header;
//!
//! let current = ETag::strong(b"v2")?;
//! let mut request = HeaderMap::new();
//! request.append(header::IF_NONE_MATCH, r#""v1", W/"v2""#)?;
//! let known = ETagList::from_headers(&request, header::IF_NONE_MATCH).ok_or("no field")?;
//! assert!(known.contains_weak(&current));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod list;

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use crate::field::{FieldError, FieldErrorKind};
use crate::header::HeaderValue;
use crate::syntax::{Class, Cursor, Digits, SyntaxErrorKind};

pub use list::ETagList;

/// An entity tag: an opaque text in quotes that changes when the representation does,
/// [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
///
/// A strong tag changes with every byte of the content; a weak one, written `W/"..."`, only when the
/// meaning does. `==` holds for identical tags; the two comparisons of HTTP are
/// [`strong_eq`](Self::strong_eq) and [`weak_eq`](Self::weak_eq).
///
/// The text may hold bytes that are not ASCII, hence `as_bytes`, and `AsRef<[u8]>` so that a tag is a
/// field value; [`Display`](fmt::Display) is for people and shows what is not text as `\xNN`.
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::ETag;
/// use nethttp::header;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::ETAG, ETag::strong(b"xyzzy")?)?;
/// assert_eq!(headers.text(header::ETAG), Some(r#""xyzzy""#));
///
/// let tag = headers.get(header::ETAG).map(ETag::parse).transpose()?;
/// assert_eq!(tag.as_ref().map(ETag::tag), Some(&b"xyzzy"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ETag<'a>(Cow<'a, [u8]>);

/// How long a file's time must lie back until a further change is certain to show in it.
const SETTLED: i128 = 2_000_000_000;
const NANOS: i128 = 1_000_000_000;
/// Room for a tag that is made of numbers: two of 64 bits and one of 30.
const CAPACITY: usize = 48;

impl<'a> ETag<'a> {
    /// Reads an entity tag that spans the whole value.
    ///
    /// ```abnf
    /// entity-tag = [ weak ] opaque-tag
    /// weak       = %s"W/"
    /// opaque-tag = DQUOTE *etagc DQUOTE
    /// etagc      = %x21 / %x23-7E / obs-text
    /// ```
    ///
    /// There are no escapes: a backslash is a byte like others.
    ///
    /// # Errors
    ///
    /// [`EntityTag`](FieldErrorKind::EntityTag) where none begins, such as at a tag without quotes,
    /// [`EntityTagByte`](FieldErrorKind::EntityTagByte),
    /// [`UnclosedQuote`](SyntaxErrorKind::UnclosedQuote), and [`End`](FieldErrorKind::End).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert!(ETag::parse(br#"W/"xyzzy""#)?.is_weak());
    /// assert!(ETag::parse(b"xyzzy").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        let tag = Self::read(&mut cursor)?;
        match cursor.peek() {
            None => Ok(tag),
            Some(_) => Err(FieldError::new(FieldErrorKind::End, cursor.offset())),
        }
    }

    /// Reads the entity tag at the cursor.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        let (start, at) = (cursor.rest(), cursor.offset());
        if cursor.eat(b'W') && !cursor.eat(b'/') || !cursor.eat(b'"') {
            return Err(FieldError::new(FieldErrorKind::EntityTag, at));
        }
        cursor.take(Class::ETAG);
        let error = |kind| Err(FieldError::new(kind, cursor.offset()));
        match cursor.peek() {
            Some(b'"') => {}
            Some(other) => return error(FieldErrorKind::EntityTagByte(other)),
            None => return error(FieldErrorKind::Syntax(SyntaxErrorKind::UnclosedQuote)),
        }
        cursor.eat(b'"');
        let tag = start.get(..start.len() - cursor.rest().len()).unwrap_or_default();
        Ok(Self(Cow::Borrowed(tag)))
    }

    /// Returns the strong tag with the given text between its quotes.
    ///
    /// # Errors
    ///
    /// [`EntityTagByte`](FieldErrorKind::EntityTagByte) for a quote, a space or a control character.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert_eq!(ETag::strong(b"v1")?.as_bytes(), br#""v1""#);
    /// assert!(ETag::strong(b"v 1").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn strong(tag: &[u8]) -> Result<Self, FieldError> {
        Self::build(b"\"", tag)
    }

    /// Returns the weak tag with the given text between its quotes.
    ///
    /// # Errors
    ///
    /// [`EntityTagByte`](FieldErrorKind::EntityTagByte) for a quote, a space or a control character.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert_eq!(ETag::weak(b"v1")?.as_bytes(), br#"W/"v1""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn weak(tag: &[u8]) -> Result<Self, FieldError> {
        Self::build(b"W/\"", tag)
    }

    fn build(opening: &[u8], tag: &[u8]) -> Result<Self, FieldError> {
        let good = Class::ETAG.prefix_len(tag);
        match tag.get(good) {
            None => Ok(Self(Cow::Owned([opening, tag, b"\""].concat()))),
            Some(&bad) => Err(FieldError::new(FieldErrorKind::EntityTagByte(bad), good)),
        }
    }

    /// Returns a tag for a file from its length in bytes and the time of its last change. Both times
    /// are in nanoseconds since 1970-01-01T00:00:00Z.
    ///
    /// The text is hexadecimal, as nginx and Apache have it: the seconds of the time, a hyphen and the
    /// length, with `.` and the nanoseconds between where there are any. For a file system that counts
    /// whole seconds it is nginx's tag, so that both can stand behind one balancer.
    ///
    /// A file can change twice within the resolution of its time and keep its length. The tag is
    /// therefore weak until two seconds after the change, the resolution of the coarsest file system
    /// in use (FAT), and for a change in the future; after that the same text comes as a strong tag.
    /// A client that was given the weak one finds out by `If-None-Match` that its copy is good, but
    /// cannot continue a download with it. A program that replaces files within their two seconds, or
    /// sets their times back, needs tags made from the content.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// let second = 1_000_000_000;
    /// let modified = 0x65a0_0000 * second;
    /// let fresh = ETag::from_metadata(0x1f4, modified, modified + second);
    /// assert_eq!(fresh.as_bytes(), br#"W/"65a00000-1f4""#);
    /// let settled = ETag::from_metadata(0x1f4, modified + 255, modified + 5 * second);
    /// assert_eq!(settled.as_bytes(), br#""65a00000.ff-1f4""#);
    /// ```
    #[must_use]
    pub fn from_metadata(len: u64, modified: i128, now: i128) -> Self {
        let settled = now.saturating_sub(modified) >= SETTLED;
        let mut tag = Vec::with_capacity(CAPACITY);
        tag.extend_from_slice(if settled { b"\"" } else { b"W/\"" });
        let seconds = modified.div_euclid(NANOS);
        if seconds < 0 {
            tag.push(b'-');
        }
        // The rest of that division, without another one.
        let nanos = modified.wrapping_sub(seconds.wrapping_mul(NANOS));
        let seconds = u64::try_from(seconds.unsigned_abs()).unwrap_or(u64::MAX);
        tag.extend_from_slice(Digits::hexadecimal(seconds).as_bytes());
        match u64::try_from(nanos) {
            Ok(0) | Err(_) => {}
            Ok(nanos) => {
                tag.push(b'.');
                tag.extend_from_slice(Digits::hexadecimal(nanos).as_bytes());
            }
        }
        tag.push(b'-');
        tag.extend_from_slice(Digits::hexadecimal(len).as_bytes());
        tag.push(b'"');
        Self(Cow::Owned(tag))
    }

    /// Returns whether the tag is weak.
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert!(!ETag::parse(br#""v1""#)?.is_weak());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.first() == Some(&b'W')
    }

    /// Returns the text between the quotes.
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert_eq!(ETag::parse(br#"W/"""#)?.tag(), b"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn tag(&self) -> &[u8] {
        match &*self.0 {
            [b'W', b'/', b'"', tag @ .., b'"'] | [b'"', tag @ .., b'"'] => tag,
            _ => &[],
        }
    }

    /// Returns the tag as a field value.
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert_eq!(ETag::strong(b"v1")?.as_bytes(), br#""v1""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Compares by the strong comparison: both tags are strong and their texts are the same,
    /// [RFC 9110 §8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2).
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// let (strong, weak) = (ETag::strong(b"1")?, ETag::weak(b"1")?);
    /// assert!(strong.strong_eq(&strong));
    /// assert!(!weak.strong_eq(&weak));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn strong_eq(&self, other: &ETag<'_>) -> bool {
        !self.is_weak() && self.0 == other.0
    }

    /// Compares by the weak comparison: the texts are the same,
    /// [RFC 9110 §8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2).
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert!(ETag::strong(b"1")?.weak_eq(&ETag::weak(b"1")?));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn weak_eq(&self, other: &ETag<'_>) -> bool {
        self.tag() == other.tag()
    }

    /// Returns the tag as a weak one: for a response that is compressed on the fly, whose bytes are
    /// others than those that the tag was made for.
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// assert_eq!(ETag::strong(b"v1")?.to_weak(), ETag::weak(b"v1")?);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn to_weak(&self) -> Self {
        if self.is_weak() {
            return self.clone();
        }
        let mut tag = Vec::with_capacity(self.0.len() + 2);
        tag.extend_from_slice(b"W/");
        tag.extend_from_slice(&self.0);
        Self(Cow::Owned(tag))
    }

    /// Returns the tag with its own copy of the text.
    ///
    /// ```
    /// use nethttp::field::ETag;
    ///
    /// let tag: ETag<'static> = ETag::parse(&br#""v1""#.to_vec())?.into_owned();
    /// assert_eq!(tag.tag(), b"v1");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ETag<'static> {
        ETag(Cow::Owned(self.0.into_owned()))
    }
}

impl AsRef<[u8]> for ETag<'_> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Writes the tag as [`HeaderValue`] does: bytes that are no text appear as `\xNN`.
impl fmt::Display for ETag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        HeaderValue::parse(&self.0).map_err(|_| fmt::Error)?.fmt(f)
    }
}

impl fmt::Debug for ETag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldErrorKind as Kind;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(value: &[u8], weak: bool, tag: &[u8]) {
        let found = ETag::parse(value).expect("an entity tag");
        assert_eq!((found.is_weak(), found.tag(), found.as_bytes()), (weak, tag, value));
        let built = if weak { ETag::weak(tag) } else { ETag::strong(tag) };
        assert_eq!(built, Ok(found));
    }

    #[test]
    fn reads_what_section_8_8_3_shows() {
        reads(br#""xyzzy""#, false, b"xyzzy");
        reads(br#"W/"xyzzy""#, true, b"xyzzy");
        reads(br#""""#, false, b"");
        reads(br#"W/"""#, true, b"");
    }

    #[test]
    fn keeps_commas_backslashes_and_obs_text() {
        reads(br#""a,b""#, false, b"a,b");
        reads(br#""a\""#, false, br"a\");
        reads(br#""W/""#, false, b"W/");
        reads(b"\"\xfc\x80!~\"", false, b"\xfc\x80!~");
    }

    #[track_caller]
    fn refuses(value: &[u8], kind: Kind, offset: usize) {
        assert_eq!(ETag::parse(value), Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn refuses_what_is_no_tag() {
        refuses(b"", Kind::EntityTag, 0);
        refuses(b"xyzzy", Kind::EntityTag, 0);
        refuses(br#"w/"xyzzy""#, Kind::EntityTag, 0);
        refuses(br#"W"xyzzy""#, Kind::EntityTag, 0);
        refuses(br#"W/ "xyzzy""#, Kind::EntityTag, 0);
        refuses(b"W/xyzzy", Kind::EntityTag, 0);
        refuses(b"*", Kind::EntityTag, 0);
        refuses(br#"'a'"#, Kind::EntityTag, 0);
        refuses(br#""a b""#, Kind::EntityTagByte(b' '), 2);
        refuses(b"\"a\x7f\"", Kind::EntityTagByte(0x7f), 2);
        refuses(b"\"a\r\n\"", Kind::EntityTagByte(b'\r'), 2);
        refuses(br#"W/"a"#, Kind::Syntax(SyntaxErrorKind::UnclosedQuote), 4);
        refuses(br#""a"b""#, Kind::End, 3);
        refuses(br#""a" "#, Kind::End, 3);
        refuses(br#""a", "b""#, Kind::End, 3);
    }

    #[test]
    fn constructors_check() {
        for (tag, byte, offset) in
            [(&b"a\"b"[..], b'"', 1), (b" ", b' ', 0), (b"a\r\nX: y", b'\r', 1), (b"ab\0", 0, 2)]
        {
            let error = Err(FieldError::new(Kind::EntityTagByte(byte), offset));
            assert_eq!((ETag::strong(tag), ETag::weak(tag)), (error.clone(), error));
        }
    }

    #[test]
    fn compares_as_the_table_of_section_8_8_3_2() {
        for (one, other, strong, weak) in [
            (r#"W/"1""#, r#"W/"1""#, false, true),
            (r#"W/"1""#, r#"W/"2""#, false, false),
            (r#"W/"1""#, r#""1""#, false, true),
            (r#""1""#, r#""1""#, true, true),
        ] {
            let tag = |text: &'static str| ETag::parse(text.as_bytes()).expect("an entity tag");
            for (one, other) in [(tag(one), tag(other)), (tag(other), tag(one))] {
                assert_eq!((one.strong_eq(&other), one.weak_eq(&other)), (strong, weak));
            }
        }
    }

    #[track_caller]
    fn file(len: u64, modified: i128, age: i128, expected: &str) {
        let tag = ETag::from_metadata(len, modified, modified.saturating_add(age));
        assert_eq!(tag.to_string(), expected);
        assert_eq!(ETag::parse(tag.as_bytes()), Ok(tag.clone()));
    }

    #[test]
    fn tags_of_files_are_weak_until_their_time_is_past() {
        file(0, 0, SETTLED, r#""0-0""#);
        file(0, 0, SETTLED - 1, r#"W/"0-0""#);
        file(10, 1, -1, r#"W/"0.1-a""#);
        file(u64::MAX, 999_999_999, 10 * NANOS, r#""0.3b9ac9ff-ffffffffffffffff""#);
        // What `stat` and nginx say of a file of 612 bytes from 2024-01-11T13:20:00Z.
        file(612, 1_704_979_200 * NANOS, 60 * NANOS, r#""659feb00-264""#);
        file(1, -NANOS, NANOS * 9, r#""-1-1""#);
        file(1, -1, NANOS * 9, r#""-1.3b9ac9ff-1""#);
        file(1, i128::MAX, 0, r#"W/"ffffffffffffffff.34b261ff-1""#);
    }

    #[test]
    fn shows_bytes_that_are_no_text_escaped() {
        let tag = ETag::parse(b"\"\xff\xc3\xa9\"").expect("an entity tag");
        assert_eq!(tag.to_string(), "\"\\xff\u{e9}\"");
        assert_eq!(alloc::format!("{tag:?}"), "\"\\xff\u{e9}\"");
    }
}
