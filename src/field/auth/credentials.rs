//! What a client answers, [RFC 9110 §11.4](https://www.rfc-editor.org/rfc/rfc9110#section-11.4).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::grammar::{Data, SchemeData};
use super::{AuthParameters, Basic, Bearer, DigestCredentials, OtherCredentials};
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};

/// The credentials of Authorization or Proxy-Authorization,
/// [RFC 9110 §11.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2).
///
/// There is no `Display`, and `Debug` shows no secret.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Credentials;
///
/// let is_known = |value: &[u8]| match Credentials::parse(value) {
///     Ok(Credentials::Basic(basic)) => basic.matches("Aladdin", "open sesame"),
///     Ok(Credentials::Bearer(bearer)) => bearer.matches("mF_9.B5f-4.1JqM"),
///     _ => false,
/// };
/// assert!(is_known(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
/// assert!(is_known(b"Bearer mF_9.B5f-4.1JqM"));
/// assert!(!is_known(b"Negotiate YII="));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials<'a> {
    /// A user name and a password, [RFC 7617](https://www.rfc-editor.org/rfc/rfc7617).
    Basic(Basic),
    /// A token, [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750).
    Bearer(Bearer<'a>),
    /// Proof of a password, [RFC 7616](https://www.rfc-editor.org/rfc/rfc7616).
    Digest(DigestCredentials<'a>),
    /// Those of another scheme.
    Other(OtherCredentials<'a>),
}

impl<'a> Credentials<'a> {
    /// Reads credentials that span the whole value.
    ///
    /// ```abnf
    /// Authorization       = credentials
    /// Proxy-Authorization = credentials
    /// credentials         = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Challenge::parse`](super::Challenge::parse). Basic and Bearer want
    /// a [`Token68`](FieldErrorKind::Token68); that of Basic has to be [`Base64`](FieldErrorKind::Base64), of
    /// a [`UserPass`](FieldErrorKind::UserPass). The errors of [`DigestCredentials::parse`] stand where the
    /// parameters begin.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Credentials;
    ///
    /// assert!(Credentials::parse(b"Basic dGVzdDoxMjPCow==").is_ok());
    /// let error = Credentials::parse(b"Basic dGVzdDoxMjPCow").unwrap_err();
    /// assert_eq!(error.to_string(), "expected base64 at byte 20");
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let found = SchemeData::parse(value)?;
        let spaces = value.iter().skip(found.scheme.len()).take_while(|&&octet| octet == b' ');
        let start = found.scheme.len() + spaces.count();
        let of_scheme = match found {
            SchemeData { scheme, data } if scheme.eq_ignore_ascii_case("Basic") => {
                token68(data).and_then(|text| Basic::parse(&text)).map(Self::Basic)
            }
            SchemeData { scheme, data } if scheme.eq_ignore_ascii_case("Bearer") => {
                token68(data).and_then(Bearer::new).map(Self::Bearer)
            }
            SchemeData { scheme, data } if scheme.eq_ignore_ascii_case("Digest") => {
                let parameters = match data {
                    Data::Parameters(parameters) => parameters,
                    Data::Token68(_) => AuthParameters::default(),
                };
                DigestCredentials::from_parameters(parameters).map(Self::Digest)
            }
            other => Ok(Self::Other(OtherCredentials::of(other))),
        };
        of_scheme.map_err(|error| FieldError::new(error.kind(), start + error.offset()))
    }

    /// Reads the Authorization field of a request, if it has one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`parse`](Self::parse), and [`Single`](FieldErrorKind::Single) where there are
    /// two fields: who reads the one and who reads the other would know two users.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::{Bearer, Credentials};
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(Credentials::from_headers(&headers)?, None);
    /// headers.append("Authorization", "Bearer abc")?;
    /// assert_eq!(Credentials::from_headers(&headers)?, Some(Bearer::new("abc")?.into()));
    /// headers.append("Authorization", "Bearer def")?;
    /// assert!(Credentials::from_headers(&headers).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Option<Self>, FieldError> {
        Self::of_lines(headers.get_all(header::AUTHORIZATION))
    }

    /// Reads the Proxy-Authorization field of a request, if it has one.
    ///
    /// # Errors
    ///
    /// Those of [`from_headers`](Self::from_headers).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::{Basic, Credentials};
    ///
    /// let mut headers = HeaderMap::new();
    /// let basic = Basic::new("user", "password")?;
    /// headers.append("Proxy-Authorization", basic.encode())?;
    /// assert_eq!(Credentials::from_proxy_headers(&headers)?, Some(basic.into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_proxy_headers(headers: &'a HeaderMap) -> Result<Option<Self>, FieldError> {
        Self::of_lines(headers.get_all(header::PROXY_AUTHORIZATION))
    }

    fn of_lines(mut lines: impl Iterator<Item = &'a [u8]>) -> Result<Option<Self>, FieldError> {
        match (lines.next(), lines.next()) {
            (Some(_), Some(_)) => Err(FieldError::new(FieldErrorKind::Single, 0)),
            (line, _) => line.map(Self::parse).transpose(),
        }
    }

    /// Returns the scheme: the registered name of one that is known, and as it was written that of another.
    ///
    /// ```
    /// # use nethttp::field::auth::Credentials;
    /// assert_eq!(Credentials::parse(b"bearer abc")?.scheme(), "Bearer");
    /// assert_eq!(Credentials::parse(b"negotiate")?.scheme(), "negotiate");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> &str {
        match self {
            Self::Basic(_) => "Basic",
            Self::Bearer(_) => "Bearer",
            Self::Digest(_) => "Digest",
            Self::Other(other) => other.scheme(),
        }
    }

    /// Returns the credentials with a copy of what they borrow.
    ///
    /// ```
    /// # use nethttp::field::auth::Credentials;
    /// let kept: Credentials<'static> =
    ///     Credentials::parse(String::from("Bearer abc").as_bytes())?.into_owned();
    /// assert_eq!(kept.scheme(), "Bearer");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Credentials<'static> {
        match self {
            Self::Basic(basic) => Credentials::Basic(basic),
            Self::Bearer(bearer) => Credentials::Bearer(bearer.into_owned()),
            Self::Digest(digest) => Credentials::Digest(digest.into_owned()),
            Self::Other(other) => Credentials::Other(other.into_owned()),
        }
    }

    /// Returns the value of the field.
    ///
    /// ```
    /// # use nethttp::field::auth::Credentials;
    /// assert_eq!(Credentials::parse(b"bearer   abc")?.encode(), b"Bearer abc");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Basic(basic) => basic.encode().into_bytes(),
            Self::Bearer(bearer) => bearer.encode().into_bytes(),
            Self::Digest(digest) => digest.encode(),
            Self::Other(other) => other.encode(),
        }
    }
}

impl From<Basic> for Credentials<'_> {
    fn from(basic: Basic) -> Self {
        Self::Basic(basic)
    }
}

impl<'a> From<Bearer<'a>> for Credentials<'a> {
    fn from(bearer: Bearer<'a>) -> Self {
        Self::Bearer(bearer)
    }
}

impl<'a> From<DigestCredentials<'a>> for Credentials<'a> {
    fn from(digest: DigestCredentials<'a>) -> Self {
        Self::Digest(digest)
    }
}

impl<'a> From<OtherCredentials<'a>> for Credentials<'a> {
    fn from(other: OtherCredentials<'a>) -> Self {
        Self::Other(other)
    }
}

/// What stands behind a scheme that wants a token68.
fn token68(data: Data<'_>) -> Result<Cow<'_, str>, FieldError> {
    match data {
        Data::Token68(text) => Ok(text),
        Data::Parameters(_) => Err(FieldError::new(FieldErrorKind::Token68, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind as Syntax;
    use FieldErrorKind as Kind;
    use alloc::format;

    #[track_caller]
    fn reads(value: &str, expected: impl Into<Credentials<'static>>) {
        let found = Credentials::parse(value.as_bytes()).unwrap();
        assert_eq!(found, expected.into());
        assert_eq!(Credentials::parse(&found.encode()).as_ref(), Ok(&found));
        let mut headers = HeaderMap::new();
        headers.append("Authorization", value).unwrap();
        headers.append("Proxy-Authorization", value).unwrap();
        assert_eq!(Credentials::from_headers(&headers).as_ref(), Ok(&Some(found.clone())));
        assert_eq!(Credentials::from_proxy_headers(&headers), Ok(Some(found.into_owned())));
    }

    #[test]
    fn schemes_are_known_in_any_case() {
        reads("BASIC Og==", Basic::new("", "").unwrap());
        reads("basic   YTpi", Basic::new("a", "b").unwrap());
        reads("bEaReR a/b==", Bearer::new("a/b==").unwrap());
        reads(
            "NEGOTIATE a=",
            OtherCredentials::new("Negotiate").unwrap().with_token68("a=").unwrap(),
        );
        let hawk = OtherCredentials::new("Hawk").unwrap().with_parameter("id", "1").unwrap();
        reads("hawk ID = 1", hawk);
        reads("x", OtherCredentials::new("X").unwrap());
        let digest = "username=\"a\", realm=\"b\", nonce=\"c\", uri=\"/\", response=\"d\"";
        let lower = alloc::format!("digest {digest}");
        let expected = DigestCredentials::parse(lower.as_bytes()).unwrap().into_owned();
        reads(&alloc::format!("DIGEST  {digest}"), expected);
    }

    #[track_caller]
    fn refuses(value: &str, kind: FieldErrorKind, offset: usize) {
        let error = Credentials::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
    }

    #[test]
    fn refuses_at_the_byte_that_is_wrong() {
        refuses("", Kind::Syntax(Syntax::ExpectedToken), 0);
        refuses("Basic", Kind::Token68, 5);
        refuses("Bearer , ", Kind::Token68, 7);
        refuses("Basic user=a", Kind::Token68, 6);
        refuses("Bearer  token=\"a\"", Kind::Token68, 8);
        refuses("Basic  YTpi-", Kind::Base64, 11);
        refuses("Basic  YWI=", Kind::UserPass, 7);
        refuses("Basic YTpi, Basic YTpi", Kind::End, 10);
        refuses("Bearer a, Bearer b", Kind::End, 8);
        refuses("Digest", Kind::MissingParameter("realm"), 6);
        refuses("Digest  abc=", Kind::MissingParameter("realm"), 8);
        refuses("YTpi==", Kind::SchemeSpace, 4);
        // A slash stands in no token: this value breaks its own scheme's grammar.
        let aws = "AWS4-HMAC-SHA256 Credential=AKIA/20130524, Signature=fe5f";
        refuses(aws, Kind::Syntax(Syntax::ExpectedComma), 32);
    }

    #[test]
    fn two_fields_are_an_error() {
        let mut headers = HeaderMap::new();
        headers.append("Authorization", "Bearer a").unwrap();
        headers.append("authorization", "Bearer a").unwrap();
        let error = Credentials::from_headers(&headers).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (Kind::Single, 0));
        assert_eq!(Credentials::from_proxy_headers(&headers), Ok(None));
    }

    #[test]
    fn debug_shows_schemes_alone() {
        for (value, shown) in [
            ("Basic YTpi", "Basic(Basic { .. })"),
            ("Bearer hunter2", "Bearer(Bearer { .. })"),
            ("Token token=hunter2", "Other(OtherCredentials { scheme: \"Token\", .. })"),
            ("Token hunter2", "Other(OtherCredentials { scheme: \"Token\", .. })"),
            ("hunter2", "Other(OtherCredentials { .. })"),
        ] {
            assert_eq!(format!("{:?}", Credentials::parse(value.as_bytes()).unwrap()), shown);
        }
    }
}
