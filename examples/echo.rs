//! Says back what it hears: a server to try clients on.
//!
//! ```text
//! cargo run --example echo -- --port 8080
//! curl -d hello http://127.0.0.1:8080/
//! ```
//!
//! | path | method | answer |
//! |---|---|---|
//! | `/` | GET, HEAD | `OK` |
//! | `/` | POST | the body |
//! | `/echo` | every one that the server lets through | the field lines, as they came |
//! | `/cookie` | GET, HEAD, POST | the pairs of the Cookie field, one a line |

use std::io::{self, Write};
use std::process::ExitCode;

use nethttp::message::IntoResponse;
use nethttp::{Request, Response, Result, Router, Server};

const USAGE: &str = "\
usage: echo [--bind ADDR] [--port N]

Answers with what it was sent.

  -b, --bind ADDR   the address to listen on (127.0.0.1)
  -p, --port N      the port to listen on (8080; 0 takes one that is free)
  -h, --help        print this text
";

/// Returns what answers for which path.
fn site() -> Result<Router> {
    Ok(Router::builder()
        .get("/{$}", |_: &mut Request| "OK")
        .post("/{$}", content)
        .any("/echo", field_lines)
        .get("/cookie", cookies)
        .post("/cookie", cookies)
        .build()?)
}

/// As much as the server's limit permits; what is beyond it is answered with 413 by `?`.
fn content(request: &mut Request) -> Result<Vec<u8>> {
    Ok(request.body_mut().read_all()?)
}

/// `Name: value`, one a line, in the order and the case that they came in. Values may be any bytes, so
/// what comes out is bytes.
fn field_lines(request: &mut Request) -> Lines {
    let mut lines = Vec::new();
    for (name, value) in request.headers() {
        lines.extend_from_slice(name.as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value);
        lines.push(b'\n');
    }
    Lines(lines)
}

/// `name=value`, one a line; [RFC 6265 §4.2.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1)
/// puts `"; "` between the pairs.
fn cookies(request: &mut Request) -> Lines {
    let mut lines = Vec::new();
    for field in request.headers().get_all("Cookie") {
        for pair in field.split(|&byte| byte == b';').map(<[u8]>::trim_ascii) {
            if !pair.is_empty() {
                lines.extend_from_slice(pair);
                lines.push(b'\n');
            }
        }
    }
    Lines(lines)
}

/// Bytes that are lines of text, in whatever encoding.
struct Lines(Vec<u8>);

impl IntoResponse for Lines {
    fn into_response(self) -> Response {
        match String::from_utf8(self.0) {
            Ok(text) => text.into_response(),
            Err(error) => error.into_bytes().into_response(),
        }
    }
}

fn main() -> ExitCode {
    let done =
        match options(std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned())) {
            Ok(None) => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            Ok(Some((bind, port))) => {
                run(&bind, port).map_err(|error| (1, format!("{bind} port {port}: {error}")))
            }
            Err(reason) => Err((2, format!("{reason}; try --help"))),
        };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, reason)) => {
            eprintln!("echo: {reason}");
            ExitCode::from(status)
        }
    }
}

/// Reads where to listen; `None` asks for help.
fn options(
    mut arguments: impl Iterator<Item = String>,
) -> std::result::Result<Option<(String, u16)>, String> {
    let (mut bind, mut port) = ("127.0.0.1".to_owned(), 8080);
    while let Some(argument) = arguments.next() {
        let missing = || format!("expected a value after {argument}");
        let mut value = || arguments.next().ok_or_else(missing);
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "-b" | "--bind" => bind = value()?,
            "-p" | "--port" => {
                let number = value()?.parse();
                port = number.map_err(|_| "expected a port from 0 to 65535 after --port")?;
            }
            _ => return Err(format!("unknown argument {argument:?}")),
        }
    }
    Ok(Some((bind, port)))
}

fn run(bind: &str, port: u16) -> Result<()> {
    let server = Server::bind((bind, port))?;
    // The port may be one that was free; whoever started this reads which.
    writeln!(io::stdout(), "http://{}/", server.local_addr()?)?;
    server.run(site()?)
}
