//! What is measured.

use super::contract::{self, FILLING, HELLO, STREAM};
use super::load::{Content, Expected, Load};

/// A row of the comparison.
#[derive(Debug)]
pub struct Row {
    /// What it is called on the command line.
    pub name: &'static str,
    pub title: &'static str,
    pub kind: Kind,
}

/// What a row measures.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The same request again and again.
    Load(Ask),
    /// The time of every answer to a mix of requests.
    Slowest,
    /// Connections on which nothing happens.
    Idle,
}

/// A load in short.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    what: What,
    connections: usize,
    /// How many requests are sent at once.
    depth: usize,
    fresh: bool,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Hello,
    /// A file, by its place in [`contract::FILES`].
    File(usize),
    Stream,
    Upload,
}

const fn load(name: &'static str, title: &'static str, ask: Ask) -> Row {
    Row { name, title, kind: Kind::Load(ask) }
}

const fn ask(what: What, connections: usize) -> Ask {
    Ask { what, connections, depth: 1, fresh: false }
}

/// The rows, in their order.
pub static ROWS: [Row; 13] = [
    load("keep-1", "Keep-alive, 1 connection", ask(What::Hello, 1)),
    load("keep-16", "Keep-alive, 16 connections", ask(What::Hello, 16)),
    load("keep-64", "Keep-alive, 64 connections", ask(What::Hello, 64)),
    load("keep-256", "Keep-alive, 256 connections", ask(What::Hello, 256)),
    load(
        "pipelined",
        "Pipelined, 16 requests at once on 16 connections",
        Ask { depth: 16, ..ask(What::Hello, 16) },
    ),
    load(
        "connect",
        "A new connection for every request, 2 at a time",
        Ask { fresh: true, ..ask(What::Hello, 2) },
    ),
    load("static-1k", "A file of 1 KiB, 16 connections", ask(What::File(0), 16)),
    load("static-64k", "A file of 64 KiB, 16 connections", ask(What::File(1), 16)),
    load("static-10m", "A file of 10 MiB, 2 connections", ask(What::File(2), 2)),
    load("chunked", "A chunked response of 100 MiB, 1 connection", ask(What::Stream, 1)),
    load("upload", "An upload of 100 MiB, 1 connection", ask(What::Upload, 1)),
    Row {
        name: "slowest",
        title: "The slowest answer of a mix, 1 connection",
        kind: Kind::Slowest,
    },
    Row { name: "idle", title: "Idle connections", kind: Kind::Idle },
];

impl Ask {
    /// Whether the server has to make a body of unknown length.
    #[must_use]
    pub const fn needs_stream(&self) -> bool {
        matches!(self.what, What::Stream)
    }

    /// Returns the bytes of the body of one request or answer, where these are what counts.
    #[must_use]
    pub fn bulk(&self) -> Option<f64> {
        let len = match self.what {
            What::Hello | What::File(0 | 1) => return None,
            What::File(file) => contract::FILES[file].1 as u64,
            What::Stream | What::Upload => STREAM,
        };
        Some(f64::from(u32::try_from(len).expect("less than 4 GiB")))
    }

    /// Calls a function with the load.
    pub fn with_load<T>(&self, work: impl FnOnce(&Load<'_>) -> T) -> T {
        let uploaded = STREAM.to_string();
        let file;
        let (request, content) = match self.what {
            What::Hello if self.fresh => {
                (request("GET", "/", "Connection: close\r\n"), Content::Bytes(HELLO.as_bytes()))
            }
            What::Hello => (request("GET", "/", ""), Content::Bytes(HELLO.as_bytes())),
            What::File(index) => {
                let (name, len) = contract::FILES[index];
                file = contract::content(len);
                (request("GET", &format!("/static/{name}"), ""), Content::Bytes(&file))
            }
            What::Stream => (request("GET", "/stream", ""), Content::Repeated(&FILLING, STREAM)),
            What::Upload => {
                let length = format!("Content-Length: {STREAM}\r\n");
                (request("POST", "/upload", &length), Content::Bytes(uploaded.as_bytes()))
            }
        };
        work(&Load {
            request,
            upload: if matches!(self.what, What::Upload) { STREAM } else { 0 },
            expected: Expected { status: 200, body: content },
            connections: self.connections,
            depth: self.depth,
            fresh: self.fresh,
            buffer: if matches!(self.what, What::Hello) { 16 << 10 } else { 256 << 10 },
        })
    }
}

/// Writes a request with the fields of a simple client and some more, each with its end of line.
#[must_use]
pub fn request(method: &str, path: &str, fields: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: load/1.0\r\nAccept: */*\r\n{fields}\r\n")
        .into()
}
