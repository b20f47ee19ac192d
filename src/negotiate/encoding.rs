//! Content codings that are wanted.

use core::fmt;

use super::calls::calls;
use super::entries::{Entries, Entry, FULL, Fit, Order, Verdict, choose};
use super::preference::{read_token, width};
use super::{Choice, NotAcceptable, Preference};
use crate::field::FieldError;
use crate::header::{self, HeaderMap};

/// The value of an Accept-Encoding field,
/// [RFC 9110 §12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
///
/// ```abnf
/// Accept-Encoding = [ ( codings [ weight ] ) *( OWS "," OWS ( codings [ weight ] ) ) ]
/// codings         = content-coding / "identity" / "*"
/// ```
///
/// Names are compared without case, and `x-gzip` and `x-compress` are `gzip` and `compress`
/// ([RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1)). What is not listed is wanted as
/// `*` says, or not at all. No coding at all, `identity`, is always acceptable unless `identity;q=0`
/// or `*;q=0` refuses it; where neither `identity` nor `*` is listed, it is wanted as little as the
/// least wanted coding of the list, so that a coding that is listed comes first.
///
/// # Deviations
///
/// Without the field the RFC lets a server choose any coding; here only `identity` is acceptable, as
/// programs that send no such field cannot decode anything as a rule.
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::negotiate::AcceptEncoding;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Accept-Encoding", "gzip, deflate, br;q=0.9")?;
/// let choice = AcceptEncoding::from_headers(&headers);
/// assert_eq!(choice.best(&["br", "gzip", "identity"])?.offer(), "gzip");
/// assert_eq!(choice.best(&["zstd", "identity"])?.offer(), "identity");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct AcceptEncoding<'a>(Entries<'a>);

calls! {
    AcceptEncoding, "Accept-Encoding", header::ACCEPT_ENCODING, Preference, read_token, width,
    "br", "gzip"
}

impl AcceptEncoding<'_> {
    fn judge(&self, coding: &str) -> Verdict {
        let entries = self.0.as_slice();
        let coding = canonical(coding);
        match Verdict::of(entries, |entry| fit(entry, coding)) {
            Some(verdict) => verdict,
            None if coding.eq_ignore_ascii_case("identity") => {
                let listed = entries.iter().map(|entry| entry.weight).filter(|&weight| weight > 0);
                Verdict { quality: listed.min().unwrap_or(FULL), ..Verdict::default() }
            }
            None => Verdict::default(),
        }
    }
}

/// `*` is behind every name, and before `identity` where that is not listed.
fn fit(entry: &Entry<'_>, coding: &str) -> Option<Fit> {
    match entry.text {
        "*" => Some(1),
        text => canonical(text).eq_ignore_ascii_case(coding).then_some(2),
    }
}

/// Returns a name without the `x-` of old.
fn canonical(coding: &str) -> &str {
    match coding.split_at_checked(2) {
        Some(("x-" | "X-", name))
            if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("compress") =>
        {
            name
        }
        _ => coding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn qualities(value: &str, expected: &[(&str, u16)]) {
        let accept = AcceptEncoding::parse(value.as_bytes()).unwrap();
        for (offer, quality) in expected {
            assert_eq!(accept.quality(offer), *quality, "{value:?}: {offer}");
        }
    }

    #[test]
    fn the_examples_of_rfc_9110_12_5_3() {
        qualities("compress, gzip", &[("compress", 1000), ("gzip", 1000), ("br", 0)]);
        qualities("", &[("identity", 1000), ("gzip", 0)]);
        qualities("*", &[("identity", 1000), ("gzip", 1000), ("anything", 1000)]);
        qualities("compress;q=0.5, gzip;q=1.0", &[("compress", 500), ("gzip", 1000)]);
        let last = "gzip;q=1.0, identity; q=0.5, *;q=0";
        qualities(last, &[("gzip", 1000), ("identity", 500), ("br", 0)]);
    }

    #[test]
    fn identity_is_acceptable_unless_it_is_refused() {
        qualities("gzip", &[("identity", 1000), ("Identity", 1000)]);
        qualities("gzip;q=0.5, br;q=0.2", &[("identity", 200)]);
        qualities("gzip;q=0.5, br;q=0", &[("identity", 500)]);
        qualities("gzip;q=0", &[("identity", 1000), ("gzip", 0)]);
        qualities("identity;q=0", &[("identity", 0)]);
        qualities("*;q=0", &[("identity", 0)]);
        qualities("*;q=0, identity", &[("identity", 1000), ("gzip", 0)]);
        qualities("*;q=0.3, gzip", &[("identity", 300), ("gzip", 1000)]);
    }

    #[test]
    fn old_names_mean_the_same() {
        qualities("x-gzip;q=0.5, X-Compress;q=0.4", &[("gzip", 500), ("compress", 400)]);
        qualities("GZIP;q=0.5", &[("x-gzip", 500), ("x-GZip", 500), ("x-br", 0)]);
        qualities("gzip;q=0, *", &[("x-gzip", 0)]);
        qualities("x-br;q=0.5", &[("br", 0), ("x-br", 500)]);
    }

    #[track_caller]
    fn chosen(value: &str, offers: &[&str], by_server: &str, by_client: &str) {
        let accept = AcceptEncoding::parse(value.as_bytes()).unwrap();
        assert_eq!(accept.best(offers).map_or("", |choice| choice.offer()), by_server);
        let choice = accept.best_in_client_order(offers);
        assert_eq!(choice.map_or("", |choice| choice.offer()), by_client);
    }

    #[test]
    fn chooses_what_is_listed_before_identity() {
        let offers = ["br", "gzip", "identity"];
        chosen("", &offers, "identity", "identity");
        chosen("gzip, deflate, br, zstd", &offers, "br", "gzip");
        chosen("gzip", &["identity", "gzip"], "gzip", "gzip");
        chosen("gzip;q=0.1", &["identity", "gzip"], "gzip", "gzip");
        chosen("identity, gzip", &["gzip", "identity"], "gzip", "identity");
        chosen("identity;q=0.5, gzip;q=0.4", &offers, "identity", "identity");
        chosen("zstd", &offers, "identity", "identity");
        chosen("zstd, *;q=0", &offers, "", "");
        chosen("identity;q=0", &["identity"], "", "");
        chosen("gzip;q=0, *;q=0.1", &offers, "br", "br");
    }
}
