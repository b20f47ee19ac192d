//! The request on its way out: head, framing and body, in as few writes as may be.

use std::io::{self, IoSlice, Read, Write};
use std::mem;
use std::sync::PoisonError;

use super::connection::{Connection, Interim, Received};
use super::failure::Failure;
use super::timeouts::Deadline;
use super::wire::Writing;
use crate::error::Phase;
use crate::header::HeaderMap;
use crate::message::{Body, BodyWriter, Content};
use crate::uri::Uri;

/// Up to this size a piece of a body is copied behind the head, and a body that writes itself is
/// gathered before it is sent.
const SMALL: usize = 16 << 10;
/// How much of a reader or a file is sent at once.
const PIECE: usize = 64 << 10;

/// After so much of a body the server is listened to: it may have answered.
const LISTEN: usize = 256 << 10;

impl Connection {
    /// Sends the head alone, for a server that is asked first.
    pub(super) fn send_head(&mut self, deadline: &Deadline) -> Result<(), Failure> {
        let sent = self.wire.write([&self.out, b"", b"", b""], deadline);
        self.out.clear();
        sent
    }

    /// Sends what was put into `out`, and the body. One that can be read only once is used up.
    ///
    /// Returns the answer if the server has refused the request before all of it was sent.
    pub(super) fn send_body(
        &mut self,
        body: &mut Body,
        trailers: Option<&HeaderMap>,
        url: &Uri,
        interim: Option<&Interim>,
        deadline: &Deadline,
    ) -> Result<Option<Received>, Failure> {
        let connection = &mut *self;
        let (unheard, early) = (0, None);
        let mut outgoing =
            Outgoing { connection, trailers, url, interim, deadline, unheard, early };
        let sent = match body.as_bytes() {
            Some(bytes) => outgoing.bytes(bytes).and_then(|()| outgoing.finish()),
            None => outgoing.once(body.limit(), body.take().into_content()),
        };
        let early = outgoing.early;
        if let Err(failure) = &sent {
            self.spoil(failure);
        }
        match (sent, early) {
            // Whoever has answered need not take the rest.
            (Ok(()), Some(early)) => Ok(Some(early)),
            (
                Err(Failure::Refused | Failure::Send(_) | Failure::Timeout(Phase::Send)),
                Some(early),
            ) => Ok(Some(early)),
            (sent, _) => sent.map(|()| None),
        }
    }
}

/// A message that is being sent. What is in the connection's `out` goes first, with the next write.
struct Outgoing<'a> {
    connection: &'a mut Connection,
    /// What the caller wants behind the body.
    trailers: Option<&'a HeaderMap>,
    url: &'a Uri,
    interim: Option<&'a Interim>,
    deadline: &'a Deadline,
    /// How much was sent since the server was listened to.
    unheard: usize,
    /// What it has answered.
    early: Option<Received>,
}

impl Outgoing<'_> {
    /// Sends what was held back, and these.
    fn write(&mut self, [prefix, data, suffix]: [&[u8]; 3]) -> Result<(), Failure> {
        let out = mem::take(&mut self.connection.out);
        let mut slices = [&out, prefix, data, suffix].map(IoSlice::new);
        let mut writing = Writing::new(&mut slices);
        let outcome = loop {
            match self.connection.wire.write_for_a_while(&mut writing, self.deadline) {
                Ok(true) => break Ok(()),
                // A server that takes no more may have said why.
                Ok(false) => {
                    if let Err(failure) = self.listen() {
                        break Err(failure);
                    }
                }
                Err(failure) => break Err(failure),
            }
        };
        self.connection.out = out;
        self.connection.out.clear();
        outcome
    }

    /// Sends a piece of the body at once, without a copy.
    fn piece(&mut self, data: &[u8]) -> Result<(), Failure> {
        if self.unheard >= LISTEN {
            self.listen()?;
        }
        let frame = self.connection.h1.frame(data.len())?;
        self.write([frame.prefix(), data, frame.suffix()])?;
        self.unheard += data.len();
        Ok(())
    }

    /// Looks whether the server has answered. One that has refused the request will not look at the rest of it.
    fn listen(&mut self) -> Result<(), Failure> {
        self.unheard = 0;
        if self.early.is_none() {
            let early = self.connection.early_head(self.url, self.interim, self.deadline);
            self.early = early.map_err(Failure::while_sending)?;
        }
        match &self.early {
            Some(early) if !early.response.status().is_success() => Err(Failure::Refused),
            _ => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        match self.trailers {
            Some(trailers) => self.finish_with(trailers),
            None => self.finish_with(&HeaderMap::new()),
        }
    }

    /// Ends the body, and sends what was held back.
    fn finish_with(&mut self, trailers: &HeaderMap) -> Result<(), Failure> {
        let Connection { h1, out, .. } = &mut *self.connection;
        h1.finish(trailers, out)?;
        self.write([b"", b"", b""])
    }

    fn bytes(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        if bytes.len() <= SMALL {
            let Connection { h1, out, .. } = &mut *self.connection;
            return Ok(h1.send_data(bytes, out)?);
        }
        while let Some((piece, rest)) = bytes.split_at_checked(LISTEN) {
            self.piece(piece)?;
            bytes = rest;
        }
        if bytes.is_empty() { Ok(()) } else { self.piece(bytes) }
    }

    /// Sends what can be read only once.
    fn once(&mut self, limit: Option<u64>, content: Content) -> Result<(), Failure> {
        match content {
            Content::Writer(write) => {
                let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
                let mut sink = Sink::new(self);
                let outcome = write(&mut sink);
                sink.finish(outcome)
            }
            Content::Upgrade(handover) => {
                drop(handover);
                let text = "expected a body that can be sent in a request, found an upgrade";
                Err(Failure::Body(io::Error::new(io::ErrorKind::Unsupported, text)))
            }
            Content::File(file, range) => self.reader(Body::file(file, range), limit),
            Content::Reader(reader, len) => {
                let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
                self.reader(Body::reader(reader, len), limit)
            }
            Content::Empty | Content::Bytes(..) => self.finish(),
        }
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
        self.finish()
    }
}

/// Where a body writes itself to.
struct Sink<'a, 'c> {
    outgoing: &'a mut Outgoing<'c>,
    /// What is not sent yet.
    piece: Vec<u8>,
    trailers: HeaderMap,
    /// Why nothing more can be sent. The writer is told too, but may not pass it on.
    failure: Option<Failure>,
}

impl<'a, 'c> Sink<'a, 'c> {
    fn new(outgoing: &'a mut Outgoing<'c>) -> Self {
        let trailers = outgoing.trailers.cloned().unwrap_or_default();
        Self { outgoing, piece: Vec::new(), trailers, failure: None }
    }

    fn finish(self, outcome: io::Result<()>) -> Result<(), Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        outcome.map_err(Failure::Body)?;
        self.outgoing.bytes(&self.piece)?;
        self.outgoing.finish_with(&self.trailers)
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

impl Write for Sink<'_, '_> {
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

impl BodyWriter for Sink<'_, '_> {
    fn trailers(&mut self) -> &mut HeaderMap {
        &mut self.trailers
    }
}
