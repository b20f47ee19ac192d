//! What `If-Match` and `If-None-Match` hold.

use alloc::vec::Vec;

use super::ETag;
use crate::field::{FieldError, FieldErrorKind};
use crate::header::HeaderMap;
use crate::syntax::Cursor;

/// The value of `If-Match` and `If-None-Match`: entity tags, or `*` for any,
/// [RFC 9110 §13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1),
/// [§13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2).
///
/// A list can be empty, which is a condition that no tag meets. `==` compares what was read, the
/// members and whether there were [others](Self::is_partial).
///
/// # Examples
///
/// ```
/// use nethttp::field::{ETag, ETagList};
///
/// let list = ETagList::parse(br#""v1", W/"v2""#)?;
/// assert!(list.contains_strong(&ETag::strong(b"v1")?));
/// assert!(!list.contains_strong(&ETag::strong(b"v2")?));
/// assert!(list.contains_weak(&ETag::strong(b"v2")?));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETagList<'a> {
    tags: Vec<ETag<'a>>,
    any: bool,
    partial: bool,
}

impl<'a> ETagList<'a> {
    /// The most members that are kept, 128.
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// let tags = vec![r#""v""#; ETagList::MAX_MEMBERS];
    /// assert!(ETagList::parse(tags.join(",").as_bytes()).is_ok());
    /// ```
    pub const MAX_MEMBERS: usize = 128;

    /// `*`, which stands for whatever the current representation is.
    ///
    /// ```
    /// use nethttp::field::{ETag, ETagList};
    ///
    /// assert!(ETagList::ANY.contains_strong(&ETag::strong(b"v1")?));
    /// assert_eq!(ETagList::ANY.encode(), b"*");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const ANY: Self = Self { tags: Vec::new(), any: true, partial: false };

    const EMPTY: Self = Self { tags: Vec::new(), any: false, partial: false };

    /// Makes a list of tags.
    ///
    /// # Errors
    ///
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers) for more than
    /// [`MAX_MEMBERS`](Self::MAX_MEMBERS).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ETag, ETagList};
    ///
    /// let list = ETagList::new([ETag::strong(b"v1")?, ETag::weak(b"v2")?])?;
    /// assert_eq!(list.encode(), br#""v1", W/"v2""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn new(tags: impl IntoIterator<Item = ETag<'a>>) -> Result<Self, FieldError> {
        let mut list = Self::EMPTY;
        for tag in tags {
            list.push(tag).map_err(|kind| FieldError::new(kind, list.encode().len()))?;
        }
        Ok(list)
    }

    fn push(&mut self, tag: ETag<'a>) -> Result<(), FieldErrorKind> {
        if self.tags.len() == Self::MAX_MEMBERS {
            return Err(FieldErrorKind::TooManyMembers(Self::MAX_MEMBERS));
        }
        self.tags.push(tag);
        Ok(())
    }

    /// Reads one value, strictly.
    ///
    /// ```abnf
    /// If-Match      = "*" / #entity-tag
    /// If-None-Match = "*" / #entity-tag
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`ETag::parse`], [`ExpectedComma`](crate::syntax::SyntaxErrorKind::ExpectedComma) and
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers). `*` together with tags is an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// assert!(ETagList::parse(b"*")?.is_any());
    /// assert_eq!(ETagList::parse(br#""v1", v2"#).unwrap_err().offset(), 6);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        if value == b"*" {
            return Ok(Self::ANY);
        }
        let mut list = Self::EMPTY;
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let offset = cursor.offset();
            list.push(member(&mut cursor)?).map_err(|kind| FieldError::new(kind, offset))?;
        }
        Ok(list)
    }

    /// Reads the fields of a name, `If-Match` or `If-None-Match`, which may come on several lines;
    /// `None` when there is none.
    ///
    /// A member that is malformed is left out and the others are kept, and so are the first
    /// [`MAX_MEMBERS`](Self::MAX_MEMBERS) of more; [`is_partial`](Self::is_partial) then says so.
    /// Tags know no escapes, and so what follows a malformed member begins behind the next comma,
    /// whether or not that stands in quotes. `*` counts as malformed when it is not alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::{ETag, ETagList};
    /// use nethttp::header;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::IF_MATCH, r#"v0, "v1""#)?;
    /// headers.append(header::IF_MATCH, r#""v2""#)?;
    /// let list = ETagList::from_headers(&headers, header::IF_MATCH).ok_or("no field")?;
    /// assert_eq!(list.tags(), [ETag::strong(b"v1")?, ETag::strong(b"v2")?]);
    /// assert!(list.is_partial());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap, name: impl AsRef<[u8]>) -> Option<Self> {
        let mut values = headers.get_all(name);
        let first = values.next()?;
        let mut list = Self::EMPTY;
        list.recover(first);
        match values.next() {
            None if first == b"*" => return Some(Self::ANY),
            None => {}
            Some(second) => core::iter::once(second).chain(values).for_each(|v| list.recover(v)),
        }
        Some(list)
    }

    /// Adds what is good in a value.
    fn recover(&mut self, value: &'a [u8]) {
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let start = cursor.rest();
            match member(&mut cursor) {
                Ok(tag) => {
                    if self.push(tag).is_err() {
                        self.partial = true;
                        return;
                    }
                }
                Err(_) => {
                    self.partial = true;
                    let (_, rest) =
                        start.split_at(start.iter().take_while(|&&b| b != b',').count());
                    cursor = Cursor::new(rest);
                }
            }
        }
    }

    /// Returns whether the value is `*`.
    ///
    /// ```
    /// assert!(nethttp::field::ETagList::ANY.is_any());
    /// ```
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.any
    }

    /// Returns whether there were members that are malformed or more than can be kept: what
    /// [`from_headers`](Self::from_headers) left out.
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// assert!(!ETagList::parse(br#""v1""#)?.is_partial());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.partial
    }

    /// Returns the tags, in order; none for `*`.
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// assert_eq!(ETagList::parse(br#""v1","v2""#)?.tags().len(), 2);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn tags(&self) -> &[ETag<'a>] {
        &self.tags
    }

    /// Returns whether a tag is in the list by the strong comparison, which `If-Match` takes. `*`
    /// contains every tag.
    ///
    /// ```
    /// use nethttp::field::{ETag, ETagList};
    ///
    /// let list = ETagList::parse(br#"W/"v1""#)?;
    /// assert!(!list.contains_strong(&ETag::weak(b"v1")?));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn contains_strong(&self, tag: &ETag<'_>) -> bool {
        self.any || self.tags.iter().any(|member| member.strong_eq(tag))
    }

    /// Returns whether a tag is in the list by the weak comparison, which `If-None-Match` takes. `*`
    /// contains every tag.
    ///
    /// ```
    /// use nethttp::field::{ETag, ETagList};
    ///
    /// let list = ETagList::parse(br#"W/"v1""#)?;
    /// assert!(list.contains_weak(&ETag::strong(b"v1")?));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn contains_weak(&self, tag: &ETag<'_>) -> bool {
        self.any || self.tags.iter().any(|member| member.weak_eq(tag))
    }

    /// Writes the list as a field value.
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// assert_eq!(ETagList::parse(br#""a",,"b""#)?.encode(), br#""a", "b""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        if self.any {
            return b"*".to_vec();
        }
        let mut value = Vec::new();
        for tag in &self.tags {
            if !value.is_empty() {
                value.extend_from_slice(b", ");
            }
            value.extend_from_slice(tag.as_bytes());
        }
        value
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::ETagList;
    ///
    /// let line = String::from(r#""v1", W/"v2""#);
    /// let kept: ETagList<'static> = ETagList::parse(line.as_bytes())?.into_owned();
    /// drop(line);
    /// assert_eq!(kept.encode(), br#""v1", W/"v2""#);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ETagList<'static> {
        let tags = self.tags.into_iter().map(ETag::into_owned).collect();
        ETagList { tags, any: self.any, partial: self.partial }
    }
}

/// Reads a tag and the end of its member.
fn member<'a>(cursor: &mut Cursor<'a>) -> Result<ETag<'a>, FieldError> {
    let tag = ETag::read(cursor)?;
    cursor.end_member()?;
    Ok(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header;
    use crate::syntax::SyntaxErrorKind;
    use FieldErrorKind as Kind;

    #[track_caller]
    fn reads(value: &str, expected: &[&str]) {
        let list = ETagList::parse(value.as_bytes()).expect("a list");
        let tags: Vec<&[u8]> = list.tags().iter().map(ETag::as_bytes).collect();
        assert_eq!(tags, expected.iter().map(|tag| tag.as_bytes()).collect::<Vec<_>>());
        assert!(!list.is_any() && !list.is_partial());
        assert_eq!(ETagList::parse(&list.encode()), Ok(list.clone()));
        assert_eq!(from_lines(&[value]), Some(list));
    }

    fn from_lines(values: &[&str]) -> Option<ETagList<'static>> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_MATCH, value).expect("a field");
        }
        ETagList::from_headers(&headers, header::IF_MATCH).map(ETagList::into_owned)
    }

    #[test]
    fn reads_what_section_13_1_shows() {
        reads(r#""xyzzy""#, &[r#""xyzzy""#]);
        reads(
            r#""xyzzy", "r2d2xxxx", "c3piozzzz""#,
            &[r#""xyzzy""#, r#""r2d2xxxx""#, r#""c3piozzzz""#],
        );
        reads(r#"W/"xyzzy", W/"r2d2xxxx""#, &[r#"W/"xyzzy""#, r#"W/"r2d2xxxx""#]);
        assert_eq!(ETagList::parse(b"*"), Ok(ETagList::ANY));
    }

    #[test]
    fn skips_empty_members() {
        reads("", &[]);
        reads(",", &[]);
        reads(r#","a" ,, "b","#, &[r#""a""#, r#""b""#]);
    }

    #[test]
    fn commas_and_backslashes_are_text() {
        reads(r#""a,b","c""#, &[r#""a,b""#, r#""c""#]);
        reads(r#""a\","b\""#, &[r#""a\""#, r#""b\""#]);
    }

    #[track_caller]
    fn refuses(value: &str, kind: Kind, offset: usize) {
        assert_eq!(ETagList::parse(value.as_bytes()), Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn refuses_what_is_no_list() {
        let comma = Kind::Syntax(SyntaxErrorKind::ExpectedComma);
        refuses("a", Kind::EntityTag, 0);
        refuses(r#""a", b"#, Kind::EntityTag, 5);
        refuses(r#""a", *"#, Kind::EntityTag, 5);
        refuses(r#"*, "a""#, Kind::EntityTag, 0);
        refuses(r#""a" "b""#, comma, 4);
        refuses(r#""a""b""#, comma, 3);
        refuses(r#""a"; q=1"#, comma, 3);
        refuses(r#""a", "b c""#, Kind::EntityTagByte(b' '), 7);
    }

    #[track_caller]
    fn recovers(lines: &[&str], expected: &[&str]) {
        let list = from_lines(lines).expect("a list");
        let tags: Vec<&[u8]> = list.tags().iter().map(ETag::as_bytes).collect();
        assert_eq!(tags, expected.iter().map(|tag| tag.as_bytes()).collect::<Vec<_>>());
        assert!(list.is_partial() && !list.is_any());
    }

    #[test]
    fn one_malformed_member_does_not_lose_the_others() {
        recovers(&["a"], &[]);
        recovers(&[r#"a, "b""#], &[r#""b""#]);
        recovers(&[r#""a", b, "c""#], &[r#""a""#, r#""c""#]);
        recovers(&[r#""a", w/"b", "c""#], &[r#""a""#, r#""c""#]);
        recovers(&[r#""a, "b""#], &[r#""b""#]);
        recovers(&[r#""a b,c d", "e""#], &[r#""e""#]);
        recovers(&[r#""a" "b", "c""#], &[r#""c""#]);
        recovers(&[r#""a", "b"#, r#""c""#], &[r#""a""#, r#""c""#]);
        recovers(&[r#"*, "b""#], &[r#""b""#]);
        recovers(&["*", r#""b""#], &[r#""b""#]);
        recovers(&["*", "*"], &[]);
    }

    #[test]
    fn lines_are_one_list() {
        assert_eq!(from_lines(&[]), None);
        assert_eq!(from_lines(&["*"]), Some(ETagList::ANY));
        let list = from_lines(&[r#""a""#, "", r#""b","c""#]).expect("a list");
        assert_eq!(list.encode(), br#""a", "b", "c""#);
        assert!(!list.is_partial());
    }

    #[test]
    fn members_are_capped() {
        let most = alloc::vec![r#""v""#; ETagList::MAX_MEMBERS].join(",");
        let more = alloc::format!("{most},\"w\"");
        refuses(&more, Kind::TooManyMembers(128), 512);
        assert!(!from_lines(&[&most]).expect("a list").is_partial());
        for lines in [&[&*more][..], &[&most, r#""w""#]] {
            let list = from_lines(lines).expect("a list");
            assert_eq!((list.tags().len(), list.is_partial()), (128, true));
        }
        let tags = ETagList::parse(most.as_bytes()).expect("a list").tags;
        let one_more = tags.iter().cloned().chain(tags.first().cloned());
        let error = ETagList::new(one_more).expect_err("too many");
        assert_eq!(error.kind(), Kind::TooManyMembers(128));
        assert_eq!(ETagList::new(tags).map(|list| list.tags.len()), Ok(128));
    }

    #[test]
    fn any_contains_every_tag() {
        let tag = ETag::weak(b"x").expect("an entity tag");
        assert!(ETagList::ANY.contains_strong(&tag) && ETagList::ANY.contains_weak(&tag));
        let empty = ETagList::parse(b"").expect("a list");
        assert!(!empty.contains_strong(&tag) && !empty.contains_weak(&tag));
    }
}
