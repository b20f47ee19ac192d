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
use nethttp::{Method, Request, Response, Result, Server, StatusCode};

const USAGE: &str = "\
usage: echo [--bind ADDR] [--port N]

Answers with what it was sent.

  -b, --bind ADDR   the address to listen on (127.0.0.1)
  -p, --port N      the port to listen on (8080; 0 takes one that is free)
  -h, --help        print this text
";

fn handle(request: &mut Request) -> Result<Response> {
    Ok(match (request.path(), request.method()) {
        ("/", Method::GET | Method::HEAD) => "OK".into_response(),
        // As much as the server's limit permits; beyond it, `?` answers 413.
        ("/", Method::POST) => request.body_mut().read_all()?.into_response(),
        ("/", _) => not_allowed("GET, HEAD, POST")?,
        ("/echo", _) => field_lines(request).into_response(),
        ("/cookie", Method::GET | Method::HEAD | Method::POST) => cookies(request).into_response(),
        ("/cookie", _) => not_allowed("GET, HEAD, POST")?,
        _ => StatusCode::NOT_FOUND.into_response(),
    })
}

fn not_allowed(allow: &str) -> Result<Response> {
    Ok(StatusCode::METHOD_NOT_ALLOWED.into_response().with_header("Allow", allow)?)
}

/// `Name: value`, one a line, in the order and the case that they came in. Values may be any bytes, so
/// what comes out is bytes.
fn field_lines(request: &Request) -> Lines {
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
fn cookies(request: &Request) -> Lines {
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
    let (mut bind, mut port) = ("127.0.0.1".to_owned(), 8080_u16);
    let mut arguments =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            "-h" | "--help" => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            "-b" | "--bind" => bind = value(),
            "-p" | "--port" => match value().parse() {
                Ok(number) => port = number,
                Err(_) => return misused("expected a port from 0 to 65535 after --port"),
            },
            _ => return misused(&format!("unknown argument {argument:?}")),
        }
    }
    match run(&bind, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo: {bind} port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(bind: &str, port: u16) -> Result<()> {
    let server = Server::bind((bind, port))?;
    // The port may be one that was free; whoever started this reads which.
    writeln!(io::stdout(), "http://{}/", server.local_addr()?)?;
    server.run(handle)
}

fn misused(reason: &str) -> ExitCode {
    eprintln!("echo: {reason}; try --help");
    ExitCode::from(2)
}
