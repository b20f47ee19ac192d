//! Gives one text to all three libraries and compares what they say.

use std::fmt;

use iri_string::format::ToDedicatedString;
use iri_string::types::{UriAbsoluteString, UriReferenceStr, UriStr};
use nethttp::uri::{Uri, UriRef};

use super::components::{Components, Kind};
use super::exceptions::{EXCEPTIONS, Known};
use super::generate::Generator;
use super::oracle::{self, Dialect};

/// How many bases there are to resolve against.
const BASES: usize = 4096;

/// A URI to resolve against, in the words of each library.
#[derive(Debug)]
pub struct Base {
    ours: Uri,
    /// The same with a fragment, which resolution ignores
    /// ([RFC 3986 §5.1](https://www.rfc-editor.org/rfc/rfc3986#section-5.1)).
    ours_with_fragment: Uri,
    fluent: fluent_uri::Uri<String>,
    iri: UriAbsoluteString,
}

impl Base {
    /// Returns the bases of a seed: generated URIs that all three accept.
    pub fn all(seed: u64) -> Vec<Self> {
        let mut generator = Generator::new(!seed);
        let mut text = Vec::new();
        let next = || {
            generator.base(&mut text);
            String::from_utf8(text.clone()).ok()
        };
        std::iter::repeat_with(next)
            .flatten()
            .filter_map(|text| Self::new(&text))
            .take(BASES)
            .collect()
    }

    fn new(text: &str) -> Option<Self> {
        Some(Self {
            ours: Uri::parse(text).ok()?,
            ours_with_fragment: Uri::parse(format!("{text}#f")).ok()?,
            fluent: fluent_uri::Uri::parse(text.to_owned()).ok()?,
            iri: UriAbsoluteString::try_from(text.to_owned()).ok()?,
        })
    }
}

/// What was compared, and the known differences that were met.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many texts of each sort there were.
    pub seen: Seen,
    /// For every known difference how often it was met, and the first of the shortest texts.
    pub met: [(u64, String); EXCEPTIONS.len()],
}

/// How many texts of each sort there were.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// All.
    pub texts: u64,
    /// Not UTF-8, which only this crate can be asked about.
    pub not_utf8: u64,
    /// Refused by all three.
    pub refused: u64,
    /// URIs.
    pub uris: u64,
    /// Relative references.
    pub relative: u64,
    /// Hosts by kind: IPv4, IPv6, IPvFuture, name.
    pub hosts: [u64; 4],
}

impl Tally {
    fn met(&mut self, known: Known, example: fmt::Arguments<'_>) {
        let (count, shortest) = &mut self.met[known as usize];
        *count += 1;
        keep_shorter(shortest, example.to_string());
    }

    /// Adds what another thread has counted.
    pub fn add(&mut self, other: Self) {
        let (seen, more) = (&mut self.seen, other.seen);
        seen.texts += more.texts;
        seen.not_utf8 += more.not_utf8;
        seen.refused += more.refused;
        seen.uris += more.uris;
        seen.relative += more.relative;
        for (count, more) in seen.hosts.iter_mut().zip(more.hosts) {
            *count += more;
        }
        for ((count, shortest), (more, example)) in self.met.iter_mut().zip(other.met) {
            *count += more;
            keep_shorter(shortest, example);
        }
    }
}

/// The shortest example, and the first in the order of bytes among those, so that it does not matter
/// which thread is first.
fn keep_shorter(shortest: &mut String, example: String) {
    let rank = |text: &str| (text.is_empty(), text.len());
    if (rank(&example), &example) < (rank(shortest), shortest) {
        *shortest = example;
    }
}

/// A difference that nothing explains.
#[derive(Clone, Debug)]
pub struct Unexplained {
    /// What was compared.
    pub subject: String,
    /// Who said what.
    pub said: Vec<(&'static str, String)>,
}

impl fmt::Display for Unexplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject)?;
        for (who, what) in &self.said {
            write!(f, "\n    {who:<12} {what}")?;
        }
        Ok(())
    }
}

/// What a comparison comes to.
pub type Result<T> = std::result::Result<T, Unexplained>;

/// A difference: what was compared, and who said what.
pub(super) fn unexplained<T>(
    subject: String,
    said: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<T> {
    Err(Unexplained { subject, said: said.into_iter().collect() })
}

/// Compares everything about one text.
///
/// # Errors
///
/// A difference that nothing explains.
pub fn examine(text: &[u8], base: &Base, tally: &mut Tally) -> Result<()> {
    tally.seen.texts += 1;
    let reference = UriRef::parse(text);
    let uri = Uri::parse(text);
    let Ok(text) = std::str::from_utf8(text) else {
        tally.seen.not_utf8 += 1;
        if reference.is_ok() || uri.is_ok() {
            let subject = format!("\"{}\" is not ASCII", text.escape_ascii());
            return unexplained(subject, [("nethttp", "accepts it".to_owned())]);
        }
        return Ok(());
    };
    let fluent = fluent_uri::UriRef::parse(text);
    let iri = UriReferenceStr::new(text);
    let references = [reference.is_ok(), fluent.is_ok(), iri.is_ok()];
    let uris = [uri.is_ok(), fluent_uri::Uri::parse(text).is_ok(), UriStr::new(text).is_ok()];
    if references == [true, false, false] {
        let reference = reference.map_err(|_| ());
        return zone(text, reference.as_ref().ok(), uris, base, tally);
    }
    for (rule, accepted) in [("URI-reference", references), ("URI", uris)] {
        if accepted != [accepted[0]; 3] {
            return unexplained(format!("{text:?} as a {rule}"), named(accepted));
        }
    }
    let (Ok(reference), Ok(fluent), Ok(iri)) = (reference, fluent, iri) else {
        tally.seen.refused += 1;
        return Ok(());
    };
    let ours = Components::of_reference(&reference);
    let theirs = Components::fluent(&fluent);
    let third = Components::iri(iri, theirs);
    if [ours; 2] != [theirs, third] {
        let said = named([ours, theirs, third]);
        return unexplained(format!("the components of {text:?}"), said);
    }
    if let Ok(uri) = &uri
        && Components::of_uri(uri) != ours
    {
        let said = [("Uri", Components::of_uri(uri)), ("UriRef", ours)];
        let said = said.map(|(who, components)| (who, format!("{components:?}")));
        return unexplained(format!("the components of {text:?}"), said);
    }
    count(&ours, &mut tally.seen);
    resolution(&reference, &fluent, iri, base, tally)
}

fn named<T: fmt::Debug>(said: [T; 3]) -> impl Iterator<Item = (&'static str, String)> {
    let names = ["nethttp", "fluent-uri", "iri-string"];
    names.into_iter().zip(said.map(|what| format!("{what:?}")))
}

fn count(components: &Components<'_>, seen: &mut Seen) {
    if components.scheme.is_some() {
        seen.uris += 1;
    } else {
        seen.relative += 1;
    }
    if let Some(authority) = components.authority {
        let index = match authority.kind {
            Kind::Ipv4 => 0,
            Kind::Ipv6 => 1,
            Kind::IpvFuture => 2,
            Kind::Name => 3,
        };
        seen.hosts[index] += 1;
    }
}

/// A reference that only this crate accepts is right when it has a zone, and when without the zone all
/// agree on everything else.
fn zone(
    text: &str,
    reference: Option<&UriRef>,
    uris: [bool; 3],
    base: &Base,
    tally: &mut Tally,
) -> Result<()> {
    let subject = format!("{text:?} as a URI-reference");
    let refused = || unexplained(subject.clone(), named([true, false, false]));
    let Some(ours) = reference.map(Components::of_reference) else {
        return refused();
    };
    let Some(authority) = ours.authority.filter(|authority| authority.kind == Kind::Ipv6) else {
        return refused();
    };
    let literal = authority.host.strip_suffix(']');
    let Some((address, zone)) = literal.and_then(|literal| literal.split_once("%25")) else {
        return refused();
    };
    let host = format!("{address}]");
    // ZoneID = 1*( unreserved / pct-encoded ): a path of these and of nothing else.
    let zone_is_valid = !zone.is_empty()
        && !zone.contains(|c| "!$&'()*+,;=:@/".contains(c))
        && fluent_uri::pct_enc::EStr::<fluent_uri::pct_enc::encoder::Path>::new(zone).is_some();
    if !zone_is_valid || uris != [ours.scheme.is_some(), false, false] {
        return refused();
    }
    // Nothing before the host holds a bracket.
    let bare = text.replacen(authority.host, &host, 1);
    let without = UriRef::parse(&bare);
    let agrees = without.as_ref().is_ok_and(|without| {
        let without = Components::of_reference(without);
        let bare = without.authority.map(|it| (it.userinfo, it.host, it.port, it.kind));
        bare == Some((authority.userinfo, host.as_str(), authority.port, Kind::Ipv6))
            && Components { authority: None, ..without } == Components { authority: None, ..ours }
    });
    if !agrees {
        return refused();
    }
    tally.met(Known::Zone, format_args!("{text}"));
    // The rest is compared without the zone; this text is counted already.
    tally.seen.texts -= 1;
    examine(bare.as_bytes(), base, tally)
}

/// What every library makes of the reference and the base, beside what the oracle says of each.
fn resolution(
    reference: &UriRef,
    fluent: &fluent_uri::UriRef<&str>,
    iri: &UriReferenceStr,
    base: &Base,
    tally: &mut Tally,
) -> Result<()> {
    let r = Components::of_reference(reference);
    let b = Components::of_uri(&base.ours);
    let ours = base.ours.resolve(reference);
    let Ok(ours) = ours else {
        let subject = format!("{reference} against {}", base.ours);
        return unexplained(subject, [("nethttp", format!("{ours:?}"))]);
    };
    let fluent = fluent.resolve_against(&base.fluent).ok().map(fluent_uri::Uri::into_string);
    let iri = String::from(iri.resolve_against(&base.iri).to_dedicated_string());
    for (who, said, dialect) in [
        ("nethttp", Some(ours.as_str()), Dialect::OURS),
        ("fluent-uri", fluent.as_deref(), Dialect::FLUENT),
        ("iri-string", Some(iri.as_str()), Dialect::IRI),
    ] {
        let expected = oracle::resolve(&b, &r, dialect);
        if said != expected.as_deref() {
            let said = [(who, format!("{said:?}")), ("expected", format!("{expected:?}"))];
            return unexplained(format!("{reference} against {}", base.ours), said);
        }
        if said != Some(ours.as_str()) {
            for known in oracle::reasons(&b, &r, dialect, Dialect::OURS) {
                tally.met(known, format_args!("{reference} against {}", base.ours));
            }
        }
    }
    own_laws(reference, &ours, base)
}

/// What must hold of this crate's answer whatever the others say.
fn own_laws(reference: &UriRef, resolved: &Uri, base: &Base) -> Result<()> {
    let subject = || format!("{reference} against {}", base.ours);
    let again = Uri::parse(resolved.as_str());
    if again.as_ref().map(Components::of_uri) != Ok(Components::of_uri(resolved)) {
        let said = [("resolved", format!("{resolved:?}")), ("parsed", format!("{again:?}"))];
        return unexplained(subject(), said);
    }
    let with_fragment = base.ours_with_fragment.resolve(reference);
    if with_fragment.as_ref() != Ok(resolved) {
        let said = [("plain", resolved.to_string()), ("base#f", format!("{with_fragment:?}"))];
        return unexplained(subject(), said);
    }
    Ok(())
}
