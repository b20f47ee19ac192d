//! Reading pairs, leniently: the [URL standard's parser](https://url.spec.whatwg.org/#urlencoded-parsing).

use alloc::borrow::Cow;
use core::iter::FusedIterator;

use crate::syntax::{decoded, form_decode};

/// The names and values of a query or of a form: a view over the text, which says what it says.
///
/// Every text has pairs. What is between two `&` is a pair, unless it is empty; the name ends at the
/// first `=`, and without one is all there is. `+` is a space, `%XX` a byte, and a `%` without two
/// hexadecimal digits behind it is itself; bytes that are not UTF-8 become U+FFFD. Where this leniency
/// is not wanted, as for a form that a stranger sent, there is [`Pairs::parse`].
///
/// Two views are equal when their texts are.
///
/// # Examples
///
/// ```
/// use nethttp::uri::Pairs;
///
/// for (name, value) in Pairs::new("q=caf%C3%A9+au+lait&page=2") {
///     println!("{name}: {value}");
/// }
/// let pairs = Pairs::new("tag=a&page=2&tag=b");
/// assert_eq!(pairs.get("page").as_deref(), Some("2"));
/// assert!(pairs.get_all("tag").eq(["a", "b"]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pairs<'a> {
    text: &'a str,
}

impl<'a> Pairs<'a> {
    /// Returns the pairs of a query, without the `?`, or of a form.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Pairs;
    ///
    /// const PAIRS: Pairs<'_> = Pairs::new("a=1;b=2&&c");
    /// let pairs: Vec<_> = PAIRS.iter().collect();
    /// assert_eq!(pairs, [("a".into(), "1;b=2".into()), ("c".into(), "".into())]);
    /// ```
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// Returns the whole text.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::Pairs::new("a=%31&&").as_str(), "a=%31&&");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.text
    }

    /// Returns the names and values, decoded, in their order; a value that is missing is empty.
    ///
    /// What needs no decoding borrows.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use nethttp::uri::Pairs;
    ///
    /// let map: BTreeMap<_, _> = Pairs::new("name=a+b&debug").iter().collect();
    /// assert_eq!(map["name"], "a b");
    /// assert_eq!(map["debug"], "");
    /// ```
    pub const fn iter(self) -> PairsIter<'a> {
        PairsIter { raw: self.raw() }
    }

    /// Returns the names and values as they are written; a value is `None` where there is no `=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Pairs;
    ///
    /// let raw: Vec<_> = Pairs::new("a=%31&b=&c").raw().collect();
    /// assert_eq!(raw, [("a", Some("%31")), ("b", Some("")), ("c", None)]);
    /// ```
    pub const fn raw(self) -> RawPairs<'a> {
        RawPairs { rest: self.text }
    }

    /// Returns the value of the first pair with this name, decoded; empty where there is no `=`.
    ///
    /// Names are compared as they decode, byte for byte. To fetch many names of many pairs, collect
    /// them into a map once.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Pairs;
    ///
    /// let pairs = Pairs::new("first%20name=Ada&debug");
    /// assert_eq!(pairs.get("first name").as_deref(), Some("Ada"));
    /// assert_eq!(pairs.get("debug").as_deref(), Some(""));
    /// assert_eq!(pairs.get("Debug"), None);
    /// ```
    #[must_use]
    pub fn get(self, name: &str) -> Option<Cow<'a, str>> {
        self.get_all(name).next()
    }

    /// Returns the values of all pairs with this name, decoded, in their order.
    ///
    /// # Examples
    ///
    /// ```
    /// let pairs = nethttp::uri::Pairs::new("id=1&sort=up&id=2");
    /// assert!(pairs.get_all("id").eq(["1", "2"]));
    /// ```
    #[must_use]
    pub fn get_all(self, name: &str) -> impl FusedIterator<Item = Cow<'a, str>> {
        let named = self.raw().filter(move |(raw, _)| is_named(raw, name));
        named.map(|(_, value)| form_decode(value.unwrap_or_default()))
    }
}

impl<'a> From<&'a str> for Pairs<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl<'a> IntoIterator for Pairs<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);
    type IntoIter = PairsIter<'a>;

    fn into_iter(self) -> PairsIter<'a> {
        self.iter()
    }
}

/// Returns whether a name that is written `raw` decodes to `name`; allocates nothing but in the case
/// that `name` holds U+FFFD, which may stand for bytes that are not UTF-8.
pub(super) fn is_named(raw: &str, name: &str) -> bool {
    if !raw.contains(['%', '+']) {
        return raw == name;
    }
    if name.contains(char::REPLACEMENT_CHARACTER) {
        return form_decode(raw) == name;
    }
    decoded(raw.as_bytes(), b' ').map(|(octet, _)| octet).eq(name.bytes())
}

/// The names and values of [`Pairs`], decoded.
///
/// # Examples
///
/// ```
/// use nethttp::uri::Pairs;
///
/// let mut pairs = Pairs::new("a=%31&b=2").iter();
/// assert_eq!(pairs.next(), Some(("a".into(), "1".into())));
/// ```
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are used"]
pub struct PairsIter<'a> {
    raw: RawPairs<'a>,
}

impl<'a> Iterator for PairsIter<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.raw.next()?;
        Some((form_decode(name), form_decode(value.unwrap_or_default())))
    }
}

impl FusedIterator for PairsIter<'_> {}

/// The names and values of [`Pairs`], as they are written.
///
/// # Examples
///
/// ```
/// use nethttp::uri::Pairs;
///
/// let mut pairs = Pairs::new("a=%31&b").raw();
/// assert_eq!(pairs.next(), Some(("a", Some("%31"))));
/// assert_eq!(pairs.next(), Some(("b", None)));
/// assert_eq!(pairs.next(), None);
/// ```
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are used"]
pub struct RawPairs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for RawPairs<'a> {
    type Item = (&'a str, Option<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (piece, rest) = cut(self.rest, b'&').unwrap_or((self.rest, ""));
            self.rest = rest;
            if !piece.is_empty() {
                return Some(split(piece));
            }
        }
        None
    }
}

impl FusedIterator for RawPairs<'_> {}

/// Returns the name and the value of a piece.
pub(super) fn split(piece: &str) -> (&str, Option<&str>) {
    match cut(piece, b'=') {
        Some((name, value)) => (name, Some(value)),
        None => (piece, None),
    }
}

/// Returns what stands before and after the first `delimiter`, an ASCII byte. Names and values are
/// short, which is where this is faster than [`str::split_once`].
#[inline]
fn cut(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|octet| octet == delimiter)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[track_caller]
    fn reads(text: &str, expected: &[(&str, &str)]) {
        let pairs: Vec<_> = Pairs::new(text).iter().collect();
        let expected: Vec<_> = expected.iter().map(|&(n, v)| (n.into(), v.into())).collect();
        assert_eq!(pairs, expected, "{text}");
    }

    #[test]
    fn reads_what_the_tests_of_the_web_platform_hold() {
        reads("test", &[("test", "")]);
        reads("\u{feff}test=\u{feff}", &[("\u{feff}test", "\u{feff}")]);
        reads("%EF%BB%BFtest=%EF%BB%BF", &[("\u{feff}test", "\u{feff}")]);
        reads("%EF%BF%BF=%EF%BF%BF", &[("\u{ffff}", "\u{ffff}")]);
        reads("%FE%FF", &[("\u{fffd}\u{fffd}", "")]);
        reads("%FF%FE", &[("\u{fffd}\u{fffd}", "")]);
        reads("†&†=x", &[("†", ""), ("†", "x")]);
        reads("%C2", &[("\u{fffd}", "")]);
        reads("%C2x", &[("\u{fffd}x", "")]);
        reads(
            "_charset_=windows-1252&test=%C2x",
            &[("_charset_", "windows-1252"), ("test", "\u{fffd}x")],
        );
        reads("", &[]);
        reads("a", &[("a", "")]);
        reads("a=b", &[("a", "b")]);
        reads("a=", &[("a", "")]);
        reads("=b", &[("", "b")]);
        reads("&", &[]);
        reads("&a", &[("a", "")]);
        reads("a&", &[("a", "")]);
        reads("a&a", &[("a", ""), ("a", "")]);
        reads("a&b&c", &[("a", ""), ("b", ""), ("c", "")]);
        reads("a=b&c=d", &[("a", "b"), ("c", "d")]);
        reads("a=b&c=d&", &[("a", "b"), ("c", "d")]);
        reads("&&&a=b&&&&c=d&", &[("a", "b"), ("c", "d")]);
        reads("a=a&a=b&a=c", &[("a", "a"), ("a", "b"), ("a", "c")]);
        reads("a==a", &[("a", "=a")]);
        reads("a=a+b+c+d", &[("a", "a b c d")]);
        reads("%=a", &[("%", "a")]);
        reads("%a=a", &[("%a", "a")]);
        reads("%a_=a", &[("%a_", "a")]);
        reads("%61=a", &[("a", "a")]);
        reads("%61+%4d%4D=", &[("a MM", "")]);
        reads("id=0&value=%", &[("id", "0"), ("value", "%")]);
        reads("b=%2sf%2a", &[("b", "%2sf*")]);
        reads("b=%2%2af%2a", &[("b", "%2*f*")]);
        reads("b=%%2a", &[("b", "%*")]);
    }

    #[test]
    fn only_an_ampersand_separates() {
        reads("a=1;b=2&c=3", &[("a", "1;b=2"), ("c", "3")]);
        reads("a;b", &[("a;b", "")]);
        reads("a=1%26b%3D2", &[("a", "1&b=2")]);
        reads("=", &[("", "")]);
        reads("==", &[("", "=")]);
        reads("?a=1#b", &[("?a", "1#b")]);
    }

    #[test]
    fn plus_is_a_space_and_its_escape_a_plus() {
        reads("a+b=c+d", &[("a b", "c d")]);
        reads("a%2Bb=c%20d", &[("a+b", "c d")]);
    }

    #[test]
    fn what_needs_no_decoding_borrows() {
        for (name, value) in Pairs::new("a=b&é=ü&c") {
            assert!(matches!((name, value), (Cow::Borrowed(_), Cow::Borrowed(_))));
        }
    }

    #[test]
    fn raw_pairs_tell_a_missing_value_from_an_empty_one() {
        let raw: Vec<_> = Pairs::new("&a%&b=&=c&&d=+=").raw().collect();
        assert_eq!(raw, [("a%", None), ("b", Some("")), ("", Some("c")), ("d", Some("+="))]);
    }

    #[track_caller]
    fn gets(text: &str, name: &str, expected: Option<&str>) {
        assert_eq!(Pairs::new(text).get(name).as_deref(), expected, "{text}");
    }

    #[test]
    fn gets_the_first_pair_of_the_decoded_name() {
        gets("a=1&b=2&a=3", "a", Some("1"));
        gets("a=1&b=2", "B", None);
        gets("%61%2B=+%31", "a+", Some(" 1"));
        gets("a+b=1", "a b", Some("1"));
        gets("a+b=1", "a+b", None);
        gets("%C3%A9", "é", Some(""));
        gets("%=1&%6=2", "%6", Some("2"));
        gets("=1", "", Some("1"));
        gets("&&", "", None);
        gets("%61b", "a", None);
        gets("%61", "ab", None);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_as_they_show() {
        gets("%FF=1", "\u{fffd}", Some("1"));
        gets("%EF%BF%BD=1", "\u{fffd}", Some("1"));
        gets("a%FFb%C3=1", "a\u{fffd}b\u{fffd}", Some("1"));
        gets("%FF=1", "ÿ", None);
    }

    #[test]
    fn an_iterator_that_has_ended_stays_so() {
        let mut pairs = Pairs::new("a&").iter();
        assert!(pairs.clone().eq(Pairs::from("a")));
        assert_eq!((pairs.next().is_some(), pairs.next(), pairs.next()), (true, None, None));
    }
}
