//! The programs that the examples are tried against.
//!
//! A test asks for a program with [`find`] and returns early without it. Where every program is meant
//! to be installed, `NETHTTP_REQUIRE_PEERS=1` makes a missing one a failure, so that nothing is
//! skipped in silence.
//!
//! A server that cannot choose a port itself is started with [`start_on_free_port`], one that can with
//! [`Running`](super::program::Running).

use std::env;
use std::ffi::OsStr;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::program::{Guard, free_port};

/// The other names under which a program may be installed.
const NAMES: [(&str, &[&str]); 3] = [
    ("apache2", &["httpd"]),
    ("chromium", &["chromium-browser", "google-chrome", "google-chrome-stable"]),
    ("python3", &["python"]),
];

/// Where daemons live; not in every user's search path.
const DAEMONS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Returns where a program is, or prints `skipped: <program> not found`.
///
/// # Panics
///
/// Panics if the program is missing and `NETHTTP_REQUIRE_PEERS` is `1`.
#[track_caller]
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    or_notice(program, search(program, &path))
}

#[track_caller]
fn or_notice(program: &str, found: Option<PathBuf>) -> Option<PathBuf> {
    let required = env::var_os("NETHTTP_REQUIRE_PEERS").is_some_and(|value| value == "1");
    match decide(program, found, required) {
        Ok(found) => Some(found),
        Err(Missing::Skip(notice)) => {
            println!("{notice}");
            None
        }
        Err(Missing::Fail(reason)) => panic!("{reason}"),
    }
}

/// Returns where Python is, if it has a module, or prints `skipped: <module> of python3 not found`.
///
/// # Panics
///
/// Panics if Python or the module is missing and `NETHTTP_REQUIRE_PEERS` is `1`.
#[track_caller]
pub(crate) fn find_python_with(module: &str) -> Option<PathBuf> {
    let python = find("python3")?;
    let import = format!("import {module}");
    let outcome = Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status();
    let found = outcome.is_ok_and(|status| status.success()).then_some(python);
    or_notice(&format!("{module} of python3"), found)
}

/// Returns the Python that has httpbin and waitress, or prints `skipped: httpbin not found`.
///
/// `.ci/run` puts a virtual environment with both into `target/httpbin`; `NETHTTP_HTTPBIN` names another one.
///
/// # Panics
///
/// Panics if there is none and `NETHTTP_REQUIRE_PEERS` is `1`.
#[track_caller]
pub(crate) fn find_httpbin() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/httpbin");
    let folder = env::var_os("NETHTTP_HTTPBIN").map_or_else(beside, PathBuf::from);
    or_notice("httpbin", executable(&folder.join("bin"), "python"))
}

/// A server that ends with the test.
#[derive(Debug)]
pub(crate) struct Peer {
    _guard: Guard,
    pub(crate) port: u16,
}

/// Starts a server that cannot choose a port itself, and waits until it listens. The port that was free may be
/// taken meanwhile; then another one is tried.
#[track_caller]
pub(crate) fn start_on_free_port(name: &str, command: impl Fn(u16) -> Command) -> Peer {
    for _ in 0..5 {
        let port = free_port();
        let mut command = command(port);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut guard = Guard(command.spawn().unwrap());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) && guard.0.try_wait().unwrap().is_none() {
            let is_open = TcpStream::connect(("127.0.0.1", port)).is_ok();
            // Another's server may have taken the port; then this one ends.
            if is_open && guard.0.try_wait().unwrap().is_none() {
                return Peer { _guard: guard, port };
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("{name} does not start");
}

/// What a missing program does to a test: a notice, or a failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Skip(String),
    Fail(String),
}

/// Decides what a missing program means.
pub(crate) fn decide(
    program: &str,
    found: Option<PathBuf>,
    required: bool,
) -> Result<PathBuf, Missing> {
    match (found, required) {
        (Some(found), _) => Ok(found),
        (None, false) => Err(Missing::Skip(format!("skipped: {program} not found"))),
        (None, true) => Err(Missing::Fail(format!(
            "{program} not found, and NETHTTP_REQUIRE_PEERS=1 requires it"
        ))),
    }
}

/// Looks for a program under all its names in a search path.
pub(crate) fn search(program: &str, path: &OsStr) -> Option<PathBuf> {
    let others = NAMES.iter().filter(|(name, _)| *name == program);
    let names = others.flat_map(|(_, names)| names.iter().copied());
    [program].into_iter().chain(names).find_map(|name| {
        let mut folders = env::split_paths(path).chain(DAEMONS.map(PathBuf::from));
        folders.find_map(|folder| executable(&folder, name))
    })
}

fn executable(folder: &Path, name: &str) -> Option<PathBuf> {
    let file = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    is_executable(&file).then_some(file)
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
