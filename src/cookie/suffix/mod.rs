//! Public suffixes: the domains below which anybody can have a name, so that no cookie may be meant
//! for all of them ([6265bis §5.7], [RFC 6265 §5.3] step 5).
//!
//! If `shop.co.uk` could set a cookie for `co.uk`, every other shop there would receive it. Which
//! domains are of this kind cannot be seen from a name; a jar asks a [`PublicSuffix`].
//!
//! The [public suffix list] is not part of this crate: it changes every week, and a crate that carries it is wrong as
//! soon as nobody updates it.
//!
//! Domains are canonical here, as [`domain_to_ascii`](crate::uri::domain_to_ascii) makes them: lower
//! case, labels beyond ASCII as `xn--`, no dot at the end. The answer for another text is not specified.
//!
//! ```
//! use nethttp::cookie::{DefaultSuffixes, PublicSuffix};
//!
//! assert!(DefaultSuffixes.is_public_suffix("co.uk"));
//! assert_eq!(DefaultSuffixes.registrable_domain("www.shop.co.uk"), Some("shop.co.uk"));
//!
//! // Customers of the company have a name below one of its own.
//! let with_ours = |domain: &str| {
//!     domain == "customers.example" || DefaultSuffixes.is_public_suffix(domain)
//! };
//! assert_eq!(with_ours.registrable_domain("a.b.customers.example"), Some("b.customers.example"));
//! ```
//!
//! [6265bis §5.7]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7
//! [RFC 6265 §5.3]: https://www.rfc-editor.org/rfc/rfc6265#section-5.3
//! [public suffix list]: https://publicsuffix.org/

mod error;
mod heuristic;
mod list;
mod rule;
mod tree;

use alloc::sync::Arc;

use crate::uri::Host;

pub use error::{SuffixListError, SuffixListErrorKind};
pub use heuristic::DefaultSuffixes;
pub use list::SuffixList;

/// The most octets of a domain, without a dot at its end
/// ([RFC 1035 §2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4), as text).
const MAX_DOMAIN: usize = 253;

/// Tells below which domains anybody can have a name.
///
/// Domains are canonical: lower case, ASCII, without a dot at the end.
///
/// A closure from `&str` to `bool` is one, and so is an [`Arc`] of one, which lets several jars share a
/// list.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{PublicSuffix, SuffixList};
///
/// /// The list, and a zone where each team has a name of its own.
/// struct Company {
///     list: SuffixList,
/// }
///
/// impl PublicSuffix for Company {
///     fn is_public_suffix(&self, domain: &str) -> bool {
///         domain == "intranet.example" || self.list.is_public_suffix(domain)
///     }
/// }
///
/// let company = Company { list: SuffixList::parse("uk\nco.uk")? };
/// assert_eq!(company.registrable_domain("www.a.co.uk"), Some("a.co.uk"));
/// assert_eq!(company.registrable_domain("x.tax.intranet.example"), Some("tax.intranet.example"));
/// # Ok::<(), nethttp::cookie::SuffixListError>(())
/// ```
pub trait PublicSuffix {
    /// Returns whether anybody can have a name directly below the domain.
    ///
    /// An IP address is not such a domain.
    fn is_public_suffix(&self, domain: &str) -> bool;

    /// Returns the part of the domain that belongs to one owner: the longest public suffix at its end
    /// and the label in front.
    ///
    /// There is none for a public suffix, for an IP address, and for what is no domain: a text that is
    /// empty, longer than 253 bytes, or has an empty label.
    fn registrable_domain<'d>(&self, domain: &'d str) -> Option<&'d str> {
        if !matches!(Name::of(domain), Name::Domain) || self.is_public_suffix(domain) {
            return None;
        }
        let mut owned = domain;
        loop {
            let (_, parent) = owned.split_once('.')?;
            if self.is_public_suffix(parent) {
                return Some(owned);
            }
            owned = parent;
        }
    }
}

impl<F: Fn(&str) -> bool> PublicSuffix for F {
    fn is_public_suffix(&self, domain: &str) -> bool {
        self(domain)
    }
}

impl<T: PublicSuffix + ?Sized> PublicSuffix for Arc<T> {
    fn is_public_suffix(&self, domain: &str) -> bool {
        (**self).is_public_suffix(domain)
    }

    fn registrable_domain<'d>(&self, domain: &'d str) -> Option<&'d str> {
        (**self).registrable_domain(domain)
    }
}

/// What a text is that stands where a domain should.
enum Name {
    Domain,
    Address,
    /// Empty, too long, or with an empty label.
    Nothing,
}

impl Name {
    fn of(text: &str) -> Self {
        if text.is_empty() || text.len() > MAX_DOMAIN {
            return Self::Nothing;
        }
        let (mut last, mut last_starts) = (b'.', 0);
        for (at, octet) in text.bytes().enumerate() {
            match octet {
                b'.' if last == b'.' => return Self::Nothing,
                b':' => return Self::Address,
                _ if last == b'.' => last_starts = at,
                _ => {}
            }
            last = octet;
        }
        match text.as_bytes().get(last_starts) {
            _ if last == b'.' => Self::Nothing,
            Some(b'0'..=b'9') if Host::Name(text).ends_in_number() => Self::Address,
            _ => Self::Domain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;
    use alloc::boxed::Box;

    #[track_caller]
    fn owns(suffixes: &dyn PublicSuffix, domain: &str, expected: Option<&str>) {
        assert_eq!(suffixes.registrable_domain(domain), expected, "{domain}");
    }

    #[test]
    fn registrable_domain_is_the_longest_suffix_and_one_label() {
        let suffixes = |domain: &str| ["uk", "co.uk", "x.co.uk"].contains(&domain);
        for (domain, expected) in [
            ("uk", None),
            ("a.uk", Some("a.uk")),
            ("b.a.uk", Some("a.uk")),
            ("co.uk", None),
            ("a.co.uk", Some("a.co.uk")),
            ("c.b.a.co.uk", Some("a.co.uk")),
            ("x.co.uk", None),
            ("b.a.x.co.uk", Some("a.x.co.uk")),
            // Nothing at the end of it is public.
            ("example", None),
            ("www.example", None),
        ] {
            owns(&suffixes, domain, expected);
        }
    }

    #[test]
    fn registrable_domain_is_of_domains_only() {
        for domain in ["", ".", ".com", "a..com", "a.com.", "127.0.0.1", "a.0x7f", "[::1]", "::1"] {
            owns(&|domain: &str| domain == "com" || domain == "1", domain, None);
        }
        let long = "a.".repeat(126) + "b";
        owns(&|domain: &str| domain == "b", &long, Some("a.b"));
        owns(
            &|_: &str| panic!("asked for a text that is no domain"),
            &("a".to_owned() + &long),
            None,
        );
    }

    #[test]
    fn a_jar_can_hold_it_and_share_it() {
        let one: Arc<dyn PublicSuffix + Send + Sync> = Arc::new(DefaultSuffixes);
        let same = Arc::clone(&one);
        assert!(same.is_public_suffix("co.uk"));
        owns(&same, "a.b.co.uk", Some("b.co.uk"));
        let boxed: Box<dyn Fn(&str) -> bool + Send + Sync> = Box::new(|domain| domain == "com");
        owns(&boxed, "a.b.com", Some("b.com"));
    }
}
