//! What bodies are made of.

use alloc::borrow::Cow;
#[cfg(feature = "std")]
use std::{
    boxed::Box,
    fs::File,
    io::{self, Read, Write},
    ops::Range,
    sync::Mutex,
};

#[cfg(feature = "std")]
use crate::header::HeaderMap;

/// What a body is made of.
#[derive(Default)]
#[cfg_attr(
    all(feature = "std", not(any(feature = "client", feature = "server"))),
    expect(dead_code, reason = "only client and server send bodies")
)]
pub(crate) enum Content {
    #[default]
    Empty,
    /// Bytes, of which that many have been read.
    Bytes(Cow<'static, [u8]>, usize),
    #[cfg(feature = "std")]
    File(File, Range<u64>),
    /// A reader and the number of bytes that it has left, if known. The lock is never taken: it makes
    /// a body, and with it an error that carries a response, `Sync`.
    #[cfg(feature = "std")]
    Reader(Mutex<Box<dyn Read + Send>>, Option<u64>),
    #[cfg(feature = "std")]
    Writer(Mutex<WriteBody>),
    #[cfg(feature = "std")]
    Upgrade(Mutex<Handover>),
}

#[cfg(feature = "std")]
pub(super) type WriteBody = Box<dyn FnOnce(&mut dyn BodyWriter) -> io::Result<()> + Send>;
#[cfg(feature = "std")]
pub(super) type Handover = Box<dyn FnOnce(&mut dyn Upgraded) -> io::Result<()> + Send>;

/// Where a [`Body::writer`](super::Body::writer) writes to: the connection, through the framing of the message.
///
/// What is written may wait in a buffer; [`flush`](std::io::Write::flush) sends it at once.
///
/// # Examples
///
/// ```
/// use nethttp::Body;
/// use nethttp::message::BodyWriter;
///
/// let events = Body::writer(|out: &mut dyn BodyWriter| {
///     for n in 0..3 {
///         write!(out, "data: {n}\n\n")?;
///         out.flush()?;
///     }
///     Ok(())
/// });
/// assert_eq!(events.len(), None);
/// ```
#[cfg(feature = "std")]
pub trait BodyWriter: Write {
    /// Returns the trailers, which are sent behind the body if its framing has a place for them.
    fn trailers(&mut self) -> &mut HeaderMap;
}

/// A connection that no longer speaks HTTP: after `101 Switching Protocols`, or through a tunnel.
///
/// # Examples
///
/// ```
/// use nethttp::message::Upgraded;
/// use nethttp::{Body, Response, StatusCode};
///
/// let echo = Body::upgrade(|stream: &mut dyn Upgraded| {
///     let mut line = [0; 64];
///     let len = stream.read(&mut line)?;
///     stream.write_all(&line[..len])
/// });
/// let response = Response::new(StatusCode::SWITCHING_PROTOCOLS)
///     .with_header("Upgrade", "echo")?
///     .with_body(echo);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[cfg(feature = "std")]
pub trait Upgraded: Read + Write + Send {}

#[cfg(feature = "std")]
impl<T: Read + Write + Send> Upgraded for T {}
