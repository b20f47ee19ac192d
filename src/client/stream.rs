//! What an exchange goes over: a socket, TLS around one, or anything else that bytes go through.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::socket::Socket;
use crate::error::Error;

/// Makes the streams that exchanges go over: TLS, or what takes the place of TCP.
///
/// With [`ClientBuilder::tls`](super::ClientBuilder::tls) one is set up for `https` URLs: it is asked for every such
/// connection, also through the tunnel of a proxy, and puts its own stream over the one that [`Dial::stream`] makes. With
/// [`ClientBuilder::connector`](super::ClientBuilder::connector) one is set up in the place of TCP. Functions of
/// this shape do, too.
///
/// Deadlines and cancellation reach the stream below, so that what lies over it need only hand on its errors.
///
/// # Errors
///
/// What comes out of [`Dial::stream`] is handed on with `?`. All else becomes an error of the kind
/// [`Tls`](crate::error::ErrorKind::Tls) or [`Connect`](crate::error::ErrorKind::Connect).
///
/// # Examples
///
/// With rustls this works; `examples/tls` has the rest of it, an [`Overlay`]:
///
/// ```
/// # mod rustls {
/// #     use std::io::{self, Read, Write};
/// #     pub struct ClientConnection;
/// #     impl ClientConnection {
/// #         pub fn new(_: u8, _: String) -> io::Result<Self> { Ok(Self) }
/// #     }
/// #     pub struct StreamOwned<S>(S);
/// #     impl<S> StreamOwned<S> { pub fn new(_: ClientConnection, stream: S) -> Self { Self(stream) } }
/// #     impl<S: Read> Read for StreamOwned<S> {
/// #         fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> { self.0.read(buf) }
/// #     }
/// #     impl<S: Write> Write for StreamOwned<S> {
/// #         fn write(&mut self, buf: &[u8]) -> io::Result<usize> { self.0.write(buf) }
/// #         fn flush(&mut self) -> io::Result<()> { self.0.flush() }
/// #     }
/// # }
/// use nethttp::Client;
/// use nethttp::client::{Dial, Stream, Target};
/// use std::io::{self, Write};
///
/// # let config = 0;
/// let client = Client::builder()
///     .tls(move |target: &Target<'_>, dial: Dial<'_>| {
///         let name = target.host().to_owned().try_into().map_err(io::Error::other)?;
///         let session = rustls::ClientConnection::new(config.clone(), name);
///         let session = session.map_err(io::Error::other)?;
///         let mut stream = rustls::StreamOwned::new(session, dial.stream()?);
///         // The handshake, now: what goes wrong later is no error of the kind `Tls`.
///         stream.flush()?;
///         Ok(Stream::new(stream))
///     })
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub trait Connect: Send + Sync {
    /// Makes a stream to the target.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way.
    fn connect(&self, target: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream>;
}

impl<F> Connect for F
where
    F: Fn(&Target<'_>, Dial<'_>) -> io::Result<Stream> + Send + Sync,
{
    fn connect(&self, target: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
        self(target, dial)
    }
}

/// Where a stream is to lead.
///
/// # Examples
///
/// ```
/// use nethttp::client::Target;
///
/// fn server_name(target: &Target<'_>) -> String {
///     target.host().to_ascii_lowercase()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    host: &'a str,
    port: u16,
}

impl<'a> Target<'a> {
    pub(super) const fn new(host: &'a str, port: u16) -> Self {
        Self { host, port }
    }

    /// Returns the name or the address, without brackets: what a certificate has to vouch for.
    ///
    /// ```
    /// # use nethttp::client::Target;
    /// fn is_internal(target: &Target<'_>) -> bool {
    ///     target.host().ends_with(".internal")
    /// }
    /// ```
    #[must_use]
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// Returns the port.
    ///
    /// ```
    /// # use nethttp::client::Target;
    /// fn address(target: &Target<'_>) -> (String, u16) {
    ///     (target.host().to_owned(), target.port())
    /// }
    /// ```
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

/// Makes the stream below the one that is asked for.
///
/// # Examples
///
/// ```
/// use nethttp::client::{Dial, Stream, Target};
/// use std::io;
///
/// fn plain(_: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
///     dial.stream()
/// }
///
/// let client = nethttp::Client::builder().connector(plain).build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct Dial<'a> {
    make: &'a mut dyn FnMut() -> Result<Stream, Error>,
    /// What was made, for who has to end it.
    control: &'a mut Option<Arc<dyn Control>>,
    until: Option<Instant>,
}

impl<'a> Dial<'a> {
    pub(super) const fn new(
        make: &'a mut dyn FnMut() -> Result<Stream, Error>,
        control: &'a mut Option<Arc<dyn Control>>,
        until: Option<Instant>,
    ) -> Self {
        Self { make, control, until }
    }

    /// Connects: to the target, to the proxy through which the way leads, or as
    /// [`ClientBuilder::connector`](super::ClientBuilder::connector) says.
    ///
    /// # Errors
    ///
    /// What stands in the way, as an [`Error`] within. It is handed on as it is.
    ///
    /// ```
    /// # use nethttp::client::{Dial, Stream, Target};
    /// fn plain(_: &Target<'_>, dial: Dial<'_>) -> std::io::Result<Stream> {
    ///     dial.stream()
    /// }
    /// ```
    pub fn stream(self) -> io::Result<Stream> {
        let stream = (self.make)().map_err(io::Error::other)?;
        self.control.clone_from(&stream.control);
        Ok(stream)
    }

    /// Returns when the stream must be there. What [`stream`](Self::stream) makes keeps to that by itself.
    ///
    /// ```
    /// # use nethttp::client::{Dial, Stream, Target};
    /// fn hurried(_: &Target<'_>, dial: Dial<'_>) -> std::io::Result<Stream> {
    ///     println!("until {:?}", dial.deadline());
    ///     dial.stream()
    /// }
    /// ```
    #[must_use]
    pub const fn deadline(&self) -> Option<Instant> {
        self.until
    }
}

impl fmt::Debug for Dial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dial").field("deadline", &self.until).finish_non_exhaustive()
    }
}

/// Governs a stream from outside. Only who makes streams without [`Dial::stream`] needs one.
///
/// # Examples
///
/// ```
/// use nethttp::client::Control;
/// use std::sync::Mutex;
/// use std::time::Instant;
///
/// #[derive(Default)]
/// struct Pipe {
///     until: Mutex<Option<Instant>>,
///     is_closed: Mutex<bool>,
/// }
///
/// impl Control for Pipe {
///     fn set_deadline(&self, until: Option<Instant>) {
///         *self.until.lock().unwrap() = until;
///     }
///
///     fn close(&self) {
///         *self.is_closed.lock().unwrap() = true;
///     }
/// }
/// ```
pub trait Control: Send + Sync {
    /// Sets until when reads and writes may wait from now on; beyond that they report
    /// [`TimedOut`](io::ErrorKind::TimedOut) or [`WouldBlock`](io::ErrorKind::WouldBlock). A stream that cannot wait reports
    /// `WouldBlock` at once, and is asked again until then, every 10 ms in the end.
    fn set_deadline(&self, until: Option<Instant>);

    /// Ends the stream, from any thread: what waits in a read or a write returns. A panic ends here; the other streams of a
    /// [`CancelToken`](super::CancelToken) are closed all the same.
    fn close(&self);

    /// Returns whether nothing can be read at the moment: no byte, no end, no error. Whoever cannot tell says yes.
    fn is_quiet(&self) -> bool {
        true
    }
}

/// Lies over the stream of [`Dial::stream`], and knows more than its bytes: TLS. [`Stream::overlay`] takes it.
///
/// # Examples
///
/// ```
/// use nethttp::client::{Overlay, Stream};
/// use std::io::{self, Read, Write};
///
/// struct Counting(Stream, u64);
///
/// impl Read for Counting {
///     fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
///         let len = self.0.read(buf)?;
///         self.1 += len as u64;
///         Ok(len)
///     }
/// }
///
/// impl Write for Counting {
///     fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
///         self.0.write(buf)
///     }
///
///     fn flush(&mut self) -> io::Result<()> {
///         self.0.flush()
///     }
/// }
///
/// impl Overlay for Counting {
///     fn is_quiet(&mut self) -> bool {
///         self.0.is_quiet()
///     }
/// }
/// ```
pub trait Overlay: Read + Write + Send {
    /// Returns whether `read` would have to wait: there is no byte to hand out, no end, no error. Without waiting: what is below
    /// may be read as long as it is not [quiet](Stream::is_quiet) itself, and what has come for nobody but this layer, as TLS's
    /// tickets do, is taken in.
    ///
    /// A connection that is not quiet between two exchanges is not used again: what has come unasked would pass for the next
    /// response. Whoever cannot tell says yes.
    fn is_quiet(&mut self) -> bool {
        true
    }

    /// Says to the other side that nothing more will be sent, if there is a way to: TLS's `close_notify`. Called before the
    /// stream is closed.
    ///
    /// # Errors
    ///
    /// What stands in the way, which nobody is told.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

/// What can neither look nor take its leave.
struct Plain<T>(T);

impl<T: Read> Read for Plain<T> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }

    fn read_vectored(&mut self, slices: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.0.read_vectored(slices)
    }
}

impl<T: Write> Write for Plain<T> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<T: Read + Write + Send> Overlay for Plain<T> {}

impl Overlay for Stream {
    fn is_quiet(&mut self) -> bool {
        self.is_quiet()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.finish();
        Ok(())
    }
}

/// A stream of bytes both ways.
///
/// # Examples
///
/// ```
/// use nethttp::client::Stream;
/// use std::io::{Cursor, Read};
///
/// let mut stream = Stream::new(Cursor::new(b"hello".to_vec()));
/// let mut text = String::new();
/// stream.read_to_string(&mut text)?;
/// assert_eq!(text, "hello");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Stream {
    io: Io,
    control: Option<Arc<dyn Control>>,
    /// The control is that of this stream, not of one below it.
    is_own: bool,
    /// There is another stream below.
    is_over: bool,
}

enum Io {
    Socket(Arc<Socket>),
    Other(Box<dyn Overlay>),
}

impl Stream {
    /// Takes what lies over the stream of [`Dial::stream`], and is governed with it.
    ///
    /// ```
    /// use nethttp::client::Stream;
    ///
    /// let stream = Stream::new(std::io::Cursor::new(Vec::new()));
    /// # let _ = stream;
    /// ```
    #[must_use]
    pub fn new(io: impl Read + Write + Send + 'static) -> Self {
        Self::overlay(Plain(io))
    }

    /// Takes what lies over the stream of [`Dial::stream`], and is governed with it. Unlike with [`new`](Self::new), it is asked
    /// whether the connection can be used again, and told before it is closed.
    ///
    /// ```
    /// # use nethttp::client::{Overlay, Stream};
    /// fn secure(session: impl Overlay + 'static) -> Stream {
    ///     Stream::overlay(session)
    /// }
    /// ```
    #[must_use]
    pub fn overlay(io: impl Overlay + 'static) -> Self {
        Self { io: Io::Other(Box::new(io)), control: None, is_own: false, is_over: false }
    }

    /// Returns whether a read would have to wait, without waiting: for what lies over this.
    ///
    /// ```
    /// # use nethttp::client::Stream;
    /// fn has_more(below: &mut Stream) -> bool {
    ///     !below.is_quiet()
    /// }
    /// ```
    pub fn is_quiet(&mut self) -> bool {
        match &mut self.io {
            Io::Socket(socket) => socket.is_quiet(),
            Io::Other(io) => {
                let control = self.control.as_ref().filter(|_| self.is_own);
                io.is_quiet() && control.is_none_or(|control| control.is_quiet())
            }
        }
    }

    /// For what lies over a socket and takes in or says what is for nobody else: the buffers below may be full.
    const PATIENCE: Duration = Duration::from_millis(100);

    /// Returns whether a read would have to wait, whenever the last deadline was.
    pub(super) fn is_quiet_now(&mut self) -> bool {
        if !self.is_bare() {
            self.set_deadline(Instant::now().checked_add(Self::PATIENCE));
        }
        self.is_quiet()
    }

    /// Says that nothing more will be sent; what fails then fails for nobody.
    pub(super) fn finish(&mut self) {
        if self.is_bare() {
            return;
        }
        self.set_deadline(Instant::now().checked_add(Self::PATIENCE));
        if let Io::Other(io) = &mut self.io {
            let _ = io.finish();
        }
    }

    /// Has the stream governed by this, and a stream of [`Dial::stream`] below as well. Without either, nothing ends a read
    /// that waits.
    ///
    /// ```
    /// use nethttp::client::{Control, Stream};
    /// use std::io::Cursor;
    /// use std::sync::Arc;
    /// use std::time::Instant;
    ///
    /// /// Nothing in memory waits.
    /// struct Memory;
    ///
    /// impl Control for Memory {
    ///     fn set_deadline(&self, _: Option<Instant>) {}
    ///
    ///     fn close(&self) {}
    /// }
    ///
    /// let stream = Stream::new(Cursor::new(b"hello".to_vec())).with_control(Arc::new(Memory));
    /// # let _ = stream;
    /// ```
    #[must_use]
    pub fn with_control(self, control: Arc<dyn Control>) -> Self {
        let io = match self.io {
            // A socket on its own governs itself.
            Io::Socket(_) => Io::Other(Box::new(self)),
            other => other,
        };
        Self { io, control: Some(control), is_own: true, is_over: false }
    }

    pub(super) fn socket(socket: Socket) -> Self {
        let socket = Arc::new(socket);
        let control: Arc<dyn Control> = Arc::<Socket>::clone(&socket);
        Self { io: Io::Socket(socket), control: Some(control), is_own: true, is_over: false }
    }

    pub(super) const fn control(&self) -> Option<&Arc<dyn Control>> {
        self.control.as_ref()
    }

    /// Returns whether there is no other stream below.
    pub(super) const fn is_lowest(&self) -> bool {
        self.is_own && !self.is_over
    }

    /// Returns whether nothing lies over the socket that may hold something back.
    pub(super) const fn is_bare(&self) -> bool {
        matches!(self.io, Io::Socket(_))
    }

    /// Reads until the deadline; it is now that late.
    pub(super) fn read_until(
        &mut self,
        slices: &mut [IoSliceMut<'_>],
        until: Option<Instant>,
        now: Instant,
    ) -> io::Result<usize> {
        if let Io::Socket(socket) = &self.io {
            return socket.read_until(slices, until, now);
        }
        self.set_deadline(until);
        self.read_vectored(slices)
    }

    /// Reads for at most so long, without a look at the clock. Returns how long nothing has come if it has to be looked at.
    #[inline]
    pub(super) fn read_within(
        &self,
        slices: &mut [IoSliceMut<'_>],
        limit: Option<Duration>,
    ) -> Result<io::Result<usize>, Duration> {
        match &self.io {
            Io::Socket(socket) => socket.read_within(slices, limit),
            Io::Other(_) => Err(Duration::ZERO),
        }
    }

    /// Writes until the deadline; it is now that late.
    pub(super) fn write_until(
        &mut self,
        slices: &[IoSlice<'_>],
        until: Option<Instant>,
        now: Instant,
    ) -> io::Result<usize> {
        if let Io::Socket(socket) = &self.io {
            return socket.write_until(slices, until, now);
        }
        self.set_deadline(until);
        self.write_vectored(slices)
    }

    /// Flushes until the deadline: what lies over a socket may hold something back.
    pub(super) fn flush_until(&mut self, until: Option<Instant>) -> io::Result<()> {
        self.set_deadline(until);
        self.flush()
    }

    fn set_deadline(&self, until: Option<Instant>) {
        if let Some(control) = &self.control {
            control.set_deadline(until);
        }
    }

    /// Has the stream governed with the one below it, which has deadlines already.
    pub(super) fn over(mut self, below: Option<Arc<dyn Control>>) -> Self {
        let Some(below) = below else { return self };
        self.control = Some(match self.control.take() {
            // It is that stream.
            Some(own) if is_same(&own, &below) => own,
            Some(own) => {
                self.is_over = true;
                Arc::new(Both { own, below })
            }
            None => below,
        });
        self
    }
}

/// Governs a stream and the one below it.
struct Both {
    own: Arc<dyn Control>,
    below: Arc<dyn Control>,
}

impl Control for Both {
    fn set_deadline(&self, until: Option<Instant>) {
        self.below.set_deadline(until);
        self.own.set_deadline(until);
    }

    fn close(&self) {
        // What is above may panic.
        self.below.close();
        self.own.close();
    }

    /// What is below may have something that is for nobody but the stream above, which looks there itself.
    fn is_quiet(&self) -> bool {
        self.own.is_quiet()
    }
}

fn is_same(one: &Arc<dyn Control>, other: &Arc<dyn Control>) -> bool {
    ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.read_vectored(&mut [IoSliceMut::new(buf)])
    }

    fn read_vectored(&mut self, slices: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        match &mut self.io {
            Io::Socket(socket) => socket.read(slices),
            Io::Other(io) => match slices {
                [one] => io.read(one),
                many => io.read_vectored(many),
            },
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(buf)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.io {
            Io::Socket(socket) => socket.write(slices),
            Io::Other(io) => match slices {
                [one] => io.write(one),
                many => io.write_vectored(many),
            },
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.io {
            Io::Socket(_) => Ok(()),
            Io::Other(io) => io.flush(),
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.io {
            Io::Socket(socket) => f.debug_tuple("Stream").field(socket).finish(),
            Io::Other(_) => f.debug_struct("Stream").finish_non_exhaustive(),
        }
    }
}
