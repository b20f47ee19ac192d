//! One connection from its first byte to its last.

use std::net::{Shutdown, SocketAddr};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use super::body::{Incoming, lock};
use super::compress;
use super::registry::Place;
use super::respond;
use super::wire::{Arrival, Wire};
use super::workers::Shared;
use crate::h1::ServerNext;
use crate::message::{Body, IntoResponse, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;

/// Serves a connection until it ends, and sees to it that it does end.
pub(super) fn serve(shared: &Shared, place: &Place<'_>, peer: SocketAddr) {
    let wire = Arc::new(Mutex::new(Wire::new(place, shared.config)));
    serve_requests(shared, place, peer, &wire);
    // A handler may have put a body somewhere, which keeps the socket from being closed.
    if Arc::strong_count(&wire) > 1 {
        let _ = place.entry.stream.shutdown(Shutdown::Both);
    }
}

/// Serves one request after the other. What fails on the way down fails the connection alone, and there
/// is nobody to tell.
fn serve_requests(shared: &Shared, place: &Place<'_>, peer: SocketAddr, wire: &Arc<Mutex<Wire>>) {
    let mut request = Request::default();
    request.set_peer(peer);
    let mut left = shared.config.limits.requests;
    loop {
        let mut guard = lock(wire);
        match guard.next_request(&mut request, place) {
            Ok(Arrival::Request) => {}
            Ok(Arrival::Refused(status)) => return refuse(&mut guard, status),
            Ok(Arrival::Closed) | Err(_) => return,
        }
        left = left.saturating_sub(1);
        if guard.state.body_remaining() != Some(0) {
            let incoming = Incoming::new(wire, guard.exchange);
            *request.body_mut() = Body::reader(incoming, guard.state.body_remaining());
            request.body_mut().set_limit(Some(shared.config.limits.body));
        }
        drop(guard);

        let response = answer(shared, &mut request);

        let mut guard = lock(wire);
        guard.exchange += 1;
        if left == 0 || place.is_closing() {
            guard.state.close_after();
        }
        if !conclude(&mut guard, response) {
            return;
        }
    }
}

/// The response to a request: the handler's, or the server's own.
fn answer(shared: &Shared, request: &mut Request) -> Response {
    let refused = match request.method() {
        Method::CONNECT => !shared.config.allow_connect,
        Method::TRACE => !shared.config.allow_trace,
        _ => false,
    };
    if refused {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    }
    if request.method() == Method::OPTIONS && request.target().as_str() == "*" {
        return StatusCode::NO_CONTENT.into_response();
    }
    let handled = panic::catch_unwind(AssertUnwindSafe(|| shared.handler.handle(request)));
    let Ok(mut response) = handled else {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        // The name and the value are good.
        let _ = response.headers_mut().insert("Connection", "close");
        return response;
    };
    if let Some(compression) = shared.config.compression {
        compress::apply(compression, request, &mut response);
    }
    response
}

/// Sends the response and makes the connection ready for the next request; returns whether there can be
/// one.
fn conclude(wire: &mut Wire, response: Response) -> bool {
    // A client that will not be read to the end is told so.
    let drain = wire.config.limits.drain;
    if wire.state.body_remaining().is_some_and(|left| left > drain) {
        wire.state.close_after();
    }
    // Nor can a handler make good what the client has sent amiss.
    let response = match wire.state.failure() {
        Some(error) if response.status().is_success() => error.status().into_response(),
        _ => response,
    };
    let sent = panic::catch_unwind(AssertUnwindSafe(|| respond::send(wire, response)));
    if !matches!(sent, Ok(Ok(()))) {
        // The client gets what there is, the answers before this one above all, and can tell that it
        // is not the whole.
        if wire.flush().is_ok() {
            wire.linger();
        }
        return false;
    }
    loop {
        match wire.state.next() {
            ServerNext::Request => return wire.flush_batch().is_ok(),
            // Sends the response before it waits for anything.
            ServerNext::Drain if wire.drain_body() => {}
            ServerNext::Drain | ServerNext::Close | ServerNext::Switched => {
                if wire.flush().is_ok() {
                    wire.linger();
                }
                return false;
            }
            ServerNext::Unfinished => return false,
        }
    }
}

/// Says why nothing more is read from this connection.
fn refuse(wire: &mut Wire, status: StatusCode) {
    wire.state.close_after();
    if respond::send(wire, status.into_response()).is_ok() && wire.flush().is_ok() {
        wire.linger();
    }
}
