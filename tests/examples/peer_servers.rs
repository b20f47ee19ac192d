//! Servers that others wrote, and one that says whatever a test wants it to say.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{self, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::support::peers::{Peer, start_on_free_port};
use crate::support::program::Running;
use crate::support::scratch::Scratch;

/// Starts Python's server on a directory.
pub(crate) fn python(program: &Path, folder: &Path) -> Running {
    let mut command = Command::new(program);
    command.args(["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory"]);
    command.arg(folder).arg("0");
    Running::start(command, None)
}

/// Starts a server on Python's library that speaks HTTP/1.1 and chunks what it sends.
pub(crate) fn python_chunks(program: &Path) -> Running {
    let script = "\
import http.server as h
class Handler(h.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *a): pass
    def do_GET(self):
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for n in range(1, 200):
            piece = bytes([n]) * n
            self.wfile.write(b'%x\\r\\n%s\\r\\n' % (len(piece), piece))
        self.wfile.write(b'0\\r\\n\\r\\n')
s = h.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print('http://127.0.0.1:%d/' % s.server_address[1], flush=True)
s.serve_forever()
";
    let mut command = Command::new(program);
    command.args(["-c", script]);
    Running::start(command, None)
}

/// Starts a server on Python's library that takes forms apart, and answers with a line for each part: its
/// name, its file name, its type, and the length and the CRC-32 of its content.
pub(crate) fn python_forms(program: &Path) -> Running {
    let script = "\
import http.server as h, email, zlib
from email.policy import HTTP
class Handler(h.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *a): pass
    def do_POST(self):
        head = b'Content-Type: %s\\r\\n\\r\\n' % self.headers['Content-Type'].encode()
        body = self.rfile.read(int(self.headers['Content-Length']))
        out = ''
        for part in email.message_from_bytes(head + body, policy=HTTP).iter_parts():
            data = part.get_payload(decode=True)
            name = part.get_param('name', header='content-disposition')
            kind = part['Content-Type'] or '-'
            out += f'{name} {part.get_filename()} {kind} {len(data)} {zlib.crc32(data):08x}\\n'
        self.send_response(200)
        self.send_header('Content-Length', str(len(out)))
        self.end_headers()
        self.wfile.write(out.encode())
s = h.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print('http://127.0.0.1:%d/' % s.server_address[1], flush=True)
s.serve_forever()
";
    let mut command = Command::new(program);
    command.args(["-c", script]);
    Running::start(command, None)
}

/// Where Debian keeps the modules of Apache.
const APACHE_MODULES: &str = "/usr/lib/apache2/modules";

/// A directory whose files other users can read once they are [published](publish): an Apache that is started by root becomes
/// one of them. Where temporary files go may be closed to them.
pub(crate) fn public_scratch() -> Scratch {
    Scratch::at(Path::new("/tmp").join(format!("nethttp-public-{}", process::id())))
}

/// Lets everybody read what is in a directory, whatever the umask says.
#[track_caller]
fn publish(scratch: &Scratch) {
    let mode = Command::new("chmod").args(["-R", "a+rX"]).arg(scratch.path()).status();
    assert!(mode.unwrap().success());
}

/// Starts an Apache that serves `site` of a public directory to those whom the file `users` lets in
/// with Digest, as `staff`. One process does everything, so that none is left when it is killed.
#[track_caller]
pub(crate) fn apache(program: &Path, scratch: &Scratch) -> Site {
    let folder = scratch.path().display();
    let modules: String =
        ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_digest"]
            .map(|name| format!("LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n"))
            .concat();
    let config = |port| {
        format!(
            "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile pid\nErrorLog error.log\n\
             ServerName localhost\nListen 127.0.0.1:{port}\nUser www-data\nGroup www-data\n{modules}\
             DocumentRoot site\n<Location />\nAuthType Digest\nAuthName staff\nAuthUserFile users\n\
             Require valid-user\n</Location>\n"
        )
    };
    Site::of(start_on_free_port("apache2", |port| {
        let path = scratch.write("apache.conf", config(port));
        publish(scratch);
        let mut command = Command::new(program);
        command.args(["-X", "-f"]).arg(path);
        command
    }))
}

/// A server that serves `site` of a scratch directory.
#[derive(Debug)]
pub(crate) struct Site {
    _peer: Peer,
    pub(crate) url: String,
}

impl Site {
    fn of(peer: Peer) -> Self {
        let url = format!("http://127.0.0.1:{}/", peer.port);
        Self { _peer: peer, url }
    }
}

/// Starts nginx.
#[track_caller]
pub(crate) fn nginx(program: &Path, scratch: &Scratch) -> Site {
    let folder = scratch.path().display();
    let config = |port| {
        format!(
            "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n\
             events {{ worker_connections 64; }}\n\
             http {{\n  access_log off;\n  types {{ text/html html; text/plain txt; }}\n  \
             client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;\n  \
             fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;\n  \
             server {{\n    listen 127.0.0.1:{port}; root {folder}/site;\n    \
             location /ssi/ {{ ssi on; }}\n    location /gzip/ {{ gzip on; gzip_types text/plain; }}\n    location /moved {{ return 302 /hello.txt; }}\n  }}\n}}\n"
        )
    };
    Site::of(start_on_free_port("nginx", |port| {
        let path = scratch.write("nginx.conf", config(port));
        let mut command = Command::new(program);
        command.arg("-p").arg(scratch.path()).arg("-c").arg(path);
        command.arg("-e").arg(scratch.path().join("start.log"));
        command
    }))
}

/// A server that answers every connection with the bytes that stand beside the target, and hangs up.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) url: String,
    requests: Receiver<String>,
}

impl Scripted {
    /// Starts a server. The thread ends with the process; it holds nothing but a socket.
    pub(crate) fn start(answers: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let answers: Vec<_> = answers.into_iter().collect();
        Self::answering(move |target| {
            let answer = answers.iter().find(|(known, _)| *known == target);
            answer.map(|(_, answer)| answer.clone())
        })
    }

    /// Starts a server that answers in turn, whatever it is asked for.
    pub(crate) fn start_in_turn(answers: impl IntoIterator<Item = String>) -> Self {
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        Self::answering(move |_| answers.pop_front())
    }

    fn answering(mut answer: impl FnMut(&str) -> Option<String> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let request = read_request(&mut stream);
                let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let path = target.strip_prefix("http://a.test").unwrap_or(&target);
                let answer = answer(path);
                if sender.send(request).is_err() {
                    return;
                }
                let answer = answer.unwrap_or_else(|| panic!("no answer for {target}"));
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, requests }
    }

    /// Returns the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

/// Reads a head and the body whose length it says, or that comes in chunks without being asked for.
fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buf = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let len = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            let is_chunked =
                head.contains("Transfer-Encoding: chunked") && !head.contains("Expect: ");
            let is_whole = body.len() >= len.map_or(0, |len| len.parse().unwrap());
            if is_whole && (!is_chunked || body.ends_with("0\r\n\r\n")) {
                return text;
            }
        }
        match stream.read(&mut buf) {
            Ok(len) if len > 0 => request.extend_from_slice(&buf[..len]),
            _ => return text,
        }
    }
}

/// Returns a response with a Content-Length that says that the connection ends with it.
pub(crate) fn response(status: &str, fields: &str, body: &str) -> String {
    let len = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {len}\r\nConnection: close\r\n{fields}\r\n{body}")
}
