//! The content codings that the client asks for and undoes,
//! [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4),
//! [RFC 9110 §12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).

use std::error::Error as StdError;
use std::io::{self, Read};

use super::origin::Origin;
use crate::coding::{CodingError, Decoded, Decoders, Limits, UnsupportedCoding};
use crate::error::{Error, ErrorKind};
use crate::field::{ContentCoding, ContentEncoding};
use crate::header::{self, HeaderError, HeaderMap, HeaderValue};
use crate::message::{Body, Response};
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::Uri;

/// What a client can undo, and how it says so.
#[derive(Debug)]
pub(super) struct Codings {
    decoders: Decoders,
    accept_encoding: HeaderValue,
}

impl Codings {
    /// Takes what the caller has set up.
    ///
    /// # Errors
    ///
    /// A coding whose name cannot stand on a field line.
    pub(super) fn new(decoders: Decoders) -> Result<Self, HeaderError> {
        let names: Vec<&str> = decoders.names().collect();
        let accept_encoding = HeaderValue::parse(names.join(", ").as_bytes())?;
        Ok(Self { decoders, accept_encoding })
    }

    /// Returns what Accept-Encoding says in a request with these fields of the caller's own, or none if
    /// the client must not ask: where the caller has asked, where there will be no content, and for a
    /// part of a representation, which would be a part of the coded one.
    pub(super) fn ask(&self, method: Method, own: &HeaderMap) -> Option<&HeaderValue> {
        let silent = method == Method::HEAD
            || own.contains_key(header::ACCEPT_ENCODING)
            || own.contains_key(header::RANGE);
        (!silent).then_some(&self.accept_encoding)
    }

    /// Returns the codings of a response that was asked for, or none if there is nothing to undo or not
    /// all of it can be undone.
    pub(super) fn of(&self, response: &Response) -> Option<ContentEncoding<'static>> {
        let encoding = ContentEncoding::from_headers(response.headers()).ok()?;
        let names = encoding.codings().map(ContentCoding::as_str);
        let undone = response.status() != StatusCode::PARTIAL_CONTENT
            && !encoding.is_identity()
            && self.decoders.supports(names);
        undone.then(|| encoding.into_owned())
    }

    /// Undoes the codings of what comes in.
    ///
    /// # Errors
    ///
    /// Codings that [`of`](Self::of) does not return.
    pub(super) fn undo(
        &self,
        incoming: Body,
        encoding: ContentEncoding<'static>,
        origin: Origin,
        url: Uri,
    ) -> Result<Decoding, UnsupportedCoding> {
        let names = encoding.codings().map(ContentCoding::as_str);
        let decoded = self.decoders.decode(incoming, names)?;
        Ok(Decoding { decoded, encoding, origin, url })
    }
}

/// Bodies are read in pieces and may be of any length; that little becomes very much is guarded against.
impl Default for Codings {
    fn default() -> Self {
        let decoders = Decoders::new().with_limits(Limits::DEFAULT.output(u64::MAX));
        Self { decoders, accept_encoding: HeaderValue::from_static("gzip, deflate") }
    }
}

/// A body whose codings are undone while it is read.
#[derive(Debug)]
pub(super) struct Decoding {
    decoded: Decoded<'static>,
    encoding: ContentEncoding<'static>,
    origin: Origin,
    url: Uri,
}

impl Decoding {
    /// Tells the caller what is wrong with the content. What is wrong with the connection has been put
    /// into words below, and what passes is none of the caller's business.
    fn tell(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        let told = error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<Error>);
        if told || kind == io::ErrorKind::Interrupted {
            return error;
        }
        let Self { encoding, origin, url, .. } = self;
        let text = format!("expected content in {encoding} from {origin}");
        let outer = Error::new(ErrorKind::Coding).with_text(text).with_url(url);
        let outer = match error.downcast::<CodingError>() {
            Ok(error) => outer.with_source(error),
            // What was plugged in has errors of its own.
            Err(error) => outer.with_source(error),
        };
        io::Error::new(kind, outer)
    }
}

impl Read for Decoding {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.decoded.read(buf).map_err(|error| self.tell(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_asks_for_what_it_can_undo() {
        let decoders = Decoders::new();
        let built = Codings::new(decoders.clone()).unwrap();
        assert_eq!(Codings::default().accept_encoding.as_bytes(), built.accept_encoding.as_bytes());
        let plugged = Codings::new(decoders.with("br", |reader| Ok(Box::new(reader)))).unwrap();
        assert_eq!(plugged.accept_encoding.as_bytes(), b"gzip, deflate, br");
        assert!(Codings::new(Decoders::new().with("a\nb", |reader| Ok(Box::new(reader)))).is_err());
    }

    #[test]
    fn undoes_what_it_knows_in_a_whole_response() {
        let codings = Codings::default();
        for (status, lines, expected) in [
            (StatusCode::OK, &["gzip"][..], Some("gzip")),
            (StatusCode::OK, &["X-GZIP"], Some("gzip")),
            (StatusCode::OK, &["deflate, gzip"], Some("deflate, gzip")),
            (StatusCode::OK, &["deflate", "gzip"], Some("deflate, gzip")),
            (StatusCode::OK, &["identity, gzip"], Some("gzip")),
            (StatusCode::OK, &["gzip, gzip, gzip"], Some("gzip, gzip, gzip")),
            (StatusCode::NOT_FOUND, &["gzip"], Some("gzip")),
            (StatusCode::OK, &[], None),
            (StatusCode::OK, &[""], None),
            (StatusCode::OK, &["identity"], None),
            (StatusCode::OK, &["br"], None),
            (StatusCode::OK, &["gzip, br"], None),
            (StatusCode::OK, &["gzip", "br"], None),
            (StatusCode::OK, &["gzip, gzip, gzip, gzip"], None),
            (StatusCode::OK, &["gzip gzip"], None),
            (StatusCode::OK, &["gzip;q=1"], None),
            (StatusCode::PARTIAL_CONTENT, &["gzip"], None),
        ] {
            let mut response = Response::new(status);
            for line in lines {
                response.headers_mut().append("Content-Encoding", line).unwrap();
            }
            let found = codings.of(&response).as_ref().map(ToString::to_string);
            assert_eq!(found.as_deref(), expected, "{status} {lines:?}");
        }
    }
}
