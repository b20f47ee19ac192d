//! The access log, in the Common Log Format that every log reader knows:
//!
//! ```text
//! 127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET /a HTTP/1.1" 200 1024
//! ```
//!
//! Whatever a client sends ends up in here, and a log is read in a terminal and by programs that trust
//! its quotes: control characters, quotes and backslashes are escaped.

use std::io::{self, Write};
use std::time::SystemTime;

use nethttp::field::HttpDate;
use nethttp::{Method, Request, Response};

/// Writes a line about an exchange to the standard error.
pub(crate) fn access(request: &Request, response: &Response) {
    let now = HttpDate::from(SystemTime::now());
    let line = line(request, response, now);
    // One write, so that lines of several threads do not mix; a closed log stops no server.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

fn line(request: &Request, response: &Response, now: HttpDate) -> String {
    let peer =
        request.peer().map_or_else(|| "-".to_owned(), |it| it.ip().to_canonical().to_string());
    let sent = match response.body().len() {
        Some(len) if len > 0 && request.method() != Method::HEAD => len.to_string(),
        _ => "-".to_owned(),
    };
    format!(
        "{peer} - - [{}] \"{} {} {}\" {} {sent}\n",
        timestamp(now),
        escaped(request.method().as_str()),
        escaped(request.target().as_str()),
        request.version(),
        response.status().as_u16(),
    )
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` as `06/Nov/1994:08:49:37 +0000`.
fn timestamp(date: HttpDate) -> String {
    let text = date.to_string();
    match text.split(' ').collect::<Vec<_>>()[..] {
        [_, day, month, year, time, _] => format!("{day}/{month}/{year}:{time} +0000"),
        _ => text,
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out
}
