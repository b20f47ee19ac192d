//! This crate's half: one function for each operation of the table.

use nethttp::method::Method;
use nethttp::uri::{RequestTarget, TargetForm, Uri, UriRef};

use super::theirs::Components;

/// Parses a URI that owns its text.
#[inline]
pub fn parse_owned(text: &str) -> Option<Uri> {
    Uri::parse(text).ok()
}

/// Parses a reference that owns its text.
#[inline]
pub fn parse_reference_owned(text: &str) -> Option<UriRef> {
    UriRef::parse(text).ok()
}

/// Reads all components.
#[inline]
pub fn components(uri: &Uri) -> Components<'_> {
    let authority = uri.authority();
    Components {
        scheme: uri.scheme(),
        userinfo: authority.and_then(|authority| authority.userinfo()),
        host: authority.map(|authority| authority.host_str()),
        port: authority.and_then(|authority| authority.port()),
        path: uri.path(),
        query: uri.query(),
        fragment: uri.fragment(),
    }
}

/// Resolves a reference.
#[inline]
pub fn resolve(base: &Uri, reference: &UriRef) -> Option<Uri> {
    base.resolve(reference).ok()
}

/// Checks a request target without keeping anything of it.
#[inline]
pub fn target_check(text: &str) -> Option<TargetForm> {
    RequestTarget::check(Method::GET, text.as_bytes(), false).ok()
}

/// Parses a request target that owns its text.
#[inline]
pub fn target_parse(text: &str) -> Option<RequestTarget> {
    RequestTarget::parse(Method::GET, text.as_bytes()).ok()
}

/// Parses a request target into one that is there already, as a server does.
#[inline]
pub fn target_assign(target: &mut RequestTarget, text: &str) -> Option<()> {
    target.assign(Method::GET, text.as_bytes(), false).ok()
}
