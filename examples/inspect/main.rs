//! Shows what the parser sees in a message, a URI, a cookie or a field, or where it stops and why.
//!
//! ```text
//! printf 'GET / HTTP/1.1\r\nHost : a\r\n\r\n' | cargo run --example inspect request
//! echo 'HTTP://Example.org:80/a/../b%7e?q=1' | cargo run --example inspect uri
//! echo 'text/html, */*;q=0.1' | cargo run --example inspect accept 'text/html, application/json'
//! echo 'sid=31d4; Domain=com; Secure' | cargo run --example inspect set-cookie https://example.com/
//! echo 'attachment; filename=../a b.txt' | cargo run --example inspect content-disposition
//! echo '../b?q=1' | cargo run --example inspect uri http://example.org/c/d
//! ```
//!
//! The exit status is 0 if the input was accepted, 1 if it was refused, 2 if the arguments were wrong.

mod accept;
mod cookie;
mod disposition;
mod message;
mod show;
mod uri;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use nethttp::{Method, Uri};

use crate::show::Refusal;

/// What a mode made of its input: text for the standard output, and why it went no further.
type Report = (String, Option<Refusal>);

/// A kind of input, and the function that looks at it.
struct Mode {
    name: &'static str,
    /// What the argument behind the name is, if there may be one.
    argument: &'static str,
    about: &'static str,
    /// Whether a line break at the end of the input is not part of it.
    is_line: bool,
    inspect: fn(&[u8], Option<&str>) -> Result<Report, String>,
}

const MODES: [Mode; 10] = [
    Mode {
        name: "request",
        argument: "",
        about: "a request as a server receives it",
        is_line: false,
        inspect: request,
    },
    Mode {
        name: "response",
        argument: "[METHOD]",
        about: "a response as a client receives it; METHOD is that of the request, GET if not given",
        is_line: false,
        inspect: response,
    },
    Mode {
        name: "uri",
        argument: "[BASE]",
        about: "a URI or a relative reference; where BASE is given, what it leads to from there",
        is_line: true,
        inspect: uri,
    },
    Mode {
        name: "accept",
        argument: "[OFFERS]",
        about: "an Accept field, what it wants most first; with OFFERS, which of these is sent and why",
        is_line: true,
        inspect: accept::accept,
    },
    Mode {
        name: "accept-charset",
        argument: "[OFFERS]",
        about: "an Accept-Charset field, the same",
        is_line: true,
        inspect: accept::accept_charset,
    },
    Mode {
        name: "accept-encoding",
        argument: "[OFFERS]",
        about: "an Accept-Encoding field, the same",
        is_line: true,
        inspect: accept::accept_encoding,
    },
    Mode {
        name: "accept-language",
        argument: "[OFFERS]",
        about: "an Accept-Language field, the same",
        is_line: true,
        inspect: accept::accept_language,
    },
    Mode {
        name: "content-disposition",
        argument: "",
        about: "a Content-Disposition field, and the name that the file is saved under",
        is_line: true,
        inspect: disposition::disposition,
    },
    Mode {
        name: "cookie",
        argument: "[URL]",
        about: "a Cookie field; with URL, which of its pairs no jar sends there and why",
        is_line: true,
        inspect: cookie::cookie,
    },
    Mode {
        name: "set-cookie",
        argument: "[URL]",
        about: "Set-Cookie fields, one a line; with URL, what a jar keeps of them, why, and what it sends back",
        is_line: true,
        inspect: cookie::set_cookie,
    },
];

fn request(input: &[u8], argument: Option<&str>) -> Result<Report, String> {
    match argument {
        None => Ok(message::request(input)),
        Some(argument) => Err(format!("unexpected argument {argument:?}")),
    }
}

fn response(input: &[u8], argument: Option<&str>) -> Result<Report, String> {
    let method = Method::parse(argument.unwrap_or("GET").as_bytes())
        .map_err(|error| format!("not a method: {error}"))?;
    Ok(message::response(input, method))
}

fn uri(input: &[u8], argument: Option<&str>) -> Result<Report, String> {
    let base = argument.map(Uri::parse).transpose();
    let base = base.map_err(|error| format!("the base is not a URI: {error}"))?;
    Ok(uri::uri(input, base.as_ref()))
}

/// Returns the names of the modes as a sentence has them.
fn names() -> String {
    let names: Vec<&str> = MODES.iter().map(|mode| mode.name).collect();
    names.join(", ")
}

fn usage() -> String {
    let mut text = "usage: inspect MODE [ARGUMENT] < FILE\n\nmodes:\n".to_owned();
    for Mode { name, argument, about, .. } in &MODES {
        text += &format!("  {:<26}{about}\n", format!("{name} {argument}"));
    }
    text
}

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let (name, argument) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            print!("{}", usage());
            return ExitCode::SUCCESS;
        }
        [name] => (name, None),
        [name, argument] => (name, Some(argument)),
        _ => return misused(&format!("expected a mode: {}", names())),
    };
    let Some(mode) = MODES.iter().find(|mode| mode.name == name) else {
        return misused(&format!("expected a mode: {}, found {name:?}", names()));
    };
    let mut input = Vec::new();
    if let Err(error) = io::stdin().read_to_end(&mut input) {
        return misused(&format!("cannot read the standard input: {error}"));
    }
    let input = if mode.is_line { without_line_break(&input) } else { &input };
    let (mut text, refusal) = match (mode.inspect)(input, argument) {
        Ok(report) => report,
        Err(reason) => return misused(&reason),
    };
    if let Some(refusal) = &refusal {
        text += &refusal.describe(input);
    }
    // A reader that has seen enough, such as `head`, is no failure.
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::from(u8::from(refusal.is_some()))
}

fn without_line_break(input: &[u8]) -> &[u8] {
    let line = input.strip_suffix(b"\n").unwrap_or(input);
    if line.len() < input.len() { line.strip_suffix(b"\r").unwrap_or(line) } else { line }
}

fn misused(reason: &str) -> ExitCode {
    eprintln!("inspect: {reason}");
    ExitCode::from(2)
}
