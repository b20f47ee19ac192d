//! Gives one text to all three libraries and compares what they say.

use std::fmt;

use iri_string::format::ToDedicatedString;
use iri_string::types::{UriAbsoluteString, UriReferenceStr, UriStr};
use nethttp::uri::{Uri, UriError, UriRef, UriRefView, UriView};

use super::components::{Components, Kind};
use super::exceptions::{EXCEPTIONS, Known};
use super::generate::Generator;
use super::oracle::{Dialect, Task, climbs};

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
    let reference = UriRef::parse_bytes(text);
    let uri = Uri::parse_bytes(text);
    views(text, &uri, &reference)?;
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
    if let (Ok(uri), Ok(fluent), Ok(iri)) = (&uri, fluent_uri::Uri::parse(text), UriStr::new(text))
    {
        normal_form(uri, &fluent, iri, tally)?;
    }
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
    zone_stays(text, reference)?;
    tally.met(Known::Zone, format_args!("{text}"));
    // The rest is compared without the zone; this text is counted already.
    tally.seen.texts -= 1;
    examine(bare.as_bytes(), base, tally)
}

/// The normal form keeps the zone, but for its escapes.
fn zone_stays(text: &str, reference: Option<&UriRef>) -> Result<()> {
    let normal = reference.map(UriRef::normalize);
    let stays = normal.as_ref().is_some_and(|normal| {
        let host = Components::of_reference(normal).authority.map(|authority| authority.host);
        normal.normalize() == *normal && host.is_some_and(|host| host.contains("%25"))
    });
    if stays {
        return Ok(());
    }
    unexplained(format!("{text:?}"), [("normal form", format!("{normal:?}"))])
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
    let said = [Some(ours.as_str()), fluent.as_deref(), Some(&iri)];
    let what = || format!("{reference} against {}", base.ours);
    explained(Task::Resolve(&b, &r), said, what, tally)?;
    let checked = base.ours.resolve_checked(reference);
    if checked.is_ok() == climbs(&b, &r) || checked.is_ok_and(|checked| checked != ours) {
        return unexplained(
            what(),
            [("checked", format!("{:?}", base.ours.resolve_checked(reference)))],
        );
    }
    own_laws(reference, &ours, base)
}

/// Everyone must say what the oracle says of its dialect; where a dialect leads elsewhere than ours, its
/// reasons are counted.
fn explained(
    task: Task<'_>,
    said: [Option<&str>; 3],
    what: impl Fn() -> String,
    tally: &mut Tally,
) -> Result<()> {
    let who = ["nethttp", "fluent-uri", "iri-string"];
    let dialects = [Dialect::OURS, Dialect::FLUENT, Dialect::IRI];
    for ((who, text), dialect) in who.into_iter().zip(said).zip(dialects) {
        let expected = task.result(dialect);
        if text != expected.as_deref() {
            let said = [(who, format!("{text:?}")), ("expected", format!("{expected:?}"))];
            return unexplained(what(), said);
        }
        if text != said[0] {
            for known in task.reasons(dialect, Dialect::OURS) {
                tally.met(known, format_args!("{}", what()));
            }
        }
    }
    Ok(())
}

/// What every library makes of the normal form, and what must hold of ours.
fn normal_form(
    uri: &Uri,
    fluent: &fluent_uri::Uri<&str>,
    iri: &UriStr,
    tally: &mut Tally,
) -> Result<()> {
    let components = Components::of_uri(uri);
    let ours = uri.normalize();
    let fluent = fluent.normalize().into_string();
    let iri = String::from(iri.normalize().to_dedicated_string());
    let said = [Some(ours.as_str()), Some(&fluent), Some(&iri)];
    let what = || format!("the normal form of {uri}");
    explained(Task::Normalize(&components), said, || uri.to_string(), tally)?;
    let again = Uri::parse(ours.as_str());
    let same = again.as_ref().map(Components::of_uri) == Ok(Components::of_uri(&ours));
    let as_reference = UriRef::from(uri.clone()).normalize();
    let same = same && as_reference.as_str() == ours.as_str();
    if !same || ours.normalize() != ours || !uri.equivalent(&ours) {
        let said = [("normal", ours.to_string()), ("again", ours.normalize().to_string())];
        return unexplained(what(), said);
    }
    Ok(())
}

/// What must hold of the normal form of a reference: it is one, it stays one, and it means the same.
fn normal_reference(reference: &UriRef, resolved: &Uri, base: &Base) -> Result<()> {
    let normal = reference.normalize();
    let said = [
        ("normal", normal.to_string()),
        ("again", normal.normalize().to_string()),
        ("means", format!("{:?}", base.ours.resolve(&normal))),
        ("meant", resolved.to_string()),
    ];
    let again = UriRef::parse(normal.as_str());
    let is_one =
        again.as_ref().map(Components::of_reference) == Ok(Components::of_reference(&normal));
    let stays = normal.normalize() == normal;
    let means = base.ours.resolve(&normal).is_ok_and(|means| means.equivalent(resolved));
    if is_one && stays && means {
        return Ok(());
    }
    unexplained(format!("the normal form of {reference} against {}", base.ours), said)
}

/// The views must see what the owned types see.
fn views(
    text: &[u8],
    uri: &std::result::Result<Uri, UriError>,
    reference: &std::result::Result<UriRef, UriError>,
) -> Result<()> {
    let view = UriView::parse_bytes(text);
    let reference_view = UriRefView::parse_bytes(text);
    let same = view.is_ok() == uri.is_ok()
        && view.as_ref().err() == uri.as_ref().err()
        && reference_view.as_ref().err() == reference.as_ref().err()
        && view.ok() == uri.as_ref().ok().map(Uri::view)
        && reference_view.ok() == reference.as_ref().ok().map(UriRef::view);
    if same {
        return Ok(());
    }
    let said = [("Uri", format!("{uri:?}")), ("UriView", format!("{view:?}"))];
    unexplained(format!("the views of \"{}\"", text.escape_ascii()), said)
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
    let relative = resolved.relative_to(&base.ours);
    let back = base.ours.resolve(&relative);
    // Where this URI has dot segments, it resolves to one without.
    let clean = base.ours.resolve(resolved);
    if back.as_ref() != Ok(resolved) && back != clean {
        let said = [("relative", relative.to_string()), ("back", format!("{back:?}"))];
        return unexplained(format!("{resolved} relative to {}", base.ours), said);
    }
    normal_reference(reference, resolved, base)
}
