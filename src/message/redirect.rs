//! A response that sends the client elsewhere.

use alloc::format;

use super::{IntoResponse, Response};
use crate::header;
use crate::status::StatusCode;
use crate::uri::{UriError, UriRef};

/// A response that sends the client elsewhere,
/// [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
///
/// Which one is right depends on whether the move is for good, since clients and search engines remember
/// that, and on what becomes of a POST:
///
/// | | for now | for good |
/// |---|---|---|
/// | with the same method and content | 307, [`temporary`](Self::temporary) | 308, [`permanent`](Self::permanent) |
/// | with GET, to see what came of a POST or PUT | 303, [`see_other`](Self::see_other) | |
/// | POST becomes GET, by the habit of browsers | 302, [`found`](Self::found) | 301, [`moved_permanently`](Self::moved_permanently) |
///
/// A location is a URI or a reference relative to the request's URI, so that `/login` stays at the host.
/// It is written as it is given; [`encode`](crate::uri::encode) writes text into one, and
/// [`Uri::fix_up_ref`](crate::uri::Uri::fix_up_ref) repairs what people type.
///
/// # Where a client may be sent
///
/// A location that came with the request, such as the page to return to after a login, lets anybody make
/// links that begin at this host and end at theirs. [`is_local`](Self::is_local) tells.
///
/// # Examples
///
/// ```
/// use nethttp::message::{IntoResponse, Redirect};
/// use nethttp::{Request, StatusCode};
///
/// fn created(_: &mut Request) -> nethttp::Result<Redirect> {
///     Ok(Redirect::see_other("/items/7")?)
/// }
///
/// let response = created(&mut Request::default()).into_response();
/// assert_eq!(response.status(), StatusCode::SEE_OTHER);
/// assert_eq!(response.header("Location"), Some("/items/7"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    location: UriRef,
}

impl Redirect {
    fn new(status: StatusCode, location: &str) -> Result<Self, UriError> {
        Ok(Self { status, location: UriRef::parse(location)? })
    }

    /// Creates a 301: what was asked for is elsewhere from now on.
    ///
    /// A client may make a GET of a POST, and browsers do; see [`permanent`](Self::permanent).
    ///
    /// # Errors
    ///
    /// The location is no URI reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::moved_permanently("http://example.org/")?.status().as_u16(), 301);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn moved_permanently(location: impl AsRef<str>) -> Result<Self, UriError> {
        Self::new(StatusCode::MOVED_PERMANENTLY, location.as_ref())
    }

    /// Creates a 302: what was asked for is elsewhere for now.
    ///
    /// A client may make a GET of a POST, and browsers do; see [`temporary`](Self::temporary) and
    /// [`see_other`](Self::see_other), which say what is meant.
    ///
    /// # Errors
    ///
    /// The location is no URI reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::found("today")?.status().as_u16(), 302);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn found(location: impl AsRef<str>) -> Result<Self, UriError> {
        Self::new(StatusCode::FOUND, location.as_ref())
    }

    /// Creates a 303: the answer can be had there with GET. What follows a form that was sent, so that
    /// reloading the page does not send it again.
    ///
    /// # Errors
    ///
    /// The location is no URI reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::see_other("/thanks")?.status().as_u16(), 303);
    /// assert!(Redirect::see_other("/thanks\r\nSet-Cookie: a=b").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn see_other(location: impl AsRef<str>) -> Result<Self, UriError> {
        Self::new(StatusCode::SEE_OTHER, location.as_ref())
    }

    /// Creates a 307: the same request is to be made there, this time.
    ///
    /// # Errors
    ///
    /// The location is no URI reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::temporary("//b.example/")?.status().as_u16(), 307);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn temporary(location: impl AsRef<str>) -> Result<Self, UriError> {
        Self::new(StatusCode::TEMPORARY_REDIRECT, location.as_ref())
    }

    /// Creates a 308: the same request is to be made there, and all that follow.
    ///
    /// # Errors
    ///
    /// The location is no URI reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::permanent("/docs/")?.status().as_u16(), 308);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn permanent(location: impl AsRef<str>) -> Result<Self, UriError> {
        Self::new(StatusCode::PERMANENT_REDIRECT, location.as_ref())
    }

    /// Returns the status.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(Redirect::see_other("/")?.status(), StatusCode::SEE_OTHER);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns where the client is sent.
    ///
    /// ```
    /// use nethttp::message::Redirect;
    ///
    /// assert_eq!(*Redirect::see_other("../b")?.location(), "../b");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn location(&self) -> &UriRef {
        &self.location
    }

    /// Returns whether the client stays at the scheme, the host and the port of its request: the location
    /// has no scheme and no authority. It cannot hold a backslash either, which a browser would take for a
    /// slash.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::message::Redirect;
    ///
    /// /// Goes back to where the login was asked for.
    /// fn logged_in(request: &Request) -> nethttp::Result<Redirect> {
    ///     let next = request.query_pairs().get("next").unwrap_or("/".into());
    ///     match Redirect::see_other(next) {
    ///         Ok(redirect) if redirect.is_local() => Ok(redirect),
    ///         _ => Ok(Redirect::see_other("/")?),
    ///     }
    /// }
    ///
    /// for (next, location) in [("/a?b", "/a?b"), ("//evil.example/", "/"), ("/%5Cevil.example", "/")] {
    ///     let target = format!("/login?next={next}");
    ///     let request = Request::new(nethttp::Method::GET, target)?;
    ///     assert_eq!(*logged_in(&request)?.location(), location);
    /// }
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.location.scheme().is_none() && self.location.authority().is_none()
    }
}

/// The status, `Location`, and one line of text for whoever does not follow it.
impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let (status, location) = (self.status, self.location.as_str());
        let reason = status.canonical_reason().unwrap_or_default();
        let text = format!("{} {reason}: {location}\n", status.as_u16());
        let mut response = (status, text).into_response();
        // One that is longer than all fields together may be.
        if response.headers_mut().insert(header::LOCATION, location).is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    type New = fn(&'static str) -> Result<Redirect, UriError>;

    const ALL: [(New, u16); 5] = [
        (|location| Redirect::moved_permanently(location), 301),
        (|location| Redirect::found(location), 302),
        (|location| Redirect::see_other(location), 303),
        (|location| Redirect::temporary(location), 307),
        (|location| Redirect::permanent(location), 308),
    ];

    #[test]
    fn a_redirect_is_a_status_and_a_location() {
        for (new, status) in ALL {
            let redirect = new("/a?b#c").expect("a reference");
            assert_eq!(
                (redirect.status().as_u16(), redirect.location().as_str()),
                (status, "/a?b#c")
            );
            let response = redirect.into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.header("Location"), Some("/a?b#c"));
            assert_eq!(response.headers().len(), 2);
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_line_says_where_to_go() {
        let response = Redirect::see_other("/a").expect("a reference").into_response();
        assert_eq!(response.header("Content-Type"), Some("text/plain; charset=utf-8"));
        assert_eq!(response.text().expect("text"), "303 See Other: /a\n");
    }

    #[test]
    fn refuses_what_is_no_reference() {
        for (new, _) in ALL {
            for location in
                ["/a b", "/a\r\nSet-Cookie: b", "/\\evil.example", "/\t/a", "/ü", "http://[", "\0"]
            {
                assert!(new(location).is_err(), "{location}");
            }
        }
    }

    #[test]
    fn knows_what_is_local() {
        for (location, local) in [
            ("", true),
            ("/", true),
            ("a", true),
            ("../a?b=http://evil.example/", true),
            ("?a", true),
            ("#a", true),
            ("/a//evil.example", true),
            (".//evil.example", true),
            ("//evil.example", false),
            ("//", false),
            ("///evil.example", false),
            ("http:/a", false),
            ("http:a", false),
            ("https://evil.example/", false),
            ("javascript:alert(1)", false),
        ] {
            let redirect = Redirect::see_other(location).expect("a reference");
            assert_eq!(redirect.is_local(), local, "{location}");
        }
    }

    #[test]
    fn a_location_that_is_too_long_is_the_servers_error() {
        let long = String::from("/") + &"a".repeat(1 << 20);
        let response = Redirect::see_other(long).expect("a reference").into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.header("Location").is_none());
    }
}
