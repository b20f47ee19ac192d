//! The map from names to values: one buffer, one list of spans, a linear search.
//!
//! Measured against a hash table, a message's dozen fields are cheaper to build (two copies instead
//! of two dozen insertions), as cheap to look up, and cheaper to clone; there is no collision to
//! attack.

use super::error::{HeaderError, HeaderErrorKind};
use super::limits::Limits;
use super::lookup::{Wanted, same};
use super::span::FieldSpan;
use super::value::Quoted;
use super::{HeaderName, HeaderValue, name, value};
use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;

/// The fields of a header or trailer section, in order,
/// [RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3).
///
/// A name may stand many times. The spelling and the order of the fields are kept; names are
/// compared without regard to case. Wherever a name is asked for, a text, bytes or a
/// [`HeaderName`](super::HeaderName) will do.
///
/// A lookup takes time in proportion to the number of fields, which [`Limits`] bound.
///
/// Two maps are equal when they have the same fields in the same order, the case of names aside.
///
/// `Debug` hides the values of `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie`,
/// so that secrets stay out of logs.
///
/// # Examples
///
/// ```
/// use nethttp::header::{self, HeaderMap};
///
/// let mut headers = HeaderMap::new();
/// headers.append(header::ACCEPT, "text/html")?;
/// headers.append("X-Trace", "1")?;
/// headers.insert("x-trace", "2")?;
///
/// let lines: Vec<_> = headers.iter().collect();
/// assert_eq!(lines, [("Accept", &b"text/html"[..]), ("X-Trace", b"2")]);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Default)]
pub struct HeaderMap {
    /// Names and values, wherever the spans say; the rest is dead.
    bytes: Vec<u8>,
    spans: Vec<FieldSpan>,
    limits: Limits,
}

/// What the first field makes room for: most messages, without growing.
const FIRST_FIELDS: usize = 16;
const FIRST_BYTES: usize = 512;

impl HeaderMap {
    /// Returns an empty map with the default limits, without allocating.
    ///
    /// ```
    /// assert!(nethttp::header::HeaderMap::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limits(Limits::DEFAULT)
    }

    /// Returns an empty map with these limits, without allocating.
    ///
    /// ```
    /// use nethttp::header::{HeaderErrorKind, HeaderMap, Limits};
    ///
    /// let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(8));
    /// let error = headers.append("Server", "nethttp").unwrap_err();
    /// assert_eq!(error.kind(), HeaderErrorKind::TooManyBytes(8));
    /// ```
    #[must_use]
    pub const fn with_limits(limits: Limits) -> Self {
        Self { bytes: Vec::new(), spans: Vec::new(), limits }
    }

    /// Adds a field at the end, whether or not its name is there already.
    ///
    /// # Errors
    ///
    /// Returns an error when the name or the value is not valid or a limit is reached; the map is
    /// then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Via", "1.0 fred")?;
    /// headers.append("Via", "1.1 p.example")?;
    /// assert_eq!(headers.len(), 2);
    /// assert!(headers.append("Via", "1.1 a\r\nb").is_err());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn append(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<(), HeaderError> {
        let (name, value) = (name.as_ref(), value.as_ref());
        name::check(name)?;
        value::check(value)?;
        self.push(name, value)
    }

    /// Adds a field whose name and value are known to be valid.
    pub(crate) fn append_valid(
        &mut self,
        name: &HeaderName,
        value: &HeaderValue,
    ) -> Result<(), HeaderError> {
        self.push(name.as_bytes(), value.as_bytes())
    }

    /// Gives a name one value: the first field of that name takes it and keeps its place and
    /// spelling, the others go. Without such a field, one is added at the end.
    ///
    /// # Errors
    ///
    /// Returns an error when the name or the value is not valid or a limit is reached; the map is
    /// then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert(header::CONNECTION, "keep-alive")?;
    /// headers.insert(header::CONNECTION, "close")?;
    /// assert_eq!(headers.text("Connection"), Some("close"));
    /// assert_eq!(headers.len(), 1);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn insert(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<(), HeaderError> {
        let (name, value) = (name.as_ref(), value.as_ref());
        name::check(name)?;
        value::check(value)?;
        if Wanted::new(name).find(&self.spans, &self.bytes).is_none() {
            return self.push(name, value);
        }
        self.replace(name, value)
    }

    /// Adds all fields of another map at the end.
    ///
    /// # Errors
    ///
    /// Returns an error when a limit would be exceeded; the map is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut defaults = HeaderMap::new();
    /// defaults.append("Server", "nethttp")?;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Vary", "Accept")?;
    /// headers.append_all(&defaults)?;
    /// assert_eq!(headers.len(), 2);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn append_all(&mut self, other: &Self) -> Result<(), HeaderError> {
        if self.len().saturating_add(other.len()) > self.limits.fields {
            return Err(self.too_many_fields());
        }
        self.check_bytes(self.live().saturating_add(other.live()))?;
        for span in &other.spans {
            self.push(span.name(&other.bytes), span.value(&other.bytes))?;
        }
        Ok(())
    }

    /// Removes every field of a name and returns how many there were.
    ///
    /// ```
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("set-cookie", "a=1")?;
    /// headers.append("set-cookie", "b=2")?;
    /// assert_eq!(headers.remove(header::SET_COOKIE), 2);
    /// assert_eq!(headers.remove(header::SET_COOKIE), 0);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn remove(&mut self, name: impl AsRef<[u8]>) -> usize {
        let (name, before) = (name.as_ref(), self.len());
        self.retain_spans(|span, bytes| !same(span.name(bytes), name));
        self.compact();
        before - self.len()
    }

    /// Keeps the fields for which the predicate holds.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("X-Internal", "1")?;
    /// headers.append("Vary", "Accept")?;
    /// headers.retain(|name, _| !name.starts_with("X-"));
    /// assert_eq!(headers.len(), 1);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn retain(&mut self, mut predicate: impl FnMut(&str, &[u8]) -> bool) {
        self.retain_spans(|span, bytes| predicate(text(span.name(bytes)), span.value(bytes)));
        self.compact();
    }

    /// Removes all fields and keeps the memory for new ones.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Vary", "Accept")?;
    /// headers.clear();
    /// assert!(headers.is_empty());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
    }

    /// Returns the value of the first field of a name.
    ///
    /// ```
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Host", "example.com")?;
    /// assert_eq!(headers.get(header::HOST), Some(&b"example.com"[..]));
    /// assert_eq!(headers.get("Accept"), None);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<&[u8]> {
        let span = Wanted::new(name.as_ref()).find(&self.spans, &self.bytes)?;
        Some(span.value(&self.bytes))
    }

    /// Returns the value of the first field of a name as text, or `None` when there is no such
    /// field or its value is not UTF-8.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Location", "/é")?;
    /// headers.append("Server", b"\xff")?;
    /// assert_eq!(headers.text("location"), Some("/é"));
    /// assert_eq!(headers.text("server"), None);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn text(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        core::str::from_utf8(self.get(name)?).ok()
    }

    /// Returns the values of all fields of a name, in order.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Vary", "Accept")?;
    /// headers.append("vary", "Cookie")?;
    /// let values: Vec<_> = headers.get_all("Vary").collect();
    /// assert_eq!(values, [&b"Accept"[..], b"Cookie"]);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn get_all(&self, name: impl AsRef<[u8]>) -> impl Iterator<Item = &[u8]> {
        let wanted = Wanted::new(name);
        self.spans
            .iter()
            .filter(move |span| wanted.is_name_of(span, &self.bytes))
            .map(|span| span.value(&self.bytes))
    }

    /// Returns whether there is a field of that name.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Expect", "100-continue")?;
    /// assert!(headers.contains_key("expect"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn contains_key(&self, name: impl AsRef<[u8]>) -> bool {
        Wanted::new(name.as_ref()).find(&self.spans, &self.bytes).is_some()
    }

    /// Returns the number of fields; a name that stands twice counts twice.
    ///
    /// ```
    /// assert_eq!(nethttp::header::HeaderMap::new().len(), 0);
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether there is no field.
    ///
    /// ```
    /// assert!(nethttp::header::HeaderMap::new().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns the names and values in order.
    ///
    /// ```
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Age", "7")?;
    /// for (name, value) in headers.iter() {
    ///     assert_eq!((name, value), ("Age", &b"7"[..]));
    /// }
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { bytes: &self.bytes, spans: self.spans.iter() }
    }

    /// Returns the fields as the bytes that they are.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.spans.iter().map(|span| (span.name(&self.bytes), span.value(&self.bytes)))
    }

    /// Replaces the fields by those of a head, which the spans point into. The memory is used
    /// again; the limits are the parser's business.
    pub(crate) fn assign(&mut self, head: &[u8], spans: &[FieldSpan]) {
        self.clear();
        self.bytes.extend_from_slice(head);
        self.spans.extend_from_slice(spans);
    }

    /// Replaces the line ends in every value by spaces and strips the spaces around it, which is
    /// what a recipient does with `obs-fold`, [RFC 9112
    /// §5.2](https://www.rfc-editor.org/rfc/rfc9112#section-5.2).
    pub(crate) fn unfold(&mut self) {
        for span in &mut self.spans {
            for octet in span.value_mut(&mut self.bytes) {
                if matches!(octet, b'\r' | b'\n') {
                    *octet = b' ';
                }
            }
            *span = span.trimmed(&self.bytes);
        }
    }

    fn has_name(&self, span: &FieldSpan, name: &[u8]) -> bool {
        Wanted::new(name).is_name_of(span, &self.bytes)
    }

    /// Gives a value that has been checked to the first of some fields, and removes the others.
    fn replace(&mut self, name: &[u8], value: &[u8]) -> Result<(), HeaderError> {
        let Some(first) = self.spans.iter().position(|span| self.has_name(span, name)) else {
            return Ok(());
        };
        let others: usize =
            self.spans.iter().filter(|span| !self.has_name(span, name)).map(FieldSpan::len).sum();
        self.check_bytes(others + name.len() + value.len())?;

        let mut index = 0;
        self.retain_spans(|span, bytes| {
            index += 1;
            index <= first + 1 || !same(span.name(bytes), name)
        });
        if let Some(span) = self.spans.get_mut(first) {
            *span = span.with_value(0, 0);
        }
        self.make_room(value.len());
        let (start, end) = store(&mut self.bytes, value);
        if let Some(span) = self.spans.get_mut(first) {
            *span = span.with_value(start, end);
        }
        self.compact();
        Ok(())
    }

    /// Adds a field that has been checked.
    fn push(&mut self, name: &[u8], value: &[u8]) -> Result<(), HeaderError> {
        if self.len() >= self.limits.fields {
            return Err(self.too_many_fields());
        }
        let added = name.len().saturating_add(value.len());
        if self.bytes.len().saturating_add(added) > self.max_bytes() {
            self.check_bytes(self.live().saturating_add(added))?;
            self.rebuild(added);
        }
        if self.spans.capacity() == 0 {
            self.spans = Vec::with_capacity(FIRST_FIELDS);
            self.bytes = Vec::with_capacity(FIRST_BYTES.max(added));
        }
        let (name_start, name_end) = store(&mut self.bytes, name);
        let (value_start, value_end) = store(&mut self.bytes, value);
        self.spans.push(FieldSpan::new(name_start, name_end, value_start, value_end));
        Ok(())
    }

    fn retain_spans(&mut self, mut predicate: impl FnMut(&FieldSpan, &[u8]) -> bool) {
        let bytes = &self.bytes;
        self.spans.retain(|span| predicate(span, bytes));
    }

    /// Returns how many bytes the names and values take.
    fn live(&self) -> usize {
        self.spans.iter().map(FieldSpan::len).sum()
    }

    /// Returns the limit on bytes; no offset may outgrow 32 bits.
    fn max_bytes(&self) -> usize {
        self.limits.bytes.min(usize::try_from(u32::MAX).unwrap_or(usize::MAX))
    }

    fn check_bytes(&self, live: usize) -> Result<(), HeaderError> {
        if live > self.max_bytes() {
            return Err(HeaderError::new(HeaderErrorKind::TooManyBytes(self.limits.bytes), 0));
        }
        Ok(())
    }

    const fn too_many_fields(&self) -> HeaderError {
        HeaderError::new(HeaderErrorKind::TooManyFields(self.limits.fields), 0)
    }

    /// Drops the dead bytes when without that the buffer would outgrow the limit.
    fn make_room(&mut self, added: usize) {
        if self.bytes.len().saturating_add(added) > self.max_bytes() {
            self.rebuild(added);
        }
    }

    /// Drops the dead bytes when they are more than half of the buffer.
    fn compact(&mut self) {
        let live = self.live();
        if self.bytes.len() - live.min(self.bytes.len()) > self.bytes.len() / 2 {
            self.rebuild(0);
        }
    }

    fn rebuild(&mut self, added: usize) {
        let mut bytes = Vec::with_capacity(self.live().saturating_add(added));
        for span in &mut self.spans {
            let (name_start, name_end) = store(&mut bytes, span.name(&self.bytes));
            let (value_start, value_end) = store(&mut bytes, span.value(&self.bytes));
            *span = FieldSpan::new(name_start, name_end, value_start, value_end);
        }
        self.bytes = bytes;
    }
}

/// Appends to the buffer, which the limit keeps below 4 GiB, and returns where.
#[inline]
fn store(bytes: &mut Vec<u8>, added: &[u8]) -> (u32, u32) {
    let offset = |bytes: &Vec<u8>| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let start = offset(bytes);
    bytes.extend_from_slice(added);
    (start, offset(bytes))
}

/// A name as text; names are ASCII.
fn text(name: &[u8]) -> &str {
    core::str::from_utf8(name).unwrap_or_default()
}

impl Clone for HeaderMap {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), spans: self.spans.clone(), limits: self.limits }
    }

    fn clone_from(&mut self, source: &Self) {
        self.assign(&source.bytes, &source.spans);
        self.limits = source.limits;
    }
}

impl PartialEq for HeaderMap {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.spans.iter().zip(&other.spans).all(|(ours, theirs)| {
                self.has_name(ours, theirs.name(&other.bytes))
                    && ours.value(&self.bytes) == theirs.value(&other.bytes)
            })
    }
}

impl Eq for HeaderMap {}

impl fmt::Debug for HeaderMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECRET: [&str; 4] = ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"];
        let mut map = f.debug_map();
        for (name, value) in self {
            if SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
                map.entry(&name, &format_args!("(hidden)"));
            } else {
                map.entry(&name, &Quoted(value));
            }
        }
        map.finish()
    }
}

impl<'a> IntoIterator for &'a HeaderMap {
    type Item = (&'a str, &'a [u8]);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The fields of a [`HeaderMap`] in order, see [`HeaderMap::iter`].
///
/// # Examples
///
/// ```
/// use nethttp::header::HeaderMap;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Age", "7")?;
/// assert_eq!(headers.iter().next_back(), Some(("Age", &b"7"[..])));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    spans: core::slice::Iter<'a, FieldSpan>,
}

impl<'a> Iter<'a> {
    #[inline]
    fn pair(bytes: &'a [u8], span: &FieldSpan) -> (&'a str, &'a [u8]) {
        (text(span.name(bytes)), span.value(bytes))
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.spans.next().map(|span| Self::pair(self.bytes, span))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.spans.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.spans.next_back().map(|span| Self::pair(self.bytes, span))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl FusedIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nX-Fold:\r\n\t b\r\n  c \r\nhost: d\r\n\r\n";

    /// The map of [`HEAD`] as a parser would fill it.
    fn parsed() -> HeaderMap {
        let mut map = HeaderMap::new();
        map.assign(
            HEAD,
            &[
                FieldSpan::new(16, 20, 22, 23),
                FieldSpan::new(25, 31, 32, 43),
                FieldSpan::new(45, 49, 51, 52),
            ],
        );
        map
    }

    fn filled(fields: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(name, value).unwrap();
        }
        map
    }

    #[test]
    fn a_parsed_head_is_taken_over_whole() {
        let map = parsed();
        assert_eq!(map.len(), 3);
        assert_eq!(map.get("HOST"), Some(&b"a"[..]));
        assert_eq!(map.get_all("Host").last(), Some(&b"d"[..]));
    }

    #[test]
    fn unfolding_makes_one_line_of_a_value() {
        let mut map = parsed();
        map.unfold();
        assert_eq!(map.text("x-fold"), Some("b    c"));
        assert_eq!(map.text("host"), Some("a"));
    }

    #[test]
    fn assigning_keeps_the_memory() {
        let mut map = parsed();
        let capacity = (map.bytes.capacity(), map.spans.capacity());
        map.clear();
        map.assign(HEAD, &[FieldSpan::new(16, 20, 22, 23)]);
        assert_eq!((map.bytes.capacity(), map.spans.capacity()), capacity);
        assert_eq!(map, filled(&[("HOST", "a")]));
    }

    #[test]
    fn a_cloned_map_is_equal_and_apart() {
        let map = parsed();
        let (mut copy, mut target) = (map.clone(), filled(&[("A", "b")]));
        target.clone_from(&map);
        assert_eq!(target, map);
        copy.remove("host");
        assert_eq!(map.len(), 3);
        assert_ne!(copy, map);
    }

    #[test]
    fn dead_bytes_go_when_they_are_more_than_half() {
        let mut map = HeaderMap::new();
        map.append("A", "1").unwrap();
        for round in 0..1000 {
            map.insert("B", format!("value {round}")).unwrap();
            assert!(map.bytes.len() <= 2 * map.live());
        }
        assert_eq!(map, filled(&[("a", "1"), ("b", "value 999")]));
        map.remove("B");
        assert_eq!(map.bytes, b"A1");
    }

    #[test]
    fn a_limit_counts_live_bytes_only() {
        let mut map = HeaderMap::with_limits(Limits::DEFAULT.bytes(10));
        map.append("A", "123").unwrap();
        map.append("B", "12345").unwrap();
        assert!(map.append("C", "").is_err());
        map.insert("A", "321").unwrap();
        map.insert("A", "1").unwrap();
        map.append("C", "1").unwrap();
        let error = map.insert("C", "12").unwrap_err();
        assert_eq!(error.kind(), HeaderErrorKind::TooManyBytes(10));
        assert_eq!(map, filled(&[("A", "1"), ("B", "12345"), ("C", "1")]));
        map.insert("B", "12").unwrap();
        assert_eq!(map.append_all(&map.clone()).unwrap_err(), error);
    }

    #[test]
    fn the_number_of_fields_is_limited() {
        let mut map = HeaderMap::with_limits(Limits::DEFAULT.fields(2));
        map.append("A", "1").unwrap();
        let other = map.clone();
        map.append_all(&other).unwrap();
        let full = HeaderErrorKind::TooManyFields(2);
        assert_eq!(map.append("B", "2").unwrap_err().kind(), full);
        assert_eq!(map.append_all(&other).unwrap_err().kind(), full);
        map.insert("a", "3").unwrap();
        assert_eq!(map.len(), 1);
    }

    #[test]
    fn debug_hides_secrets() {
        let map = filled(&[
            ("Accept", "a\"b"),
            ("cookie", "id=1"),
            ("Set-Cookie", "id=1"),
            ("authorization", "Basic eDp5"),
            ("Proxy-Authorization", "Basic eDp5"),
        ]);
        assert_eq!(
            format!("{map:?}"),
            r#"{"Accept": "a\"b", "cookie": (hidden), "Set-Cookie": (hidden), "authorization": (hidden), "Proxy-Authorization": (hidden)}"#
        );
    }

    #[test]
    fn the_iterator_walks_both_ways() {
        let map = filled(&[("A", "1"), ("B", "2")]);
        assert_eq!(map.iter().len(), 2);
        assert!(map.iter().rev().eq([("B", &b"2"[..]), ("A", b"1")]));
        assert_eq!(format!("{:?}", map.iter()), "Iter { len: 2, .. }");
    }
}
