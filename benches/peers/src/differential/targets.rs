//! Request targets and `Host` values, by what a URI parser says of the URIs that they stand for.
//!
//! No other library has these two as they are defined by
//! [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2) and
//! [RFC 9110 §7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2), but both are pieces of URIs:
//! put what is missing around them, and fluent-uri tells whether they are right.

use nethttp::method::Method;
use nethttp::uri::{RequestTarget, TargetForm, UriRef, check_host};

use super::compare::{Result, unexplained};
use super::components::Components;

/// What this crate also allows in the path and the query of a target: browsers send it.
const LENIENT: &[char] = &['"', '<', '>', '[', ']', '\\', '^', '`', '{', '|', '}'];

/// Compares what is said of a text as a request target, and of a shorter one as a `Host` value.
///
/// # Errors
///
/// A difference: there are no exceptions.
pub fn examine(target: &str, host: &str) -> Result<()> {
    origin_form(target)?;
    absolute_form(target)?;
    asterisk(target)?;
    authority_form(host)?;
    host_field(host)
}

/// What `use_of` sees of the components, or `None` where the text is no reference.
///
/// fluent-uri decides; where it refuses and this crate does not, there is a zone in the text, which
/// `compare::examine` has made sure of.
fn with_components<T>(text: &str, use_of: impl Fn(Components<'_>) -> Option<T>) -> Option<T> {
    match fluent_uri::UriRef::parse(text) {
        Ok(reference) => use_of(Components::fluent(&reference)),
        Err(_) => {
            let reference = UriRef::parse(text).ok()?;
            let zone = |components: &Components<'_>| {
                components.authority.is_some_and(|authority| authority.host.contains("%25"))
            };
            use_of(Some(Components::of_reference(&reference)).filter(zone)?)
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Target {
    authority: Option<String>,
    path: String,
    query: Option<String>,
}

fn ours(target: &RequestTarget) -> Target {
    Target {
        authority: target.authority().map(|authority| authority.as_str().to_owned()),
        path: target.path().to_owned(),
        query: target.query().map(str::to_owned),
    }
}

fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    text: &str,
    ours: T,
    theirs: T,
) -> Result<()> {
    if ours == theirs {
        return Ok(());
    }
    let said = [("nethttp", format!("{ours:?}")), ("expected", format!("{theirs:?}"))];
    unexplained(format!("{text:?} as {what}"), said)
}

/// `origin-form = absolute-path [ "?" query ]`: what stands after the host of a URI.
fn origin_form(text: &str) -> Result<()> {
    if !text.starts_with('/') {
        return Ok(());
    }
    let parsed = RequestTarget::parse(Method::GET, text.as_bytes());
    let theirs = |text: &str| {
        with_components(&format!("http://h{text}"), |components| {
            components.fragment.is_none().then(|| Target {
                authority: None,
                path: components.path.to_owned(),
                query: components.query.map(str::to_owned),
            })
        })
    };
    let strict = parsed.as_ref().ok().filter(|target| target.is_strict());
    compare("an origin form", text, strict.map(ours), theirs(text))?;
    let plain = text.replace(LENIENT, "x");
    let lenient = parsed.as_ref().map(|target| ours(target).query.is_some()).ok();
    let expected = theirs(&plain).map(|target| target.query.is_some());
    compare("a lenient origin form", text, lenient, expected)
}

/// `absolute-form = absolute-URI`, with an authority, without user information
/// ([RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4)) and for `http` with a host
/// ([RFC 9110 §4.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.1)).
fn absolute_form(text: &str) -> Result<()> {
    if text.starts_with('/') || text == "*" {
        return Ok(());
    }
    let parsed = RequestTarget::parse(Method::GET, text.as_bytes()).ok();
    let theirs = with_components(text, |components| {
        let scheme = components.scheme?;
        let authority = components.authority?;
        let needs_host = ["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
        let host = !needs_host || !authority.host.is_empty();
        let valid = host && authority.userinfo.is_none() && components.fragment.is_none();
        valid.then(|| Target {
            authority: Some(authority.text.to_owned()),
            path: if components.path.is_empty() { "/" } else { components.path }.to_owned(),
            query: components.query.map(str::to_owned),
        })
    });
    let strict = parsed.as_ref().filter(|target| target.is_strict());
    compare("an absolute form", text, strict.map(ours), theirs)?;
    let Some(target) = parsed.filter(|target| !target.is_strict()) else {
        return Ok(());
    };
    let scheme = target.scheme().map_or(0, str::len);
    let authority = target.authority().map_or(0, |authority| authority.as_str().len());
    let (before, after) = text.split_at(scheme + "://".len() + authority);
    let plain = format!("{before}{}", after.replace(LENIENT, "x"));
    let again = RequestTarget::parse(Method::GET, plain.as_bytes());
    compare("a lenient absolute form", text, again.is_ok_and(|it| it.is_strict()), true)
}

/// `asterisk-form = "*"`, for `OPTIONS` alone.
fn asterisk(text: &str) -> Result<()> {
    let form = RequestTarget::check(Method::OPTIONS, text.as_bytes(), false).ok();
    let expected = match text {
        "*" => Some(TargetForm::Asterisk),
        _ => RequestTarget::check(Method::GET, text.as_bytes(), false).ok(),
    };
    compare("a target of OPTIONS", text, form, expected)
}

/// `authority-form = uri-host ":" port`, with a port that there is.
fn authority_form(text: &str) -> Result<()> {
    let ours = RequestTarget::check(Method::CONNECT, text.as_bytes(), false).is_ok();
    let theirs = with_components(&format!("//{text}"), |components| {
        let authority =
            components.authority.filter(|it| it.text == text && it.userinfo.is_none())?;
        let port: u16 = authority.port?.parse().ok()?;
        (port > 0 && !authority.host.is_empty()).then_some(())
    });
    compare("a target of CONNECT", text, ours, theirs.is_some())
}

/// `Host = uri-host [ ":" port ]`.
fn host_field(text: &str) -> Result<()> {
    let ours = check_host(text.as_bytes()).ok();
    let ours = ours.map(|host| (host.host_str().to_owned(), host.port().map(str::to_owned)));
    let theirs = with_components(&format!("//{text}"), |components| {
        let authority =
            components.authority.filter(|it| it.text == text && it.userinfo.is_none())?;
        let valid = !authority.host.is_empty() || text.is_empty();
        valid.then(|| (authority.host.to_owned(), authority.port.map(str::to_owned)))
    });
    compare("a Host value", text, ours, theirs)
}
