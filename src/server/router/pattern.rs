//! What a route matches: the paths of one shape.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::error::{PatternError, PatternErrorKind as Kind};
use crate::syntax::{Class, percent_decode, percent_decode_lossy};
use crate::uri::first_dot_segment;

/// The shape of a path: literal segments, parameters, and perhaps a rest.
///
/// ```abnf
/// pattern   = 1*( "/" segment ) [ "/" rest ]   ; or a rest alone
/// segment   = literal / parameter
/// literal   = *( pct-encoded / any character but "/", "?", "#", "{", "}" and controls )
/// parameter = "{" name "}"
/// rest      = "{" name "...}"
/// name      = ( ALPHA / "_" ) *( ALPHA / DIGIT / "_" )
/// ```
///
/// | pattern | matches | does not match |
/// |---|---|---|
/// | `/about` | `/about`, `/%61bout` | `/about/`, `/About` |
/// | `/users/{id}` | `/users/7`, `/users/a%2Fb` | `/users/`, `/users/7/` |
/// | `/files/{path...}` | `/files/`, `/files/a/b` | `/files` |
/// | `/` | `/` | everything else |
///
/// - A literal is compared with what a segment means, escapes decoded: `/a b` and `/a%20b` are two spellings of
///   one pattern, and a slash within a segment is written `%2F`. Case matters.
/// - A parameter matches one segment that is not empty. A rest matches all that is left behind its slash, be it
///   nothing. Names are unique within a pattern.
/// - A slash at the end is a part of the path, and nothing else: a pattern that ends in one matches no
///   path below it, unlike in Go.
/// - A path with a segment `.` or `..`, escaped or not, is matched by no pattern. A client is to remove these
///   before it sends ([RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4)); whoever leaves
///   them in looks for a way around a prefix.
///
/// # Examples
///
/// ```
/// use nethttp::server::Pattern;
///
/// let pattern = Pattern::parse("/users/{id}/files/{path...}")?;
/// assert!(pattern.matches("/users/7/files/a/b.txt"));
/// assert!(!pattern.matches("/users/7/files"));
/// assert!(!pattern.matches("/users/7/files/../../8"));
/// # Ok::<(), nethttp::server::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    pub(super) segments: Vec<Segment>,
    pub(super) end: End,
}

/// What stands between two slashes of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// What the segment means, decoded.
    Literal(Box<[u8]>),
    Parameter(Box<str>),
}

/// How a pattern ends behind its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Here.
    Here,
    /// With a slash and whatever follows.
    Rest(Box<str>),
    /// Here, or with a slash and whatever follows: where a handler is mounted.
    Below,
}

impl Pattern {
    /// The largest number of segments, 64.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert!(Pattern::parse(&"/a".repeat(Pattern::MAX_SEGMENTS)).is_ok());
    /// assert!(Pattern::parse(&"/a".repeat(Pattern::MAX_SEGMENTS + 1)).is_err());
    /// ```
    pub const MAX_SEGMENTS: usize = 64;

    /// Parses a pattern.
    ///
    /// # Errors
    ///
    /// Whatever the grammar does not have, an empty segment before another one, a segment of dots, a name that is
    /// given twice, and more than [`MAX_SEGMENTS`](Self::MAX_SEGMENTS).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert!(Pattern::parse("/café/{name}")?.matches("/caf%C3%A9/ada"));
    /// let error = Pattern::parse("/users/{id").unwrap_err();
    /// assert_eq!(error.to_string(), "expected '}' after the name of a parameter, found the end at byte 10");
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut pattern = Self { text: text.to_owned(), segments: Vec::new(), end: End::Here };
        let missing_slash = found(Kind::MissingSlash, text, 0);
        let mut rest = Some(text.strip_prefix('/').ok_or(missing_slash)?);
        let mut at = 0;
        while let Some(segments) = rest {
            at += 1;
            let segment;
            (segment, rest) = first_segment(segments);
            pattern.push(segment, at, rest.is_none())?;
            at += segment.len();
        }
        Ok(pattern)
    }

    /// Parses the pattern of where a handler is mounted: `/static`, or `/` alone for everything.
    pub(super) fn parse_prefix(text: &str) -> Result<Self, PatternError> {
        let mut pattern = Self::parse(text)?;
        if let End::Rest(_) = pattern.end {
            let at = text.rfind('{').unwrap_or(0);
            return Err(PatternError::new(Kind::RestInPrefix, None, at));
        }
        if text == "/" {
            pattern.segments.clear();
        } else if text.ends_with('/') {
            return Err(PatternError::new(Kind::PrefixSlash, None, text.len() - 1));
        }
        pattern.end = End::Below;
        Ok(pattern)
    }

    /// Adds the segment that stands at a byte.
    fn push(&mut self, segment: &str, at: usize, is_last: bool) -> Result<(), PatternError> {
        if self.segments.len() >= Self::MAX_SEGMENTS {
            return Err(PatternError::new(Kind::TooManySegments, None, at));
        }
        let Some(inner) = segment.strip_prefix('{') else {
            let literal = literal(&self.text, segment, at, is_last)?;
            self.segments.push(Segment::Literal(literal));
            return Ok(());
        };
        let (name, after) = inner.split_at(name_len(inner));
        let after_at = at + 1 + name.len();
        if name.is_empty() {
            return Err(found(Kind::MissingName, &self.text, after_at));
        }
        if self.names().any(|other| other == name) {
            return Err(PatternError::new(Kind::DuplicateName, None, at + 1));
        }
        let (dots, brace) = match after.strip_prefix("...") {
            Some(brace) => (3, brace),
            None => (0, after),
        };
        match brace.strip_prefix('}') {
            None => Err(found(Kind::UnclosedName, &self.text, after_at + dots)),
            Some("") if dots == 0 => {
                self.segments.push(Segment::Parameter(name.into()));
                Ok(())
            }
            Some("") if is_last => {
                self.end = End::Rest(name.into());
                Ok(())
            }
            Some("") => Err(PatternError::new(Kind::RestNotLast, None, at)),
            Some(_) => Err(found(Kind::PartialSegment, &self.text, after_at + dots + 1)),
        }
    }

    /// Returns the pattern as it was written.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert_eq!(Pattern::parse("/users/{id}")?.as_str(), "/users/{id}");
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the names of the parameters, the rest included, in their order.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// let pattern = Pattern::parse("/users/{id}/files/{path...}")?;
    /// assert!(pattern.names().eq(["id", "path"]));
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let rest = match &self.end {
            End::Rest(name) => Some(&**name),
            End::Here | End::Below => None,
        };
        let parameters = self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(&**name),
            Segment::Literal(_) => None,
        });
        parameters.chain(rest)
    }

    /// Returns whether a path, as it stands in a request, is one of these.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert!(Pattern::parse("/a b")?.matches("/a%20b"));
    /// assert!(!Pattern::parse("/a/b")?.matches("/a%2Fb"));
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        if first_dot_segment(path).is_some() {
            return false;
        }
        let mut rest = path.strip_prefix('/');
        for segment in &self.segments {
            let Some((text, after)) = rest.map(first_segment) else {
                return false;
            };
            let fits = match segment {
                Segment::Literal(literal) => *decode(text) == **literal,
                Segment::Parameter(_) => !text.is_empty(),
            };
            if !fits {
                return false;
            }
            rest = after;
        }
        match self.end {
            End::Here => rest.is_none(),
            End::Rest(_) => rest.is_some(),
            End::Below => path.starts_with('/'),
        }
    }

    /// Says where in a path that matches the parameters stand, and returns where the path behind the segments
    /// begins.
    pub(super) fn capture(&self, path: &str, mut report: impl FnMut(&str, Range<usize>)) -> usize {
        let mut end = 0;
        for segment in &self.segments {
            let start = end + 1;
            end = start + path.get(start..).map_or(0, |rest| first_segment(rest).0.len());
            if let Segment::Parameter(name) = segment {
                report(name, start..end);
            }
        }
        if let End::Rest(name) = &self.end {
            report(name, end + 1..path.len());
        }
        end
    }
}

/// Splits off the first segment of a path without its first slash; what follows is without its own.
pub(super) fn first_segment(path: &str) -> (&str, Option<&str>) {
    match path.bytes().position(|octet| octet == b'/') {
        Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..)),
        None => (path, None),
    }
}

/// Returns what a segment means.
pub(super) fn decode(segment: &str) -> Cow<'_, [u8]> {
    percent_decode_lossy(segment.as_bytes())
}

/// Decodes a literal segment, which stands at a byte of a pattern.
fn literal(
    pattern: &str,
    segment: &str,
    at: usize,
    is_last: bool,
) -> Result<Box<[u8]>, PatternError> {
    if segment.is_empty() && !is_last {
        return Err(found(Kind::EmptySegment, pattern, at));
    }
    let is_wrong = |octet: u8| octet.is_ascii_control() || b"?#{}".contains(&octet);
    if let Some((wrong, octet)) = segment.bytes().enumerate().find(|&(_, octet)| is_wrong(octet)) {
        let is_brace = matches!(octet, b'{' | b'}');
        let kind = if is_brace { Kind::PartialSegment } else { Kind::InvalidByte };
        return Err(found(kind, pattern, at + wrong));
    }
    if first_dot_segment(segment).is_some() {
        return Err(PatternError::new(Kind::DotSegment, None, at));
    }
    match percent_decode(segment.as_bytes()) {
        Ok(decoded) => Ok(decoded.into_owned().into()),
        Err(error) => {
            let digits = segment.as_bytes().get(error.offset() + 1..).unwrap_or_default();
            let wrong = error.offset() + 1 + Class::HEXDIG.prefix_len(digits);
            Err(found(Kind::InvalidPercent, pattern, at + wrong))
        }
    }
}

/// Returns how much of a text is a name.
fn name_len(text: &str) -> usize {
    let is_first = |octet: u8| Class::ALPHA.contains(octet) || octet == b'_';
    let is_name = |octet: u8| is_first(octet) || Class::DIGIT.contains(octet);
    match text.bytes().next() {
        Some(octet) if is_first(octet) => text.bytes().take_while(|&octet| is_name(octet)).count(),
        _ => 0,
    }
}

/// An error about a byte of a pattern, or its end.
fn found(kind: Kind, pattern: &str, at: usize) -> PatternError {
    PatternError::new(kind, pattern.as_bytes().get(at).copied(), at)
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(pattern: &str, paths: &[&str], others: &[&str]) {
        let pattern = Pattern::parse(pattern).unwrap();
        for path in paths {
            assert!(pattern.matches(path), "{pattern} matches {path}");
        }
        for path in others {
            assert!(!pattern.matches(path), "{pattern} does not match {path}");
        }
    }

    #[test]
    fn a_literal_matches_what_means_the_same() {
        matches("/", &["/"], &["", "*", "//", "/a", "a"]);
        matches("/a", &["/a", "/%61"], &["/a/", "/A", "/", "//a", "/a/b", "a"]);
        matches("/a/", &["/a/", "/%61/"], &["/a", "/a//", "/a/b", "/a%2F"]);
        matches("/a b/%2f", &["/a%20b/%2F", "/a b/%2f"], &["/a%20b//", "/a+b/%2F"]);
        matches("/ä%FF", &["/%C3%A4%FF", "/ä%ff"], &["/ä", "/%E4%FF"]);
        matches("/100%25", &["/100%25", "/100%"], &["/100", "/100%2525"]);
    }

    #[test]
    fn a_parameter_matches_one_segment() {
        matches("/{a}", &["/x", "/a%2Fb", "/...", "/%00"], &["/", "/x/", "/x/y", "//"]);
        matches("/{a}/b/{_c2}", &["/x/b/y", "/b/b/b"], &["/x/b/", "/x/c/y", "//b/y", "/x/b"]);
        matches("/{a}/", &["/x/"], &["/x", "//", "/x/y"]);
    }

    #[test]
    fn a_rest_matches_all_behind_its_slash() {
        matches("/{a...}", &["/", "/x", "/x//y/"], &["", "*"]);
        matches("/a/{b...}", &["/a/", "/a/x/y", "/a//"], &["/a", "/b/", "/"]);
        matches("/{a}/{b...}", &["/x/", "/x/y"], &["/x", "//y", "/"]);
    }

    #[test]
    fn segments_of_dots_match_nothing() {
        for pattern in ["/{a}", "/{a...}", "/{a}/{b}", "/{a}/{b...}"] {
            let dots =
                ["/.", "/..", "/%2e", "/.%2E", "/a/..", "/../a", "/a/%2e%2e", "/./a", "/a/.."];
            matches(pattern, &[], &dots);
        }
    }

    #[test]
    fn a_prefix_matches_itself_and_all_below() {
        for (prefix, paths, others) in [
            ("/", &["/", "/a", "/a//b/"][..], &["", "*", "/.."][..]),
            ("/a", &["/a", "/a/", "/a/b", "/%61//"], &["/", "/ab", "/b/a", "/a/.."]),
            ("/{a}/b", &["/x/b", "/x/b/"], &["/b", "//b", "/x/bc"]),
        ] {
            let pattern = Pattern::parse_prefix(prefix).unwrap();
            assert!(paths.iter().all(|path| pattern.matches(path)), "{prefix}");
            assert!(!others.iter().any(|path| pattern.matches(path)), "{prefix}");
        }
    }

    #[test]
    fn parameters_are_where_they_are() {
        for (pattern, path, expected, end) in [
            ("/a/b", "/a/b", &[][..], 4),
            ("/{a}/b/{c}", "/x%2F/b/yz", &[("a", "x%2F"), ("c", "yz")], 10),
            ("/a/{b...}", "/a/", &[("b", "")], 2),
            ("/{a}/{b...}", "/x/y//z/", &[("a", "x"), ("b", "y//z/")], 2),
            ("/{a...}", "/", &[("a", "")], 0),
        ] {
            let mut found = Vec::new();
            let pattern = Pattern::parse(pattern).unwrap();
            let mut report =
                |name: &str, at: Range<usize>| found.push((name.to_owned(), &path[at]));
            assert_eq!(pattern.capture(path, &mut report), end);
            let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            assert_eq!(found, expected);
            assert!(pattern.names().eq(expected.iter().map(|(name, _)| *name)));
        }
    }

    #[test]
    fn keeps_its_text() {
        let pattern: Pattern = "/%7e/{a}".parse().unwrap();
        assert_eq!((pattern.as_str(), pattern.to_string().as_str()), ("/%7e/{a}", "/%7e/{a}"));
        assert_eq!(format!("{pattern:?}"), "Pattern(\"/%7e/{a}\")");
    }
}
