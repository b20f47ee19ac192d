//! The value of a `Set-Cookie` field: as a user agent reads it, and as a server writes it.

mod builder;
mod grammar;
mod parse;
mod write;

pub use builder::SetCookieBuilder;

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::fmt;

use super::error::CookieError;
use super::segments::{Segments, Span};
use super::{Prefix, Profile, unquoted};
use crate::field::HttpDate;
use crate::syntax::trim_ows;

pub(super) use parse::same_site;

/// The value of one `Set-Cookie` field, read as user agents read it,
/// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6).
///
/// Nearly everything is a cookie to a user agent, so there is little that is refused. The text is kept
/// as it came: quotes are part of a value, and attributes of any name can be asked for. Of an attribute
/// that comes several times the last counts.
///
/// Each cookie has a field of its own: the values of several `Set-Cookie` lines are never joined, since
/// dates and values hold commas ([RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{SameSite, SetCookie};
///
/// let cookie = SetCookie::parse(b"sid=31d4d96e; Path=/; Max-Age=3600; Secure; SameSite=Lax; Priority=High")?;
/// assert_eq!((cookie.name(), cookie.value()), (&b"sid"[..], &b"31d4d96e"[..]));
/// assert_eq!(cookie.path(), Some(&b"/"[..]));
/// assert_eq!(cookie.max_age(), Some(3600));
/// assert!(cookie.is_secure() && !cookie.is_http_only());
/// assert_eq!(cookie.same_site(), Some(SameSite::Lax));
/// assert_eq!(cookie.attribute("priority"), Some(&b"High"[..]));
/// # Ok::<(), nethttp::cookie::CookieError>(())
/// ```
#[derive(Clone)]
pub struct SetCookie<'a> {
    text: Cow<'a, [u8]>,
    name: Span,
    value: Span,
    domain: Option<Span>,
    path: Option<Span>,
    expires: Option<HttpDate>,
    max_age: Option<i64>,
    same_site: Option<SameSite>,
    flags: Flags,
}

/// The attributes that are there or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flags {
    is_secure: bool,
    is_http_only: bool,
    is_partitioned: bool,
}

/// In which requests from other sites a cookie is sent,
/// [6265bis §5.6.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6.7).
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{SameSite, SetCookie};
///
/// assert_eq!(SetCookie::parse(b"a=b; SameSite=strict")?.same_site(), Some(SameSite::Strict));
/// assert_eq!(SetCookie::parse(b"a=b; SameSite=other")?.same_site(), None);
/// # Ok::<(), nethttp::cookie::CookieError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SameSite {
    /// In none.
    Strict,
    /// When a link is followed, that is in top-level navigations by a safe method.
    Lax,
    /// In all; the cookie has to be `Secure`.
    None,
}

impl SameSite {
    /// Returns the value that the attribute has.
    ///
    /// ```
    /// use nethttp::cookie::SameSite;
    ///
    /// assert_eq!(SameSite::Lax.as_str(), "Lax");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<'a> SetCookie<'a> {
    /// Reads the value of one field by
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6).
    ///
    /// # Errors
    ///
    /// - [`CookieErrorKind::Control`](super::CookieErrorKind::Control) for a control other than HTAB
    ///   anywhere in the value;
    /// - [`CookieErrorKind::TooLong`](super::CookieErrorKind::TooLong) for a name and a value of more than
    ///   [`MAX_PAIR_LEN`](super::MAX_PAIR_LEN) bytes together;
    /// - [`CookieErrorKind::Empty`](super::CookieErrorKind::Empty) if both of them are empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::parse(b"lang=en; Domain=.Example.org; expires=Wed, 09-Jun-2032 10:18:14 GMT")?;
    /// assert_eq!(cookie.domain(), Some(&b"Example.org"[..]));
    /// assert_eq!(cookie.expires().map(|date| date.unix()), Some(1_970_389_094));
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[inline]
    pub fn parse(text: &'a [u8]) -> Result<Self, CookieError> {
        Self::parse_as(text, Profile::Rfc6265bis)
    }

    /// Reads the value of one field by the algorithm of one of the two texts.
    ///
    /// # Errors
    ///
    /// The errors of [`parse`](Self::parse), and by RFC 6265
    /// [`CookieErrorKind::Equals`](super::CookieErrorKind::Equals) and
    /// [`CookieErrorKind::Name`](super::CookieErrorKind::Name) where a name is missing.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{Profile, SetCookie};
    ///
    /// assert_eq!(SetCookie::parse(b"token")?.value(), b"token");
    /// assert!(SetCookie::parse_as(b"token", Profile::Rfc6265).is_err());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn parse_as(text: &'a [u8], profile: Profile) -> Result<Self, CookieError> {
        parse::parse(text, profile)
    }

    /// Returns the name, which may be empty.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b")?.name(), b"a");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.name.of(&self.text)
    }

    /// Returns the value as it stands there, quotes included.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=\"b c\"")?.value(), b"\"b c\"");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.value.of(&self.text)
    }

    /// Returns the value without the quotes around it, if there are any.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=\"b c\"")?.unquoted(), b"b c");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn unquoted(&self) -> &[u8] {
        unquoted(self.value())
    }

    /// Returns the value as text, quotes included; `None` if it is not UTF-8.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b")?.text(), Some("b"));
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        core::str::from_utf8(self.value()).ok()
    }

    /// Returns the prefix that the name promises to hold to. Of a cookie without a name it is the prefix
    /// of the value, which is where a server will look for the name.
    ///
    /// ```
    /// use nethttp::cookie::{Prefix, SetCookie};
    ///
    /// assert_eq!(SetCookie::parse(b"__Host-sid=1")?.prefix(), Some(Prefix::Host));
    /// assert_eq!(SetCookie::parse(b"=__Host-sid=1")?.prefix(), Some(Prefix::Host));
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn prefix(&self) -> Option<Prefix> {
        Prefix::of_pair(self.name(), self.value())
    }

    /// Returns the date of `Expires`, if it has one that can be read
    /// ([`parse_date`](super::parse_date)). `Max-Age` goes before it.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::parse(b"a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT")?;
    /// assert_eq!(cookie.expires().map(|date| date.unix()), Some(0));
    /// assert_eq!(SetCookie::parse(b"a=b; Expires=tomorrow")?.expires(), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn expires(&self) -> Option<HttpDate> {
        self.expires
    }

    /// Returns `Max-Age` in seconds, if it is a number. Zero and below remove a cookie; what does not
    /// fit is the nearest number that does.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b; Max-Age=-1")?.max_age(), Some(-1));
    /// assert_eq!(SetCookie::parse(b"a=b; Max-Age=1h")?.max_age(), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn max_age(&self) -> Option<i64> {
        self.max_age
    }

    /// Returns `Domain` without a dot in front, as it stands there else; an empty one is none.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b; Domain=.Example.ORG")?.domain(), Some(&b"Example.ORG"[..]));
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn domain(&self) -> Option<&[u8]> {
        self.domain.map(|span| span.of(&self.text))
    }

    /// Returns `Path` if it begins with `/`. Any other is as none: the path is then made of that of the
    /// request.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b; Path=/docs")?.path(), Some(&b"/docs"[..]));
    /// assert_eq!(SetCookie::parse(b"a=b; Path=docs")?.path(), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> Option<&[u8]> {
        self.path.map(|span| span.of(&self.text))
    }

    /// Returns whether the cookie is for secure connections only.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert!(SetCookie::parse(b"a=b; secure")?.is_secure());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.flags.is_secure
    }

    /// Returns whether the cookie is hidden from scripts.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert!(SetCookie::parse(b"a=b; HttpOnly")?.is_http_only());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn is_http_only(&self) -> bool {
        self.flags.is_http_only
    }

    /// Returns whether a browser shall keep the cookie apart for each top-level site
    /// ([CHIPS](https://datatracker.ietf.org/doc/draft-cutler-httpbis-partitioned-cookies/)).
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert!(SetCookie::parse(b"a=b; Secure; Partitioned")?.is_partitioned());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn is_partitioned(&self) -> bool {
        self.flags.is_partitioned
    }

    /// Returns the value of `SameSite`, if it has one of the three; user agents treat a cookie without
    /// much as one with `Lax`.
    ///
    /// ```
    /// use nethttp::cookie::{SameSite, SetCookie};
    ///
    /// assert_eq!(SetCookie::parse(b"a=b; SameSite=None")?.same_site(), Some(SameSite::None));
    /// assert_eq!(SetCookie::parse(b"a=b")?.same_site(), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub const fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// Returns all attributes in order, known or not, counted or not, as names and values.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::parse(b"a=b; Path=/; Secure; Priority = High;")?;
    /// let attributes: Vec<_> = cookie.attributes().collect();
    /// assert_eq!(attributes, [(&b"Path"[..], &b"/"[..]), (b"Secure", b""), (b"Priority", b"High")]);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn attributes(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        Segments::new(&self.text)
            .skip(1)
            .map(|it| (it.name.text, it.value.unwrap_or_default().text))
            .filter(|(name, value)| !name.is_empty() || !value.is_empty())
    }

    /// Returns the value of the last attribute of a name, whatever its case; that of a flag is empty.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::parse(b"a=b; Priority=Low; priority=High")?;
    /// assert_eq!(cookie.attribute("Priority"), Some(&b"High"[..]));
    /// assert_eq!(cookie.attribute("Secure"), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&[u8]> {
        self.attributes()
            .filter(|(it, _)| it.eq_ignore_ascii_case(name.as_bytes()))
            .last()
            .map(|(_, value)| value)
    }

    /// Returns the field's value, without whitespace around it.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b;SECURE")?.as_bytes(), b"a=b;SECURE");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        trim_ows(&self.text)
    }

    /// Copies what is borrowed.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie: SetCookie<'static> = SetCookie::parse(b"a=b")?.into_owned();
    /// assert_eq!(cookie.value(), b"b");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> SetCookie<'static> {
        SetCookie { text: Cow::Owned(self.text.into_owned()), ..self }
    }
}

/// Two values are equal if they are the same text, read by the same rules.
impl PartialEq for SetCookie<'_> {
    fn eq(&self, other: &Self) -> bool {
        let read = |it: &Self| (it.name, it.value, it.domain, it.path, it.flags);
        let times = |it: &Self| (it.expires, it.max_age, it.same_site);
        self.text == other.text && read(self) == read(other) && times(self) == times(other)
    }
}

impl AsRef<[u8]> for SetCookie<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// Shows the name and what the attributes say and not the value, which is often a secret.
impl fmt::Debug for SetCookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: Option<&[u8]>| text.map(|text| text.escape_ascii().to_string());
        f.debug_struct("SetCookie")
            .field("name", &format_args!("{}", self.name().escape_ascii()))
            .field("domain", &shown(self.domain()))
            .field("path", &shown(self.path()))
            .field("expires", &self.expires)
            .field("max_age", &self.max_age)
            .field("same_site", &self.same_site)
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn the_same_text_read_by_other_rules_is_not_equal() {
        let long = "0".repeat(1025);
        for text in [
            "a=b; Domain=example.org; Domain=",
            &["a=b; Max-Age=", &long].concat(),
            &["a=b; Path=/", &long].concat(),
            &["a=b; Secure=", &long].concat(),
        ] {
            let read = |profile| SetCookie::parse_as(text.as_bytes(), profile).unwrap();
            let (old, new) = (read(Profile::Rfc6265), read(Profile::Rfc6265bis));
            assert_ne!(old, new, "{text}");
            assert_eq!((old.clone(), new.clone()), (old, new));
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let cookie = SetCookie::parse(b"sid\xff=\"secret; secret\"; Path=/").unwrap();
        let shown = format!("{cookie:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.starts_with("SetCookie { name: sid\\xff, domain: None, path: Some(\"/\")"));
    }
}
