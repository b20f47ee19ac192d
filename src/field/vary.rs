//! The Vary field, [RFC 9110 §12.5.5](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5): which
//! fields of a request had a part in choosing the response, and whether another request agrees in
//! them, [RFC 9111 §4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1).
//!
//! What is stored under which key is a cache's business.
//!
//! ```
//! use nethttp::field::Vary;
//! use nethttp::header::HeaderMap;
//!
//! let mut response = HeaderMap::new();
//! response.append("Vary", "Origin")?;
//! Vary::add(&mut response, "Accept-Encoding")?;
//! assert_eq!(response.text("Vary"), Some("Origin, Accept-Encoding"));
//!
//! let (mut stored, mut new) = (HeaderMap::new(), HeaderMap::new());
//! stored.append("Accept-Encoding", "gzip, br")?;
//! new.append("Accept-Encoding", "gzip,br")?;
//! assert!(Vary::from_headers(&response).matches(&stored, &new));
//! # Ok::<(), nethttp::header::HeaderError>(())
//! ```

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use super::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderError, HeaderMap, HeaderName};
use crate::syntax::{Class, Cursor, SyntaxErrorKind, members, write_list};

/// The fields of a request that had a part in choosing the response,
/// [RFC 9110 §12.5.5](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5).
///
/// Two values are equal when they have the same names, in any order and any case.
///
/// # Examples
///
/// ```
/// use nethttp::field::Vary;
///
/// let vary = Vary::parse(b"Accept-Encoding, accept")?;
/// assert!(vary.contains("Accept"));
/// assert_eq!(vary.to_string(), "Accept-Encoding, accept");
/// assert!(Vary::parse(b"Accept, *")?.is_any());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct Vary<'a> {
    /// `None` for `*`; each name once.
    names: Option<Vec<Cow<'a, str>>>,
}

impl<'a> Vary<'a> {
    /// `*`: anything had a part, perhaps nothing that the request says. No other request matches.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// assert_eq!(Vary::ANY.to_string(), "*");
    /// ```
    pub const ANY: Self = Self { names: None };

    /// The largest number of names, 64.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// let names: Vec<_> = (0..=Vary::MAX_NAMES).map(|n| format!("X-{n}")).collect();
    /// assert!(Vary::parse(names.join(",").as_bytes()).is_err());
    /// ```
    pub const MAX_NAMES: usize = 64;

    /// Creates a value without names, which every request matches.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// let vary = Vary::new().with_name("Accept")?.with_name("Accept-Language")?;
    /// assert_eq!(vary.to_string(), "Accept, Accept-Language");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { names: Some(Vec::new()) }
    }

    /// Parses one field value to the letter. A `*` among names is as good as one alone.
    ///
    /// ```abnf
    /// Vary = #( "*" / field-name )
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is not allowed, or when there are more than
    /// [`MAX_NAMES`](Self::MAX_NAMES) different names.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// assert_eq!(Vary::parse(b"Accept,accept")?.names().count(), 1);
    /// assert_eq!(Vary::parse(b"Accept Origin").unwrap_err().offset(), 7);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut vary = Self::new();
        vary.read(value)?;
        Ok(vary)
    }

    /// Reads all Vary fields of a response; without one there are no names.
    ///
    /// If something in them is no name, or there are too many, the result is [`ANY`](Self::ANY): which
    /// requests the server would answer alike is not known then, and a cache that guesses delivers the
    /// wrong response ([RFC 9111 §4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).
    ///
    /// ```
    /// use nethttp::field::Vary;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Vary", "Accept")?;
    /// headers.append("Vary", "Accept-Encoding")?;
    /// assert_eq!(Vary::from_headers(&headers).to_string(), "Accept, Accept-Encoding");
    ///
    /// headers.append("Vary", "Accept Language")?;
    /// assert!(Vary::from_headers(&headers).is_any());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Self {
        let mut vary = Self::new();
        for line in headers.get_all(header::VARY) {
            if vary.read(line).is_err() {
                return Self::ANY;
            }
        }
        vary
    }

    fn read(&mut self, value: &'a [u8]) -> Result<(), FieldError> {
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let at = cursor.offset();
            let name = cursor.token()?;
            cursor.end_member()?;
            // A token is ASCII.
            self.push(Cow::Borrowed(core::str::from_utf8(name).unwrap_or_default()), at)?;
        }
        Ok(())
    }

    /// Adds a name, unless it is there.
    fn push(&mut self, name: Cow<'a, str>, at: usize) -> Result<(), FieldError> {
        if name == "*" {
            self.names = None;
        }
        if self.contains(&*name) {
            return Ok(());
        }
        if let Some(names) = &mut self.names {
            if names.len() >= Self::MAX_NAMES {
                return Err(FieldError::new(FieldErrorKind::TooManyMembers(Self::MAX_NAMES), at));
            }
            names.push(name);
        }
        Ok(())
    }

    /// Adds a name behind the others, unless it is there; `*` makes it [`ANY`](Self::ANY).
    ///
    /// # Errors
    ///
    /// Returns an error when it is no name, or when there are [`MAX_NAMES`](Self::MAX_NAMES) already.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// assert_eq!(Vary::new().with_name("Origin")?.with_name("origin")?.to_string(), "Origin");
    /// assert!(Vary::new().with_name("Origin, Accept").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_name(mut self, name: &'a str) -> Result<Self, FieldError> {
        let token = Class::TOKEN.prefix_len(name.as_bytes());
        if token == 0 || token < name.len() {
            let kind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
            return Err(FieldError::new(kind, token));
        }
        self.push(Cow::Borrowed(name), 0)?;
        Ok(self)
    }

    /// Adds the names of another value; what would be too many is [`ANY`](Self::ANY).
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// let vary = Vary::parse(b"Accept")?.merge(Vary::parse(b"Origin, accept")?);
    /// assert_eq!(vary.to_string(), "Accept, Origin");
    /// assert!(vary.merge(Vary::ANY).is_any());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        let Some(names) = other.names else {
            return Self::ANY;
        };
        for name in names {
            if self.push(name, 0).is_err() {
                return Self::ANY;
            }
        }
        self
    }

    /// Adds a name to the Vary field of a response: what a server does that has looked at that field of
    /// the request. The lines there are become one.
    ///
    /// Nothing changes where the name or `*` is there already; the name `*` replaces all others.
    ///
    /// # Errors
    ///
    /// Returns an error when it is no name, or when the map has no room for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Vary;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// for name in ["accept", "Accept-Encoding", "Accept"] {
    ///     Vary::add(&mut headers, name)?;
    /// }
    /// assert_eq!(headers.text("Vary"), Some("accept, Accept-Encoding"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn add(headers: &mut HeaderMap, name: impl AsRef<[u8]>) -> Result<(), HeaderError> {
        let name = HeaderName::parse(name.as_ref())?;
        if !headers.contains_key(header::VARY) {
            return headers.append(header::VARY, name.as_bytes());
        }
        let mut all: Vec<&[u8]> = headers.get_all(header::VARY).flat_map(members).collect();
        let names_it =
            |member: &&[u8]| *member == b"*" || member.eq_ignore_ascii_case(name.as_bytes());
        if all.iter().any(names_it) {
            return Ok(());
        }
        if name == "*" {
            all.clear();
        }
        all.push(name.as_bytes());
        let line = all.join(&b", "[..]);
        headers.insert(header::VARY, line)
    }

    /// Returns whether anything had a part in choosing the response.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// assert!(Vary::parse(b"*")?.is_any());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.names.is_none()
    }

    /// Returns the names as they were written, each once; none for `*`.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// let vary = Vary::parse(b"accept, Origin")?;
    /// assert_eq!(vary.names().collect::<Vec<_>>(), ["accept", "Origin"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().flatten().map(|name| &**name)
    }

    /// Returns whether the field of that name had a part; `*` contains every name.
    ///
    /// ```
    /// use nethttp::field::Vary;
    /// use nethttp::header;
    ///
    /// assert!(Vary::parse(b"accept")?.contains(header::ACCEPT));
    /// assert!(Vary::ANY.contains("Accept"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        let name = name.as_ref();
        self.is_any() || self.names().any(|own| own.as_bytes().eq_ignore_ascii_case(name))
    }

    /// Returns whether a response that was chosen for one request may answer another, given the fields
    /// of both, [RFC 9111 §4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1).
    ///
    /// Each field that is named must be absent from both requests or have the same value. Of fields that
    /// are known to be lists, such as `Accept-Language`, values are the same where lines have been combined or
    /// whitespace around the commas differs; of all others, such as `User-Agent` and those of one's own,
    /// every byte counts. Order and case
    /// count: where they say nothing, that is for the one to know who knows the field. [`ANY`](Self::ANY)
    /// never matches.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Vary;
    /// use nethttp::header::HeaderMap;
    ///
    /// let vary = Vary::parse(b"Accept-Language")?;
    /// let (mut german, mut english) = (HeaderMap::new(), HeaderMap::new());
    /// german.append("Accept-Language", "de")?;
    /// english.append("Accept-Language", "en")?;
    /// assert!(vary.matches(&german, &german));
    /// assert!(!vary.matches(&german, &english));
    /// assert!(!vary.matches(&german, &HeaderMap::new()));
    /// assert!(!Vary::ANY.matches(&german, &german));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn matches(&self, stored: &HeaderMap, new: &HeaderMap) -> bool {
        !self.is_any() && self.names().all(|name| same_field(name, stored, new))
    }

    /// Returns the value with a copy of what it borrows, as a cache keeps it.
    ///
    /// ```
    /// use nethttp::field::Vary;
    ///
    /// let kept: Vary<'static> = Vary::parse(String::from("Origin").as_bytes())?.into_owned();
    /// assert!(kept.contains("Origin"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Vary<'static> {
        let owned = |name: Cow<'_, str>| Cow::Owned(name.into_owned());
        Vary { names: self.names.map(|names| names.into_iter().map(owned).collect()) }
    }
}

/// Fields of a request that are lists by their definitions, so that lines may be combined and whitespace
/// around commas says nothing. Of every other field each byte counts: what a comma means there is not known.
const LISTS: [HeaderName; 19] = [
    header::ACCEPT,
    header::ACCEPT_CHARSET,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::ACCESS_CONTROL_REQUEST_HEADERS,
    header::CACHE_CONTROL,
    header::CONNECTION,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::EXPECT,
    header::FORWARDED,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::PRAGMA,
    header::PREFER,
    header::TE,
    header::UPGRADE,
    header::VIA,
    header::X_FORWARDED_FOR,
];

fn same_field(name: &str, stored: &HeaderMap, new: &HeaderMap) -> bool {
    if stored.get_all(name).eq(new.get_all(name)) {
        return true;
    }
    let is_list = LISTS.iter().any(|list| list == name);
    is_list && combined(stored, name) == combined(new, name)
}

/// Returns the lines of a list as one, each with a comma behind it, so that an empty line differs from none;
/// without whitespace around the commas that are not quoted.
fn combined(headers: &HeaderMap, name: &str) -> Vec<u8> {
    let mut list = Vec::new();
    for line in headers.get_all(name) {
        let (mut quoted, mut escaped, mut start) = (false, false, list.len());
        for &octet in line {
            match octet {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b' ' | b'\t' if list.len() == start => continue,
                b',' if !quoted => {
                    while let Some(b' ' | b'\t') = list.last() {
                        list.pop();
                    }
                    start = list.len() + 1;
                }
                _ => {}
            }
            list.push(octet);
        }
        list.push(b',');
    }
    list
}

impl Default for Vary<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Vary<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_any() == other.is_any()
            && self.names().count() == other.names().count()
            && self.names().all(|name| other.contains(name))
    }
}

impl Eq for Vary<'_> {}

/// Writes `*`, or the names as they were written.
impl fmt::Display for Vary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return f.write_str("*");
        }
        write_list(f, self.names())
    }
}

impl fmt::Debug for Vary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vary({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};

    fn headers(name: &str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line).unwrap();
        }
        headers
    }

    #[track_caller]
    fn parses(value: &str, written: &str) {
        let vary = Vary::parse(value.as_bytes()).unwrap();
        assert_eq!(vary.to_string(), written);
        assert_eq!(Vary::from_headers(&headers("vary", &[value])), vary);
    }

    #[track_caller]
    fn rejects(value: &[u8], kind: SyntaxErrorKind, offset: usize) {
        let error = Vary::parse(value).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Syntax(kind), offset));
    }

    #[test]
    fn reads_names_each_once() {
        parses("", "");
        parses("Accept-Encoding", "Accept-Encoding");
        parses("accept-encoding,Accept-Encoding, ,X", "accept-encoding, X");
        parses("Accept-Encoding, Origin,\tUser-Agent ,", "Accept-Encoding, Origin, User-Agent");
        let github =
            "X-PJAX, X-PJAX-Container, Turbo-Frame, Accept-Encoding, Accept, X-Requested-With";
        parses(github, github);
    }

    /// What <https://github.com/http-tests/cache-tests> asks of parsers.
    #[test]
    fn a_star_anywhere_is_a_star() {
        for value in ["*", "*, *", ", *", "*, Foo", "Foo, *"] {
            parses(value, "*");
        }
        assert!(Vary::from_headers(&headers("Vary", &["*", "*"])).is_any());
        assert!(Vary::from_headers(&headers("Vary", &["", "*"])).is_any());
        assert!(Vary::from_headers(&headers("Vary", &["Foo", "*", "Bar"])).is_any());
    }

    #[test]
    fn rejects_what_is_no_name() {
        rejects(b"Accept Origin", SyntaxErrorKind::ExpectedComma, 7);
        rejects(b"Accept; Origin", SyntaxErrorKind::ExpectedComma, 6);
        rejects(b"\"Accept\"", SyntaxErrorKind::ExpectedToken, 0);
        rejects(b"Accept, :", SyntaxErrorKind::ExpectedToken, 8);
        for value in ["Accept Origin", "\"Accept\"", "Accept, \"", "A, (b)"] {
            assert!(Vary::from_headers(&headers("Vary", &["Accept", value])).is_any(), "{value}");
        }
    }

    #[test]
    fn names_past_the_limit_are_a_star_to_a_recipient() {
        let names: Vec<String> = (0..=Vary::MAX_NAMES).map(|n| format!("x{n}")).collect();
        let (all, most) = (names.join(","), names[1..].join(","));
        let error = Vary::parse(all.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(Vary::MAX_NAMES));
        assert!(Vary::from_headers(&headers("Vary", &[&all])).is_any());
        assert_eq!(Vary::parse(most.as_bytes()).unwrap().names().count(), Vary::MAX_NAMES);
        let full = Vary::parse(most.as_bytes()).unwrap();
        assert!(full.clone().with_name("y").is_err());
        assert!(full.clone().merge(Vary::new().with_name("y").unwrap()).is_any());
        assert!(!full.clone().merge(full).is_any());
    }

    #[track_caller]
    fn adds(lines: &[&str], name: &str, expected: &[&str]) {
        let mut headers = headers("vary", lines);
        Vary::add(&mut headers, name).unwrap();
        let found: Vec<&[u8]> = headers.get_all("Vary").collect();
        assert_eq!(found, expected.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn adding_keeps_what_is_there() {
        adds(&[], "Accept-Encoding", &["Accept-Encoding"]);
        adds(&[""], "Accept-Encoding", &["Accept-Encoding"]);
        adds(&["accept,Origin"], "Accept-Encoding", &["accept, Origin, Accept-Encoding"]);
        adds(&["Accept", "Origin"], "A", &["Accept, Origin, A"]);
        adds(&["Accept", "origin"], "Origin", &["Accept", "origin"]);
        adds(&["Accept", "Origin, *"], "A", &["Accept", "Origin, *"]);
        adds(&["Accept", "Origin"], "*", &["*"]);
        adds(&["Accept Origin"], "A", &["Accept Origin, A"]);
    }

    #[test]
    fn adding_reports_what_is_no_name() {
        let mut headers = headers("Vary", &["Accept"]);
        for name in ["", "a b", "a,b", "a\r\nb"] {
            assert!(Vary::add(&mut headers, name).is_err());
        }
        assert_eq!(headers.text("Vary"), Some("Accept"));
    }

    #[track_caller]
    fn matching(name: &str, stored: &[&str], new: &[&str], expected: bool) {
        let vary = Vary::new().with_name(name).unwrap();
        let (stored, new) = (headers("accept", stored), headers("Accept", new));
        assert_eq!(vary.matches(&stored, &new), expected);
        assert_eq!(vary.matches(&new, &stored), expected);
    }

    #[test]
    fn a_field_matches_when_absent_twice_or_equal() {
        matching("Accept", &[], &[], true);
        matching("accept", &["a"], &["a"], true);
        matching("Accept", &["a"], &["b"], false);
        matching("Accept", &["a"], &[], false);
        matching("Accept", &[""], &[], false);
        matching("X-Other", &["a"], &["b"], true);
    }

    #[test]
    fn whitespace_and_lines_of_a_list_do_not_count_and_all_else_does() {
        matching("Accept", &["1, 2"], &["1,2"], true);
        matching("Accept", &["1 \t,\t2"], &["1,2"], true);
        matching("Accept", &["1", "2"], &["1, 2"], true);
        matching("Accept", &["1, 2", "3"], &["1", "2, 3"], true);
        matching("Accept", &["", "1"], &[",1"], true);
        matching("Accept", &["\"1, 2\""], &["\"1,2\""], false);
        matching("Accept", &["\"1\\\", 2\""], &["\"1\\\",2\""], false);
        matching("Accept", &["1 2"], &["12"], false);
        matching("Accept", &["1  2"], &["1 2"], false);
        matching("Accept", &["1; q=1"], &["1;q=1"], false);
        matching("Accept", &["1,,2"], &["1,2"], false);
        matching("Accept", &["1,2"], &["2,1"], false);
        matching("Accept", &["a"], &["A"], false);
    }

    #[test]
    fn every_byte_counts_where_there_is_no_list() {
        let vary = Vary::parse(b"user-agent").unwrap();
        let (a, b) = (headers("User-Agent", &["a (b, c)"]), headers("User-Agent", &["a (b,c)"]));
        assert!(vary.matches(&a, &a));
        assert!(!vary.matches(&a, &b));
        // What a comma means in a field that nobody defined is not known.
        let vary = Vary::parse(b"X-Tenant").unwrap();
        let (a, b) = (headers("X-Tenant", &["a, b"]), headers("X-Tenant", &["a,b"]));
        assert!(vary.matches(&a, &a));
        assert!(!vary.matches(&a, &b));
        assert!(!vary.matches(&a, &headers("X-Tenant", &["a", "b"])));
        for name in ["authorization", "Cookie", "from", "HOST", "origin", "referer", "user-agent"] {
            let vary = Vary::parse(name.as_bytes()).unwrap();
            let (a, b) = (headers(name, &["a (b, c)"]), headers(name, &["a (b,c)"]));
            assert!(vary.matches(&a, &a), "{name}");
            assert!(!vary.matches(&a, &b), "{name}");
        }
        let vary = Vary::parse(b"accept").unwrap();
        assert!(vary.matches(&headers("Accept", &["a, b"]), &headers("Accept", &["a,b"])));
    }

    #[test]
    fn equality_is_that_of_sets() {
        let same = |a: &'static str, b: &'static str| {
            Vary::parse(a.as_bytes()).unwrap() == Vary::parse(b.as_bytes()).unwrap()
        };
        assert!(same("A, b", "B, a"));
        assert!(same("*", "a, *"));
        assert!(same("", ","));
        assert!(!same("a", "a, b"));
        assert!(!same("a", "*"));
        assert!(!same("", "*"));
    }
}
