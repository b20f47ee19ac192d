//! What the other side of a scripted connection does.

use std::io;

/// What the other side of one connection of a [`Script`](super::Script) does, step by step; then it closes the connection.
///
/// # Examples
///
/// Two requests on one connection, the second of which is answered with half of a response:
///
/// ```
/// use nethttp::Client;
/// use nethttp::mock::{Conversation, Script};
///
/// let script = Script::new().connection(
///     Conversation::new()
///         .reply(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
///         .reply(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
/// );
/// let client = Client::builder().connector(script.clone()).build()?;
/// assert_eq!(client.get("http://a.example/").send()?.text()?, "hi");
/// assert!(client.get("http://a.example/").send()?.text().is_err());
/// assert_eq!(script.connections().len(), 1);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    pub(super) steps: Vec<Step>,
    pub(super) writing: Writing,
    /// How many bytes a read or a write moves at most.
    pub(super) piece: Option<usize>,
}

/// One step of the other side.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Waits for a request, all of it.
    Request,
    /// Waits for the head of a request.
    Head,
    /// Waits for so many bytes.
    Bytes(usize),
    Send(Vec<u8>),
    /// Says nothing more.
    Stall,
    Fail(io::ErrorKind),
}

/// What becomes of writes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Writing {
    #[default]
    Succeeds,
    /// Nothing is taken behind so many bytes.
    Stalls(usize),
    Fails(usize, io::ErrorKind),
}

impl Conversation {
    /// Creates one in which nothing is said: the connection is closed, but takes what is written.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new().connection(Conversation::new());
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// assert!(client.get("http://a.example/").send().is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Waits for a whole request, and sends these bytes.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let hello = Conversation::new().reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    /// let script = Script::new().connection(hello);
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// assert_eq!(client.get("http://a.example/").send()?.text()?, "hello");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn reply(self, bytes: impl AsRef<[u8]>) -> Self {
        self.request().send(bytes)
    }

    /// Waits for a whole request, its content included, or for the rest of it behind [`head`](Self::head).
    ///
    /// Until it is there, reads wait. What is no request for a strict server is an error of the next read.
    ///
    /// ```
    /// use nethttp::mock::Conversation;
    ///
    /// // Takes a request, and hangs up.
    /// let silent = Conversation::new().request();
    /// ```
    #[must_use]
    pub fn request(self) -> Self {
        self.step(Step::Request)
    }

    /// Waits for the head of a request.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new().connection(
    ///     Conversation::new()
    ///         .head()
    ///         .send("HTTP/1.1 100 Continue\r\n\r\n")
    ///         .request()
    ///         .send("HTTP/1.1 204 No Content\r\n\r\n"),
    /// );
    /// let client = nethttp::Client::builder().connector(script.clone()).build()?;
    /// client.put("http://a.example/").header("Expect", "100-continue").body("hello").send()?;
    /// assert!(script.connections()[0].written().ends_with(b"\r\n\r\nhello"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn head(self) -> Self {
        self.step(Step::Head)
    }

    /// Waits for so many bytes more than the requests, or bytes, that were waited for before.
    ///
    /// ```
    /// use nethttp::mock::Conversation;
    ///
    /// // Hangs up in the middle of a request.
    /// let rude = Conversation::new().bytes(10);
    /// ```
    #[must_use]
    pub fn bytes(self, len: usize) -> Self {
        self.step(Step::Bytes(len))
    }

    /// Sends these bytes.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let early = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    /// let script = Script::new().connection(Conversation::new().head().send(early));
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// let response = client.post("http://a.example/").body(vec![0; 1 << 20]).send()?;
    /// assert_eq!(response.status().as_u16(), 503);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.step(Step::Send(bytes.as_ref().to_vec()))
    }

    /// Says nothing from here on, and does not close the connection: a read waits for its deadline.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new()
    ///     .connection(Conversation::new().reply("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").stall());
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// let request = client.get("http://a.example/").timeout(Duration::from_millis(20));
    /// let error = nethttp::Error::from(request.send()?.text().unwrap_err());
    /// assert!(error.is_timeout());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn stall(self) -> Self {
        self.step(Step::Stall)
    }

    /// Has reads fail from here on.
    ///
    /// ```
    /// use std::io::ErrorKind;
    ///
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let reset = Conversation::new().request().fail(ErrorKind::ConnectionReset);
    /// let client = nethttp::Client::builder().connector(Script::new().connection(reset)).build()?;
    /// let error = client.get("http://a.example/").send().unwrap_err();
    /// assert_eq!(error.kind(), nethttp::error::ErrorKind::Receive);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn fail(self, kind: io::ErrorKind) -> Self {
        self.step(Step::Fail(kind))
    }

    /// Has every read and every write move at most so many bytes, at least one.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    /// let script = Script::new().connection(Conversation::new().reply(hello).in_pieces(1));
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// assert_eq!(client.get("http://a.example/").send()?.text()?, "hello");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn in_pieces(mut self, len: usize) -> Self {
        self.piece = Some(len.max(1));
        self
    }

    /// Has writes fail when so many bytes have been taken. What is read does not change.
    ///
    /// ```
    /// use std::io::ErrorKind;
    ///
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// // A server that has seen enough says so and hangs up.
    /// let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
    /// let rude = Conversation::new().send(refusal).write_fails(1000, ErrorKind::BrokenPipe);
    /// let client = nethttp::Client::builder().connector(Script::new().connection(rude)).build()?;
    /// let response = client.post("http://a.example/").body(vec![0; 10_000]).send()?;
    /// assert_eq!(response.status().as_u16(), 413);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn write_fails(mut self, after: usize, kind: io::ErrorKind) -> Self {
        self.writing = Writing::Fails(after, kind);
        self
    }

    /// Has writes wait for their deadlines when so many bytes have been taken.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new().connection(Conversation::new().request().write_stalls(1000));
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// let request = client.post("http://a.example/").body(vec![0; 10_000]);
    /// assert!(request.timeout(Duration::from_millis(20)).send().unwrap_err().is_timeout());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn write_stalls(mut self, after: usize) -> Self {
        self.writing = Writing::Stalls(after);
        self
    }
}
