//! The request on its way out: head, framing and body, in as few writes as may be.

use std::io::{self, Read, Write};
use std::sync::PoisonError;

use super::connection::Connection;
use super::failure::Failure;
use super::timeouts::Deadline;
use super::wire::Wire;
use crate::h1::ClientConnection;
use crate::header::HeaderMap;
use crate::message::{Body, BodyWriter, Content};
use crate::method::Method;

/// Up to this size a piece of a body is copied behind the head, and a body that writes itself is
/// gathered before it is sent.
const SMALL: usize = 16 << 10;
/// How much of a reader or a file is sent at once.
const PIECE: usize = 64 << 10;

impl Connection {
    /// Puts the head into `out`, and nothing else.
    pub(super) fn encode_head(
        &mut self,
        method: Method,
        target: &str,
        headers: &HeaderMap,
        body: &Body,
    ) -> Result<(), Failure> {
        self.out.clear();
        let (target, len) = (target.as_bytes(), body.len());
        Ok(self.h1.send_request(method, target, headers, len, &mut self.out)?)
    }

    /// Sends the head alone, for a server that is asked first.
    pub(super) fn send_head(&mut self, deadline: &Deadline) -> Result<(), Failure> {
        self.outgoing(deadline).flush()
    }

    /// Sends what was put into `out`, and the body. One that is not made of bytes is used up.
    pub(super) fn send_body(
        &mut self,
        body: &mut Body,
        deadline: &Deadline,
    ) -> Result<(), Failure> {
        let mut outgoing = self.outgoing(deadline);
        if let Some(bytes) = body.as_bytes() {
            outgoing.bytes(bytes)?;
            return outgoing.finish(&HeaderMap::new());
        }
        let limit = body.limit();
        match body.take().into_content() {
            Content::Writer(write) => {
                let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
                let mut sink = Sink::new(outgoing);
                let outcome = write(&mut sink);
                sink.finish(outcome)
            }
            Content::Upgrade(handover) => {
                drop(handover);
                let text = "expected a body that can be sent in a request, found an upgrade";
                Err(Failure::Body(io::Error::new(io::ErrorKind::Unsupported, text)))
            }
            Content::File(file, range) => outgoing.reader(Body::file(file, range), limit),
            Content::Reader(reader, len) => {
                let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
                outgoing.reader(Body::reader(reader, len), limit)
            }
            Content::Empty | Content::Bytes(..) => outgoing.finish(&HeaderMap::new()),
        }
    }

    fn outgoing<'a>(&'a mut self, deadline: &'a Deadline) -> Outgoing<'a> {
        let Self { wire, h1, out, .. } = self;
        Outgoing { wire, h1, out, deadline }
    }
}

/// A message that is being sent. What is in `out` goes first, with the next write.
struct Outgoing<'a> {
    wire: &'a mut Wire,
    h1: &'a mut ClientConnection,
    out: &'a mut Vec<u8>,
    deadline: &'a Deadline,
}

impl Outgoing<'_> {
    fn flush(&mut self) -> Result<(), Failure> {
        let sent = self.wire.write([self.out, b"", b"", b""], self.deadline);
        self.out.clear();
        sent
    }

    /// Sends a piece of the body at once, without a copy.
    fn piece(&mut self, data: &[u8]) -> Result<(), Failure> {
        let frame = self.h1.frame(data.len())?;
        let parts = [self.out.as_slice(), frame.prefix(), data, frame.suffix()];
        let sent = self.wire.write(parts, self.deadline);
        self.out.clear();
        sent
    }

    /// Ends the body, and sends what was held back.
    fn finish(&mut self, trailers: &HeaderMap) -> Result<(), Failure> {
        self.h1.finish(trailers, self.out)?;
        self.flush()
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.len() <= SMALL {
            return Ok(self.h1.send_data(bytes, self.out)?);
        }
        self.piece(bytes)
    }

    /// Sends what a body yields as it comes. No more is read than was announced, since a reader may
    /// block where it has nothing left.
    fn reader(&mut self, mut body: Body, limit: Option<u64>) -> Result<(), Failure> {
        body.set_limit(limit);
        let mut piece = vec![0; PIECE];
        while !body.is_empty() {
            let most = body.len().and_then(|left| usize::try_from(left).ok()).unwrap_or(PIECE);
            let room = piece.get_mut(..most.min(PIECE)).unwrap_or_default();
            match body.read(room) {
                Ok(0) => break,
                Ok(len) => self.piece(room.get(..len).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Failure::Body(error)),
            }
        }
        self.finish(&HeaderMap::new())
    }
}

/// Where a body writes itself to.
struct Sink<'a> {
    outgoing: Outgoing<'a>,
    /// What is not sent yet.
    piece: Vec<u8>,
    trailers: HeaderMap,
    /// Why nothing more can be sent. The writer is told too, but may not pass it on.
    failure: Option<Failure>,
}

impl<'a> Sink<'a> {
    const fn new(outgoing: Outgoing<'a>) -> Self {
        Self { outgoing, piece: Vec::new(), trailers: HeaderMap::new(), failure: None }
    }

    fn finish(mut self, outcome: io::Result<()>) -> Result<(), Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        outcome.map_err(Failure::Body)?;
        self.outgoing.bytes(&self.piece)?;
        self.outgoing.finish(&self.trailers)
    }

    fn note(&mut self, sent: Result<(), Failure>) -> io::Result<()> {
        sent.map_err(|failure| {
            self.failure = Some(failure);
            io::Error::from(io::ErrorKind::BrokenPipe)
        })
    }

    fn send_gathered(&mut self) -> io::Result<()> {
        if self.failure.is_some() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let sent = self.outgoing.piece(&self.piece);
        self.piece.clear();
        self.note(sent)
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if self.piece.len() + data.len() > SMALL {
            if !self.piece.is_empty() {
                self.send_gathered()?;
            }
            if data.len() > SMALL {
                let sent = self.outgoing.piece(data);
                self.note(sent)?;
                return Ok(data.len());
            }
        }
        self.piece.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send_gathered()
    }
}

impl BodyWriter for Sink<'_> {
    fn trailers(&mut self) -> &mut HeaderMap {
        &mut self.trailers
    }
}
