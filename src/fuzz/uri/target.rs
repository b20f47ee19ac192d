//! Hosts and request targets.

use alloc::format;
use alloc::string::{String, ToString};

use super::whole;
use crate::method::Method;
use crate::uri::{
    Authority, Host, PctStr, RequestTarget, TargetForm, Uri, UriRefView, UriView, check_host,
};

/// A `Host` value is the authority of a reference, without user information, and a host shows as
/// itself.
pub(super) fn is_host(data: &[u8]) {
    let reference = [b"//", data].concat();
    let authority = UriRefView::parse_bytes(&reference).ok().and_then(|it| it.authority());
    let fits = |authority: &Authority<'_>| {
        authority.as_str().as_bytes() == data
            && authority.userinfo().is_none()
            && (data.is_empty() || !authority.host_str().is_empty())
    };
    let host = check_host(data);
    assert_eq!(host.ok(), authority.filter(fits));
    match host {
        Ok(authority) => {
            let shown = authority.host().to_string();
            assert_eq!(check_host(shown.as_bytes()).map(|it| it.host()), Ok(authority.host()));
            if let Err(error) = authority.port_u16() {
                assert!(error.offset() < data.len());
            }
        }
        Err(error) => assert!(error.offset() <= data.len()),
    }
}

/// A request target is what the method allows and else a URI says, and the URI that it makes means
/// what it means.
pub(super) fn is_target(data: &[u8]) {
    for method in [Method::GET, Method::OPTIONS, Method::CONNECT] {
        let strict = RequestTarget::parse(method, data);
        assert_eq!(
            strict.as_ref().is_ok_and(RequestTarget::is_strict),
            is_strict_target(method, data),
        );
        for raw_bytes in [false, true] {
            let mut target = RequestTarget::default();
            let assigned = target.assign(method, data, raw_bytes);
            let form = RequestTarget::check(method, data, raw_bytes);
            assert_eq!(assigned.map(|()| target.form()), form);
            match assigned {
                Ok(()) => {
                    assert!(raw_bytes || strict.as_ref() == Ok(&target));
                    assert_eq!(target.as_bytes(), data);
                    is_about(&target);
                }
                Err(error) => {
                    assert!(strict.is_err() && error.offset() <= data.len());
                    assert_eq!(target, RequestTarget::default());
                }
            }
        }
    }
}

/// RFC 9112 §3.2 in terms of URIs and hosts.
fn is_strict_target(method: Method, data: &[u8]) -> bool {
    if method == Method::CONNECT {
        return check_host(data)
            .is_ok_and(|host| host.port_u16().is_ok_and(|port| port.is_some_and(|port| port > 0)));
    }
    if data == b"*" {
        return method == Method::OPTIONS;
    }
    let prefix: &[u8] = if data.starts_with(b"/") { b"http://a" } else { b"" };
    let text = [prefix, data].concat();
    UriView::parse_bytes(&text).is_ok_and(|uri| {
        let has_host = |authority: Authority<'_>| {
            let is_http = matches!(uri.scheme().to_ascii_lowercase().as_str(), "http" | "https");
            authority.userinfo().is_none() && !(is_http && authority.host_str().is_empty())
        };
        uri.fragment().is_none() && uri.authority().is_some_and(has_host)
    })
}

/// The URI of a target has its path and its query.
fn is_about(target: &RequestTarget) {
    let Some(uri) = whole(target.to_uri("http", "a:80")) else {
        return;
    };
    let expected = match target.form() {
        TargetForm::Origin => format!("http://a:80{target}"),
        TargetForm::Absolute => target.to_string(),
        TargetForm::Authority => format!("http://{target}"),
        TargetForm::Asterisk => String::from("http://a:80"),
    };
    assert!(!target.is_strict() || uri.as_str() == expected, "{uri} of {expected}");
    assert!(uri.query_pairs().iter().eq(target.query_pairs()));
    assert_eq!(uri.query().is_some(), target.query().is_some());
    if matches!(target.form(), TargetForm::Origin | TargetForm::Absolute) {
        let path = if uri.path().is_empty() { "/" } else { uri.path() };
        assert!(PctStr::new(path).eq_decoded(PctStr::new(target.path()).decode_bytes()));
        assert_eq!(uri.segments().count().max(1), target.segments().count());
    }
}

/// What a client sends for a URI is a request target and a `Host` value that mean the same.
pub(super) fn is_sent(uri: UriView<'_>) {
    let target = RequestTarget::parse(Method::GET, uri.origin_form().as_bytes());
    assert!(target.as_ref().is_ok_and(RequestTarget::is_strict));
    if let Ok(target) = target {
        assert_eq!((target.form(), target.query()), (TargetForm::Origin, uri.query()));
        assert_eq!(target.path().trim_start_matches('/'), uri.path().trim_start_matches('/'));
    }
    let field = uri.host_header();
    let Some(authority) = uri.authority() else {
        return assert_eq!(field, "");
    };
    let Ok(sent) = check_host(field.as_bytes()) else {
        return assert!(authority.host_str().is_empty() && field.starts_with(':'));
    };
    let host = match authority.host() {
        Host::Ipv6(address, _) => Host::Ipv6(address, None),
        host => host,
    };
    assert_eq!(sent.host(), host);
    let sent = whole(Uri::parse(format!("{}://{field}", uri.scheme())));
    assert_eq!(sent.and_then(|sent| sent.port_or_default()), uri.port_or_default());
}
