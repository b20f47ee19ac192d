//! Cookies: the `Cookie` and `Set-Cookie` fields and the jar that lies between them,
//! [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265) and the text that obsoletes it, called
//! [6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22) here.
//!
//! # On a server
//!
//! [`CookiePairs`] reads what a client sends, and cannot fail; [`SetCookie::builder`] makes what is sent to
//! it, and cannot make anything that is not a cookie. A [`DeltaJar`] is both for one request: it shows the
//! cookies as the handler has changed them, and sends the changes only.
//!
//! ```
//! use nethttp::cookie::{CookiePairs, SameSite, SetCookie};
//! use nethttp::header::{self, HeaderMap};
//!
//! let session = CookiePairs::new(b"lang=en; sid=31d4d96e").get("sid").and_then(|it| it.text());
//! assert_eq!(session, Some("31d4d96e"));
//!
//! let cookie = SetCookie::builder("__Host-sid", "8a7f")
//!     .path("/")
//!     .secure()
//!     .http_only()
//!     .same_site(SameSite::Lax)
//!     .build()?;
//! let mut response = HeaderMap::new();
//! response.append(header::SET_COOKIE, cookie)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In a client
//!
//! A [`CookieJar`] takes the fields of responses and gives those of requests, as browsers do: with the
//! reason for each cookie that it does not take, in the order of the RFC, bounded, and with the time as an
//! argument. It can be kept in a file ([`FileFormat`]), also in the `cookies.txt` that curl, wget and Python
//! share.
//!
//! ```
//! use nethttp::Uri;
//! use nethttp::cookie::{Context, CookieJar, SetCookie};
//! use nethttp::field::HttpDate;
//!
//! let mut jar = CookieJar::new();
//! let context = Context::at(HttpDate::from_unix(1_780_000_000));
//! let uri = Uri::parse("https://www.example.org/account/")?;
//! jar.store(&uri, &SetCookie::parse(b"sid=31d4d96e; Path=/; Secure; HttpOnly")?, &context)?;
//! assert_eq!(jar.cookie_header(&uri, &context).unwrap(), "sid=31d4d96e");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Which domains no cookie may be meant for is asked of a [`PublicSuffix`]:
//!
//! | | what it knows | what it needs |
//! |---|---|---|
//! | [`DefaultSuffixes`] | `com`, `co.uk`, `gov.br` and their like, by a rule of thumb | nothing |
//! | [`SuffixList`] | the [public suffix list](https://publicsuffix.org/) that browsers use | the file, from you, and newer ones later |
//! | a closure, or a type of your own | what you know | |
//!
//! # Limits
//!
//! | limit | most | above it |
//! |---|--:|---|
//! | [`MAX_PAIR_LEN`], a name and a value | 4,096 bytes | the cookie is refused |
//! | an attribute of `Set-Cookie` | 1,024 bytes (4,096 by RFC 6265) | it does not count |
//! | a path that is made of that of the request | the same | the cookie is refused |
//! | [`Config::max_cookies_per_domain`] | 180 | the least of the domain goes |
//! | [`Config::max_cookies`] | 3,000 | the least of all goes |
//! | [`Config::max_age`] | 400 days | it lives that long |
//! | [`Config::max_header_len`] | 8,190 bytes | cookies are not sent, those without `Secure` first |
//! | a host | 255 bytes | it has no cookies |
//! | [`DeltaJar::MAX_CHANGES`] | 180 | is an error |
//! | [`MAX_LINE_LEN`], a line of a cookie file | 64 KiB | is an error, or skipped |
//! | a cookie file | 64 MiB | is an error |
//! | [`MAX_FILE_ERRORS`] that a report keeps | 100 | are counted |
//! | a public suffix list | 4 MiB | is an error |
//!
//! # Deviations
//!
//! - Controls other than HTAB are refused by [`Profile::Rfc6265`] too: no field can hold them.
//! - The prefixes `__Http-` and `__Host-Http-` come from the
//!   [layered-cookies draft](https://datatracker.ietf.org/doc/draft-ietf-httpbis-layered-cookies/), as browsers
//!   have them.
//! - A cookie for the address that it came from is for that host alone, with `Domain` or without.
//! - A cookie without a name whose value has a `=` does not hide a `Secure` cookie of the name that a server
//!   will read there, nor does a script overwrite one that is `HttpOnly` by it.
//! - `Partitioned` needs `Secure`, as in browsers.
//! - A script is not sent, and does not set, what following a link would be.
//! - A `__Host-` cookie needs `Path=/` itself; 6265bis lets any `Path` do in the root folder.
//! - Of more cookies than fit in a field those that are `Secure` are sent rather than others.
//!
//! # What is not here
//!
//! Cookies are not signed or encrypted, which takes cryptography. The jar has no partitions (a jar for each
//! top-level site is one), and does not tell which sites are the same: whoever acts as a browser says so by
//! the [`Context`].

mod context;
mod date;
mod delta;
mod error;
mod file;
mod jar;
mod pairs;
mod prefix;
mod profile;
mod promise;
mod request_uri;
mod segments;
mod set_cookie;
mod suffix;

pub use context::Context;
pub use date::parse_date;
pub use delta::DeltaJar;
pub use error::{CookieError, CookieErrorKind};
#[cfg(feature = "std")]
pub use file::MAX_FILE_LEN;
pub use file::{
    CookieFileError, CookieFileErrorKind, CookieFileReport, FileFormat, MAX_FILE_ERRORS,
    MAX_LINE_LEN,
};
pub use jar::{Config, Cookie, CookieJar, Rejected, Stored};
pub use pairs::{CookiePair, CookiePairs};
pub use prefix::Prefix;
pub use profile::Profile;
pub use set_cookie::{SameSite, SetCookie, SetCookieBuilder};
pub use suffix::{DefaultSuffixes, PublicSuffix, SuffixList, SuffixListError, SuffixListErrorKind};

/// The bytes that name and value of a cookie may have together,
/// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6).
pub const MAX_PAIR_LEN: usize = 4096;

/// Returns the name that a server reads. A cookie without a name whose value has a `=` looks as if it had
/// one, since it is the value alone that is sent.
fn name_as_read<'a>(name: &'a [u8], value: &'a [u8]) -> &'a [u8] {
    let mut sides = value.splitn(2, |&octet| octet == b'=');
    match (name, sides.next(), sides.next()) {
        (b"", Some(name), Some(_)) => name,
        _ => name,
    }
}

/// Returns the number of some digits, of which its caller has seen that they are digits; what does not fit
/// is the nearest that does.
fn saturating(is_negative: bool, digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number: i64, octet| {
        let digit = i64::from(octet.wrapping_sub(b'0'));
        number.saturating_mul(10).saturating_add(if is_negative { -digit } else { digit })
    })
}

/// Returns a value without the quotes around it, if it has both.
const fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}
