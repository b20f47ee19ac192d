//! Python's `http.server`: HTTP/1.0 as it is by default, and HTTP/1.1.

use std::collections::BTreeSet;
use std::process::Command;

use nethttp::Client;

use super::{field, is_whole, noise};
use crate::support::peers::find;
use crate::support::program::Running;
use crate::support::scratch::Scratch;

/// Serves a directory in the given version, says in each response over which connection it came, and has some
/// responses more, whose ends nothing announces.
const SCRIPT: &str = "
import http.server, os, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = sys.argv[1]
    def log_message(self, *arguments): pass
    def end_headers(self):
        self.send_header('X-Connection', str(self.client_address[1]))
        super().end_headers()
    def do_GET(self):
        if self.path.startswith('/until-the-end'):
            self.close_connection = True
            self.send_response(200)
            if self.path.endswith('?said'): self.send_header('Connection', 'close')
            self.end_headers()
            for n in range(1000): self.wfile.write(b'%d\\n' % n)
        elif self.path == '/cut-off':
            self.close_connection = True
            self.send_response(200)
            self.send_header('Content-Length', '100')
            self.end_headers()
            self.wfile.write(b'too little')
        else:
            super().do_GET()
    def do_POST(self):
        content = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(201, 'Made of ' + str(len(content)))
        self.send_header('Content-Length', '0')
        self.end_headers()
os.chdir(sys.argv[2])
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(f'http://127.0.0.1:{server.server_address[1]}', flush=True)
server.serve_forever()
";

/// A server of each version, with the directory that they serve.
#[track_caller]
pub(super) fn start() -> Option<(Scratch, [(&'static str, Running); 2])> {
    let python = find("python3")?;
    let scratch = Scratch::new();
    scratch.write("digits", "0123456789");
    scratch.write("folder/na\u{ef}ve & small.txt", "hello");
    let servers = ["HTTP/1.0", "HTTP/1.1"].map(|version| {
        let mut command = Command::new(&python);
        command.args(["-c", SCRIPT, version]).arg(scratch.path());
        (version, Running::start(command, None))
    });
    Some((scratch, servers))
}

#[test]
fn a_directory_is_served_in_both_versions() {
    let Some((_scratch, servers)) = start() else { return };
    for (version, server) in &servers {
        let (client, url) = (Client::new(), &server.url);
        let get = |path: &str| client.get(format!("{url}{path}")).send().unwrap();
        let digits = get("/digits");
        assert_eq!(digits.version().to_string(), *version);
        assert_eq!((digits.status().as_u16(), digits.body().len()), (200, Some(10)), "{version}");
        let date = field(&digits, "Last-Modified").to_owned();
        assert_eq!(digits.text().unwrap(), "0123456789", "{version}");

        let head = client.head(format!("{url}/digits")).send().unwrap();
        assert_eq!((field(&head, "Content-Length"), head.body().len()), ("10", Some(0)));
        assert_eq!(head.text().unwrap(), "", "{version}");

        let request = client.get(format!("{url}/digits")).header("If-Modified-Since", date);
        let unchanged = request.send().unwrap();
        assert_eq!((unchanged.status().as_u16(), unchanged.text().unwrap().as_str()), (304, ""));

        let missing = get("/missing");
        assert_eq!(missing.reason(), Some(&b"File not found"[..]), "{version}");
        assert!(missing.text().unwrap().contains("<p>Error code: 404</p>"), "{version}");

        assert!(get("/").text().unwrap().contains("<a href=\"digits\">digits</a>"), "{version}");
        let listing = get("/folder/").text().unwrap();
        assert!(listing.contains("na\u{ef}ve &amp; small.txt"), "{listing}");
        assert_eq!(get("/folder/na\u{ef}ve & small.txt").text().unwrap(), "hello", "{version}");
    }
}

#[test]
fn connections_are_used_again_where_the_version_has_it() {
    let Some((_scratch, servers)) = start() else { return };
    for (version, server) in &servers {
        let client = Client::new();
        let ports = (0..5).map(|_| {
            let response = client.get(format!("{}/digits", server.url)).send().unwrap();
            let port = field(&response, "X-Connection").to_owned();
            response.text().unwrap();
            port
        });
        let used = ports.collect::<BTreeSet<String>>().len();
        assert_eq!(used, if *version == "HTTP/1.1" { 1 } else { 5 });
    }
}

#[test]
fn content_that_ends_with_the_connection_is_whole_and_cut_content_is_not() {
    let Some((_scratch, servers)) = start() else { return };
    let numbers: String = (0..1000).map(|n| format!("{n}\n")).collect();
    for (version, server) in &servers {
        let client = Client::new();
        let get = |path: &str| client.get(format!("{}{path}", server.url)).send().unwrap();
        for path in ["/until-the-end", "/until-the-end?said"] {
            let response = get(path);
            assert_eq!(response.body().len(), None, "{version}");
            assert_eq!(response.text().unwrap(), numbers, "{version}");
        }
        let error = get("/cut-off").text().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof, "{version}: {error}");
    }
}

#[test]
fn content_is_sent_or_refused_in_both_versions() {
    let Some((scratch, servers)) = start() else { return };
    let content = noise(3 << 20);
    scratch.write("large", &content);
    for (version, server) in &servers {
        let client = Client::new();
        let url = format!("{}/large", server.url);
        let posted = client.post(&url).body(content.clone()).send().unwrap();
        assert_eq!(posted.reason(), Some(&b"Made of 3145728"[..]), "{version}");
        let refused = client.put(&url).body("short").send().unwrap();
        assert_eq!(refused.status().as_u16(), 501, "{version}");
        assert!(refused.text().unwrap().contains("Unsupported method ('PUT')"), "{version}");
        is_whole(client.get(&url).send().unwrap().into_body(), &content);
    }
}
