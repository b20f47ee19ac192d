//! What a router has found in the path of a request.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::str::FromStr;

use super::{IntoResponse, Request, Response};
use crate::status::StatusCode;
use crate::uri::{PctStr, UriErrorKind};

/// The patterns that a request was matched by, and the parameters of those. The names are copied, so that a
/// request has no part in the router; its memory is used again for the next one.
#[derive(Clone, Default)]
pub(crate) struct Params {
    mount: Mount,
    pattern: String,
    names: String,
    found: Vec<Param>,
}

/// How much leads to where a handler is mounted: of the path in bytes, of the patterns, and how many parameters.
#[derive(Clone, Copy, Default)]
#[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a server has routers"))]
pub(crate) struct Mount {
    path: usize,
    pattern: usize,
    names: usize,
    found: usize,
}

/// Where a name is among the names, and where its value is in the path.
#[derive(Clone)]
struct Param {
    name: Range<usize>,
    value: Range<usize>,
}

impl Params {
    pub(super) const fn mount(&self) -> usize {
        self.mount.path
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Range<usize>)> {
        let name = |param: &Param| self.names.get(param.name.clone()).unwrap_or_default();
        self.found.iter().map(move |param| (name(param), &param.value))
    }
}

#[cfg(feature = "server")]
impl Params {
    pub(super) fn clear(&mut self) {
        self.mount = Mount::default();
        self.restart();
    }

    /// Forgets what a router has found that came before at the same place.
    pub(crate) fn restart(&mut self) {
        self.pattern.truncate(self.mount.pattern);
        self.names.truncate(self.mount.names);
        self.found.truncate(self.mount.found);
    }

    /// Returns whether the request was matched by a pattern.
    pub(crate) const fn has_pattern(&self) -> bool {
        !self.pattern.is_empty()
    }

    /// Adds a pattern to those that the request was matched by.
    pub(crate) fn push_pattern(&mut self, pattern: &str) {
        self.pattern.push_str(pattern);
    }

    /// Adds a parameter; its place is given in the path behind the mount.
    pub(crate) fn push(&mut self, name: &str, value: Range<usize>) {
        let start = self.names.len();
        self.names.push_str(name);
        let at = self.mount.path;
        let value = at.saturating_add(value.start)..at.saturating_add(value.end);
        self.found.push(Param { name: start..self.names.len(), value });
    }

    /// Says that what was found, and some bytes of the path behind the last mount, lead to the handler. Returns
    /// what led to the last one.
    pub(crate) const fn enter(&mut self, len: usize) -> Mount {
        let before = self.mount;
        self.mount = Mount {
            path: before.path.saturating_add(len),
            pattern: self.pattern.len(),
            names: self.names.len(),
            found: self.found.len(),
        };
        before
    }

    /// Goes back to where a handler was entered. What was found stays, for those who write it down.
    pub(crate) const fn leave(&mut self, before: Mount) {
        self.mount = before;
    }
}

/// What a `Router` has found in the path. Where routers are mounted in routers, all that they have found is there.
impl Request {
    /// Returns a parameter of the path as a value: decoded, and parsed as the type says.
    ///
    /// A name that two patterns have is that of the inner one. The text may hold any character, slashes and
    /// U+0000 included, and is made by whoever sends the request: a part of a file's path it is only after
    /// [`safe_file_name`](crate::field::safe_file_name).
    ///
    /// # Errors
    ///
    /// A value that does not decode to UTF-8, or that the type does not parse; either is 404, since there is
    /// nothing by that name. A name that no pattern has, which is 500.
    ///
    /// ```
    /// # #[cfg(feature = "server")] {
    /// use nethttp::{Request, Router};
    ///
    /// let app = Router::builder()
    ///     .get("/users/{id}", |request: &mut Request| -> nethttp::Result<String> {
    ///         let id: u32 = request.param("id")?;
    ///         Ok(format!("user {id}"))
    ///     })
    ///     .build()?;
    /// # use nethttp::server::Handler;
    /// # let mut request = Request::new(nethttp::Method::GET, "/users/7")?;
    /// # assert_eq!(app.handle(&mut request).text()?, "user 7");
    /// # let mut request = Request::new(nethttp::Method::GET, "/users/x")?;
    /// # assert_eq!(app.handle(&mut request).status().as_u16(), 404);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, ParameterError> {
        let at = self.param_span(name)?.start;
        let malformed = |_| ParameterError { kind: ParameterErrorKind::Malformed, offset: at };
        self.param_str(name)?.parse().map_err(malformed)
    }

    /// Returns a parameter of the path as text, decoded; borrowed where there is no escape.
    ///
    /// # Errors
    ///
    /// As for [`param`](Self::param).
    ///
    /// ```
    /// # #[cfg(feature = "server")] {
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let app = Router::builder()
    ///     .get("/hello/{name}", |request: &mut Request| {
    ///         request.param_str("name").map(|name| format!("hello {name}"))
    ///     })
    ///     .build()?;
    /// let mut request = Request::new(Method::GET, "/hello/j%C3%BCrgen")?;
    /// assert_eq!(app.handle(&mut request).text()?, "hello jürgen");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn param_str(&self, name: &str) -> Result<Cow<'_, str>, ParameterError> {
        let span = self.param_span(name)?;
        self.param_text(span).decode().map_err(|error| {
            let kind = match error.kind() {
                UriErrorKind::NotUtf8 => ParameterErrorKind::NotUtf8,
                _ => ParameterErrorKind::Malformed,
            };
            ParameterError { kind, offset: span.start + error.offset() }
        })
    }

    /// Returns a parameter of the path as it was sent, escapes included: what stands between slashes, or of a rest
    /// all of it, slashes included.
    ///
    /// ```
    /// # #[cfg(feature = "server")] {
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let app = Router::builder()
    ///     .get("/files/{path...}", |request: &mut Request| {
    ///         let path = request.param_raw("path")?;
    ///         Some(format!("{:?}", path.segments().map(|it| it.decode_lossy()).collect::<Vec<_>>()))
    ///     })
    ///     .build()?;
    /// let mut request = Request::new(Method::GET, "/files/a/b%2Fc")?;
    /// assert_eq!(app.handle(&mut request).text()?, r#"["a", "b/c"]"#);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn param_raw(&self, name: &str) -> Option<PctStr<'_>> {
        self.param_span(name).ok().map(|span| self.param_text(span))
    }

    /// Returns the names and values of all parameters of the path, as they were sent, in the order of the path.
    ///
    /// ```
    /// # #[cfg(feature = "server")] {
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let app = Router::builder()
    ///     .get("/{year}/{slug}", |request: &mut Request| {
    ///         request.params().map(|(name, value)| format!("{name}={value};")).collect::<String>()
    ///     })
    ///     .build()?;
    /// let mut request = Request::new(Method::GET, "/2026/a%20b")?;
    /// assert_eq!(app.handle(&mut request).text()?, "year=2026;slug=a%20b;");
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn params(&self) -> impl Iterator<Item = (&str, PctStr<'_>)> {
        self.params.iter().map(|(name, span)| (name, self.param_text(span)))
    }

    /// Returns the pattern of the route that the request has taken, those of the mounts before it included; its host, if it
    /// has one, stands before, and its method does not. It stays when the router has answered, so that a middleware around it can count requests by it:
    /// there are as many patterns as there are routes, and of paths there is no end.
    ///
    /// Nothing, where there was no router or none of its patterns matched.
    ///
    /// ```
    /// # #[cfg(feature = "server")] {
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let users = Router::builder().get("/{id}", |_: &mut Request| "a user").build()?;
    /// let app = Router::builder().mount("/users", users).build()?;
    /// let mut request = Request::new(Method::GET, "/users/7")?;
    /// app.handle(&mut request);
    /// assert_eq!(request.pattern(), Some("/users/{id}"));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        Some(self.params.pattern.as_str()).filter(|pattern| !pattern.is_empty())
    }

    fn param_span(&self, name: &str) -> Result<&Range<usize>, ParameterError> {
        let mut found = self.params.iter().rev().filter(|&(other, _)| other == name);
        let unknown = ParameterError { kind: ParameterErrorKind::Unknown, offset: 0 };
        found.next().map(|(_, span)| span).ok_or(unknown)
    }

    fn param_text(&self, span: &Range<usize>) -> PctStr<'_> {
        // A rest may begin behind the end: the path of a mount is a root without its slash.
        PctStr::new(self.path().get(span.clone()).unwrap_or_default())
    }
}

/// Why a parameter of the path is not what a handler wants.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
///
/// let error = Request::default().param::<u32>("id").unwrap_err();
/// assert_eq!(error.to_string(), "expected a parameter that a pattern has, found another name");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterError {
    kind: ParameterErrorKind,
    offset: usize,
}

/// What is wrong with a parameter of the path.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::message::ParameterErrorKind;
///
/// let error = Request::default().param_str("id").unwrap_err();
/// assert_eq!(error.kind(), ParameterErrorKind::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterErrorKind {
    /// No pattern on the way to the handler has a parameter of that name. Nobody but the program is to blame.
    Unknown,
    /// The bytes that the value means are not UTF-8, which
    /// [RFC 3986 §2.5](https://www.rfc-editor.org/rfc/rfc3986#section-2.5) wants for text.
    NotUtf8,
    /// The text is not one that the type parses.
    Malformed,
}

impl ParameterError {
    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::message::ParameterErrorKind;
    ///
    /// let error = Request::default().param::<u32>("id").unwrap_err();
    /// assert_eq!(error.kind(), ParameterErrorKind::Unknown);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> ParameterErrorKind {
        self.kind
    }

    /// Returns where in the path the value is, or the first byte of it that is wrong; 0 for a name that is
    /// unknown.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().param::<u32>("id").unwrap_err().offset(), 0);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the status that a server answers with: 404 for a value, since there is nothing by that name, and 500
    /// for a name.
    ///
    /// ```
    /// let error = nethttp::Request::default().param::<u32>("id").unwrap_err();
    /// assert_eq!(error.status().as_u16(), 500);
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self.kind {
            ParameterErrorKind::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
            ParameterErrorKind::NotUtf8 | ParameterErrorKind::Malformed => StatusCode::NOT_FOUND,
        }
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ParameterErrorKind::Unknown => {
                return f.write_str("expected a parameter that a pattern has, found another name");
            }
            ParameterErrorKind::NotUtf8 => {
                "expected a parameter that decodes to UTF-8, found other bytes"
            }
            ParameterErrorKind::Malformed => {
                "expected a parameter in the form of its type, found another one"
            }
        })?;
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for ParameterError {}

/// The status and its reason as text.
impl IntoResponse for ParameterError {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn errors_say_what_and_where() {
        for (kind, status, text) in [
            (
                ParameterErrorKind::Unknown,
                500,
                "expected a parameter that a pattern has, found another name",
            ),
            (
                ParameterErrorKind::NotUtf8,
                404,
                "expected a parameter that decodes to UTF-8, found other bytes at byte 7",
            ),
            (
                ParameterErrorKind::Malformed,
                404,
                "expected a parameter in the form of its type, found another one at byte 7",
            ),
        ] {
            let error = ParameterError { kind, offset: 7 };
            assert_eq!((error.to_string().as_str(), error.status().as_u16()), (text, status));
            assert_eq!(error.into_response().status().as_u16(), status);
        }
    }
}
