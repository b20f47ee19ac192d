//! A user name and a password, [RFC 7617](https://www.rfc-editor.org/rfc/rfc7617).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::parameters::lossy;
use crate::field::{FieldError, FieldErrorKind};
use crate::hash;
use crate::syntax::{base64_decode, base64_encode};

/// The credentials of the scheme Basic: a user name and a password,
/// [RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2).
///
/// They are readable by everybody who sees the message. `Debug` shows neither of them: some services take
/// a key for a user name. Two are compared in a time that does not depend on where they differ.
///
/// # Deviations
///
/// [RFC 7617 §2.1](https://www.rfc-editor.org/rfc/rfc7617#section-2.1) has names and passwords in UTF-8
/// normalised to NFC, for which this crate lacks the tables: they are sent and compared as they are given.
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::{Basic, Credentials};
///
/// let basic = Basic::new("Aladdin", "open sesame")?;
/// assert_eq!(basic.encode(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
///
/// let Credentials::Basic(received) = Credentials::parse(basic.encode().as_bytes())? else {
///     return Err("another scheme".into());
/// };
/// assert_eq!(received.user(), "Aladdin");
/// assert!(received.matches("Aladdin", "open sesame"));
/// assert_eq!(format!("{received:?}"), "Basic { .. }");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Basic {
    user: Vec<u8>,
    password: Vec<u8>,
}

impl Basic {
    /// Creates credentials of a name and a password, which may be empty. Texts are sent in UTF-8; who has to
    /// speak to a server of old in another charset gives the bytes.
    ///
    /// ```abnf
    /// user-pass = user-id ":" password
    /// ```
    ///
    /// # Errors
    ///
    /// [`UserColon`](FieldErrorKind::UserColon) at a colon of the name, or
    /// [`UserPassControl`](FieldErrorKind::UserPassControl) at a control character of either, whichever comes first.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Basic;
    ///
    /// assert!(Basic::new("test", "123\u{a3}").is_ok());
    /// assert_eq!(Basic::new("a:b", "c").unwrap_err().offset(), 1);
    /// assert!(Basic::new("a", "b:c\r\n").is_err());
    /// ```
    pub fn new(user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Result<Self, FieldError> {
        let (user, password) = (user.as_ref(), password.as_ref());
        for (offset, octet) in user.iter().enumerate() {
            if *octet == b':' {
                return Err(FieldError::new(FieldErrorKind::UserColon, offset));
            }
            if octet.is_ascii_control() {
                return Err(FieldError::new(FieldErrorKind::UserPassControl, offset));
            }
        }
        if let Some(offset) = password.iter().position(u8::is_ascii_control) {
            return Err(FieldError::new(FieldErrorKind::UserPassControl, offset));
        }
        Ok(Self { user: user.to_vec(), password: password.to_vec() })
    }

    /// Reads what stands behind the scheme; an error's offset is in that.
    pub(super) fn parse(token68: &str) -> Result<Self, FieldError> {
        let decoded = base64_decode(token68.as_bytes())
            .map_err(|offset| FieldError::new(FieldErrorKind::Base64, offset))?;
        let error = FieldError::new(FieldErrorKind::UserPass, 0);
        let colon = decoded.iter().position(|&octet| octet == b':').ok_or(error)?;
        let (user, password) = decoded.split_at(colon);
        let password = password.split_first().map_or(&[][..], |(_colon, password)| password);
        Self::new(user, password).map_err(|_| error)
    }

    /// Returns the name as text; what is not UTF-8 in it becomes U+FFFD.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// assert_eq!(Basic::new("J\u{fc}rgen", "x")?.user(), "J\u{fc}rgen");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn user(&self) -> Cow<'_, str> {
        lossy(&self.user)
    }

    /// Returns the password as text; what is not UTF-8 in it becomes U+FFFD. To compare it there is
    /// [`matches`](Self::matches).
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// assert_eq!(Basic::new("a", "b:c")?.password(), "b:c");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn password(&self) -> Cow<'_, str> {
        lossy(&self.password)
    }

    /// Returns the bytes of the name, for clients that do not send UTF-8.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// assert_eq!(Basic::new(b"J\xfcrgen", "x")?.user_bytes(), b"J\xfcrgen");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn user_bytes(&self) -> &[u8] {
        &self.user
    }

    /// Returns the bytes of the password.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// assert_eq!(Basic::new("test", b"123\xa3")?.password_bytes(), b"123\xa3");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn password_bytes(&self) -> &[u8] {
        &self.password
    }

    /// Returns whether these are the name and the password, byte by byte, in a time that depends on lengths
    /// alone.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// let basic = Basic::new("Aladdin", "open sesame")?;
    /// assert!(basic.matches("Aladdin", "open sesame"));
    /// assert!(!basic.matches("aladdin", "open sesame"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn matches(&self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> bool {
        // Both are compared, whatever the first comparison says.
        hash::eq(&self.user, user.as_ref()) & hash::eq(&self.password, password.as_ref())
    }

    /// Returns the value of Authorization or Proxy-Authorization.
    ///
    /// ```
    /// # use nethttp::field::auth::Basic;
    /// assert_eq!(Basic::new("test", "123\u{a3}")?.encode(), "Basic dGVzdDoxMjPCow==");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> String {
        let user_pass = [&self.user, &b":"[..], &self.password].concat();
        alloc::format!("Basic {}", base64_encode(&user_pass))
    }
}

impl PartialEq for Basic {
    fn eq(&self, other: &Self) -> bool {
        self.matches(&other.user, &other.password)
    }
}

impl Eq for Basic {}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn both_ways(user: &[u8], password: &[u8], token68: &str) {
        let basic = Basic::new(user, password).unwrap();
        assert_eq!(basic.encode().strip_prefix("Basic "), Some(token68));
        assert_eq!(Basic::parse(token68).as_ref(), Ok(&basic));
        assert_eq!((basic.user_bytes(), basic.password_bytes()), (user, password));
    }

    #[test]
    fn knows_the_vectors() {
        both_ways(b"Aladdin", b"open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        both_ways(b"test", "123\u{a3}".as_bytes(), "dGVzdDoxMjPCow==");
        both_ways(b"test", b"123\xa3", "dGVzdDoxMjOj");
    }

    #[test]
    fn the_first_colon_ends_the_name() {
        both_ways(b"a", b"b:c:", "YTpiOmM6");
        both_ways(b"", b"", "Og==");
        both_ways(b"", b"::", "Ojo6");
        both_ways(b"key", b"", "a2V5Og==");
    }

    #[track_caller]
    fn refuses(token68: &str, kind: FieldErrorKind, offset: usize) {
        let error = Basic::parse(token68).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn refuses_what_is_no_name_and_password() {
        refuses("YTpi-", FieldErrorKind::Base64, 4);
        refuses("YQ", FieldErrorKind::Base64, 2);
        refuses("YTpiOmM=YQ==", FieldErrorKind::Base64, 7);
        refuses("YWI=", FieldErrorKind::UserPass, 0);
        refuses("YTpiCg==", FieldErrorKind::UserPass, 0);
        refuses("AGE6Yg==", FieldErrorKind::UserPass, 0);
    }

    #[test]
    fn colons_of_names_and_control_characters_cannot_be_sent() {
        use FieldErrorKind::{UserColon, UserPassControl};
        for (user, password, kind, offset) in [
            ("a:\n", "\n", UserColon, 1),
            ("\n:", "", UserPassControl, 0),
            ("a", "b\x7f", UserPassControl, 1),
            ("ab\0", "\0", UserPassControl, 2),
        ] {
            let error = Basic::new(user, password).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset));
        }
    }

    #[test]
    fn name_and_password_have_to_match() {
        let basic = Basic::new("a", "b").unwrap();
        for (user, password, expected) in [
            ("a", "b", true),
            ("a", "c", false),
            ("c", "b", false),
            ("a", "", false),
            ("a", "bb", false),
        ] {
            assert_eq!(basic.matches(user, password), expected);
            assert_eq!(Basic::new(user, password).unwrap() == basic, expected);
        }
        let basic = Basic::new(b"a\xff", b"\xe9").unwrap();
        assert_eq!((&*basic.user(), &*basic.password()), ("a\u{fffd}", "\u{fffd}"));
        assert!(!basic.matches("a\u{fffd}", "\u{fffd}"));
    }
}
