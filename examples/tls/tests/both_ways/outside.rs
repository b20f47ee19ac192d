//! curl, Python, and the programs of this package.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nethttp::error::ErrorKind;
use nethttp::server::Limits;
use nethttp::{Request, Result, Server};

use super::identity::{Authority, Identity, local};
use super::program::{Guard, Outcome, run, run_command};
use super::scratch::Scratch;
use super::{Running, client, peers, told};

/// A server in a process of its own, which ends with the test.
struct Process {
    _guard: Guard,
    /// What it says first.
    line: String,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let (mut guard, mut line) = (Guard(command.spawn().unwrap()), String::new());
        let stdout = guard.0.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        Self { _guard: guard, line }
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/both_ways/peer.py")
}

/// A server that answers with what it was sent, however long that is.
fn echoing(identity: &Identity) -> Running {
    let limits = Limits::DEFAULT.body(64 << 20);
    Running::with(Server::bind("127.0.0.1:0").unwrap().limits(limits), identity, echo)
}

fn echo(request: &mut Request) -> Result<Vec<u8>> {
    Ok(request.body_mut().read_all()?)
}

/// As `LARGE` in the script.
fn large() -> Vec<u8> {
    (0..251).cycle().take(251 * 20_000).collect()
}

#[test]
fn the_client_understands_python() {
    let Some(python) = peers::find_python_with("ssl") else { return };
    let ((authority, identity), scratch) = (local(), Scratch::new());
    let chain = scratch.write("chain.pem", &identity.chain_pem);
    let key = scratch.write("key.pem", &identity.key_pem);
    let server =
        Process::start(Command::new(python).arg(script()).arg("serve").arg(chain).arg(key));
    let url = |path: &str| format!("https://localhost:{}{path}", server.line.trim());

    let client = client(authority.roots());
    let text = |path: &str| client.get(url(path)).send().unwrap().text();
    let port = text("/port").unwrap();
    assert_eq!(client.post(url("/")).body("hello").send().unwrap().text().unwrap(), "hello");
    assert!(client.get(url("/large")).send().unwrap().bytes().unwrap() == large());
    assert!(client.post(url("/")).body(large()).send().unwrap().bytes().unwrap() == large());
    assert_eq!(text("/port").unwrap(), port, "one connection");
    assert_eq!(text("/closed").unwrap(), "hello");
    assert_eq!(text("/cut").unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);

    let stranger = super::client(Authority::new("another one").roots());
    let error = stranger.get(url("/port")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{}", told(&error));
}

#[test]
fn python_understands_the_server() {
    let Some(python) = peers::find_python_with("ssl") else { return };
    let ((authority, identity), scratch) = (local(), Scratch::new());
    let roots = scratch.write("roots.pem", authority.pem());
    let server = echoing(&identity);
    let port = server.port().to_string();
    let mut command = Command::new(python);
    command.arg(script()).arg("ask").arg(roots).arg(port);
    let ask = run_command(command, b"");
    assert_eq!(ask.out(), "TLSv1.3\nok\n", "{}", ask.err());
}

/// Runs curl, which fails after a while at the latest.
fn curl<A: AsRef<OsStr>>(program: &Path, arguments: impl IntoIterator<Item = A>) -> Outcome {
    let mut curl = Command::new(program);
    curl.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "30"]);
    curl.args(arguments);
    run_command(curl, b"")
}

#[test]
fn curl_understands_the_server() {
    let Some(program) = peers::find("curl") else { return };
    let ((authority, identity), scratch) = (local(), Scratch::new());
    let roots = scratch.write("roots.pem", authority.pem());
    let roots = ["--cacert", roots.to_str().unwrap()];
    let server = echoing(&identity);
    let url = &*server.url("/");
    let asked = |arguments: &[&str]| {
        let output = curl(&program, roots.iter().chain(arguments));
        assert_eq!(output.status, Some(0), "{}", output.err());
        output.stdout
    };
    assert_eq!(asked(&[url]), b"");
    assert_eq!(asked(&["--data", "hello", url]), b"hello");
    assert_eq!(asked(&["--http1.0", "--data", "hello", url]), b"hello");
    assert_eq!(asked(&["--tls-max", "1.2", "--data", "hello", url]), b"hello");
    // Two requests, and how many connections each has needed.
    let counted = asked(&["--data", "a", "--write-out", "%{num_connects} ", url, url]);
    assert_eq!(counted, b"a1 a0 ");
    let file = scratch.write("large", large());
    let file = format!("@{}", file.display());
    assert!(asked(&["--data-binary", &file, url]) == large());

    let status = |arguments: &[&str]| curl(&program, arguments).status;
    let elsewhere = format!("b.test:{}:127.0.0.1", server.port());
    let other = format!("https://b.test:{}/", server.port());
    // The name, and the issuer.
    assert_eq!(status(&[roots[0], roots[1], "--resolve", &elsewhere, &other]), Some(60));
    assert_eq!(status(&[url]), Some(60));
}

#[test]
fn the_two_programs_understand_each_other() {
    let ((authority, identity), scratch) = (local(), Scratch::new());
    let roots = scratch.write("roots.pem", authority.pem());
    let chain = scratch.write("chain.pem", &identity.chain_pem);
    let key = scratch.write("key.pem", &identity.key_pem);
    let public = scratch.path().join("public");
    scratch.write("public/a.txt", large());
    let serve = |directory: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_https_serve"));
        command.arg("--cert").arg(&chain).arg("--key").arg(&key).args(["--port", "0"]);
        Process::start(command.args(directory))
    };
    let get = |server: &Process, roots: &[&OsStr], path: &str| {
        let url = server.line.trim().strip_prefix("serving on ").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_https_get"));
        command.args(roots).arg(format!("{url}{path}"));
        run_command(command, b"")
    };
    let roots = ["--cacert".as_ref(), roots.as_os_str()];
    assert_eq!(get(&serve(None), &roots, "").stdout, b"hello\n");
    let server = serve(Some(&public));
    assert!(get(&server, &roots, "a.txt").stdout == large());
    // Nobody else vouches for it.
    let refused = get(&server, &[], "a.txt");
    assert_eq!(refused.status, Some(1));
    assert!(refused.err().contains("UnknownIssuer"), "{}", refused.err());
}

#[test]
fn the_programs_say_what_they_want() {
    for program in [env!("CARGO_BIN_EXE_https_get"), env!("CARGO_BIN_EXE_https_serve")] {
        for (argument, status) in [("--help", 0), ("--unknown", 2)] {
            let output = run(program.as_ref(), [argument], b"");
            assert_eq!(output.status, Some(status));
            let text = if status == 0 { output.stdout } else { output.stderr };
            assert!(text.starts_with(b"usage: https_"));
        }
    }
    let output = run(env!("CARGO_BIN_EXE_https_get").as_ref(), ["https://127.0.0.1:1/"], b"");
    assert_eq!(output.status, Some(1));
    assert!(output.stderr.starts_with(b"https_get: expected"));
}
