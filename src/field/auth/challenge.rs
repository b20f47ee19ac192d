//! What a server asks for, [RFC 9110 §11.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.3).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use super::grammar::{Data, SchemeData};
use super::parameters::{AuthParameters, lossy};
use crate::field::FieldError;
use crate::syntax::Cursor;

/// One challenge of WWW-Authenticate or Proxy-Authenticate,
/// [RFC 9110 §11.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.3): a scheme, and parameters or
/// a `token68` or nothing.
///
/// Everything is kept as it was written. Two are equal when they mean the same: schemes and names of
/// parameters are compared without regard to case, values exactly, parameters in any order. `Display` is for
/// people; [`encode`](Self::encode) gives the bytes.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Challenge;
///
/// let challenge = Challenge::bearer("api")?.with_parameter("error", "invalid_token")?;
/// assert_eq!(challenge.to_string(), r#"Bearer realm="api", error="invalid_token""#);
///
/// let read = Challenge::parse(b"BEARER Realm=api, error=invalid_token")?;
/// assert_eq!(read, challenge);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge<'a>(SchemeData<'a>);

impl<'a> Challenge<'a> {
    /// Reads a challenge that spans the whole value.
    ///
    /// ```abnf
    /// challenge   = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
    /// auth-scheme = token
    /// token68     = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
    /// auth-param  = token BWS "=" BWS ( token / quoted-string )
    /// ```
    ///
    /// # Errors
    ///
    /// [`SchemeSpace`](crate::field::FieldErrorKind::SchemeSpace), [`Token68`](crate::field::FieldErrorKind::Token68),
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) and [`End`](crate::field::FieldErrorKind::End) at the first byte that the grammar
    /// does not allow; [`DuplicateParameter`](crate::field::FieldErrorKind::DuplicateParameter) and
    /// [`TooManyMembers`](crate::field::FieldErrorKind::TooManyMembers), above
    /// [`AuthParameters::MAX_PARAMETERS`], at the name of a parameter.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// assert!(Challenge::parse(b"Basic realm=\"a\"").is_ok());
    /// assert!(Challenge::parse(b"Basic realm=\"a\", Negotiate").is_err());
    /// let error = Challenge::parse(b"Basic realm=\"a").unwrap_err();
    /// assert_eq!(error.to_string(), "expected closing '\"', found end of input at byte 14");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        SchemeData::parse(value).map(Self)
    }

    /// Reads a challenge of a list, [`SchemeData::read`].
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        SchemeData::read(cursor).map(Self)
    }

    /// Returns the challenge with another parameter, in quotes: that is how schemes of old want it, and
    /// [RFC 9110 §11.5](https://www.rfc-editor.org/rfc/rfc9110#section-11.5) the realm. It takes the place of
    /// a token68.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the name is no token or the value holds a control character, with
    /// the offset in the one or the other; [`DuplicateParameter`](crate::field::FieldErrorKind::DuplicateParameter),
    /// [`TooManyMembers`](crate::field::FieldErrorKind::TooManyMembers).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// let challenge = Challenge::new("GNAP")?.with_parameter("as_uri", "https://example.org/tx")?;
    /// assert_eq!(challenge.to_string(), r#"GNAP as_uri="https://example.org/tx""#);
    /// assert!(challenge.with_parameter("AS_URI", "again").is_err());
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

    /// Returns the challenge with a `token68`, which takes the place of parameters.
    ///
    /// # Errors
    ///
    /// [`Token68`](crate::field::FieldErrorKind::Token68) at the first byte that does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// assert_eq!(Challenge::new("Negotiate")?.with_token68("oYG2==")?.to_string(), "Negotiate oYG2==");
    /// assert!(Challenge::new("Negotiate")?.with_token68("a b").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_token68(mut self, text: &str) -> Result<Self, FieldError> {
        self.0.set_token68(text)?;
        Ok(self)
    }

    /// Returns the scheme as it was written.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::parse(b"NTLM")?.scheme(), "NTLM");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.0.scheme
    }

    /// Returns whether the scheme is this one, in any case.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert!(Challenge::parse(b"NTLM")?.is("ntlm"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is(&self, scheme: &str) -> bool {
        self.0.is(scheme)
    }

    /// Returns the realm, the parameter that names the space which the credentials are for, as text for
    /// people, [RFC 9110 §11.5](https://www.rfc-editor.org/rfc/rfc9110#section-11.5).
    ///
    /// What is not UTF-8 in it becomes U+FFFD; [`parameter`](Self::parameter) has the bytes.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::parse(b"Basic realm=\"a b\"")?.realm().as_deref(), Some("a b"));
    /// assert_eq!(Challenge::parse(b"Basic realm=\"\xe9\"")?.realm().as_deref(), Some("\u{fffd}"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn realm(&self) -> Option<Cow<'_, str>> {
        self.parameter("realm").map(lossy)
    }

    /// Returns the value of the parameter of this name, in any case, without quotes and escapes.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Bearer error=\"insufficient_scope\", scope=\"read write\"")?;
    /// assert_eq!(challenge.parameter("scope"), Some(&b"read write"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        self.parameters().get(name)
    }

    /// Returns the parameters; with a token68 there are none.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::parse(b"Digest realm=a, nonce=b")?.parameters().len(), 2);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn parameters(&self) -> &AuthParameters<'a> {
        self.0.parameters()
    }

    /// Returns the token68, if that is what stands behind the scheme.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::parse(b"Negotiate oYG2==")?.token68(), Some("oYG2=="));
    /// assert_eq!(Challenge::parse(b"Negotiate")?.token68(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn token68(&self) -> Option<&str> {
        self.0.token68()
    }

    /// Returns the challenge with a copy of what it borrows.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let kept: Challenge<'static> = Challenge::parse(String::from("Negotiate").as_bytes())?.into_owned();
    /// assert!(kept.is("negotiate"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Challenge<'static> {
        Challenge(self.0.into_owned())
    }

    /// Returns the value of the field.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::basic("caf\u{e9}")?.encode(), "Basic realm=\"caf\u{e9}\", charset=\"UTF-8\"".as_bytes());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.0.write_to(&mut out);
        out
    }
}

impl Challenge<'static> {
    /// Returns the challenge of a scheme alone.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the scheme is no token.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// assert_eq!(Challenge::new("Negotiate")?.to_string(), "Negotiate");
    /// assert_eq!(Challenge::new("two words").unwrap_err().offset(), 3);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn new(scheme: &str) -> Result<Self, FieldError> {
        SchemeData::new(scheme).map(Self)
    }

    /// Returns a challenge of Basic, which asks for names and passwords in UTF-8,
    /// [RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2).
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the realm holds a control character.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// let challenge = Challenge::basic("the staff")?;
    /// assert_eq!(challenge.to_string(), r#"Basic realm="the staff", charset="UTF-8""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn basic(realm: &str) -> Result<Self, FieldError> {
        Self::new("Basic")?.with_parameter("realm", realm)?.with_parameter("charset", "UTF-8")
    }

    /// Returns a challenge of Bearer, [RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3). What
    /// was wrong with a token is said by the parameters `error`, `error_description` and `scope`.
    ///
    /// # Errors
    ///
    /// [`Syntax`](crate::field::FieldErrorKind::Syntax) if the realm holds a control character.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenge;
    ///
    /// let challenge = Challenge::bearer("api")?
    ///     .with_parameter("error", "insufficient_scope")?
    ///     .with_parameter("scope", "read write")?;
    /// assert_eq!(
    ///     challenge.to_string(),
    ///     r#"Bearer realm="api", error="insufficient_scope", scope="read write""#,
    /// );
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn bearer(realm: &str) -> Result<Self, FieldError> {
        Self::new("Bearer")?.with_parameter("realm", realm)
    }
}

impl<'a> Challenge<'a> {
    /// Returns the challenge of a scheme, which is a token, with these parameters.
    pub(super) const fn of_parameters(scheme: &'static str, list: AuthParameters<'a>) -> Self {
        Self(SchemeData { scheme: Cow::Borrowed(scheme), data: Data::Parameters(list) })
    }
}

impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&lossy(&self.encode()))
    }
}

/// Shows the text; what a server sends to anybody is no secret.
impl fmt::Debug for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Challenge").field(&lossy(&self.encode())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldErrorKind;
    use crate::syntax::SyntaxErrorKind;
    use FieldErrorKind as Kind;
    use SyntaxErrorKind as Syntax;
    use alloc::format;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(value: &[u8], scheme: &str, parameters: &[(&str, &[u8])], written: &[u8]) {
        let challenge = Challenge::parse(value).unwrap();
        assert!(challenge.is(scheme) && challenge.token68().is_none());
        let found: Vec<_> =
            challenge.parameters().iter().map(|it| (it.name(), it.value())).collect();
        assert_eq!(found, parameters);
        assert_eq!(challenge.encode(), written, "{challenge}");
        assert_eq!(Challenge::parse(written).as_ref(), Ok(&challenge));
        assert_eq!(challenge.clone().into_owned(), challenge);
    }

    #[test]
    fn reads_schemes_with_parameters() {
        reads(b"Negotiate", "negotiate", &[], b"Negotiate");
        reads(b"NTLM \t", "NTLM", &[], b"NTLM");
        reads(b"basic  realm=\"\"", "Basic", &[("realm", b"")], b"basic realm=\"\"");
        reads(b"x A=b ,, c = \"d\" ,", "X", &[("A", b"b"), ("c", b"d")], b"x A=b, c=\"d\"");
        reads(b"x , a=b", "x", &[("a", b"b")], b"x a=b");
        reads(b"x \t,a=b", "x", &[("a", b"b")], b"x a=b");
        reads(b"x a=\"\\b\\\"\xff, y\"", "x", &[("a", b"b\"\xff, y")], b"x a=\"b\\\"\xff, y\"");
    }

    #[track_caller]
    fn reads_token68(value: &str, text: &str) {
        let challenge = Challenge::parse(value.as_bytes()).unwrap();
        assert_eq!(challenge.token68(), Some(text));
        assert!(challenge.parameters().is_empty() && challenge.realm().is_none());
        assert_eq!(Challenge::parse(&challenge.encode()), Ok(challenge));
    }

    #[test]
    fn reads_token68_where_no_value_follows_the_equals_sign() {
        reads_token68("x a", "a");
        reads_token68("x a=", "a=");
        reads_token68("x a== \t", "a==");
        reads_token68("x   -._~+/09azAZ===", "-._~+/09azAZ===");
        reads_token68("x /", "/");
    }

    #[track_caller]
    fn refuses(value: &str, kind: FieldErrorKind, offset: usize) {
        let error = Challenge::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
    }

    #[test]
    fn refuses_bad_schemes() {
        refuses("", Kind::Syntax(Syntax::ExpectedToken), 0);
        refuses(" x", Kind::Syntax(Syntax::ExpectedToken), 0);
        refuses("=", Kind::Syntax(Syntax::ExpectedToken), 0);
        refuses("x=", Kind::SchemeSpace, 1);
        refuses("x,", Kind::SchemeSpace, 1);
        refuses("x\t,a=b", Kind::SchemeSpace, 2);
        refuses("x\ta=b", Kind::SchemeSpace, 2);
        refuses("x \ta=b", Kind::SchemeSpace, 3);
        refuses("x/y", Kind::SchemeSpace, 1);
    }

    #[test]
    fn refuses_at_the_byte_that_no_reading_allows() {
        refuses("x a b", Kind::Syntax(Syntax::ExpectedEquals), 4);
        refuses("x a!", Kind::Syntax(Syntax::ExpectedEquals), 4);
        refuses("x a!=", Kind::Syntax(Syntax::ExpectedToken), 5);
        refuses("x @", Kind::Syntax(Syntax::ExpectedToken), 2);
        refuses("x =a", Kind::Syntax(Syntax::ExpectedToken), 2);
        refuses("x a==b", Kind::Token68, 5);
        refuses("x a/b c", Kind::Token68, 6);
        refuses("x a== b", Kind::Token68, 6);
        refuses("x a==, b=c", Kind::End, 5);
        refuses("x a , b=c", Kind::End, 4);
        refuses("x a=b=", Kind::Syntax(Syntax::ExpectedComma), 5);
        refuses("x a=b c", Kind::Syntax(Syntax::ExpectedComma), 6);
        refuses("x a=\"b\"c", Kind::Syntax(Syntax::ExpectedComma), 7);
        refuses("x a=\"b", Kind::Syntax(Syntax::UnclosedQuote), 6);
        refuses("x a=\"\x7f\"", Kind::Syntax(Syntax::QuotedByte(0x7f)), 5);
        refuses("x a=b, y", Kind::Syntax(Syntax::ExpectedEquals), 8);
        refuses("x a=b, y c=d", Kind::Syntax(Syntax::ExpectedEquals), 9);
        refuses("x a=b, c=", Kind::Syntax(Syntax::ExpectedToken), 9);
    }

    #[test]
    fn refuses_a_name_that_comes_twice() {
        refuses("x realm=a, b=c, REALM=a", Kind::DuplicateParameter, 16);
        refuses("x a=1, a=\"", Kind::Syntax(Syntax::UnclosedQuote), 10);
        let many: Vec<_> = (0..33).map(|index| format!("a{index:02}=b")).collect();
        refuses(&format!("x {}", many.join(",")), Kind::TooManyMembers(32), 2 + 32 * 6);
        assert!(Challenge::parse(format!("x {}", many[1..].join(",")).as_bytes()).is_ok());
    }

    #[test]
    fn parameters_and_token68_take_the_place_of_one_another() {
        let challenge = Challenge::new("x").unwrap().with_parameter("a", b"b\xff").unwrap();
        let challenge = challenge.with_token68("c==").unwrap();
        assert_eq!(challenge.encode(), b"x c==");
        assert_eq!(challenge.with_parameter("d", "").unwrap().encode(), b"x d=\"\"");
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        for (text, offset) in [("", 0), ("=", 0), ("a=b", 2), ("a b", 1), ("\u{e9}", 0)] {
            let error = Challenge::new("x").unwrap().with_token68(text).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (Kind::Token68, offset));
        }
        assert_eq!(Challenge::basic("a\r\nb").unwrap_err().offset(), 1);
        assert!(Challenge::bearer("\0").is_err());
        assert!(Challenge::new("").is_err());
    }

    #[test]
    fn texts_are_for_people() {
        let challenge = Challenge::parse(b"x realm=\"\xc3\xa9\xe9\"").unwrap();
        assert_eq!(challenge.realm().as_deref(), Some("\u{e9}\u{fffd}"));
        assert_eq!(challenge.to_string(), "x realm=\"\u{e9}\u{fffd}\"");
        let shown = format!("{:?}", Challenge::basic("a").unwrap());
        assert_eq!(shown, r#"Challenge("Basic realm=\"a\", charset=\"UTF-8\"")"#);
    }
}
