//! The tables of defaults in the documentation are true, and each limit is where its table says, to the byte.

use super::{GET, PATIENCE, Running, statuses};
use nethttp::server::{Limits, Threads, Timeouts};
use nethttp::{Request, h1};
use std::time::Duration;

const SERVER: &str = include_str!("../../src/server/config.rs");
const WIRE: &str = include_str!("../../src/h1/limits.rs");

/// The names and the defaults of the table above `pub struct <name>`.
fn table<'a>(source: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let before = source.split(&format!("pub struct {name} {{")).next().expect("the type");
    let docs = before.rsplit("\n\n").next().expect("its documentation");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("/// | [`"));
    rows.map(|row| {
        let (name, rest) = row.split_once('`').expect("a name");
        // What a column says may have a link in it, but no bar.
        let columns: Vec<&str> = rest.split(" | ").collect();
        let default = columns.iter().find(|column| is_default(column)).expect("a default");
        (name, *default)
    })
    .collect()
}

fn is_default(column: &str) -> bool {
    column == "unlimited" || column.starts_with(|first: char| first.is_ascii_digit())
}

fn time(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

fn bytes(bytes: u64) -> String {
    match bytes.trailing_zeros() {
        20.. => format!("{} MiB", bytes >> 20),
        10..20 => format!("{} KiB", bytes >> 10),
        _ => number(bytes),
    }
}

fn number(number: u64) -> String {
    match number {
        u64::MAX => "unlimited".to_owned(),
        1000.. => format!("{},{:03}", number / 1000, number % 1000),
        _ => number.to_string(),
    }
}

#[track_caller]
fn says(source: &str, name: &str, values: &[(&str, String)]) {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, it)| (*name, it.as_str())).collect();
    assert_eq!(table(source, name), values);
}

#[test]
fn the_tables_say_what_the_defaults_are() {
    let it = Timeouts::DEFAULT;
    let min_rate = ("min_rate", number(it.min_rate));
    let times = [("head", it.head), ("idle", it.idle), ("read", it.read), ("write", it.write)];
    let mut rows = times.map(|(name, value)| (name, time(value))).to_vec();
    rows.extend([min_rate, ("grace", time(it.grace)), ("drain", time(it.drain))]);
    says(SERVER, "Timeouts", &rows);

    let it = Limits::DEFAULT;
    assert_eq!(it.h1, h1::Limits::DEFAULT);
    let rows = [
        ("body", bytes(it.body)),
        ("drain", bytes(it.drain)),
        ("connections", number(it.connections as u64)),
        ("requests", number(it.requests)),
    ];
    says(
        &SERVER.replace("[`h1::Limits::DEFAULT`]", "").replace("/// | [`h1`]", ""),
        "Limits",
        &rows,
    );

    let it = Threads::DEFAULT;
    let rows = [
        ("max", number(it.max as u64)),
        ("accepting", number(it.accepting as u64)),
        ("stack", bytes(it.stack as u64)),
        ("linger", time(it.linger)),
    ];
    says(SERVER, "Threads", &rows);

    let it = h1::Limits::DEFAULT;
    let rows = [
        ("head", bytes(it.head as u64)),
        ("fields", number(it.fields as u64)),
        ("target", bytes(it.target as u64)),
        ("empty_lines", number(it.empty_lines as u64)),
        ("chunk_line", bytes(it.chunk_line as u64)),
        ("chunk_overhead", bytes(it.chunk_overhead)),
        ("trailers", bytes(it.trailers as u64)),
        ("trailer_fields", number(it.trailer_fields as u64)),
        ("interim", number(it.interim.into())),
    ];
    says(WIRE, "Limits", &rows);
}

const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n\r\n";

fn head(len: usize) -> String {
    let head = format!("{HEAD}Content-Length: 0\r\nX: \r\n\r\n");
    head.replace("X: ", &format!("X: {}", "x".repeat(len - head.len())))
}

fn fields(count: usize) -> String {
    format!("{HEAD}Content-Length: 0\r\n{}\r\n", "X: y\r\n".repeat(count - 2))
}

fn target(len: usize) -> String {
    format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(len - 1))
}

fn method(len: usize) -> String {
    format!("{} / HTTP/1.1\r\nHost: a\r\n\r\n", "M".repeat(len))
}

fn empty_lines(count: usize) -> String {
    format!("{}GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n".repeat(count))
}

fn chunk_line(len: usize) -> String {
    format!("{HEAD}{CHUNKED}1;x={}\r\ny\r\n0\r\n\r\n", "x".repeat(len - 4))
}

fn trailers(len: usize) -> String {
    format!("{HEAD}{CHUNKED}0\r\nX: {}\r\n\r\n", "x".repeat(len - "X: \r\n".len()))
}

fn trailer_fields(count: usize) -> String {
    format!("{HEAD}{CHUNKED}0\r\n{}\r\n", "X: y\r\n".repeat(count))
}

fn body(len: usize) -> String {
    format!("{HEAD}Content-Length: {len}\r\n\r\n{}", "x".repeat(len))
}

fn chunks(len: usize) -> String {
    format!("{HEAD}{CHUNKED}{len:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(len))
}

#[test]
fn each_limit_is_where_it_is_said_to_be() {
    // However long it takes to send what is too much.
    let patient = Timeouts::DEFAULT.drain(PATIENCE);
    let server = Running::with(Limits::DEFAULT, patient, |request: &mut Request| {
        request.body_mut().read_all().map(|_| "ok").map_err(nethttp::Error::from)
    });
    let (limits, wire) = (Limits::DEFAULT, h1::Limits::DEFAULT);
    let most = usize::try_from(limits.body).expect("it fits into memory");
    type Make = fn(usize) -> String;
    let rows: [(&str, Make, usize, u16); 10] = [
        ("head", head, wire.head, 431),
        ("fields", fields, wire.fields, 431),
        ("target", target, wire.target, 414),
        ("method", method, nethttp::Method::MAX_LEN, 501),
        ("empty lines", empty_lines, wire.empty_lines, 400),
        ("line of a chunk", chunk_line, wire.chunk_line, 400),
        ("trailers", trailers, wire.trailers, 400),
        ("fields of trailers", trailer_fields, wire.trailer_fields, 400),
        ("body", body, most, 413),
        ("body in chunks", chunks, most, 413),
    ];
    for (what, make, limit, refusal) in rows {
        let within = [make(limit).as_bytes(), GET].concat();
        assert_eq!(statuses(&server.exchange(&within)), [200, 200], "{what} of {limit}");
        let beyond = make(limit + 1);
        // A length is refused before what it announces has come.
        let sent = if what == "body" { 1000 } else { beyond.len() };
        let mut client = server.connect();
        client.send(&beyond.as_bytes()[..sent]);
        assert_eq!(statuses(&client.response()), [refusal], "{what} of {limit} and one");
    }
}
