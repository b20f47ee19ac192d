//! A token, [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750).

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::grammar::check_token68;
use crate::field::FieldError;
use crate::hash;

/// The credentials of the scheme Bearer: a token that opens to whoever has it,
/// [RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1).
///
/// `Debug` does not show it. Two are compared in a time that does not depend on where they differ.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{Bearer, Credentials};
///
/// let bearer = Bearer::new("mF_9.B5f-4.1JqM")?;
/// assert_eq!(bearer.encode(), "Bearer mF_9.B5f-4.1JqM");
/// assert_eq!(Credentials::parse(b"bearer mF_9.B5f-4.1JqM")?, Credentials::Bearer(bearer));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct Bearer<'a> {
    token: Cow<'a, str>,
}

impl<'a> Bearer<'a> {
    /// Creates credentials of a token.
    ///
    /// ```abnf
    /// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    /// ```
    ///
    /// # Errors
    ///
    /// [`Token68`](crate::field::FieldErrorKind::Token68) at the first byte that does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Bearer;
    ///
    /// assert!(Bearer::new("header.payload.signature").is_ok());
    /// assert_eq!(Bearer::new("new\r\nline").unwrap_err().offset(), 3);
    /// ```
    pub fn new(token: impl Into<Cow<'a, str>>) -> Result<Self, FieldError> {
        let token = token.into();
        check_token68(token.as_bytes())?;
        Ok(Self { token })
    }

    /// Returns the token. To compare it there is [`matches`](Self::matches).
    ///
    /// ```
    /// # use nethttp::field::auth::Bearer;
    /// assert_eq!(Bearer::new("abc")?.token(), "abc");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns whether this is the token, in a time that depends on lengths alone.
    ///
    /// ```
    /// # use nethttp::field::auth::Bearer;
    /// assert!(Bearer::new("abc")?.matches("abc"));
    /// assert!(!Bearer::new("abc")?.matches("ABC"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn matches(&self, token: impl AsRef<[u8]>) -> bool {
        hash::eq(self.token.as_bytes(), token.as_ref())
    }

    /// Returns the credentials with a copy of what they borrow.
    ///
    /// ```
    /// # use nethttp::field::auth::Bearer;
    /// let token = String::from("abc");
    /// let kept: Bearer<'static> = Bearer::new(&token)?.into_owned();
    /// assert_eq!(kept.token(), token);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Bearer<'static> {
        Bearer { token: Cow::Owned(self.token.into_owned()) }
    }

    /// Returns the value of Authorization or Proxy-Authorization.
    ///
    /// ```
    /// # use nethttp::field::auth::Bearer;
    /// assert_eq!(Bearer::new("abc")?.encode(), "Bearer abc");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> String {
        alloc::format!("Bearer {}", self.token)
    }
}

impl PartialEq for Bearer<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other.token())
    }
}

impl Eq for Bearer<'_> {}

impl fmt::Debug for Bearer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldErrorKind;

    #[test]
    fn a_token_is_a_token68() {
        for token in ["a", "mF_9.B5f-4.1JqM", "~+/==", "0="] {
            let bearer = Bearer::new(token).unwrap();
            assert!(bearer.matches(token) && !bearer.matches(&token[1..]));
            assert_eq!(bearer.clone().into_owned(), bearer);
        }
        for (token, offset) in [("", 0), ("=", 0), ("a b", 1), ("a=b", 2), ("a\"", 1)] {
            let error = Bearer::new(token).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Token68, offset));
        }
    }
}
