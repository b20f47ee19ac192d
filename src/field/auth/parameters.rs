//! The parameters of challenges and credentials.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::slice;

use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Class, Cursor, SyntaxError, SyntaxErrorKind, quote, unescape};

/// One `name=value` of a challenge or of credentials,
/// [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
///
/// `Debug` shows the name alone, as the value may be a secret. Two are equal when their names are, in any
/// case, and their values; quotes mean nothing.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Challenge;
///
/// let challenge = Challenge::parse(b"Bearer realm=\"a b\", Scope=openid")?;
/// let scope = challenge.parameters().iter().last().ok_or("no parameter")?;
/// assert_eq!((scope.name(), scope.value()), ("Scope", &b"openid"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuthParameter<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, [u8]>,
    quoted: bool,
}

impl<'a> AuthParameter<'a> {
    /// Reads a parameter at whose name the cursor stands.
    ///
    /// ```abnf
    /// auth-param = token BWS "=" BWS ( token / quoted-string )
    /// ```
    ///
    /// BWS is whitespace that nobody may send and everybody must read.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, SyntaxError> {
        let mut at = *cursor;
        let name = ascii(at.token()?);
        at.skip_ows();
        if !at.eat(b'=') {
            return Err(at.error(SyntaxErrorKind::ExpectedEquals));
        }
        at.skip_ows();
        let quoted = at.peek() == Some(b'"');
        let value = if quoted { unescape(at.quoted_string()?) } else { Cow::Borrowed(at.token()?) };
        *cursor = at;
        Ok(Self { name: Cow::Borrowed(name), value, quoted })
    }

    /// Returns the name as it was written.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Basic Realm=x")?;
    /// assert!(challenge.parameters().iter().all(|parameter| parameter.name() == "Realm"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the name is the given one; names are case-insensitive.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Basic Realm=x")?;
    /// assert!(challenge.parameters().iter().all(|parameter| parameter.is_named("realm")));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Returns the value that is meant, without quotes and escapes.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(br#"Basic realm="a \"b\"""#)?;
    /// assert!(challenge.parameters().iter().all(|parameter| parameter.value() == br#"a "b""#));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Returns whether the value stands in quotes.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Digest realm=\"x\", stale=true")?;
    /// let quoted: Vec<_> = challenge.parameters().iter().map(|it| it.is_quoted()).collect();
    /// assert_eq!(quoted, [true, false]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Returns the parameter with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::auth::{AuthParameter, Challenge};
    ///
    /// let text = String::from("Basic realm=x");
    /// let challenge = Challenge::parse(text.as_bytes())?;
    /// let kept: Vec<AuthParameter<'static>> =
    ///     challenge.parameters().iter().cloned().map(AuthParameter::into_owned).collect();
    /// drop(text);
    /// assert_eq!(kept.len(), 1);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> AuthParameter<'static> {
        AuthParameter {
            name: Cow::Owned(self.name.into_owned()),
            value: Cow::Owned(self.value.into_owned()),
            quoted: self.quoted,
        }
    }

    fn write_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.name.as_bytes());
        out.push(b'=');
        let mut text = Vec::new();
        // A value is text, so that it can stand in quotes.
        if self.quoted && quote(&self.value, &mut text).is_ok() {
            out.append(&mut text);
        } else {
            out.extend_from_slice(&self.value);
        }
    }
}

impl PartialEq for AuthParameter<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_named(&other.name) && self.value == other.value
    }
}

impl Eq for AuthParameter<'_> {}

impl fmt::Debug for AuthParameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthParameter").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The parameters of one challenge or of credentials, each name at most once,
/// [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
///
/// `Debug` shows the names alone, as values may be secrets. Their order means nothing: two are equal when
/// they hold the same.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Challenge;
///
/// let challenge = Challenge::parse(b"Digest realm=\"x\", nonce=\"abc\", algorithm=SHA-256")?;
/// let parameters = challenge.parameters();
/// assert_eq!(parameters.len(), 3);
/// assert_eq!(parameters.get("NONCE"), Some(&b"abc"[..]));
/// assert_eq!(parameters.get("qop"), None);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Default)]
pub struct AuthParameters<'a> {
    list: Vec<AuthParameter<'a>>,
}

impl<'a> AuthParameters<'a> {
    /// The most parameters that one challenge has: 32. Schemes in use have eleven at most.
    ///
    /// ```
    /// use nethttp::field::FieldErrorKind;
    /// use nethttp::field::auth::{AuthParameters, Challenge};
    ///
    /// let many: Vec<String> = (0..=AuthParameters::MAX_PARAMETERS).map(|index| format!("a{index}=b")).collect();
    /// let error = Challenge::parse(format!("x {}", many.join(",")).as_bytes()).unwrap_err();
    /// assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(AuthParameters::MAX_PARAMETERS));
    /// ```
    pub const MAX_PARAMETERS: usize = 32;

    pub(super) const NONE: &'a Self = &Self { list: Vec::new() };

    /// Adds a parameter; a value that is no token stands in quotes in any case.
    ///
    /// The offset of an error is that in the name or in the value.
    pub(crate) fn push(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, [u8]>>,
        quoted: bool,
    ) -> Result<(), FieldError> {
        let (name, value) = (name.into(), value.into());
        token(&name)?;
        let good = Class::FIELD.prefix_len(&value);
        if let Some(&octet) = value.get(good) {
            return Err(SyntaxError::new(SyntaxErrorKind::QuotedByte(octet), good).into());
        }
        let quoted = quoted || value.is_empty() || !Class::TOKEN.matches(&value);
        self.add(AuthParameter { name, value, quoted }, 0)
    }

    /// Adds a parameter that stands at an offset, if there is none of its name yet.
    pub(super) fn add(
        &mut self,
        parameter: AuthParameter<'a>,
        offset: usize,
    ) -> Result<(), FieldError> {
        if self.find(&parameter.name).is_some() {
            return Err(FieldError::new(FieldErrorKind::DuplicateParameter, offset));
        }
        if self.list.len() >= Self::MAX_PARAMETERS {
            return Err(FieldError::new(
                FieldErrorKind::TooManyMembers(Self::MAX_PARAMETERS),
                offset,
            ));
        }
        self.list.push(parameter);
        Ok(())
    }

    fn find(&self, name: &str) -> Option<&AuthParameter<'a>> {
        self.list.iter().find(|parameter| parameter.is_named(name))
    }

    /// Returns the value of the parameter of this name, in any case.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Basic realm=\"\"")?;
    /// assert_eq!(challenge.parameters().get("Realm"), Some(&b""[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.find(name).map(AuthParameter::value)
    }

    /// Returns the parameters in the order in which they stand.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// let challenge = Challenge::parse(b"Digest realm=x, nonce=y")?;
    /// let names: Vec<_> = challenge.parameters().iter().map(|it| it.name()).collect();
    /// assert_eq!(names, ["realm", "nonce"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn iter(&self) -> slice::Iter<'_, AuthParameter<'a>> {
        self.list.iter()
    }

    /// Returns how many there are.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert_eq!(Challenge::parse(b"Digest realm=x, nonce=y")?.parameters().len(), 2);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether there is none.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenge;
    /// assert!(Challenge::parse(b"Negotiate")?.parameters().is_empty());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the parameters with a copy of what they borrow.
    ///
    /// ```
    /// use nethttp::field::auth::{AuthParameters, Challenge};
    ///
    /// let text = String::from("Basic realm=x");
    /// let kept: AuthParameters<'static> =
    ///     Challenge::parse(text.as_bytes())?.parameters().clone().into_owned();
    /// drop(text);
    /// assert_eq!(kept.get("realm"), Some(&b"x"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> AuthParameters<'static> {
        AuthParameters { list: self.list.into_iter().map(AuthParameter::into_owned).collect() }
    }

    /// Appends the parameters with a comma and a space between them, quotes where they were written.
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) {
        for (index, parameter) in self.list.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b"" } else { b", " });
            parameter.write_to(out);
        }
    }
}

impl PartialEq for AuthParameters<'_> {
    fn eq(&self, other: &Self) -> bool {
        // No name stands there twice, so that this is a comparison both ways.
        self.len() == other.len()
            && self.iter().all(|it| other.get(&it.name).is_some_and(|value| value == it.value()))
    }
}

impl Eq for AuthParameters<'_> {}

impl fmt::Debug for AuthParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}

impl<'a, 'b> IntoIterator for &'b AuthParameters<'a> {
    type Item = &'b AuthParameter<'a>;
    type IntoIter = slice::Iter<'b, AuthParameter<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Returns an error at the first byte of a text that is no `tchar`.
pub(super) fn token(text: &str) -> Result<(), FieldError> {
    let good = Class::TOKEN.prefix_len(text.as_bytes());
    if good < text.len() || text.is_empty() {
        return Err(SyntaxError::new(SyntaxErrorKind::ExpectedToken, good).into());
    }
    Ok(())
}

/// Returns bytes of a class that has ASCII only as text.
pub(super) fn ascii(text: &[u8]) -> &str {
    core::str::from_utf8(text).unwrap_or_default()
}

/// Returns what is meant for people: UTF-8, with U+FFFD for what is not.
pub(super) fn lossy(value: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[track_caller]
    fn reads(text: &[u8], name: &str, value: &[u8], rest: &[u8]) {
        let mut cursor = Cursor::new(text);
        let parameter = AuthParameter::read(&mut cursor).unwrap();
        assert_eq!((parameter.name(), parameter.value()), (name, value));
        assert_eq!(cursor.rest(), rest);
    }

    #[test]
    fn reads_tokens_and_quoted_strings_with_bad_whitespace() {
        reads(b"a=b", "a", b"b", b"");
        reads(b"A\t = \tb ,", "A", b"b", b" ,");
        reads(b"a=\"\"", "a", b"", b"");
        reads(b"a =\"b\\\"\\\\,\xe9\" c", "a", b"b\"\\,\xe9", b" c");
        reads(b"a=b=", "a", b"b", b"=");
    }

    #[track_caller]
    fn refuses(text: &[u8], kind: SyntaxErrorKind, offset: usize) {
        let mut cursor = Cursor::new(text);
        let error = AuthParameter::read(&mut cursor).unwrap_err();
        assert_eq!((error.kind(), error.offset(), cursor.offset()), (kind, offset, 0));
    }

    #[test]
    fn refuses_at_the_byte_that_is_wrong() {
        refuses(b"", SyntaxErrorKind::ExpectedToken, 0);
        refuses(b"=b", SyntaxErrorKind::ExpectedToken, 0);
        refuses(b"a", SyntaxErrorKind::ExpectedEquals, 1);
        refuses(b"a  b", SyntaxErrorKind::ExpectedEquals, 3);
        refuses(b"a=", SyntaxErrorKind::ExpectedToken, 2);
        refuses(b"a= ,", SyntaxErrorKind::ExpectedToken, 3);
        refuses(b"a=\"b", SyntaxErrorKind::UnclosedQuote, 4);
        refuses(b"a=\"\0\"", SyntaxErrorKind::QuotedByte(0), 3);
    }

    #[test]
    fn a_name_stands_there_once_in_any_case() {
        let mut parameters = AuthParameters::default();
        assert_eq!(parameters.push("nc", &b"00000001"[..], false), Ok(()));
        let error = parameters.push("NC", &b"2"[..], true).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::DuplicateParameter, 0));
        assert_eq!(parameters.get("Nc"), Some(&b"00000001"[..]));
    }

    #[test]
    fn what_is_no_token_is_quoted() {
        let mut parameters = AuthParameters::default();
        for (name, value, quoted) in
            [("a", "b", false), ("c", "d", true), ("e", "", false), ("f", "g\"h", false)]
        {
            parameters.push(name, value.as_bytes(), quoted).unwrap();
        }
        let mut written = Vec::new();
        parameters.write_to(&mut written);
        assert_eq!(written, br#"a=b, c="d", e="", f="g\"h""#);
    }

    #[test]
    fn what_cannot_be_written_is_refused() {
        use FieldErrorKind::Syntax;
        let mut parameters = AuthParameters::default();
        for (name, value, kind, offset) in [
            ("", &b"b"[..], SyntaxErrorKind::ExpectedToken, 0),
            ("a b", b"b", SyntaxErrorKind::ExpectedToken, 1),
            ("a", b"b\nc", SyntaxErrorKind::QuotedByte(b'\n'), 1),
        ] {
            let error = parameters.push(name, value, true).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (Syntax(kind), offset));
        }
        assert!(parameters.is_empty());
    }

    #[test]
    fn order_case_and_quotes_mean_nothing() {
        let of = |list: [(&'static str, bool); 2]| {
            let mut parameters = AuthParameters::default();
            for (name, quoted) in list {
                parameters.push(name, name.to_ascii_lowercase().into_bytes(), quoted).unwrap();
            }
            parameters
        };
        assert_eq!(of([("a", true), ("B", false)]), of([("b", true), ("a", false)]));
        assert_ne!(of([("a", true), ("b", false)]), of([("a", true), ("c", false)]));
        assert_ne!(of([("a", true), ("b", false)]), AuthParameters::default());
    }

    #[test]
    fn debug_shows_names_alone() {
        let mut parameters = AuthParameters::default();
        parameters.push("response", &b"hunter2"[..], true).unwrap();
        assert_eq!(format!("{parameters:?}"), "[AuthParameter { name: \"response\", .. }]");
    }
}
