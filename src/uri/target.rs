//! The target of a request, [RFC 9112 §3.2], as it stands on the request-line.
//!
//! A target is checked against the method, and against more than the grammar: browsers send
//! ``"<>\^`{|}`` in paths and queries as they are, and a server that refuses them refuses its users.
//!
//! What a target means together with a `Host` field is said by [`RequestTarget::to_uri`].
//!
//! [RFC 9112 §3.2]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str;

#[cfg(feature = "client")]
use super::absolute::Uri;
use super::authority::{self, Authority, Spans};
use super::blocks::skip_blocks;
use super::error::{UriError, UriErrorKind};
use super::parts::{MAX_LEN, ascii, at, offset, scheme, slice, tail};
use super::pct_str::Segments;
use super::percent::escaped_prefix_len;
use super::query::Pairs;
use crate::method::Method;
use crate::syntax::Class;

/// The four forms of a request target.
///
/// # Examples
///
/// ```
/// use nethttp::method::Method;
/// use nethttp::uri::{RequestTarget, TargetForm};
///
/// assert_eq!(RequestTarget::check(Method::GET, b"/a?b", false)?, TargetForm::Origin);
/// assert_eq!(RequestTarget::check(Method::CONNECT, b"a:443", false)?, TargetForm::Authority);
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetForm {
    /// `absolute-path [ "?" query ]`, sent to an origin server:
    /// [RFC 9112 §3.2.1](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1).
    Origin,
    /// `absolute-URI`, sent to a proxy:
    /// [RFC 9112 §3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2).
    Absolute,
    /// `uri-host ":" port`, sent with `CONNECT`:
    /// [RFC 9112 §3.2.3](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.3).
    Authority,
    /// `*`, sent with `OPTIONS`:
    /// [RFC 9112 §3.2.4](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.4).
    Asterisk,
}

/// A request target that suits its method, exactly as it was received.
///
/// ```abnf
/// request-target = origin-form / absolute-form / authority-form / asterisk-form   ; RFC 9112 §3.2
/// ```
///
/// - `*` is for `OPTIONS` alone; `CONNECT` takes `host:port` with a port from 1 to 65535 and nothing
///   else; no other method takes that form.
/// - An absolute form has an authority without user information; `http` and `https` have a host.
/// - Every `%` starts an escape, and there is no fragment, space or control.
///
/// Two targets are equal when their bytes and forms are.
///
/// # Deviations
///
/// Paths and queries may hold ``"<>\^`{|}[]``, because browsers and other clients send them;
/// [`is_strict`](Self::is_strict) tells. UTF-8 is accepted only on demand. An absolute URI without an
/// authority (`urn:a`, `localhost:80`) is refused, since nobody sends the one and the other is a
/// mistaken authority form.
///
/// # Examples
///
/// ```
/// use nethttp::method::Method;
/// use nethttp::uri::RequestTarget;
///
/// let target = RequestTarget::parse(Method::GET, b"/search?q={a|b}")?;
/// assert_eq!(target.path(), "/search");
/// assert_eq!(target.query(), Some("q={a|b}"));
/// assert!(!target.is_strict());
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestTarget {
    text: String,
    layout: TargetLayout,
}

/// Where the components of a target lie, and what the scan has learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TargetLayout {
    kind: Kind,
    /// The authority starts three bytes after it; meaningful in the absolute form only.
    scheme_end: u32,
    authority_start: u32,
    host_end: u32,
    path_start: u32,
    path_end: u32,
}

impl RequestTarget {
    /// Returns the target that the bytes are in a request with this method.
    ///
    /// # Errors
    ///
    /// A target that is none of the four forms, not the form of the method, or malformed. Bytes of 0x80
    /// and above are refused; [`assign`](Self::assign) can accept them.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::{RequestTarget, TargetForm};
    ///
    /// let target = RequestTarget::parse(Method::GET, b"http://example.org/a")?;
    /// assert_eq!(target.form(), TargetForm::Absolute);
    /// assert!(RequestTarget::parse(Method::GET, b"*").is_err());
    /// assert!(RequestTarget::parse(Method::OPTIONS, b"*").is_ok());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[inline]
    pub fn parse(method: Method, target: &[u8]) -> Result<Self, UriError> {
        // What is accepted is ASCII.
        let text = ascii(target);
        let layout = TargetLayout::strict(method, target)?;
        Ok(Self { text: text.to_owned(), layout })
    }

    /// Returns the absolute form of a URI. What was read as a URI is not read again, unless it is none that can be asked
    /// for.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    #[cfg(feature = "client")]
    pub(crate) fn absolute(method: Method, uri: &Uri) -> Result<Self, UriError> {
        let (text, parts) = (uri.absolute_form(), uri.parts);
        let has_plain_authority = parts.authority_start > 0
            && parts.authority_start == parts.host_start
            && parts.host_start < parts.host_end;
        if method == Method::CONNECT || !has_plain_authority {
            return Self::parse(method, text.as_bytes());
        }
        let layout = TargetLayout {
            kind: Kind::new(TargetForm::Absolute, true),
            scheme_end: parts.scheme_end,
            authority_start: parts.authority_start,
            host_end: parts.host_end,
            path_start: parts.path_start,
            path_end: parts.path_end,
        };
        Ok(Self { text: text.to_owned(), layout })
    }

    /// Makes this the target that the bytes are, in the memory that it has.
    ///
    /// With `raw_bytes`, a path and a query may hold UTF-8 as it is, which some browsers send.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse); the target then stays what it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// let mut target = RequestTarget::default();
    /// assert!(target.assign(Method::GET, "/é".as_bytes(), false).is_err());
    /// target.assign(Method::GET, "/é".as_bytes(), true)?;
    /// assert_eq!(target.path(), "/é");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn assign(
        &mut self,
        method: Method,
        target: &[u8],
        raw_bytes: bool,
    ) -> Result<(), UriError> {
        self.assign_checked(target, layout(method, target, raw_bytes)?)
    }

    /// Does so with what was checked before.
    pub(crate) fn assign_checked(
        &mut self,
        target: &[u8],
        layout: TargetLayout,
    ) -> Result<(), UriError> {
        let text = utf8(target)?;
        self.text.clear();
        self.text.push_str(text);
        self.layout = layout;
        Ok(())
    }

    /// Returns the form of the target that the bytes are in a request with this method, without a copy.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::{RequestTarget, UriErrorKind};
    ///
    /// let error = RequestTarget::check(Method::CONNECT, b"/", false).unwrap_err();
    /// assert_eq!(error.kind(), UriErrorKind::ConnectTarget);
    /// ```
    pub fn check(method: Method, target: &[u8], raw_bytes: bool) -> Result<TargetForm, UriError> {
        layout(method, target, raw_bytes).map(|layout| layout.kind.form())
    }

    /// Returns the form.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{RequestTarget, TargetForm};
    ///
    /// assert_eq!(RequestTarget::default().form(), TargetForm::Origin);
    /// ```
    #[must_use]
    pub const fn form(&self) -> TargetForm {
        self.layout.kind.form()
    }

    /// Returns the whole target.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::RequestTarget::default().as_str(), "/");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the whole target.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::RequestTarget::default().as_bytes(), b"/");
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Returns the path, escapes included: what a server looks up.
    ///
    /// It is `/` in an absolute form without a path, which means the same
    /// ([RFC 9110 §4.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.3)), `*` in the asterisk
    /// form, and empty in the authority form.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// assert_eq!(RequestTarget::parse(Method::GET, b"/a%20b?c")?.path(), "/a%20b");
    /// assert_eq!(RequestTarget::parse(Method::GET, b"http://a")?.path(), "/");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        match self.raw_path() {
            "" if self.form() == TargetForm::Absolute => "/",
            path => path,
        }
    }

    /// The path as it was written.
    pub(super) fn raw_path(&self) -> &str {
        slice(&self.text, self.layout.path_start, self.layout.path_end)
    }

    /// Returns the segments of the path, each with its escapes: what stands between its slashes.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// let target = RequestTarget::parse(Method::GET, b"/users/7?a=1")?;
    /// let segments: Vec<_> = target.segments().map(|segment| segment.as_str()).collect();
    /// assert_eq!(segments, ["users", "7"]);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn segments(&self) -> Segments<'_> {
        Segments::new(self.path())
    }

    /// Returns what stands after the `?`, or `None` without one.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// assert_eq!(RequestTarget::parse(Method::GET, b"/a?b=c")?.query(), Some("b=c"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.text.get(at(self.layout.path_end)..)?.strip_prefix('?')
    }

    /// Returns the query as pairs of names and values, none without a query.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// let target = RequestTarget::parse(Method::GET, b"/search?q=a+b&page=2")?;
    /// assert_eq!(target.query_pairs().get("q"), Some("a b".into()));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn query_pairs(&self) -> Pairs<'_> {
        Pairs::new(self.query().unwrap_or_default())
    }

    /// Returns the scheme of an absolute form.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// assert_eq!(RequestTarget::parse(Method::GET, b"http://a/")?.scheme(), Some("http"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        let end = self.layout.scheme_end;
        (self.form() == TargetForm::Absolute).then(|| slice(&self.text, 0, end))
    }

    /// Returns the authority of an absolute form or an authority form, which holds in the place of the
    /// `Host` field ([RFC 9112 §3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// let target = RequestTarget::parse(Method::CONNECT, b"example.org:443")?;
    /// let authority = target.authority().ok_or("no authority")?;
    /// assert_eq!(authority.host_str(), "example.org");
    /// assert_eq!(authority.port(), Some("443"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn authority(&self) -> Option<Authority<'_>> {
        let TargetLayout { authority_start: start, host_end, path_start, .. } = self.layout;
        if !matches!(self.form(), TargetForm::Absolute | TargetForm::Authority) {
            return None;
        }
        Some(Authority::new(slice(&self.text, start, path_start), 0, host_end - start))
    }

    /// Returns whether the target holds nothing that RFC 3986 forbids, so that it needs no repair
    /// before it is sent on or written into a document.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// assert!(RequestTarget::parse(Method::GET, b"/?a=%7C")?.is_strict());
    /// assert!(!RequestTarget::parse(Method::GET, b"/?a=|")?.is_strict());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn is_strict(&self) -> bool {
        self.layout.kind.is_strict()
    }
}

/// The target `/`.
impl Default for RequestTarget {
    fn default() -> Self {
        Self {
            text: String::from("/"),
            layout: TargetLayout { path_end: 1, ..TargetLayout::EMPTY },
        }
    }
}

impl AsRef<str> for RequestTarget {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for RequestTarget {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for RequestTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Shows the target as it is: since it has no user information, it holds no password.
impl fmt::Debug for RequestTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestTarget").field(&self.text).finish()
    }
}

/// The form of a target, and whether it is strict.
///
/// It is a number, since an enum and a `bool` leave values for the tag of a `Result` to hide in, and what
/// surrounds a hidden tag is copied in pieces, which takes a fifth of the time of a short parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind(u32);

impl Kind {
    const STRICT: u32 = 4;

    const fn new(form: TargetForm, strict: bool) -> Self {
        let form = match form {
            TargetForm::Origin => 0,
            TargetForm::Absolute => 1,
            TargetForm::Authority => 2,
            TargetForm::Asterisk => 3,
        };
        Self(if strict { form | Self::STRICT } else { form })
    }

    const fn form(self) -> TargetForm {
        match self.0 & !Self::STRICT {
            0 => TargetForm::Origin,
            1 => TargetForm::Absolute,
            2 => TargetForm::Authority,
            _ => TargetForm::Asterisk,
        }
    }

    const fn is_strict(self) -> bool {
        self.0 & Self::STRICT != 0
    }
}

impl TargetLayout {
    const EMPTY: Self = Self {
        kind: Kind::new(TargetForm::Origin, true),
        scheme_end: 0,
        authority_start: 0,
        host_end: 0,
        path_start: 0,
        path_end: 0,
    };

    /// Finds where the parts lie of what is a target in a request with this method.
    pub(crate) fn of(method: Method, target: &[u8], raw_bytes: bool) -> Result<Self, UriError> {
        layout(method, target, raw_bytes)
    }

    /// For [`RequestTarget::parse`], which is inlined so that what a caller does with the result costs no
    /// further copy of it.
    fn strict(method: Method, target: &[u8]) -> Result<Self, UriError> {
        layout(method, target, false)
    }
}

/// Tells the form by the method and the first bytes, and reads it.
#[inline(always)]
fn layout(method: Method, target: &[u8], raw_bytes: bool) -> Result<TargetLayout, UriError> {
    if target.len() > MAX_LEN {
        return Err(UriError::new(UriErrorKind::TooLong, target, MAX_LEN));
    }
    match (method, target) {
        (Method::CONNECT, _) => authority_form(target),
        (_, [b'/', ..]) => {
            let (path_end, strict) = path_and_query(target, raw_bytes, 0)?;
            let kind = Kind::new(TargetForm::Origin, strict);
            Ok(TargetLayout { kind, path_end, ..TargetLayout::EMPTY })
        }
        (Method::OPTIONS, b"*") => {
            let kind = Kind::new(TargetForm::Asterisk, true);
            Ok(TargetLayout { kind, path_end: 1, ..TargetLayout::EMPTY })
        }
        (_, b"*") => Err(UriError::new(UriErrorKind::AsteriskWithoutOptions, target, 0)),
        _ => absolute_form(target, raw_bytes),
    }
}

/// `authority-form = uri-host ":" port`, with a port that can be connected to.
#[inline(never)]
fn authority_form(target: &[u8]) -> Result<TargetLayout, UriError> {
    let refused = |kind, offset| Err(UriError::new(kind, target, offset));
    let spans = authority::scan(target, 0)?;
    let Spans { host_end, end, .. } = spans;
    if end != target.len() {
        return refused(UriErrorKind::ConnectTarget, end);
    }
    spans.forbid_userinfo(target)?;
    if host_end == 0 {
        return refused(UriErrorKind::MissingHost, 0);
    }
    let port = match target.get(host_end..) {
        Some([b':', port @ ..]) if !port.is_empty() => port,
        _ => return refused(UriErrorKind::InvalidPort, end),
    };
    if !str::from_utf8(port).is_ok_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return refused(UriErrorKind::PortOutOfRange, host_end + 1);
    }
    Ok(TargetLayout {
        kind: Kind::new(TargetForm::Authority, true),
        host_end: offset(host_end),
        path_start: offset(end),
        path_end: offset(end),
        ..TargetLayout::EMPTY
    })
}

/// `absolute-form = absolute-URI`, with an authority.
#[inline(never)]
fn absolute_form(target: &[u8], raw_bytes: bool) -> Result<TargetLayout, UriError> {
    let refused = |kind, offset| Err(UriError::new(kind, target, offset));
    let Some(scheme_end) = scheme(target) else {
        return refused(UriErrorKind::UnknownForm, 0);
    };
    let (scheme, rest) = target.split_at_checked(scheme_end).unwrap_or_default();
    if !rest.starts_with(b"://") {
        return refused(UriErrorKind::UnknownForm, 0);
    }
    let spans = authority::scan(target, scheme_end + 3)?;
    spans.forbid_userinfo(target)?;
    let needs_host = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    if needs_host && spans.host_end == spans.start {
        return refused(UriErrorKind::MissingHost, spans.start);
    }
    let (path_end, strict) = path_and_query(target, raw_bytes, spans.end)?;
    Ok(TargetLayout {
        kind: Kind::new(TargetForm::Absolute, strict),
        scheme_end: offset(scheme_end),
        authority_start: offset(spans.start),
        host_end: offset(spans.host_end),
        path_start: offset(spans.end),
        path_end,
    })
}

/// `absolute-path [ "?" query ]` from `start` to the end of the target, of the characters that are found
/// on the Web. Returns where the path ends, and whether RFC 3986 allows all of it.
#[inline(always)]
fn path_and_query(target: &[u8], raw_bytes: bool, start: usize) -> Result<(u32, bool), UriError> {
    let mut rest = skip_blocks(tail(target, start), false);
    let mut class = Class::PATH;
    let mut path_end = target.len();
    let (mut is_ascii, mut is_strict) = (true, true);
    loop {
        let unusual = tail(rest, escaped_prefix_len(class, rest));
        rest = match unusual {
            [] => break,
            // A query holds further question marks itself.
            [b'?', query @ ..] => {
                path_end = target.len() - unusual.len();
                class = Class::QUERY;
                skip_blocks(query, true)
            }
            [octet, after @ ..] if raw_bytes && !octet.is_ascii() => {
                is_ascii = false;
                after
            }
            [octet, after @ ..] if *octet != b'%' && Class::TARGET.contains(*octet) => {
                is_strict = false;
                after
            }
            _ => return Err(unexpected(target, target.len() - unusual.len())),
        }
    }
    if !is_ascii {
        utf8(target)?;
    }
    Ok((offset(path_end), is_strict && is_ascii))
}

#[cold]
fn unexpected(target: &[u8], position: usize) -> UriError {
    if target.get(position) == Some(&b'#') {
        return UriError::new(UriErrorKind::FragmentInTarget, target, position);
    }
    UriError::unexpected(UriErrorKind::InvalidTarget, target, position)
}

/// The target as text; it is ASCII but where raw bytes are accepted.
fn utf8(target: &[u8]) -> Result<&str, UriError> {
    str::from_utf8(target)
        .map_err(|error| UriError::new(UriErrorKind::NonAscii, target, error.valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accepts(method: Method, target: &str, form: TargetForm, strict: bool) -> RequestTarget {
        let parsed = RequestTarget::parse(method, target.as_bytes()).unwrap();
        assert_eq!((parsed.form(), parsed.is_strict()), (form, strict), "{target}");
        assert_eq!(parsed.as_str(), target);
        parsed
    }

    #[track_caller]
    fn refuses(method: Method, target: &[u8], kind: UriErrorKind, offset: usize) {
        let error = RequestTarget::check(method, target, false).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{}", target.escape_ascii());
    }

    #[test]
    fn origin_form_is_a_path_and_a_query() {
        for (target, path, query) in [
            ("/", "/", None),
            ("/a/b", "/a/b", None),
            ("/a?", "/a", Some("")),
            ("/a?b=c?d/e", "/a", Some("b=c?d/e")),
            ("//a/b", "//a/b", None),
            ("/../a:b@c", "/../a:b@c", None),
            ("/http://a", "/http://a", None),
            ("/%41?%42", "/%41", Some("%42")),
        ] {
            let parsed = accepts(Method::GET, target, TargetForm::Origin, true);
            assert_eq!((parsed.path(), parsed.query()), (path, query), "{target}");
            assert_eq!((parsed.scheme(), parsed.authority()), (None, None));
        }
    }

    #[test]
    fn every_byte_is_judged_in_path_and_query() {
        for octet in 0..=255u8 {
            let visible = matches!(octet, 0x21..=0x7e) && octet != b'#' && octet != b'%';
            let raw = br#""<>\^`{|}[]"#.contains(&octet);
            for before in ["/a", "/?a", "http://h/a", "http://h?a"] {
                let target = [before.as_bytes(), &[octet], b"b"].concat();
                let parsed = RequestTarget::parse(Method::GET, &target);
                assert_eq!(parsed.is_ok(), visible, "{}", target.escape_ascii());
                match parsed {
                    Ok(parsed) => assert_eq!(parsed.is_strict(), !raw, "{parsed}"),
                    Err(error) => assert_eq!(error.offset(), before.len()),
                }
            }
        }
    }

    #[test]
    fn refuses_bytes_by_their_kind() {
        use UriErrorKind::*;
        refuses(Method::GET, b"/a b", InvalidTarget, 2);
        refuses(Method::GET, b"/a\tb", InvalidTarget, 2);
        refuses(Method::GET, b"/a\0", InvalidTarget, 2);
        refuses(Method::GET, b"/a\x7f", InvalidTarget, 2);
        refuses(Method::GET, b"/a\r", InvalidTarget, 2);
        refuses(Method::GET, b"/#", FragmentInTarget, 1);
        refuses(Method::GET, b"/?a#b", FragmentInTarget, 3);
        refuses(Method::GET, b"/%", InvalidPercent, 1);
        refuses(Method::GET, b"/{%4", InvalidPercent, 2);
        refuses(Method::GET, b"/?%zz", InvalidPercent, 2);
        refuses(Method::GET, b"/\xc3\xa9", NonAscii, 1);
    }

    #[test]
    fn refuses_what_is_none_of_the_forms() {
        for target in [
            "",
            "foo",
            "!",
            "?a",
            "foo/bar",
            "a:80",
            "localhost:80",
            "urn:a",
            "http:a",
            "http:/a",
            "1http://a",
            "://a",
            "**",
            "*/",
            "#",
            " /",
            "\\a",
        ] {
            refuses(Method::GET, target.as_bytes(), UriErrorKind::UnknownForm, 0);
            refuses(Method::OPTIONS, target.as_bytes(), UriErrorKind::UnknownForm, 0);
        }
    }

    #[test]
    fn asterisk_is_for_options_alone() {
        let target = accepts(Method::OPTIONS, "*", TargetForm::Asterisk, true);
        assert_eq!((target.path(), target.query(), target.authority()), ("*", None, None));
        for method in ["GET", "POST", "TRACE", "options", "PROPFIND"] {
            let method = method.parse().unwrap();
            refuses(method, b"*", UriErrorKind::AsteriskWithoutOptions, 0);
        }
        refuses(Method::CONNECT, b"*", UriErrorKind::InvalidPort, 1);
    }

    #[cfg(feature = "client")]
    #[test]
    fn the_absolute_form_of_a_uri_is_what_its_text_is() {
        for text in [
            "http://a",
            "http://a#b",
            "HTTPS://a:1/?#",
            "http://[::1]:80?b",
            "http://[fe80::1%25e]/b",
            "http://a:/b?c%20d#e",
            "ws+unix://a/b",
            "file:///b",
            "http:///b",
            "http://u:p@a/",
            "http://@a/",
            "urn:a:b",
            "http:a",
            "a:80",
        ] {
            let uri = Uri::parse(text).unwrap();
            for method in [Method::GET, Method::OPTIONS, Method::CONNECT] {
                let parsed = RequestTarget::parse(method, uri.absolute_form().as_bytes());
                let found = RequestTarget::absolute(method, &uri);
                assert_eq!(found, parsed, "{method} {text}");
            }
        }
    }

    #[test]
    fn absolute_form_has_a_strict_authority() {
        for (target, authority, path, query) in [
            ("http://a", "a", "/", None),
            ("HTTPS://a:1/", "a:1", "/", None),
            ("http://[::1]:80?b", "[::1]:80", "/", Some("b")),
            ("http://a:/b?c", "a:", "/b", Some("c")),
            ("ws+unix://a/b", "a", "/b", None),
            ("file:///b", "", "/b", None),
        ] {
            let parsed = accepts(Method::GET, target, TargetForm::Absolute, true);
            assert_eq!(parsed.authority().map(|it| it.as_str()), Some(authority), "{target}");
            assert_eq!((parsed.path(), parsed.query()), (path, query), "{target}");
            assert_eq!(parsed.scheme(), target.split(':').next());
        }
        accepts(Method::OPTIONS, "http://a", TargetForm::Absolute, true);
        accepts(Method::GET, "http://a/{b}", TargetForm::Absolute, false);
    }

    #[test]
    fn refuses_a_malformed_absolute_form() {
        use UriErrorKind::*;
        refuses(Method::GET, b"http://u@a/", ForbiddenUserinfo, 8);
        refuses(Method::GET, b"http://@a/", ForbiddenUserinfo, 7);
        refuses(Method::GET, b"ftp://u:p@a/", ForbiddenUserinfo, 9);
        refuses(Method::GET, b"http://", MissingHost, 7);
        refuses(Method::GET, b"http:///a", MissingHost, 7);
        refuses(Method::GET, b"HTTPS://:80/", MissingHost, 8);
        refuses(Method::GET, b"http://a|b/", InvalidHost, 8);
        refuses(Method::GET, b"http://a\\@b/", Backslash, 8);
        refuses(Method::GET, b"http://a:b/", InvalidPort, 9);
        refuses(Method::GET, b"http://[::1/", InvalidIpLiteral, 11);
        refuses(Method::GET, b"http://a#b", FragmentInTarget, 8);
        refuses(Method::GET, b"http://a b", InvalidHost, 8);
    }

    #[test]
    fn connect_takes_a_host_and_a_port() {
        for target in ["a:1", "example.org:443", "[::1]:65535", "1.2.3.4:080"] {
            let parsed = accepts(Method::CONNECT, target, TargetForm::Authority, true);
            assert_eq!(parsed.authority().map(|it| it.as_str()), Some(target));
            assert_eq!((parsed.path(), parsed.query(), parsed.scheme()), ("", None, None));
        }
    }

    #[test]
    fn connect_takes_nothing_else() {
        use UriErrorKind::*;
        refuses(Method::CONNECT, b"/", ConnectTarget, 0);
        refuses(Method::CONNECT, b"", MissingHost, 0);
        refuses(Method::CONNECT, b"http://a/", ConnectTarget, 5);
        refuses(Method::CONNECT, b"a:1/", ConnectTarget, 3);
        refuses(Method::CONNECT, b"a:1?b", ConnectTarget, 3);
        refuses(Method::CONNECT, b"a:1#b", ConnectTarget, 3);
        refuses(Method::CONNECT, b":1", MissingHost, 0);
        refuses(Method::CONNECT, b"a", InvalidPort, 1);
        refuses(Method::CONNECT, b"a:", InvalidPort, 2);
        refuses(Method::CONNECT, b"a:+1", InvalidPort, 2);
        refuses(Method::CONNECT, b"a:0", PortOutOfRange, 2);
        refuses(Method::CONNECT, b"a:65536", PortOutOfRange, 2);
        refuses(Method::CONNECT, b"a:99999999999", PortOutOfRange, 2);
        refuses(Method::CONNECT, b"u@a:1", ForbiddenUserinfo, 1);
        refuses(Method::CONNECT, b"a b:1", InvalidHost, 1);
    }

    #[test]
    fn raw_bytes_are_utf8_in_path_and_query() {
        let mut target = RequestTarget::default();
        for (text, path, query) in
            [("/é", "/é", None), ("/a?ü", "/a", Some("ü")), ("/|é", "/|é", None)]
        {
            refuses(
                Method::GET,
                text.as_bytes(),
                UriErrorKind::NonAscii,
                text.find(['é', 'ü']).unwrap(),
            );
            target.assign(Method::GET, text.as_bytes(), true).unwrap();
            assert_eq!((target.path(), target.query(), target.is_strict()), (path, query, false));
        }
        for (bytes, offset) in [(&b"/a\xff"[..], 2), (b"/\xc3\xa9\xc3", 3), (b"/?\xed\xa0\x80", 2)]
        {
            let error = target.assign(Method::GET, bytes, true).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (UriErrorKind::NonAscii, offset));
            assert_eq!(target.as_str(), "/|é", "a refusal changes nothing");
        }
        let error = RequestTarget::check(Method::GET, "http://é/".as_bytes(), true).unwrap_err();
        assert_eq!(error.kind(), UriErrorKind::NonAscii, "not in the host");
    }

    #[test]
    fn a_target_is_reused() {
        let mut target = RequestTarget::default();
        assert_eq!((target.as_str(), target.path(), target.query()), ("/", "/", None));
        target.assign(Method::GET, b"http://a/b?c", false).unwrap();
        target.assign(Method::GET, b"/d", false).unwrap();
        assert_eq!(target, RequestTarget::parse(Method::GET, b"/d").unwrap());
        assert_eq!(alloc::format!("{target} {target:?}"), "/d RequestTarget(\"/d\")");
    }
}
