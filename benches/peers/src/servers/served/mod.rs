//! The servers, which all answer what the [contract](super::contract) says.
//!
//! Each runs as its own documentation shows it: with its defaults where these can serve every row, what has to be
//! raised for a row raised (the connections, the length of a body), and `TCP_NODELAY` where it can be said.

mod floor;
mod go;
mod hyper;
mod khttp;
mod nginx;
mod ours;
mod rouille;
mod tiny_http;

use std::error::Error;
use std::path::Path;
use std::process::Command;

/// Serves on a port of the loopback address, with the files in a folder, and does not return.
pub type Serve = fn(u16, &Path) -> Result<(), Box<dyn Error>>;

/// A server of the comparison.
#[derive(Debug)]
pub struct Server {
    pub name: &'static str,
    /// Whether it makes bodies of unknown length.
    pub streams: bool,
    pub kind: Kind,
}

/// How a server is run.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A function of this program.
    Function(Serve),
    /// A program that is to be prepared: makes its files in a folder and returns the command that starts
    /// it on a port.
    Program {
        /// What has to be installed.
        needs: &'static str,
        prepare: fn(u16, &Path) -> Result<Command, String>,
    },
}

/// The servers, the floor first.
pub static SERVERS: [Server; 9] = [
    Server { name: "floor", streams: true, kind: Kind::Function(floor::serve) },
    Server { name: "nethttp", streams: true, kind: Kind::Function(ours::serve) },
    Server { name: "tiny_http", streams: true, kind: Kind::Function(tiny_http::serve) },
    Server { name: "rouille", streams: true, kind: Kind::Function(rouille::serve) },
    Server { name: "khttp", streams: true, kind: Kind::Function(khttp::serve_threads) },
    Server { name: "khttp-epoll", streams: true, kind: Kind::Function(khttp::serve_epoll) },
    Server { name: "hyper", streams: true, kind: Kind::Function(hyper::serve) },
    Server {
        name: "nginx",
        streams: false,
        kind: Kind::Program { needs: "nginx", prepare: nginx::prepare },
    },
    Server { name: "go", streams: true, kind: Kind::Program { needs: "go", prepare: go::prepare } },
];

/// Finds a server by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Server> {
    SERVERS.iter().find(|server| server.name == name)
}
