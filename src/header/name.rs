//! The name of a field, [RFC 9110 §5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1).

use super::error::{HeaderError, HeaderErrorKind};
use super::lookup::same;
use crate::syntax::Class;
use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

/// The name of a field: a token that keeps its case but compares, orders and hashes without regard
/// to it, [RFC 9110 §5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1).
///
/// Registered names are constants of [`header`](super), such as
/// [`header::ETAG`](super::ETAG); these and names made by [`from_static`](Self::from_static) do not
/// allocate.
///
/// # Examples
///
/// ```
/// use nethttp::header::{self, HeaderName};
///
/// let name = HeaderName::parse(b"content-type")?;
/// assert_eq!(name, header::CONTENT_TYPE);
/// assert_eq!(name.as_str(), "content-type");
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone)]
pub struct HeaderName(Cow<'static, str>);

impl HeaderName {
    /// The length in bytes of the longest name, 65,535.
    ///
    /// ```
    /// use nethttp::header::HeaderName;
    ///
    /// assert!(HeaderName::parse(&[b'a'; HeaderName::MAX_LEN]).is_ok());
    /// assert!(HeaderName::parse(&[b'a'; HeaderName::MAX_LEN + 1]).is_err());
    /// ```
    pub const MAX_LEN: usize = 65_535;

    /// Returns the name that a text in the program gives.
    ///
    /// # Panics
    ///
    /// Panics when the text is no field name, which in a constant stops the compiler. For a text
    /// that is not written in the program use [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderName;
    ///
    /// const REQUEST_ID: HeaderName = HeaderName::from_static("X-Request-Id");
    /// assert_eq!(REQUEST_ID, "x-request-id");
    /// ```
    ///
    /// ```compile_fail
    /// use nethttp::header::HeaderName;
    ///
    /// const REQUEST_ID: HeaderName = HeaderName::from_static("X Request Id");
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        assert!(check(text.as_bytes()).is_ok(), "expected a token as field name");
        Self(Cow::Borrowed(text))
    }

    /// Reads a name that spans the whole input.
    ///
    /// ```abnf
    /// field-name = token
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error when the input is empty, longer than [`MAX_LEN`](Self::MAX_LEN), or holds a
    /// byte that is no `tchar`, such as the colon.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderName;
    ///
    /// assert_eq!(HeaderName::parse(b"X-Request-Id")?.as_str(), "X-Request-Id");
    /// assert!(HeaderName::parse(b"X-Request-Id ").is_err());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, HeaderError> {
        check(text)?;
        // A token is ASCII.
        Ok(Self(Cow::Owned(core::str::from_utf8(text).unwrap_or_default().to_owned())))
    }

    /// Returns the name as it was spelled.
    ///
    /// ```
    /// assert_eq!(nethttp::header::WWW_AUTHENTICATE.as_str(), "WWW-Authenticate");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the bytes of the name as it was spelled.
    ///
    /// ```
    /// assert_eq!(nethttp::header::TE.as_bytes(), b"TE");
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Returns whether the bytes are a name, and if not, why.
pub(super) const fn check(text: &[u8]) -> Result<(), HeaderError> {
    if text.is_empty() {
        return Err(HeaderError::new(HeaderErrorKind::EmptyName, 0));
    }
    if text.len() > HeaderName::MAX_LEN {
        return Err(HeaderError::new(HeaderErrorKind::NameTooLong, HeaderName::MAX_LEN));
    }
    let mut rest = text;
    while let Some(tail) = Class::TOKEN.skip_four(rest) {
        rest = tail;
    }
    while let [octet, tail @ ..] = rest {
        if !Class::TOKEN.contains(*octet) {
            let kind = HeaderErrorKind::InvalidNameByte(*octet);
            return Err(HeaderError::new(kind, text.len() - rest.len()));
        }
        rest = tail;
    }
    Ok(())
}

fn lower(name: &HeaderName) -> impl Iterator<Item = u8> {
    name.0.bytes().map(|octet| octet.to_ascii_lowercase())
}

impl PartialEq for HeaderName {
    fn eq(&self, other: &Self) -> bool {
        same(self.as_bytes(), other.as_bytes())
    }
}

impl Eq for HeaderName {}

impl PartialEq<str> for HeaderName {
    fn eq(&self, other: &str) -> bool {
        same(self.as_bytes(), other.as_bytes())
    }
}

impl PartialEq<&str> for HeaderName {
    fn eq(&self, other: &&str) -> bool {
        same(self.as_bytes(), other.as_bytes())
    }
}

impl Ord for HeaderName {
    fn cmp(&self, other: &Self) -> Ordering {
        lower(self).cmp(lower(other))
    }
}

impl PartialOrd for HeaderName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for HeaderName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        lower(self).for_each(|octet| state.write_u8(octet));
        state.write_u8(0xff);
    }
}

impl AsRef<str> for HeaderName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<[u8]> for HeaderName {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for HeaderName {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&str> for HeaderName {
    type Error = HeaderError;

    fn try_from(text: &str) -> Result<Self, HeaderError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<String> for HeaderName {
    type Error = HeaderError;

    fn try_from(text: String) -> Result<Self, HeaderError> {
        check(text.as_bytes())?;
        Ok(Self(Cow::Owned(text)))
    }
}

impl TryFrom<&[u8]> for HeaderName {
    type Error = HeaderError;

    fn try_from(text: &[u8]) -> Result<Self, HeaderError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec;
    #[cfg(feature = "std")]
    use core::hash::BuildHasher;

    #[track_caller]
    fn rejects(text: &[u8], kind: HeaderErrorKind, offset: usize) {
        let error = HeaderName::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn every_single_byte_is_a_name_when_it_is_a_tchar() {
        for octet in 0..=255 {
            assert_eq!(HeaderName::parse(&[octet]).is_ok(), Class::TOKEN.contains(octet));
        }
    }

    #[test]
    fn rejects_what_is_no_token() {
        use HeaderErrorKind::{EmptyName, InvalidNameByte, NameTooLong};
        rejects(b"", EmptyName, 0);
        rejects(b"Host ", InvalidNameByte(b' '), 4);
        rejects(b"Host:", InvalidNameByte(b':'), 4);
        rejects(b"H\xc3\xb4te", InvalidNameByte(0xc3), 1);
        rejects(b"A\r\nB", InvalidNameByte(b'\r'), 1);
        rejects(&vec![b'a'; 65_536], NameTooLong, 65_535);
    }

    #[test]
    fn case_is_kept_but_not_compared() {
        let (upper, lower): (HeaderName, HeaderName) =
            ("X-ID".parse().unwrap(), "x-id".parse().unwrap());
        assert_eq!(upper, lower);
        assert_eq!(upper.cmp(&lower), Ordering::Equal);
        #[cfg(feature = "std")]
        {
            let state = std::hash::RandomState::new();
            assert_eq!(state.hash_one(&upper), state.hash_one(&lower));
        }
        assert_eq!(upper.to_string(), "X-ID");
        assert_eq!(format!("{lower:?}"), "\"x-id\"");
        assert_eq!(BTreeSet::from([upper, lower]).len(), 1);
    }

    #[test]
    fn names_order_as_their_lower_case_texts() {
        let name = |text: &str| HeaderName::try_from(text).unwrap();
        assert!(name("ACCEPT") < name("accept-encoding"));
        assert!(name("_a") < name("B"));
        assert_ne!(name("a"), name("ab"));
    }

    #[test]
    fn an_owned_text_becomes_a_name() {
        assert_eq!(HeaderName::try_from("a".to_string()).unwrap(), "A");
        assert!(HeaderName::try_from("a b".to_string()).is_err());
    }
}
