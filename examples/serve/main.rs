//! Serves a directory over HTTP, as `python3 -m http.server` does.
//!
//! ```text
//! cargo run --example serve -- --port 8000 target/doc
//! ```
//!
//! The files are public to whoever can connect; without `--bind` that is this machine alone.

mod content_type;
mod file;
mod listing;
mod log;
mod page;
mod site;
mod target;
mod variants;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nethttp::server::{Compression, Handler};
use nethttp::{Request, Response, Server};

use crate::site::Site;

const USAGE: &str = "\
usage: serve [--bind ADDR] [--port N] [DIR]

Serves the files below DIR, the current directory if not given.

  -b, --bind ADDR   the address to listen on (127.0.0.1; 0.0.0.0 is everyone)
  -p, --port N      the port to listen on (8000; 0 takes one that is free)
  -h, --help        print this text
";

/// What the command line asks for.
struct Options {
    bind: String,
    port: u16,
    folder: PathBuf,
}

impl Options {
    /// Reads the arguments; `Ok(None)` is a call for help.
    fn parse(
        mut arguments: impl Iterator<Item = std::ffi::OsString>,
    ) -> Result<Option<Self>, String> {
        let mut options =
            Self { bind: "127.0.0.1".to_owned(), port: 8000, folder: PathBuf::from(".") };
        let mut folders = 0;
        let mut only_folders = false;
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            if only_folders || !text.starts_with('-') {
                options.folder = PathBuf::from(&argument);
                folders += 1;
                continue;
            }
            let (name, inline) = match text.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (&*text, None),
            };
            let mut value = || {
                let next = || arguments.next().map(|it| it.to_string_lossy().into_owned());
                inline.clone().or_else(next).ok_or_else(|| format!("expected a value after {name}"))
            };
            match name {
                "-h" | "--help" => return Ok(None),
                "-b" | "--bind" => options.bind = value()?,
                "-p" | "--port" => {
                    let port = value()?;
                    let wrong = |_| format!("expected a port from 0 to 65535, found {port:?}");
                    options.port = port.parse().map_err(wrong)?;
                }
                "--" => only_folders = true,
                _ => return Err(format!("unknown option {text:?}")),
            }
        }
        if folders > 1 {
            return Err("expected one directory, found several".to_owned());
        }
        Ok(Some(options))
    }
}

fn main() -> ExitCode {
    match Options::parse(std::env::args_os().skip(1)) {
        Ok(None) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("serve: {reason}; try --help");
            ExitCode::from(2)
        }
        Ok(Some(options)) => match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("serve: {}", failure.text);
                ExitCode::from(failure.status)
            }
        },
    }
}

/// Why the server did not start, or stopped.
struct Failure {
    text: String,
    status: u8,
}

fn run(options: &Options) -> Result<(), Failure> {
    let wrong = |text| Failure { text, status: 2 };
    let failed = |text| Failure { text, status: 1 };
    let shown = options.folder.display();
    let site = Site::open(&options.folder)
        .map_err(|error| wrong(format!("cannot serve {shown}: {error}")))?;
    let address = (options.bind.as_str(), options.port);
    let server = Server::bind(address).map_err(|error| {
        failed(format!("cannot listen on {} port {}: {error}", options.bind, options.port))
    })?;
    let local = server.local_addr().map_err(|error| failed(error.to_string()))?;
    announce(&options.folder, &format!("http://{local}/"));
    let handler = move |request: &mut Request| -> Response {
        let response = site.respond(request);
        log::access(request, &response);
        response
    };
    // Whoever reads a file here may read all of it: its compressed length gives away nothing.
    server.run(handler.wrap(Compression::DEFAULT)).map_err(|error| failed(error.to_string()))
}

/// Prints the one line that a person clicks and a script waits for. Nobody has to be reading.
fn announce(folder: &Path, url: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "Serving {} on {url}", folder.display());
    let _ = out.flush();
}
