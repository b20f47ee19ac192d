//! One request and its response: over an idle connection if there is one, over a new one if need be.

use std::sync::Arc;
use std::time::Instant;

use super::auth::Login;
use super::body::{Incoming, release};
use super::config::Shared;
use super::connection::{Connection, Received, Taken};
use super::dial::Dialer;
use super::failure::Failure;
use super::origin::Origin;
use super::policy::Attempt;
use super::timeouts::{Deadline, Timeouts};
use super::wire::Wire;
use crate::error::{Error, ErrorKind};
use crate::h1::Framing;
use crate::header::{self, HeaderMap};
use crate::message::{Body, Response};
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::Uri;

/// How much of a response that nobody will see is read for the sake of its connection.
const DRAIN: usize = 64 << 10;

/// A request that is complete.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) method: Method,
    pub(super) url: Uri,
    pub(super) origin: Origin,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    pub(super) timeouts: Timeouts,
    /// The client has asked for content codings, and so undoes them.
    pub(super) decode: bool,
    /// What to answer if the server asks who this is.
    pub(super) login: Option<Login>,
}

impl Exchange {
    /// Sends the request and waits for the head of the response.
    pub(super) fn run(mut self, shared: &Arc<Shared>) -> Result<Response, Error> {
        let deadline = Deadline::start(self.timeouts, Instant::now());
        let outcome = match self.login.take() {
            Some(login) => self.run_with_login(login, shared, &deadline),
            None => {
                self.run_on_some_connection(shared, &deadline).and_then(|(received, connection)| {
                    self.hand_over(received, connection, shared, &deadline)
                })
            }
        };
        outcome.map_err(|error| error.with_url(&self.url))
    }

    /// Sends the request, and again with the answer to what the server asks, as often as that makes sense
    /// and the body is there to be sent.
    fn run_with_login(
        &mut self,
        mut login: Login,
        shared: &Arc<Shared>,
        deadline: &Deadline,
    ) -> Result<Response, Error> {
        loop {
            let (was_empty, spare) = (self.body.is_empty(), self.body.second_file());
            let (received, connection) = self.run_on_some_connection(shared, deadline)?;
            if !login.understands(&received.response) {
                return self.hand_over(received, connection, shared, deadline);
            }
            // Sending uses up what is not made of bytes, unless the server refused before it came to that.
            if self.body.is_empty() && !was_empty {
                match spare {
                    Some(spare) => self.body = spare,
                    None => return self.hand_over(received, connection, shared, deadline),
                }
            }
            let target = self.url.origin_form();
            let Some(credentials) = login.answer(self.method, &target, self.body.as_bytes()) else {
                return self.hand_over(received, connection, shared, deadline);
            };
            self.headers.insert(header::AUTHORIZATION, credentials)?;
            drain(received.framing, connection, &self.origin, shared, deadline);
        }
    }

    fn run_on_some_connection(
        &mut self,
        shared: &Arc<Shared>,
        deadline: &Deadline,
    ) -> Result<(Received, Connection), Error> {
        let mut idle = self.idle_connection(shared, Instant::now());
        loop {
            let reused = idle.is_some();
            let connection = match idle.take() {
                Some(connection) => connection,
                None => {
                    let (host, port) = (self.origin.host(), self.origin.port());
                    let dialled = Dialer::default()
                        .dial(host, port, self.origin.address(), deadline, None)
                        .map_err(|failure| failure.into_error(&self.origin, deadline.timeouts()))?;
                    let wire = Wire::new(Box::new(dialled.stream));
                    Connection::new(wire, &shared.config.h1)
                }
            };
            match self.attempt(connection, reused, shared, deadline)? {
                // Not everybody on the way knows expectations: once more without,
                // [RFC 9110 §15.5.18](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.18).
                Some((received, _))
                    if received.response.status() == StatusCode::EXPECTATION_FAILED
                        && self.asks_first() =>
                {
                    self.headers.remove(header::EXPECT);
                }
                Some(answered) => return Ok(answered),
                None => {}
            }
        }
    }

    /// Takes a connection from the pool, unless the server has closed it meanwhile, or said something
    /// that nobody asked for and that would pass for the response,
    /// [RFC 9112 §9.2](https://www.rfc-editor.org/rfc/rfc9112#section-9.2).
    fn idle_connection(&self, shared: &Shared, now: Instant) -> Option<Connection> {
        std::iter::from_fn(|| shared.pool.take(&self.origin, now)).find(|one| one.wire.is_quiet())
    }

    /// Returns none if a connection that is used again turns out to have been given up by the server
    /// before it saw the request; a new one never does.
    fn attempt(
        &mut self,
        mut connection: Connection,
        reused: bool,
        shared: &Arc<Shared>,
        deadline: &Deadline,
    ) -> Result<Option<(Received, Connection)>, Error> {
        let replayable = self.body.as_bytes().is_some();
        let attempt = Attempt { method: self.method, reused, replayable };
        match self.talk(&mut connection, shared, deadline) {
            Ok(received) if attempt.retries_status(received.response.status()) => Ok(None),
            Ok(received) => Ok(Some((received, connection))),
            Err(lost) if lost.is_loss() && attempt.retries_loss(!connection.h1.is_unanswered()) => {
                Ok(None)
            }
            Err(failure) => Err(failure.into_error(&self.origin, deadline.timeouts())),
        }
    }

    /// Sends the request and receives the final head.
    fn talk(
        &mut self,
        connection: &mut Connection,
        shared: &Shared,
        deadline: &Deadline,
    ) -> Result<Received, Failure> {
        let (url, idle) = (&self.url, shared.pool.limits().idle);
        let target = url.origin_form();
        connection.encode_head(self.method, &target, &self.headers, &self.body)?;
        if self.asks_first() {
            connection.send_head(deadline)?;
            if let Some(refusal) = connection.await_continue(url, idle, deadline)? {
                return Ok(refusal);
            }
        }
        match connection.send_body(&mut self.body, deadline) {
            Ok(()) => connection.receive_head(url, idle, deadline),
            // A server that has seen enough answers and closes; its answer says more than the failure.
            Err(Failure::Io(lost)) => {
                connection.receive_head(url, idle, deadline).map_err(|_| Failure::Io(lost))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Whether the server is asked for leave before the body is sent,
    /// [RFC 9110 §10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
    fn asks_first(&self) -> bool {
        let asked = self.headers.get(header::EXPECT);
        !self.body.is_empty()
            && asked.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"))
    }

    /// Makes the response of its head and of what is still to come. What describes codings that are undone,
    /// or the length of coded content, describes nothing that the caller will see, and goes.
    fn hand_over(
        &self,
        received: Received,
        connection: Connection,
        shared: &Arc<Shared>,
        deadline: &Deadline,
    ) -> Result<Response, Error> {
        let Received { mut response, framing } = received;
        let origin = self.origin.clone();
        if framing == Framing::None {
            release_at_once(connection, origin, shared);
            return Ok(response);
        }
        let len = match framing {
            Framing::Length(len) => Some(len),
            _ => None,
        };
        let url = self.url.clone();
        let incoming = Incoming::new(connection, origin, url, Arc::clone(shared), *deadline);
        let codings = &shared.config.codings;
        let undone = (self.decode && len != Some(0)).then(|| codings.of(&response)).flatten();
        let Some(encoding) = undone else {
            return Ok(response.with_body(Body::reader(incoming, len).of_response()));
        };
        let decoding = codings
            .undo(incoming, encoding, self.origin.clone(), self.url.clone())
            .map_err(|error| Error::new(ErrorKind::Coding).with_source(error))?;
        response.headers_mut().remove(header::CONTENT_ENCODING);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        Ok(response.with_body(Body::reader(decoding, None).of_response()))
    }
}

/// Reads a response that nobody will see to its end, so that its connection can be used again. One that is long
/// or slow costs the connection: another one is there sooner.
fn drain(
    framing: Framing,
    mut connection: Connection,
    origin: &Origin,
    shared: &Shared,
    deadline: &Deadline,
) {
    if framing == Framing::None {
        return release_at_once(connection, origin.clone(), shared);
    }
    let deadline = deadline.for_draining(Instant::now());
    let (mut piece, mut len) = ([0; 4 << 10], 0);
    while len <= DRAIN {
        match connection.read_body(&mut piece, &deadline) {
            Ok(Taken { ended: true, .. }) => return release(shared, connection, origin.clone()),
            Ok(taken) => len += taken.len,
            Err(_) => return,
        }
    }
}

/// Keeps the connection of a response without a body. The end of no body is reported like that of any other.
fn release_at_once(mut connection: Connection, origin: Origin, shared: &Shared) {
    if connection.skip_buffered() {
        release(shared, connection, origin);
    }
}
