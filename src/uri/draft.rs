//! The components of a URI that is to be: what the builder and the `with_` methods change, checked one by
//! one.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::{self, Write};

use super::absolute::Uri;
use super::authority::{self, Authority};
use super::compose::Composer;
use super::encode::encode;
use super::error::{UriError, UriErrorKind};
use super::parts::Split;
use super::percent::escaped_prefix_len;
use crate::syntax::Class;

/// Components that are valid each by itself.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) scheme: Cow<'a, str>,
    pub(super) authority: Option<DraftAuthority<'a>>,
    pub(super) path: Cow<'a, str>,
    pub(super) query: Option<Cow<'a, str>>,
    pub(super) fragment: Option<Cow<'a, str>>,
}

/// The parts of an authority.
#[derive(Clone, Default)]
pub(super) struct DraftAuthority<'a> {
    pub(super) userinfo: Option<Cow<'a, str>>,
    pub(super) host: Cow<'a, str>,
    pub(super) port: Option<Cow<'a, str>>,
}

/// Shows the authority with `***` in the place of a password.
impl fmt::Debug for DraftAuthority<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let userinfo = self.userinfo.as_deref().map(|userinfo| match userinfo.split_once(':') {
            Some((user, _)) => Cow::Owned(alloc::format!("{user}:***")),
            None => Cow::Borrowed(userinfo),
        });
        f.debug_struct("Authority")
            .field("userinfo", &userinfo)
            .field("host", &self.host)
            .field("port", &self.port)
            .finish()
    }
}

impl<'a> From<Authority<'a>> for DraftAuthority<'a> {
    fn from(authority: Authority<'a>) -> Self {
        Self {
            userinfo: authority.userinfo().map(Cow::Borrowed),
            host: Cow::Borrowed(authority.host_str()),
            port: authority.port().map(Cow::Borrowed),
        }
    }
}

impl<'a> Draft<'a> {
    /// The components of a URI.
    pub(super) fn of(split: Split<'a>) -> Self {
        Self {
            scheme: Cow::Borrowed(split.scheme().unwrap_or_default()),
            authority: split.authority().map(DraftAuthority::from),
            path: Cow::Borrowed(split.path()),
            query: split.query().map(Cow::Borrowed),
            fragment: split.fragment().map(Cow::Borrowed),
        }
    }

    /// Puts the components together.
    ///
    /// # Errors
    ///
    /// A path that does not suit an authority, and a text that is too long.
    pub(super) fn compose(&self) -> Result<Uri, UriError> {
        if self.authority.is_some() && !self.path.is_empty() && !self.path.starts_with('/') {
            return Err(UriError::new(UriErrorKind::RelativePath, self.path.as_bytes(), 0));
        }
        let mut composer = Composer::with_capacity(self.capacity());
        composer.text.push_str(&self.scheme);
        composer.end_scheme();
        if let Some(authority) = &self.authority {
            composer.start_authority();
            if let Some(userinfo) = &authority.userinfo {
                composer.text.extend([userinfo, "@"]);
                composer.start_host();
            }
            composer.text.push_str(&authority.host);
            composer.end_host();
            if let Some(port) = &authority.port {
                composer.text.extend([":", port]);
            }
        }
        composer.start_path();
        composer.text.push_str(&self.path);
        composer.end_path();
        if let Some(query) = &self.query {
            composer.text.extend(["?", query]);
        }
        composer.end_query();
        if let Some(fragment) = &self.fragment {
            composer.text.extend(["#", fragment]);
        }
        let (text, parts) = composer.finish()?;
        Ok(Uri { text, parts })
    }

    /// No fewer bytes than the URI has.
    fn capacity(&self) -> usize {
        let len = |text: &Option<Cow<'_, str>>| text.as_ref().map_or(0, |text| text.len() + 1);
        let authority = self.authority.as_ref().map_or(0, |authority| {
            2 + len(&authority.userinfo) + authority.host.len() + len(&authority.port)
        });
        self.scheme.len() + 1 + authority + self.path.len() + len(&self.query) + len(&self.fragment)
    }
}

/// Checks a scheme.
pub(super) fn check_scheme(scheme: &str) -> Result<(), UriError> {
    let bytes = scheme.as_bytes();
    let starts_well = bytes.first().is_some_and(|&first| Class::ALPHA.contains(first));
    let valid = if starts_well { Class::SCHEME.prefix_len(bytes) } else { 0 };
    if starts_well && valid == bytes.len() {
        return Ok(());
    }
    Err(UriError::new(UriErrorKind::InvalidScheme, bytes, valid))
}

/// Checks a host of any kind.
pub(super) fn check_host_alone(host: &str) -> Result<(), UriError> {
    let bytes = host.as_bytes();
    let spans = authority::scan(bytes, 0)?;
    spans.forbid_userinfo(bytes)?;
    if spans.host_end == bytes.len() {
        return Ok(());
    }
    Err(UriError::new(UriErrorKind::InvalidHost, bytes, spans.host_end))
}

/// Checks that a component holds nothing but members of a class and escapes.
pub(super) fn check(text: &str, class: Class, kind: UriErrorKind) -> Result<(), UriError> {
    let bytes = text.as_bytes();
    match escaped_prefix_len(class, bytes) {
        valid if valid == bytes.len() => Ok(()),
        valid => Err(UriError::unexpected(kind, bytes, valid)),
    }
}

/// Adds a slash, unless there is one, and the segment with its escapes.
pub(super) fn push_segment(segment: &str, path: &mut String) -> Result<(), UriError> {
    if matches!(segment, "." | "..") {
        return Err(UriError::new(UriErrorKind::DotSegment, segment.as_bytes(), 0));
    }
    if !path.ends_with('/') {
        path.push('/');
    }
    // A `String` takes everything.
    let _ = write!(path, "{}", encode(segment, Class::PCHAR));
    Ok(())
}
