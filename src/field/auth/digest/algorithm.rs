//! Hash functions and qualities of protection: what the two sides have to agree upon.

use alloc::string::String;
use core::fmt;

use crate::field::{FieldError, FieldErrorKind};
use crate::hash::{Md5, Sha256, Sha512Slash256, hex};

/// A hash function of Digest, [RFC 7616 §6.1](https://www.rfc-editor.org/rfc/rfc7616#section-6.1), and
/// whether what it makes of the password is mixed with the nonces of a session.
///
/// MD5 is broken, but not in the way in which it is used here; a password that is weak falls to guesses with
/// each of them.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::DigestAlgorithm;
///
/// let algorithm = DigestAlgorithm::parse(b"sha-256")?;
/// assert_eq!(algorithm, DigestAlgorithm::Sha256);
/// assert_eq!(algorithm.to_string(), "SHA-256");
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// `MD5`, and what is meant where no algorithm is named.
    Md5,
    /// `MD5-sess`.
    Md5Sess,
    /// `SHA-256`.
    Sha256,
    /// `SHA-256-sess`.
    Sha256Sess,
    /// `SHA-512-256`: the first half of a SHA-512 that begins with other numbers.
    Sha512_256,
    /// `SHA-512-256-sess`.
    Sha512_256Sess,
}

impl DigestAlgorithm {
    /// All that there are.
    pub(super) const ALL: [Self; 6] = [
        Self::Md5,
        Self::Md5Sess,
        Self::Sha256,
        Self::Sha256Sess,
        Self::Sha512_256,
        Self::Sha512_256Sess,
    ];

    /// Reads the name, in any case.
    ///
    /// # Errors
    ///
    /// [`Parameter`](FieldErrorKind::Parameter) if it is none of these.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::DigestAlgorithm;
    ///
    /// assert_eq!(DigestAlgorithm::parse(b"MD5-sess")?, DigestAlgorithm::Md5Sess);
    /// let error = DigestAlgorithm::parse(b"SHA-1").unwrap_err();
    /// assert_eq!(error.to_string(), "expected a value of algorithm at byte 0");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(name: &[u8]) -> Result<Self, FieldError> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str().as_bytes().eq_ignore_ascii_case(name))
            .ok_or(FieldError::new(FieldErrorKind::Parameter("algorithm"), 0))
    }

    /// Returns the name.
    ///
    /// ```
    /// use nethttp::field::auth::DigestAlgorithm;
    ///
    /// assert_eq!(DigestAlgorithm::Sha512_256.as_str(), "SHA-512-256");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Md5Sess => "MD5-sess",
            Self::Sha256 => "SHA-256",
            Self::Sha256Sess => "SHA-256-sess",
            Self::Sha512_256 => "SHA-512-256",
            Self::Sha512_256Sess => "SHA-512-256-sess",
        }
    }

    /// Returns whether the nonces of a session are mixed in.
    ///
    /// ```
    /// use nethttp::field::auth::DigestAlgorithm;
    ///
    /// assert!(DigestAlgorithm::Sha256Sess.is_session());
    /// ```
    #[must_use]
    pub const fn is_session(self) -> bool {
        matches!(self, Self::Md5Sess | Self::Sha256Sess | Self::Sha512_256Sess)
    }

    /// Returns the hash function alone, without the session.
    ///
    /// ```
    /// use nethttp::field::auth::DigestAlgorithm;
    ///
    /// assert_eq!(DigestAlgorithm::Md5Sess.base(), DigestAlgorithm::Md5);
    /// ```
    #[must_use]
    pub const fn base(self) -> Self {
        match self {
            Self::Md5 | Self::Md5Sess => Self::Md5,
            Self::Sha256 | Self::Sha256Sess => Self::Sha256,
            Self::Sha512_256 | Self::Sha512_256Sess => Self::Sha512_256,
        }
    }

    /// Returns the hash of pieces with a colon between them, in hexadecimal:
    /// `H(unq(username) ":" unq(realm) ":" passwd)` and its like.
    pub(super) fn hash(self, pieces: &[&[u8]]) -> String {
        macro_rules! digest {
            ($hash:ident) => {{
                let mut hash = $hash::new();
                for (index, piece) in pieces.iter().enumerate() {
                    hash.update(if index == 0 { b"" } else { b":" });
                    hash.update(piece);
                }
                hex(&hash.finish())
            }};
        }
        match self.base() {
            Self::Sha256 => digest!(Sha256),
            Self::Sha512_256 => digest!(Sha512Slash256),
            _ => digest!(Md5),
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A quality of protection: how much of a message the digest covers,
/// [RFC 7616 §3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3).
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::DigestQop;
///
/// assert_eq!(DigestQop::parse(b"auth-int")?, DigestQop::AuthInt);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestQop {
    /// `auth`: the method and the target.
    Auth,
    /// `auth-int`: the body too, which must be known as a whole.
    AuthInt,
}

impl DigestQop {
    /// Reads the name, in any case.
    ///
    /// # Errors
    ///
    /// [`Parameter`](FieldErrorKind::Parameter) if it is none of these.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::DigestQop;
    ///
    /// assert_eq!(DigestQop::parse(b"auth")?, DigestQop::Auth);
    /// let error = DigestQop::parse(b"auth-conf").unwrap_err();
    /// assert_eq!(error.to_string(), "expected a value of qop at byte 0");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(name: &[u8]) -> Result<Self, FieldError> {
        [Self::Auth, Self::AuthInt]
            .into_iter()
            .find(|qop| qop.as_str().as_bytes().eq_ignore_ascii_case(name))
            .ok_or(FieldError::new(FieldErrorKind::Parameter("qop"), 0))
    }

    /// Returns the name.
    ///
    /// ```
    /// assert_eq!(nethttp::field::auth::DigestQop::AuthInt.as_str(), "auth-int");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

impl fmt::Display for DigestQop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
