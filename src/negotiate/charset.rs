//! Charsets that are wanted.

use core::fmt;

use super::calls::calls;
use super::entries::{Entries, Entry, Fit, Order, Verdict, choose};
use super::preference::{read_token, width};
use super::{Choice, NotAcceptable, Preference};
use crate::field::FieldError;
use crate::header::{self, HeaderMap};

/// The value of an Accept-Charset field,
/// [RFC 9110 §12.5.2](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.2).
///
/// ```abnf
/// Accept-Charset = [ ( ( token / "*" ) [ weight ] ) *( OWS "," OWS ( ( token / "*" ) [ weight ] ) ) ]
/// ```
///
/// The field is deprecated: browsers do not send it, and everybody reads UTF-8. It is here for who must
/// answer programs of old. Names are compared without case. What is not listed is wanted as `*` says, or
/// not at all; without a field, or with an empty one, everything is wanted.
///
/// # Examples
///
/// ```
/// use nethttp::negotiate::AcceptCharset;
///
/// let accept = AcceptCharset::parse(b"iso-8859-5, unicode-1-1;q=0.8, *;q=0.1")?;
/// assert_eq!(accept.best(&["utf-8", "ISO-8859-5"])?.offer(), "ISO-8859-5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct AcceptCharset<'a>(Entries<'a>);

calls! {
    AcceptCharset, "Accept-Charset", header::ACCEPT_CHARSET, Preference, read_token, width,
    "koi8-r", "utf-8"
}

impl AcceptCharset<'_> {
    fn judge(&self, charset: &str) -> Verdict {
        match self.0.as_slice() {
            [] => Verdict::ANYTHING,
            entries => Verdict::of(entries, |entry| fit(entry, charset)).unwrap_or_default(),
        }
    }
}

fn fit(entry: &Entry<'_>, charset: &str) -> Option<Fit> {
    match entry.text {
        "*" => Some(1),
        text => text.eq_ignore_ascii_case(charset).then_some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_before_the_wildcard() {
        let accept = AcceptCharset::parse(b"*;q=0.2, UTF-8;q=0.9, koi8-r;q=0").unwrap();
        for (charset, quality) in [("utf-8", 900), ("iso-8859-1", 200), ("KOI8-R", 0)] {
            assert_eq!(accept.quality(charset), quality);
        }
        let accept = AcceptCharset::parse(b"iso-8859-5, unicode-1-1;q=0.8").unwrap();
        assert_eq!(accept.quality("utf-8"), 0);
        assert_eq!(AcceptCharset::parse(b"").unwrap().quality("utf-8"), 1000);
    }
}
