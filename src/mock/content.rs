//! Content that goes nowhere.

use std::io::{self, Read, Write};
use std::sync::{Arc, OnceLock, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::header::HeaderMap;
use crate::message::{Body, BodyWriter, Content};

/// Takes the content out of a request, as sending it would.
pub(super) fn take(body: &mut Body) -> io::Result<Vec<u8>> {
    if let Some(bytes) = body.as_bytes() {
        let bytes = bytes.to_vec();
        *body = Body::empty();
        return Ok(bytes);
    }
    let limit = body.limit();
    let mut body = match body.take().into_content() {
        Content::Writer(write) => {
            let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
            let mut page = Page::default();
            write(&mut page)?;
            return Ok(page.bytes);
        }
        Content::Upgrade(_) => {
            let text = "expected a body that can be sent in a request, found an upgrade";
            return Err(io::Error::new(io::ErrorKind::Unsupported, text));
        }
        Content::File(file, range) => Body::file(file, range),
        Content::Reader(reader, len) => {
            let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
            // A reader may block where it has nothing left.
            Body::reader(reader.take(len.unwrap_or(u64::MAX)), len)
        }
        Content::Empty | Content::Bytes(..) => Body::empty(),
    };
    body.set_limit(limit);
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns what has come of a response's body, where it was one that writes itself. One that does not come to its end is cut off.
pub(super) fn written(body: Body) -> Body {
    let (limit, trailers) = (body.limit(), body.trailers_to_come());
    let mut body = match body.into_content() {
        Content::Writer(write) => {
            let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
            let mut page = Page::default();
            let outcome = write(&mut page);
            let trailers = Some(Arc::new(OnceLock::from(page.trailers)));
            match outcome {
                Ok(()) => Body::from(page.bytes).with_trailers(trailers),
                Err(_) => Body::reader(io::Cursor::new(page.bytes).chain(CutOff), None),
            }
        }
        content => Body::new(content).with_trailers(trailers),
    };
    body.set_limit(limit);
    body
}

/// The end of a response that is not complete.
struct CutOff;

impl Read for CutOff {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let error = Error::new(ErrorKind::Truncated);
        let error = error.with_text("expected the rest of the response from the mock");
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, error))
    }
}

/// What a body writes itself to.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
    trailers: HeaderMap,
}

impl Write for Page {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.bytes.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BodyWriter for Page {
    fn trailers(&mut self) -> &mut HeaderMap {
        &mut self.trailers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_would_be_sent() {
        for (body, content) in [
            (Body::empty(), &b""[..]),
            (Body::from("bytes"), b"bytes"),
            (Body::reader(io::Cursor::new("reader"), None), b"reader"),
            (Body::reader(io::repeat(b'r'), Some(3)), b"rrr"),
            (Body::writer(|out| out.write_all(b"writer")), b"writer"),
        ] {
            let mut body = body;
            assert_eq!(take(&mut body).unwrap(), content);
            assert!(body.is_empty());
        }
    }

    #[test]
    fn tells_what_cannot_be_sent() {
        let mut long = Body::reader(io::repeat(b'r'), None);
        long.set_limit(Some(2));
        let mut broken = Body::writer(|_| Err(io::Error::other("torn")));
        let mut upgrade = Body::upgrade(|_| Ok(()));
        for (body, text) in [
            (&mut long, "expected a body of at most 2 bytes"),
            (&mut broken, "torn"),
            (&mut upgrade, "expected a body that can be sent in a request, found an upgrade"),
        ] {
            assert_eq!(take(body).unwrap_err().to_string(), text);
        }
    }
}
