//! The names and values of a `Cookie` field, as a server reads it.

use core::fmt;

use super::segments::Segments;
use super::unquoted;
use crate::header::{self, HeaderMap};

/// The names and values of a `Cookie` field, in the order of the field.
///
/// ```abnf
/// cookie-string = cookie-pair *( ";" SP cookie-pair )     ; RFC 6265 §4.2.1, as it is sent
/// ```
///
/// Reading cannot fail, and no pair is lost to another: the text is split at every `;`, whatever stands
/// between, whitespace around names and values is taken away, and what is empty is skipped. A part
/// without `=` is a value without a name, which is how user agents send such a cookie
/// ([6265bis §5.8.3](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.8.3)).
/// Names that come several times are all there: a user agent sends the cookie of the longest path first.
///
/// It is lazy and allocates nothing, so that a long field costs what is read of it.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::CookiePairs;
///
/// let cookies = CookiePairs::new(b"sid=31d4; lang=\"en\"; theme; sid=old");
/// assert_eq!(cookies.get("sid").map(|it| it.value()), Some(&b"31d4"[..]));
/// assert_eq!(cookies.get("lang").map(|it| it.unquoted()), Some(&b"en"[..]));
/// assert_eq!(cookies.count(), 4);
/// ```
#[derive(Clone)]
pub struct CookiePairs<'a>(Segments<'a>);

/// A name and a value of a `Cookie` field.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::CookiePairs;
///
/// let pair = CookiePairs::new(b"sid=31d4").next();
/// assert_eq!(pair.map(|it| it.to_string()).as_deref(), Some("sid=31d4"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CookiePair<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

impl<'a> CookiePairs<'a> {
    /// Reads the value of a field.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// assert_eq!(CookiePairs::new(b";; a=b;").count(), 1);
    /// ```
    #[must_use]
    #[inline]
    pub fn new(value: &'a [u8]) -> Self {
        Self(Segments::new(value))
    }

    /// Reads the `Cookie` fields of a request. A client sends one; who has made several of it means the
    /// same ([RFC 9113 §8.2.3](https://www.rfc-editor.org/rfc/rfc9113#section-8.2.3)).
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::COOKIE, "a=1; b=2")?;
    /// headers.append(header::COOKIE, "c=3")?;
    /// assert_eq!(CookiePairs::from_headers(&headers).count(), 3);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn from_headers(headers: &'a HeaderMap) -> impl Iterator<Item = CookiePair<'a>> {
        headers.get_all(header::COOKIE).flat_map(Self::new)
    }

    /// Returns the first pair of a name among those that are still to come. Case matters.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// let cookies = CookiePairs::new(b"a=1; a=2");
    /// assert_eq!(cookies.get("a").map(|it| it.value()), Some(&b"1"[..]));
    /// assert_eq!(cookies.get("A"), None);
    /// ```
    #[must_use]
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<CookiePair<'a>> {
        let name = name.as_ref();
        self.clone().find(|pair| pair.name == name)
    }
}

impl<'a> Iterator for CookiePairs<'a> {
    type Item = CookiePair<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<CookiePair<'a>> {
        loop {
            let segment = self.0.next()?;
            let (name, value) = match segment.value {
                Some(value) => (segment.name.text, value.text),
                None => (&[][..], segment.name.text),
            };
            if !name.is_empty() || !value.is_empty() {
                return Some(CookiePair { name, value });
            }
        }
    }
}

impl<'a> CookiePair<'a> {
    /// Puts a pair together.
    pub(super) const fn new(name: &'a [u8], value: &'a [u8]) -> Self {
        Self { name, value }
    }

    /// Returns the name, which may be empty.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// let pair = CookiePairs::new(b"sid=31d4").next();
    /// assert_eq!(pair.map(|it| it.name()), Some(&b"sid"[..]));
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the value as it stands there, quotes included.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// let pair = CookiePairs::new(b"q=\"a=b\"").next();
    /// assert_eq!(pair.map(|it| it.value()), Some(&b"\"a=b\""[..]));
    /// ```
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Returns the value without the quotes around it, if there are any.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// let pair = CookiePairs::new(b"q=\"a b\"").next();
    /// assert_eq!(pair.map(|it| it.unquoted()), Some(&b"a b"[..]));
    /// ```
    #[must_use]
    pub const fn unquoted(&self) -> &'a [u8] {
        unquoted(self.value)
    }

    /// Returns the value as text, quotes included; `None` if it is not UTF-8.
    ///
    /// ```
    /// use nethttp::cookie::CookiePairs;
    ///
    /// let pair = CookiePairs::new("name=Zoë".as_bytes()).next();
    /// assert_eq!(pair.and_then(|it| it.text()), Some("Zoë"));
    /// ```
    #[must_use]
    pub const fn text(&self) -> Option<&'a str> {
        match core::str::from_utf8(self.value) {
            Ok(text) => Some(text),
            Err(_) => None,
        }
    }
}

/// Writes `name=value`, or the value alone if there is no name; every byte that is not printable ASCII
/// escaped.
impl fmt::Display for CookiePair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.name.is_empty() {
            write!(f, "{}=", self.name.escape_ascii())?;
        }
        write!(f, "{}", self.value.escape_ascii())
    }
}

/// Shows the name and not the value, which is often a secret.
impl fmt::Debug for CookiePair<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CookiePair({}=(hidden))", self.name.escape_ascii())
    }
}

/// Shows the names that are still to come.
impl fmt::Debug for CookiePairs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    #[track_caller]
    fn reads(text: &str, expected: &[(&str, &str)]) {
        let pairs: Vec<_> = CookiePairs::new(text.as_bytes())
            .map(|it| (core::str::from_utf8(it.name()).unwrap(), it.text().unwrap()))
            .collect();
        assert_eq!(pairs, expected, "{text:?}");
    }

    #[test]
    fn no_pair_is_lost_to_its_neighbour() {
        reads(
            "SID=31d4d96e407aad42; lang=en-US",
            &[("SID", "31d4d96e407aad42"), ("lang", "en-US")],
        );
        reads("a=1;b=2; c=3;  d=4", &[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
        reads("a=\"1; b=2\"; c=3", &[("a", "\"1"), ("b", "2\""), ("c", "3")]);
        reads("a={\"x\":1,\"y\":[2]}; b=2", &[("a", "{\"x\":1,\"y\":[2]}"), ("b", "2")]);
        reads("a[0]=1; b,c=2; \"d\"=3", &[("a[0]", "1"), ("b,c", "2"), ("\"d\"", "3")]);
        reads("bad; a=1", &[("", "bad"), ("a", "1")]);
        reads("=; ; =x; y=; a=1", &[("", "x"), ("y", ""), ("a", "1")]);
        reads("$Version=1; a=1; $Path=/", &[("$Version", "1"), ("a", "1"), ("$Path", "/")]);
        reads("a=b=c==", &[("a", "b=c==")]);
        reads(" \ta \t=\t 1 2 ", &[("a", "1 2")]);
        reads("", &[]);
        reads(" ", &[]);
        reads("a=1; a=2", &[("a", "1"), ("a", "2")]);
        reads("naïve=ünï", &[("naïve", "ünï")]);
    }

    #[test]
    fn controls_and_bytes_of_other_encodings_are_part_of_a_value() {
        let pairs: Vec<_> = CookiePairs::new(b"a=\0\xff; b=\x7f").map(|it| it.value()).collect();
        assert_eq!(pairs, [&b"\0\xff"[..], b"\x7f"]);
        assert_eq!(CookiePairs::new(b"a=\xff").get("a").and_then(|it| it.text()), None);
    }

    #[test]
    fn debug_shows_no_value() {
        let pairs = CookiePairs::new(b"a=secret; secret; b\xff=");
        assert_eq!(
            format!("{pairs:?}"),
            "[CookiePair(a=(hidden)), CookiePair(=(hidden)), CookiePair(b\\xff=(hidden))]"
        );
    }

    #[test]
    fn ten_megabytes_of_semicolons_are_nothing() {
        let text = alloc::vec![b';'; 10 << 20];
        assert_eq!(CookiePairs::new(&text).next(), None);
    }
}
