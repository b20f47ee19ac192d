//! Who somebody says to be, and what the server knows of that user.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::DigestAlgorithm;
use crate::hash;

/// Who sends credentials: a name, or the hash of one where the server asked for that.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{DigestCredentials, DigestUser};
///
/// let credentials = DigestCredentials::parse(
///     b"Digest username=\"Mufasa\", realm=\"a\", nonce=\"b\", uri=\"/\", response=\"00\"",
/// )?;
/// assert!(matches!(credentials.user(), DigestUser::Name(name) if name == "Mufasa"));
/// assert!(credentials.user().is("Mufasa"));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestUser {
    /// The name, from `username` or from `username*`.
    Name(String),
    /// The hash of the name, with `userhash=true`.
    Hash(DigestUserHash),
}

impl DigestUser {
    /// Returns whether this is the user of a name.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestUser, DigestUserHash};
    ///
    /// let user = DigestUser::Hash(DigestUserHash::new(DigestAlgorithm::Sha256, "ada", "staff"));
    /// assert!(user.is("ada") && !user.is("grace"));
    /// ```
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        match self {
            Self::Name(own) => hash::eq(own.as_bytes(), name.as_bytes()),
            Self::Hash(own) => own.is(name),
        }
    }

    /// Returns the name, if it was said.
    ///
    /// ```
    /// use nethttp::field::auth::DigestUser;
    ///
    /// assert_eq!(DigestUser::Name("ada".into()).name(), Some("ada"));
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Hash(_) => None,
        }
    }
}

/// The hash of a user's name and of the realm that it is for,
/// [RFC 7616 §3.4.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.4). It keeps the name from who listens,
/// not the user from being recognized.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{DigestAlgorithm, DigestUserHash};
///
/// let hash = DigestUserHash::new(DigestAlgorithm::Sha512_256, "Jäsøn Doe", "api@example.org");
/// assert!(hash.hex().starts_with("793263caabb7"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestUserHash {
    algorithm: DigestAlgorithm,
    realm: Vec<u8>,
    hex: String,
}

impl DigestUserHash {
    /// Makes the hash of a name.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestUserHash};
    ///
    /// let hash = DigestUserHash::new(DigestAlgorithm::Md5, "ada", "staff");
    /// assert_eq!(hash.hex().len(), 32);
    /// ```
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm, name: &str, realm: &str) -> Self {
        let hex = algorithm.hash(&[name.as_bytes(), realm.as_bytes()]);
        Self { algorithm: algorithm.base(), realm: realm.as_bytes().to_vec(), hex }
    }

    pub(super) fn read(algorithm: DigestAlgorithm, realm: &[u8], hex: &str) -> Self {
        let hex = hex.to_ascii_lowercase();
        Self { algorithm: algorithm.base(), realm: realm.to_vec(), hex }
    }

    /// Returns whether the hash is that of a name.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestUserHash};
    ///
    /// assert!(DigestUserHash::new(DigestAlgorithm::Md5, "ada", "staff").is("ada"));
    /// ```
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        let hex = self.algorithm.hash(&[name.as_bytes(), &self.realm]);
        hash::eq(self.hex.as_bytes(), hex.as_bytes())
    }

    /// Returns the hash in lower-case hexadecimal, to look it up in a table.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestUserHash};
    ///
    /// let hash = DigestUserHash::new(DigestAlgorithm::Md5, "ada", "staff");
    /// assert!(hash.hex().bytes().all(|digit| digit.is_ascii_hexdigit()));
    /// ```
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// Returns the hash function, without a session.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestUserHash};
    ///
    /// let hash = DigestUserHash::new(DigestAlgorithm::Md5Sess, "ada", "staff");
    /// assert_eq!(hash.algorithm(), DigestAlgorithm::Md5);
    /// ```
    #[must_use]
    pub const fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }
}

/// What a server knows of a user: the password, or what a hash function made of it. `Debug` shows neither.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{DigestAlgorithm, DigestSecret};
///
/// let secret = DigestSecret::password("Circle of Life");
/// // As htdigest writes it, behind name and realm.
/// let hashed = DigestSecret::ha1(DigestAlgorithm::Md5, "939e7578ed9e3c518a452acee763bce9");
/// assert_eq!(format!("{secret:?} {hashed:?}"), "DigestSecret(..) DigestSecret(..)");
/// ```
#[derive(Clone)]
pub struct DigestSecret {
    pub(super) kind: Secret,
    pub(super) name: Option<String>,
}

#[derive(Clone)]
pub(super) enum Secret {
    Password(String),
    Ha1(DigestAlgorithm, String),
}

impl DigestSecret {
    /// Returns the secret of who has a password, which serves all hash functions.
    ///
    /// ```
    /// let secret = nethttp::field::auth::DigestSecret::password("Circle of Life");
    /// ```
    #[must_use]
    pub fn password(password: impl Into<String>) -> Self {
        Self { kind: Secret::Password(password.into()), name: None }
    }

    /// Returns the secret from `H(name ":" realm ":" password)` in hexadecimal, which is all that a server
    /// needs; it serves one hash function and one realm. It is worth as much as the password to who steals it,
    /// but only there. What is no such hash, as the mark of an account that is locked, opens to nobody.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestAlgorithm, DigestSecret};
    ///
    /// let secret = DigestSecret::ha1(DigestAlgorithm::Md5, "939e7578ed9e3c518a452acee763bce9");
    /// ```
    #[must_use]
    pub fn ha1(algorithm: DigestAlgorithm, hex: impl Into<String>) -> Self {
        let mut hex = hex.into();
        hex.make_ascii_lowercase();
        Self { kind: Secret::Ha1(algorithm.base(), hex), name: None }
    }

    /// Returns the secret with the name of the user: needed where the hash of a name was sent, since a password
    /// is hashed with the name itself.
    ///
    /// ```
    /// use nethttp::field::auth::{DigestSecret, DigestUser};
    ///
    /// fn look_up(user: &DigestUser) -> Option<DigestSecret> {
    ///     user.is("ada").then(|| DigestSecret::password("secret").with_name("ada"))
    /// }
    /// # assert!(look_up(&DigestUser::Name("ada".into())).is_some());
    /// ```
    #[must_use]
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}

impl fmt::Debug for DigestSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestSecret(..)")
    }
}
