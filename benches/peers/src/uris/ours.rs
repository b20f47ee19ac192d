//! This crate's half: one function for each operation of the table.

use std::hint::black_box;

use nethttp::method::Method;
use nethttp::uri::{Pairs, RequestTarget, TargetForm, Uri, UriError, UriRef, UriRefView, UriView};

use super::theirs::Components;

/// Parses a URI that borrows its text.
#[inline]
pub fn parse(text: &str) -> Result<UriView<'_>, UriError> {
    UriView::parse(text)
}

/// Parses a reference that borrows its text.
#[inline]
pub fn parse_reference(text: &str) -> Result<UriRefView<'_>, UriError> {
    UriRefView::parse(text)
}

/// Parses a URI that owns its text.
#[inline]
pub fn parse_owned(text: &str) -> Result<Uri, UriError> {
    Uri::parse(text)
}

/// Parses a reference that owns its text.
#[inline]
pub fn parse_reference_owned(text: &str) -> Result<UriRef, UriError> {
    UriRef::parse(text)
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
pub fn resolve(base: UriView<'_>, reference: UriRefView<'_>) -> Result<Uri, UriError> {
    base.resolve(reference)
}

/// Parses and normalises.
#[inline]
pub fn normalize(text: &str) -> Option<Uri> {
    Some(UriView::parse(text).ok()?.normalize())
}

/// Reads the pairs of a query, and returns how many there are.
#[inline]
pub fn pairs(query: &str) -> Option<usize> {
    Some(Pairs::new(query).iter().map(black_box).count())
}

/// Checks a request target without keeping anything of it.
#[inline]
pub fn target_check(text: &str) -> Result<TargetForm, UriError> {
    RequestTarget::check(Method::GET, text.as_bytes(), false)
}

/// Parses a request target that owns its text.
#[inline]
pub fn target_parse(text: &str) -> Result<RequestTarget, UriError> {
    RequestTarget::parse(Method::GET, text.as_bytes())
}

/// Parses a request target into one that is there already, as a server does.
#[inline]
pub fn target_assign(target: &mut RequestTarget, text: &str) -> Result<(), UriError> {
    target.assign(Method::GET, text.as_bytes(), false)
}
