//! Parsing, and what is done with the components.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::target::{is_host, is_sent, is_target};
use super::{Components, components, whole};
use crate::syntax::Class;
use crate::uri::{PctStr, Uri, UriError, UriErrorKind, UriRef, UriRefView, UriView, encode};

/// All parsers agree on a text, its components make it again, and what is done with a component of it
/// (decode it, send it, set it, add it) neither fails nor says something else.
pub fn uri_parse(data: &[u8]) {
    decodes(&String::from_utf8_lossy(data));
    is_host(data);
    is_target(data);
    let Some(reference) = reference(data) else {
        return;
    };
    assert_eq!(rebuilt(&components(reference)).as_bytes(), data);
    decodes(reference.path());
    decodes(reference.query().unwrap_or_default());
    decodes(reference.fragment().unwrap_or_default());
    let pairs = reference.query_pairs();
    assert_eq!(pairs.iter().count(), pairs.raw().count());
    if let Ok(uri) = UriView::try_from(reference) {
        is_sent(uri);
        keeps_its_components(uri);
        changes_one_component(uri);
        let mut segments = uri.segments();
        let last = segments.next_back();
        for segment in last.into_iter().chain(segments.take(4)) {
            grows_by(uri, &segment.decode_lossy());
        }
    }
}

/// The four types make the same of a text, as bytes and as a string.
fn reference(data: &[u8]) -> Option<UriRefView<'_>> {
    let reference = UriRefView::parse_bytes(data);
    let uri = UriView::parse_bytes(data);
    let (owned_reference, owned_uri) = (UriRef::parse_bytes(data), Uri::parse_bytes(data));
    assert_eq!(owned_components(&owned_reference), reference.map(components));
    assert_eq!(owned_components(&owned_uri), uri.map(components));
    if let Ok(text) = str::from_utf8(data) {
        assert_eq!(UriRefView::parse(text), reference);
        assert_eq!(UriView::parse(text), uri);
        assert_eq!(UriRef::parse(text), owned_reference);
        assert_eq!(UriRef::try_from(String::from(text)), owned_reference);
        assert_eq!(Uri::parse(text), owned_uri);
        assert_eq!(Uri::try_from(String::from(text)), owned_uri);
    }
    match (reference, uri) {
        (Ok(reference), Ok(uri)) => assert_eq!(components(reference), components(uri)),
        (Ok(reference), Err(error)) => {
            assert_eq!((error.kind(), error.offset()), (UriErrorKind::MissingScheme, 0));
            assert_eq!(reference.scheme(), None);
        }
        (Err(error), Err(other)) => {
            assert!(error.offset() <= data.len() && other.offset() <= data.len());
            let asks_for_scheme =
                matches!(other.kind(), UriErrorKind::MissingScheme | UriErrorKind::InvalidScheme);
            assert!(asks_for_scheme || other == error, "{other} and {error}");
        }
        (Err(error), Ok(_)) => assert_eq!(uri, Err(error), "a URI is a reference"),
    }
    reference.ok()
}

fn owned_components<'a, T>(parsed: &'a Result<T, UriError>) -> Result<Components<'a>, UriError>
where
    &'a T: Into<UriRefView<'a>>,
{
    parsed.as_ref().map(components).map_err(|&error| error)
}

/// RFC 3986 §5.3, down to the parts of the authority.
fn rebuilt(components: &Components<'_>) -> String {
    let mut text = String::new();
    if let Some(scheme) = components.scheme {
        text.extend([scheme, ":"]);
    }
    if let Some(authority) = components.authority {
        text.push_str("//");
        if let Some(userinfo) = authority.userinfo() {
            text.extend([userinfo, "@"]);
        }
        text.push_str(authority.host_str());
        if let Some(port) = authority.port() {
            text.extend([":", port]);
        }
    }
    text.push_str(components.path);
    if let Some(query) = components.query {
        text.extend(["?", query]);
    }
    if let Some(fragment) = components.fragment {
        text.extend(["#", fragment]);
    }
    text
}

/// What is decoded strictly is the same as what is decoded in any case, and segments are the path.
fn decodes(text: &str) {
    let text = PctStr::new(text);
    let octets = text.decode_bytes();
    assert!(text.eq_decoded(&octets));
    assert_eq!(text.decode_lossy(), String::from_utf8_lossy(&octets));
    match text.decode() {
        Ok(decoded) => assert_eq!(decoded.as_bytes(), octets.as_ref()),
        Err(error) => assert!(error.offset() < text.as_str().len()),
    }
    let escaped = encode(&octets, Class::PCHAR).to_string();
    assert_eq!(PctStr::new(&escaped).decode_bytes(), octets);
    let segments: Vec<&str> = text.segments().map(|segment| segment.as_str()).collect();
    let path = text.as_str();
    assert_eq!(segments.join("/"), path.strip_prefix('/').unwrap_or(path));
    let back = text.segments().rev().map(|segment| segment.as_str());
    assert!(back.eq(segments.into_iter().rev()));
}

/// To set a component to what it is changes nothing.
fn keeps_its_components(uri: UriView<'_>) {
    let same = |edited: Result<Uri, UriError>| {
        assert_eq!(edited.as_ref().map(components), Ok(components(uri)));
    };
    same(uri.with_scheme(uri.scheme()));
    same(uri.with_path(uri.path()));
    same(uri.query().map_or_else(|| Ok(uri.without_query()), |query| uri.with_query(query)));
    let fragment = uri.fragment();
    same(fragment.map_or_else(|| Ok(uri.without_fragment()), |it| uri.with_fragment(it)));
    let Some(authority) = uri.authority() else {
        same(Ok(uri.without_port()));
        return same(Ok(uri.without_userinfo()));
    };
    same(uri.with_host(authority.host_str()));
    let userinfo = authority.userinfo();
    same(userinfo.map_or_else(|| Ok(uri.without_userinfo()), |it| uri.with_userinfo(it)));
    match (authority.port(), authority.port_u16()) {
        (None, _) => same(Ok(uri.without_port())),
        (Some(digits), Ok(Some(port))) if port.to_string() == digits => same(uri.with_port(port)),
        _ => {}
    }
}

/// A URI with another component has that component, and is one.
fn changes_one_component(uri: UriView<'_>) {
    let has_authority = uri.authority().is_some();
    for without in [uri.without_query(), uri.without_fragment()] {
        let without = whole(Ok(without));
        assert_eq!(without.as_ref().map(Uri::path), Some(uri.path()));
    }
    for without in [uri.without_userinfo(), uri.without_port()] {
        let without = whole(Ok(without));
        assert_eq!(without.as_ref().map(|it| it.authority().is_some()), Some(has_authority));
    }
    let path = whole(uri.with_path("//b"));
    assert!(path.is_some_and(|path| path.path().ends_with("//b")));
    if has_authority || uri.path().is_empty() || uri.path().starts_with('/') {
        let host = whole(uri.with_host("[::1]"));
        let host = host.as_ref().and_then(Uri::authority).map(|authority| authority.host_str());
        assert_eq!(host, Some("[::1]"));
    } else {
        let error = uri.with_host("[::1]").err().map(|error| error.kind());
        assert_eq!(error, Some(UriErrorKind::RelativePath));
    }
    for edited in [uri.with_port(8080), uri.with_userinfo("u:p")] {
        let edited = if has_authority { whole(edited) } else { edited.ok() };
        assert_eq!(edited.is_some(), has_authority);
    }
}

/// A segment that was added is the last one, below the path that was there.
fn grows_by(uri: UriView<'_>, segment: &str) {
    let mut grown = uri.to_uri();
    if let Err(error) = grown.push_segment(segment) {
        assert_eq!((error.kind(), grown), (UriErrorKind::DotSegment, uri.to_uri()));
        return assert!(matches!(segment, "." | ".."));
    }
    let Some(grown) = whole(Ok(grown)) else {
        return;
    };
    let last = grown.segments().next_back().map(|last| last.decode());
    assert_eq!(last, Some(Ok(Cow::Borrowed(segment))));
    assert!(grown.path().starts_with(uri.path()));
    assert_eq!(Components { path: uri.path(), ..components(&grown) }, components(uri));
}
