//! Laws of URIs and request targets.

use std::time::{Duration, Instant};

use nethttp::method::Method;
use nethttp::uri::{Host, RequestTarget, TargetForm, Uri, UriRef, check_host};
use proptest::prelude::*;

/// Text that is often a reference: every delimiter, escapes, dots and some bytes that are refused.
fn reference_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z0-9]{1,3}",
        4 => "[/?#:@.]",
        2 => prop::sample::select(vec![
            "http://", "//", "../", "./", "/..", "/.", "%41", "%2f", "[::1]", "[fe80::1%25e]", "[v1.a]",
            ":80", "1.2.3.4", "u:p@",
        ])
        .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["%", "%4", " ", "\\", "|", "é", "[", "]", "{", "\""])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn reference() -> impl Strategy<Value = UriRef> {
    reference_text().prop_filter_map("not a reference", |text| UriRef::parse(text).ok())
}

fn uri() -> impl Strategy<Value = Uri> {
    reference_text().prop_filter_map("not a URI", |text| {
        let text =
            if UriRef::parse(&text).ok()?.scheme().is_some() { text } else { format!("s:{text}") };
        Uri::parse(text).ok()
    })
}

/// Puts a reference together again, RFC 3986 §5.3.
fn rebuild(reference: &UriRef) -> String {
    let mut text = String::new();
    if let Some(scheme) = reference.scheme() {
        text.extend([scheme, ":"]);
    }
    if let Some(authority) = reference.authority() {
        text.push_str("//");
        if let Some(userinfo) = authority.userinfo() {
            text.extend([userinfo, "@"]);
        }
        text.push_str(authority.host_str());
        if let Some(port) = authority.port() {
            text.extend([":", port]);
        }
    }
    text.push_str(reference.path());
    if let Some(query) = reference.query() {
        text.extend(["?", query]);
    }
    if let Some(fragment) = reference.fragment() {
        text.extend(["#", fragment]);
    }
    text
}

/// The rules of request targets written down with no eye to speed.
fn model(method: Method, target: &str) -> Option<TargetForm> {
    if method == Method::CONNECT {
        let (host, port) = target.rsplit_once(':')?;
        let port_is_right = !port.is_empty()
            && port.bytes().all(|octet| octet.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|port| port > 0);
        let uri = Uri::parse(format!("s://{host}")).ok()?;
        let is_host = !host.is_empty() && uri.authority()?.host_str() == host;
        return (port_is_right && is_host).then_some(TargetForm::Authority);
    }
    if target == "*" {
        return (method == Method::OPTIONS).then_some(TargetForm::Asterisk);
    }
    if target.starts_with('/') {
        return is_lenient(target).then_some(TargetForm::Origin);
    }
    let (scheme, rest) = target.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let uri = Uri::parse(format!("{scheme}://{authority}")).ok()?;
    let needs_host = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let has_host = uri.authority()?.host() != Host::Name("");
    let has_userinfo = uri.authority()?.userinfo().is_some();
    (!has_userinfo && (has_host || !needs_host) && is_lenient(tail)).then_some(TargetForm::Absolute)
}

fn is_lenient(text: &str) -> bool {
    let octets = text.as_bytes();
    octets.iter().enumerate().all(|(index, &octet)| match octet {
        b'%' => {
            let digits = octets.get(index + 1..index + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        }
        b'#' => false,
        _ => octet.is_ascii_graphic(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_components_make_the_text_again(text in reference_text()) {
        if let Ok(reference) = UriRef::parse(&text) {
            prop_assert_eq!(reference.as_str(), &text);
            prop_assert_eq!(rebuild(&reference), text);
        }
    }

    #[test]
    fn a_uri_is_a_reference_with_a_scheme(text in reference_text()) {
        let reference = UriRef::parse(&text).ok().filter(|reference| reference.scheme().is_some());
        prop_assert_eq!(Uri::parse(&text).ok().map(UriRef::from), reference);
    }

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Uri::parse(&bytes);
        let _ = UriRef::parse(&bytes);
        let _ = check_host(&bytes);
        for raw_bytes in [false, true] {
            for method in [Method::GET, Method::CONNECT, Method::OPTIONS] {
                let mut target = RequestTarget::default();
                let assigned = target.assign(method, &bytes, raw_bytes).map(|()| target.form());
                prop_assert_eq!(assigned, RequestTarget::check(method, &bytes, raw_bytes));
            }
        }
    }

    #[test]
    fn an_error_lies_within_the_text(text in reference_text()) {
        if let Err(error) = UriRef::parse(&text) {
            prop_assert!(error.offset() <= text.len());
        }
    }

    #[test]
    fn resolving_yields_a_uri(base in uri(), reference in reference()) {
        let resolved = base.resolve(&reference).unwrap();
        let parsed = Uri::parse(resolved.as_str());
        prop_assert_eq!(parsed.as_ref(), Ok(&resolved));
        let again = parsed.unwrap();
        prop_assert_eq!(again.path(), resolved.path());
        prop_assert_eq!(again.query(), resolved.query());
        prop_assert_eq!(again.authority(), resolved.authority());
        prop_assert_eq!(resolved.fragment(), reference.fragment());
    }

    #[test]
    fn resolving_a_uri_forgets_the_base(base in uri(), other in uri(), target in uri()) {
        let target = UriRef::from(target);
        prop_assert_eq!(base.resolve(&target), other.resolve(&target));
    }

    #[test]
    fn resolving_twice_is_resolving_once(base in uri(), reference in reference()) {
        let once = base.resolve(&reference).unwrap();
        if !reference.path().is_empty() {
            prop_assert_eq!(base.resolve(&UriRef::from(once.clone())).unwrap(), once);
        }
    }

    #[test]
    fn a_target_is_accepted_where_the_model_accepts_it(
        text in reference_text(),
        method in prop::sample::select(vec![Method::GET, Method::OPTIONS, Method::CONNECT]),
    ) {
        for text in [format!("/{text}"), format!("http://{text}"), format!("{text}:80"), text] {
            let form = RequestTarget::check(method, text.as_bytes(), false).ok();
            prop_assert_eq!(form, model(method, &text), "{} {}", method, text);
        }
    }

    #[test]
    fn the_origin_form_is_a_target(uri in uri()) {
        let target = uri.origin_form();
        let parsed = RequestTarget::parse(Method::GET, target.as_bytes()).unwrap();
        prop_assert_eq!(parsed.form(), TargetForm::Origin);
        prop_assert!(parsed.is_strict());
        prop_assert_eq!(parsed.query(), uri.query());
    }

    #[test]
    fn the_host_header_is_a_host(uri in uri()) {
        let host = uri.host_header();
        if host.starts_with(':') {
            // A port without a host: no `http` URI.
            prop_assert!(uri.authority().is_some_and(|authority| authority.host_str().is_empty()));
        } else {
            prop_assert_eq!(check_host(host.as_bytes()).map(|host| host.userinfo()), Ok(None));
        }
    }
}

/// A quadratic parser needs minutes for these.
#[track_caller]
fn is_quick<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    result
}

#[test]
fn dot_segments_are_removed_in_linear_time() {
    let base = Uri::parse("http://a/b/c").unwrap();
    for (segments, expected) in [("/..", "http://a/"), ("/a/..", "http://a/"), ("/.", "http://a/")]
    {
        let reference = UriRef::parse(segments.repeat(100_000)).unwrap();
        assert_eq!(is_quick(|| base.resolve(&reference)).unwrap(), expected);
    }
    let deep = Uri::parse(format!("http://a{}", "/b".repeat(100_000))).unwrap();
    let reference = UriRef::parse("../".repeat(100_000)).unwrap();
    assert_eq!(is_quick(|| deep.resolve(&reference)).unwrap(), "http://a/");
    let empty =
        UriRef::parse(format!("/{}", "/".repeat(100_000) + &"../".repeat(100_000))).unwrap();
    assert_eq!(is_quick(|| base.resolve(&empty)).unwrap().path(), "/");
}

#[test]
fn escapes_and_raw_bytes_are_read_in_linear_time() {
    for piece in ["%41", "|", "?", "%41|"] {
        let target = format!("/{}", piece.repeat(1 << 20));
        is_quick(|| RequestTarget::parse(Method::GET, target.as_bytes())).unwrap();
    }
    let escapes = "%41".repeat(1 << 20);
    for text in [
        format!("http://{escapes}/"),
        format!("http://{escapes}@{escapes}/"),
        format!("http://a/{escapes}?{escapes}#{escapes}"),
        format!("http://[::1%25{escapes}]/"),
    ] {
        assert!(is_quick(|| Uri::parse(text)).is_ok());
    }
    assert!(is_quick(|| check_host(escapes.as_bytes())).is_ok());
}
