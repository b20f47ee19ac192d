//! One request after the other, of all kinds, and how long each took: servers that write an answer in pieces
//! and do not say `TCP_NODELAY` wait for an acknowledgement that the client delays.

use std::io;
use std::time::{Duration, Instant};

use super::{Connection, Content, Expected};
use crate::servers::child::Running;
use crate::servers::contract::{self, HELLO, PIECES};
use crate::servers::rows::request;

/// A kind of request.
#[derive(Debug)]
pub struct Case {
    pub name: &'static str,
    /// What is sent, each part by itself.
    parts: [Vec<u8>; 2],
    status: u16,
    body: Option<Vec<u8>>,
}

/// A mix, and how long each answer took by the place of its kind.
#[derive(Debug)]
pub struct Times {
    pub cases: Vec<Case>,
    pub all: Vec<(usize, Duration)>,
}

/// Returns the mix, for a server that makes bodies of unknown length or not.
#[must_use]
pub fn cases(streams: bool) -> Vec<Case> {
    let get = |name, path: &str, status, body: Option<&[u8]>| Case {
        name,
        parts: [request("GET", path, ""), Vec::new()],
        status,
        body: body.map(<[u8]>::to_vec),
    };
    let file = |index: usize| contract::content(contract::FILES[index].1);
    let mut cases = vec![
        get("text", "/", 200, Some(HELLO.as_bytes())),
        get("file of 1 KiB", "/static/1k", 200, Some(&file(0))),
        get("file of 64 KiB", "/static/64k", 200, Some(&file(1))),
        get("404", "/missing", 404, None),
        Case {
            name: "upload of 5 bytes",
            parts: [request("POST", "/upload", "Content-Length: 5\r\n"), b"hello".to_vec()],
            status: 200,
            body: Some(b"5".to_vec()),
        },
    ];
    if streams {
        cases.push(get("chunks", "/pieces", 200, Some(PIECES.concat().as_bytes())));
    }
    cases
}

impl Times {
    /// Asks for each in turn until the time is over, and keeps how long it took.
    ///
    /// # Errors
    ///
    /// An answer was wrong, or did not come.
    pub fn add(&mut self, server: &Running, turn: Duration) -> io::Result<()> {
        let mut connection = Connection::open(server.addr, 128 << 10)?;
        let until = Instant::now() + turn;
        while Instant::now() < until {
            for (index, case) in self.cases.iter().enumerate() {
                let start = Instant::now();
                for part in case.parts.iter().filter(|part| !part.is_empty()) {
                    connection.send(part)?;
                }
                let body = case.body.as_deref().map_or(Content::Any, Content::Bytes);
                connection.receive(&Expected { status: case.status, body })?;
                self.all.push((index, start.elapsed()));
            }
        }
        Ok(())
    }
}
