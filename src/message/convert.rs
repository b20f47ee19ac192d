//! What a handler may return.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Body, Response};
use crate::field::MediaType;
use crate::header::{self, HeaderError, HeaderValue};
use crate::negotiate::NotAcceptable;
use crate::status::StatusCode;
use crate::uri::UriError;

/// A value that a handler may return in place of a [`Response`].
///
/// | value | response |
/// |---|---|
/// | `&'static str`, `String` | 200, `text/plain; charset=utf-8` |
/// | `&'static [u8]`, `Vec<u8>` | 200, `application/octet-stream` |
/// | [`Body`] | 200, no type |
/// | `()` | 204 |
/// | [`StatusCode`] | that status; an error says its reason as text |
/// | `(StatusCode, T)` | what `T` gives, with that status |
/// | `(MediaType, T)` | what `T` gives, with that Content-Type: a page, or JSON |
/// | [`Redirect`](super::Redirect) | its status and `Location` |
/// | [`NotAcceptable`] | 406 with Vary, and the offers as text |
/// | [`HeaderError`], [`UriError`] | 500: a handler has made what is none |
/// | `Option<T>` | what `T` gives, or 404 |
/// | `Result<T, E>` | what `T` or `E` gives |
///
/// # Examples
///
/// ```
/// use nethttp::StatusCode;
/// use nethttp::message::IntoResponse;
///
/// let response = (StatusCode::IM_A_TEAPOT, "short and stout").into_response();
/// assert_eq!(response.status().as_u16(), 418);
/// assert_eq!(None::<String>.into_response().status(), StatusCode::NOT_FOUND);
/// ```
///
/// ```
/// use nethttp::message::IntoResponse;
/// use nethttp::{MediaType, Request, StatusCode};
///
/// fn create(_: &mut Request) -> impl IntoResponse {
///     (StatusCode::CREATED, (MediaType::APPLICATION_JSON, r#"{"id":7}"#))
/// }
///
/// let response = create(&mut Request::default()).into_response();
/// assert_eq!(response.header("Content-Type"), Some("application/json"));
/// ```
pub trait IntoResponse {
    /// Makes the response.
    fn into_response(self) -> Response;
}

static TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
static BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// A response with a Content-Type, for which there is room.
fn typed(content_type: &HeaderValue, body: Body) -> Response {
    let mut response = Response::new(StatusCode::OK).with_body(body);
    let _ = response.headers_mut().append_valid(&header::CONTENT_TYPE, content_type);
    response
}

impl IntoResponse for Response {
    fn into_response(self) -> Response {
        self
    }
}

impl IntoResponse for Body {
    fn into_response(self) -> Response {
        Response::new(StatusCode::OK).with_body(self)
    }
}

impl IntoResponse for &'static str {
    fn into_response(self) -> Response {
        typed(&TEXT, self.into())
    }
}

impl IntoResponse for String {
    fn into_response(self) -> Response {
        typed(&TEXT, self.into())
    }
}

impl IntoResponse for &'static [u8] {
    fn into_response(self) -> Response {
        typed(&BYTES, self.into())
    }
}

impl IntoResponse for Vec<u8> {
    fn into_response(self) -> Response {
        typed(&BYTES, self.into())
    }
}

impl IntoResponse for NotAcceptable {
    fn into_response(self) -> Response {
        let offers: String = self.offers().flat_map(|offer| [offer, "\n"]).collect();
        let mut response = (StatusCode::NOT_ACCEPTABLE, offers).into_response();
        let _ = response.headers_mut().append("Vary", self.vary());
        response
    }
}

impl IntoResponse for HeaderError {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response().with_cause(self)
    }
}

impl IntoResponse for UriError {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response().with_cause(self)
    }
}

impl IntoResponse for () {
    fn into_response(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}

impl IntoResponse for StatusCode {
    fn into_response(self) -> Response {
        if !(self.is_client_error() || self.is_server_error()) {
            return Response::new(self);
        }
        let reason = self.canonical_reason().unwrap_or("Error");
        alloc::format!("{} {reason}\n", self.as_u16()).into_response().with_status(self)
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    fn into_response(self) -> Response {
        self.1.into_response().with_status(self.0)
    }
}

impl<T: IntoResponse> IntoResponse for (MediaType<'_>, T) {
    fn into_response(self) -> Response {
        let mut response = self.1.into_response();
        // For a type there is room, unless the response has limits of its own.
        let _ = response.headers_mut().insert(header::CONTENT_TYPE, self.0.as_str());
        response
    }
}

impl<T: IntoResponse> IntoResponse for Option<T> {
    fn into_response(self) -> Response {
        self.map_or_else(|| StatusCode::NOT_FOUND.into_response(), T::into_response)
    }
}

impl<T: IntoResponse, E: IntoResponse> IntoResponse for Result<T, E> {
    fn into_response(self) -> Response {
        match self {
            Ok(value) => value.into_response(),
            Err(error) => error.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(value: impl IntoResponse, status: u16, content_type: Option<&str>, len: u64) {
        let response = value.into_response();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.header("Content-Type"), content_type);
        assert_eq!(response.body().len(), Some(len));
    }

    #[test]
    fn values_become_responses() {
        let text = Some("text/plain; charset=utf-8");
        gives("hi", 200, text, 2);
        gives(String::from("hi"), 200, text, 2);
        gives(&b"hi"[..], 200, Some("application/octet-stream"), 2);
        gives(Vec::from(b"hi"), 200, Some("application/octet-stream"), 2);
        gives(Body::from("hi"), 200, None, 2);
        gives((), 204, None, 0);
        gives(StatusCode::OK, 200, None, 0);
        gives(StatusCode::NOT_FOUND, 404, text, 14);
        gives((StatusCode::CREATED, "hi"), 201, text, 2);
        let html = MediaType::TEXT_HTML;
        gives((html.clone(), "hi"), 200, Some("text/html"), 2);
        gives((StatusCode::GONE, (html.clone(), "hi")), 410, Some("text/html"), 2);
        gives((html.clone(), (StatusCode::GONE, "hi")), 410, Some("text/html"), 2);
        gives((html, Body::from("hi")), 200, Some("text/html"), 2);
        gives(Some("hi"), 200, text, 2);
        gives(None::<&str>, 404, text, 14);
        gives(Ok::<_, StatusCode>("hi"), 200, text, 2);
        gives(Err::<&str, _>(StatusCode::BAD_REQUEST), 400, text, 16);
        gives(crate::message::Redirect::see_other("/a"), 303, text, 18);
        gives(crate::message::Redirect::see_other("/a b"), 500, text, 26);
        gives(Response::new(StatusCode::OK).with_header("a b", ""), 500, text, 26);
    }
}
