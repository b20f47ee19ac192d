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
use super::error::{UriError, UriErrorKind};
use super::fixes::Fixes;
use super::http::needs_host;
use super::parts::{scheme, tail};
use super::reference::UriRef;
use super::repair::{Kind, repair};

impl Uri {
    /// Returns the URI that a text is meant to be, and what had to be repaired.
    ///
    /// What [`parse`](Self::parse) accepts stays as it is, or is refused where it has no host and the
    /// scheme is `http`, `https`, `ws`, `wss` or `ftp`
    /// ([RFC 9110 §4.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.1)). Besides that:
    ///
    /// - spaces and C0 controls around the text, and HTAB, CR and LF behind the authority, are taken out;
    /// - in the path of these schemes and of `file`, `\` becomes `/`;
    /// - what a path, a query or a fragment may not hold is escaped, text beyond ASCII as it is encoded,
    ///   and a `%` that starts no escape becomes `%25`;
    /// - a host name beyond ASCII is mapped, whatever the scheme, by
    ///   [`domain_to_ascii`](super::domain_to_ascii), or by another function with [`FixUp`].
    ///
    /// The authority is not repaired in any other way, user information beyond ASCII is refused, a missing
    /// scheme is not supplied, and neither `http:a` nor `http:///a` gets a host. Dot segments stay, those
    /// too that a `\` has made; [`normalize`](Self::normalize) removes them.
    ///
    /// # Errors
    ///
    /// A scheme, an authority or a host that is missing or wrong; [`UriErrorKind::Backslash`] for a `\`
    /// where it would change what the authority is. Offsets count in the text as it was given.
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
/// // What knows all of UTS 46, such as `idna::domain_to_ascii_cow` with `AsciiDenyList::URL`.
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
    /// Returns the ASCII form of a host name as it was written, or `None` where it has none. It is asked
    /// for names beyond ASCII without escapes, and what it returns is refused where it is empty, holds an
    /// escape or is no name. Unset it is
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
    /// Those of [`Uri::fix_up`], and [`UriErrorKind::UnsupportedIdn`] where the function maps a host to
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
        let given = text.as_ref();
        let (uri, fixes) = match Uri::parse_bytes(given) {
            Ok(uri) => (uri, Fixes::NONE),
            Err(_) => {
                let (text, fixes) = repair(given, Kind::Uri, self.to_ascii)?;
                (Uri::try_from(text)?, fixes)
            }
        };
        require_host(&uri, given)?;
        Ok((uri, fixes))
    }

    /// Does what [`Uri::fix_up_ref`] does.
    ///
    /// # Errors
    ///
    /// Those of [`Uri::fix_up_ref`], and [`UriErrorKind::UnsupportedIdn`] where the function maps a host
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
        let given = text.as_ref();
        let (reference, fixes) = match UriRef::parse_bytes(given) {
            Ok(reference) => (reference, Fixes::NONE),
            Err(_) => {
                let kind = Kind::Reference { base: base.scheme() };
                let (text, fixes) = repair(given, kind, self.to_ascii)?;
                (UriRef::try_from(text)?, fixes)
            }
        };
        let uri = base.resolve(&reference)?;
        require_host(&uri, given)?;
        Ok((uri, fixes))
    }
}

/// Refuses a URI of the Web without a host: browsers skip any number of slashes in front of one.
fn require_host(uri: &Uri, given: &[u8]) -> Result<(), UriError> {
    let has_host = uri.authority().is_some_and(|authority| !authority.host_str().is_empty());
    if has_host || !needs_host(uri.scheme()) {
        return Ok(());
    }
    // Behind the scheme, if the text has one, and the slashes of an authority.
    let start = given.iter().position(|octet| *octet > b' ').unwrap_or(given.len());
    let after_scheme = scheme(tail(given, start)).map_or(start, |end| start + end + 1);
    let slashes = if tail(given, after_scheme).starts_with(b"//") { 2 } else { 0 };
    Err(UriError::new(UriErrorKind::MissingHost, given, after_scheme + slashes))
}
