//! What is seen of exchanges as they go: a layer of the client, which every request passes, those of redirects and
//! logins too. It shows them (`-v`) and keeps their heads (`-i`, `-D`).

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nethttp::client::{Exchange, Hop, Next, Proxies};
use nethttp::header::HeaderMap;
use nethttp::{Method, Request, Response, Uri};

use crate::options::Options;
use crate::shape::shape;

/// What happens between the client and servers.
#[derive(Debug)]
pub(crate) struct Journal {
    is_shown: bool,
    /// Bytes that may be sent in a second.
    rate: Option<u64>,
    proxies: Proxies,
    entries: Mutex<Entries>,
    /// Bytes of content that were sent.
    pub(crate) uploaded: Arc<AtomicU64>,
}

/// What was written down since the last transfer began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    /// The heads of responses, as they came but for line folds.
    pub(crate) heads: Vec<u8>,
    pub(crate) connects: u32,
    pub(crate) redirects: u32,
    /// The method of the last request.
    pub(crate) method: Method,
}

impl Journal {
    pub(crate) fn new(options: &Options, proxies: Proxies) -> Self {
        let (is_shown, rate) = (options.verbose, options.limit_rate);
        Self { is_shown, rate, proxies, entries: Mutex::default(), uploaded: Arc::default() }
    }

    /// Begins a new page.
    pub(crate) fn turn(&self) {
        self.uploaded.store(0, Ordering::Relaxed);
        *self.entries() = Entries::default();
    }

    pub(crate) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether requests for a URL go to a proxy.
    pub(crate) fn is_proxied(&self, url: &Uri) -> bool {
        self.proxies.choose(url).is_ok_and(|proxy| proxy.is_some())
    }

    pub(crate) fn redirected(&self, hop: &Hop<'_>) {
        self.entries().redirects = hop.count();
        if self.is_shown {
            let (count, method, url) = (hop.count(), hop.method(), hop.url());
            show(&format!("* redirect {count}: {method} {url}\n"));
        }
    }

    pub(crate) fn responded(&self, response: &Response) {
        self.entries().heads.extend_from_slice(&head(response));
        if self.is_shown {
            show_head('<', &status_line(response), response.headers());
        }
    }

    pub(crate) fn trailers(&self, trailers: &HeaderMap) {
        let mut text = String::new();
        for (name, value) in trailers {
            text += &format!("< {name}: {}\n", concealed(name, visible(value)));
        }
        if self.is_shown {
            show(&text);
        }
    }

    fn requested(&self, request: &Request) {
        let mut headers = request.headers().clone();
        // What cannot be added here is refused where the request is sent.
        let _ = match request.body().len() {
            None => headers.append("Transfer-Encoding", "chunked"),
            Some(0) if !matches!(request.method(), Method::POST | Method::PUT | Method::PATCH) => {
                Ok(())
            }
            Some(len) => headers.append("Content-Length", len.to_string()),
        };
        let url = Uri::parse(request.target().as_str()).ok();
        let target = url.as_ref().filter(|url| !self.is_forwarded(url)).map(Uri::origin_form);
        let target = target.as_deref().unwrap_or(request.target().as_str());
        let line = format!("{} {target} {}", request.method(), request.version());
        show_head('>', line.as_bytes(), &headers);
    }

    fn is_forwarded(&self, url: &Uri) -> bool {
        let proxy = self.proxies.choose(url).ok().flatten();
        proxy.is_some_and(|proxy| proxy.scheme().starts_with("http"))
    }

    fn connected(&self, response: &Response) {
        let peer = response.peer().map_or_else(|| "the server".to_owned(), |it| it.to_string());
        let timings = response.timings();
        let took = |what: &str, time: Option<std::time::Duration>| {
            time.map(|time| format!(", {what} in {:.1} ms", time.as_secs_f64() * 1000.0))
        };
        let text = match response.is_reused() {
            true => format!("* connected to {peer} already"),
            false => {
                let resolved = took("resolved", timings.resolve).unwrap_or_default();
                let connected = took("connected", timings.connect).unwrap_or_default();
                format!("* connected to {peer}{resolved}{connected}")
            }
        };
        let answered = took("answered", timings.first_byte).unwrap_or_default();
        show(&format!("{text}{answered}\n"));
    }
}

/// The layer that keeps the journal.
pub(crate) struct Tap(pub(crate) Arc<Journal>);

impl Exchange for Tap {
    fn exchange(&self, request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
        let Self(journal) = self;
        shape(request, journal.rate, &journal.uploaded);
        if journal.is_shown {
            journal.requested(request);
        }
        journal.entries().method = request.method();
        let response = next.exchange(request)?;
        journal.entries().connects += u32::from(!response.is_reused());
        if journal.is_shown {
            journal.connected(&response);
        }
        journal.responded(&response);
        Ok(response)
    }
}

fn status_line(response: &Response) -> Vec<u8> {
    let mut line = format!("{} {}", response.version(), response.status().as_u16()).into_bytes();
    if let Some(reason) = response.reason().filter(|reason| !reason.is_empty()) {
        line.push(b' ');
        line.extend_from_slice(reason);
    }
    line
}

fn head(response: &Response) -> Vec<u8> {
    let mut head = status_line(response);
    head.extend_from_slice(b"\r\n");
    for (name, value) in response.headers() {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Prints a head, every line behind a mark.
fn show_head(mark: char, start_line: &[u8], headers: &HeaderMap) {
    let mut text = format!("{mark} {}\n", visible(start_line));
    for (name, value) in headers {
        text += &format!("{mark} {name}: {}\n", concealed(name, visible(value)));
    }
    show(&format!("{text}{mark}\n"));
}

/// Hides what whoever reads over a shoulder, or is sent the output, need not learn.
fn concealed(name: &str, value: String) -> String {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("Authorization") || is("Proxy-Authorization") {
        let scheme = value.split_once(' ').map(|(scheme, _)| format!("{scheme} "));
        return format!("{}[hidden]", scheme.unwrap_or_default());
    }
    if is("Cookie") {
        return "[hidden]".to_owned();
    }
    if is("Set-Cookie") {
        let (pair, attributes) = value.split_at(value.find(';').unwrap_or(value.len()));
        let name = pair.split_once('=').map(|(name, _)| format!("{name}="));
        return format!("{}[hidden]{attributes}", name.unwrap_or_default());
    }
    let has_url = is("Location") || is("Content-Location") || is("Referer");
    if has_url { without_user(&value) } else { value }
}

/// Hides who logs in in a URL, which stands behind two slashes or what is taken for them.
fn without_user(url: &str) -> String {
    let is_slash = |char| matches!(char, '/' | '\\');
    let (mut shown, mut slashes) = (String::new(), 0);
    for piece in url.split_inclusive(['/', '\\', '?', '#']) {
        match piece.rsplit_once('@') {
            Some((_, host)) if slashes >= 2 => shown.extend(["[hidden]@", host]),
            _ => shown += piece,
        }
        slashes = match piece.ends_with(is_slash) {
            true if piece.len() == 1 => slashes + 1,
            true => 1,
            false => 0,
        };
    }
    shown
}

/// Says something to whoever sits before it, if anybody does.
pub(crate) fn show(text: &str) {
    // Nobody has to be reading.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Escapes control characters, which a server could fool a terminal with.
fn visible(bytes: &[u8]) -> String {
    let mut text = String::new();
    for char in String::from_utf8_lossy(bytes).chars() {
        if char.is_control() {
            text.extend(char.escape_default());
        } else {
            text.push(char);
        }
    }
    text
}
