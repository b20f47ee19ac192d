//! Laws of request targets and of what a client sends of a URI.

use nethttp::method::Method;
use nethttp::uri::{Host, RequestTarget, TargetForm, Uri, check_host};
use proptest::prelude::*;

use super::laws::{reference_text, uri};

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
