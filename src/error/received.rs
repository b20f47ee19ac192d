//! What a client makes of a response that it did not want: an error that owns it.

use std::error::Error as StdError;

use super::{Error, ErrorKind, Result};
use crate::message::Response;

impl Response {
    /// Makes an error of a response that says one: 4xx, 5xx, and 600 to 999, which count as 5xx,
    /// [RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15). The error [owns](Error::response) the
    /// response, and its body can still be read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Status`] with the status. The text names the URL without its query, which may hold a secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::error::ErrorKind;
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).error_for_status().is_ok());
    ///
    /// let response = Response::new(StatusCode::NOT_FOUND).with_body("no such book");
    /// let mut error = response.error_for_status().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Status(StatusCode::NOT_FOUND));
    /// assert_eq!(error.to_string(), "expected success, found 404 Not Found");
    /// let response = error.take_response().ok_or("a response")?;
    /// assert_eq!(response.text()?, "no such book");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn error_for_status(self) -> Result<Self> {
        let status = self.status();
        if !(status.is_client_error() || status.is_server_error()) {
            return Ok(self);
        }
        let error = Error::new(ErrorKind::Status(status));
        let error = match self.url() {
            Some(url) => error.with_url(url),
            None => error,
        };
        let from = error.url().map_or_else(String::new, |url| {
            format!(" from {}", url.without_query().without_fragment())
        });
        let reason = status.canonical_reason().map_or_else(String::new, |it| format!(" {it}"));
        let number = status.as_u16();
        let text = format!("expected success{from}, found {number}{reason}");
        Err(error.with_text(text).with_received(self))
    }

    /// Reads the content and has a function make a value of it: JSON, with whichever crate reads that.
    ///
    /// # Errors
    ///
    /// As for [`Body::read_all`](crate::message::Body::read_all); and [`ErrorKind::Coding`], with the function's error as
    /// source.
    ///
    /// # Examples
    ///
    /// With serde it is `response.json_with(|bytes| serde_json::from_slice(bytes))`.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_body("17");
    /// let number: u32 = response.json_with(|bytes| std::str::from_utf8(bytes).unwrap_or("").parse())?;
    /// assert_eq!(number, 17);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn json_with<T, E>(mut self, read: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T>
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let bytes = self.body_mut().read_all()?;
        read(&bytes).map_err(|source| {
            let error = Error::new(ErrorKind::Coding).with_source(source);
            match self.url() {
                Some(url) => error.with_url(url),
                None => error,
            }
        })
    }
}

impl Error {
    /// Says which response it is about.
    pub(crate) fn with_received(mut self, response: Response) -> Self {
        self.inner.received = Some(response);
        self
    }

    /// Returns the response that a client has received and that is the error: with
    /// [`ErrorKind::Status`]. It is not what a server answers to an error; that makes
    /// [`IntoResponse`](crate::message::IntoResponse).
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::TOO_MANY_REQUESTS).with_header("Retry-After", "9")?;
    /// let error = response.error_for_status().unwrap_err();
    /// assert_eq!(error.response().and_then(|it| it.header("Retry-After")), Some("9"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        self.inner.received.as_ref()
    }

    /// Returns the same response, to read its body.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::CONFLICT).with_body("taken");
    /// let mut error = response.error_for_status().unwrap_err();
    /// let told = error.response_mut().ok_or("a response")?.body_mut().text()?;
    /// assert_eq!(told, "taken");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn response_mut(&mut self) -> Option<&mut Response> {
        self.inner.received.as_mut()
    }

    /// Takes the same response out of the error, which is left without.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut error = Response::new(StatusCode::GONE).error_for_status().unwrap_err();
    /// assert!(error.take_response().is_some() && error.response().is_none());
    /// ```
    #[must_use]
    pub fn take_response(&mut self) -> Option<Response> {
        self.inner.received.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Body, IntoResponse};
    use crate::status::StatusCode;
    #[cfg(feature = "client")]
    use crate::uri::Uri;

    fn status(number: u16) -> StatusCode {
        StatusCode::from_u16(number).unwrap()
    }

    #[test]
    fn only_errors_are_errors() {
        for number in [101, 200, 204, 299, 300, 304, 399] {
            let response = Response::new(status(number)).error_for_status().unwrap();
            assert_eq!(response.status().as_u16(), number);
        }
        for (number, text) in [
            (400, "expected success, found 400 Bad Request"),
            (499, "expected success, found 499"),
            (503, "expected success, found 503 Service Unavailable"),
            (600, "expected success, found 600"),
            (999, "expected success, found 999"),
        ] {
            let error = Response::new(status(number)).error_for_status().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Status(status(number)));
            assert_eq!(error.to_string(), text);
            assert!(error.url().is_none() && error.source().is_none());
        }
    }

    #[cfg(feature = "client")]
    #[test]
    fn the_error_names_the_url_without_its_secrets() {
        for (url, shown) in [
            ("http://host/path", "http://host/path"),
            ("http://user:secret@host:8080/a?key=secret#b", "http://host:8080/a"),
            ("http://[::1]", "http://[::1]"),
        ] {
            let mut response = Response::new(StatusCode::NOT_FOUND);
            response.received_from(&Uri::parse(url).unwrap());
            let error = response.error_for_status().unwrap_err();
            let text = format!("expected success from {shown}, found 404 Not Found");
            assert_eq!(error.to_string(), text);
            assert!(!format!("{error:?}").contains("user"));
            assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }

    #[test]
    fn the_body_of_the_response_can_still_be_read() {
        let response = Response::new(StatusCode::NOT_FOUND).with_body("where?");
        let mut error = response.error_for_status().unwrap_err();
        assert_eq!(error.response().unwrap().body().len(), Some(6));
        let mut first = [0; 2];
        std::io::Read::read_exact(error.response_mut().unwrap(), &mut first).unwrap();
        assert_eq!(error.take_response().unwrap().text().unwrap(), "ere?");
        assert!(error.response().is_none() && error.response_mut().is_none());
        assert_eq!(error.kind(), ErrorKind::Status(StatusCode::NOT_FOUND));
    }

    #[test]
    fn what_a_server_was_told_it_does_not_tell() {
        for number in [401, 404, 503] {
            let inner = Response::new(status(number))
                .with_header("WWW-Authenticate", "Basic realm=inside")
                .unwrap()
                .with_body("/etc/secret");
            let error = inner.error_for_status().unwrap_err();
            assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let response = error.into_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(response.header("WWW-Authenticate"), None);
            let cause = response.cause().unwrap().downcast_ref::<Error>().unwrap();
            assert_eq!(cause.response().unwrap().status().as_u16(), number, "a log may know");
            assert_eq!(response.text().unwrap(), "500 Internal Server Error\n");
        }
    }

    #[test]
    fn what_is_wrong_with_json_is_told_by_who_reads_it() {
        let two = |bytes: &[u8]| <[u8; 2]>::try_from(bytes);
        let response = |body: &'static str| Response::new(StatusCode::OK).with_body(body);
        assert_eq!(response("hi").json_with(two).unwrap(), *b"hi");
        let error = response("hello").json_with(two).unwrap_err();
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Coding, 500));
        let text = "expected content that can be decoded: could not convert slice to array";
        assert_eq!(error.to_string(), text);
        assert!(error.source().unwrap().is::<std::array::TryFromSliceError>());
        let error = response("").json_with(|_| Err::<(), _>("nothing there")).unwrap_err();
        assert_eq!(error.to_string(), "expected content that can be decoded: nothing there");
        let mut long = response("hello");
        long.body_mut().set_limit(Some(4));
        let error = long.json_with(two).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
    }

    #[cfg(feature = "client")]
    #[test]
    fn what_is_wrong_with_a_response_is_nobody_elses_fault() {
        let received = |body: &'static [u8]| {
            Response::new(StatusCode::OK).with_body(Body::from(body).of_response())
        };
        let typed = |charset: &str| {
            let content_type = format!("text/plain; charset={charset}");
            received(b"\xff").with_header("Content-Type", content_type).unwrap()
        };
        let line = received(b"\xff").lines().next().unwrap();
        for (error, text) in [
            (received(b"\xff").text(), "expected text in UTF-8 at byte 0"),
            (typed("us-ascii").text(), "expected text in US-ASCII at byte 0"),
            (typed("x").text(), "expected a charset that can be decoded, found \"x\""),
            (line, "expected text in UTF-8 on line 1 at byte 0"),
        ] {
            let error = Error::from(error.unwrap_err());
            assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Coding, 500));
            let text = format!("expected content that can be decoded: {text}");
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn a_copy_that_cannot_be_written_is_no_timeout_of_the_exchange() {
        struct Full;
        impl std::io::Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::TimedOut.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut response = Response::new(StatusCode::OK).with_body(Body::from("hello"));
        let error = Error::from(response.copy_to(&mut Full).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Output);
        let text = "expected the copy to be written: timed out";
        assert_eq!(error.to_string(), text);
    }
}
