//! How long the handling of one request may take.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Phase};
use crate::message::{Body, IntoResponse, Request, Response};
use crate::server::clock::deadline;
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;

/// Gives a handler a [`Deadline`]: a [`Middleware`].
///
/// | what | when the time is over |
/// |---|---|
/// | a handler that reads the request's content | gets an error, which [becomes](crate::Error) 408 |
/// | a handler that asks for its [`Deadline`] | is told, and answers 503 with `?` |
/// | a handler that does neither | goes on |
/// | a response that is there | is sent, however long that takes |
///
/// The [timeouts](crate::server::Timeouts) of the server are for single waits: a client that sends a byte now and then
/// meets all of them. This is for the whole; but a wait that has begun is not cut short, so it can take one
/// [`Timeouts::read`](crate::server::Timeouts::read) longer.
///
/// # What it cannot do
///
/// A thread that computes, or waits for something else, cannot be stopped from outside. To leave it behind and answer in its place would
/// not free what it uses, and under load that is how a server ends: with everybody gone and all of the work still being
/// done. So a handler that calls others passes on what is [left](Deadline::remaining), and one that computes for long
/// [asks](Deadline::check) now and then.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Deadline, Handler, Timeout};
/// use nethttp::{Request, Server};
/// use std::time::Duration;
///
/// let app = (|request: &mut Request| -> nethttp::Result<String> {
///     let deadline = Deadline::of(request);
///     let mut sum = 0_u64;
///     for n in 0..10_000 {
///         deadline.check()?;
///         sum += n;
///     }
///     Ok(format!("{sum}\n"))
/// })
/// .wrap(Timeout::new(Duration::from_secs(30)));
///
/// assert_eq!(app.handle(&mut Request::default()).text()?, "49995000\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout {
    total: Duration,
}

impl Timeout {
    /// Creates one of that length, from the request's head on. Where several stand around a handler, the first that is over counts.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{Handler, Timeout};
    /// use std::time::Duration;
    ///
    /// let app = (|_: &mut Request| "hello").wrap(Timeout::new(Duration::from_secs(10)));
    /// assert_eq!(app.handle(&mut Request::default()).status().as_u16(), 200);
    /// ```
    #[must_use]
    pub const fn new(total: Duration) -> Self {
        Self { total }
    }
}

impl Middleware for Timeout {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let own = deadline(self.total);
        let outer = Deadline::of(request);
        let end = outer.0.map_or(own, |outer| outer.min(own));
        request.extensions_mut().insert(Deadline(Some(end)));
        let body = request.body_mut();
        // What is there already takes no time.
        if body.as_bytes().is_none() {
            let (len, limit, trailers) = (body.len(), body.limit_left(), body.trailers_to_come());
            let mut inner = body.take();
            inner.set_limit(None);
            *body = Body::reader(Timed { body: inner, end }, len).with_trailers(trailers);
            body.set_limit(limit);
        }
        let response = next.handle(request);
        // Whoever stands further out has the time that was there before.
        request.extensions_mut().insert(outer);
        response
    }
}

/// A body that is not read any more when the time is over. The limit is that of the body around it.
struct Timed {
    body: Body,
    end: Instant,
}

impl Read for Timed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.end {
            let late = Error::new(ErrorKind::Timeout(Phase::Idle))
                .with_text("expected the content before the time for the request was over")
                .with_status(StatusCode::REQUEST_TIMEOUT);
            return Err(io::Error::new(io::ErrorKind::TimedOut, late));
        }
        self.body.read(buf)
    }
}

/// When the time for a request is over: see [`Timeout`].
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::client::Timeouts;
/// use nethttp::server::Deadline;
///
/// fn relay(request: &mut Request) -> nethttp::Result<String> {
///     let left = Deadline::of(request).remaining();
///     let timeouts = Timeouts::DEFAULT.total(left);
///     Ok(nethttp::get("http://inner.example/").timeouts(timeouts).send()?.text()?)
/// }
/// # let _ = relay as fn(&mut Request) -> _;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// Returns that of a request: none without a [`Timeout`].
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::Deadline;
    ///
    /// assert_eq!(Deadline::of(&Request::default()).remaining(), None);
    /// ```
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or(Self(None))
    }

    /// Returns how much time is left: zero if it is over, `None` if it never will be.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{Deadline, Handler, Timeout};
    /// use std::time::Duration;
    ///
    /// let app = (|request: &mut Request| {
    ///     assert!(Deadline::of(request).remaining() <= Some(Duration::from_secs(10)));
    /// })
    /// .wrap(Timeout::new(Duration::from_secs(10)));
    /// app.handle(&mut Request::default());
    /// ```
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// Returns whether it is over.
    ///
    /// ```
    /// use nethttp::server::Deadline;
    ///
    /// assert!(!Deadline::of(&nethttp::Request::default()).is_over());
    /// ```
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    /// Returns an error if it is over, so that a `?` ends the handler.
    ///
    /// # Errors
    ///
    /// [`Timeout`](ErrorKind::Timeout) of [`Total`](Phase::Total), which a server answers with 503.
    ///
    /// ```
    /// use nethttp::server::Deadline;
    ///
    /// assert!(Deadline::of(&nethttp::Request::default()).check().is_ok());
    /// ```
    pub fn check(&self) -> Result<(), Error> {
        if !self.is_over() {
            return Ok(());
        }
        let unavailable = StatusCode::SERVICE_UNAVAILABLE.into_response();
        Err(Error::new(ErrorKind::Timeout(Phase::Total))
            .with_text("expected to answer before the time for the request was over")
            .with_answer(unavailable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timeout = Timeout::new(Duration::ZERO);
    const LATER: Timeout = Timeout::new(Duration::MAX);

    fn read(request: &mut Request) -> Result<String, Error> {
        Ok(request.body_mut().text()?)
    }

    #[track_caller]
    fn gives(app: &impl Handler, body: Body, status: u16, content: &str) {
        let mut request = Request::default();
        *request.body_mut() = body;
        request.body_mut().set_limit(Some(5));
        let response = app.handle(&mut request);
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.text().unwrap(), content);
    }

    fn reader(len: Option<u64>) -> Body {
        Body::reader(&b"hello"[..], len)
    }

    #[test]
    fn content_is_read_in_time_or_not_at_all() {
        let late = "expected the content before the time for the request was over\n";
        for len in [None, Some(5)] {
            gives(&read.wrap(LATER), reader(len), 200, "hello");
            gives(&read.wrap(NOW), reader(len), 408, late);
            gives(&read.wrap(LATER).wrap(NOW), reader(len), 408, late);
            gives(&read.wrap(NOW).wrap(LATER), reader(len), 408, late);
        }
        // Which has arrived.
        gives(&read.wrap(NOW), "hello".into(), 200, "hello");
    }

    #[test]
    fn content_has_the_length_and_the_limit_that_it_had() {
        let sizes = |request: &mut Request| {
            format!("{:?} {:?}", request.body().len(), request.body().limit())
        };
        gives(&sizes.wrap(LATER), reader(Some(4)), 200, "Some(4) Some(5)");
        gives(&sizes.wrap(LATER), reader(None), 200, "None Some(5)");
        let cut = |request: &mut Request| read(request).map_err(|error| error.status());
        for len in [None, Some(6)] {
            let long = Body::reader(&b"hello!"[..], len);
            gives(&cut.wrap(LATER), long, 413, "413 Content Too Large\n");
        }
        // What another has read before counts.
        let first = |request: &mut Request, next: &dyn Handler| {
            assert_eq!(request.body_mut().read(&mut [0; 2]).unwrap(), 2);
            next.handle(request)
        };
        gives(&cut.wrap(LATER).wrap(first), reader(None), 200, "llo");
        let long = Body::reader(&b"hello!"[..], None);
        gives(&cut.wrap(LATER).wrap(first), long, 413, "413 Content Too Large\n");
        let more = |request: &mut Request| {
            request.body_mut().set_limit(Some(6));
            read(request)
        };
        gives(&more.wrap(LATER), Body::reader(&b"hello!"[..], None), 200, "hello!");
    }

    #[test]
    fn who_asks_is_told() {
        let ask = |request: &mut Request| Deadline::of(request).check().map(|()| "done");
        gives(&ask.wrap(LATER), Body::empty(), 200, "done");
        gives(&ask.wrap(NOW), Body::empty(), 503, "503 Service Unavailable\n");
        let error = Deadline(Some(Instant::now())).check().unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(
            error.to_string(),
            "expected to answer before the time for the request was over"
        );
    }

    #[test]
    fn the_first_that_is_over_counts() {
        let left = |request: &mut Request| format!("{:?}", Deadline::of(request).remaining());
        gives(&left.wrap(NOW).wrap(LATER), Body::empty(), 200, "Some(0ns)");
        gives(&left.wrap(LATER).wrap(NOW), Body::empty(), 200, "Some(0ns)");
        gives(&left, Body::empty(), 200, "None");
        // Outside of it there is the time that was there before.
        let mut request = Request::default();
        let _ = left.wrap(NOW).handle(&mut request);
        assert_eq!(Deadline::of(&request).remaining(), None);
    }

    #[test]
    fn a_response_that_is_there_is_sent() {
        gives(&(|_: &mut Request| "late").wrap(NOW), Body::empty(), 200, "late");
    }
}
