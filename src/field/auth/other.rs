//! The credentials of a scheme that this crate does not speak.

use alloc::vec::Vec;
use core::fmt;

use super::AuthParameters;
use super::grammar::SchemeData;
use crate::field::FieldError;

/// The credentials of a scheme that [`Credentials`](super::Credentials) does not know,
/// [RFC 9110 §11.4](https://www.rfc-editor.org/rfc/rfc9110#section-11.4): a scheme, and parameters or
/// a `token68` or nothing.
///
/// `Debug` shows the scheme alone, and not even that where nothing follows it: what stands there may be a key
/// that was sent without a scheme.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{Credentials, OtherCredentials};
///
/// let credentials = OtherCredentials::new("Hawk")?
///     .with_parameter("id", "dh37fgj492je")?
///     .with_parameter("mac", "6R4rV5iE")?;
/// assert_eq!(credentials.encode(), br#"Hawk id="dh37fgj492je", mac="6R4rV5iE""#);
/// assert_eq!(Credentials::parse(&credentials.encode())?, credentials.into());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OtherCredentials<'a>(SchemeData<'a>);

impl<'a> OtherCredentials<'a> {
    pub(super) const fn of(found: SchemeData<'a>) -> Self {
        Self(found)
    }

    /// Returns the credentials with another parameter, in quotes; it takes the place of a token68.
    ///
    /// # Errors
    ///
    /// Those of [`Challenge::with_parameter`](super::Challenge::with_parameter).
    ///
    /// # Examples
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// let credentials = OtherCredentials::new("Token")?.with_parameter("token", "abc")?;
    /// assert_eq!(credentials.encode(), b"Token token=\"abc\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_parameter(
        mut self,
        name: &str,
        value: impl AsRef<[u8]>,
    ) -> Result<Self, FieldError> {
        self.0.set_parameter(name, value.as_ref())?;
        Ok(self)
    }

    /// Returns the credentials with a `token68`, which takes the place of parameters.
    ///
    /// # Errors
    ///
    /// [`Token68`](crate::field::FieldErrorKind::Token68) at the first byte that does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// assert_eq!(OtherCredentials::new("Negotiate")?.with_token68("YII=")?.encode(), b"Negotiate YII=");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_token68(mut self, text: &str) -> Result<Self, FieldError> {
        self.0.set_token68(text)?;
        Ok(self)
    }

    /// Returns the scheme as it was written.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// assert_eq!(OtherCredentials::new("Negotiate")?.scheme(), "Negotiate");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.0.scheme
    }

    /// Returns whether the scheme is this one, in any case.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// assert!(OtherCredentials::new("Negotiate")?.is("negotiate"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is(&self, scheme: &str) -> bool {
        self.0.is(scheme)
    }

    /// Returns the value of the parameter of this name, in any case, without quotes and escapes.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// let credentials = OtherCredentials::new("Token")?.with_parameter("token", "abc")?;
    /// assert_eq!(credentials.parameter("TOKEN"), Some(&b"abc"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.parameters().get(name)
    }

    /// Returns the parameters; with a token68 there are none.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// assert!(OtherCredentials::new("Negotiate")?.parameters().is_empty());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn parameters(&self) -> &AuthParameters<'a> {
        self.0.parameters()
    }

    /// Returns the token68, if that is what stands behind the scheme.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// let credentials = OtherCredentials::new("Negotiate")?.with_token68("YII=")?;
    /// assert_eq!(credentials.token68(), Some("YII="));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn token68(&self) -> Option<&str> {
        self.0.token68()
    }

    /// Returns the credentials with a copy of what they borrow.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// let kept: OtherCredentials<'static> = OtherCredentials::new("Negotiate")?.into_owned();
    /// assert!(kept.is("negotiate"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> OtherCredentials<'static> {
        OtherCredentials(self.0.into_owned())
    }

    /// Returns the value of Authorization or Proxy-Authorization.
    ///
    /// ```
    /// # use nethttp::field::auth::OtherCredentials;
    /// assert_eq!(OtherCredentials::new("Negotiate")?.encode(), b"Negotiate");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.0.write_to(&mut out);
        out
    }
}

impl OtherCredentials<'static> {
    /// Creates credentials of a scheme alone.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the scheme is no token.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::OtherCredentials;
    ///
    /// assert!(OtherCredentials::new("Negotiate").is_ok());
    /// assert!(OtherCredentials::new("a b").is_err());
    /// ```
    pub fn new(scheme: &str) -> Result<Self, FieldError> {
        SchemeData::new(scheme).map(Self)
    }
}

impl fmt::Debug for OtherCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("OtherCredentials");
        if self.0.token68().is_some() || !self.parameters().is_empty() {
            shown.field("scheme", &self.0.scheme);
        }
        shown.finish_non_exhaustive()
    }
}
