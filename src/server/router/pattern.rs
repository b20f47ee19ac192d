//! What a route matches: requests of one shape.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::error::PatternError;
use super::hosts::HostPattern;
use crate::method::Method;
use crate::syntax::percent_decode_lossy;
use crate::uri::first_dot_segment;

/// The shape of a request, in the syntax of Go's `net/http`: perhaps a method, perhaps a host, and a path.
///
/// ```abnf
/// pattern   = [ method 1*( SP / HTAB ) ] [ [ "*." ] host ] path
/// path      = 1*( "/" segment ) / *( "/" segment ) "/" [ rest / "{$}" ]
/// segment   = literal / parameter
/// literal   = 1*( pct-encoded / any character but "/", "?", "#", "{", "}" and controls )
/// parameter = "{" name "}"
/// rest      = "{" name "...}"
/// name      = ( letter / "_" ) *( letter / digit / "_" )
/// ```
///
/// | pattern | matches | does not match |
/// |---|---|---|
/// | `/about` | `/about`, `/%61bout` | `/about/`, `/About` |
/// | `/users/{id}` | `/users/7`, `/users/a%2Fb` | `/users/`, `/users/7/` |
/// | `/files/{path...}` | `/files/`, `/files/a/b` | `/files` |
/// | `/static/` | `/static/`, `/static/a/b` | `/static` |
/// | `/static/{$}` | `/static/` | `/static`, `/static/a` |
/// | `/` | **every path** | |
/// | `/{$}` | `/` | everything else |
/// | `POST /users` | POST for `/users` | other methods |
/// | `api.example/users` | `/users` of that host, on any port | other hosts |
/// | `*.example/` | every path of `a.example`, `b.a.example` | `example` |
///
/// **A slash at the end is everything below it**, as in Go: `/` alone is every path there is. The page at the root is
/// `/{$}`, and `/docs/{$}` is the page at `/docs/` without what is below.
///
/// - A method is taken as it is written; methods are in upper case. Without one, all are meant. GET includes HEAD.
/// - What stands before the first slash is a host: **without its first slash a path is another pattern.** A host has no
///   port, names are compared without regard to case, and those beyond ASCII are mapped as
///   [`domain_to_ascii`](crate::uri::domain_to_ascii) does. `*.`, every host below a name, is not in Go.
/// - A literal is compared with what a segment means, escapes decoded: `/a b` and `/a%20b` are two spellings of
///   one pattern, and a slash within a segment is written `%2F`. Case matters. Braces are `%7B` and `%7D`.
/// - A parameter matches one segment that is not empty. A rest matches all that is left behind its slash, be it
///   nothing. Names are unique within a pattern.
/// - A path with a segment `.` or `..`, escaped or not, is matched by no pattern. A client is to remove these
///   before it sends ([RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4)); whoever leaves
///   them in looks for a way around a prefix.
///
/// # Examples
///
/// ```
/// use nethttp::server::Pattern;
///
/// let pattern = Pattern::parse("GET /users/{id}/files/{path...}")?;
/// assert!(pattern.matches("/users/7/files/a/b.txt"));
/// assert!(!pattern.matches("/users/7/files"));
/// assert!(!pattern.matches("/users/7/files/../../8"));
/// # Ok::<(), nethttp::server::PatternError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    pub(super) text: String,
    pub(super) method: Option<Method>,
    pub(super) host: Option<HostPattern>,
    /// Where in the text the host begins, or else the path.
    pub(super) target_at: usize,
    /// Where in the text the first slash is.
    pub(super) path_at: usize,
    pub(super) segments: Vec<Segment>,
    pub(super) end: End,
}

/// What stands between two slashes of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// What the segment means, decoded. Only the last one may be empty: `{$}`.
    Literal(Box<[u8]>),
    Parameter(Box<str>),
}

/// How a pattern ends behind its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Here.
    Here,
    /// With a slash and whatever follows, which may have a name.
    Rest(Option<Box<str>>),
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
        super::parse::pattern(text)
    }

    /// Returns the pattern as it was written.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert_eq!(Pattern::parse("GET /users/{id}")?.as_str(), "GET /users/{id}");
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the method; `None` is every method.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::server::Pattern;
    ///
    /// assert_eq!(Pattern::parse("PUT /users/{id}")?.method(), Some(Method::PUT));
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub const fn method(&self) -> Option<Method> {
        self.method
    }

    /// Returns the host as it was written; `None` is every host.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert_eq!(Pattern::parse("GET api.example/users")?.host(), Some("api.example"));
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.text.get(self.target_at..self.path_at).filter(|host| !host.is_empty())
    }

    /// Returns the path as it was written.
    ///
    /// ```
    /// use nethttp::server::Pattern;
    ///
    /// assert_eq!(Pattern::parse("GET api.example/users/{id}")?.path(), "/users/{id}");
    /// # Ok::<(), nethttp::server::PatternError>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        self.text.get(self.path_at..).unwrap_or_default()
    }

    /// Returns the host and the path as they were written.
    pub(super) fn target(&self) -> &str {
        self.text.get(self.target_at..).unwrap_or_default()
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
            End::Rest(name) => name.as_deref(),
            End::Here | End::Below => None,
        };
        let parameters = self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(&**name),
            Segment::Literal(_) => None,
        });
        parameters.chain(rest)
    }

    /// Returns whether a path, as it stands in a request, is one of these. The method and the host are not asked.
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
        if let End::Rest(Some(name)) = &self.end {
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
    use crate::server::router::parse;

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
        matches("/{$}", &["/"], &["", "*", "//", "/a", "a"]);
        matches("/a", &["/a", "/%61"], &["/a/", "/A", "/", "//a", "/a/b", "a"]);
        matches("/a/{$}", &["/a/", "/%61/"], &["/a", "/a//", "/a/b", "/a%2F"]);
        matches("/a b/%2f", &["/a%20b/%2F", "/a b/%2f"], &["/a%20b//", "/a+b/%2F"]);
        matches("/ä%FF", &["/%C3%A4%FF", "/ä%ff"], &["/ä", "/%E4%FF"]);
        matches("/100%25", &["/100%25", "/100%"], &["/100", "/100%2525"]);
    }

    #[test]
    fn a_parameter_matches_one_segment() {
        matches("/{a}", &["/x", "/a%2Fb", "/...", "/%00"], &["/", "/x/", "/x/y", "//"]);
        matches("/{a}/b/{_c2}", &["/x/b/y", "/b/b/b"], &["/x/b/", "/x/c/y", "//b/y", "/x/b"]);
        matches("/{a}/{$}", &["/x/"], &["/x", "//", "/x/y"]);
    }

    #[test]
    fn a_rest_matches_all_behind_its_slash() {
        matches("/{a...}", &["/", "/x", "/x//y/"], &["", "*"]);
        matches("/a/{b...}", &["/a/", "/a/x/y", "/a//"], &["/a", "/b/", "/"]);
        matches("/{a}/{b...}", &["/x/", "/x/y"], &["/x", "//y", "/"]);
    }

    #[test]
    fn a_slash_at_the_end_is_all_below() {
        matches("/", &["/", "/x", "/x//y/"], &["", "*"]);
        matches("/a/", &["/a/", "/a/x/y", "/a//"], &["/a", "/b/", "/"]);
        matches("/{a}/", &["/x/", "/x/y"], &["/x", "//y", "/"]);
    }

    #[test]
    fn methods_and_hosts_stand_before_the_path() {
        for (text, method, host, path) in [
            ("/a", None, None, "/a"),
            ("/a b", None, None, "/a b"),
            ("GET /a", Some("GET"), None, "/a"),
            ("GET \t /a b", Some("GET"), None, "/a b"),
            ("a.example/", None, Some("a.example"), "/"),
            ("M-SEARCH *.A.example/{b}", Some("M-SEARCH"), Some("*.A.example"), "/{b}"),
            ("[::1]/a:b", None, Some("[::1]"), "/a:b"),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            assert_eq!(pattern.method().as_ref().map(Method::as_str), method, "{text}");
            assert_eq!((pattern.host(), pattern.path()), (host, path), "{text}");
            assert_eq!(pattern.target(), format!("{}{path}", host.unwrap_or_default()), "{text}");
            assert_eq!(pattern.as_str(), text);
        }
    }

    #[test]
    fn names_are_those_of_go() {
        let names = |text| Pattern::parse(text).unwrap().names().collect::<Vec<_>>().join(" ");
        assert_eq!(names("/{a1}/{_}/{é}/{名...}"), "a1 _ é 名");
    }

    #[test]
    fn segments_of_dots_match_nothing() {
        for pattern in ["/{a}", "/{a...}", "/{a}/{b}", "/{a}/{b...}", "/"] {
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
            let pattern = parse::prefix(prefix).unwrap();
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
