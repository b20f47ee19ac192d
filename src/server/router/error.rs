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

    /// Expects the same of each text: a position, and what was found there.
    #[track_caller]
    fn refuses(
        parse: fn(&str) -> Result<Pattern, PatternError>,
        kind: PatternErrorKind,
        expected: &str,
        texts: &[(&str, usize, &str)],
    ) {
        for (text, offset, found) in texts {
            let error = parse(text).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, *offset), "{text}");
            let expected = format!("expected {expected}, found {found} at byte {offset}");
            assert_eq!(error.to_string(), expected);
        }
    }

    const END: &str = "the end";

    #[test]
    fn errors_of_patterns_say_what_and_where() {
        use PatternErrorKind::*;
        let refused = |kind, expected: &str, texts: &[(&str, usize, &str)]| {
            refuses(Pattern::parse, kind, expected, texts);
        };
        let texts = [("", 0, END), ("*", 1, END), ("GET a.example", 13, END), ("GET ", 4, END)];
        refused(MissingSlash, "a path that begins with '/'", &texts);
        let texts = [(" /a", 0, "' '"), ("G@T /a", 1, "'@'")];
        refused(InvalidMethod, "a method before the space", &texts);
        refused(UnexpectedMethod, "no other method", &[("GET POST /a", 4, "one")]);
        let texts = [
            ("a:80/b", 1, "':'"),
            ("GET a.b:/", 7, "':'"),
            ("u@a/", 1, "'@'"),
            ("{a}/b", 0, "'{'"),
            ("*./", 2, "'/'"),
        ];
        refused(InvalidHost, "a host without a port before the path", &texts);
        let texts = [("//", 1, "'/'"), ("/a//b", 3, "'/'")];
        refused(EmptySegment, "a segment between two slashes", &texts);
        let texts = [("/a/.", 3, "one of dots"), ("/.%2e/a", 1, "one of dots")];
        refused(DotSegment, "a segment that a path can have", &texts);
        let texts = [("/a?b", 2, "'?'"), ("/a#", 2, "'#'"), ("/\n", 1, "'\\n'")];
        refused(InvalidByte, "a character of a path", &texts);
        let texts = [("/100%", 5, END), ("/%4/a", 3, "'/'"), ("/a/%zz", 4, "'z'")];
        refused(InvalidPercent, "two hexadecimal digits after '%'", &texts);
        let texts =
            [("/a{b}", 2, "'{'"), ("/a}", 2, "'}'"), ("/{a}b", 4, "'b'"), ("/{a...}b", 7, "'b'")];
        refused(PartialSegment, "a parameter that is a whole segment", &texts);
        let texts = [
            ("/{}", 2, "'}'"),
            ("/{", 2, END),
            ("/{...}", 2, "'.'"),
            ("/{$a}", 2, "'$'"),
            ("/{$}b", 2, "'$'"),
            ("/{1}", 2, "'1'"),
        ];
        refused(MissingName, "the name of a parameter after '{'", &texts);
        let texts = [
            ("/{a", 3, END),
            ("/{a-b}", 3, "'-'"),
            ("/{a..}", 3, "'.'"),
            ("/{a....}", 6, "'.'"),
            ("/{a/b}", 3, "'/'"),
        ];
        refused(UnclosedName, "'}' after the name of a parameter", &texts);
        let texts = [("/{a}/{a}", 6, "one twice"), ("/{a}/{a...}", 6, "one twice")];
        refused(DuplicateName, "a name for each parameter", &texts);
        let more = "more behind it";
        refused(RestNotLast, "a rest at the end of a pattern", &[("/{a...}/", 1, more)]);
        refused(EndNotLast, "'{$}' at the end of a pattern", &[("/{$}/", 1, more)]);
        refused(TooManySegments, "at most 64 segments", &[(&"/a".repeat(65), 129, "more")]);
    }

    #[test]
    fn errors_of_prefixes_say_what_and_where() {
        use PatternErrorKind::*;
        let refused = |kind, expected: &str, texts: &[(&str, usize, &str)]| {
            refuses(parse::prefix, kind, expected, texts);
        };
        refused(MissingSlash, "a path that begins with '/'", &[("a", 1, END)]);
        refused(UnexpectedMethod, "no other method", &[("GET /a", 0, "one")]);
        let texts = [("/a/", 2, "one"), ("/a/{$}", 2, "one"), ("/{$}", 0, "one")];
        refused(PrefixSlash, "a prefix without '/' at its end", &texts);
        let texts = [("/a/{b...}", 3, "a rest"), ("/{b...}", 1, "a rest")];
        refused(RestInPrefix, "a prefix that leaves the rest to others", &texts);
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
