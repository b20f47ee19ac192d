//! The credentials of Digest, [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::exchange::Exchange;
use super::{DigestAlgorithm, DigestQop, DigestUser, DigestUserHash};
use crate::field::auth::parameters::lossy;
use crate::field::auth::{AuthParameters, Challenge};
use crate::field::{ExtValue, FieldError, FieldErrorKind};
use crate::syntax::{Class, hex_digit};

/// What a client answers to a [`DigestChallenge`](super::DigestChallenge),
/// [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).
///
/// `Debug` shows who it is, and of the parameters the names alone: with their values a password can be guessed.
///
/// # Deviations
///
/// A name that is not UTF-8 is read as ISO-8859-1: Python's Requests sends names so, and hashes them in
/// UTF-8.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{DigestAlgorithm, DigestCredentials};
///
/// let credentials = DigestCredentials::parse(
///     b"Digest username=\"ada\", realm=\"staff\", nonce=\"7ypf\", uri=\"/a?b\", algorithm=SHA-256, \
///     qop=auth, nc=0000000a, cnonce=\"x\", response=\"00\"",
/// )?;
/// assert!(credentials.user().is("ada"));
/// assert_eq!(credentials.algorithm(), DigestAlgorithm::Sha256);
/// assert_eq!(credentials.nonce_count(), Some(10));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestCredentials<'a> {
    parameters: AuthParameters<'a>,
    user: DigestUser,
    algorithm: DigestAlgorithm,
    qop: Option<DigestQop>,
    nc: Option<u32>,
}

impl<'a> DigestCredentials<'a> {
    /// Reads credentials that span the whole value.
    ///
    /// # Errors
    ///
    /// Those of [`Challenge::parse`]; [`Scheme`](FieldErrorKind::Scheme) for another scheme;
    /// [`MissingParameter`](FieldErrorKind::MissingParameter) without a `username` (or `username*`), `realm`,
    /// `nonce`, `uri` or `response`, or with `qop` without `nc` or `cnonce`;
    /// [`Parameter`](FieldErrorKind::Parameter) for a value that is none. The offset of the last two says
    /// nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::DigestCredentials;
    ///
    /// let error = DigestCredentials::parse(b"Digest username=\"ada\", realm=\"a\"").unwrap_err();
    /// assert_eq!(error.to_string(), "expected the parameter nonce at byte 0");
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let read = Challenge::parse(value)?;
        if !read.is("Digest") {
            return Err(FieldError::new(FieldErrorKind::Scheme("Digest"), 0));
        }
        Self::from_parameters(read.parameters().clone())
    }

    /// Takes the parameters of credentials, if they are those of Digest.
    pub(in crate::field::auth) fn from_parameters(
        parameters: AuthParameters<'a>,
    ) -> Result<Self, FieldError> {
        let error = |kind| FieldError::new(kind, 0);
        let wrong = |name| error(FieldErrorKind::Parameter(name));
        let missing = |name| error(FieldErrorKind::MissingParameter(name));
        for name in ["realm", "nonce", "uri", "response"] {
            parameters.get(name).ok_or(missing(name))?;
        }
        let algorithm = parameters.get("algorithm").map(DigestAlgorithm::parse).transpose()?;
        let algorithm = algorithm.unwrap_or(DigestAlgorithm::Md5);
        let qop = parameters.get("qop").map(DigestQop::parse).transpose()?;
        let nc = parameters
            .get("nc")
            .map(|nc| count(nc).filter(|nc| *nc > 0).ok_or(wrong("nc")))
            .transpose()?;
        if qop.is_some() {
            nc.ok_or(missing("nc"))?;
            parameters.get("cnonce").ok_or(missing("cnonce"))?;
        }
        let is_hash =
            parameters.get("userhash").is_some_and(|value| value.eq_ignore_ascii_case(b"true"));
        let user = match (parameters.get("username"), parameters.get("username*")) {
            (Some(hash), None) if is_hash => {
                let hex = core::str::from_utf8(hash).map_err(|_| wrong("username"))?;
                let realm = parameters.get("realm").unwrap_or_default();
                DigestUser::Hash(DigestUserHash::read(algorithm, realm, hex))
            }
            (Some(name), None) => DigestUser::Name(text(name)),
            (None, Some(name)) if !is_hash => {
                let name = ExtValue::parse(name).map_err(|_| wrong("username*"))?;
                let name = name.into_text().into_owned();
                // As in a quoted string.
                if !Class::FIELD.matches(name.as_bytes()) {
                    return Err(wrong("username*"));
                }
                DigestUser::Name(name)
            }
            (None, None) => return Err(missing("username")),
            _ => return Err(wrong("username*")),
        };
        Ok(Self { parameters, user, algorithm, qop, nc })
    }

    fn value(&self, name: &str) -> &[u8] {
        self.parameters.get(name).unwrap_or_default()
    }

    /// Returns who sends them.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let credentials = DigestCredentials::parse(
    ///     b"Digest username*=UTF-8''J%C3%A4s%C3%B8n, realm=a, nonce=b, uri=\"/\", response=c",
    /// )?;
    /// assert!(credentials.user().is("Jäsøn"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn user(&self) -> &DigestUser {
        &self.user
    }

    /// Returns the realm, with U+FFFD for what is not UTF-8.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=a, realm=\"the staff\", nonce=b, uri=\"/\", response=c";
    /// assert_eq!(DigestCredentials::parse(value)?.realm(), "the staff");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn realm(&self) -> Cow<'_, str> {
        lossy(self.realm_bytes())
    }

    pub(super) fn realm_bytes(&self) -> &[u8] {
        self.value("realm")
    }

    /// Returns the server's nonce.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=a, realm=r, nonce=\"7ypf==\", uri=\"/\", response=c";
    /// assert_eq!(DigestCredentials::parse(value)?.nonce(), b"7ypf==");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn nonce(&self) -> &[u8] {
        self.value("nonce")
    }

    /// Returns the request target that the client says to have sent.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=a, realm=r, nonce=b, uri=\"/a?b\", response=c";
    /// assert_eq!(DigestCredentials::parse(value)?.uri(), b"/a?b");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn uri(&self) -> &[u8] {
        self.value("uri")
    }

    pub(super) fn response(&self) -> &[u8] {
        self.value("response")
    }

    /// Returns the hash function.
    ///
    /// ```
    /// # use nethttp::field::auth::{DigestAlgorithm, DigestCredentials};
    /// let value = b"Digest username=a, realm=r, nonce=b, uri=\"/\", response=c";
    /// assert_eq!(DigestCredentials::parse(value)?.algorithm(), DigestAlgorithm::Md5);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Returns the quality of protection, which clients of the time before RFC 2617 do not know.
    ///
    /// ```
    /// # use nethttp::field::auth::{DigestCredentials, DigestQop};
    /// let value = b"Digest username=a, realm=r, nonce=b, uri=\"/\", response=c, \
    ///     qop=auth-int, nc=00000001, cnonce=d";
    /// assert_eq!(DigestCredentials::parse(value)?.qop(), Some(DigestQop::AuthInt));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn qop(&self) -> Option<DigestQop> {
        self.qop
    }

    /// Returns how many requests there were with this nonce, this one among them.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=a, realm=r, nonce=b, uri=\"/\", response=c, \
    ///     qop=auth, nc=000000ff, cnonce=d";
    /// assert_eq!(DigestCredentials::parse(value)?.nonce_count(), Some(255));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn nonce_count(&self) -> Option<u32> {
        self.nc
    }

    /// Returns what the server gave the client to give back.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=a, realm=r, nonce=b, uri=\"/\", response=c, opaque=\"x\"";
    /// assert_eq!(DigestCredentials::parse(value)?.opaque(), Some(&b"x"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn opaque(&self) -> Option<&[u8]> {
        self.parameters.get("opaque")
    }

    /// Returns what is hashed.
    pub(super) fn exchange(&self) -> Exchange<'_> {
        Exchange {
            algorithm: self.algorithm,
            nonce: self.nonce(),
            qop: self.qop,
            nc: self.value("nc"),
            cnonce: self.value("cnonce"),
            uri: self.uri(),
        }
    }

    /// Returns the value of the field.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = b"Digest username=\"a\", realm=\"r\", nonce=\"b\", uri=\"/\", response=\"c\"";
    /// assert_eq!(DigestCredentials::parse(value)?.encode(), value);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = b"Digest ".to_vec();
        self.parameters.write_to(&mut out);
        out
    }

    /// Returns the credentials with a copy of what they borrow.
    ///
    /// ```
    /// # use nethttp::field::auth::DigestCredentials;
    /// let value = String::from("Digest username=a, realm=r, nonce=b, uri=\"/\", response=c");
    /// let kept: DigestCredentials<'static> = DigestCredentials::parse(value.as_bytes())?.into_owned();
    /// drop(value);
    /// assert!(kept.user().is("a"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> DigestCredentials<'static> {
        DigestCredentials {
            parameters: self.parameters.into_owned(),
            user: self.user,
            algorithm: self.algorithm,
            qop: self.qop,
            nc: self.nc,
        }
    }
}

/// Reads `nc-value = 8LHEX`, in either case.
pub(super) fn count(text: &[u8]) -> Option<u32> {
    let digits: &[u8; 8] = text.try_into().ok()?;
    digits.iter().try_fold(0, |count, &digit| Some(count << 4 | u32::from(hex_digit(digit)?)))
}

fn text(name: &[u8]) -> String {
    match core::str::from_utf8(name) {
        Ok(name) => String::from(name),
        Err(_) => name.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldErrorKind::{MissingParameter as Missing, Parameter};
    use alloc::format;

    const REST: &str = "realm=r, nonce=n, uri=\"/\", response=c";

    #[track_caller]
    fn reads(parameters: &str) -> DigestCredentials<'static> {
        let value = format!("Digest {REST}, {parameters}");
        DigestCredentials::parse(value.as_bytes()).unwrap().into_owned()
    }

    #[track_caller]
    fn refuses(value: &str, kind: FieldErrorKind) {
        let error = DigestCredentials::parse(value.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), kind, "{value}");
    }

    #[test]
    fn a_parameter_that_is_due_is_missed() {
        for name in ["realm", "nonce", "uri", "response"] {
            let other = format!("Digest username=a, {}", REST.replace(name, "other"));
            refuses(&other, Missing(name));
        }
        refuses(&format!("Digest {REST}"), Missing("username"));
        refuses(&format!("Digest {REST}, username=a, qop=auth, cnonce=d"), Missing("nc"));
        refuses(&format!("Digest {REST}, username=a, qop=auth, nc=00000001"), Missing("cnonce"));
        refuses(&format!("Basic {REST}"), FieldErrorKind::Scheme("Digest"));
    }

    #[test]
    fn counts_have_eight_digits_and_begin_with_one() {
        for (nc, expected) in [
            ("00000001", 1),
            ("0000000a", 10),
            ("0000000A", 10),
            ("12345678", 0x1234_5678),
            ("ffffffff", u32::MAX),
        ] {
            assert_eq!(reads(&format!("username=a, nc={nc}")).nonce_count(), Some(expected));
        }
        for nc in ["00000000", "1", "0000001", "000000001", "+0000001", "0000000g", "\"\""] {
            refuses(&format!("Digest {REST}, username=a, nc={nc}"), Parameter("nc"));
        }
    }

    #[test]
    fn a_name_is_said_in_one_way() {
        assert!(reads("username=\"a\\\"b\"").user().is("a\"b"));
        assert!(reads("username*=UTF-8''%C3%A4").user().is("ä"));
        assert!(reads("username=ab, userhash=false").user().is("ab"));
        let hash = DigestUserHash::new(DigestAlgorithm::Md5, "ada", "r").hex().to_uppercase();
        let found = reads(&format!("username={hash}, userhash=TRUE"));
        assert!(found.user().is("ada") && found.user().name().is_none());
        for parameters in [
            "username=a, username*=UTF-8''a",
            "username*=UTF-8''a, userhash=true",
            "username*=a",
            "username*=UTF-8''a%0Aada",
        ] {
            refuses(&format!("Digest {REST}, {parameters}"), Parameter("username*"));
        }
        let value = [b"Digest username=\"\xe9\", userhash=true, ", REST.as_bytes()].concat();
        let error = DigestCredentials::parse(&value).unwrap_err();
        assert_eq!(error.kind(), Parameter("username"));
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        refuses(&format!("Digest {REST}, username=a, algorithm=SHA-1"), Parameter("algorithm"));
        let other = format!("Digest {REST}, username=a, qop=auth-conf, nc=00000001, cnonce=d");
        refuses(&other, Parameter("qop"));
    }
}
