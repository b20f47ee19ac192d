//! A response onto the wire, by whatever way is best for its body.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::PoisonError;

use super::scratch::Scratch;
use super::transport::Link;
use super::wire::Wire;
use crate::h1::EncodeError;
use crate::header::HeaderMap;
use crate::message::{Body, BodyWriter, Content, IntoResponse, Response, Sent, read_at};
use crate::status::StatusCode;

/// Bodies up to this size are copied behind their head and go out with it; larger ones are not copied.
const COPIED: usize = 16 << 10;
/// The buffer for readers.
const BUFFER: usize = 64 << 10;
/// What a body that writes itself may leave waiting.
const WRITER: usize = 16 << 10;

/// Sends a response. Small ones may wait in the wire's buffer for a flush.
///
/// # Errors
///
/// The connection failed, or the body did: then the response is broken off, and the client can tell.
///
/// # Panics
///
/// The body does, and whoever waits for the response to be sent has been told.
pub(super) fn send(wire: &mut Wire, response: &mut Response) -> io::Result<()> {
    let when_sent = response.take_when_sent();
    let mut status = response.status();
    wire.body_sent = 0;
    let sending = AssertUnwindSafe(|| send_parts(wire, response, &mut status));
    let result = panic::catch_unwind(sending);
    let is_complete = matches!(result, Ok(Ok(())));
    let panics = when_sent.call(&Sent { status, body: wire.body_sent, is_complete });
    wire.counters.panics.add(panics);
    result.unwrap_or_else(|panic| panic::resume_unwind(panic))
}

fn send_parts(wire: &mut Wire, response: &mut Response, status: &mut StatusCode) -> io::Result<()> {
    let mut body = response.body_mut().take();
    if head(wire, response, &body).is_err() {
        // What the handler has made cannot be sent, so the server says something of its own.
        wire.state.close_after();
        *response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        *status = response.status();
        body = response.body_mut().take();
        head(wire, response, &body).map_err(broken)?;
    }
    if wire.state.is_switched() {
        return hand_over(wire, body);
    }
    let mut trailers = HeaderMap::new();
    if !wire.state.is_body_empty() {
        match body.into_content() {
            Content::Empty | Content::Upgrade(_) => {}
            Content::Bytes(bytes, at) => bytes_body(wire, bytes.get(at..).unwrap_or_default())?,
            Content::File(file, range) => file_body(wire, file, range)?,
            Content::Reader(reader, _) => {
                let mut reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
                reader_body(wire, &mut reader)?;
            }
            Content::Writer(write) => {
                let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
                let mut sink = Sink { wire, pending: Vec::new(), trailers };
                write(&mut sink)?;
                sink.send_pending()?;
                trailers = sink.trailers;
            }
        }
    }
    wire.state.finish(&trailers, &mut wire.out).map_err(broken)
}

fn head(wire: &mut Wire, response: &Response, body: &Body) -> Result<(), EncodeError> {
    let Wire { state, dates, out, .. } = wire;
    state.send_response(
        response.status(),
        response.reason(),
        response.headers(),
        body.len(),
        Some(dates.now()),
        out,
    )
}

/// The framing of a body says that it is not what it was announced to be.
fn broken(error: EncodeError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn bytes_body(wire: &mut Wire, bytes: &[u8]) -> io::Result<()> {
    if bytes.len() <= COPIED {
        wire.body_sent += u64::try_from(bytes.len()).unwrap_or_default();
        return wire.state.send_data(bytes, &mut wire.out).map_err(broken);
    }
    let frame = wire.state.frame(bytes.len()).map_err(broken)?;
    wire.out.extend_from_slice(frame.prefix());
    wire.send(bytes)?;
    wire.out.extend_from_slice(frame.suffix());
    Ok(())
}

fn file_body(wire: &mut Wire, mut file: File, range: Range<u64>) -> io::Result<()> {
    let len = range.end.saturating_sub(range.start);
    let mut buffer = Scratch::take();
    if let Some(buffer) = usize::try_from(len).ok().and_then(|len| buffer.get_mut(..len)) {
        return small_file(wire, &file, range.start, buffer);
    }
    if let (true, Ok(len)) = (wire.link.bare_tcp().is_some(), usize::try_from(len)) {
        let frame = wire.state.frame(len).map_err(broken)?;
        wire.out.extend_from_slice(frame.prefix());
        wire.flush()?;
        wire.send_file(file, range)?;
        wire.out.extend_from_slice(frame.suffix());
        return Ok(());
    }
    file.seek(SeekFrom::Start(range.start))?;
    reader_body(wire, &mut file.take(len))
}

/// Sends a part of a file that goes out in one piece. One that has shrunk is shorter than was announced, which `finish`
/// reports.
fn small_file(wire: &mut Wire, file: &File, start: u64, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    let read = loop {
        let rest = buffer.get_mut(filled..).unwrap_or_default();
        let at = start.saturating_add(u64::try_from(filled).unwrap_or(u64::MAX));
        match if rest.is_empty() { Ok(0) } else { read_at(file, rest, at) } {
            Ok(0) => break Ok(()),
            Ok(len) => filled += len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    bytes_body(wire, buffer.get(..filled).unwrap_or_default())?;
    read
}

/// Sends what a reader yields, piece by piece as it comes.
fn reader_body(wire: &mut Wire, reader: &mut dyn Read) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let len = match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        bytes_body(wire, buffer.get(..len).unwrap_or_default())?;
        // The next piece may be long in coming. A large one is out already, the last one need not be.
        if len <= COPIED && !wire.state.is_body_empty() {
            wire.flush()?;
        }
    }
}

/// Gives the connection to whatever comes after HTTP.
fn hand_over(wire: &mut Wire, body: Body) -> io::Result<()> {
    wire.flush()?;
    if let Content::Upgrade(handover) = body.into_content() {
        let handover = handover.into_inner().unwrap_or_else(PoisonError::into_inner);
        let early = io::Cursor::new(wire.take_input());
        wire.lift_timeout()?;
        handover(&mut Handed { early, link: &mut wire.link })?;
    }
    Ok(())
}

/// A connection that was handed over: first what the client has sent already.
struct Handed<'a> {
    early: io::Cursor<Vec<u8>>,
    link: &'a mut Link,
}

impl Read for Handed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.early.read(buf)? {
            0 => self.link.read(buf),
            len => Ok(len),
        }
    }
}

impl Write for Handed<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.link.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.link.flush()
    }
}

/// Where a body writes itself to.
struct Sink<'a> {
    wire: &'a mut Wire,
    pending: Vec<u8>,
    trailers: HeaderMap,
}

impl Sink<'_> {
    fn send_pending(&mut self) -> io::Result<()> {
        let sent = bytes_body(self.wire, &self.pending);
        self.pending.clear();
        sent
    }
}

impl Write for Sink<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.pending.len() + buf.len() > WRITER {
            self.send_pending()?;
            self.wire.flush_batch()?;
        }
        if buf.len() > WRITER {
            bytes_body(self.wire, buf)?;
        } else {
            self.pending.extend_from_slice(buf);
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send_pending()?;
        self.wire.flush()
    }
}

impl BodyWriter for Sink<'_> {
    fn trailers(&mut self) -> &mut HeaderMap {
        &mut self.trailers
    }
}
