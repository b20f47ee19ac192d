//! One rule of a list of public suffixes, as it stands in a line.

use alloc::borrow::Cow;
use alloc::string::String;

use super::{MAX_DOMAIN, SuffixListErrorKind};
use crate::syntax::Class;
use crate::uri::{Host, UriErrorKind, domain_to_ascii, encode_label};

/// The most octets of a label
/// ([RFC 1035 §2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_LABEL: usize = 63;

/// The most octets of a domain as Unicode text, in which none has more than four where the other form
/// has one.
const MAX_UNICODE: usize = 4 * MAX_DOMAIN;

/// What a rule says of the domain that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// `co.uk`: it is a public suffix.
    Suffix,
    /// `*.ck`: each label below makes one with it.
    Wildcard,
    /// `!www.ck`: it is none, but the domain above is.
    Exception,
}

/// A rule: what it says, of which domain. The domain is empty for the rule `*`.
pub(super) struct Rule<'a> {
    pub(super) role: Role,
    pub(super) domain: Cow<'a, str>,
}

/// What is wrong with a rule, and at which byte of it.
pub(super) type Flaw = (SuffixListErrorKind, usize);

impl<'a> Rule<'a> {
    /// Reads a rule.
    ///
    /// ```abnf
    /// rule      = [ "*." ] domain / "*" / "!" label "." domain
    /// domain    = label *( "." label )
    /// label     = 1*( ALPHA / DIGIT / "-" / "_" / %x80-10FFFF )
    /// ```
    pub(super) fn parse(text: &'a str) -> Result<Self, Flaw> {
        let (role, domain) = if let Some(domain) = text.strip_prefix('!') {
            (Role::Exception, domain)
        } else if text == "*" {
            return Ok(Self { role: Role::Wildcard, domain: Cow::Borrowed("") });
        } else if let Some(domain) = text.strip_prefix("*.") {
            (Role::Wildcard, domain)
        } else {
            (Role::Suffix, text)
        };
        let start = text.len() - domain.len();
        let domain = canonical(domain, role).map_err(|(kind, at)| (kind, start + at))?;
        if role == Role::Exception && !domain.contains('.') {
            return Err((SuffixListErrorKind::Exception, text.len()));
        }
        Ok(Self { role, domain })
    }
}

/// Checks the domain of a rule and converts it to the form in which domains are asked for.
fn canonical(domain: &str, role: Role) -> Result<Cow<'_, str>, Flaw> {
    check_labels(domain, role)?;
    let ascii = match domain_to_ascii(domain) {
        Ok(ascii) => ascii,
        Err(error) if error.kind() == UriErrorKind::UnsupportedIdn => Cow::Owned(encode(domain)?),
        Err(error) => return Err((SuffixListErrorKind::Idn, error.offset())),
    };
    if Host::Name(&ascii).ends_in_number() {
        let last = domain.rfind('.').map_or(0, |dot| dot + 1);
        return Err((SuffixListErrorKind::Address, last));
    }
    Ok(ascii)
}

/// Encodes labels as they are, of which it takes the tables of Unicode to say whether they may be.
///
/// The list has them in their normal form. What is certainly none is refused, for a rule that matches
/// nothing would be a suffix lost.
fn encode(domain: &str) -> Result<String, Flaw> {
    if let Some((at, _)) = domain.char_indices().find(|(_, char)| is_not_normal(*char)) {
        return Err((SuffixListErrorKind::Idn, at));
    }
    let domain = domain.to_ascii_lowercase();
    let mut ascii = String::with_capacity(domain.len());
    let mut start = 0;
    for label in domain.split('.') {
        if start > 0 {
            ascii.push('.');
        }
        if label.is_ascii() {
            ascii.push_str(label);
        } else {
            let encoded = encode_label(label).ok_or((SuffixListErrorKind::TooLong, start))?;
            ascii.push_str(&encoded);
        }
        start += label.len() + 1;
    }
    if ascii.len() > MAX_DOMAIN {
        return Err((SuffixListErrorKind::TooLong, domain.len()));
    }
    Ok(ascii)
}

/// Returns whether a character beyond ASCII is in no label: one that has a lower case, white space, a
/// control, the full stop of ideographs, or a form of another character (full-width letters, byte order
/// marks).
fn is_not_normal(char: char) -> bool {
    !char.is_ascii()
        && (!char.to_lowercase().eq([char])
            || char.is_whitespace()
            || char.is_control()
            || matches!(char, '\u{3002}' | '\u{fe00}'..='\u{ffff}'))
}

/// Checks everything of a domain that does not take IDNA, which counts octets of its own.
fn check_labels(domain: &str, role: Role) -> Result<(), Flaw> {
    let mut start = 0;
    for label in domain.split('.') {
        let mut octets = label.bytes().enumerate();
        if let Some((at, octet)) = octets.find(|(_, octet)| !is_of_label(*octet)) {
            let kind = match (octet, role) {
                (b'*', Role::Exception) => SuffixListErrorKind::Exception,
                (b'*', _) => SuffixListErrorKind::Wildcard,
                _ => SuffixListErrorKind::Character,
            };
            return Err((kind, start + at));
        }
        if label.is_empty() {
            return Err((SuffixListErrorKind::EmptyLabel, start));
        }
        if label.len() > MAX_LABEL && label.is_ascii() {
            return Err((SuffixListErrorKind::TooLong, start + MAX_LABEL));
        }
        start += label.len() + 1;
    }
    let most = if domain.is_ascii() { MAX_DOMAIN } else { MAX_UNICODE };
    if domain.len() > most {
        return Err((SuffixListErrorKind::TooLong, most));
    }
    Ok(())
}

/// Returns whether a label may have the octet. The underscore is in no host name, but in names of DNS.
fn is_of_label(octet: u8) -> bool {
    const LABEL: Class = Class::ALPHA.or(Class::DIGIT);
    LABEL.contains(octet) || matches!(octet, b'-' | b'_' | 0x80..)
}
