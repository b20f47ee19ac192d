//! One request and its response: over an idle connection if there is one, over a new one if need be.

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use super::body::{Incoming, release};
use super::connection::{Connection, Received};
use super::establish::establish;
use super::failure::Failure;
use super::retry::{Attempt, Loss, is_idempotent};
use super::route::Route;
use super::session::Session;
use crate::error::{Error, ErrorKind};
use crate::h1::{Framing, Limits, ParseErrorKind};
use crate::header::{self, HeaderMap};
use crate::message::{Body, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{Uri, check_host};

/// One request of a session, and where it leads.
pub(super) struct Leg<'a> {
    pub(super) session: &'a Session,
    pub(super) url: &'a Uri,
}

impl Leg<'_> {
    /// Sends the request and waits for the head of the response.
    pub(super) fn perform(&self, request: &mut Request) -> Result<Response, Error> {
        let url = self.url_of(request)?;
        let outcome = self.session.route(&url).and_then(|route| {
            let is_plain = route.proxy.is_none() && matches!(url, Cow::Borrowed(_));
            if is_plain && !request.headers().contains_key(header::PROXY_AUTHORIZATION) {
                return self.perform_at(route, &url, request);
            }
            // What the way takes is none of the request's: a layer may send that elsewhere next.
            let given = request.headers().clone();
            let outcome = self
                .adapt(&route, &url, request.headers_mut())
                .and_then(|()| self.perform_at(route, &url, request));
            *request.headers_mut() = given;
            outcome
        });
        outcome.map_err(|error| error.with_url(&url))
    }

    /// Returns where the request leads now: a layer may have changed that.
    fn url_of(&self, request: &Request) -> Result<Cow<'_, Uri>, Error> {
        if request.target().as_str() == self.url.absolute_form() {
            return Ok(Cow::Borrowed(self.url));
        }
        Ok(Cow::Owned(Uri::parse(request.target().as_str())?))
    }

    /// Has the fields suit where the request leads now: the Host that is not the caller's own, and what is said to a proxy.
    fn adapt(&self, route: &Route, url: &Uri, headers: &mut HeaderMap) -> Result<(), Error> {
        if headers.text(header::HOST) == Some(&*self.url.host_header()) {
            headers.insert(header::HOST, &*url.host_header())?;
        }
        route.authorize(headers)
    }

    fn perform_at(
        &self,
        route: Route,
        url: &Uri,
        request: &mut Request,
    ) -> Result<Response, Error> {
        check(request, url)?;
        let (received, connection) = self.run_on_some_connection(&route, url, request)?;
        Ok(self.hand_over(received, connection, route, url))
    }

    fn run_on_some_connection(
        &self,
        route: &Route,
        url: &Uri,
        request: &mut Request,
    ) -> Result<(Received, Box<Connection>), Error> {
        let session = self.session;
        let now = Instant::now();
        let mut idle = self.idle_connection(route, request, now);
        loop {
            session.check_cancelled(&route.origin)?;
            let reused = idle.is_some();
            let (mut connection, now) = match idle.take() {
                Some(connection) => (connection, now),
                None => (establish(route, session)?, Instant::now()),
            };
            connection.begin(now, session.options.cancel.as_ref());
            self.count(request)?;
            match self.attempt(connection, reused, route, url, request)? {
                // Not everybody on the way knows expectations: once more without,
                // [RFC 9110 §15.5.18](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.18).
                Some((received, _))
                    if received.response.status() == StatusCode::EXPECTATION_FAILED
                        && asks_first(request) =>
                {
                    request.headers_mut().remove(header::EXPECT);
                }
                Some(answered) => return Ok(answered),
                None => {}
            }
        }
    }

    /// Has a login count each time that it is sent.
    fn count(&self, request: &mut Request) -> Result<(), Error> {
        let Some(mut login) = self.session.login() else { return Ok(()) };
        let value = request.headers().get(header::AUTHORIZATION);
        if !value.is_some_and(|value| login.has_given(value)) {
            return Ok(());
        }
        let Some(value) = login.send(request.body().as_bytes()) else {
            request.headers_mut().remove(header::AUTHORIZATION);
            return Ok(());
        };
        Ok(request.headers_mut().insert(header::AUTHORIZATION, value)?)
    }

    /// Takes a connection from the pool, unless the server has closed it meanwhile, or said something
    /// that nobody asked for and that would pass for the response,
    /// [RFC 9112 §9.2](https://www.rfc-editor.org/rfc/rfc9112#section-9.2).
    ///
    /// To look takes three calls of the system, more time than all else that a client does about a small request. So a
    /// request that is repeated if it crosses with the end of the connection goes without where the last read was a look.
    fn idle_connection(
        &self,
        route: &Route,
        request: &Request,
        now: Instant,
    ) -> Option<Box<Connection>> {
        let pool = &self.session.call.shared.pool;
        let repeats = is_repeatable(request);
        let mut idle = std::iter::from_fn(|| pool.take(route, now));
        idle.find_map(|mut one| {
            let is_quiet = (repeats && one.wire.was_quiet(now)) || one.wire.is_quiet();
            is_quiet.then_some(one)
        })
    }

    /// Returns none if a connection that is used again turns out to have been given up by the server
    /// before it saw the request; a new one never does.
    fn attempt(
        &self,
        mut connection: Box<Connection>,
        reused: bool,
        route: &Route,
        url: &Uri,
        request: &mut Request,
    ) -> Result<Option<(Received, Box<Connection>)>, Error> {
        let made = request.body_mut().make().map_err(Failure::Body);
        let (was_empty, spare) = (request.body().is_empty(), request.body().spare());
        let outcome = made.and_then(|()| self.talk(&mut connection, route, url, request));
        // Sending uses up what is not made of bytes, unless the server refused before it came to that.
        if request.body().is_empty()
            && !was_empty
            && let Some(body) = spare.into_body()
        {
            *request.body_mut() = body;
        }
        let idempotent = is_idempotent(request.method(), request.headers());
        let replayable = was_empty || !request.body().is_empty();
        let attempt = Attempt { idempotent, reused, replayable };
        match outcome {
            Ok(received) if attempt.retries_status(received.response.status()) => Ok(None),
            Ok(mut received) => {
                let facts = received.response.received_from(url);
                (facts.peer, facts.is_reused) = (connection.peer, reused);
                Ok(Some((received, connection)))
            }
            Err(_) if self.session.is_cancelled() => {
                Err(Failure::Cancelled
                    .into_error(&route.origin, self.session.call.deadline.timeouts()))
            }
            Err(lost) if lost.is_loss() && attempt.retries_loss(loss(&connection)) => Ok(None),
            Err(failure) => {
                let permitted = permitted(&failure, &self.session.call.shared.config.h1.limits);
                let timeouts = self.session.call.deadline.timeouts();
                let error = failure.into_error(&route.origin, timeouts);
                Err(match permitted {
                    Some(what) => {
                        error.with_text(format!("expected a response {what} from {}", route.origin))
                    }
                    None => error,
                })
            }
        }
    }

    /// Sends the request and receives the final head.
    fn talk(
        &self,
        connection: &mut Connection,
        route: &Route,
        url: &Uri,
        request: &mut Request,
    ) -> Result<Received, Failure> {
        let Session { call, options, .. } = self.session;
        let deadline = &call.deadline;
        connection.idle = self.session.call.shared.pool.limits().idle;
        let target = match route.is_forwarded() {
            true => Cow::Borrowed(url.absolute_form()),
            false => url.origin_form(),
        };
        connection.encode_head(&target, request, options.trailers.is_some())?;
        let interim = options.interim.as_deref();
        if asks_first(request) {
            connection.send_head(deadline)?;
            if let Some(refusal) = connection.await_continue(url, interim, deadline)? {
                return Ok(refusal);
            }
        }
        let trailers = options.trailers.as_deref();
        match connection.send_body(request.body_mut(), trailers, url, interim, deadline) {
            Ok(None) => {
                let mut received = connection.receive_head(url, interim, deadline)?;
                let mut timings = mem::take(&mut connection.timings);
                (timings.send, timings.first_byte) = connection.wire.times();
                timings.total = Some(self.session.elapsed(connection.wire.last_read()));
                received.response.received_from(url).timings = timings;
                Ok(received)
            }
            // The server has answered before it had seen everything.
            Ok(Some(early)) => Ok(early),
            // A server that has seen enough answers and closes; its answer says more than the failure.
            Err(Failure::Send(lost)) => {
                connection.receive_head(url, interim, deadline).map_err(|_| Failure::Send(lost))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Makes the response of its head and of what is still to come.
    fn hand_over(
        &self,
        received: Received,
        mut connection: Box<Connection>,
        route: Route,
        url: &Uri,
    ) -> Response {
        let Received { response, framing } = received;
        let session = self.session;
        let len = match framing {
            // The end of no body is reported like that of any other.
            Framing::None => {
                if connection.skip_buffered() {
                    release(&session.call.shared, connection, route);
                }
                return response;
            }
            Framing::Length(len) => Some(len),
            _ => None,
        };
        let trailers = (framing == Framing::Chunked).then(Arc::default);
        let incoming =
            Incoming::new(connection, route, url.clone(), &session.call, trailers.clone());
        response.with_body(Body::reader(incoming, len).of_response().with_trailers(trailers))
    }
}

/// Returns whether a request is sent again if its connection turns out to be closed.
fn is_repeatable(request: &Request) -> bool {
    request.body().is_replayable() && is_idempotent(request.method(), request.headers())
}

/// Returns what a response may have at most, if it has more.
fn permitted(failure: &Failure, limits: &Limits) -> Option<String> {
    let Failure::Parse(error) = failure else { return None };
    match error.kind() {
        ParseErrorKind::HeadTooLarge => {
            Some(format!("with a head of at most {} bytes", limits.head))
        }
        ParseErrorKind::TooManyFields => Some(format!("with at most {} fields", limits.fields)),
        ParseErrorKind::TooManyInterim => {
            Some(format!("behind at most {} interim ones", limits.interim))
        }
        _ => None,
    }
}

/// Returns how far an exchange had come when the connection was lost.
fn loss(connection: &Connection) -> Loss {
    match (connection.h1.is_unanswered(), connection.wire.has_sent()) {
        (true, false) => Loss::Unsent,
        (true, true) => Loss::Unanswered,
        (false, _) => Loss::Answered,
    }
}

/// Whether the server is asked for leave before the body is sent,
/// [RFC 9110 §10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
fn asks_first(request: &Request) -> bool {
    let asked = request.headers().get(header::EXPECT);
    !request.body().is_empty()
        && asked.is_some_and(|value| value.eq_ignore_ascii_case(b"100-continue"))
}

/// Refuses requests that the wire has no place for, or that say two things.
fn check(request: &Request, url: &Uri) -> Result<(), Error> {
    let refuse = |text: &str| Err(Error::new(ErrorKind::Encode).with_text(text));
    if request.method() == Method::TRACE && !request.body().is_empty() {
        return refuse("expected no body in a TRACE request");
    }
    let mut hosts = request.headers().get_all(header::HOST);
    if let Some(host) = hosts.next() {
        // What stands in the URL was read with it.
        if url.authority().is_none_or(|authority| authority.as_str().as_bytes() != host) {
            check_host(host)?;
        }
        if hosts.next().is_some() {
            return refuse("expected one Host field, found another");
        }
    }
    Ok(())
}
