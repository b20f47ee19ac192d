//! What can be wrong with a pattern, and with routes.

use std::error::Error;
use std::fmt;

use crate::syntax::Escaped;

/// Why a text is not a [`Pattern`](super::Pattern), and where.
///
/// # Examples
///
/// ```
/// use nethttp::server::Pattern;
///
/// let error = Pattern::parse("GET users").unwrap_err();
/// assert_eq!(error.to_string(), "expected a path that begins with '/', found the end at byte 9");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternError {
    kind: PatternErrorKind,
    /// The byte that was found; `None` is the end, or a thing that needs more words.
    found: Option<u8>,
    offset: usize,
}

/// What is wrong with a pattern.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Pattern, PatternErrorKind};
///
/// let error = Pattern::parse("/a/../b").unwrap_err();
/// assert_eq!(error.kind(), PatternErrorKind::DotSegment);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// What stands before the path, and a space, is no method,
    /// [RFC 9110 §9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1).
    InvalidMethod,
    /// There is a method where none may be: behind another one, for a route that has all, or before a prefix.
    UnexpectedMethod,
    /// What stands before the first slash is no host, or has a port,
    /// [RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).
    InvalidHost,
    /// There is a host in a pattern that is nested below a prefix: it belongs into the prefix.
    NestedHost,
    /// There is no path, which begins with a slash in every request that is looked up,
    /// [RFC 9112 §3.2.1](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1).
    MissingSlash,
    /// There is nothing between two slashes.
    EmptySegment,
    /// A segment is `.` or `..`, which no path has that is looked up,
    /// [RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4).
    DotSegment,
    /// A byte cannot stand in a path even as part of a longer character: a control, `?` or `#`,
    /// [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
    InvalidByte,
    /// A `%` without two hexadecimal digits,
    /// [RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).
    InvalidPercent,
    /// A brace within a segment: a parameter is a whole segment, and a brace that is meant is `%7B` or `%7D`.
    PartialSegment,
    /// There is no name behind the `{`.
    MissingName,
    /// There is no `}` behind the name, or behind its `...`.
    UnclosedName,
    /// Two parameters have the same name.
    DuplicateName,
    /// Something follows on a rest, which matches all there is.
    RestNotLast,
    /// Something follows on `{$}`.
    EndNotLast,
    /// There are more than [`MAX_SEGMENTS`](super::Pattern::MAX_SEGMENTS).
    TooManySegments,
    /// A prefix, under which there are a handler or routes, has a slash at its end.
    PrefixSlash,
    /// A prefix, under which there are a handler or routes, has a rest: what follows is their business.
    RestInPrefix,
}

impl PatternError {
    pub(super) const fn new(kind: PatternErrorKind, found: Option<u8>, offset: usize) -> Self {
        Self { kind, found, offset }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::server::{Pattern, PatternErrorKind};
    ///
    /// let error = Pattern::parse("/a?b").unwrap_err();
    /// assert_eq!(error.kind(), PatternErrorKind::InvalidByte);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> PatternErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0.
    ///
    /// ```
    /// assert_eq!(nethttp::server::Pattern::parse("/a?b").unwrap_err().offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PatternErrorKind as Kind;
        let (expected, found) = match self.kind {
            Kind::InvalidMethod => ("a method before the space", ""),
            Kind::UnexpectedMethod => ("no other method", "one"),
            Kind::InvalidHost => ("a host without a port before the path", ""),
            Kind::NestedHost => ("no host below a prefix", "one"),
            Kind::MissingSlash => ("a path that begins with '/'", ""),
            Kind::EmptySegment => ("a segment between two slashes", ""),
            Kind::DotSegment => ("a segment that a path can have", "one of dots"),
            Kind::InvalidByte => ("a character of a path", ""),
            Kind::InvalidPercent => ("two hexadecimal digits after '%'", ""),
            Kind::PartialSegment => ("a parameter that is a whole segment", ""),
            Kind::MissingName => ("the name of a parameter after '{'", ""),
            Kind::UnclosedName => ("'}' after the name of a parameter", ""),
            Kind::DuplicateName => ("a name for each parameter", "one twice"),
            Kind::RestNotLast => ("a rest at the end of a pattern", "more behind it"),
            Kind::EndNotLast => ("'{$}' at the end of a pattern", "more behind it"),
            Kind::TooManySegments => ("at most 64 segments", "more"),
            Kind::PrefixSlash => ("a prefix without '/' at its end", "one"),
            Kind::RestInPrefix => ("a prefix that leaves the rest to others", "a rest"),
        };
        write!(f, "expected {expected}, found ")?;
        match self.found {
            Some(octet) => write!(f, "{}", Escaped(octet))?,
            None if found.is_empty() => f.write_str("the end")?,
            None => f.write_str(found)?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl Error for PatternError {}

/// Why routes do not make a [`Router`](super::Router).
///
/// # Examples
///
/// ```
/// use nethttp::{Request, Router};
///
/// let hello = |_: &mut Request| "hello";
/// let error = Router::builder().get("/a/{x}", hello).get("/{y}/b", hello).build().unwrap_err();
/// assert_eq!(error.example(), Some("/a/b"));
/// assert_eq!(
///     error.to_string(),
///     "expected one route to be more specific, found 'GET /a/{x}' and 'GET /{y}/b', which both match /a/b",
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RouteError {
    inner: Box<Inner>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    Pattern { route: String, source: PatternError },
    Same { route: String },
    Conflict { routes: [String; 2], example: String },
}

/// What is wrong with routes.
///
/// # Examples
///
/// ```
/// use nethttp::server::RouteErrorKind;
/// use nethttp::{Request, Router};
///
/// let error = Router::builder().get("about", |_: &mut Request| "us").build().unwrap_err();
/// assert_eq!(error.kind(), RouteErrorKind::Pattern);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RouteErrorKind {
    /// A pattern is malformed: the [source](Error::source) is a [`PatternError`].
    Pattern,
    /// There are two routes for the same requests.
    Duplicate,
    /// Two routes take the same request, and neither is more specific.
    Conflict,
}

impl RouteError {
    pub(super) fn pattern(route: String, source: PatternError) -> Self {
        Self { inner: Box::new(Inner::Pattern { route, source }) }
    }

    pub(super) fn duplicate(route: String) -> Self {
        Self { inner: Box::new(Inner::Same { route }) }
    }

    pub(super) fn conflict(routes: [String; 2], example: String) -> Self {
        Self { inner: Box::new(Inner::Conflict { routes, example }) }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::server::RouteErrorKind;
    /// use nethttp::{Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let error = Router::builder().get("/{a}", hello).get("/{b}", hello).build().unwrap_err();
    /// assert_eq!(error.kind(), RouteErrorKind::Duplicate);
    /// ```
    #[must_use]
    pub fn kind(&self) -> RouteErrorKind {
        match *self.inner {
            Inner::Pattern { .. } => RouteErrorKind::Pattern,
            Inner::Same { .. } => RouteErrorKind::Duplicate,
            Inner::Conflict { .. } => RouteErrorKind::Conflict,
        }
    }

    /// Returns a path that both routes match, if they are in conflict.
    ///
    /// ```
    /// use nethttp::{Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let two = Router::builder().any("/{lang}/help", hello).get("/docs/{page...}", hello);
    /// assert_eq!(two.build().unwrap_err().example(), Some("/docs/help"));
    /// ```
    #[must_use]
    pub fn example(&self) -> Option<&str> {
        match &*self.inner {
            Inner::Conflict { example, .. } => Some(example),
            _ => None,
        }
    }
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.inner {
            Inner::Pattern { route, source } => {
                write!(f, "expected a pattern, found '{}': {source}", route.escape_debug())
            }
            Inner::Same { route } => {
                write!(f, "expected each route once, found '{}' again", route.escape_debug())
            }
            Inner::Conflict { routes: [first, second], example } => write!(
                f,
                "expected one route to be more specific, found '{}' and '{}', which both match {example}",
                first.escape_debug(),
                second.escape_debug(),
            ),
        }
    }
}

impl fmt::Debug for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RouteError").field(&self.inner).finish()
    }
}

impl Error for RouteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.inner {
            Inner::Pattern { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error as Failure, ErrorKind};
    use crate::message::Request;
    use crate::server::router::parse;
    use crate::server::{Pattern, Router};

    #[track_caller]
    fn is_refused(
        parsed: Result<Pattern, PatternError>,
        kind: PatternErrorKind,
        offset: usize,
        text: &str,
    ) {
        let error = parsed.unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
        assert_eq!(error.to_string(), format!("expected {text} at byte {offset}"));
    }

    #[test]
    fn errors_of_patterns_say_what_and_where() {
        use PatternErrorKind::*;
        #[track_caller]
        fn refused(pattern: &str, kind: PatternErrorKind, offset: usize, text: impl AsRef<str>) {
            is_refused(Pattern::parse(pattern), kind, offset, text.as_ref());
        }
        let path = "a path that begins with '/', found the end";
        refused("", MissingSlash, 0, path);
        refused("*", MissingSlash, 1, path);
        refused("GET a.example", MissingSlash, 13, path);
        refused("GET ", MissingSlash, 4, path);
        let method = "a method before the space, found ";
        refused(" /a", InvalidMethod, 0, format!("{method}' '"));
        refused("G@T /a", InvalidMethod, 1, format!("{method}'@'"));
        refused("GET POST /a", UnexpectedMethod, 4, "no other method, found one");
        let host = "a host without a port before the path, found ";
        refused("a:80/b", InvalidHost, 1, format!("{host}':'"));
        refused("GET a.b:/", InvalidHost, 7, format!("{host}':'"));
        refused("u@a/", InvalidHost, 1, format!("{host}'@'"));
        refused("{a}/b", InvalidHost, 0, format!("{host}'{{'"));
        refused("*./", InvalidHost, 2, format!("{host}'/'"));
        refused("//", EmptySegment, 1, "a segment between two slashes, found '/'");
        refused("/a//b", EmptySegment, 3, "a segment between two slashes, found '/'");
        refused("/a/.", DotSegment, 3, "a segment that a path can have, found one of dots");
        refused("/.%2e/a", DotSegment, 1, "a segment that a path can have, found one of dots");
        refused("/a?b", InvalidByte, 2, "a character of a path, found '?'");
        refused("/a#", InvalidByte, 2, "a character of a path, found '#'");
        refused("/\n", InvalidByte, 1, "a character of a path, found '\\n'");
        let digits = "two hexadecimal digits after '%', found ";
        refused("/100%", InvalidPercent, 5, format!("{digits}the end"));
        refused("/%4/a", InvalidPercent, 3, format!("{digits}'/'"));
        refused("/a/%zz", InvalidPercent, 4, format!("{digits}'z'"));
        let whole = "a parameter that is a whole segment, found ";
        refused("/a{b}", PartialSegment, 2, format!("{whole}'{{'"));
        refused("/a}", PartialSegment, 2, format!("{whole}'}}'"));
        refused("/{a}b", PartialSegment, 4, format!("{whole}'b'"));
        refused("/{a...}b", PartialSegment, 7, format!("{whole}'b'"));
        let name = "the name of a parameter after '{', found ";
        refused("/{}", MissingName, 2, format!("{name}'}}'"));
        refused("/{", MissingName, 2, format!("{name}the end"));
        refused("/{...}", MissingName, 2, format!("{name}'.'"));
        refused("/{$a}", MissingName, 2, format!("{name}'$'"));
        refused("/{$}b", MissingName, 2, format!("{name}'$'"));
        refused("/{1}", MissingName, 2, format!("{name}'1'"));
        let brace = "'}' after the name of a parameter, found ";
        refused("/{a", UnclosedName, 3, format!("{brace}the end"));
        refused("/{a-b}", UnclosedName, 3, format!("{brace}'-'"));
        refused("/{a..}", UnclosedName, 3, format!("{brace}'.'"));
        refused("/{a....}", UnclosedName, 6, format!("{brace}'.'"));
        refused("/{a/b}", UnclosedName, 3, format!("{brace}'/'"));
        refused("/{a}/{a}", DuplicateName, 6, "a name for each parameter, found one twice");
        refused("/{a}/{a...}", DuplicateName, 6, "a name for each parameter, found one twice");
        refused("/{a...}/", RestNotLast, 1, "a rest at the end of a pattern, found more behind it");
        refused("/{$}/", EndNotLast, 1, "'{$}' at the end of a pattern, found more behind it");
        let long = "/a".repeat(65);
        refused(&long, TooManySegments, 129, "at most 64 segments, found more");
    }

    #[test]
    fn errors_of_prefixes_say_what_and_where() {
        use PatternErrorKind::*;
        #[track_caller]
        fn refused(prefix: &str, kind: PatternErrorKind, offset: usize, text: &str) {
            is_refused(parse::prefix(prefix), kind, offset, text);
        }
        refused("a", MissingSlash, 1, "a path that begins with '/', found the end");
        refused("GET /a", UnexpectedMethod, 0, "no other method, found one");
        refused("/a/", PrefixSlash, 2, "a prefix without '/' at its end, found one");
        refused("/a/{$}", PrefixSlash, 2, "a prefix without '/' at its end, found one");
        refused("/{$}", PrefixSlash, 0, "a prefix without '/' at its end, found one");
        let rest = "a prefix that leaves the rest to others, found a rest";
        refused("/a/{b...}", RestInPrefix, 3, rest);
        refused("/{b...}", RestInPrefix, 1, rest);
    }

    #[test]
    fn a_host_below_a_prefix_is_refused() {
        let inner = Router::builder().get("b/c", |_: &mut Request| ());
        let error = Router::builder().nest("/a", inner).build().unwrap_err();
        let source = error.source().and_then(|source| source.downcast_ref::<PatternError>());
        assert_eq!(source.map(PatternError::kind), Some(PatternErrorKind::NestedHost));
    }

    #[test]
    fn errors_of_routes_say_which() {
        let nothing = |_: &mut Request| ();
        let builder = Router::builder;
        for (routes, kind, text) in [
            (
                builder().mount("/a/", nothing).any("b", nothing),
                RouteErrorKind::Pattern,
                "expected a pattern, found '/a/': expected a prefix without '/' at its end, \
                 found one at byte 2",
            ),
            (
                builder().post("\n", nothing),
                RouteErrorKind::Pattern,
                "expected a pattern, found 'POST \\n': \
                 expected a path that begins with '/', found the end at byte 6",
            ),
            (
                builder().any("GET /a", nothing),
                RouteErrorKind::Pattern,
                "expected a pattern, found 'GET /a': expected no other method, found one at byte 0",
            ),
            (
                builder().nest("/a", builder().get("b/c", nothing)),
                RouteErrorKind::Pattern,
                "expected a pattern, found 'GET b/c': expected no host below a prefix, \
                 found one at byte 4",
            ),
            (
                builder().get("A/", nothing).get("a/{b...}", nothing),
                RouteErrorKind::Duplicate,
                "expected each route once, found 'GET a/{b...}' again",
            ),
            (
                builder().get("/{a}", nothing).post("/{a}", nothing).get("/{b}", nothing),
                RouteErrorKind::Duplicate,
                "expected each route once, found 'GET /{b}' again",
            ),
            (
                builder().any("/{a}/b", nothing).post("/c/{d}", nothing),
                RouteErrorKind::Conflict,
                "expected one route to be more specific, found '/{a}/b' and 'POST /c/{d}', \
                 which both match /c/b",
            ),
        ] {
            let error = routes.build().unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
            assert_eq!(error.source().is_some(), text.matches("expected").count() == 2);
            assert_eq!(error.example().is_some(), kind == RouteErrorKind::Conflict);
            let above = Failure::from(error);
            assert_eq!((above.kind(), above.status().as_u16()), (ErrorKind::Routes, 500));
            assert_eq!(above.to_string(), format!("expected routes that go together: {text}"));
        }
    }
}
