//! Connections.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::piece_sizes;
use crate::h1::{
    ClientConnection, ClientEvent, Config, ParseError, ServerConnection, ServerEvent, ServerNext,
};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;

/// A server and a client hear the same however what they are told is cut, use no more than there is,
/// come to an end, and stay with an error.
pub fn connection(data: &[u8]) {
    let mut heard = piece_sizes(data.len()).map(|size| server_hears(data, size)).into_iter();
    let whole = heard.next();
    heard.for_each(|other| assert_eq!(Some(other), whole));
    for method in [Method::GET, Method::HEAD, Method::CONNECT] {
        let pieces = piece_sizes(data.len());
        let mut heard = pieces.map(|size| client_hears(data, size, method)).into_iter();
        let whole = heard.next();
        heard.for_each(|other| assert_eq!(Some(other), whole));
    }
}

/// What is under way to a connection, and what it has made of it.
struct Input<'a> {
    data: &'a [u8],
    /// How much has arrived, and how much of that is used.
    arrived: usize,
    used: usize,
    size: usize,
    calls: usize,
    /// The data of the current body.
    body: Vec<u8>,
    heard: String,
}

impl<'a> Input<'a> {
    fn new(data: &'a [u8], size: usize) -> Self {
        let (body, heard) = (Vec::new(), String::new());
        Self { data, arrived: 0, used: 0, size, calls: 0, body, heard }
    }

    fn buffer(&mut self) -> &'a [u8] {
        self.calls += 1;
        assert!(self.calls <= 4 * self.data.len() + 16, "no progress");
        let buffer = self.data.get(self.used..self.arrived);
        assert!(buffer.is_some(), "more was used than there was");
        buffer.unwrap_or_default()
    }

    /// Lets another piece arrive, if there is one.
    fn more(&mut self) -> bool {
        let before = self.arrived;
        self.arrived = self.arrived.saturating_add(self.size).min(self.data.len());
        self.arrived > before
    }

    /// Notes an event, with the data in front of it.
    fn note(&mut self, event: core::fmt::Arguments<'_>) {
        let written = writeln!(self.heard, "{} {event}", self.body.escape_ascii());
        assert_eq!(written, Ok(()));
        self.body.clear();
    }

    fn note_error(&mut self, error: ParseError) -> String {
        self.note(format_args!("{error}"));
        core::mem::take(&mut self.heard)
    }
}

fn server_hears(data: &[u8], size: usize) -> String {
    let mut server = ServerConnection::new(&Config::SERVER);
    let mut input = Input::new(data, size);
    loop {
        let (used, event) = match server.receive(input.buffer()) {
            Ok(received) => received,
            Err(error) => {
                assert_eq!(server.receive(data).err(), Some(error), "an error stays");
                assert_eq!(answer(&mut server), ServerNext::Close);
                return input.note_error(error);
            }
        };
        input.used += used;
        match event {
            ServerEvent::Request(head) => input.note(format_args!("{head:?}")),
            ServerEvent::Data(data) => input.body.extend_from_slice(data),
            ServerEvent::NeedMore if input.more() => {}
            ServerEvent::NeedMore => {
                let end = server.end_of_input();
                input.note(format_args!("{end:?}"));
                return input.heard;
            }
            ServerEvent::End => {
                input.note(format_args!("end, trailers {:?}", server.trailers()));
                let next = answer(&mut server);
                input.note(format_args!("{next:?}"));
                if next != ServerNext::Request {
                    return input.heard;
                }
            }
            event => {
                input.note(format_args!("{event:?}"));
                return input.heard;
            }
        }
    }
}

/// Answers what was received, unless that has been done, and goes on.
fn answer(server: &mut ServerConnection) -> ServerNext {
    let (none, mut out) = (HeaderMap::new(), Vec::new());
    let status = StatusCode::BAD_REQUEST;
    assert_eq!(server.send_response(status, None, &none, Some(0), None, &mut out), Ok(()));
    assert_eq!(server.finish(&none, &mut out), Ok(()));
    server.next()
}

fn client_hears(data: &[u8], size: usize, method: Method) -> String {
    let mut client = ClientConnection::new(&Config::CLIENT);
    let (mut headers, mut out) = (HeaderMap::new(), Vec::new());
    for (name, value) in [("Host", "a"), ("Connection", "upgrade"), ("Upgrade", "echo")] {
        assert_eq!(headers.append(name, value), Ok(()));
    }
    let target: &[u8] = if method == Method::CONNECT { b"a:80" } else { b"/" };
    assert_eq!(client.send_request(method, target, &headers, Some(0), &mut out), Ok(()));
    assert_eq!(client.finish(&HeaderMap::new(), &mut out), Ok(()));
    let mut input = Input::new(data, size);
    loop {
        let (used, event) = match client.receive(input.buffer()) {
            Ok(received) => received,
            Err(error) => {
                assert_eq!(client.receive(data).err(), Some(error), "an error stays");
                assert!(!client.next());
                return input.note_error(error);
            }
        };
        input.used += used;
        match event {
            ClientEvent::Data(data) => input.body.extend_from_slice(data),
            ClientEvent::NeedMore if input.more() => {}
            ClientEvent::NeedMore => {
                let end = client.end_of_input();
                input.note(format_args!("{end:?}"));
                return input.heard;
            }
            ClientEvent::End => {
                input.note(format_args!("end, trailers {:?}", client.trailers()));
                return input.heard;
            }
            ClientEvent::Switched => return input.heard,
            event => input.note(format_args!("{event:?}")),
        }
    }
}
