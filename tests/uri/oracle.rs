//! What RFC 3986 says about a text, and whether the crate says the same.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use nethttp::uri::{Authority, Host, Uri, UriError, UriRef, check_host};

use super::abnf::Grammar;

pub(crate) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::with(""));

/// The grammar of a text whose authority has no `@`.
static WITHOUT_USERINFO: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::with("authority = host [ \":\" port ]"));

/// The grammar of a text whose authority has an `@`.
static WITH_USERINFO: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::with("authority = userinfo \"@\" host [ \":\" port ]"));

/// The five components of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Components<'a> {
    pub(crate) scheme: Option<&'a [u8]>,
    pub(crate) authority: Option<&'a [u8]>,
    pub(crate) path: &'a [u8],
    pub(crate) query: Option<&'a [u8]>,
    pub(crate) fragment: Option<&'a [u8]>,
}

/// Splits a text, right or wrong, as the regular expression of
/// [RFC 3986 Appendix B](https://www.rfc-editor.org/rfc/rfc3986#appendix-B) does:
///
/// ```text
/// ^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?
///  12            3  4          5       6  7        8 9
/// ```
pub(crate) fn split(text: &[u8]) -> Components<'_> {
    let (scheme, rest) = match text.split_at(run(text, b":/?#")) {
        (scheme @ [_, ..], [b':', rest @ ..]) => (Some(scheme), rest),
        _ => (None, text),
    };
    let (authority, rest) = match rest {
        [b'/', b'/', rest @ ..] => {
            let (authority, rest) = rest.split_at(run(rest, b"/?#"));
            (Some(authority), rest)
        }
        _ => (None, rest),
    };
    let (path, rest) = rest.split_at(run(rest, b"?#"));
    let (query, rest) = match rest {
        [b'?', rest @ ..] => {
            let (query, rest) = rest.split_at(run(rest, b"#"));
            (Some(query), rest)
        }
        _ => (None, rest),
    };
    let fragment = rest.strip_prefix(b"#");
    Components { scheme, authority, path, query, fragment }
}

/// `[^delimiters]*`
fn run(text: &[u8], delimiters: &[u8]) -> usize {
    text.iter().position(|octet| delimiters.contains(octet)).unwrap_or(text.len())
}

/// User information, host and port of an authority that the grammar has.
type Subcomponents<'a> = (Option<&'a [u8]>, &'a [u8], Option<&'a [u8]>);

/// ```text
/// ^(([^@]*)@)?(\[[^]]*\]|[^:]*)(:(.*))?
/// ```
fn split_authority(authority: &[u8]) -> Subcomponents<'_> {
    let (userinfo, rest) = match authority.split_at(run(authority, b"@")) {
        (userinfo, [b'@', rest @ ..]) => (Some(userinfo), rest),
        _ => (None, authority),
    };
    let literal = if rest.starts_with(b"[") { run(rest, b"]") } else { 0 };
    let (host, port) = rest.split_at(literal + run(&rest[literal..], b":"));
    (userinfo, host, port.strip_prefix(b":"))
}

/// The kind of a host that the grammar has. An IPv4 address goes before a name,
/// [RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).
fn kind(host: &str) -> Host<'_> {
    let Some(literal) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return match GRAMMAR.rule("IPv4address").matches(host.as_bytes()) {
            true => Host::Ipv4(Ipv4Addr::from(quad(host))),
            false => Host::Name(host),
        };
    };
    if GRAMMAR.rule("IPvFuture").matches(literal.as_bytes()) {
        return Host::IpvFuture(literal);
    }
    let (address, zone) = match literal.split_once("%25") {
        Some((address, zone)) => (address, Some(zone)),
        None => (literal, None),
    };
    let (before, after) = address.split_once("::").unwrap_or((address, ""));
    let (mut all, tail) = (groups(before), groups(after));
    all.resize(8 - tail.len(), 0);
    all.extend(tail);
    let all: [u16; 8] = all.try_into().expect("eight groups");
    Host::Ipv6(Ipv6Addr::from(all), zone)
}

/// The 16-bit groups of what stands on one side of a `::`.
fn groups(text: &str) -> Vec<u16> {
    let mut groups = Vec::new();
    for group in text.split(':').filter(|group| !group.is_empty()) {
        if group.contains('.') {
            let [a, b, c, d] = quad(group);
            groups.extend([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]);
        } else {
            groups.push(u16::from_str_radix(group, 16).expect("a group"));
        }
    }
    groups
}

fn quad(text: &str) -> [u8; 4] {
    let octets: Vec<u8> = text.split('.').map(|octet| octet.parse().expect("an octet")).collect();
    octets.try_into().expect("four octets")
}

/// Where a text is refused: at the first byte that no text of the rule has in this place behind the
/// bytes before it, read as a person reads:
///
/// - an `@` in the authority says that there is user information, so that the `x` of `//a:x` is wrong
///   although `//a:x@b` is right,
/// - an escape is one thing, wrong at its `%`,
/// - a URI without a `:` in front of the first `/`, `?` or `#` lacks its scheme at the start.
fn refused_at(rule: &str, text: &[u8]) -> usize {
    let Components { scheme, authority, .. } = split(text);
    if rule == "URI" && scheme.is_none() {
        return 0;
    }
    let has_userinfo = authority.is_some_and(|authority| authority.contains(&b'@'));
    let grammar = if has_userinfo { &WITH_USERINFO } else { &WITHOUT_USERINFO };
    let index = grammar.rule(rule).read(text).expect_err("a text that the grammar lacks");
    match &text[..index] {
        [before @ .., b'%'] => before.len(),
        [before @ .., b'%', _] => before.len(),
        _ => index,
    }
}

/// Holds a text against the grammar as a URI and as a URI reference: accepted where the grammar has
/// it, with the components of Appendix B, and refused elsewhere at the right byte.
#[track_caller]
pub(crate) fn agrees(text: &[u8]) {
    let reference = UriRef::parse_bytes(text);
    if judges("URI-reference", text, reference.as_ref().map(|_| ())) {
        let reference = reference.as_ref().expect("accepted");
        let found = Components {
            scheme: reference.scheme().map(str::as_bytes),
            authority: reference.authority().map(|authority| authority.as_str().as_bytes()),
            path: reference.path().as_bytes(),
            query: reference.query().map(str::as_bytes),
            fragment: reference.fragment().map(str::as_bytes),
        };
        assert_eq!(found, split(text), "{}", text.escape_ascii());
        reference.authority().inspect(agrees_in_parts);
    }
    let uri = Uri::parse_bytes(text);
    if judges("URI", text, uri.as_ref().map(|_| ())) {
        let uri = uri.as_ref().expect("accepted");
        let found = Components {
            scheme: Some(uri.scheme().as_bytes()),
            authority: uri.authority().map(|authority| authority.as_str().as_bytes()),
            path: uri.path().as_bytes(),
            query: uri.query().map(str::as_bytes),
            fragment: uri.fragment().map(str::as_bytes),
        };
        assert_eq!(found, split(text), "{}", text.escape_ascii());
    }
}

/// Holds a verdict against the grammar, and returns whether it is a yes.
#[track_caller]
fn judges(rule: &str, text: &[u8], verdict: Result<(), &UriError>) -> bool {
    let expected = GRAMMAR.rule(rule).matches(text);
    assert_eq!(verdict.is_ok(), expected, "{rule} {}: {verdict:?}", text.escape_ascii());
    if let Err(error) = verdict {
        let expected = refused_at(rule, text);
        assert_eq!(error.offset(), expected, "{rule} {}: {error}", text.escape_ascii());
    }
    expected
}

#[track_caller]
fn agrees_in_parts(authority: &Authority<'_>) {
    let (userinfo, host, port) = split_authority(authority.as_str().as_bytes());
    let found = (authority.userinfo(), authority.host_str(), authority.port());
    let found = (found.0.map(str::as_bytes), found.1.as_bytes(), found.2.map(str::as_bytes));
    assert_eq!(found, (userinfo, host, port), "{authority}");
    assert_eq!(authority.host(), kind(authority.host_str()), "{authority}");
}

/// Holds a text against the grammar of hosts, as an authority and as the value of a `Host` field.
#[track_caller]
pub(crate) fn agrees_as_host(text: &str) {
    agrees(format!("//{text}").as_bytes());
    let found = check_host(text.as_bytes()).map(|authority| authority.host_str().len());
    let is_host = GRAMMAR.rule("host").matches(text.as_bytes());
    assert_eq!(found == Ok(text.len()), is_host, "{text}: {found:?}");
}

/// Holds the place where a text with an IP literal is refused against the grammar.
#[track_caller]
pub(crate) fn is_refused_at_the_right_byte(text: &[u8]) {
    if let Err(error) = UriRef::parse_bytes(text) {
        let expected = refused_at("URI-reference", text);
        assert_eq!(error.offset(), expected, "{}: {error}", text.escape_ascii());
    }
}

#[test]
fn splits_like_the_regular_expression() {
    let parts = split(b"http://www.ics.uci.edu/pub/ietf/uri/?a?b#Related#x");
    assert_eq!(
        parts,
        Components {
            scheme: Some(b"http"),
            authority: Some(b"www.ics.uci.edu"),
            path: b"/pub/ietf/uri/",
            query: Some(b"a?b"),
            fragment: Some(b"Related#x"),
        }
    );
    let parts = split(b":///a:b");
    assert_eq!(
        parts,
        Components { scheme: None, authority: None, path: b":///a:b", query: None, fragment: None }
    );
    assert_eq!(
        split_authority(b"u:p@[::1]:80"),
        (Some(&b"u:p"[..]), &b"[::1]"[..], Some(&b"80"[..]))
    );
    assert_eq!(split_authority(b"h"), (None, &b"h"[..], None));
}

#[test]
fn a_host_has_one_kind() {
    assert_eq!(kind("1.2.3.4"), Host::Ipv4(Ipv4Addr::new(1, 2, 3, 4)));
    assert_eq!(kind("1.2.3.04"), Host::Name("1.2.3.04"));
    assert_eq!(kind("[v1.a]"), Host::IpvFuture("v1.a"));
    let address = Ipv6Addr::new(1, 0, 0, 0, 0, 0xfe80, 0x0102, 0x0304);
    assert_eq!(kind("[1::FE80:1.2.3.4%25e]"), Host::Ipv6(address, Some("e")));
    assert_eq!(kind("[1:0:0::FE80:102:304]"), Host::Ipv6(address, None));
}

/// The rules of [`refused_at`] on texts where they matter.
#[test]
fn a_mistake_has_one_place() {
    for (rule, text, index) in [
        ("URI", "a", 0),
        ("URI", "a/b:c", 0),
        ("URI", "a_b:c", 1),
        ("URI-reference", "a_b:c", 3),
        ("URI-reference", "a b", 1),
        ("URI-reference", "//a:x", 4),
        ("URI-reference", "//a:x[@b", 5),
        ("URI-reference", "//a@b@c", 5),
        ("URI-reference", "/a%", 2),
        ("URI-reference", "/a%4", 2),
        ("URI-reference", "/a%4/%41", 2),
        ("URI-reference", "/a%41%4g", 5),
        ("URI-reference", "//[::1", 6),
        ("URI-reference", "//[::1/", 6),
        ("URI-reference", "//[1:2]", 6),
        ("URI-reference", "//[::256.1.1.1]", 8),
        ("URI-reference", "//[::1%25]", 9),
        ("URI-reference", "//[::1%e]", 6),
        ("URI-reference", "//[::1%24]", 6),
        ("URI-reference", "//[1::2::3]", 8),
        ("URI-reference", "//[::1]x", 7),
    ] {
        assert_eq!(refused_at(rule, text.as_bytes()), index, "{rule} {text}");
    }
}
