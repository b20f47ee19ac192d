//! Who may come in.

use std::collections::BTreeMap;
use std::fmt;

use crate::field::auth::{Basic, DigestSecret, DigestUser};
use crate::hash::{self, Sha256};

/// Names and passwords, for programs that know them all beforehand.
///
/// The passwords are kept as they are, since Digest cannot be checked against anything less without giving up
/// all but one of its algorithms. Where they are in a database, hashed as passwords should be, see
/// [`Guard::basic_with`](super::Guard::basic_with) and [`Guard::digest_with`](super::Guard::digest_with).
///
/// # Examples
///
/// ```
/// use nethttp::server::{Guard, Users};
///
/// let guard = Guard::basic("staff", Users::new().add("ada", "secret").add("grace", "hopper"))?;
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Default)]
pub struct Users {
    passwords: BTreeMap<String, String>,
}

impl Users {
    /// Creates a list of nobody.
    ///
    /// ```
    /// assert!(nethttp::server::Users::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { passwords: BTreeMap::new() }
    }

    /// Adds a user, or gives one another password.
    ///
    /// ```
    /// assert_eq!(nethttp::server::Users::new().add("ada", "secret").len(), 1);
    /// ```
    #[must_use]
    pub fn add(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.passwords.insert(name.into(), password.into());
        self
    }

    /// Returns how many there are.
    ///
    /// ```
    /// assert_eq!(nethttp::server::Users::new().add("a", "1").add("a", "2").len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.passwords.len()
    }

    /// Returns whether there is nobody.
    ///
    /// ```
    /// assert!(!nethttp::server::Users::new().add("a", "1").is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.passwords.is_empty()
    }

    /// Returns whether a name and a password are those of a user. What is compared are hashes of one length, and
    /// for somebody who is not here too, so that the time it takes says nothing.
    ///
    /// ```
    /// use nethttp::field::auth::Basic;
    /// use nethttp::server::Users;
    ///
    /// let users = Users::new().add("ada", "secret");
    /// assert!(users.verify(&Basic::new("ada", "secret")?));
    /// assert!(!users.verify(&Basic::new("grace", "secret")?));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn verify(&self, basic: &Basic) -> bool {
        let name = str::from_utf8(basic.user_bytes());
        let found = name.ok().and_then(|name| self.passwords.get(name));
        let known = found.map_or(&[][..], String::as_bytes);
        let is_right = hash::eq(&hashed(known), &hashed(basic.password_bytes()));
        is_right & found.is_some()
    }

    /// Returns the password of a user, for Digest. Where the client has hashed the name, every name is hashed to
    /// find it, whether it is here or not, so that the time it takes says nothing; with very many users, those of a
    /// database with an index of hashes are found sooner.
    ///
    /// ```
    /// use nethttp::field::auth::DigestUser;
    /// use nethttp::server::Users;
    ///
    /// let users = Users::new().add("ada", "secret");
    /// assert!(users.secret(&DigestUser::Name("ada".into())).is_some());
    /// assert!(users.secret(&DigestUser::Name("grace".into())).is_none());
    /// ```
    #[must_use]
    pub fn secret(&self, user: &DigestUser) -> Option<DigestSecret> {
        let (name, password) = match user.name() {
            Some(name) => self.passwords.get_key_value(name),
            // Not `find`, which would be done sooner with somebody who is here.
            None => self
                .passwords
                .iter()
                .fold(None, |found, one| if user.is(one.0) { Some(one) } else { found }),
        }?;
        Some(DigestSecret::password(password.as_str()).with_name(name.as_str()))
    }
}

fn hashed(bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(bytes);
    hash.finish()
}

impl<N: Into<String>, P: Into<String>> FromIterator<(N, P)> for Users {
    fn from_iter<I: IntoIterator<Item = (N, P)>>(users: I) -> Self {
        users.into_iter().fold(Self::new(), |users, (name, password)| users.add(name, password))
    }
}

/// Says how many there are, and nothing of them.
impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({})", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::auth::{DigestAlgorithm, DigestUserHash};
    use std::time::{Duration, Instant};

    #[test]
    fn nobody_is_let_in_without_being_here() {
        let users = Users::new().add("ada", "secret").add("open", "");
        for (name, password, is_right) in [
            ("ada", "secret", true),
            ("open", "", true),
            ("ada", "", false),
            ("nobody", "", false),
            ("", "", false),
            ("Ada", "secret", false),
        ] {
            let basic = Basic::new(name, password).unwrap();
            assert_eq!(users.verify(&basic), is_right, "{name} {password}");
        }
    }

    #[test]
    fn a_hashed_name_takes_as_long_whether_it_is_here_or_not() {
        let users: Users = (0..2000).map(|n| (format!("{n:04}"), "secret")).collect();
        let time = |name: &str, is_here| {
            let hash = DigestUserHash::new(DigestAlgorithm::Sha256, name, "staff");
            let user = DigestUser::Hash(hash);
            let start = Instant::now();
            assert_eq!(users.secret(&user).is_some(), is_here);
            start.elapsed()
        };
        let (mut here, mut nobody) = (Duration::MAX, Duration::MAX);
        // The quickest of many counts: what else this machine does takes time, too.
        let is_alike = (0..100).any(|round| {
            here = here.min(time("0000", true));
            nobody = nobody.min(time("nobody", false));
            round >= 5 && here * 10 > nobody
        });
        assert!(is_alike, "{here:?} against {nobody:?}");
    }
}
