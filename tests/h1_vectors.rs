//! The request vectors through a server's connection: every stream of `tests/data/h1_requests.jsonl`
//! must have its outcome, however it is cut, and a request behind another one must be seen exactly
//! where the first one really ends.

mod support;

use nethttp::h1::{Config, ServerConnection, ServerEvent, ServerNext};
use nethttp::{HeaderMap, Method, StatusCode};
use support::feed::cut_points;
use support::vectors::{Vector, h1_requests};

/// The server's own limit on a body, which is not a matter of framing.
const MOST_BODY: u64 = 2 << 20;

/// How many cuts a long stream gets.
const CUTS: usize = 24;

/// Streams whose first request says, or means, that nothing comes after it.
const LAST: [&str; 5] =
    ["conn.close", "conn.close_list", "conn.dup_ka_close", "conn.dup_close_ka", "conn.10_default"];

/// What came of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// In the words of the table.
    outcome: String,
    /// The error with its place.
    error: String,
    /// Target and body of each request that was complete.
    requests: Vec<(String, Vec<u8>)>,
}

/// Answers every request with 200, and CONNECT with 405, until there is nothing more to be had.
fn drive(pieces: &[&[u8]]) -> Seen {
    let mut connection = ServerConnection::new(&Config::SERVER);
    let (mut seen, mut buffer) = (Seen::default(), Vec::new());
    let mut current = (String::new(), Vec::new());
    let mut status = StatusCode::OK;
    let mut pieces = pieces.iter();
    loop {
        let in_body = !current.0.is_empty();
        let (used, event) = match connection.receive(&buffer) {
            Ok(received) => received,
            Err(error) => {
                let place = if in_body { "-in-body" } else { "" };
                seen.outcome = format!("{}{place}", error.status().as_u16());
                seen.error = error.to_string();
                break;
            }
        };
        match event {
            ServerEvent::Request(head) => {
                current = (head.target().escape_ascii().to_string(), Vec::new());
                status = match head.method() {
                    Method::CONNECT => StatusCode::METHOD_NOT_ALLOWED,
                    _ => StatusCode::OK,
                };
                if connection.body_remaining().is_some_and(|left| left > MOST_BODY) {
                    seen.outcome = "413".to_owned();
                    break;
                }
            }
            ServerEvent::Data(data) => current.1.extend_from_slice(data),
            ServerEvent::End => {
                seen.requests.push(std::mem::take(&mut current));
                if answer(&mut connection, status) != ServerNext::Request {
                    break;
                }
            }
            ServerEvent::NeedMore => {
                let Some(piece) = pieces.next() else {
                    break;
                };
                buffer.extend_from_slice(piece);
            }
            event => panic!("unexpected {event:?}"),
        }
        buffer.drain(..used);
    }
    if seen.outcome.is_empty() {
        seen.outcome = if seen.requests.is_empty() { "partial" } else { "ok" }.to_owned();
    }
    seen
}

fn answer(connection: &mut ServerConnection, status: StatusCode) -> ServerNext {
    let (headers, mut out) = (HeaderMap::new(), Vec::new());
    connection.send_response(status, None, &headers, Some(0), None, &mut out).unwrap();
    connection.finish(&headers, &mut out).unwrap();
    connection.next()
}

fn each(check: impl Fn(&Vector)) {
    let vectors = h1_requests();
    assert_eq!(vectors.len(), 246);
    vectors.iter().for_each(check);
}

#[test]
fn every_stream_has_its_outcome() {
    let mut wrong = Vec::new();
    for vector in h1_requests() {
        let seen = drive(&[&vector.input]);
        if seen.outcome != vector.expect {
            wrong.push(format!("{}: expected {}, found {seen:?}", vector.id, vector.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_cut_makes_a_difference() {
    each(|vector| {
        let whole = drive(&[&vector.input]);
        let bytes: Vec<&[u8]> = vector.input.chunks(1).collect();
        assert_eq!(drive(&bytes), whole, "{} byte by byte", vector.id);
        let points = cut_points(&vector.input);
        let step = if vector.input.len() > 4096 { points.len().div_ceil(CUTS) } else { 1 };
        for cut in points.into_iter().step_by(step) {
            let (head, tail) = vector.input.split_at(cut);
            assert_eq!(drive(&[head, tail]), whole, "{} cut at {cut}", vector.id);
        }
    });
}

#[test]
fn the_next_request_is_seen_only_where_it_is_one() {
    const NEXT: &[u8] = b"GET /next ";
    each(|vector| {
        let written = vector.input.windows(NEXT.len()).filter(|window| *window == NEXT).count();
        let served = vector.expect == "ok" && !LAST.contains(&vector.id.as_str());
        let seen = drive(&[&vector.input]);
        let next = seen.requests.iter().filter(|(target, _)| target == "/next").count();
        assert_eq!(next, if served { written } else { 0 }, "{}: {seen:?}", vector.id);
        for (_, body) in &seen.requests {
            let swallowed = body.windows(NEXT.len()).any(|window| window == NEXT);
            assert!(!swallowed, "{}: a body has the next request in it", vector.id);
        }
    });
}

#[test]
fn bodies_are_what_was_sent() {
    each(|vector| {
        let announces = |name: &[u8]| vector.input.windows(name.len()).any(|part| part == name);
        let first = drive(&[&vector.input]).requests.into_iter().next();
        if let (true, Some((_, body))) = (announces(b"hello"), first) {
            assert_eq!(body.escape_ascii().to_string(), "hello", "{}", vector.id);
        }
    });
}
