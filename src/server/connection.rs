//! One connection from its first byte to its last.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::body::{Incoming, lock};
use super::refusal::Refusal;
use super::registry::Place;
use super::respond;
use super::shared::Shared;
use super::transport::{Link, Polled, Socket, Transport};
use super::wire::{Arrival, Wire};
use crate::h1::{ParseError, ServerNext};
use crate::message::{IntoResponse, Request, Response, Sent};
use crate::method::Method;
use crate::status::StatusCode;

/// A connection, which is whoever's that serves it, and nobody's thread's while it is parked.
pub(super) struct Conn {
    wire: Arc<Mutex<Wire>>,
    place: Place,
    peer: Option<SocketAddr>,
    /// Requests that may still come.
    left: u64,
}

/// Where serving a connection has led to.
pub(super) enum Fate {
    /// It is over.
    Ended,
    /// It waits for a request, and the time that the thread has for that is over.
    Waiting(Conn),
    /// There is more to do on it, and others wait for a thread.
    Yielding(Conn),
    /// All is sent, and the client is yet to read it: closing now could take it away again.
    Lingering(Conn),
}

/// What serving one request has led to.
enum Step {
    Next,
    Wait,
    Yield,
    Close,
    Linger,
}

impl Conn {
    /// Takes over a connection that has been let in.
    pub(super) fn new(shared: &Shared, place: Place, peer: Option<SocketAddr>) -> io::Result<Self> {
        let entry = Arc::clone(&place.entry);
        let over = match &shared.hooks.transport {
            Some(make) => Some(make(Socket::new(Arc::clone(&entry), peer))?),
            None => None,
        };
        Ok(Self::on(shared, Link::new(entry, over), place, peer))
    }

    /// Takes over a connection without a socket.
    pub(super) fn over(shared: &Shared, place: Place, over: Box<dyn Transport>) -> Self {
        Self::on(shared, Link::new(Arc::clone(&place.entry), Some(over)), place, None)
    }

    fn on(shared: &Shared, link: Link, place: Place, peer: Option<SocketAddr>) -> Self {
        let wire = Wire::new(link, &shared.config, &shared.counters, &shared.registry);
        let left = shared.config.limits.requests;
        Self { wire: Arc::new(Mutex::new(wire)), place, peer, left }
    }

    pub(super) const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// Serves one request after the other, and waits for the next one as long as the slice says that is asked for
    /// before each wait. What fails on the way down fails the connection alone, and there is nobody to tell.
    pub(super) fn serve(
        mut self,
        shared: &Shared,
        slice: impl FnMut() -> Option<Duration>,
    ) -> Fate {
        let mut request = Request::default();
        request.set_connection(self.wire.clone(), self.peer);
        let step = self.serve_requests(shared, &mut request, slice);
        drop(request);
        // A handler may have put a body somewhere, which keeps the socket from being closed.
        let is_kept = Arc::strong_count(&self.wire) > 1;
        match step {
            Step::Wait => return Fate::Waiting(self),
            Step::Yield => return Fate::Yielding(self),
            Step::Linger if !is_kept => return Fate::Lingering(self),
            Step::Linger => self.linger(),
            Step::Next | Step::Close => {}
        }
        if is_kept {
            let _ = self.place.entry.handle.shutdown(Shutdown::Both);
        }
        Fate::Ended
    }

    /// Does so until there are no more. The lock is given up only while a handler runs, who may read from the
    /// connection.
    fn serve_requests(
        &mut self,
        shared: &Shared,
        request: &mut Request,
        mut slice: impl FnMut() -> Option<Duration>,
    ) -> Step {
        let shared_wire = Arc::clone(&self.wire);
        let mut wire = lock(&shared_wire);
        loop {
            match wire.next_request(request, &self.place, &mut slice) {
                Ok(Arrival::Request) => {}
                Ok(Arrival::Refused(status, error)) => {
                    drop(wire);
                    return self.refuse(shared, status, error);
                }
                Ok(Arrival::Closed) | Err(_) => return Step::Close,
                Ok(Arrival::Waiting) => return Step::Wait,
            }
            self.left = self.left.saturating_sub(1);
            self.place.entry.tally.add_request();
            if wire.state.body_remaining() != Some(0) {
                let incoming = Incoming::new(&shared_wire, &self.place.entry, wire.exchange);
                let (len, limit) = (wire.state.body_remaining(), shared.config.limits.body);
                *request.body_mut() = incoming.into_body(len, limit);
            }
            let next = wire.exchange + 1;
            drop(wire);

            let refused = refusal(shared, request);
            let mut response = match refused {
                Some(status) => {
                    shared.counters.refused.add(1);
                    status.into_response()
                }
                None => answer(shared, request),
            };

            self.place.entry.set_handled(next);
            wire = lock(&shared_wire);
            wire.exchange = next;
            if self.left == 0 || self.place.is_draining() {
                wire.state.close_after();
            }
            let step = conclude(&mut wire, &mut response);
            if let Some(status) = refused {
                let (peer, body) = (self.peer, wire.body_sent);
                shared.report(&Refusal { peer, status, body, error: None });
            }
            match step {
                Step::Next if wire.restore_timeouts(shared.config.timeouts).is_ok() => {
                    // Who has more to ask has no more right to the thread than those who wait for one.
                    if wire.has_input() && slice() == Some(Duration::ZERO) {
                        return if wire.flush().is_ok() { Step::Yield } else { Step::Close };
                    }
                }
                Step::Next => return Step::Close,
                step => return step,
            }
        }
    }

    /// Says why nothing more is read from this connection.
    fn refuse(&self, shared: &Shared, status: StatusCode, error: Option<ParseError>) -> Step {
        shared.counters.refused.add(1);
        let mut wire = lock(&self.wire);
        self.place.entry.tally.add_request();
        wire.state.close_after();
        let sent = respond::send(&mut wire, &mut status.into_response());
        shared.report(&Refusal { peer: self.peer, status, body: wire.body_sent, error });
        match sent.and_then(|()| wire.flush()) {
            Ok(()) => Step::Linger,
            Err(_) => Step::Close,
        }
    }

    /// Waits until the client has read what was sent, but not for long.
    pub(super) fn linger(&self) {
        lock(&self.wire).linger();
    }

    /// Returns whether the connection waits for a request, without which a server that closes closes it, too.
    pub(super) fn is_idle(&self) -> bool {
        self.place.is_idle()
    }

    /// Returns whether the connection can do without a thread while it waits.
    pub(super) fn can_park(&self) -> bool {
        lock(&self.wire).link.can_park()
    }

    /// Prepares for a wait without a thread, and returns when that ends at the latest.
    pub(super) fn park(&self, lingers: bool) -> io::Result<Option<Instant>> {
        let mut wire = lock(&self.wire);
        if lingers {
            wire.begin_to_linger()?;
        }
        wire.park()?;
        Ok(wire.waits_until())
    }

    /// Ends the wait without a thread.
    pub(super) fn unpark(&self) -> io::Result<()> {
        lock(&self.wire).unpark()
    }

    /// Returns what has come meanwhile.
    pub(super) fn poll(&self) -> io::Result<Polled> {
        lock(&self.wire).poll()
    }

    /// Throws away what has come meanwhile; returns whether more may come.
    pub(super) fn poll_lingering(&self) -> bool {
        lock(&self.wire).poll_lingering()
    }
}

/// The answer to a request that no handler is to see.
fn refusal(shared: &Shared, request: &Request) -> Option<StatusCode> {
    let refused = match request.method() {
        Method::CONNECT => !shared.config.allow_connect,
        Method::TRACE => !shared.config.allow_trace,
        _ => false,
    };
    refused.then_some(StatusCode::NOT_IMPLEMENTED)
}

/// The response to a request: the handler's, or the server's own.
fn answer(shared: &Shared, request: &mut Request) -> Response {
    if request.method() == Method::OPTIONS && request.target().as_str() == "*" {
        return StatusCode::NO_CONTENT.into_response();
    }
    let handled = panic::catch_unwind(AssertUnwindSafe(|| shared.handler.handle(request)));
    handled.unwrap_or_else(|_| {
        shared.counters.panics.add(1);
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        // The name and the value are good.
        let _ = response.headers_mut().insert("Connection", "close");
        response
    })
}

/// Sends the response and makes the connection ready for the next request, if there can be one.
fn conclude(wire: &mut Wire, response: &mut Response) -> Step {
    if wire.is_broken {
        let status = response.status();
        let panics = response.take_when_sent().call(&Sent { status, body: 0, is_complete: false });
        wire.counters.panics.add(panics);
        return Step::Close;
    }
    // A client that will not be read to the end is told so.
    let drain = wire.limits.drain;
    if wire.state.body_remaining().is_some_and(|left| left > drain) {
        wire.state.close_after();
    }
    // Nor can a handler make good what the client has sent amiss.
    if let Some(error) = wire.state.failure()
        && response.status().is_success()
    {
        *response = error.status().into_response().in_place_of(response);
    }
    let sent = panic::catch_unwind(AssertUnwindSafe(|| respond::send(wire, response)));
    if !matches!(sent, Ok(Ok(()))) {
        if sent.is_err() {
            wire.counters.panics.add(1);
        }
        // The client gets what there is, the answers before this one above all, and can tell that it
        // is not the whole.
        return if wire.flush().is_ok() { Step::Linger } else { Step::Close };
    }
    loop {
        match wire.state.next() {
            ServerNext::Request if wire.flush_batch().is_ok() => return Step::Next,
            ServerNext::Request | ServerNext::Unfinished => return Step::Close,
            // Sends the response before it waits for anything.
            ServerNext::Drain if wire.drain_body() => {}
            ServerNext::Drain | ServerNext::Close | ServerNext::Switched => {
                return match wire.flush() {
                    Ok(()) if wire.nothing_more_comes() => Step::Close,
                    Ok(()) => Step::Linger,
                    Err(_) => Step::Close,
                };
            }
        }
    }
}
