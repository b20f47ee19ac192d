//! URIs and relative references.

use std::fmt::Write;

use nethttp::Uri;
use nethttp::uri::{Authority, Host, UriError, UriErrorKind, UriRef, UriRefView};

use crate::Report;
use crate::show::{Refusal, escaped};

/// Inspects a URI or a relative reference, and what a client would send for it; where there is a base,
/// for what it leads to from there.
pub(crate) fn uri(input: &[u8], base: Option<&Uri>) -> Report {
    let mut text = String::new();
    let outcome = inspect(input, base, &mut text).map_err(|error| refusal(&error, input, base));
    (text, outcome.err())
}

fn inspect(input: &[u8], base: Option<&Uri>, text: &mut String) -> Result<(), UriError> {
    let reference = match (Uri::parse_bytes(input), UriRef::parse_bytes(input)) {
        (Ok(uri), _) => uri.into(),
        (_, Ok(reference)) => reference,
        // The one knows what is wrong with a scheme, the other what is wrong behind it.
        (Err(error), Err(other)) if other.kind() == UriErrorKind::ColonInFirstSegment => {
            return Err(if base.is_some() { other } else { error });
        }
        (_, Err(error)) => return Err(error),
    };
    describe_components(&reference, text);
    let uri = match base {
        Some(base) => Some(resolve(base, &reference, text)?),
        None => Uri::try_from(reference.clone()).ok(),
    };
    let normal = uri.as_ref().map_or_else(|| reference.normalize(), |uri| uri.normalize().into());
    let _ = writeln!(text, "normal form: {}", masked(&normal));
    if let Some(uri) = &uri {
        describe_request(uri, text);
        if let Some(base) = base {
            let _ = writeln!(text, "relative to the base: {}", masked(&uri.relative_to(base)));
        }
    }
    Ok(())
}

fn refusal(error: &UriError, input: &[u8], base: Option<&Uri>) -> Refusal {
    let repaired = base.map_or_else(|| Uri::fix_up(input), |base| base.fix_up_ref(input)).ok();
    Refusal {
        text: error.to_string(),
        kind: format!("{:?}", error.kind()),
        at: error.offset(),
        offset: error.offset().to_string(),
        follows: repaired.map(|(uri, fixes)| format!("repaired: {} ({fixes})", masked(&uri))),
    }
}

/// Returns a component as it was written. Two quotes, which no URI holds, stand for one that is there
/// and empty.
const fn shown(component: &str) -> &str {
    if component.is_empty() { "\"\"" } else { component }
}

/// Returns a URI or a reference as it was written, but for a password.
fn masked<'a>(uri: impl Into<UriRefView<'a>>) -> String {
    let uri = uri.into();
    let userinfo = uri.authority().and_then(|authority| authority.userinfo()).unwrap_or_default();
    match userinfo.split_once(':') {
        // Nothing like it stands further left: only the scheme has a colon there, with a slash behind
        // it, and no password holds a slash.
        Some((_, password)) => uri.as_str().replacen(&format!(":{password}@"), ":***@", 1),
        None => shown(uri.as_str()).to_owned(),
    }
}

fn describe_components(reference: &UriRef, text: &mut String) {
    let form = if reference.scheme().is_some() { "URI" } else { "relative reference" };
    let _ = writeln!(text, "form: {form}");
    if let Some(scheme) = reference.scheme() {
        let _ = writeln!(text, "scheme: {scheme}");
    }
    if let Some(authority) = reference.authority() {
        describe_authority(&authority, text);
    }
    describe_port(reference, text);
    let _ = writeln!(text, "path: {}", shown(reference.path()));
    let _ = writeln!(text, "segments: {}", reference.segments().count());
    for segment in reference.segments() {
        let _ = writeln!(text, "  \"{}\"", escaped(&segment.decode_bytes()));
    }
    if let Some(query) = reference.query() {
        let _ = writeln!(text, "query: {}", shown(query));
        describe_pairs(reference, text);
    }
    if let Some(fragment) = reference.fragment() {
        let _ = writeln!(text, "fragment: {}", shown(fragment));
    }
}

fn describe_authority(authority: &Authority<'_>, text: &mut String) {
    if let Some(userinfo) = authority.userinfo() {
        let userinfo = match userinfo.split_once(':') {
            Some((user, _)) => format!("{user}:***"),
            None => shown(userinfo).to_owned(),
        };
        let _ = writeln!(text, "userinfo: {userinfo}");
    }
    let host = authority.host();
    let kind = match host {
        Host::Ipv4(_) => "an IPv4 address".to_owned(),
        Host::Ipv6(_, None) => "an IPv6 address".to_owned(),
        Host::Ipv6(_, Some(zone)) => format!("an IPv6 address with the zone {zone}"),
        Host::IpvFuture(_) => "an address of a version to come (IPvFuture)".to_owned(),
        Host::Name(_) => "a name".to_owned(),
        other => format!("{other:?}"),
    };
    let _ = writeln!(text, "host: {}, {kind}", shown(authority.host_str()));
    if host.ends_in_number() {
        let _ = writeln!(
            text,
            "warning: resolvers may read this name as an IPv4 address; the client refuses it"
        );
    }
}

fn describe_port(reference: &UriRef, text: &mut String) {
    let authority = reference.authority();
    let port = authority.and_then(|authority| authority.port());
    let number = authority.map_or(Ok(None), |authority| authority.port_u16());
    let default = Uri::try_from(reference.clone()).ok().filter(|_| authority.is_some());
    let default = default.and_then(|uri| uri.without_port().port_or_default());
    if port.is_none() && default.is_none() {
        return;
    }
    let mut line = port.map_or("none", shown).to_owned();
    match number {
        Ok(Some(number)) if Some(number.to_string().as_str()) != port => {
            let _ = write!(line, ", which is {number}");
        }
        _ => {}
    }
    match (default, reference.scheme()) {
        (Some(default), Some(_)) if number == Ok(Some(default)) => line += ", the default",
        (Some(default), Some(scheme)) => {
            let _ = write!(line, "; {default} is the default of {scheme}");
        }
        _ => {}
    }
    let _ = writeln!(text, "port: {line}");
    if number.is_err() {
        let _ = writeln!(text, "warning: no port is above 65535");
    }
}

fn describe_pairs(reference: &UriRef, text: &mut String) {
    let pairs = reference.query_pairs();
    let _ = writeln!(text, "pairs: {}", pairs.iter().count());
    for ((name, value), (_, raw)) in pairs.iter().zip(pairs.raw()) {
        let _ = write!(text, "  \"{}\"", escaped(name.as_bytes()));
        if raw.is_some() {
            let _ = write!(text, " = \"{}\"", escaped(value.as_bytes()));
        }
        text.push('\n');
    }
}

/// Returns where the reference leads to.
fn resolve(base: &Uri, reference: &UriRef, text: &mut String) -> Result<Uri, UriError> {
    let uri = base.resolve(reference)?;
    let _ = writeln!(text, "resolved: {}", masked(&uri));
    if base.resolve_checked(reference).is_err() {
        let _ = writeln!(text, "warning: a '..' climbs above the root of the path");
    }
    Ok(uri)
}

fn describe_request(uri: &Uri, text: &mut String) {
    if !["http", "https"].iter().any(|scheme| uri.scheme().eq_ignore_ascii_case(scheme)) {
        return;
    }
    if uri.authority().is_none_or(|authority| authority.host_str().is_empty()) {
        let _ = writeln!(text, "warning: {} needs a host to send a request to", uri.scheme());
        return;
    }
    let _ = writeln!(text, "request target: {}", uri.origin_form());
    let _ = writeln!(text, "Host field: {}", uri.host_header());
}
