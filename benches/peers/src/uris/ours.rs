//! This crate's half: one function for each operation of the table.

use std::hint::black_box;

use nethttp::method::Method;
use nethttp::uri::{Pairs, RequestTarget, TargetForm, Uri, UriRef, UriRefView, UriView};

use super::theirs::Components;

/// Parses a URI that borrows its text.
#[inline]
pub fn parse(text: &str) -> Option<UriView<'_>> {
    UriView::parse(text).ok()
}

/// Parses a reference that borrows its text.
#[inline]
pub fn parse_reference(text: &str) -> Option<UriRefView<'_>> {
    UriRefView::parse(text).ok()
}

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
pub fn resolve(base: UriView<'_>, reference: UriRefView<'_>) -> Option<Uri> {
    base.resolve(reference).ok()
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
