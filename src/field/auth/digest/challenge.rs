//! The challenge of Digest, [RFC 7616 §3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{DigestAlgorithm, DigestQop};
use crate::field::auth::{AuthParameters, Challenge, Challenges};
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::trim_ows;

/// What a server says of Digest, read from a [`Challenge`],
/// [RFC 7616 §3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3).
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{Challenge, DigestAlgorithm, DigestChallenge, DigestQop};
///
/// let challenge = Challenge::parse(
///     b"Digest realm=\"staff\", qop=\"auth, auth-int\", algorithm=SHA-256, nonce=\"7ypf\", stale=true",
/// )?;
/// let digest = DigestChallenge::from_challenge(&challenge)?;
/// assert_eq!(digest.realm(), "staff");
/// assert_eq!(digest.algorithm(), DigestAlgorithm::Sha256);
/// assert!(digest.offers(DigestQop::AuthInt) && digest.is_stale());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DigestChallenge {
    pub(super) realm: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) opaque: Option<Vec<u8>>,
    pub(super) domain: Option<Vec<u8>>,
    /// As said; RFC 2069 servers may know no such parameter.
    pub(super) algorithm: Option<DigestAlgorithm>,
    /// Empty for a server of the time of RFC 2069.
    pub(super) qops: Vec<DigestQop>,
    pub(super) is_stale: bool,
    pub(super) is_utf8: bool,
    pub(super) hashes_user: bool,
}

impl DigestChallenge {
    /// Reads the parameters of a challenge.
    ///
    /// Parameters that are not known are ignored, as are qualities of protection that are not, as long as
    /// there is another. Without an `algorithm`, MD5 is meant; without a `qop`, a server of the time before
    /// [RFC 2617](https://www.rfc-editor.org/rfc/rfc2617).
    ///
    /// # Errors
    ///
    /// [`Scheme`](FieldErrorKind::Scheme) if the challenge is another scheme's,
    /// [`MissingParameter`](FieldErrorKind::MissingParameter) without a realm or a nonce, and
    /// [`Parameter`](FieldErrorKind::Parameter) for an `algorithm` that is not known, or a `qop` of which
    /// nothing is. The offset says nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::{Challenge, DigestChallenge};
    ///
    /// let refused = |text: &str| {
    ///     let challenge = Challenge::parse(text.as_bytes())?;
    ///     DigestChallenge::from_challenge(&challenge).map(|_| ())
    /// };
    /// assert!(refused("Digest realm=a, nonce=b, qop=\"auth-conf, auth\"").is_ok());
    /// assert!(refused("Digest realm=a, nonce=b, qop=\"auth-conf\"").is_err());
    /// assert!(refused("Digest realm=a, nonce=b, algorithm=SHA-1").is_err());
    /// assert!(refused("Digest nonce=b").is_err());
    /// ```
    pub fn from_challenge(challenge: &Challenge<'_>) -> Result<Self, FieldError> {
        let error = |kind| FieldError::new(kind, 0);
        if !challenge.is("Digest") {
            return Err(error(FieldErrorKind::Scheme("Digest")));
        }
        let value = |name| challenge.parameter(name).map(<[u8]>::to_vec);
        let due = |name| value(name).ok_or(error(FieldErrorKind::MissingParameter(name)));
        let says = |name, text: &[u8]| {
            challenge.parameter(name).is_some_and(|value| value.eq_ignore_ascii_case(text))
        };
        // An empty list is none.
        let names = challenge.parameter("qop").unwrap_or_default().split(|&octet| octet == b',');
        let mut names = names.map(trim_ows).filter(|name| !name.is_empty()).peekable();
        let has_names = names.peek().is_some();
        let mut qops = Vec::new();
        for qop in names.filter_map(|name| DigestQop::parse(name).ok()) {
            if !qops.contains(&qop) {
                qops.push(qop);
            }
        }
        if has_names && qops.is_empty() {
            return Err(error(FieldErrorKind::Parameter("qop")));
        }
        Ok(Self {
            realm: due("realm")?,
            nonce: due("nonce")?,
            opaque: value("opaque"),
            domain: value("domain"),
            algorithm: challenge.parameter("algorithm").map(DigestAlgorithm::parse).transpose()?,
            qops,
            is_stale: says("stale", b"true"),
            is_utf8: says("charset", b"UTF-8"),
            hashes_user: says("userhash", b"true"),
        })
    }

    /// Returns the first challenge that is Digest's and can be answered; servers put the one that they like
    /// best in front, [RFC 7616 §3.7](https://www.rfc-editor.org/rfc/rfc7616#section-3.7).
    ///
    /// ```
    /// use nethttp::field::auth::{Challenges, DigestAlgorithm, DigestChallenge};
    ///
    /// let challenges = Challenges::parse(
    ///     b"Basic realm=a, Digest realm=a, nonce=b, algorithm=SHA3, \
    ///     Digest realm=a, nonce=b, algorithm=SHA-256, Digest realm=a, nonce=b",
    /// )?;
    /// let digest = DigestChallenge::choose(&challenges).ok_or("nothing to answer")?;
    /// assert_eq!(digest.algorithm(), DigestAlgorithm::Sha256);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn choose(challenges: &Challenges<'_>) -> Option<Self> {
        challenges.iter().find_map(|challenge| Self::from_challenge(challenge).ok())
    }

    /// Returns the challenge as a server sends it.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::{Challenge, DigestChallenge};
    ///
    /// let value = r#"Digest realm="a", nonce="b", algorithm=MD5, qop="auth", charset=UTF-8"#;
    /// let digest = DigestChallenge::from_challenge(&Challenge::parse(value.as_bytes())?)?;
    /// let written = digest.to_challenge();
    /// assert_eq!(written.to_string(), r#"Digest realm="a", qop="auth", algorithm=MD5, nonce="b", charset=UTF-8"#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn to_challenge(&self) -> Challenge<'static> {
        let qops: Vec<&str> = self.qops.iter().map(|qop| qop.as_str()).collect();
        let qops = qops.join(", ");
        let flag = |is_set: bool, text: &'static [u8]| is_set.then_some(text);
        let algorithm = self.algorithm.map(|algorithm| algorithm.as_str().as_bytes());
        let mut parameters = AuthParameters::default();
        for (name, value, is_quoted) in [
            ("realm", Some(&self.realm[..]), true),
            ("domain", self.domain.as_deref(), true),
            ("qop", (!qops.is_empty()).then_some(qops.as_bytes()), true),
            ("algorithm", algorithm, false),
            ("nonce", Some(&self.nonce[..]), true),
            ("opaque", self.opaque.as_deref(), true),
            ("stale", flag(self.is_stale, b"true"), false),
            ("charset", flag(self.is_utf8, b"UTF-8"), false),
            ("userhash", flag(self.hashes_user, b"true"), false),
        ] {
            // What was read, or checked before, can be written.
            let _ = value.map(|value| parameters.push(name, value.to_vec(), is_quoted));
        }
        Challenge::of_parameters("Digest", parameters)
    }

    /// Returns the realm, as text for people: which name and password are asked for. What is not UTF-8 in it
    /// becomes U+FFFD.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=\"the staff\", nonce=a")?;
    /// assert_eq!(DigestChallenge::from_challenge(&challenge)?.realm(), "the staff");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn realm(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.realm)
    }

    /// Returns the nonce.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=\"7ypf==\"")?;
    /// assert_eq!(DigestChallenge::from_challenge(&challenge)?.nonce(), b"7ypf==");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// Returns what the client gives back as it is.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, opaque=c")?;
    /// assert_eq!(DigestChallenge::from_challenge(&challenge)?.opaque(), Some(&b"c"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn opaque(&self) -> Option<&[u8]> {
        self.opaque.as_deref()
    }

    /// Returns the addresses for which the same name and password hold, absolute or as paths.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, domain=\"/c http://d.example/\"")?;
    /// let digest = DigestChallenge::from_challenge(&challenge)?;
    /// assert!(digest.domain().eq([&b"/c"[..], b"http://d.example/"]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn domain(&self) -> impl Iterator<Item = &[u8]> {
        let list = self.domain.as_deref().unwrap_or_default();
        list.split(|&octet| octet == b' ').filter(|address| !address.is_empty())
    }

    /// Returns the hash function.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestAlgorithm, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b")?;
    /// assert_eq!(DigestChallenge::from_challenge(&challenge)?.algorithm(), DigestAlgorithm::Md5);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm.unwrap_or(DigestAlgorithm::Md5)
    }

    /// Returns whether a quality of protection is offered.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge, DigestQop};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, qop=auth")?;
    /// let digest = DigestChallenge::from_challenge(&challenge)?;
    /// assert!(digest.offers(DigestQop::Auth) && !digest.offers(DigestQop::AuthInt));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn offers(&self, qop: DigestQop) -> bool {
        self.qops.contains(&qop)
    }

    /// Returns whether name and password were right and only the nonce was too old, so that nobody has to be
    /// asked again.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, stale=TRUE")?;
    /// assert!(DigestChallenge::from_challenge(&challenge)?.is_stale());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Returns whether the server wants the hash of the user's name rather than the name.
    ///
    /// ```
    /// # use nethttp::field::auth::{Challenge, DigestChallenge};
    /// let challenge = Challenge::parse(b"Digest realm=a, nonce=b, userhash=true")?;
    /// assert!(DigestChallenge::from_challenge(&challenge)?.hashes_user());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn hashes_user(&self) -> bool {
        self.hashes_user
    }
}

/// Shows the challenge; what a server sends to anybody is no secret.
impl fmt::Debug for DigestChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DigestChallenge").field(&self.to_challenge()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn read(parameters: &str) -> Result<DigestChallenge, FieldError> {
        let value = format!("Digest realm=r, nonce=n, {parameters}");
        DigestChallenge::from_challenge(&Challenge::parse(value.as_bytes())?)
    }

    /// What RFC 7616 §3.3 wants in quotes stands there, and what it does not want is bare.
    #[test]
    fn is_written_as_the_rfc_spells_it() {
        let text = "domain=\"/\", qop=auth, algorithm=\"md5\", opaque=o, stale=\"true\", \
            charset=\"utf-8\", userhash=\"true\", new=1";
        let written = read(text).unwrap().to_challenge().encode();
        let expected =
            b"Digest realm=\"r\", domain=\"/\", qop=\"auth\", algorithm=MD5, nonce=\"n\", \
            opaque=\"o\", stale=true, charset=UTF-8, userhash=true";
        assert_eq!(written.escape_ascii().to_string(), expected.escape_ascii().to_string());
        let written = read("stale=false, charset=ISO-8859-1, userhash=false").unwrap();
        assert_eq!(written.to_challenge().encode(), b"Digest realm=\"r\", nonce=\"n\"");
    }

    #[test]
    fn qualities_are_a_list_in_quotes() {
        for (text, expected) in [
            ("auth", &[DigestQop::Auth][..]),
            (" ,AUTH-INT ,\t, auth-conf,auth, auth", &[DigestQop::AuthInt, DigestQop::Auth]),
            ("", &[]),
            (" , ", &[]),
        ] {
            assert_eq!(read(&format!("qop=\"{text}\"")).unwrap().qops, expected, "{text}");
        }
        let error = read("qop=\"auth auth-int\"").unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::Parameter("qop"));
    }

    #[test]
    fn another_scheme_is_another() {
        let basic = Challenge::parse(b"Basic realm=r, nonce=n").unwrap();
        let error = DigestChallenge::from_challenge(&basic).unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::Scheme("Digest"));
    }

    #[test]
    fn addresses_stand_between_spaces() {
        let challenge = read("domain=\" /a  http://b/ \"").unwrap();
        assert!(challenge.domain().eq([&b"/a"[..], b"http://b/"]));
        assert_eq!(read("a=b").unwrap().domain().count(), 0);
    }
}
