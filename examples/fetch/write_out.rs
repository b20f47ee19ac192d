//! What is said after a transfer: `-w`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use nethttp::message::Timings;
use nethttp::{HeaderMap, Method, Uri, Version};

use crate::failure::Failure;
use crate::journal::show;

/// What is known of a transfer.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) url: String,
    pub(crate) index: usize,
    pub(crate) method: Method,
    /// The URL that was asked last.
    pub(crate) effective: Option<Uri>,
    /// Where a redirect leads that was not followed.
    pub(crate) redirect: Option<Uri>,
    /// None if there was no answer.
    pub(crate) status: u16,
    pub(crate) version: Option<Version>,
    pub(crate) headers: HeaderMap,
    pub(crate) peer: Option<std::net::SocketAddr>,
    pub(crate) timings: Timings,
    pub(crate) total: Duration,
    pub(crate) redirects: u32,
    pub(crate) connects: u32,
    pub(crate) header_len: usize,
    pub(crate) downloaded: u64,
    pub(crate) uploaded: u64,
    pub(crate) file_name: Option<PathBuf>,
    pub(crate) failure: Option<Failure>,
}

/// Writes a report in the words of a format: `%{name}`, `%header{name}`, `%%`, and `\n`, `\r` and `\t`.
pub(crate) fn write_out(format: &str, report: &Report) {
    let (mut text, mut to_stderr) = (String::new(), false);
    let mut rest = format;
    while let Some(at) = rest.find(['%', '\\']) {
        text += &rest[..at];
        let special = &rest[at..];
        let (shown, len) = if let Some((name, len)) = braced(special, "%{") {
            match name {
                "stderr" | "stdout" => {
                    flush(&mut text, to_stderr);
                    to_stderr = name == "stderr";
                    (String::new(), len)
                }
                "onerror" if report.failure.is_none() => {
                    // What follows is said of failures.
                    (String::new(), special.len())
                }
                "onerror" => (String::new(), len),
                _ => match report.variable(name) {
                    Some(value) => (value, len),
                    None => {
                        show(&format!("fetch: unknown --write-out variable: '{name}'\n"));
                        (String::new(), len)
                    }
                },
            }
        } else if let Some((name, len)) = braced(special, "%header{") {
            (report.headers.text(name).unwrap_or_default().to_owned(), len)
        } else {
            let escapes = [("%%", "%"), ("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t")];
            let found = escapes.iter().find(|(escape, _)| special.starts_with(escape));
            found.map_or((special[..1].to_owned(), 1), |(_, shown)| ((*shown).to_owned(), 2))
        };
        text += &shown;
        rest = &special[len..];
    }
    text += rest;
    flush(&mut text, to_stderr);
}

/// Returns what stands between a start and the next brace, and the length of it all.
fn braced<'a>(text: &'a str, start: &str) -> Option<(&'a str, usize)> {
    let (name, _) = text.strip_prefix(start)?.split_once('}')?;
    Some((name, start.len() + name.len() + 1))
}

fn flush(text: &mut String, to_stderr: bool) {
    // Nobody has to be reading.
    let _ = match to_stderr {
        true => io::stderr().lock().write_all(text.as_bytes()),
        false => {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
    };
    text.clear();
}

impl Report {
    fn variable(&self, name: &str) -> Option<String> {
        let Timings { resolve, connect, send, first_byte, .. } = self.timings;
        let sum = |steps: &[Option<Duration>]| -> Duration { steps.iter().flatten().sum() };
        let seconds = |time: Duration| format!("{:.6}", time.as_secs_f64());
        let address =
            |of: fn(std::net::SocketAddr) -> String| self.peer.map(of).unwrap_or_default();
        let url = |url: &Option<Uri>| url.as_ref().map(ToString::to_string);
        let rate = |bytes: u64| format!("{:.0}", bytes as f64 / self.total.as_secs_f64().max(1e-6));
        let version = self.version.map(|version| version.to_string());
        Some(match name {
            "http_code" | "response_code" => format!("{:03}", self.status),
            "http_version" => {
                version.as_deref().unwrap_or("0").trim_start_matches("HTTP/").to_owned()
            }
            "scheme" => version.map_or("", |_| "HTTP").to_owned(),
            "method" => self.method.to_string(),
            "url" => self.url.clone(),
            "urlnum" => self.index.to_string(),
            "url_effective" => url(&self.effective).unwrap_or_else(|| self.url.clone()),
            "redirect_url" => url(&self.redirect).unwrap_or_default(),
            "content_type" => self.headers.text("Content-Type").unwrap_or_default().to_owned(),
            "num_redirects" => self.redirects.to_string(),
            "num_connects" => self.connects.to_string(),
            "size_header" => self.header_len.to_string(),
            "size_download" => self.downloaded.to_string(),
            "size_upload" => self.uploaded.to_string(),
            "speed_download" => rate(self.downloaded),
            "speed_upload" => rate(self.uploaded),
            "remote_ip" => address(|peer| peer.ip().to_string()),
            "remote_port" => self.peer.map_or(0, |peer| peer.port()).to_string(),
            "time_namelookup" => seconds(sum(&[resolve])),
            "time_connect" | "time_pretransfer" => seconds(sum(&[resolve, connect])),
            "time_appconnect" => seconds(Duration::ZERO),
            "time_starttransfer" => {
                seconds(self.before() + sum(&[resolve, connect, send, first_byte]))
            }
            "time_redirect" if self.redirects > 0 => seconds(self.before()),
            "time_redirect" => seconds(Duration::ZERO),
            "time_total" => seconds(self.total),
            "filename_effective" => {
                self.file_name.as_ref().map(|it| it.display().to_string()).unwrap_or_default()
            }
            "exitcode" => self.failure.as_ref().map_or(0, |it| it.status() as u8).to_string(),
            "errormsg" => self.failure.as_ref().map_or("", Failure::text).to_owned(),
            _ => return None,
        })
    }

    /// Returns how long everything took before the last request.
    fn before(&self) -> Duration {
        let Timings { resolve, connect, send, first_byte, total, .. } = self.timings;
        let last: Duration = [resolve, connect, send, first_byte].iter().flatten().sum();
        total.unwrap_or_default().saturating_sub(last)
    }
}
