//! Scripted connections in the place of TCP.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::conversation::Conversation;
use super::peer::{Peer, Pipe};
use crate::client::{Connect, Control, Dial, Stream, Target};

/// Makes connections on which everything is said as it was written down, in the place of TCP.
///
/// It is set up with [`ClientBuilder::connector`](crate::client::ClientBuilder::connector). Connections are taken in their order,
/// wherever they are to lead; one that the script does not have is refused. Where `https` is to be spoken,
/// [`ClientBuilder::tls`](crate::client::ClientBuilder::tls) with `|_: &Target<'_>, dial: Dial<'_>| dial.stream()` leaves
/// TLS out.
///
/// A clone is the same script.
///
/// # Examples
///
/// ```
/// use nethttp::Client;
/// use nethttp::mock::Script;
///
/// let script = Script::new().reply(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
/// let client = Client::builder().connector(script.clone()).build()?;
/// assert_eq!(client.get("http://a.example/b").send()?.text()?, "hi");
/// assert!(script.connections()[0].written().starts_with(b"GET /b HTTP/1.1\r\n"));
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    to_come: VecDeque<Plan>,
    otherwise: Option<Conversation>,
    made: Vec<Connected>,
}

/// What is to become of a connection.
#[derive(Debug)]
enum Plan {
    Talk(Conversation),
    Refuse(io::ErrorKind),
}

impl Script {
    /// Creates a script without connections.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// let client = nethttp::Client::builder().connector(Script::new()).build()?;
    /// let error = client.get("http://a.example/").send().unwrap_err();
    /// assert_eq!(error.kind(), nethttp::error::ErrorKind::Connect);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a connection on which one request is answered with these bytes, and which is closed then.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// let script = Script::new()
    ///     .reply("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
    ///     .reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// assert_eq!(client.get("http://a.example/").send()?.text()?, "hi");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn reply(self, bytes: impl AsRef<[u8]>) -> Self {
        self.connection(Conversation::new().reply(bytes))
    }

    /// Adds a connection.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new()
    ///     .connection(Conversation::new().request())
    ///     .reply("HTTP/1.1 204 No Content\r\n\r\n");
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// assert!(client.get("http://a.example/").send().is_err());
    /// assert!(client.get("http://a.example/").send().is_ok());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn connection(self, conversation: Conversation) -> Self {
        self.lock().to_come.push_back(Plan::Talk(conversation));
        self
    }

    /// Adds a connection that cannot be made.
    ///
    /// ```
    /// use std::io::ErrorKind;
    ///
    /// use nethttp::mock::Script;
    ///
    /// let script = Script::new().refuse(ErrorKind::ConnectionRefused);
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// let error = client.get("http://a.example/").send().unwrap_err();
    /// assert_eq!(error.kind(), nethttp::error::ErrorKind::Connect);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn refuse(self, kind: io::ErrorKind) -> Self {
        self.lock().to_come.push_back(Plan::Refuse(kind));
        self
    }

    /// Has all further connections be like this one.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    /// let script = Script::new().otherwise(Conversation::new().reply(reply));
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// for _ in 0..3 {
    ///     assert_eq!(client.get("http://a.example/").send()?.text()?, "hi");
    /// }
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn otherwise(self, conversation: Conversation) -> Self {
        self.lock().otherwise = Some(conversation);
        self
    }

    /// Returns the connections that were made, in their order.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// let script = Script::new();
    /// assert!(script.connections().is_empty());
    /// ```
    #[must_use]
    pub fn connections(&self) -> Vec<Connected> {
        self.lock().made.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole, whoever panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connect for Script {
    fn connect(&self, target: &Target<'_>, _: Dial<'_>) -> io::Result<Stream> {
        let mut state = self.lock();
        let plan = state.to_come.pop_front().or_else(|| state.otherwise.clone().map(Plan::Talk));
        let conversation = match plan {
            Some(Plan::Talk(conversation)) => conversation,
            Some(Plan::Refuse(kind)) => return Err(kind.into()),
            None => {
                let text = "expected no connection that the script does not have";
                return Err(io::Error::new(io::ErrorKind::ConnectionRefused, text));
            }
        };
        let peer = Peer::new(conversation);
        let (host, port) = (target.host().to_owned(), target.port());
        state.made.push(Connected { host, port, peer: Arc::clone(&peer) });
        let control: Arc<dyn Control> = Arc::<Peer>::clone(&peer);
        Ok(Stream::new(Pipe(peer)).with_control(control))
    }
}

/// A connection that a [`Script`] has made, as it is now.
///
/// # Examples
///
/// ```
/// use nethttp::mock::Script;
///
/// let script = Script::new().reply("HTTP/1.1 204 No Content\r\n\r\n");
/// let client = nethttp::Client::builder().connector(script.clone()).build()?;
/// client.get("http://a.example:8080/").send()?;
/// let [made] = &script.connections()[..] else { unreachable!() };
/// assert_eq!((made.host(), made.port()), ("a.example", 8080));
/// assert!(made.is_open());
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Connected {
    host: String,
    port: u16,
    peer: Arc<Peer>,
}

impl Connected {
    /// Returns the host that was asked for: the server's, or a proxy's.
    ///
    /// ```
    /// use nethttp::mock::{Connected, Script};
    ///
    /// fn hosts(script: &Script) -> Vec<String> {
    ///     script.connections().iter().map(|made| made.host().to_owned()).collect()
    /// }
    /// ```
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port that was asked for.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// fn ports(script: &Script) -> Vec<u16> {
    ///     script.connections().iter().map(|made| made.port()).collect()
    /// }
    /// ```
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns what the client has written.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// let script = Script::new().reply("HTTP/1.1 204 No Content\r\n\r\n");
    /// let client = nethttp::Client::builder().connector(script.clone()).build()?;
    /// client.put("http://a.example/").body("hello").send()?;
    /// assert!(script.connections()[0].written().ends_with(b"\r\n\r\nhello"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        self.peer.written()
    }

    /// Returns whether the client still has the connection.
    ///
    /// ```
    /// use nethttp::mock::Script;
    ///
    /// let script = Script::new().reply("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi");
    /// let client = nethttp::Client::builder().connector(script.clone()).build()?;
    /// client.get("http://a.example/").send()?.text()?;
    /// assert!(!script.connections()[0].is_open());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.peer.is_open()
    }
}
