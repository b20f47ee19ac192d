//! URIs as people and programs write them, made into URIs.
//!
//! RFC 3986 has no word on this; the rules are those that browsers follow ([URL Standard]) as far as they
//! repair what a path, a query or a fragment holds. Where a text leads is never repaired: a reader of RFC
//! 3986 and a browser disagree on where `http://a\@b` leads, and a program that guesses can be made to
//! go to one host after having checked another.
//!
//! [URL Standard]: https://url.spec.whatwg.org/#concept-basic-url-parser

use alloc::string::String;

use super::absolute::Uri;
use super::error::UriError;
use super::fixes::Fixes;
use super::reference::UriRef;
use super::repair::{Kind, repair};

impl Uri {
    /// Returns the URI that a text is meant to be, and what had to be repaired.
    ///
    /// What [`parse`](Self::parse) accepts stays as it is. Besides that:
    ///
    /// - spaces and controls around the text, and tabs and line breaks behind the authority, are taken
    ///   out;
    /// - in the path of `http`, `https`, `ws`, `wss` and `ftp`, `\` becomes `/`;
    /// - what a path, a query or a fragment may not hold is escaped, text beyond ASCII as it is encoded,
    ///   and a `%` that starts no escape becomes `%25`;
    /// - a host name beyond ASCII is mapped by [`domain_to_ascii`](super::domain_to_ascii), or by another
    ///   function with [`FixUp`].
    ///
    /// The authority is not repaired in any other way, a missing scheme is not supplied, and neither
    /// `http:a` nor `http:/a` gets a host.
    ///
    /// # Errors
    ///
    /// A scheme or an authority that is missing or wrong; [`UriErrorKind::Backslash`](super::UriErrorKind::Backslash) for a `\` where it
    /// would change what the authority is. Offsets count in the text as it was given.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let (uri, fixes) = Uri::fix_up("http://example.org/50% off|{now}?q=naïve")?;
    /// assert_eq!(uri, "http://example.org/50%25%20off%7C%7Bnow%7D?q=na%C3%AFve");
    /// assert_eq!(fixes.to_string(), "escaped, percent");
    /// assert!(Uri::fix_up(r"http://127.0.0.1\@example.org/").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn fix_up(text: impl AsRef<[u8]>) -> Result<(Self, Fixes), UriError> {
        FixUp::DEFAULT.uri(text)
    }

    /// Returns the URI that a text is meant to lead to where this URI is the base, and what had to be
    /// repaired: for a `Location` field, or a link in a document.
    ///
    /// The repairs are those of [`fix_up`](Self::fix_up), with a base of one of those schemes standing for
    /// the scheme. A path whose first segment holds a `:`, which RFC 3986 forbids, gets `./` in front.
    /// The result is resolved as by [`resolve`](Self::resolve).
    ///
    /// # Errors
    ///
    /// As for [`fix_up`](Self::fix_up), but that no scheme is needed.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let base = Uri::parse("http://example.org/a/b")?;
    /// let (uri, _) = base.fix_up_ref("../new page?x=[1]")?;
    /// assert_eq!(uri, "http://example.org/new%20page?x=%5B1%5D");
    /// assert!(base.fix_up_ref(r"\\example.net/").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn fix_up_ref(&self, text: impl AsRef<[u8]>) -> Result<(Self, Fixes), UriError> {
        FixUp::DEFAULT.uri_ref(self, text)
    }
}

/// How host names beyond ASCII are mapped when a URI is repaired; the default is what [`Uri::fix_up`]
/// does.
///
/// # Examples
///
/// ```
/// use nethttp::uri::FixUp;
///
/// // What knows all of UTS 46, such as `idna::domain_to_ascii(domain).ok()`.
/// fn to_ascii(domain: &str) -> Option<String> {
///     (domain == "ｅxample.org").then(|| "example.org".to_owned())
/// }
///
/// let (uri, _) = FixUp::DEFAULT.to_ascii(to_ascii).uri("http://ｅxample.org/")?;
/// assert_eq!(uri, "http://example.org/");
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FixUp {
    /// Returns the ASCII form of a host name, or `None` where it has none. Unset it is
    /// [`domain_to_ascii`](super::domain_to_ascii), whose errors say more.
    pub to_ascii: Option<fn(&str) -> Option<String>>,
}

impl FixUp {
    /// What [`Uri::fix_up`] does.
    pub const DEFAULT: Self = Self { to_ascii: None };

    /// Sets what maps host names beyond ASCII.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::FixUp;
    ///
    /// let ascii_only = FixUp::DEFAULT.to_ascii(|_| None);
    /// assert!(ascii_only.uri("http://bücher.example/").is_err());
    /// ```
    #[must_use]
    pub const fn to_ascii(mut self, to_ascii: fn(&str) -> Option<String>) -> Self {
        self.to_ascii = Some(to_ascii);
        self
    }

    /// Does what [`Uri::fix_up`] does.
    ///
    /// # Errors
    ///
    /// Those of [`Uri::fix_up`], and [`UnsupportedIdn`](super::UriErrorKind::UnsupportedIdn) where the function maps a host to
    /// nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::FixUp;
    ///
    /// assert_eq!(FixUp::DEFAULT.uri("http://a/ ")?.0, "http://a/");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn uri(&self, text: impl AsRef<[u8]>) -> Result<(Uri, Fixes), UriError> {
        let text = text.as_ref();
        if let Ok(uri) = Uri::parse_bytes(text) {
            return Ok((uri, Fixes::NONE));
        }
        let (text, fixes) = repair(text, Kind::Uri, self.to_ascii)?;
        Ok((Uri::try_from(text)?, fixes))
    }

    /// Does what [`Uri::fix_up_ref`] does.
    ///
    /// # Errors
    ///
    /// Those of [`Uri::fix_up_ref`], and [`UnsupportedIdn`](super::UriErrorKind::UnsupportedIdn) where the function maps a host
    /// to nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{FixUp, Uri};
    ///
    /// let base = Uri::parse("http://a/b")?;
    /// assert_eq!(FixUp::DEFAULT.uri_ref(&base, "c d")?.0, "http://a/c%20d");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn uri_ref(&self, base: &Uri, text: impl AsRef<[u8]>) -> Result<(Uri, Fixes), UriError> {
        let text = text.as_ref();
        if let Ok(reference) = UriRef::parse_bytes(text) {
            return Ok((base.resolve(&reference)?, Fixes::NONE));
        }
        let (text, fixes) = repair(text, Kind::Reference { base: base.scheme() }, self.to_ascii)?;
        Ok((base.resolve(&UriRef::try_from(text)?)?, fixes))
    }
}
