//! Programs that a test runs, and that never outlive it.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::scratch::{Scratch, short_temp_dir};

/// How long a program may take at most; none takes a tenth of it, unless the machine is busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// What would lead a program elsewhere than its test says.
pub(crate) const PROXIES: [&str; 8] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// Returns where cargo put an example, as it is in the sources now.
///
/// `cargo test` builds the examples before it runs the tests, but not where it is given the name of a test or of a
/// binary of tests. So the first to ask has cargo build them; where that has been done, it does nothing.
#[track_caller]
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let test = env::current_exe().unwrap();
        let folder = test.parent().and_then(Path::parent).unwrap();
        let profile = folder.file_name().and_then(OsStr::to_str).unwrap();
        let profile = if profile == "debug" { "dev" } else { profile };
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args(["build", "--quiet", "--offline", "--all-features", "--examples"]);
        cargo.args(["--profile", profile, "--target-dir"]).arg(folder.parent().unwrap());
        let built = cargo.output().unwrap();
        let told = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "the examples cannot be built: {told}");
        folder.join("examples")
    });
    let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "{} is not there", path.display());
    path
}

/// A child process that is killed when it goes out of scope, however that comes.
#[derive(Debug)]
pub(crate) struct Guard(pub(crate) Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a program left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Outcome {
    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// Runs a program to its end.
#[track_caller]
pub(crate) fn run<A: AsRef<OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Outcome {
    let mut command = Command::new(program);
    command.args(arguments);
    run_command(command, input)
}

/// Lets Chromium load a page and print the document that it made of it; `profile` is a directory of its own.
#[track_caller]
pub(crate) fn browse(chromium: &Path, profile: &Path, url: &str) -> Outcome {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        // A page whose scripts wait for answers is given the time to.
        "--virtual-time-budget=20000",
        &profile,
        "--dump-dom",
        url,
    ];
    let mut command = Command::new(chromium);
    // It has a socket there.
    command.args(arguments).env("TMPDIR", short_temp_dir());
    run_command(command, b"")
}

#[track_caller]
pub(crate) fn run_command(mut command: Command, input: &[u8]) -> Outcome {
    for variable in PROXIES {
        command.env_remove(variable);
    }
    // An empty .curlrc, so that nobody's own is read.
    let home = Scratch::new();
    home.write(".curlrc", "");
    command.env("CURL_HOME", home.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut guard = Guard(command.spawn().unwrap());
    let (mut stdin, input) = (guard.0.stdin.take().unwrap(), input.to_vec());
    // A program need not read all of its input.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = collect(guard.0.stdout.take().unwrap());
    let stderr = collect(guard.0.stderr.take().unwrap());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = guard.0.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < PATIENCE, "{command:?} does not end");
        thread::sleep(Duration::from_millis(2));
    };
    writer.join().unwrap();
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    Outcome { status: status.code(), stdout, stderr }
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// A server that says its URL on the first line of its standard output.
#[derive(Debug)]
pub(crate) struct Running {
    _guard: Guard,
    pub(crate) line: String,
    pub(crate) url: String,
    pub(crate) port: u16,
}

impl Running {
    /// Starts a server; its standard error goes to a file, if one is given.
    #[track_caller]
    pub(crate) fn start(mut command: Command, log: Option<&Path>) -> Self {
        let log = log.map_or_else(Stdio::null, |path| File::create(path).unwrap().into());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut guard = Guard(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(guard.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let start = line.find("http://").unwrap_or_else(|| panic!("{command:?} says {line:?}"));
        let rest = &line[start..];
        let end = rest.find(|c: char| c.is_whitespace() || c == ')').unwrap_or(rest.len());
        let url = rest[..end].to_owned();
        let authority = url.split('/').nth(2).unwrap();
        let port = authority.rsplit(':').next().unwrap().parse().unwrap();
        Self { _guard: guard, line, url, port }
    }

    /// Starts an example on a free port.
    #[track_caller]
    pub(crate) fn example<A: AsRef<OsStr>>(
        name: &str,
        arguments: impl IntoIterator<Item = A>,
        log: Option<&Path>,
    ) -> Self {
        let mut command = Command::new(example(name));
        command.args(["--port", "0"]).args(arguments);
        Self::start(command, log)
    }

    /// Sends bytes on a connection of their own; returns all that comes back until the server closes.
    #[track_caller]
    pub(crate) fn send(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a request with the given request-line start and fields; returns the whole answer.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, target: &str, fields: &str) -> String {
        let request =
            format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n");
        self.send(request.as_bytes())
    }
}

/// Returns the status code of a response.
#[track_caller]
pub(crate) fn status(response: &str) -> u16 {
    let code = response.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    code.and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("no status in {response:?}"))
}

/// Returns the value of a field of a response.
pub(crate) fn field<'a>(response: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = response.split_once("\r\n\r\n")?;
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

/// Returns the body of a response.
#[track_caller]
pub(crate) fn body(response: &str) -> &str {
    response.split_once("\r\n\r\n").map(|(_, body)| body).expect("a whole head")
}

/// Returns a port that was free a moment ago, for servers that cannot choose one themselves.
///
/// It is none that a system gives to who asks for any port, so that no other test gets it meanwhile.
pub(crate) fn free_port() -> u16 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut candidates = (0..10_000).map(|_| {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let drawn = process::id().wrapping_mul(97).wrapping_add(count) % 10_000;
        u16::try_from(20_000 + drawn).unwrap()
    });
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    candidates.find(is_free).expect("a free port")
}
