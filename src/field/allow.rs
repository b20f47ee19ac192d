//! The Allow field, [RFC 9110 §10.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1): the
//! methods that a resource supports.
//!
//! When a response has to have it, as one with 405 does, is the server's business.
//!
//! ```
//! use nethttp::field::Allow;
//! use nethttp::method::Method;
//!
//! let allow = Allow::from_iter([Method::GET, Method::HEAD]);
//! assert_eq!(allow.to_string(), "GET, HEAD");
//! assert!(!Allow::parse(b"GET, HEAD")?.contains(Method::PUT));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::vec::Vec;
use core::fmt;

use super::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::syntax::{Cursor, write_list};

/// The methods that a resource supports, each once and in order,
/// [RFC 9110 §10.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1).
///
/// There may be none: the resource supports no method, which is said with an empty field. Two values are
/// equal when they have the same methods in any order.
///
/// # Examples
///
/// ```
/// use nethttp::field::Allow;
/// use nethttp::header::{self, HeaderMap};
/// use nethttp::method::Method;
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::ALLOW, Allow::from_iter([Method::GET, Method::POST]).to_string())?;
/// let allow = Allow::from_headers(&headers).ok_or("no Allow")?;
/// assert!(allow.contains(Method::POST));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Allow {
    methods: Vec<Method>,
}

impl Allow {
    /// The largest number of methods that are read, 64; about 40 are registered.
    ///
    /// ```
    /// use nethttp::field::Allow;
    ///
    /// let methods: Vec<_> = (0..=Allow::MAX_METHODS).map(|n| format!("M{n}")).collect();
    /// assert!(Allow::parse(methods.join(",").as_bytes()).is_err());
    /// ```
    pub const MAX_METHODS: usize = 64;

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// Allow = #method
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is not allowed, at a method that is longer than
    /// [`Method::MAX_LEN`], or when there are more than [`MAX_METHODS`](Self::MAX_METHODS).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Allow;
    /// use nethttp::method::Method;
    ///
    /// let allow = Allow::parse(b"GET, PROPFIND")?;
    /// assert_eq!(allow.methods(), [Method::GET, Method::parse(b"PROPFIND")?]);
    /// assert!(Allow::parse(b"")?.methods().is_empty());
    /// assert_eq!(Allow::parse(b"GET HEAD").unwrap_err().offset(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(value: &[u8]) -> Result<Self, FieldError> {
        let (mut allow, mut cursor) = (Self::default(), Cursor::new(value));
        while cursor.next_member() {
            let at = cursor.offset();
            let method = Self::read(&mut cursor)?;
            allow.push(method, at)?;
        }
        Ok(allow)
    }

    /// Reads all Allow fields of a response; `None` without one, for that is not to say that no method is
    /// supported. Members that are no method are left out, and so is what exceeds
    /// [`MAX_METHODS`](Self::MAX_METHODS): the field informs, and forbids nothing.
    ///
    /// ```
    /// use nethttp::field::Allow;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(Allow::from_headers(&headers), None);
    /// headers.append("Allow", "GET, (none)")?;
    /// headers.append("Allow", "HEAD")?;
    /// assert_eq!(Allow::from_headers(&headers).unwrap().to_string(), "GET, HEAD");
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut found = None;
        for line in headers.get_all(header::ALLOW) {
            let (allow, mut cursor) = (found.get_or_insert_with(Self::default), Cursor::new(line));
            while cursor.next_member() {
                let mut member = cursor;
                cursor.skip_member();
                if let Ok(method) = Self::read(&mut member) {
                    // There is nothing to be done about a method too many.
                    let _ = allow.push(method, 0);
                }
            }
        }
        found
    }

    /// Reads a method and the end of its member.
    fn read(cursor: &mut Cursor<'_>) -> Result<Method, FieldError> {
        let at = cursor.offset();
        let method = cursor.token()?;
        cursor.end_member()?;
        // It is a token, and so can only be too long.
        Method::parse(method)
            .map_err(|error| FieldError::new(FieldErrorKind::Method, at + error.offset()))
    }

    fn push(&mut self, method: Method, at: usize) -> Result<(), FieldError> {
        if self.contains(method) {
            return Ok(());
        }
        if self.methods.len() >= Self::MAX_METHODS {
            return Err(FieldError::new(FieldErrorKind::TooManyMembers(Self::MAX_METHODS), at));
        }
        self.methods.push(method);
        Ok(())
    }

    /// Returns the methods in order.
    ///
    /// ```
    /// use nethttp::field::Allow;
    /// use nethttp::method::Method;
    ///
    /// assert_eq!(Allow::parse(b"PUT,GET,PUT")?.methods(), [Method::PUT, Method::GET]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// Returns whether the method is there; methods are case-sensitive.
    ///
    /// ```
    /// use nethttp::field::Allow;
    /// use nethttp::method::Method;
    ///
    /// assert!(!Allow::parse(b"get")?.contains(Method::GET));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }
}

/// Takes each method once; the program that builds the value sets the number.
impl FromIterator<Method> for Allow {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        let mut allow = Self::default();
        for method in methods {
            if !allow.contains(method) {
                allow.methods.push(method);
            }
        }
        allow
    }
}

impl PartialEq for Allow {
    fn eq(&self, other: &Self) -> bool {
        self.methods.len() == other.methods.len()
            && self.methods.iter().all(|method| other.contains(*method))
    }
}

impl Eq for Allow {}

/// Writes the methods, separated by comma and space.
impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.methods)
    }
}

impl fmt::Debug for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allow({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use alloc::format;
    use alloc::string::{String, ToString};

    fn recovered(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("allow", line).unwrap();
        }
        Allow::from_headers(&headers).map(|allow| allow.to_string())
    }

    #[track_caller]
    fn parses(value: &str, written: &str) {
        assert_eq!(Allow::parse(value.as_bytes()).unwrap().to_string(), written);
        assert_eq!(recovered(&[value]).as_deref(), Some(written));
    }

    #[track_caller]
    fn recovers(value: &str, written: &str) {
        assert!(Allow::parse(value.as_bytes()).is_err(), "nothing to recover from");
        assert_eq!(recovered(&[value]).as_deref(), Some(written));
    }

    #[test]
    fn reads_methods_each_once() {
        parses("", "");
        parses(",", "");
        parses("GET, HEAD, PUT", "GET, HEAD, PUT");
        parses("GET,HEAD,,GET", "GET, HEAD");
        parses("get, GET", "get, GET");
        parses("OPTIONS, PROPFIND, X-Made!Up", "OPTIONS, PROPFIND, X-Made!Up");
        assert_eq!(recovered(&["GET", "HEAD, GET"]).as_deref(), Some("GET, HEAD"));
        assert_eq!(recovered(&[]), None);
    }

    #[test]
    fn a_malformed_member_does_not_take_the_others() {
        recovers("GET HEAD, PUT", "PUT");
        recovers("GET, \"PUT, POST\", HEAD", "GET, HEAD");
        recovers("[GET], HEAD", "HEAD");
        recovers(&format!("GET, {}, HEAD", "A".repeat(33)), "GET, HEAD");
    }

    #[test]
    fn rejects_at_the_byte_that_is_wrong() {
        let long = "GET, ".to_string() + &"A".repeat(33);
        for (value, kind, offset) in [
            ("GET HEAD", FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedComma), 4),
            ("GET, \"PUT\"", FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken), 5),
            (&*long, FieldErrorKind::Method, 37),
        ] {
            let error = Allow::parse(value.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
        }
    }

    #[test]
    fn methods_past_the_limit_are_not_read() {
        let methods: Vec<String> = (0..=Allow::MAX_METHODS).map(|n| format!("M{n}")).collect();
        let error = Allow::parse(methods.join(", ").as_bytes()).unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(Allow::MAX_METHODS));
        let most = methods[..Allow::MAX_METHODS].join(", ");
        recovers(&methods.join(", "), &most);
    }

    #[test]
    fn equality_is_that_of_sets() {
        let allow = |value: &str| Allow::parse(value.as_bytes()).unwrap();
        assert_eq!(allow("GET, HEAD"), allow("HEAD,GET,GET"));
        assert_ne!(allow("GET"), allow("GET, HEAD"));
        assert_eq!(format!("{:?}", allow("GET,HEAD")), "Allow(GET, HEAD)");
    }
}
