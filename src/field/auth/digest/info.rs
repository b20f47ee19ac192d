//! Authentication-Info, [RFC 7616 §3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5): what a server says
//! to who came in.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::DigestQop;
use super::credentials::count;
use crate::field::auth::AuthParameters;
use crate::field::auth::parameters::AuthParameter;
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::Cursor;

/// The value of Authentication-Info or Proxy-Authentication-Info for Digest,
/// [RFC 7616 §3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5): the nonce to be used next, and the proof
/// that the server knows the password too.
///
/// `Debug` does not show the proof, since with it a password can be guessed.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::AuthenticationInfo;
///
/// let info = AuthenticationInfo::parse(b"nextnonce=\"47364c23\", qop=auth, nc=00000001")?;
/// assert_eq!(info.next_nonce(), Some(&b"47364c23"[..]));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AuthenticationInfo {
    pub(super) next_nonce: Option<Vec<u8>>,
    pub(super) rspauth: Option<String>,
    pub(super) qop: Option<DigestQop>,
    pub(super) cnonce: Option<Vec<u8>>,
    pub(super) nc: Option<u32>,
}

impl AuthenticationInfo {
    /// Creates a value that says nothing yet.
    ///
    /// ```
    /// assert_eq!(nethttp::field::auth::AuthenticationInfo::new().encode(), b"");
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { next_nonce: None, rspauth: None, qop: None, cnonce: None, nc: None }
    }

    /// Reads the value of one field.
    ///
    /// ```abnf
    /// Authentication-Info = #auth-param
    /// ```
    ///
    /// Parameters that are not known are ignored.
    ///
    /// # Errors
    ///
    /// [`Syntax`](FieldErrorKind::Syntax) at the first byte that the grammar does not allow;
    /// [`DuplicateParameter`](FieldErrorKind::DuplicateParameter) and
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers) at a name;
    /// [`Parameter`](FieldErrorKind::Parameter), with an offset that says nothing, for a value that is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::AuthenticationInfo;
    ///
    /// let error = AuthenticationInfo::parse(b"nextnonce=a b").unwrap_err();
    /// assert_eq!(error.offset(), 12);
    /// ```
    pub fn parse(value: &[u8]) -> Result<Self, FieldError> {
        Self::of_lines(core::iter::once(value)).map(Option::unwrap_or_default)
    }

    /// Reads the Authentication-Info fields of a response; they are one list.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::AuthenticationInfo;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Authentication-Info", "nextnonce=\"a\"")?;
    /// let info = AuthenticationInfo::from_headers(&headers)?.ok_or("no field")?;
    /// assert_eq!(info.next_nonce(), Some(&b"a"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, FieldError> {
        Self::of_lines(headers.get_all(header::AUTHENTICATION_INFO))
    }

    /// Reads the Proxy-Authentication-Info fields of a response, as [`from_headers`](Self::from_headers) does.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::AuthenticationInfo;
    ///
    /// assert_eq!(AuthenticationInfo::from_proxy_headers(&HeaderMap::new())?, None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn from_proxy_headers(headers: &HeaderMap) -> Result<Option<Self>, FieldError> {
        Self::of_lines(headers.get_all(header::PROXY_AUTHENTICATION_INFO))
    }

    fn of_lines<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Result<Option<Self>, FieldError> {
        let mut found = None;
        for line in lines {
            let parameters = found.get_or_insert_with(AuthParameters::default);
            let mut cursor = Cursor::new(line);
            while cursor.next_member() {
                let offset = cursor.offset();
                parameters.add(AuthParameter::read(&mut cursor)?, offset)?;
                cursor.end_member()?;
            }
        }
        found.map(|parameters| Self::from_parameters(&parameters)).transpose()
    }

    fn from_parameters(parameters: &AuthParameters<'_>) -> Result<Self, FieldError> {
        let wrong = |name| FieldError::new(FieldErrorKind::Parameter(name), 0);
        let value = |name| parameters.get(name).map(<[u8]>::to_vec);
        let rspauth = value("rspauth").map(String::from_utf8).transpose();
        let nc = parameters.get("nc").map(|nc| count(nc).ok_or(wrong("nc")));
        Ok(Self {
            next_nonce: value("nextnonce"),
            rspauth: rspauth.map_err(|_| wrong("rspauth"))?,
            qop: parameters.get("qop").map(DigestQop::parse).transpose()?,
            cnonce: value("cnonce"),
            nc: nc.transpose()?,
        })
    }

    /// Returns the nonce that the client is to use from now on.
    ///
    /// ```
    /// # use nethttp::field::auth::AuthenticationInfo;
    /// assert_eq!(AuthenticationInfo::parse(b"qop=auth")?.next_nonce(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn next_nonce(&self) -> Option<&[u8]> {
        self.next_nonce.as_deref()
    }

    /// Returns whether there is a proof that the server knows the password;
    /// [`DigestClient::is_proof`](super::DigestClient::is_proof) checks it.
    ///
    /// ```
    /// # use nethttp::field::auth::AuthenticationInfo;
    /// assert!(AuthenticationInfo::parse(b"rspauth=\"6629\"")?.has_proof());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn has_proof(&self) -> bool {
        self.rspauth.is_some()
    }

    /// Returns the value of the field.
    ///
    /// ```
    /// # use nethttp::field::auth::AuthenticationInfo;
    /// let value = b"qop=auth, rspauth=\"6629\", cnonce=\"0a4f\", nc=00000001, nextnonce=\"a\"";
    /// assert_eq!(AuthenticationInfo::parse(value)?.encode(), value);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut parameters = AuthParameters::default();
        let nc = self.nc.map(|nc| alloc::format!("{nc:08x}"));
        for (name, value, is_quoted) in [
            ("qop", self.qop.map(|qop| qop.as_str().as_bytes()), false),
            ("rspauth", self.rspauth.as_deref().map(str::as_bytes), true),
            ("cnonce", self.cnonce.as_deref(), true),
            ("nc", nc.as_deref().map(str::as_bytes), false),
            ("nextnonce", self.next_nonce.as_deref(), true),
        ] {
            // All of it was read, or made of characters that can be written.
            let _ = value.map(|value| parameters.push(name, value, is_quoted));
        }
        let mut out = Vec::new();
        parameters.write_to(&mut out);
        out
    }
}

impl fmt::Debug for AuthenticationInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next_nonce = self.next_nonce.as_deref().map(String::from_utf8_lossy);
        f.debug_struct("AuthenticationInfo")
            .field("next_nonce", &next_nonce)
            .field("has_proof", &self.has_proof())
            .field("qop", &self.qop)
            .field("nc", &self.nc)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn is_written_as_the_rfc_spells_it() {
        let value = b"nc=\"0000000A\", cnonce=c, rspauth=0f, qop=\"AUTH\" ,, nextnonce=n, new=1";
        let info = AuthenticationInfo::parse(value).unwrap();
        assert!(info.has_proof() && info.next_nonce() == Some(b"n"));
        let expected = b"qop=auth, rspauth=\"0f\", cnonce=\"c\", nc=0000000a, nextnonce=\"n\"";
        assert_eq!(info.encode().escape_ascii().to_string(), expected.escape_ascii().to_string());
    }

    #[test]
    fn refuses_what_says_nothing_for_sure() {
        for value in [
            &b"nextnonce=a, nextnonce=b"[..],
            b"nextnonce=a b=c",
            b"nextnonce=a;b=c",
            b"nextnonce",
            b"nc=1",
            b"qop=auth-conf",
            b"rspauth=\"\xe9\"",
        ] {
            assert!(AuthenticationInfo::parse(value).is_err(), "{}", value.escape_ascii());
        }
        let mut headers = HeaderMap::new();
        headers.append("Authentication-Info", "nextnonce=a").unwrap();
        headers.append("Authentication-Info", "qop=auth").unwrap();
        let info = AuthenticationInfo::from_headers(&headers).unwrap().unwrap();
        assert_eq!((info.next_nonce(), info.qop), (Some(&b"a"[..]), Some(DigestQop::Auth)));
        headers.append("Authentication-Info", "nextnonce=b").unwrap();
        assert!(AuthenticationInfo::from_headers(&headers).is_err());
        assert_eq!(AuthenticationInfo::from_proxy_headers(&headers), Ok(None));
    }
}
