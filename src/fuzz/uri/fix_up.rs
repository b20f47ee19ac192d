//! Repairs, and host names beyond ASCII.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::whole;
use crate::syntax::{Class, percent_decode_lossy};
use crate::uri::{
    FixUp, Fixes, PctStr, Uri, UriErrorKind, UriRef, UriView, domain_to_ascii, domain_to_unicode,
};

/// What is right stays, and what is repaired becomes a URI that means the same and leads where both RFC
/// 3986 and browsers say that the text leads.
pub fn uri_fix_up(data: &[u8]) {
    maps_to_itself(&String::from_utf8_lossy(data));
    let trimmed = trimmed(data);
    let spelled = Spelled::read(trimmed);
    match Uri::fix_up(data) {
        Ok((uri, fixes)) => {
            let Some(uri) = whole(Ok(uri)) else {
                return;
            };
            assert_eq!(fixes.is_empty(), data == uri.as_str().as_bytes());
            assert_eq!(fixes.is_empty(), Uri::parse_bytes(data).is_ok());
            assert_eq!(fixes.contains(Fixes::TRIMMED), trimmed.len() < data.len());
            assert_eq!(Uri::fix_up(uri.as_str()).as_ref(), Ok(&(uri.clone(), Fixes::NONE)));
            leads_as_spelled(&spelled, uri.view(), fixes);
            spelled.is_read_by_browsers(trimmed, uri.scheme());
            spelled.means(uri.view());
        }
        Err(error) => {
            assert!(error.offset() <= data.len(), "{error}");
            let is_hostless = error.kind() == UriErrorKind::MissingHost;
            assert!(is_hostless || Uri::parse_bytes(data).is_err(), "{error}");
        }
    }
    for base in BASES {
        is_reached_from(base, data, &spelled);
    }
    maps_only_the_host(data, &spelled);
}

/// With and without an authority, of the Web and not.
const BASES: [UriView<'_>; 5] = [
    UriView::from_static("http://u@h:8080/a/b?c"),
    UriView::from_static("file:///a/b"),
    UriView::from_static("x://h"),
    UriView::from_static("x:/a//b"),
    UriView::from_static("x:a/b"),
];

/// A domain that was mapped is mapped to itself, and so is what it shows as.
fn maps_to_itself(domain: &str) {
    let ascii = match domain_to_ascii(domain) {
        Ok(ascii) => ascii,
        Err(error) => return assert!(error.offset() <= domain.len(), "{error}"),
    };
    assert!(ascii.is_ascii() && !ascii.bytes().any(|octet| octet.is_ascii_uppercase()));
    assert_eq!(domain_to_ascii(&ascii).as_ref(), Ok(&ascii));
    let shown = domain_to_unicode(&ascii);
    assert_eq!(domain_to_unicode(&shown), shown);
    match domain_to_ascii(&shown) {
        Ok(again) => assert_eq!(again, ascii),
        // A label of which nothing is known stands beside one that is.
        Err(error) => assert_eq!(error.kind(), UriErrorKind::UnsupportedIdn),
    }
    if !domain.is_ascii() {
        let uri = Uri::fix_up(format!("x://{domain}"));
        assert_eq!(uri.map(|(uri, _)| String::from(uri)), Ok(format!("x://{ascii}")));
    }
}

/// Against a base, the authority is that of the text or else that of the base.
fn is_reached_from(base: UriView<'_>, data: &[u8], spelled: &Spelled<'_>) {
    let base = base.to_uri();
    let reached = base.fix_up_ref(data);
    let by_itself = Uri::fix_up(data);
    if let Ok((uri, fixes)) = &by_itself {
        assert_eq!(reached, base.resolve(uri).map(|uri| (uri, *fixes)));
    }
    let (uri, fixes) = match reached {
        Ok(reached) => reached,
        Err(error) => {
            assert!(error.offset() <= data.len(), "{error}");
            assert!(spelled.scheme.is_none() || by_itself == Err(error));
            let is_hostless = error.kind() == UriErrorKind::MissingHost;
            return assert!(is_hostless || UriRef::parse_bytes(data).is_err(), "{error}");
        }
    };
    let Some(uri) = whole(Ok(uri)) else {
        return;
    };
    let reference = UriRef::parse_bytes(data);
    assert_eq!(fixes.is_empty(), reference.is_ok());
    if let Ok(reference) = reference {
        assert_eq!(base.resolve(&reference).as_ref(), Ok(&uri));
    }
    if spelled.scheme.is_some() || spelled.authority.is_some() {
        leads_as_spelled(spelled, uri.view(), fixes);
    } else {
        assert_eq!((uri.scheme(), uri.authority()), (base.scheme(), base.authority()));
    }
    spelled.is_read_by_browsers(trimmed(data), base.scheme());
}

/// The authority is the one that RFC 3986 reads in the text, byte for byte, up to a host that was
/// mapped.
fn leads_as_spelled(spelled: &Spelled<'_>, uri: UriView<'_>, fixes: Fixes) {
    let Some((spelled, authority)) = spelled.authority.zip(uri.authority()) else {
        assert!(!fixes.contains(Fixes::HOST));
        return assert_eq!(spelled.authority.is_some(), uri.authority().is_some());
    };
    assert_eq!(fixes.contains(Fixes::HOST), !spelled.is_ascii());
    if spelled.is_ascii() {
        return assert_eq!(authority.as_str().as_bytes(), spelled);
    }
    let (userinfo, host, port) = subcomponents(spelled);
    assert_eq!(authority.userinfo().map(str::as_bytes), userinfo);
    assert_eq!(authority.port().map(str::as_bytes), port);
    let mapped = str::from_utf8(host).ok().and_then(|host| domain_to_ascii(host).ok());
    assert_eq!(mapped.as_deref(), Some(authority.host_str()));
}

/// Another mapping can change the host and nothing else.
fn maps_only_the_host(data: &[u8], spelled: &Spelled<'_>) {
    fn cleared(host: &str) -> Option<String> {
        Some(host.chars().filter(char::is_ascii).collect())
    }
    let Ok((uri, fixes)) = FixUp::DEFAULT.to_ascii(cleared).uri(data) else {
        return;
    };
    if !fixes.contains(Fixes::HOST) {
        return assert_eq!(Uri::fix_up(data), Ok((uri, fixes)));
    }
    let uri = whole(Ok(uri));
    let Some((authority, spelled)) = uri.as_ref().and_then(Uri::authority).zip(spelled.authority)
    else {
        return assert_eq!(uri, None, "{fixes}");
    };
    let (userinfo, host, port) = subcomponents(spelled);
    let host: Vec<u8> = host.iter().copied().filter(u8::is_ascii).collect();
    assert_eq!(authority.userinfo().map(str::as_bytes), userinfo);
    assert!(!host.is_empty());
    assert_eq!(authority.host_str().as_bytes(), host);
    assert_eq!(authority.port().map(str::as_bytes), port);
}

/// A text taken apart as RFC 3986 does, whatever it holds
/// ([RFC 3986, Appendix B](https://www.rfc-editor.org/rfc/rfc3986#appendix-B)).
struct Spelled<'a> {
    scheme: Option<&'a [u8]>,
    authority: Option<&'a [u8]>,
    path: &'a [u8],
    query: Option<&'a [u8]>,
    fragment: Option<&'a [u8]>,
}

impl<'a> Spelled<'a> {
    fn read(text: &'a [u8]) -> Self {
        let (text, fragment) = cut(text, b"#");
        let (text, query) = cut(text, b"?");
        let (scheme, text) = cut_scheme(text);
        let (authority, path) = match text.strip_prefix(b"//") {
            Some(text) => {
                let end = text.iter().position(|&octet| octet == b'/').unwrap_or(text.len());
                let (authority, path) = text.split_at(end);
                (Some(authority), path)
            }
            None => (None, text),
        };
        Self { scheme, authority, path, query, fragment }
    }

    /// What follows the authority decodes to what it was, and no slash became another or none.
    fn means(&self, uri: UriView<'_>) {
        let slashed = |path: &[u8]| -> Vec<u8> {
            let both = has_backslashes(uri.scheme());
            path.iter().map(|&it| if it == b'\\' && both { b'/' } else { it }).collect()
        };
        let path = slashed(self.path);
        let slashes = path.iter().filter(|&&octet| octet == b'/').count();
        assert_eq!(uri.path().matches('/').count(), slashes);
        let decoded = |text: &str| PctStr::new(text).decode_bytes().into_owned();
        assert_eq!(decoded(uri.path()), meant(&path));
        assert_eq!(uri.query().map(decoded), self.query.map(meant));
        assert_eq!(uri.fragment().map(decoded), self.fragment.map(meant));
    }

    /// Browsers read the same authority.
    ///
    /// They drop tabs and line breaks first, take `\` for `/`, and skip any number of slashes, or none,
    /// in front of the host of a scheme of the Web.
    fn is_read_by_browsers(&self, text: &[u8], base: &str) {
        let text: Vec<u8> = text.iter().copied().filter(|&octet| !is_dropped(octet)).collect();
        let (scheme, rest) = cut_scheme(&text);
        assert_eq!(scheme, self.scheme);
        let leading = scheme.and_then(|it| str::from_utf8(it).ok()).unwrap_or(base);
        let (is_web, both) = (is_web(leading), has_backslashes(leading));
        let is_slash = |octet: &u8| *octet == b'/' || both && *octet == b'\\';
        let slashes = rest.iter().take_while(|octet| is_slash(octet)).count();
        let Some(authority) = self.authority else {
            assert!(slashes < 2 && (scheme.is_none() || !is_web), "{}", text.escape_ascii());
            return;
        };
        let start = if is_web { slashes } else { 2 };
        let authority_end = |octet: &u8| is_slash(octet) || matches!(octet, b'?' | b'#');
        let read = rest.get(start..).unwrap_or_default().split(authority_end).next();
        assert_eq!(read, Some(authority), "{}", text.escape_ascii());
    }
}

/// User information, host and port.
fn subcomponents(authority: &[u8]) -> (Option<&[u8]>, &[u8], Option<&[u8]>) {
    let (before, after) = cut(authority, b"@");
    let (userinfo, rest) = after.map_or((None, before), |rest| (Some(before), rest));
    let (host, port) = cut(rest, b":");
    (userinfo, host, port)
}

/// The scheme and what follows its `:`.
fn cut_scheme(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    match cut(text, b":") {
        (scheme @ [first, ..], Some(rest))
            if first.is_ascii_alphabetic() && Class::SCHEME.matches(scheme) =>
        {
            (Some(scheme), rest)
        }
        _ => (None, text),
    }
}

fn cut<'a>(text: &'a [u8], at: &[u8; 1]) -> (&'a [u8], Option<&'a [u8]>) {
    let mut parts = text.splitn(2, |octet| at.contains(octet));
    (parts.next().unwrap_or_default(), parts.next())
}

/// What a component means: what stands in it without what browsers drop.
fn meant(component: &[u8]) -> Vec<u8> {
    let kept: Vec<u8> = component.iter().copied().filter(|&octet| !is_dropped(octet)).collect();
    percent_decode_lossy(&kept).into_owned()
}

fn trimmed(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let [0..=b' ', rest @ ..] | [rest @ .., 0..=b' '] = text {
        text = rest;
    }
    text
}

fn is_dropped(octet: u8) -> bool {
    matches!(octet, b'\t' | b'\r' | b'\n')
}

fn is_web(scheme: &str) -> bool {
    matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "ws" | "wss" | "ftp")
}

/// The schemes for which browsers take `\` for `/`.
fn has_backslashes(scheme: &str) -> bool {
    is_web(scheme) || scheme.eq_ignore_ascii_case("file")
}
