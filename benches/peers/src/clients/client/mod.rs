//! The clients, each used as its own documentation shows it, with its defaults: one that keeps connections is made once,
//! one that can is let to ask for gzip. None has TLS. All read bodies in pieces of 64 KiB.

mod attohttpc;
mod curl;
mod floor;
mod minreq;
mod ours;
mod reqwest;
mod ureq;

use std::error::Error;
use std::io::Read;
use std::net::SocketAddr;

use super::answers::Answer;

/// How much of a body is asked for at once.
const READ: usize = 64 << 10;

/// What is asked for, again and again.
#[derive(Debug)]
pub struct Asked {
    pub addr: SocketAddr,
    pub url: String,
    /// What will come, for one that does not look.
    pub answer: Answer,
}

/// Takes the pieces of a body as they come.
pub type Sink<'a> = &'a mut dyn FnMut(&[u8]);

/// What became of a request: the status of its answer.
pub type Outcome = Result<u16, Box<dyn Error>>;

/// Asks once, reads the answer to its end, and returns its status.
pub type Get<'a> = Box<dyn FnMut(Sink<'_>) -> Outcome + 'a>;

/// Makes a client that is ready to ask.
pub type Open = for<'a> fn(&'a Asked) -> Result<Get<'a>, Box<dyn Error>>;

/// A client of the comparison.
#[derive(Debug)]
pub struct Client {
    pub name: &'static str,
    /// Whether it uses a connection again.
    pub keeps: bool,
    /// Whether it decodes gzip.
    pub gunzips: bool,
    pub open: Open,
}

/// The clients, the floor first.
pub static CLIENTS: [Client; 8] = [
    Client { name: "floor", keeps: true, gunzips: false, open: floor::open },
    Client { name: "floor-joined", keeps: true, gunzips: false, open: floor::open_joined },
    Client { name: "nethttp", keeps: true, gunzips: true, open: ours::open },
    Client { name: "ureq", keeps: true, gunzips: true, open: ureq::open },
    Client { name: "libcurl", keeps: true, gunzips: true, open: curl::open },
    Client { name: "reqwest", keeps: true, gunzips: true, open: reqwest::open },
    Client { name: "attohttpc", keeps: false, gunzips: true, open: attohttpc::open },
    Client { name: "minreq", keeps: false, gunzips: false, open: minreq::open },
];

/// Finds a client by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.name == name)
}

/// Reads a body to its end.
fn read(body: &mut impl Read, buf: &mut [u8], sink: Sink<'_>) -> Result<(), Box<dyn Error>> {
    loop {
        match body.read(buf)? {
            0 => return Ok(()),
            len => sink(&buf[..len]),
        }
    }
}
