//! Events as they happen.

use std::io::{self, Write};

use super::event::lines;
use super::{Body, BodyWriter, Event, Response};
use crate::header::{self, HeaderName};
use crate::status::StatusCode;

/// Writes events to a client, each at once: what [`Response::events`] hands to its function.
///
/// # Examples
///
/// ```
/// use nethttp::message::{Event, EventWriter};
///
/// let mut events = EventWriter::new(Vec::new());
/// events.comment("welcome")?;
/// events.send(&Event::new("hello"))?;
/// assert_eq!(events.into_inner(), b": welcome\n\ndata: hello\n\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct EventWriter<W> {
    out: W,
}

impl<W: Write> EventWriter<W> {
    /// Creates a writer of events over another writer.
    ///
    /// ```
    /// use nethttp::message::EventWriter;
    ///
    /// let events = EventWriter::new(std::io::stdout());
    /// ```
    #[must_use]
    pub const fn new(out: W) -> Self {
        Self { out }
    }

    /// Sends an event.
    ///
    /// # Errors
    ///
    /// Those of the writer: the client has gone, and nobody is listening any more.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::{Event, EventWriter};
    ///
    /// let mut events = EventWriter::new(Vec::new());
    /// events.send(&Event::new("1"))?;
    /// events.send(&Event::new("2"))?;
    /// assert_eq!(events.into_inner(), b"data: 1\n\ndata: 2\n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn send(&mut self, event: &Event<'_>) -> io::Result<()> {
        write!(self.out, "{event}")?;
        self.out.flush()
    }

    /// Sends a comment, which clients skip. One every 15 seconds or so, where nothing else happens, keeps
    /// proxies from closing the connection, and tells this side when the client has gone.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::EventWriter;
    ///
    /// let mut events = EventWriter::new(Vec::new());
    /// events.comment("still here")?;
    /// assert_eq!(events.into_inner(), b": still here\n\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        for line in lines(text) {
            writeln!(self.out, ": {line}")?;
        }
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    /// Returns the writer underneath.
    ///
    /// ```
    /// use nethttp::message::EventWriter;
    ///
    /// assert!(EventWriter::new(Vec::new()).into_inner().is_empty());
    /// ```
    #[must_use]
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// What says that this is a stream of events, that it is not to be kept, and to nginx that it is not to be
/// collected.
const FIELDS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/event-stream"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("X-Accel-Buffering"), "no"),
];

impl Response {
    /// Creates a stream of events, for `EventSource` in a browser: [HTML
    /// §9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html).
    ///
    /// The function is called once the head is out, on the thread that serves the connection, and the
    /// stream lasts until it returns. It may wait for whatever it likes, and each event goes out when it is
    /// sent. When the stream ends or breaks, the client connects again after a few seconds, and says in
    /// [`Last-Event-ID`](crate::header::LAST_EVENT_ID) what it has got; 204 in answer to that ends it for good.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Event;
    /// use nethttp::{Request, Response};
    ///
    /// /// Counts down from ten, or from where the client has got to.
    /// fn countdown(request: &mut Request) -> Response {
    ///     let last = request.header("Last-Event-ID").and_then(|id| id.parse().ok());
    ///     let next = last.unwrap_or(11_u32).saturating_sub(1).min(10);
    ///     Response::events(move |events| {
    ///         for count in (0..=next).rev() {
    ///             let event = Event::new(count.to_string()).with_id(count.to_string());
    ///             events.send(&event.map_err(std::io::Error::other)?)?;
    ///             std::thread::sleep(std::time::Duration::from_secs(1));
    ///         }
    ///         Ok(())
    ///     })
    /// }
    ///
    /// let response = countdown(&mut Request::default());
    /// assert_eq!(response.header("Content-Type"), Some("text/event-stream"));
    /// ```
    #[must_use]
    pub fn events(
        write: impl FnOnce(&mut EventWriter<&mut dyn BodyWriter>) -> io::Result<()> + Send + 'static,
    ) -> Self {
        let mut response = Self::new(StatusCode::OK).with_body(Body::writer(|out| {
            // The client is connected when it has the head, which may be long before the first event.
            out.flush()?;
            write(&mut EventWriter::new(out))
        }));
        for (name, value) in FIELDS {
            // There is room for three.
            let _ = response.headers_mut().insert(name, value);
        }
        response
    }
}

#[cfg(all(test, any(feature = "client", feature = "server")))]
mod tests {
    use super::*;
    use crate::header::HeaderMap;
    use crate::message::Content;

    /// Takes what is written and flushed, and nothing beyond a limit.
    struct Client {
        waiting: Vec<u8>,
        seen: Vec<String>,
        patience: usize,
    }

    impl Write for Client {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.waiting.extend_from_slice(buf);
            Ok(buf.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            if self.seen.len() == self.patience {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.seen.push(String::from_utf8(self.waiting.split_off(0)).expect("text"));
            Ok(())
        }
    }

    impl BodyWriter for Client {
        fn trailers(&mut self) -> &mut HeaderMap {
            unreachable!("nobody asks")
        }
    }

    /// Lets a client of so much patience have a response; returns what it has seen.
    fn client(response: Response, patience: usize) -> (io::Result<()>, Client) {
        let mut client = Client { waiting: Vec::new(), seen: Vec::new(), patience };
        let content = response.into_body().into_content();
        let Content::Writer(write) = content else { panic!("no writer") };
        let written = write.into_inner().expect("no panic")(&mut client);
        (written, client)
    }

    fn three() -> Response {
        Response::events(|events| {
            events.comment("one\r\ntwo")?;
            events.send(&Event::new("a"))?;
            events.send(&Event::new("b"))
        })
    }

    #[test]
    fn the_head_and_each_event_go_out_at_once() {
        let (written, client) = client(three(), 9);
        assert!(written.is_ok() && client.waiting.is_empty());
        assert_eq!(client.seen, ["", ": one\n: two\n\n", "data: a\n\n", "data: b\n\n"]);
    }

    #[test]
    fn the_stream_is_neither_kept_nor_collected() {
        let response = three();
        assert_eq!(response.status(), StatusCode::OK);
        for (name, value) in FIELDS {
            assert_eq!(response.header(name), Some(value));
        }
        assert_eq!(response.body().len(), None);
    }

    #[test]
    fn a_client_that_has_gone_ends_the_stream() {
        for patience in 0..4 {
            let (written, client) = client(three(), patience);
            assert!(written.is_err());
            assert_eq!(client.seen.len(), patience);
        }
    }
}
