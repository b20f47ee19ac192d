//! Forms that programs really send, taken off a connection.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use std::{env, fs};

use nethttp::{Request, Response, Server, ServerHandle, StatusCode};

use super::real::{self, Meaning, Sent};
use crate::support::peers;
use crate::support::program::{Outcome, browse, run, run_command};
use crate::support::scratch::Scratch;

/// The forms that have come, by their paths without the slash.
type Came = Arc<(Mutex<BTreeMap<String, Sent>>, Condvar)>;

/// A server that keeps the forms that it gets, and has a page that sends some.
struct Capture {
    handle: Option<ServerHandle>,
    came: Came,
}

impl Capture {
    fn start() -> Self {
        let came = Came::default();
        let keep = Arc::clone(&came);
        let server = Server::bind("127.0.0.1:0").unwrap();
        let handle = server.spawn(move |request: &mut Request| answer(request, &keep)).unwrap();
        Self { handle: Some(handle), came }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.handle.as_ref().unwrap().addr())
    }

    #[track_caller]
    fn take(&self, name: &str) -> Sent {
        let taken = self.came.0.lock().unwrap().remove(name);
        let sent = taken.unwrap_or_else(|| panic!("{name} has not come"));
        if env::var_os("NETHTTP_RECORD").is_some_and(|value| value == "1") {
            let head = format!("Content-Type: {}\r\n\r\n", sent.media_type);
            fs::write(real::path(name), [head.as_bytes(), &sent.body].concat()).unwrap();
        }
        sent
    }

    /// Asserts that the forms have come, and that they are understood as they were meant.
    #[track_caller]
    fn holds(&self, forms: &[(&str, Meaning)]) {
        for (name, meaning) in forms {
            real::means(name, &self.take(name), meaning);
        }
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.shutdown(Duration::from_secs(2));
        }
    }
}

fn answer(request: &mut Request, came: &Came) -> Response {
    let name = request.path().trim_start_matches('/').to_owned();
    let (forms, changed) = &**came;
    match (request.header("content-type"), name.as_str()) {
        (Some(media_type), _) => {
            let media_type = media_type.to_owned();
            let body = request.body_mut().read_all().unwrap();
            forms.lock().unwrap().insert(name, Sent { media_type, body });
            changed.notify_all();
        }
        // The page has been loaded when this has, and the browser is done when the page is loaded.
        (None, "wait") => {
            let is_missing = |forms: &mut BTreeMap<String, Sent>| {
                real::CHROMIUM.iter().any(|(name, _)| !forms.contains_key(*name))
            };
            let patience = Duration::from_secs(30);
            drop(changed.wait_timeout_while(forms.lock().unwrap(), patience, is_missing).unwrap());
        }
        (None, "") => {
            let page = Response::new(StatusCode::OK).with_body(include_str!("page.html"));
            return page.with_header("content-type", "text/html;charset=utf-8").unwrap();
        }
        (None, _) => return Response::new(StatusCode::NOT_FOUND),
    }
    Response::new(StatusCode::OK)
}

#[track_caller]
fn succeeds(outcome: &Outcome) {
    assert_eq!(outcome.status, Some(0), "{}{}", outcome.out(), outcome.err());
}

#[test]
fn a_browser_is_understood() {
    let Some(chromium) = peers::find("chromium") else { return };
    let (capture, scratch) = (Capture::start(), Scratch::new());
    succeeds(&browse(&chromium, &scratch.path().join("profile"), &capture.url()));
    capture.holds(&real::CHROMIUM);
}

/// Runs curl where the files are that it is to send.
#[track_caller]
fn curl(curl: &Path, scratch: &Scratch, url: &str, arguments: &[&str], input: &[u8]) {
    let mut command = Command::new(curl);
    command.current_dir(scratch.path()).args(["-q", "-sS", "--max-time", "20", url]);
    command.args(arguments);
    succeeds(&run_command(command, input));
}

#[test]
fn curl_is_understood() {
    let Some(program) = peers::find("curl") else { return };
    let (capture, scratch) = (Capture::start(), Scratch::new());
    scratch.write("a.txt", "first");
    scratch.write("b.bin", "\0\r\n--");
    let send = |name: &str, arguments: &[&str], input: &[u8]| {
        curl(&program, &scratch, &(capture.url() + name), arguments, input);
    };
    let fields = ["text=plain", "empty=", "lines=one\r\ntwo", "größe=多", "quo\"te\r\n=x"];
    let typed = "json={\"a\":1};type=application/json;headers=\"X-Note: yes\"";
    let named = "file=@a.txt;type=text/plain;filename=\"a\\\"b\\\\c.txt\"";
    let mut arguments: Vec<&str> = fields.iter().flat_map(|field| ["-F", field]).collect();
    arguments.extend([
        "-F",
        typed,
        "--form-string",
        "raw=@a;type=b",
        "-F",
        "eight=bit;encoder=8bit",
    ]);
    arguments.extend(["-F", named, "-F", "file=@b.bin;filename=naïve 多.bin"]);
    send("curl-form", &arguments, b"");
    let named = "file=@a.txt;filename=\"a\\\"b\\\\c.txt\"";
    send("curl-escape", &["--form-escape", "-F", "quo\"te\\=x", "-F", named], b"");
    send("curl-pipe", &["-F", "up=@-"], b"from a pipe");
    let pairs = ["text=a b+c&d=e%", "lines=one\r\ntwo", "größe=多", "text="];
    let arguments: Vec<&str> = pairs.iter().flat_map(|pair| ["--data-urlencode", pair]).collect();
    send("curl-pairs", &arguments, b"");
    capture.holds(&real::CURL);

    send(real::CURL_MIXED, &["-F", "files=@a.txt,b.bin", "-F", "last=x"], b"");
    real::is_mixed(&capture.take(real::CURL_MIXED));
    send(real::CURL_BASE64, &["-F", "first=1", "-F", "up=@a.txt;encoder=base64"], b"");
    real::is_encoded(&capture.take(real::CURL_BASE64));
}

#[test]
fn requests_is_understood() {
    let Some(python) = peers::find("python3") else { return };
    if run(&python, ["-c", "import requests"], b"").status != Some(0) {
        let required = env::var_os("NETHTTP_REQUIRE_PEERS").is_some_and(|value| value == "1");
        assert!(
            !required,
            "Python has no module requests, and NETHTTP_REQUIRE_PEERS=1 requires it"
        );
        println!("skipped: Python has no module requests");
        return;
    }
    let capture = Capture::start();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/form/send.py");
    succeeds(&run(&python, ["-X", "utf8", script, &capture.url()], b""));
    capture.holds(&real::REQUESTS);
}

/// Nobody requires it.
#[test]
fn node_is_understood() {
    let Some(node) = peers::search("node", &env::var_os("PATH").unwrap_or_default()) else {
        println!("skipped: node not found");
        return;
    };
    let fetches = ["-e", "if (typeof FormData === 'undefined') process.exit(1)"];
    if run(&node, fetches, b"").status != Some(0) {
        println!("skipped: node has no fetch");
        return;
    }
    let capture = Capture::start();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/form/send.mjs");
    succeeds(&run(&node, [script, &capture.url()], b""));
    capture.holds(&real::NODE);
}
