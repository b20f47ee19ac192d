//! Shows what the parser sees in a message, or where it stops and why.
//!
//! ```text
//! printf 'GET / HTTP/1.1\r\nHost : a\r\n\r\n' | cargo run --example inspect request
//! ```
//!
//! The exit status is 0 if the input was accepted, 1 if it was refused, 2 if the arguments were wrong.

mod message;
mod show;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use nethttp::Method;

use crate::show::Refusal;

/// What a mode made of its input: text for the standard output, and why it went no further.
type Report = (String, Option<Refusal>);

/// A kind of input, and the function that looks at it.
struct Mode {
    name: &'static str,
    about: &'static str,
    inspect: fn(&[u8], Option<&str>) -> Result<Report, String>,
}

const MODES: [Mode; 2] = [
    Mode { name: "request", about: "a request as a server receives it", inspect: request },
    Mode {
        name: "response",
        about: "a response as a client receives it; METHOD is that of the request, GET if not given",
        inspect: response,
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

fn usage() -> String {
    let mut text = "usage: inspect MODE [METHOD] < FILE\n\nmodes:\n".to_owned();
    for mode in &MODES {
        text += &format!("  {:<10}{}\n", mode.name, mode.about);
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
        _ => return misused("expected a mode: request or response"),
    };
    let Some(mode) = MODES.iter().find(|mode| mode.name == name) else {
        return misused(&format!("expected a mode: request or response, found {name:?}"));
    };
    let mut input = Vec::new();
    if let Err(error) = io::stdin().read_to_end(&mut input) {
        return misused(&format!("cannot read the standard input: {error}"));
    }
    let (mut text, refusal) = match (mode.inspect)(&input, argument) {
        Ok(report) => report,
        Err(reason) => return misused(&reason),
    };
    if let Some(refusal) = &refusal {
        text += &refusal.describe(&input);
    }
    // A reader that has seen enough, such as `head`, is no failure.
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::from(u8::from(refusal.is_some()))
}

fn misused(reason: &str) -> ExitCode {
    eprintln!("inspect: {reason}");
    ExitCode::from(2)
}
