//! What a server says of the ranges it knows.

use alloc::vec::Vec;
use core::fmt;

use super::{BYTES, ascii};
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Cursor, write_list};

/// The value of `Accept-Ranges`: the units in which a resource can be asked for in parts,
/// [RFC 9110 §14.3](https://www.rfc-editor.org/rfc/rfc9110#section-14.3).
///
/// # Examples
///
/// ```
/// use nethttp::field::AcceptRanges;
/// use nethttp::{HeaderMap, header};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::ACCEPT_RANGES, AcceptRanges::BYTES.to_string())?;
/// assert!(AcceptRanges::from_headers(&headers).is_some_and(|ranges| ranges.has_bytes()));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone)]
pub struct AcceptRanges<'a>(Units<'a>);

/// A `Cow` of a slice would not let a value stand where one with a shorter lifetime is due.
#[derive(Clone)]
enum Units<'a> {
    One([&'a str; 1]),
    List(Vec<&'a str>),
}

const NONE: &str = "none";

impl<'a> AcceptRanges<'a> {
    /// `bytes`: the resource has ranges of bytes.
    ///
    /// ```
    /// assert_eq!(nethttp::field::AcceptRanges::BYTES.to_string(), "bytes");
    /// ```
    pub const BYTES: Self = Self(Units::One([BYTES]));

    /// `none`: the resource has no ranges, and it is of no use to ask.
    ///
    /// ```
    /// assert_eq!(nethttp::field::AcceptRanges::NONE.to_string(), "none");
    /// ```
    pub const NONE: Self = Self(Units::One([NONE]));

    /// The most units that are read, 16.
    ///
    /// ```
    /// use nethttp::field::AcceptRanges;
    ///
    /// let units = vec!["x"; AcceptRanges::MAX_MEMBERS + 1].join(",");
    /// assert!(AcceptRanges::parse(units.as_bytes()).is_err());
    /// ```
    pub const MAX_MEMBERS: usize = 16;

    /// Reads one value, strictly.
    ///
    /// ```abnf
    /// Accept-Ranges     = acceptable-ranges
    /// acceptable-ranges = 1#range-unit
    /// range-unit        = token
    /// ```
    ///
    /// # Errors
    ///
    /// Those of tokens and lists, [`Empty`](FieldErrorKind::Empty) and
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::AcceptRanges;
    ///
    /// assert_eq!(AcceptRanges::parse(b"bytes, lines")?.units(), ["bytes", "lines"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        let mut units = Vec::new();
        while cursor.next_member() {
            if units.len() == Self::MAX_MEMBERS {
                let kind = FieldErrorKind::TooManyMembers(Self::MAX_MEMBERS);
                return Err(FieldError::new(kind, cursor.offset()));
            }
            units.push(ascii(cursor.token()?));
            cursor.end_member()?;
        }
        if units.is_empty() {
            return Err(FieldError::new(FieldErrorKind::Empty, cursor.offset()));
        }
        Ok(Self(Units::List(units)))
    }

    /// Reads the `Accept-Ranges` of a response, on as many lines as it comes; `None` if there is none.
    ///
    /// A member that is no token is left out, and so is what follows the first
    /// [`MAX_MEMBERS`](Self::MAX_MEMBERS) units: the field is a hint
    /// ([RFC 9110 §14.3](https://www.rfc-editor.org/rfc/rfc9110#section-14.3)), and a client may always
    /// try.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::AcceptRanges;
    /// use nethttp::{HeaderMap, header};
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(AcceptRanges::from_headers(&headers), None);
    /// headers.append(header::ACCEPT_RANGES, "none")?;
    /// assert_eq!(AcceptRanges::from_headers(&headers), Some(AcceptRanges::NONE));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::ACCEPT_RANGES).peekable();
        values.peek()?;
        let mut units = Vec::new();
        for value in values {
            let mut cursor = Cursor::new(value);
            while units.len() < Self::MAX_MEMBERS && cursor.next_member() {
                let mut member = cursor;
                if let (Ok(unit), Ok(())) = (member.token(), member.end_member()) {
                    units.push(ascii(unit));
                }
                cursor.skip_member();
            }
        }
        Some(Self(Units::List(units)))
    }

    /// Returns the units as they were written, `none` included.
    ///
    /// ```
    /// assert_eq!(nethttp::field::AcceptRanges::NONE.units(), ["none"]);
    /// ```
    #[must_use]
    pub fn units(&self) -> &[&'a str] {
        match &self.0 {
            Units::One(units) => units,
            Units::List(units) => units,
        }
    }

    /// Returns whether `bytes` is among the units.
    ///
    /// ```
    /// use nethttp::field::AcceptRanges;
    ///
    /// assert!(AcceptRanges::parse(b"Bytes")?.has_bytes());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn has_bytes(&self) -> bool {
        self.units().iter().any(|unit| unit.eq_ignore_ascii_case(BYTES))
    }

    /// Returns whether the value is `none`, which is no unit, and alone.
    ///
    /// ```
    /// use nethttp::field::AcceptRanges;
    ///
    /// assert!(AcceptRanges::parse(b"none")?.is_none());
    /// assert!(!AcceptRanges::parse(b"none, bytes")?.is_none());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self.units(), [unit] if unit.eq_ignore_ascii_case(NONE))
    }
}

impl PartialEq for AcceptRanges<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.units() == other.units()
    }
}

impl Eq for AcceptRanges<'_> {}

impl fmt::Debug for AcceptRanges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AcceptRanges({self})")
    }
}

impl fmt::Display for AcceptRanges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, self.units())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use FieldErrorKind as Kind;
    use alloc::string::{String, ToString};

    #[track_caller]
    fn reads(value: &str, canonical: &str, bytes: bool, none: bool) {
        let found = AcceptRanges::parse(value.as_bytes()).expect("a value");
        assert_eq!((found.has_bytes(), found.is_none()), (bytes, none));
        assert_eq!(found.to_string(), canonical);
        assert_eq!(AcceptRanges::parse(canonical.as_bytes()), Ok(found));
    }

    #[test]
    fn reads_units() {
        reads("bytes", "bytes", true, false);
        reads("none", "none", false, true);
        reads("BYTES", "BYTES", true, false);
        reads("lines ,,bytes", "lines, bytes", true, false);
        reads("none, bytes", "none, bytes", true, false);
    }

    #[test]
    fn stands_where_a_shorter_lifetime_is_due() {
        let value = String::from("none");
        let or_none = |found: Option<AcceptRanges<'static>>, value| match found {
            Some(found) => Ok(found),
            None => AcceptRanges::parse(value),
        };
        assert_eq!(or_none(None, value.as_bytes()), Ok(AcceptRanges::NONE));
    }

    #[test]
    fn refuses_what_is_no_list_of_tokens() {
        for (value, kind, offset) in [
            ("", Kind::Empty, 0),
            (" ,", Kind::Empty, 2),
            ("by tes", Kind::Syntax(SyntaxErrorKind::ExpectedComma), 3),
            ("bytes, \"x\"", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 7),
            (&["x"; 17].join(","), Kind::TooManyMembers(16), 32),
        ] {
            let error = Err(FieldError::new(kind, offset));
            assert_eq!(AcceptRanges::parse(value.as_bytes()), error);
        }
    }

    #[track_caller]
    fn from_lines(lines: &[&str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::ACCEPT_RANGES, line).expect("a field");
        }
        let found = AcceptRanges::from_headers(&headers).map(|ranges| ranges.to_string());
        assert_eq!(found, expected.map(String::from));
    }

    #[test]
    fn one_malformed_member_does_not_lose_the_others() {
        from_lines(&[], None);
        from_lines(&[""], Some(""));
        from_lines(&["lines", "bytes"], Some("lines, bytes"));
        from_lines(&["a b, \"c,d\", bytes"], Some("bytes"));
        from_lines(&[&["x"; 17].join(","), "bytes"], Some(&["x"; 16].join(", ")));
    }
}
